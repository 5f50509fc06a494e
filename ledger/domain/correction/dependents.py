"""What rests on an event: what names it, what answered upon it, what it changed the course of.

Some events rest on an earlier one without naming it: a year opens visits for whoever was admitted
before, a new head has a handover to accept because one was given, money is spent that was
received, a report answers for the next review date because another answered for the last. Told
again without the earlier event, such an entry would do something else; `resting_on` returns those
that would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ledger.decision_model import created
from ledger.decision_model.created import FOR_OFFICE, Mention
from ledger.decision_model.facts import Family, Look
from ledger.decision_model.items import Item
from ledger.decision_model.rules import rule_of
from ledger.domain.brokerage.facts import ARRANGEMENT, Arrangement
from ledger.domain.brokerage.kinds import PLAN
from ledger.domain.handover.kinds import HANDOVER, HANDOVER_ACCEPTANCE
from ledger.domain.money.facts import FUNDING, covered
from ledger.domain.needs.kinds import BROKERAGE, MEMBER_RESPONSE
from ledger.domain.partnership.facts import MEMBER_FOLDS, MEMBERS, Memberships, endings
from ledger.domain.partnership.kinds import RATIFICATION
from ledger.domain.programmes.facts import PARTS, Parts
from ledger.domain.review.kinds import PROGRESS_REPORT, REVIEW
from ledger.events.base import Event
from ledger.events.brokerage import SupportVariationAccepted
from ledger.events.partnership import (
    MembershipSought,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.programmes import ProgrammeJoined
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind, tags_of

Course = tuple[Entry[Any], ...]


def _next(value: Course, entry: Entry[Any], _tag: str) -> Course:
    return (*value, entry)


class _Told(NamedTuple):
    """How a course is told: a family that folds it, and what an entry does by what stood then."""

    family: Family[Any]
    effect: Callable[[Any, Entry[Any], str], object]


#: Who belongs already does not apply, nor is admitted: these rest on who has left before.
_JOINING = frozenset({MembershipSought.__name__, SchoolAdmitted.__name__})


def _members_concerned(members: Memberships, entry: Entry[Any], _tag: str) -> object:
    """Return the memberships by which a year is opened, a school may join anew, or one ends.

    A year is opened for each member by the version of the ground rules that binds it; what ends a
    membership again, sooner, lowers what it owes by what it owed by then.
    """
    said = entry.event
    if entry.name == PartnershipYearOpened.__name__:
        within = (one for one in members if one.overlaps(said.starts, said.ends))
        return {(*one[:4], *(bound.version for bound in one.bound[-1:])) for one in within}
    if entry.name in _JOINING:
        day = said.effective_on if entry.name == SchoolAdmitted.__name__ else entry.occurred_on
        return {m for m in members if m.school == said.school and (m.last or day) >= day}
    return {m[:4] for m in members for ending in endings(entry) if ending.ends(m)} or None


def _terms_before(standing: Arrangement | None, entry: Entry[Any], _tag: str) -> object:
    """Return the days and the price upon which more or less is agreed."""
    if standing is None or entry.name != SupportVariationAccepted.__name__:
        return None
    return [getattr(standing, term) for term in ("days", "price") if term in entry.data]


def _time_in_programme(parts: Parts, entry: Entry[Any], _tag: str) -> object:
    """Return the times in a programme upon which a school joins it anew."""
    if entry.name != ProgrammeJoined.__name__:
        return None
    said = entry.event
    named = (part for part in parts if f"programme:{part.programme}" == said.programme)
    return {part for part in named if part.covers(said.effective_on)}


#: The kinds of obligation that stand on what else happened to the same party, agreement or trigger.
_THREADED: tuple[Item, ...] = (RATIFICATION, HANDOVER, HANDOVER_ACCEPTANCE)
_OF_EVENTS: tuple[Item, ...] = (PLAN, PROGRESS_REPORT, REVIEW, BROKERAGE, MEMBER_RESPONSE)
_TOLD: dict[str, tuple[_Told, ...]] = {
    "school": (
        *(_Told(kind.family, kind.effect) for kind in _THREADED),
        _Told(PARTS, _time_in_programme),
    ),
    "partnership": (_Told(MEMBERS, _members_concerned),),
    "event": (
        *(_Told(kind.family, kind.effect) for kind in _OF_EVENTS),
        _Told(ARRANGEMENT, _terms_before),
        # What was spent or sent back of a funding rests on what was received.
        _Told(FUNDING, covered),
    ),
}


def _events_of(kinds: Iterable[Item]) -> tuple[type[Event], ...]:
    return tuple(dict.fromkeys(event for kind in kinds for event in kind.family.events))


_FOLDED: dict[str, tuple[type[Event], ...]] = {
    "school": (*_events_of(_THREADED), *PARTS.events),
    "event": (*_events_of(_OF_EVENTS), *FUNDING.events),
    "partnership": (*MEMBER_FOLDS, MembershipSought, PartnershipYearOpened),
}
COURSES: dict[str, Family[Course]] = {
    kind: Family(f"{kind} course", kind, (), dict.fromkeys(events, _next))
    for kind, events in _FOLDED.items()
}


def references_of(data: dict[str, Any]) -> tuple[str, ...]:
    """Return every reference in an event's data, sorted: what its withdrawal repeats."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, str) and tags_of(value):
            found.add(value)

    walk(data)
    return tuple(sorted(found))


