"""What a reader should look at twice: recorded late, or resting on a key unvouched or in doubt.

Nothing can be recorded for another's office yet; so who has confirmed that is not answered here.
What was withdrawn counts for nothing any more, and is left out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from ledger.days import day_of
from ledger.selection import concerning
from ledger.store.base import EntryStore
from projections.reports.asking import About, From, Question, To, in_words, titled
from projections.reports.base import Report, heading
from projections.reports.columns import (
    EVENT_START,
    EVENTS,
    LAST_POSITION,
    MARKS,
    OCCURRED_ON,
    OFFICE,
    RECORDED_AT,
    RECORDED_ON,
    SAID_BY,
    SIGNED_BY,
    SIGNED_BY_NAME,
    SUMMARY,
    TYPE,
    Column,
    hidden,
)
from projections.reports.marks import compromised, doubtful, explained, late, unvouched
from projections.reports.names import Names
from projections.reports.resting import Resting
from projections.reports.short_ids import short_id
from projections.tables.views import Moment, rows_of

COLUMNS = (
    OCCURRED_ON,
    SUMMARY,
    SIGNED_BY_NAME,
    Column("why", "Reasons", "Why it waits for a second look, each reason in words."),
    Column("days_late", "Days late", "How many days after it happened it was recorded.", "number"),
    Column(
        "waiting",
        "Days waiting",
        "For how many days, up to the day asked for, nobody has vouched for what it rests on.",
        "number",
    ),
    EVENT_START,
    *hidden(MARKS, OFFICE, RECORDED_ON, TYPE, RECORDED_AT, SIGNED_BY, SAID_BY, EVENTS),
    *hidden(LAST_POSITION),
)
_KEY = "nobody else has vouched for the signer's key"
_OFFICE = "nobody else has vouched for the signer's appointment"
_RESTING = "it rests on what was signed with a key that may have been in other hands"


class Asked(NamedTuple):
    """Which events: those that concern a party or all, that happened from a day to a day."""

    about: About = None
    since: From = None
    to: To = None


def unconfirmed(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> Report:
    """Return the events that wait for a second look, by the day that they happened."""
    names = Names(connection, store, at)
    doubts = _Doubts(connection, at)
    positions = None if asked.about is None else concerning(store, asked.about, at.known_at)
    found = [
        entry
        for entry in doubts.entries()
        if (positions is None or entry["position"] in positions) and _is_within(entry, asked)
    ]
    resting = Resting(connection, at, (entry["event"] for entry in found))
    rows = [
        _row(entry, doubts, at, names)
        | resting.of([entry["event"]])
        | {"event_start": short_id(connection, entry["event"])}
        for entry in found
    ]
    words = in_words(asked, names)
    return Report(
        name="unconfirmed",
        title=titled("What waits for a second look", words),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty="Nothing was recorded late, and nothing rests on a key unvouched or in doubt.",
        notes=[*_counted(rows), *explained(rows)],
        asked=words,
    )


def _is_within(entry: dict[str, Any], asked: Asked) -> bool:
    day = entry["occurred_on"]
    return bool((asked.since or "") <= day <= (asked.to or day))


def _counted(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Say how many rows there are for each reason; one row may have several."""
    counts = {
        mark: sum(mark in row["marks"].split(", ") for row in rows)
        for mark in ("late", "unvouched", "doubtful")
    }
    if rows:
        told = ", ".join(f"{count} {mark}" for mark, count in counts.items())
        yield f"Of {len(rows)}: {told}."


class _Doubts:
    """Which events are late, unvouched or doubtful at a moment, and why."""

    def __init__(self, connection: sqlite3.Connection, at: Moment) -> None:
        self._connection, self._at = connection, at
        self._doubtful = doubtful(connection, at)
        self._since = compromised(connection, at)
        sql = "SELECT enrolment, appointment FROM entries WHERE position <= ? GROUP BY 1, 2"
        grounds = {
            ground for pair in connection.execute(sql, (at.known_at,)) for ground in tuple(pair)
        }
        self._unvouched = unvouched(connection, at, grounds, self._doubtful)
        self._late: dict[str, int] = {}

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries of these events, by the day that they happened."""
        sql = """
            SELECT e.position, e.event, e.type, e.occurred_on, e.recorded_at, e.signed_by,
                   e.office, e.key, e.enrolment, e.appointment, e.summary
            FROM entries e
            WHERE e.position <= ?1 AND e.occurred_on <= ?2
              AND (e.enrolment IN (SELECT value FROM json_each(?3))
                   OR e.appointment IN (SELECT value FROM json_each(?3))
                   OR e.event IN (SELECT value FROM json_each(?4))
                   OR EXISTS (SELECT 1 FROM late l WHERE l.event = e.event))
              AND NOT EXISTS (SELECT 1 FROM withdrawals w
                              WHERE w.event = e.event AND w.position <= ?1)
            ORDER BY e.occurred_on, e.position
        """
        lists = [json.dumps(sorted(each)) for each in (self._unvouched, self._doubtful)]
        found = rows_of(self._connection, sql, self._at.known_at, self._at.as_of, *lists)
        self._late = late(self._connection, (entry["event"] for entry in found))
        return found

    def days_late(self, entry: dict[str, Any]) -> int | None:
        return self._late.get(entry["event"])

    def is_unvouched(self, entry: dict[str, Any]) -> bool:
        return not self._unvouched.isdisjoint((entry["enrolment"], entry["appointment"]))

    def why(self, entry: dict[str, Any]) -> Iterator[str]:
        """Go through the reasons why an event waits for a second look."""
        days = self.days_late(entry)
        if days is not None:
            yield f"recorded {days} days after it happened"
        if entry["enrolment"] in self._unvouched:
            yield _KEY
        if entry["appointment"] in self._unvouched:
            yield _OFFICE
        if entry["event"] in self._doubtful:
            yield self._why_doubtful(entry)

    def _why_doubtful(self, entry: dict[str, Any]) -> str:
        since = self._since.get(entry["key"])
        if since is None or entry["recorded_at"] < since:
            return _RESTING
        return f"its key may have been in other hands since {since}"


def _row(entry: dict[str, Any], doubts: _Doubts, at: Moment, names: Names) -> dict[str, Any]:
    recorded_on = day_of(entry["recorded_at"])
    waiting = (date.fromisoformat(at.as_of) - date.fromisoformat(recorded_on)).days
    return {
        "occurred_on": entry["occurred_on"],
        "summary": names.sentence(entry["summary"]),
        "signed_by_name": names.person(entry["signed_by"]),
        "why": "; ".join(doubts.why(entry)),
        "days_late": doubts.days_late(entry),
        "waiting": max(0, waiting) if doubts.is_unvouched(entry) else None,
        "office": entry["office"],
        "recorded_on": recorded_on,
        "type": entry["type"],
        "recorded_at": entry["recorded_at"],
        "signed_by": entry["signed_by"],
    }


QUESTION = Question(
    name="unconfirmed",
    tells="Show what was recorded late, or rests on a key that nobody vouched for or in doubt.",
    asked=Asked,
    answer=unconfirmed,
    examples=("", "--about 900003 --as-of 2025-12-31", "--from 2025-09-01 -o second-look.html"),
)
