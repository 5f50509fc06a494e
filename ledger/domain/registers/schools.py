"""Facts about a school line: its URNs and responsible bodies, and that it closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from ledger.decision_model.facts import Fact, Family, Look
from ledger.decision_model.journal import Move
from ledger.events.registers import (
    BodySucceeded,
    PartyRenamed,
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolRegistered,
    SchoolsMerged,
    SuccessionAttributed,
)
from ledger.format.entry import Entry

_ONE_DAY = timedelta(days=1)


class UrnSpan(NamedTuple):
    """A URN and the days on which it was the school's: None where no register tells."""

    urn: str
    first: date | None
    last: date | None


class BodySpan(NamedTuple):
    """A responsible body and the first day under it: None from the beginning."""

    body: str | None
    first: date | None


class PassedOn(NamedTuple):
    """That all which a line owes and is owed goes to another: by which event, from which day on."""

    by: str
    since: date


class HandedOn(NamedTuple):
    """That some of what a line owes and is owed goes to another, while it goes on itself."""

    obligations: frozenset[str]
    to: str


class Succession(NamedTuple):
    """That a school goes on from a former URN: of which line of this ledger, and since when.

    `is_sourced` tells whether a published source says so, not a registrar alone.
    """

    former_urn: str
    predecessor: str | None
    since: date
    is_sourced: bool


Span = TypeVar("Span", UrnSpan, BodySpan)


@dataclass(frozen=True)
class School:
    """What the record says of a school line; every span in the order of recording."""

    reference: str
    name: str
    establishment_type: str | None
    phase: str
    la: str
    registered_on: date
    urns: tuple[UrnSpan, ...]
    bodies: tuple[BodySpan, ...]
    closed_on: date | None = None
    areas: tuple[BodySpan, ...] = ()
    #: The line that stands in its place once it ended, and those in whose place it stands.
    goes_on_as: str | None = None
    came_from: tuple[str, ...] = ()
    #: That its debts and claims went to that line; None where a registrar's word alone says so.
    passed_on: PassedOn | None = None
    merged: bool = False
    #: That it was closed before anything was said of who goes on from it.
    shut: bool = False
    #: What goes, by name, to which other line that has a former URN of it.
    handed_on: tuple[HandedOn, ...] = ()
    #: From which former URNs it goes on, in the order of recording.
    successions: tuple[Succession, ...] = ()

    @property
    def ending(self) -> str:
        """How it ended, as words that follow its name; it has ended."""
        last = self.closed_on or date.max
        if self.goes_on_as is None:
            return f"closed on {last}"
        how = "merged into" if self.merged else "went on as"
        return f"{how} {self.goes_on_as} on {last + _ONE_DAY}"

    @property
    def opened_on(self) -> date | None:
        """Its first day, under its first URN; None where no register tells."""
        return self.urns[0].first

    def authority(self, day: date) -> str:
        """Return the local authority in whose area the school is on a day."""
        standing = _standing(self.areas, day)
        return (standing and standing.body) or self.la

    def responsible_body(self, day: date) -> str | None:
        """Return the body responsible for the school on a day; None where no register tells."""
        standing = _standing(self.bodies, day)
        return standing.body if standing else None

    def urn_on(self, day: date) -> str:
        """Return the URN of the school on a day, its first one before any is known."""
        standing = _standing(self.urns, day)
        return (standing or self.urns[0]).urn

    def had(self, urn: str, day: date) -> bool:
        """Whether a URN was the school's on a day, as far as any register tells."""
        return any(
            span.urn == urn and (span.first or day) <= day <= (span.last or day)
            for span in self.urns
        )

    def ends_with(self, urn: str) -> bool:
        """Whether a URN is the latest of the line, so that it ends with it."""
        return self.urns[-1].urn == urn

    def has_by(self, urn: str, day: date) -> bool:
        """Whether it has a URN by a day, as far as the record tells: opened or registered."""
        own = next((span for span in self.urns if span.urn == urn), self.urns[0])
        return (own.first or self.registered_on) <= day

    def goes_on_from(self, urn: str) -> Succession | None:
        """Return what was said last of its going on from a former URN; None if nothing was."""
        said = (one for one in reversed(self.successions) if one.former_urn == urn)
        return next(said, None)


Standing = School | None


def _standing(spans: tuple[Span, ...], day: date) -> Span | None:
    """Return the span that began last by a day, in whatever order they were recorded."""
    begun = [span for span in spans if span.first is None or span.first <= day]
    latest = max((span.first or date.min for span in begun), default=None)
    return [span for span in begun if (span.first or date.min) == latest][-1] if begun else None


