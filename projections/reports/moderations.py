"""What became of judgements and visits that a side did not accept, as known at a moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from projections.reports.standing import among, standing
from projections.tables.views import Moment

#: How a judgement or visit is marked by what was found of it last.
MARKS = {
    "challenged": "challenged",
    "upheld": "upheld",
    "varied": "changed",
    "set_aside": "changed",
}

CHANGING = frozenset(finding for finding, mark in MARKS.items() if mark == "changed")
"""The findings by which a judgement counts no longer as it was given."""


class Found(NamedTuple):
    """What was found of a judgement or visit last: by which event, and which grades instead."""

    event: str
    finding: str
    grades: dict[str, str]


def moderations(
    connection: sqlite3.Connection, at: Moment, events: Iterable[str]
) -> dict[str, Found]:
    """Return what was found of these judgements and visits, of those that a side challenged."""
    found: dict[str, Found] = {}
    for row in standing(connection, at, "moderations", *among("about", events)):
        before = found.get(row["about"])
        same = before is not None and before.event == row["event"]
        grades = before.grades if before is not None and same else {}
        if row["area"] is not None:
            grades = {**grades, row["area"]: row["grade"]}
        found[row["about"]] = Found(row["event"], row["finding"], grades)
    return found


def graded(
    connection: sqlite3.Connection,
    at: Moment,
    where: str = "",
    chosen: str = "[]",
    **asked: Any,
) -> list[dict[str, Any]]:
    """Return the grades of judgements that stood at a moment, narrowed as by `standing`.

    The `grade` of each is what counts by then: as the judge gave it, which `given` keeps, or as a
    moderator found it instead; None where the judgement is set aside. `found` is what was found
    of the judgement last, if a side challenged it.
    """
    rows = standing(connection, at, "grades", where, chosen, **asked)
    found = moderations(connection, at, {row["event"] for row in rows})
    return [row | _as_found(row, found.get(row["event"])) for row in rows]


def _as_found(row: dict[str, Any], found: Found | None) -> dict[str, Any]:
    counts = row["grade"]
    if found is not None:
        counts = None if found.finding == "set_aside" else found.grades.get(row["area"], counts)
    return {"given": row["grade"], "grade": counts, "found": found}
