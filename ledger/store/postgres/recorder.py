"""The library's recorder on PostgreSQL.

The library has one of its own, `eventsourcing.dcb.postgres_tt`, which this one does not inherit
from: an append that is undone leaves a gap in its positions, its tag table has no type, so that a
rare event under a crowded tag costs as much as the crowd, and it refuses queries without tags or
of mixed items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Self

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
from ledger.store.postgres.database import LAST, PAGE, Connection, Database
from ledger.store.subscription import PollingSubscription, Recorder

_OTHERS: Final = """
    NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(item -> 2) AS other
        WHERE NOT EXISTS (
            SELECT 1 FROM tags AS also
            WHERE also.tag = other AND also.type = t.type AND also.position = t.position))
"""

_TERMS: Final = (
    f"""
    SELECT t.position FROM jsonb_array_elements(%(typed)s::jsonb) AS item
    CROSS JOIN jsonb_array_elements_text(item -> 0) AS name
    CROSS JOIN jsonb_array_elements_text(item -> 1) AS named
    JOIN tags AS t ON t.tag = named AND t.type = name
        AND t.position > %(after)s AND t.position <= %(last)s
    WHERE {_OTHERS}
    """,  # noqa: S608 - a constant
    f"""
    SELECT t.position FROM jsonb_array_elements(%(untyped)s::jsonb) AS item
    CROSS JOIN jsonb_array_elements_text(item -> 1) AS named
    JOIN tags AS t ON t.tag = named AND t.position > %(after)s AND t.position <= %(last)s
    WHERE {_OTHERS}
    """,  # noqa: S608 - a constant
    """
    SELECT e.position FROM jsonb_array_elements_text(%(types)s::jsonb) AS name
    JOIN events AS e ON e.type = name AND e.position > %(after)s AND e.position <= %(last)s
    """,
)

_POSITIONS: Final = " UNION ".join(_TERMS) + " ORDER BY 1 LIMIT %(limit)s"
_EXISTS: Final = "SELECT " + " OR ".join(f"EXISTS ({term})" for term in _TERMS)
_AT: Final = (
    "SELECT position, type, data, tags FROM events WHERE position = ANY(%s) ORDER BY position"
)

ONE: Final = (
    "WITH e AS (INSERT INTO events (position, type, data, tags) VALUES (%s, %s, %s, %s))"
    " INSERT INTO tags (tag, type, position) SELECT tag, %s, %s FROM unnest(%s::text[]) AS tag"
)


class PostgresDCBRecorder(Recorder):
    """A whole recorder: any query, atomic conditional appends, subscriptions across processes.

    Called within the store's `writing()` by its thread, it reads and appends in that transaction.
    A response holds nothing open, however slowly it is read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self) -> int:
        """Return the last position, 0 when there is none."""
        rows = self._database.fetch("SELECT coalesce(max(position), 0) FROM events")
        return int(rows[0][0])

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Return matching events by position.

        The response's head is the last position of all, or with a limit that of its last event.
        """
        first = _in_range(after or 0)
        most = LAST if limit is None or limit < 0 else _in_range(limit)
        match = matcher(query)
        if match is None:
            last = self.head() if limit is None else self._last_of_next(most, first)
            return SimpleDCBReadResponse(self._between(first, last), last or None)
        head = self.head()
        rows = self._database.fetch(
            _POSITIONS, match.parameters(after=first, last=head, limit=most)
        )
        positions = [position for (position,) in rows]
        if limit is not None:
            head = positions[-1] if positions else 0
        return SimpleDCBReadResponse(self._at(positions), head or None)

    def _last_of_next(self, limit: int, after: int) -> int:
        rows = self._database.fetch(
            "SELECT coalesce(max(position), 0) FROM"
            " (SELECT position FROM events WHERE position > %s ORDER BY position LIMIT %s) AS next",
            (after, limit),
        )
        return int(rows[0][0])

    def _between(self, after: int, last: int) -> Iterator[DCBSequencedEvent]:
        rows = self._database.scan(
            "SELECT position, type, data, tags FROM events"
            " WHERE position > %s AND position <= %s ORDER BY position LIMIT %s",
            after,
            last,
        )
        return (_sequenced(*row) for row in rows)

    def _at(self, positions: Sequence[int]) -> Iterator[DCBSequencedEvent]:
        for start in range(0, len(positions), PAGE):
            for row in self._database.fetch(_AT, (list(positions[start : start + PAGE]),)):
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
        rows = self._database.fetch(_EXISTS, match.parameters(after=after, last=LAST))
        return bool(rows[0][0])

    def subscribe(
        self, query: DCBQuery | None = None, *, after: int | None = None
    ) -> PollingSubscription[Self]:
        """Return matching events by position, then wait for those that anyone appends."""
        return PollingSubscription(self, query, after)


def insert(connection: Connection, events: Sequence[DCBEvent], head: int) -> int:
    """Insert events after the head and return the new one; raises DataError for odd texts."""
    for event in events:
        if not storable((event.type, *event.tags)):
            raise DataError("a type or tag holds NUL or half a surrogate pair", event)
    if len(events) == 1:
        (event,) = events
        position, tags = head + 1, sorted(set(event.tags))
        row = (position, event.type, event.data, event.tags, event.type, position, tags)
        connection.execute(ONE, row)
        return position
    cursor = connection.cursor()
    numbered = list(enumerate(events, head + 1))
    with cursor.copy("COPY events (position, type, data, tags) FROM STDIN (FORMAT BINARY)") as to:
        to.set_types(["int8", "text", "bytea", "text[]"])
        for position, event in numbered:
            to.write_row((position, event.type, event.data, event.tags))
    with cursor.copy("COPY tags (tag, type, position) FROM STDIN (FORMAT BINARY)") as to:
        to.set_types(["text", "text", "int8"])
        for filed in sorted((tag, e.type, n) for n, e in numbered for tag in set(e.tags)):
            to.write_row(filed)
    return head + len(events)


def _sequenced(position: int, name: str, data: bytes, tags: list[str]) -> DCBSequencedEvent:
    return DCBSequencedEvent(DCBEvent(name, data, tags), position)


def _in_range(number: int) -> int:
    return min(max(number, 0), LAST)
