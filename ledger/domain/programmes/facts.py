"""Facts about programmes of visits: how each was opened, and which schools take part when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family, Fold, Look
from ledger.domain.registers import bodies, schools
from ledger.events.base import Event
from ledger.events.programmes import ProgrammeJoined, ProgrammeLeft, VisitProgrammeOpened
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind

_ONE_DAY = timedelta(days=1)


class Programme(NamedTuple):
    """A programme as it was opened, by the id of its event."""

    id: str
    said: VisitProgrammeOpened

    @property
    def reference(self) -> str:
        """How others name it."""
        return f"programme:{self.id}"

    @property
    def span(self) -> tuple[date, date]:
        """Its first and last day."""
        return self.said.starts, self.said.ends


class Part(NamedTuple):
    """A school's time in a programme, by the id of the event by which it joined.

    Days are inclusive; without a last one it takes part to the end.
    """

    joined: str
    programme: str
    school: str
    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the school takes part on the day."""
        return self.first <= day and (self.last is None or day <= self.last)


Parts = tuple[Part, ...]


def _opened(
    _value: Programme | None, entry: Entry[VisitProgrammeOpened], _tag: str
) -> Programme | None:
    return Programme(entry.id, entry.event)


def begun_by(entry: Entry[Any]) -> Parts:
    """Return the time in a programme that an event begins; none where it begins none."""
    if entry.name != ProgrammeJoined.__name__:
        return ()
    said = entry.event
    return (Part(entry.id, event_id(said.programme), said.school, said.effective_on),)


def _joined(value: Parts, entry: Entry[ProgrammeJoined], tag: str) -> Parts:
    return (*value, *(part for part in begun_by(entry) if part.school == tag))


def _left(value: Parts, entry: Entry[ProgrammeLeft], tag: str) -> Parts:
    said, programme = entry.event, event_id(entry.data["programme"])
    return tuple(
        part._replace(last=said.effective_on)
        if said.school == tag and part.programme == programme and part.last is None
        else part
        for part in value
    )


PROGRAMME: Family[Programme | None] = Family(
    "programme", "event", None, {VisitProgrammeOpened: _opened}, own=True
)
PART_FOLDS: dict[type[Event], Fold[Parts]] = {ProgrammeJoined: _joined, ProgrammeLeft: _left}
#: The programmes that a school takes part in, and when, by its own tag.
PARTS: Family[Parts] = Family("parts in programmes", "school", (), PART_FOLDS)


def _named(value: tuple[str, ...], entry: Entry[VisitProgrammeOpened], tag: str) -> tuple[str, ...]:
    return (*value, entry.id) if tag in entry.event.schools else value


#: The programmes that name a school, by its own tag.
NAMING: Family[tuple[str, ...]] = Family(
    "programmes that name it", "school", (), {VisitProgrammeOpened: _named}
)


def naming(school: str) -> Fact[tuple[str, ...]]:
    """Return the programmes that name a school line, by the ids of their events."""
    return NAMING.at(school)


def programme(reference: str | None) -> Fact[Programme | None]:
    """Return the programme that a reference names, or that an event of this id opened."""
    return PROGRAMME.at(f"event:{event_id(reference or '')}")


def parts(school: str) -> Fact[Parts]:
    """Return every time of a school line in a programme, those that ended included."""
    return PARTS.at(school)


def all_parts(look: Look, school: str) -> list[Part]:
    """Return the times in programmes of a school, and of the lines from which it goes on.

    Of two in one programme that became one when schools merged, the first goes on.
    """
    found: list[Part] = []
    for line in schools.lines(look, school):
        standing = look(schools.school(line))
        last = standing.closed_on if standing and line != school else None
        for part in look(parts(line)):
            became_one = last is not None and _goes_on(found, part, last + _ONE_DAY)
            found.append(part._replace(last=last) if became_one else part)
    return found


def _goes_on(found: list[Part], part: Part, day: date) -> bool:
    """Whether a school takes part on a day already, by another time than this that has it too."""
    same = (one for one in found if one.programme == part.programme)
    return part.covers(day) and any(one.covers(day) for one in same)


def parts_in(look: Look, one: Programme, school: str) -> list[Part]:
    """Return the times in a programme of a school, and of the lines from which it goes on."""
    return [part for part in all_parts(look, school) if part.programme == one.id]


def is_outside_group(look: Look, visitor: str, host: str, day: date) -> bool:
    """Return whether a host is of another trust or federation than who visits it, if of any."""
    own = bodies.group_of(look, visitor, day)
    return own is None or own != bodies.group_of(look, host, day)


def counting_years(look: Look, school: str, day: date) -> list[Programme]:
    """Return the programmes for which a school's visit under a partnership year counts too."""
    own = (part for part in all_parts(look, school) if part.covers(day))
    found = (look(programme(part.programme)) for part in own)
    ones = {one.id: one for one in found if one is not None and one.said.counts_years}
    return [one for one in ones.values() if one.said.starts <= day <= one.said.ends]


def named_schools(look: Look, one: Programme, school: str) -> list[str]:
    """Return the lines of a school that a programme names."""
    return [line for line in schools.lines(look, school) if line in one.said.schools]


def is_organiser(look: Look, one: Programme, party: str, day: date) -> bool:
    """Return whether a party opened a programme, or is the body in whose place it now stands."""
    organiser = one.said.organiser
    return party == organiser or (
        party_kind(organiser) == "body" and party == bodies.in_place_of(look, organiser, day)
    )
