"""Rules for confirming and disowning: an office answers for what others recorded for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.created import FOR_OFFICE, Mention
from ledger.decision_model.rules import UNTOLD, Case, Rule, Told, rule_of
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.another.facts import answered, pending, rests_on_disowned
from ledger.domain.correction import dependents
from ledger.domain.registers.who import the_office
from ledger.events.another import MOST, RecordConfirmed, RecordDisowned
from ledger.values import event_id


def _named(case: Case[Any]) -> list[str]:
    return [event_id(reference) for reference in case.entry.data.get("events", ())]


def _recorded(case: Case[Any]) -> Iterator[Mention]:
    """Go through the events that are named, as they were recorded."""
    found = (case.look(created.recorded(event)) for event in dict.fromkeys(_named(case)))
    return (one for one in found if one is not None)


def _answerable(case: Case[Any]) -> Iterator[str]:
    """Say of which events the office has nothing to answer."""
    if len(set(_named(case))) < len(_named(case)):
        yield "it names an event twice"
    for one in _recorded(case):
        answer = case.look(answered(one.id))
        if one.data.get(FOR_OFFICE) != case.said.office:
            yield f"event:{one.id} was not recorded for {case.said.office}"
        elif answer is not None:
            yield f"event:{one.id} is {answer} already"
        elif all(mention.id != one.id for mention in case.look(created.thread(one.id))):
            yield f"event:{one.id} is withdrawn already"


def _confirms(case: Case[RecordConfirmed]) -> Iterator[str]:
    yield from _answerable(case)
    for one in _recorded(case):
        if one.data.get(FOR_OFFICE) != case.said.office:
            continue
        if one.signedby == case.entry.signedby:
            yield f"the same person recorded event:{one.id}; somebody else must confirm it"
        for half in _other_halves(case, one):
            if half.signedby == case.entry.signedby and FOR_OFFICE not in half.data:
                yield (
                    f"the same person signed the other half of event:{one.id}; somebody else must"
                    " confirm this one"
                )


def _other_halves(case: Case[Any], one: Mention) -> Iterator[Mention]:
    """Go through what an event answers by another's hand, and what answers it so."""
    for member in rule_of(one.name).other_person_than:
        thing = case.look(created.recorded(event_id(one.data.get(member, ""))))
        if thing is not None:
            yield thing
    for later in case.look(created.thread(one.id)):
        named = (later.data.get(member, "") for member in rule_of(later.name).other_person_than)
        if later.id != one.id and any(event_id(reference) == one.id for reference in named):
            yield later


def _disowns(case: Case[RecordDisowned]) -> Iterator[str]:
    yield from _answerable(case)
    named = set(_named(case))
    for one in _recorded(case):
        if one.data.get(FOR_OFFICE) != case.said.office:
            continue
        thread = case.look(created.thread(one.id))
        others = [mention for mention in thread if mention.id != one.id]
        relying = dependents.relying(case.look, one, others)
        yield from _rests(case, one, [later for later in relying if later.id not in named])
        further = dependents.further_on(case.look, relying)
        yield from RELEASE_0_1.refuses(
            _rests(case, one, [later for later in further if later.id not in named])
        )


def _rests(
    case: Case[RecordDisowned], one: Mention, relying: Iterable[dependents.Later]
) -> Iterator[str]:
    """Say what the office itself said that rests on what it disowns."""
    for later in relying:
        if _is_its_own(case, later):
            yield (
                f"{case.said.office} itself said {later.name} {later.id}, which rests on"
                f" event:{one.id}: withdraw that first"
            )


def _is_its_own(case: Case[RecordDisowned], later: dependents.Later) -> bool:
    """Return whether the office signed a later event, or confirmed what was recorded for it."""
    office = case.said.office
    confirmed = later.for_office == office and case.look(answered(later.id)) == "confirmed"
    return confirmed or (later.office == office and later.for_office is None)


def _waiting(case: Case[Any]) -> list[str] | None:
    """Return all that waits for the office, but for what rests on what it disowned."""
    office = case.entry.data.get("office", case.entry.office)
    waiting = case.look(pending(office)).events()
    sure = [event for event in waiting if not rests_on_disowned(case.look, event)]
    return [f"event:{event}" for event in sure[:MOST]] or None


def _repeated(case: Case[Any]) -> Any:
    """Return every reference of what is disowned, sorted; UNTOLD where it is not there."""
    found = {each for one in _recorded(case) for each in dependents.references_of(one.data)}
    return sorted(found) or UNTOLD


_ITS_OWN = {"office": lambda case: case.entry.office}

RULES = {
    RecordConfirmed: Rule[RecordConfirmed](
        by=(the_office("office"),),
        usual={**_ITS_OWN, "events": _waiting},
        also=_confirms,
        lasting="withdraw what it confirms instead",
        speaks_of=True,
    ),
    RecordDisowned: Rule[RecordDisowned](
        by=(the_office("office"),),
        usual=_ITS_OWN,
        agrees={"references": Told("the references of what is disowned, sorted", _repeated)},
        also=_disowns,
        lasting="say anew what it disowns, if that holds",
        speaks_of=True,
    ),
}
