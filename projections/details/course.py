"""What asked for help, from first word to last day: all that was said of it, of each side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ledger.format.entry import Entry
from projections.details.base import Reading, Section
from projections.reports.columns import (
    EVENT,
    MARKS,
    OCCURRED_ON,
    POSITION,
    SIGNED_BY_NAME,
    SUMMARY,
    TYPE,
    hidden,
)
from projections.tables.views import rows_of

_TRIGGERS = frozenset({"NeedIdentified", "JudgementMade", "InterventionRecorded"})
#: What is said of these is part of the course too.
_GOES_ON = (
    *("SupportOffered", "SupportAgreed", "VisitMade", "VisitDisputed", "DecisionRecorded"),
    "ConflictOfInterestDeclared",
)
#: These list what is owed, an agreement among the rest, and say nothing of it.
_LISTS = ("HandoverGiven", "HandoverAccepted", "MembershipRatified", "MembershipDeclined")
_COLUMNS = (
    OCCURRED_ON,
    SUMMARY,
    SIGNED_BY_NAME,
    MARKS,
    replace(EVENT, title="Event", shown=False),
    *hidden(TYPE, POSITION),
)
_NAMING = """
    SELECT DISTINCT e.position, e.event, e.type FROM json_each(:events) named
    JOIN mentions m ON m.party = 'event:' || named.value AND m.position <= :known
    JOIN entries e ON e.position = m.position
    WHERE e.type NOT IN (SELECT value FROM json_each(:lists))
"""
_TOLD = """
    SELECT e.*, (SELECT by_event FROM withdrawals w WHERE w.event = e.event
                 AND w.position <= ?2) AS withdrawn_by
    FROM json_each(?1) told JOIN entries e ON e.position = told.value
    ORDER BY e.occurred_on, e.position
"""


def section(reading: Reading, entry: Entry[Any]) -> Iterator[Section]:
    """Return the course of what asks for help, if anything was said of it; else nothing."""
    if entry.name not in _TRIGGERS:
        return
    rows = _rows(reading, _places(reading, entry))
    if len(rows) > 1:
        yield Section("course", "From first word to last day", None, _COLUMNS, rows)


def _places(reading: Reading, entry: Entry[Any]) -> list[int]:
    """Return where all that was said of a trigger stands, and of what follows on it."""
    found, asked = {entry.position}, [entry.id]
    while asked:
        parameters = {
            "events": json.dumps(asked),
            "lists": json.dumps(_LISTS),
            "known": reading.at.known_at,
        }
        new = [
            row
            for row in reading.connection.execute(_NAMING, parameters)
            if row["position"] not in found
        ]
        found.update(row["position"] for row in new)
        asked = [row["event"] for row in new if row["type"] in _GOES_ON]
    return sorted(found)


def _rows(reading: Reading, places: Sequence[int]) -> list[dict[str, Any]]:
    rows = rows_of(reading.connection, _TOLD, json.dumps(places), reading.at.known_at)
    marks = reading.marks(rows)
    return [
        {
            "occurred_on": row["occurred_on"],
            "summary": reading.names.sentence(row["summary"]),
            "signed_by_name": reading.names.person(row["signed_by"]),
            "marks": ", ".join(marks.of(row)),
            "event": row["event"],
            "type": row["type"],
            "position": row["position"],
        }
        for row in rows
        if row["occurred_on"] <= reading.at.as_of
    ]
