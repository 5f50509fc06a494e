"""What events brought into being, of one kind: every need, visit or agreement, with its id."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ledger.events import CREATORS
from ledger.store.base import EntryStore
from projections.reports.base import Report, heading
from projections.reports.columns import (
    EVENT,
    EVENT_START,
    EVENTS,
    MARKS,
    OCCURRED_ON,
    OFFICE_NAME,
    POSITION,
    SAID_BY,
    SIGNED_BY,
    SIGNED_BY_NAME,
    SUMMARY,
    TYPE,
    hidden,
)
from projections.reports.marks import Marks, explained
from projections.reports.names import Names
from projections.reports.said_by import SaidBy
from projections.reports.short_ids import short_id
from projections.tables.views import Moment, rows_of

COLUMNS = (
    OCCURRED_ON,
    SUMMARY,
    SIGNED_BY_NAME,
    EVENT_START,
    MARKS,
    *hidden(OFFICE_NAME, SAID_BY, POSITION, EVENT, TYPE, SIGNED_BY, EVENTS),
)
_CREATED = """
    SELECT e.*, (SELECT by_event FROM withdrawals w
                 WHERE w.event = e.event AND w.position <= ?2) AS withdrawn_by
    FROM entries e WHERE e.creates = ?1 AND e.position <= ?2 AND e.occurred_on <= ?3
    ORDER BY e.occurred_on, e.position
"""


def kind_meant(text: str) -> str | None:
    """Return the kind of thing that a word or two name, in the singular or plural; None if none."""
    word = "_".join(text.strip().casefold().split())
    meant = (word, word.removesuffix("s"), f"{word.removesuffix('ies')}y")
    return next((kind for kind in meant if kind in CREATORS), None)


def in_words(kind: str) -> str:
    """Return what a kind of thing is called: `target conflict`."""
    return kind.replace("_", " ")


def where_listed(kinds: Sequence[str]) -> str:
    """Say which commands list things of these kinds with their ids; of none, which list events."""
    created = [kind for kind in kinds if kind in CREATORS]
    if not created:
        return "`school-ledger history PARTY` lists events with their ids."
    commands = _together([f"`school-ledger show {kind}:`" for kind in created])
    verb = "lists" if len(created) == 1 else "list"
    return f"{commands} {verb} every {_together([*map(in_words, created)])} with its id."


def _together(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def things(connection: sqlite3.Connection, store: EntryStore, at: Moment, kind: str) -> Report:
    """Return everything of a kind that there was by a moment, by the day that it happened."""
    names = Names(connection, store, at)
    entries = rows_of(connection, _CREATED, kind, at.known_at, at.as_of)
    marks = Marks(connection, at, entries)
    said = SaidBy(connection, at, (row["event"] for row in entries))
    rows = [
        {
            "occurred_on": row["occurred_on"],
            "summary": names.sentence(row["summary"]),
            "signed_by_name": names.person(row["signed_by"]),
            "event_start": short_id(connection, row["event"]),
            "marks": ", ".join(marks.of(row)),
            "office_name": names.office(row["office"]),
            "said_by": said.of([row["event"]]),
            "position": row["position"],
            "event": row["event"],
            "type": row["type"],
            "signed_by": row["signed_by"],
            "events": [row["event"]],
        }
        for row in entries
    ]
    return Report(
        name="things",
        title=f"Every {in_words(kind)}, by the day that it happened",
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=f"No {in_words(kind)} is recorded by then.",
        notes=explained(rows),
        asked=f"every {in_words(kind)}",
    )
