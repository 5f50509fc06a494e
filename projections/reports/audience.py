"""A report as an audience may see it: sealed text withheld, rows left out and counted.

Each event's class says who may read it (docs/reference/events.md). A row is left out where any
event that it names is not for the audience; people's names are sealed, so they are withheld from
everybody who is not given everything::

    store = withholding(store, connection, "public")
    report = seen_by(connection, history(connection, store, party, at), "public")
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

from ledger.events import CATALOGUE
from ledger.events.base import AUDIENCES, Audience, may_read
from ledger.store.base import EntryStore, Vault
from projections.reports.base import Report
from projections.reports.standing import in_order

_ID = 36
NOTHING_TO_SEE = "There is nothing that this audience may see."


def seen_by(connection: sqlite3.Connection, report: Report, audience: Audience) -> Report:
    """Return a report without the rows that an audience may not see; its heading counts them."""
    events = [column.name for column in report.columns if column.type in ("event", "events")]
    apart = {column.name: column.rests_on for column in report.columns if column.rests_on}
    rows = list(report.rows)
    readable = _readable(
        connection, {event for row in rows for event in _behind(row, events)}, audience
    )
    rows = [_without(row, apart, readable, connection) for row in rows]
    kept = [row for row in rows if set(_behind(row, events)) <= readable]
    heading = replace(report.heading, audience=audience, left_out=len(rows) - len(kept))
    empty = NOTHING_TO_SEE if rows else report.empty
    return replace(report, rows=kept, heading=heading, empty=empty)


def _without(
    row: dict[str, Any], apart: dict[str, str], readable: set[str], connection: sqlite3.Connection
) -> dict[str, Any]:
    """Return a row without the figures that rest apart on events that may not be read."""
    hidden = [(name, events) for name, events in apart.items() if not {*row[events]} <= readable]
    if not hidden:
        return row
    gone = {event for _, events in hidden for event in row[events]}
    events = [event for event in row["events"] if event not in gone]
    bare: dict[str, Any] = {name: None for name, _ in hidden} | {each: [] for _, each in hidden}
    return row | bare | {"events": events, "position": max(in_order(connection, events).values())}


def _behind(row: dict[str, Any], columns: Iterable[str]) -> Iterator[str]:
    """Go through the events that a row names, and that which opened the obligation it is about."""
    for value in (row.get(name) for name in columns):
        for named in value if isinstance(value, list) else [value]:
            if named:
                yield named.rpartition(":")[2]
    if row.get("obligation"):
        yield row["obligation"][:_ID]


def _readable(
    connection: sqlite3.Connection, events: Iterable[str], audience: Audience
) -> set[str]:
    """Return which of these events an audience may read; none that the record does not hold."""
    types = [event.__name__ for event in CATALOGUE if may_read(audience, event)]
    sql = """
        SELECT e.event FROM json_each(?1) asked JOIN entries e ON e.event = asked.value
        LEFT JOIN readers r ON r.event = e.event
        WHERE iif(r.event IS NULL, e.type IN (SELECT value FROM json_each(?2)),
                  r.audience IN (SELECT value FROM json_each(?3)))
    """
    wider = AUDIENCES[: AUDIENCES.index(audience) + 1]
    asked = (json.dumps(one) for one in (sorted(events), types, wider))
    rows = connection.execute(sql, tuple(asked))
    return {row[0] for row in rows}


def withholding(
    store: EntryStore, connection: sqlite3.Connection, audience: Audience
) -> EntryStore:
    """Return a store to read from, whose sealed text is only what an audience may read."""
    return cast("EntryStore", _Store(store, _Texts(store.vault, connection, audience)))


class _Store:
    """A store as it is, but for its vault."""

    def __init__(self, store: EntryStore, vault: _Texts) -> None:
        self._store, self.vault = store, vault

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _Texts:
    """The sealed text that an audience may read; reports ask for no more of a vault than this."""

    def __init__(self, vault: Vault, connection: sqlite3.Connection, audience: Audience) -> None:
        self._vault, self._connection, self._audience = vault, connection, audience

    def get(self, event: str) -> dict[str, tuple[bytes, str]]:
        return self.get_many([event]).get(event, {})

    def get_many(self, events: Iterable[str]) -> dict[str, dict[str, tuple[bytes, str]]]:
        return self._vault.get_many(sorted(_readable(self._connection, events, self._audience)))
