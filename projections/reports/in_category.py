"""When schools were in a category of concern: from when to when, and by which inspections.

The category of a school is that of the inspection of its URN that was published last; none passes
to a new URN. A time in a category begins with the first inspection that placed the school in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from projections.reports.asking import words
from projections.reports.names import day_in_words
from projections.reports.standing import among, standing
from projections.tables.views import Moment

_INSPECTIONS = "basis IN ('inspection', 'monitoring_inspection')"
_URNS = """
    SELECT u.school, u.urn, coalesce(u.first, '') AS first, e.event
    FROM urns u JOIN entries e ON e.position = u.position
    WHERE u.school IN (SELECT value FROM json_each(?)) AND u.position <= ? AND u.last IS NULL
    ORDER BY coalesce(u.first, ''), u.position
"""


class InCategory(NamedTuple):
    """A time in a category of concern: from the day that published it, and the first day out.

    `events` are the inspections that told it, and what ended it.
    """

    category: str
    first: str
    out: str | None
    events: tuple[str, ...]

    def end_in_words(self) -> str:
        """Return a sentence about its end, to follow that of what ended it."""
        return f"This ended {words(self.category)}, which began on {day_in_words(self.first)}."


class _Told(NamedTuple):
    """What is told of a school's category from a day on: by an inspection, or as a URN begins."""

    first: str
    category: str
    event: str


def times_in_category(
    connection: sqlite3.Connection, at: Moment, chosen: Iterable[str] | None = None
) -> dict[str, list[InCategory]]:
    """Return the times in a category of each school that has had any, the earliest first."""
    within = among("judged", chosen)
    where = " AND ".join(filter(None, (_INSPECTIONS, within.where)))
    inspected: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in standing(connection, at, "grades", where, within.chosen):
        # One inspection has a row for each area that it grades.
        inspected[row["judged"]].setdefault(row["event"], row)
    begun: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(_URNS, (json.dumps(sorted(inspected)), at.known_at)):
        begun[row["school"]].append(dict(row))
    told = {
        school: list(_times(_changes(begun[school], list(own.values()), at.as_of)))
        for school, own in inspected.items()
    }
    return {school: times for school, times in told.items() if times}


def now_in_category(
    connection: sqlite3.Connection, at: Moment, chosen: Iterable[str] | None = None
) -> dict[str, InCategory]:
    """Return the schools that are in a category of concern, each with its time in it so far."""
    found = times_in_category(connection, at, chosen)
    return {school: times[-1] for school, times in found.items() if times[-1].out is None}


def ended_by(connection: sqlite3.Connection, school: str, at: Moment) -> dict[str, InCategory]:
    """Return the times in a category of a school that are over, each by the event that ended it."""
    times = times_in_category(connection, at, [school]).get(school, [])
    return {one.events[-1]: one for one in times if one.out is not None}


def _changes(
    urns: Sequence[dict[str, Any]], inspections: Sequence[dict[str, Any]], as_of: str
) -> Iterator[_Told]:
    """Go through what was told of a category in turn; an inspection of another URN tells nothing.

    One that names no URN is of whichever there was.
    """
    begun = [row for row in urns[1:] if row["first"] <= as_of]
    urn = urns[0]["urn"] if urns else None
    unnamed = "none"
    # Of one day, a URN begins before it is inspected.
    for row in sorted([*begun, *inspections], key=lambda row: str(row["first"])):
        if "category" not in row:
            urn = row["urn"]
            yield _Told(row["first"], unnamed, row["event"])
        elif row["urn"] in (None, urn):
            unnamed = row["category"] if row["urn"] is None else unnamed
            yield _Told(row["first"], row["category"], row["event"])


def _times(changes: Iterable[_Told]) -> Iterator[InCategory]:
    """Go through the times that follow from what was told in turn."""
    now: InCategory | None = None
    for day, category, event in changes:
        if now is not None and now.category == category:
            now = now._replace(events=(*now.events, event))
            continue
        if now is not None:
            yield now._replace(out=day, events=(*now.events, event))
        now = None if category == "none" else InCategory(category, day, None, (event,))
    if now is not None:
        yield now
