"""What became of judgements and visits that a side did not accept, as known at a moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from projections.reports.standing import among, standing
from projections.tables.views import Moment

#: How a judgement or visit is marked by what was found of it last.
MARKS = {
    "challenged": "challenged",
    "upheld": "upheld",
    "varied": "changed",
    "set_aside": "changed",
}


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
