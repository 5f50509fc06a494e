"""Facts about courses: the events of a school or partnership, to tell what rests on one of them.

Some events rest on an earlier one without naming it: a year opens visits for whoever was admitted
before, a new head has a handover to accept because one was given. Told again without the earlier
event, such an entry would do something else; `resting_on` returns those that would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ledger.entry import Entry
from ledger.events.base import Event
from ledger.events.partnership import MembershipDeclined, PartnershipYearOpened, SchoolAdmitted
from ledger.facts import schools
from ledger.facts.base import Family, Fold, Look
from ledger.facts.parties import MEMBER_FOLDS, Memberships
from ledger.values import party_kind, tags_of

V = TypeVar("V")
_NOBODY: Memberships = ()
Course = tuple[Entry[Any], ...]


def _next(value: Course, entry: Entry[Any], _tag: str) -> Course:
    return (*value, entry)


SCHOOL_COURSE: Family[Course] = Family(
    "school_course", "school", (), dict.fromkeys(schools.FOLDS, _next)
)
PARTNERSHIP_COURSE: Family[Course] = Family(
    "partnership_course",
    "partnership",
    (),
    dict.fromkeys((SchoolAdmitted, MembershipDeclined, PartnershipYearOpened), _next),
)


def resting_on(look: Look, event: str, references: Iterable[str]) -> tuple[Entry[Any], ...]:
    """Return the entries that would do something else had an event, which names these, not been.

    In order of position.
    """
    found: dict[int, Entry[Any]] = {}
    for tag in {tag for reference in references for tag in tags_of(reference)}:
        if party_kind(tag) == "school":
            course = look(SCHOOL_COURSE.at(tag))
            told = _diverging(course, event, tag, None, schools.FOLDS, schools.effect)
        elif party_kind(tag) == "partnership":
            course = look(PARTNERSHIP_COURSE.at(tag))
            told = _diverging(course, event, tag, _NOBODY, MEMBER_FOLDS, _members_concerned)
        else:
            continue
        found.update((entry.position, entry) for entry in told)
    return tuple(found[position] for position in sorted(found))


def _diverging(  # noqa: PLR0913, PLR0917 - a course, an event in it, and how both are told
    course: Course,
    event: str,
    tag: str,
    start: V,
    folds: dict[type[Event], Fold[V]],
    effect: Callable[[V, Entry[Any]], object],
) -> Iterable[Entry[Any]]:
    by_name = {model.__name__: fold for model, fold in folds.items()}
    told, without = start, start
    for entry in course:
        if entry.id != event and effect(told, entry) != effect(without, entry):
            yield entry
        if entry.name in by_name:
            told = by_name[entry.name](told, entry, tag)
            if entry.id != event:
                without = by_name[entry.name](without, entry, tag)


def _members_concerned(members: Memberships, entry: Entry[Any]) -> object:
    """Return the memberships by which a year is opened, or a school may join anew."""
    said = entry.event
    if entry.name == PartnershipYearOpened.__name__:
        return {m for m in members if m.first <= said.ends and (m.last or said.ends) >= said.starts}
    if entry.name == SchoolAdmitted.__name__:
        day = said.effective_on
        return {m for m in members if m.school == said.school and (m.last or day) >= day}
    return None
