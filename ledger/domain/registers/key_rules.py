"""Rules for the rest of a key's life: retired, compromised, replaced; and the ledger's clock."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.registers import ledger, offices
from ledger.domain.registers.who import REGISTRAR_BY, held_by_signer
from ledger.errors import LedgerError, NoteError
from ledger.events.registers import ClockCorrected, KeyCompromised, KeyRetired, LogKeyChanged
from ledger.format.sshsig import PublicKey
from ledger.log.note import Algorithm, parse_verifier
from ledger.values import REGISTRAR, office_role

_WITNESSING = frozenset({"head", "board_chair", "officer", "chair", "clerk"})


def _own(case: Case[KeyRetired]) -> Iterable[str]:
    return (case.entry.office,) if case.entry.signedby == case.said.person else ()


def _another(case: Case[KeyCompromised]) -> Iterable[str]:
    entry = case.entry
    other = entry.signedby != case.said.person and office_role(entry.office) in _WITNESSING
    return (entry.office,) if other else ()


BY_SELF = By("the person, with a live key of their own", _own)
_RETIRING = By(
    "the registrar, and a second one for another registrar's key", lambda _case: (REGISTRAR,)
)
_BY_ANOTHER = By("two others, each in an office of theirs and vouched for", _another)


def _whose_key(case: Case[Any]) -> Any:
    standing = case.look(offices.key(case.entry.data.get("key", "")))
    return standing.person if standing else UNTOLD


_WHOSE_KEY = Told("the person whose key it is", _whose_key)


def _named_key(case: Case[Any]) -> Iterator[str]:
    if case.look(offices.key(case.said.key)) is None:
        yield f"{case.said.key} is not enrolled in this ledger"


def _retired(case: Case[KeyRetired]) -> Iterator[str]:
    yield from _named_key(case)
    standing = case.look(offices.key(case.said.key))
    if standing is None:
        return
    if offices.retired_at(case.look, standing) is not None:
        yield f"{case.said.key} is retired already"
    elif any(one.by == case.entry.signedby for one in standing.retirements):
        yield (
            f"{case.entry.signedby} has said so already: a registrar's key is retired by its"
            " holder, or by two other registrars"
        )


def _retires(case: Case[KeyRetired]) -> Iterator[str]:
    """Whoever retires another registrar's key must be vouched for: nobody invents a second."""
    # The record is asked in any case: a verifier must not take one signer for another.
    since = offices.registrar_since(case.look, case.said.person)
    if since is not None and case.entry.signedby != case.said.person:
        yield from not_vouched_for(case, "cannot retire another registrar's key")


def _compromised(case: Case[KeyCompromised]) -> Iterator[str]:
    yield from _named_key(case)
    said, entry = case.said, case.entry
    if said.since > entry.recorded_at:
        yield f"it is compromised since {said.since}, which lies ahead"
    standing = case.look(offices.key(said.key))
    if standing is None:
        return
    earlier = [one for one in standing.compromises if one.by == entry.signedby]
    if any(one.since <= said.since for one in earlier):
        yield f"{entry.signedby} has said so already, since {earlier[0].since}"


def _accuser(case: Case[KeyCompromised]) -> Iterator[str]:
    """Never that key itself, nor an invented voice."""
    # The record is asked in any case: a verifier must not take one signer for another.
    if case.look(offices.key(case.said.key)) is None:
        return
    if case.entry.key == case.said.key:
        yield "a key does not speak against itself: sign with another key"
    if case.entry.office != REGISTRAR:
        yield from not_vouched_for(case, "cannot speak against a key")


def not_vouched_for(case: Case[Any], so: str) -> Iterator[str]:
    """Say that the signer's key, or appointment, is not vouched for, so cannot do something."""
    entry, look = case.entry, case.look
    if not offices.is_vouched(look, entry.key):
        yield f"nobody else has vouched for {entry.key}, so it {so}"
    if not any(offices.is_vouched_in_office(look, tenure) for tenure in held_by_signer(case)):
        yield f"nobody else has vouched for the appointment to {entry.office}, so it {so}"


def log_key_faults(case: Case[Any], origin: str, verifier: str) -> Iterator[str]:
    """Say what keeps a verifier key from being the log's: another name, or somebody's own key."""
    try:
        key = parse_verifier(verifier)
    except NoteError as error:
        yield f"the log key cannot be read: {error}".rstrip(".")
        return
    if key.name != origin:
        yield f"the log key is named {key.name}; it must be named by the origin, {origin}"
    if key.algorithm != Algorithm.ED25519:
        yield "the log key must be an Ed25519 key for signed notes"
        return
    reference = f"key:{PublicKey(key.point).fingerprint}"
    if case.look(offices.key(reference)) is not None:
        yield f"{reference} is a person's key; the log needs a key of its own"


def is_log_key(case: Case[Any], public: PublicKey) -> bool:
    """Return whether a person's key is one that the log was ever signed with."""
    points = {_point(verifier) for verifier in case.look(ledger.log_keys())}
    return public.point in points


def log_fingerprint(verifier: str) -> str | None:
    """Return the reference that a log key would have as a person's key; None if it is malformed."""
    try:
        return f"key:{PublicKey(_point(verifier)).fingerprint}"
    except (ValueError, IndexError, LedgerError):
        return None


def _point(verifier: str) -> bytes:
    return base64.b64decode(verifier.split("+", 2)[2])[1:]


def _log_key_changed(case: Case[LogKeyChanged]) -> Iterator[str]:
    said = case.said
    known = case.look(ledger.log_keys())
    if known and said.former != known[-1]:
        yield (
            f"the former log key that it names is not the one in use: got {said.former}, expected"
            f" {known[-1]}"
        )
    if said.log_key in known:
        yield "the log key was used before; make a new one"
    yield from log_key_faults(case, case.entry.source, said.log_key)


def _clock_corrected(case: Case[ClockCorrected]) -> Iterator[str]:
    size = int(case.said.since.partition(":")[0])
    if not 1 <= size < case.entry.position:
        yield f"it corrects the clock since no earlier place in history: got {case.said.since}"


RULES = {
    KeyRetired: Rule[KeyRetired](
        by=(_RETIRING, BY_SELF),
        agrees={"person": _WHOSE_KEY},
        also=_retired,
        signer=_retires,
        lasting=True,
        speaks_of=True,
    ),
    KeyCompromised: Rule[KeyCompromised](
        by=(REGISTRAR_BY, _BY_ANOTHER),
        agrees={"person": _WHOSE_KEY},
        also=_compromised,
        signer=_accuser,
        lasting=True,
        speaks_of=True,
    ),
    LogKeyChanged: Rule[LogKeyChanged](by=(REGISTRAR_BY,), also=_log_key_changed, lasting=True),
    ClockCorrected: Rule[ClockCorrected](by=(REGISTRAR_BY,), also=_clock_corrected, lasting=True),
}