class Later(NamedTuple):
    """A later event that rests on one: where it stands, and in which office it was signed."""

    position: int
    name: str
    id: str
    office: str
    for_office: str | None


def _later(one: Mention | Entry[Any]) -> Later:
    return Later(one.position, one.name, one.id, one.office, one.data.get(FOR_OFFICE))


def relying(look: Look, own: Mention, others: Iterable[Mention]) -> list[Later]:
    """Return the later events that rest on one, whether or not they name it, in their order."""
    found = {_later(mention) for mention in others if _relies(mention, own.id)}
    found.update(_later(mention) for mention in _answered_since(look, own))
    rest = resting_on(look, own.id, references_of(own.data))
    found.update(_later(entry) for entry in rest)
    return sorted(found, key=lambda one: one.position)


def further_on(look: Look, relying: Iterable[Later]) -> list[Later]:
    """Return what names the events that rest on one, or names what does, in order of position."""
    found: dict[str, Later] = {}
    waiting = [one.id for one in relying]
    known = set(waiting)
    while waiting:
        event = waiting.pop()
        names_it = (one for one in look(created.thread(event)) if _relies(one, event))
        further = {one.id: _later(one) for one in names_it if one.id not in known}
        known |= further.keys()
        waiting += further
        found |= further
    return sorted(found.values(), key=lambda one: one.position)


def _relies(mention: Mention, event: str) -> bool:
    """Return whether an event rests on one; a dispute does not rest on the visit it disputes."""
    member = rule_of(mention.name).disputes
    disputed = mention.data.get(member) if member else None
    is_disputed = disputed is not None and event_id(disputed) == event
    return not is_disputed and _answers_upon(mention, event)


def _answers_upon(mention: Mention, event: str) -> bool:
    """Return whether a later event names one as more than something spoken of, or owed, by then."""
    rule = rule_of(mention.name)
    if rule.speaks_of:
        return False
    if rule.cites:
        return event in {event_id(item) for item in mention.data.get("obligations", ())}
    return True


def _answered_since(look: Look, own: Mention) -> Iterator[Mention]:
    """Go through what was said of a thing upon the figures or the answer that an event gave."""
    step_of = rule_of(own.name).step_of
    if step_of is None:
        return
    thing = event_id(own.data[step_of])
    for mention in look(created.thread(thing)):
        if mention.position > own.position and _answers_upon(mention, thing):
            yield mention


def resting_on(look: Look, event: str, references: Iterable[str]) -> tuple[Entry[Any], ...]:
    """Return the entries that would do something else had an event, which names these, not been.

    In order of position.
    """
    found: dict[int, Entry[Any]] = {}
    for tag in {tag for reference in references for tag in tags_of(reference)}:
        family = COURSES.get(party_kind(tag))
        course = look(family.at(tag)) if family else ()
        for told in _TOLD.get(party_kind(tag), ()):
            found.update((entry.position, entry) for entry in _diverging(course, event, tag, told))
    return tuple(found[position] for position in sorted(found))


def _diverging(course: Course, event: str, tag: str, told: _Told) -> Iterable[Entry[Any]]:
    family, effect = told
    so, otherwise = family.start, family.start
    for entry in course:
        same, own = so is otherwise, entry.id == event  # nothing differs before the event itself
        if not same and not own and effect(so, entry, tag) != effect(otherwise, entry, tag):
            yield entry
        fold = family.folds.get(entry.name)
        if fold is not None:
            so = fold(so, entry, tag)
            if not own:
                otherwise = so if same else fold(otherwise, entry, tag)
