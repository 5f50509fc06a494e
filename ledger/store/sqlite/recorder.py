"""The library's recorder on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Self

import orjson
from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBSequencedEvent,
)
from eventsourcing.dcb.popo import SimpleDCBReadResponse
from eventsourcing.persistence import DataError, IntegrityError, ProgrammingError

from ledger.store.matching import matcher, storable
from ledger.store.sqlite.database import LAST, PAGE, Database
from ledger.store.sqlite.queries import EXISTS, POSITIONS
from ledger.store.subscription import PollingSubscription, Recorder


class SQLiteDCBRecorder(Recorder):
    """A whole recorder: any query, atomic conditional appends, subscriptions across processes.

    Called within the store's `writing()` by its thread, it reads and appends in that transaction.
    A response holds nothing open, however slowly it is read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self) -> int:
        """Return the last position, 0 when there is none."""
        (head,) = self._database.fetch("SELECT ifnull(max(position), 0) FROM events")[0]
        return int(head)

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Return matching events by position.

        The response's head is the last position of all, or with a limit that of its last event.
        """
        first = _in_range(after or 0)
        most = -1 if limit is None else _in_range(limit)
        match = matcher(query)
        if match is None:
            last = self.head() if limit is None else self._last_of_next(most, first)
            return SimpleDCBReadResponse(self._between(first, last), last or None)
        head = self.head()
        positions = [
            position
            for (position,) in self._database.fetch(
                POSITIONS, match.parameters(after=first, last=head, limit=most)
            )
        ]
        if limit is not None:
            head = positions[-1] if positions else 0
        return SimpleDCBReadResponse(self._at(positions), head or None)

    def _last_of_next(self, limit: int, after: int) -> int:
        (last,) = self._database.fetch(
            "SELECT ifnull(max(position), 0) FROM"
            " (SELECT position FROM events WHERE position > ? ORDER BY position LIMIT ?)",
            (after, limit),
        )[0]
        return int(last)

    def _between(self, after: int, last: int) -> Iterator[DCBSequencedEvent]:
        rows = self._database.scan(
            "SELECT position, type, data, tags FROM events"
            " WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",
            after,
            last,
        )
        return (_sequenced(*row) for row in rows)

    def _at(self, positions: Sequence[int]) -> Iterator[DCBSequencedEvent]:
        for start in range(0, len(positions), PAGE):
            for row in self._database.fetch(
                "SELECT position, type, data, tags FROM events"
                " WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position",
                (orjson.dumps(positions[start : start + PAGE]).decode(),),
            ):
                yield _sequenced(*row)

    def append(
        self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None
    ) -> int:
        """Append all events and return the last one's position.

        Raises the library's IntegrityError, and appends none, if any event matches the condition.
        """
        if not events:
            raise ProgrammingError("an append needs at least one event")
        with self._database.joining() as connection:
            if condition is not None and self._any_match(condition):
                raise IntegrityError(condition)
            return insert(connection, events, self.head())

    def _any_match(self, condition: DCBAppendCondition) -> bool:
        after = _in_range(condition.after or 0)
        match = matcher(condition.fail_if_events_match)
        if match is None:
            return self.head() > after
        ((found,),) = self._database.fetch(EXISTS, match.parameters(after=after, last=LAST))
        return bool(found)

    def subscribe(
        self, query: DCBQuery | None = None, *, after: int | None = None
    ) -> PollingSubscription[Self]:
        """Return matching events by position, then wait for those that anyone appends."""
        return PollingSubscription(self, query, after)


def insert(connection: sqlite3.Connection, events: Sequence[DCBEvent], head: int) -> int:
    """Insert events after the head and return the new one; raises DataError for odd texts."""
    insert_at(connection, list(enumerate(events, head + 1)))
    return head + len(events)


def insert_at(connection: sqlite3.Connection, numbered: Sequence[tuple[int, DCBEvent]]) -> None:
    """Insert events, each at a position; raises DataError for odd texts."""
    for _, event in numbered:
        if not storable((event.type, *event.tags)):
            raise DataError("a type or tag holds NUL or half a surrogate pair", event)
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
            (tag, event.type, position) for position, event in numbered for tag in set(event.tags)
        ),
    )


def _sequenced(position: int, name: str, data: bytes, tags: str) -> DCBSequencedEvent:
    return DCBSequencedEvent(DCBEvent(name, data, orjson.loads(tags)), position)


def _in_range(number: int) -> int:
    return min(max(number, 0), LAST)
