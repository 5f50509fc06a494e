"""The library's recorder on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import orjson
from eventsourcing.dcb.api import DCBEvent

from ledger.store.recorder import Recorder, Statements
from ledger.store.sqlite.indices import index, is_at_once, is_due
from ledger.store.sqlite.queries import EXISTS, POSITIONS

_ROW = "SELECT position, type, data, tags FROM events"


class SQLiteDCBRecorder(Recorder):
    """The recorder in SQLite's words: several values travel as JSON."""

    unlimited = -1
    statements = Statements(
        head="SELECT ifnull(max(position), 0) FROM events",
        last_of_next="SELECT ifnull(max(position), 0) FROM"
        " (SELECT position FROM events WHERE position > ? ORDER BY position LIMIT ?)",
        between=f"{_ROW} WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",
        at=f"{_ROW} WHERE position IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
        " ORDER BY position",
        positions=POSITIONS,
        exists=EXISTS,
    )

    def listed(self, positions: Sequence[int]) -> str:
        """Return positions as a JSON array."""
        return orjson.dumps(positions).decode()

    def tags(self, kept: str) -> list[str]:
        """Return the tags of a JSON array."""
        tags: list[str] = orjson.loads(kept)
        return tags

    def insert(
        self, connection: sqlite3.Connection, numbered: Sequence[tuple[int, DCBEvent]]
    ) -> None:
        """Insert events, each at a position."""
        connection.executemany(
            "INSERT INTO events (position, type, data, tags) VALUES (?, ?, ?, ?)",
            [
                (position, event.type, event.data, orjson.dumps(event.tags).decode())
                for position, event in numbered
            ],
        )
        # In the order of the key: neighbours change the same pages.
        connection.executemany(
            "INSERT INTO tags (tag, type, position) VALUES (?, ?, ?)",
            sorted(
                (tag, event.type, position)
                for position, event in numbered
                for tag in set(event.tags)
                if is_at_once(tag)
            ),
        )
        if is_due(numbered[0][0], numbered[-1][0]):
            index(connection)
