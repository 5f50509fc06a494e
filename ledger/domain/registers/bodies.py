"""Facts about responsible bodies: authorities, trusts and whoever else answers for schools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family, Look
from ledger.decision_model.journal import Move
from ledger.domain.registers import schools
from ledger.events.registers import (
    BodyRegistered,
    BodySucceeded,
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolConverted,
    SchoolRegistered,
)
from ledger.format.entry import Entry

#: The kinds of body that stand between a school and others: its group.
GROUPS = frozenset({"trust", "federation"})


def _body(
    value: BodyRegistered | None, entry: Entry[BodyRegistered], tag: str
) -> BodyRegistered | None:
    return entry.event if value is None and entry.data["body"] == tag else value


class Ended(NamedTuple):
    """That a body ended: the first day without it, who took its place, and by which event.

    Of several in its place one has a school, by `schools`, and what is owed about it; another what
    is `moved` to it.
    """

    on: date
    successors: tuple[str, ...]
    by: str
    schools: Mapping[str, str]
    moved: Mapping[str, str]

    def goes_to(self, look: Look, obligation: str, other: str) -> str | None:
        """Return to which body an obligation with another party goes; None where nobody said."""
        if len(self.successors) == 1:
            return self.successors[0]
        lines = _lines(look, other, self.on) if other.startswith("school:") else ()
        with_it = (self.schools[one] for one in lines if one in self.schools)
        return self.moved.get(obligation) or next(with_it, None)


def _lines(look: Look, school: str, day: date) -> tuple[str, ...]:
    """Return the line that stands in a school's place on a day, and all in whose place it does."""
    return schools.lines(look, schools.in_place_of(look, school, day))


def _succeeded(value: Ended | None, entry: Entry[BodySucceeded], tag: str) -> Ended | None:
    said = entry.event
    if said.body != tag:
        return value
    gone = {one.school: one.body for one in said.schools}
    moved = {one.obligation: one.body for one in said.moved}
    return Ended(said.effective_on, said.successors, entry.id, gone, moved)


def _comes_under(value: tuple[str, ...], entry: Entry[Any], tag: str) -> tuple[str, ...]:
    said = entry.data
    school = said["school"]
    ours = tag in (said.get("la"), said.get("responsible_body"))
    return (*value, school) if ours and school not in value else value


def _goes_to(value: tuple[str, ...], entry: Entry[BodySucceeded], tag: str) -> tuple[str, ...]:
    gone = (goes["school"] for goes in entry.data.get("schools", ()) if goes["body"] == tag)
    return (*value, *(school for school in gone if school not in value))


ENDED: Family[Ended | None] = Family("body_ended", "body", None, {BodySucceeded: _succeeded})
#: The schools that a body was ever responsible for, or had in its area.
SCHOOLS_OF: Family[tuple[str, ...]] = Family(
    "schools_of",
    "body",
    (),
    {
        SchoolRegistered: _comes_under,
        SchoolConverted: _comes_under,
        SchoolChanged: _comes_under,
        ResponsibleBodyChanged: _comes_under,
        BodySucceeded: _goes_to,
    },
)
BODY: Family[BodyRegistered | None] = Family("body", "body", None, {BodyRegistered: _body})


def body(reference: str) -> Fact[BodyRegistered | None]:
    """Return how a body was registered; None if it was not."""
    return BODY.at(reference)


def ended(reference: str) -> Fact[Ended | None]:
    """Return that a body ended and who took its place; None while it goes on."""
    return ENDED.at(reference)


def schools_of(reference: str) -> Fact[tuple[str, ...]]:
    """Return the schools that a body was ever responsible for, or had in its area."""
    return SCHOOLS_OF.at(reference)


def group_of(look: Look, school: str, day: date) -> str | None:
    """Return the trust or federation that is responsible for a school on a day, if one is."""
    standing = look(schools.school(school))
    responsible = standing.responsible_body(day) if standing else None
    registered = look(body(responsible)) if responsible else None
    return responsible if registered is not None and registered.kind in GROUPS else None


def moves(look: Look, reference: str, obligation: str = "", other: str = "") -> Iterator[Move]:
    """Go through the moves by which what a body owes goes on, where it has one successor each.

    Of several that one to which an obligation with another party goes, if one is named.
    """
    passed = {reference}
    while (over := look(ended(reference))) is not None:
        after = over.goes_to(look, obligation, other)
        if after is None or after in passed:
            return
        yield Move(over.by, over.on, reference, after)
        passed.add(after)
        reference = after


def left_over(look: Look, reference: str, obligation: str, other: str) -> tuple[str, ...]:
    """Return the bodies of which each may take over an obligation that a body had with another.

    They are the several in its place, where nobody said to which of them it goes.
    """
    over = look(ended(reference)) if reference.startswith("body:") else None
    if over is None or over.goes_to(look, obligation, other) is not None:
        return ()
    return over.successors


def in_place_of(look: Look, reference: str, day: date) -> str:
    """Return the one body that stands in a body's place on a day; itself where none or several."""
    for move in moves(look, reference):
        if move.since > day:
            break
        reference = move.to
    return reference
