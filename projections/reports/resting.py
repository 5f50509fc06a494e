"""What every row says of the events that it rests on: which, where, who has said so, marks.

::

    resting = Resting(connection, at, events)
    row |= resting.of([agreement, attestation])
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from projections.reports.marks import MarksOfSeveral
from projections.reports.said_by import SaidBy
from projections.tables.views import Moment

Row = dict[str, Any]


def rested(
    connection: sqlite3.Connection, at: Moment, rows: Iterable[Row], *, marked: bool = False
) -> list[Row]:
    """Return rows that tell their `events` with what is to be known of these; `marked` ones only.

    The events of all rows are looked up at once.
    """
    rows = list(rows)
    resting = Resting(connection, at, (event for row in rows for event in row["events"]))
    told = [row | resting.of(row["events"]) for row in rows]
    return [row for row in told if row["marks"] or not marked]


class Resting:
    """Of events that rows of a report rest on: their places, marks, and who has said so."""

    def __init__(self, connection: sqlite3.Connection, at: Moment, events: Iterable[str]) -> None:
        """Read what is to be known of these events at a moment, each once."""
        cited = set(events)
        sql = "SELECT e.event, e.position FROM json_each(?) c JOIN entries e ON e.event = c.value"
        self._positions = dict(connection.execute(sql, (json.dumps(sorted(cited)),)).fetchall())
        self._said = SaidBy(connection, at, cited)
        self._marks = MarksOfSeveral(connection, at, cited)

    def of(self, events: Iterable[str]) -> dict[str, Any]:
        """Return the members `events`, `position`, `said_by` and `marks` of a row."""
        ordered = sorted(set(events), key=self._positions.__getitem__)
        return {
            "events": ordered,
            "position": self._positions[ordered[-1]] if ordered else 0,
            "said_by": self._said.of(ordered),
            "marks": self._marks.of(ordered),
        }
