"""The library's recorder on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from eventsourcing.dcb.api import DCBEvent
from eventsourcing.persistence import OperationalError

from ledger.store.recorder import Recorder, Statements
from ledger.store.sqlite.database import Database, DatabaseFailedError, Parameters
from ledger.store.sqlite.indices import index, is_at_once, is_due
from ledger.store.sqlite.queries import EXISTS, HEAD, POSITIONS

_ROW = "SELECT position, type, data, tags FROM events"


class RecorderFailedError(DatabaseFailedError, OperationalError):
    """SQLite failed: a StoreError to the ledger, an OperationalError to the library."""


class _ForTheLibrary:
    """A database whose failures are the library's own as well."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        with _failing_as_the_library():
            return self._database.fetch(sql, parameters)

    def scan(self, sql: str, after: int, last: int) -> Iterator[Any]:
        with _failing_as_the_library():
            yield from self._database.scan(sql, after, last)

    @contextmanager
    def joining(self) -> Iterator[sqlite3.Connection]:
        with _failing_as_the_library(), self._database.joining() as connection:
            yield connection


@contextmanager
def _failing_as_the_library() -> Iterator[None]:
    try:
        yield
    except DatabaseFailedError as error:
        failed = RecorderFailedError(error.what, got=error.got, todo=error.todo)
        raise failed from error.__cause__


class SQLiteDCBRecorder(Recorder):
    """The recorder in SQLite's words: several values travel as JSON."""

    def __init__(self, database: Database) -> None:
        super().__init__(_ForTheLibrary(database))

    unlimited = -1
    statements = Statements(
        head=HEAD,
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
