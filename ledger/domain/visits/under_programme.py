"""Visits under programmes: which stand open between two, and why a visit is none of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from ledger.decision_model.facts import Look
from ledger.domain.partnership.kinds import OUTSIDE_VISIT, PEER_VISIT
from ledger.domain.programmes import facts
from ledger.domain.programmes.facts import Programme
from ledger.domain.programmes.kinds import ProgrammeVisits
from ledger.domain.registers import schools
from ledger.domain.visits.facts import Counted, counted
from ledger.values import party_kind


class Between(NamedTuple):
    """Who visited whom on which day."""

    visitor: str
    host: str
    day: date


def programmes_open(look: Look, between: Between) -> Iterator[str]:
    """Go through the programmes that ask for a visit between two on a day."""
    if party_kind(between.host) != "school" or between.host == between.visitor:
        return
    named = (one for line in schools.lines(look, between.host) for one in look(facts.naming(line)))
    for event in dict.fromkeys(named):
        one = look(facts.programme(event))
        if one is not None and not why_not_of_programme(look, between, one):
            yield one.reference


def why_not_of_programme(look: Look, between: Between, one: Programme) -> list[str]:
    """Return why a visit is none of a programme; nothing if it is."""
    if party_kind(between.host) != "school":
        return [f"a visit of the programme is made to a school, and {between.host} is none"]
    if one.said.visits_to_each:
        return _why_not_promised(look, between, one)
    return _why_not_asked(look, between, one)


def _why_not_promised(look: Look, between: Between, one: Programme) -> list[str]:
    if not facts.is_organiser(look, one, between.visitor, between.day):
        return [f"the programme is for {one.said.organiser} to visit its schools"]
    if not facts.named_schools(look, one, between.host):
        return [f"{between.host} is not named in the programme {one.said.name}"]
    still = between.day > one.said.ends and _owes_still(look, between, one)
    return [] if still else list(_outside(between.day, one))


def _owes_still(look: Look, between: Between, one: Programme) -> bool:
    """Return whether the organiser has visits to make to a school though the programme ended."""
    lines = facts.named_schools(look, one, between.host)
    made = [
        visit
        for line in schools.lines(look, between.host)
        for visit in counted(look, line, lambda visit: visit.under == one.reference)
    ]
    return len(made) < (one.said.visits_to_each or 0) * len(lines)


def _why_not_asked(look: Look, between: Between, one: Programme) -> list[str]:
    parts = facts.parts_in(look, one, between.visitor)
    if not parts:
        name = one.said.name
        return [f"{between.visitor} has not joined the programme {name}: ProgrammeJoined says so"]
    if between.day >= one.said.starts and _is_left(look, between, one):
        return []
    found = list(_outside(between.day, one))
    if not any(part.covers(between.day) for part in parts):
        found.append(f"{between.visitor} does not take part in it on {between.day}")
    return found


def _outside(day: date, one: Programme) -> Iterator[str]:
    first, last = one.span
    if not first <= day <= last:
        yield f"{day} is not within the programme {one.said.name}, from {first} to {last}"


def _is_left(look: Look, between: Between, one: Programme) -> bool:
    """Return whether a school owes a visit of a programme, though that ended or it has left."""
    kinds = (PEER_VISIT.beside, OUTSIDE_VISIT.beside)
    return any(_is_left_of(look, between, one, kind) for kind in kinds)


def _is_left_of(look: Look, between: Between, one: Programme, kind: ProgrammeVisits) -> bool:
    if not kind.counted(look, between.visitor, between.host, between.day):
        return False
    parts = facts.parts_in(look, one, between.visitor)
    owed = sum(kind.owed_for(one, part) for part in parts if part.first <= between.day)
    made = [
        visit.host
        for line in schools.lines(look, between.visitor)
        for visit in counted(look, line, partial(_is_of, look, line, one, kind))
    ]
    return len(set(made) if one.said.distinct_hosts else made) < owed


def _is_of(look: Look, visitor: str, one: Programme, kind: ProgrammeVisits, visit: Counted) -> bool:
    """Return whether a school's confirmed visit counts for a programme, its own or by its year."""
    if visit.visitor != visitor:
        return False
    is_own = visit.under == one.reference
    too = visit.under.startswith("year:") and one in facts.counting_years(
        look, visit.visitor, visit.day
    )
    return (is_own or too) and kind.counted(look, visit.visitor, visit.host, visit.day)