def _registered(value: Standing, entry: Entry[SchoolRegistered], tag: str) -> Standing:
    if value is not None or entry.data["school"] != tag:
        return value
    said = entry.event
    return School(
        said.school,
        said.name,
        said.establishment_type,
        said.phase,
        said.la,
        entry.occurred_on,
        (UrnSpan(said.urn, said.opened_on, None),),
        (BodySpan(said.responsible_body, None),),
    )


def _converted(value: Standing, entry: Entry[SchoolConverted], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    said = entry.event
    *older, last = value.urns
    closed = last._replace(last=said.old_urn_closes_on)
    return replace(
        value,
        name=said.name,
        establishment_type=said.establishment_type,
        urns=(*older, closed, UrnSpan(said.new_urn, said.new_urn_opens_on, None)),
        bodies=(*value.bodies, BodySpan(said.responsible_body, said.effective_on)),
    )


def _body_changed(value: Standing, entry: Entry[ResponsibleBodyChanged], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    said = entry.event
    span = BodySpan(said.responsible_body, said.effective_on)
    return replace(value, bodies=(*value.bodies, span))


def _changed(value: Standing, entry: Entry[SchoolChanged], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    said = entry.event
    areas = (BodySpan(said.la, said.effective_on),) if said.la else ()
    return replace(
        value,
        phase=said.phase or value.phase,
        establishment_type=said.establishment_type or value.establishment_type,
        areas=(*value.areas, *areas),
    )


def _renamed(value: Standing, entry: Entry[PartyRenamed], tag: str) -> Standing:
    if value is None or entry.data["party"] != tag:
        return value
    return replace(value, name=entry.event.name)


def _merged(value: Standing, entry: Entry[SchoolsMerged], tag: str) -> Standing:
    said = entry.event
    if value is None:
        return value
    if tag == said.school:
        others = tuple(one for one in said.predecessors if one != tag)
        return replace(value, came_from=(*value.came_from, *others))
    if tag not in said.predecessors:
        return value
    last = said.effective_on - _ONE_DAY
    return replace(
        value,
        closed_on=value.closed_on or last,
        goes_on_as=said.school,
        passed_on=PassedOn(entry.id, said.effective_on),
        merged=True,
    )


def _body_succeeded(value: Standing, entry: Entry[BodySucceeded], tag: str) -> Standing:
    """Fold that a body ended: where the school went, its new authority or responsible body."""
    said = entry.event
    if value is None:
        return value
    for goes in said.schools:
        if goes.school == tag:
            value = _gone_to(value, said, BodySpan(goes.body, said.effective_on))
    return value


def _gone_to(value: School, said: BodySucceeded, span: BodySpan) -> School:
    day = said.effective_on
    if value.authority(day) == said.body:
        value = replace(value, areas=(*value.areas, span))
    if value.responsible_body(day) == said.body:
        value = replace(value, bodies=(*value.bodies, span))
    return value


def _closed(value: Standing, entry: Entry[SchoolClosed], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    shut = value.goes_on_as is None
    return replace(value, closed_on=entry.event.effective_on, shut=shut)


def _attributed(value: Standing, entry: Entry[SuccessionAttributed], tag: str) -> Standing:
    if value is None:
        return value
    if entry.data["school"] == tag:
        return _gone_on(value, entry)
    return _given_up(value, entry) if entry.data.get("predecessor") == tag else value


def _gone_on(value: School, entry: Entry[SuccessionAttributed]) -> School:
    """Return a school that goes on from a former URN, and from the line of it if there is one."""
    said = entry.event
    before = (said.predecessor,) if said.predecessor else ()
    told = Succession(said.former_urn, said.predecessor, said.effective_on, "source" in entry.data)
    return replace(
        value,
        urns=urns_after(value, said),
        came_from=tuple(dict.fromkeys((*value.came_from, *before))),
        successions=(*value.successions, told),
    )


def urns_after(value: School, said: SuccessionAttributed) -> tuple[UrnSpan, ...]:
    """Return the URNs of a school with the former one before the one that follows on it.

    A school that has its own URN while the former one is in use keeps its days: it took another in.
    """
    urns = value.urns
    known = any(span.urn == said.former_urn for span in urns)
    if known or value.has_by(said.urn, said.former_urn_closes_on):
        return urns
    former = UrnSpan(said.former_urn, None, said.former_urn_closes_on)
    follows = next((n for n, span in enumerate(urns) if span.urn == said.urn), 0)
    first = urns[follows].first or said.effective_on
    return (*urns[:follows], former, urns[follows]._replace(first=first), *urns[follows + 1 :])


def _given_up(value: School, entry: Entry[SuccessionAttributed]) -> School:
    """Return a school without a URN from which another goes on; it ends with its latest one."""
    said = entry.event
    if value.ends_with(said.former_urn):
        return replace(
            value,
            closed_on=value.closed_on or said.former_urn_closes_on,
            goes_on_as=said.school,
            passed_on=PassedOn(entry.id, said.effective_on) if "source" in entry.data else None,
        )
    left = tuple(one for one in value.urns if one.urn != said.former_urn)
    handed_on = HandedOn(frozenset(said.moved), said.school)
    return replace(value, urns=left, handed_on=(*value.handed_on, handed_on))


SCHOOL: Family[Standing] = Family(
    "school",
    "school",
    None,
    {
        SchoolRegistered: _registered,
        SchoolConverted: _converted,
        ResponsibleBodyChanged: _body_changed,
        SchoolChanged: _changed,
        SchoolsMerged: _merged,
        BodySucceeded: _body_succeeded,
        PartyRenamed: _renamed,
        SchoolClosed: _closed,
        SuccessionAttributed: _attributed,
    },
)


def _urn_registered(value: str | None, entry: Entry[SchoolRegistered], tag: str) -> str | None:
    return entry.data["school"] if value is None and entry.data["urn"] == tag else value


def _urn_converted(value: str | None, entry: Entry[SchoolConverted], tag: str) -> str | None:
    return entry.data["school"] if value is None and entry.data["new_urn"] == tag else value


def _urn_attributed(value: str | None, entry: Entry[SuccessionAttributed], tag: str) -> str | None:
    return entry.data["school"] if entry.data["former_urn"] == tag else value


URN: Family[str | None] = Family(
    "urn",
    "urn",
    None,
    {
        SchoolRegistered: _urn_registered,
        SchoolConverted: _urn_converted,
        SuccessionAttributed: _urn_attributed,
    },
)


def school(reference: str) -> Fact[Standing]:
    """Return what the record says of a school line; None if it is not registered."""
    return SCHOOL.at(reference)


def urn(reference: str) -> Fact[str | None]:
    """Return the school line that a URN (`urn:…`) belongs to; None if to none."""
    return URN.at(reference)


def predecessors(look: Look, reference: str) -> tuple[str, ...]:
    """Return the lines that ended and went on as a school, with all that they owed.

    Neither one that goes on beside it, nor one from which it goes on by a registrar's word alone.
    """
    line = look(school(reference))
    ended = ((one, look(school(one))) for one in (line.came_from if line else ()))
    return tuple(
        one
        for one, before in ended
        if before and before.passed_on and before.goes_on_as == reference
    )


def lines(look: Look, reference: str) -> tuple[str, ...]:
    """Return a school line and all in whose place it stands, however far back, itself first."""
    found, left = [reference], [reference]
    while left:
        further = [one for one in predecessors(look, left.pop()) if one not in found]
        found += further
        left += further
    return tuple(found)


def ending(look: Look, entry: Entry[SuccessionAttributed]) -> tuple[str, ...]:
    """Return the line that ends as another goes on from it, where all that it owes goes along."""
    said = entry.event
    line = look(school(said.predecessor)) if said.predecessor else None
    ends = line is not None and line.ends_with(said.former_urn) and "source" in entry.data
    return (said.predecessor,) if ends and said.predecessor else ()


def line_of(look: Look, reference: str, obligation: str) -> str:
    """Return the line to which an obligation of one was handed on by name; itself if to none."""
    passed = [reference]
    while (line := look(school(passed[-1]))) is not None:
        to = next((one.to for one in line.handed_on if obligation in one.obligations), None)
        if to is None or to in passed:
            break
        passed.append(to)
    return passed[-1]


def in_place_of(look: Look, reference: str, day: date) -> str:
    """Return the line that stands in the place of a school on a day; itself while it goes on.

    On a registrar's word alone nobody stands there.
    """
    passed = {reference}
    line = look(school(reference))
    while line is not None and line.goes_on_as and line.goes_on_as not in passed:
        if line.passed_on is None:
            break
        if line.closed_on is not None and day <= line.closed_on:
            break
        passed.add(line.goes_on_as)
        reference = line.goes_on_as
        line = look(school(reference))
    return reference


def moves(look: Look, reference: str) -> Iterator[Move]:
    """Go through the moves by which what a school owes and is owed goes on, in their order."""
    passed = {reference}
    line = look(school(reference))
    while line is not None and line.goes_on_as and line.passed_on is not None:
        if line.goes_on_as in passed:
            return
        yield Move(*line.passed_on, line.reference, line.goes_on_as)
        passed.add(line.goes_on_as)
        line = look(school(line.goes_on_as))
