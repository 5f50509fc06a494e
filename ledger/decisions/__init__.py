"""Decisions: may this be recorded? One row for each event, all refusals at once.

::

    >>> refused = decide(candidate, book.look)
    >>> refused
    ['the visit is answered already']

`complete` fills in what a statement must repeat of what it answers, from the same rows, so that
nobody types it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.decisions import (
    brokerage,
    correction,
    handover,
    judgements,
    keylife,
    partnership,
    registers,
    visits,
)
from ledger.decisions.authority import authority, kind_of_office, signer, standing
from ledger.decisions.base import Case, Rule, refusals, unknown
from ledger.entry import Entry
from ledger.errors import RefusedError
from ledger.events import find
from ledger.events.base import Answer
from ledger.facts import things
from ledger.facts.base import Derive, Look

__all__ = ["RULES", "complete", "decide", "judge_authority", "judge_office", "judge_standing"]

RULES: dict[str, Rule[Any]] = {
    event.__name__: rule
    for module in (
        registers,
        keylife,
        partnership,
        brokerage,
        visits,
        judgements,
        handover,
        correction,
    )
    for event, rule in module.RULES.items()
}


def decide(candidate: Entry[Any], look: Look, derive: Derive | None = None) -> list[str]:
    """Return every reason against recording a candidate; none if it may be recorded.

    The candidate stands at the position and time at which it would be recorded, the facts as they
    are before it. With `derive`, what many candidates have in common is worked out once.
    """
    rule = RULES[candidate.name]
    case = Case(candidate, look, derive)
    return authority(rule, case) + refusals(rule, case)


def judge_authority(entry: Entry[Any], look: Look) -> list[str]:
    """Return every reason against the signer's authority, as any verifier judges it again."""
    return authority(RULES[entry.name], Case(entry, look))


def judge_standing(entry: Entry[Any], look: Look) -> list[str]:
    """Return why a signer's key or hold on the office does not stand, whatever the event says."""
    return standing(RULES[entry.name], Case(entry, look))


def judge_office(entry: Entry[Any], look: Look) -> list[str]:
    """Return why an event is not for the office that signed it, whoever holds that office.

    A rule about the signer as well always asks the record.
    """
    rule, case = RULES[entry.name], Case(entry, look)
    return kind_of_office(rule, case) + signer(rule, case)


def complete(entry: Entry[Any], look: Look) -> dict[str, Any]:
    """Return an entry's data with what its rule can tell filled in where it was left out.

    Filled in are members that must agree with what the event names, an event's references where
    it is withdrawn, and the obligations that it changes. What is given is kept as given. Raises
    RefusedError where the event names a thing that would tell them and that is not there.
    """
    rule = RULES[entry.name]
    _must_be_known(rule, Case(entry, look))
    data = {**_agreed(rule.agrees, entry.data, look), **entry.data}
    if entry.name == "EventWithdrawn" and "references" not in data:
        data["references"] = _references(data, look)
    model = find(entry.name)
    if rule.settles is None or "obligations" in data or not issubclass(model, Answer):
        return data
    said = {**_said(entry), "data": data}
    filled: Entry[Any] = Entry(entry.position, entry.recorded_at, entry.signature, said)
    obligations = sorted(set(rule.settles(Case(filled, look))))
    return {**data, "obligations": obligations} if obligations else data


def _must_be_known(rule: Rule[Any], case: Case[Any]) -> None:
    """Raise RefusedError if what would tell a member that is left out is not in the ledger."""
    said = case.entry.data
    telling = {path.partition(".")[0] for member, path in rule.agrees.items() if member not in said}
    if any(name in said and case.thing(name) is None for name in telling):
        raise RefusedError(case.entry.name, list(unknown(rule, case)))


def _agreed(agrees: Mapping[str, str], data: dict[str, Any], look: Look) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member, path in agrees.items():
        name, _, of = path.partition(".")
        reference = data.get(name)
        thing = look(things.thing(reference)) if isinstance(reference, str) else None
        if thing is not None and of in thing.data:
            found[member] = thing.data[of]
    return found


def _references(data: dict[str, Any], look: Look) -> list[str]:
    event = str(data.get("event", "")).partition(":")[2]
    own = [mention for mention in look(things.thread(event)) if mention.id == event]
    return list(correction.references_of(own[0].data)) if own else []


def _said(entry: Entry[Any]) -> dict[str, Any]:
    return {
        name: getattr(entry, name)
        for name in ("id", "type", "time", "occurredon", "signedby", "office", "seen", "source")
    }
