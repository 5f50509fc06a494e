"""Authority: whose key signed, whether that person held the office, whether the office may.

Judged at the position of recording, from earlier entries alone: by the ledger when recording, and
again by every verifier (docs/reference/format.md, *Authority*).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model.rules import Case, Rule
from ledger.domain.registers import ledger, offices
from ledger.domain.registers.delegations import delegation
from ledger.domain.registers.key_standing import KeyStanding
from ledger.domain.registers.speaking import spoken
from ledger.domain.registers.who import held_by_signer, holders
from ledger.events.registers import LedgerFounded
from ledger.values import REGISTRAR

_MOST_NAMED = 20


def authority(rule: Rule[Any], case: Case[Any]) -> list[str]:
    """Return every reason why the signer may not say this; none if the authority holds."""
    if case.entry.name == LedgerFounded.__name__:
        return list(_founding(case, case.said))
    if case.look(ledger.founded()) is None:
        return ["the ledger is not founded yet: its first event must be LedgerFounded"]
    said = spoken(case)
    return standing(rule, case) + kind_of_office(rule, said) + signer(rule, said)


def standing(rule: Rule[Any], case: Case[Any]) -> list[str]:
    """Return why the signer's key or hold on the office does not stand, whatever is said."""
    entry = case.entry
    who = (entry.key, entry.signedby, entry.office, case.day)
    if case.derive is not None and case.derive(who, lambda look: _stands(Case(entry, look))):
        return []
    return [*_key(case), *_office(rule, case)]


def _stands(case: Case[Any]) -> bool:
    """Tell whether the key and the hold on the office stand plainly, which hangs on no rule."""
    return any(held_by_signer(case)) and not any(_key(case))


def _founding(case: Case[Any], said: LedgerFounded) -> Iterator[str]:
    if case.look(ledger.founded()) is not None:
        yield "the ledger is founded already; it can only be founded once"
    first = said.registrars[0]
    if (case.entry.signedby, case.entry.key) != (first.person, first.key):
        yield (
            f"it must be signed by the first registrar that it names, {first.person} with"
            f" {first.key}; it is signed by {case.entry.signedby} with {case.entry.key}"
        )
    if case.entry.office != REGISTRAR:
        yield f"it must be signed in the office {REGISTRAR}, not {case.entry.office}"


def _key(case: Case[Any]) -> Iterator[str]:
    standing = case.look(offices.key(case.entry.key))
    if standing is None:
        yield (
            f"{case.entry.key} is not enrolled in this ledger; a registrar can enrol it with"
            " KeyEnrolled"
        )
        return
    if standing.person != case.entry.signedby:
        yield (
            f"{case.entry.key} is the key of {standing.person}, not of {case.entry.signedby}: sign"
            " with your own"
        )
    yield from _not_live(case, standing)


def _not_live(case: Case[Any], standing: KeyStanding) -> Iterator[str]:
    """Say why a key signs nothing: retired, waiting for somebody to vouch, or compromised."""
    key = case.entry.key
    if offices.retired_at(case.look, standing) is not None:
        yield f"{key} is retired; sign with a key that is not"
    elif offices.waits_for_another(case.look, key, standing):
        yield (
            f"{key} was enrolled by others, and nobody else has vouched for it yet: a colleague or"
            " a registrar does, with `school-ledger vouch`"
        )
    since = offices.compromised_since(case.look, standing)
    if since is not None:
        yield f"{key} is compromised since {since}; sign with another key"
        return
    other = offices.enrolled_with_compromised(case.look, standing)
    if other is not None:
        yield (
            f"{key} was enrolled with {other}, which was compromised by then: somebody else must"
            " vouch for it first"
        )


def _office(rule: Rule[Any], case: Case[Any]) -> Iterator[str]:
    entry = case.entry
    if any(held_by_signer(case)) or _within_grace(rule, case) or _is_delegate(case):
        return
    holding = holders(case, entry.office)
    now = ", ".join(tenure.person for tenure in holding[:_MOST_NAMED])
    now += ", and others" if len(holding) > _MOST_NAMED else ""
    yield (
        f"{entry.signedby} does not hold the office {entry.office} on {case.day}:"
        f" {f'it is for {now} to sign' if now else 'nobody does; appoint somebody first'}"
    )


def _is_delegate(case: Case[Any]) -> bool:
    entry = case.entry
    # By the type that was signed: of a mere signer nothing is known that would settle it for more.
    name = entry.type.partition(".")[0]
    by = delegation(case.look, entry.office, entry.signedby, name, case.day)
    return by is not None


def _within_grace(rule: Rule[Any], case: Case[Any]) -> bool:
    entry = case.entry
    grace = max((by.grace_days for by in rule.by if entry.office in by.offices(case)), default=0)
    tenures = case.look(offices.office(entry.office))
    lasts = [
        offices.last_day(entry.office, tenure, tenures) for tenure in tenures.of(entry.signedby)
    ]
    return any(last and 0 < (case.day - last).days <= grace for last in lasts)


def signer(rule: Rule[Any], case: Case[Any]) -> list[str]:
    """Return what else speaks against whoever signs, such as vouching for what they recorded."""
    return list(rule.signer(case)) if rule.signer else []


def kind_of_office(rule: Rule[Any], case: Case[Any]) -> list[str]:
    """Return why the event is not for the office that signed, whoever holds it."""
    entry = case.entry
    for by in rule.by:
        if entry.office in by.offices(case):
            if rule.registrar_needs_source and entry.office == REGISTRAR and not case.said.source:
                return ["a registrar says this only with its published source"]
            return []
    wanted = "; or ".join(
        by.words + "".join(f" ({office})" for office in dict.fromkeys(by.offices(case)))
        for by in rule.by
    )
    return [f"{entry.name} is not for {entry.office} to sign: it takes {wanted}"]
