"""The library's recorder over any database in which positions appear in order.

What differs from one database to another is its statements, and how it takes rows in.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, NamedTuple, Protocol, Self

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBSequencedEvent,
)
from eventsourcing.dcb.popo import SimpleDCBReadResponse
from eventsourcing.persistence import DataError, IntegrityError, ProgrammingError

from ledger.store.base import LAST, PAGE
from ledger.store.matching import matcher, storable
from ledger.store.subscription import Headed, PollingSubscription


class Statements(NamedTuple):
    """What a recorder asks of its database, each in the database's own words.

    `positions` and `exists` take the parameters of a `Matcher`; rows are position, type, data and
    tags.
    """

    head: str
    last_of_next: str
    between: str
    at: str
    positions: str
    exists: str


class Database(Protocol):
    """What a recorder needs of a database: to read, by pages too, and to join what is written."""

    def fetch(self, sql: str, parameters: Any = ..., /) -> list[Any]:
        """Return all rows."""

    def scan(self, sql: str, after: int, last: int, /) -> Iterator[Any]:
        """Go through rows page by page."""

    def joining(self) -> AbstractContextManager[Any]:
        """Write in this thread's `writing`, or in one of its own."""


class Recorder(Headed):
    """A whole recorder: any query, atomic conditional appends, subscriptions across processes.

    Called within the store's `writing()` by its thread, it reads and appends in that transaction.
    A response holds nothing open, however slowly it is read.
    """

    statements: ClassVar[Statements]
    unlimited: ClassVar[int]
    """What stands for no limit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @abstractmethod
    def listed(self, positions: Sequence[int]) -> object:
        """Return positions as the database takes several."""

    @abstractmethod
    def tags(self, kept: Any) -> list[str]:
        """Return an event's tags as they were appended, of how the database keeps them."""

    @abstractmethod
    def insert(self, connection: Any, numbered: Sequence[tuple[int, DCBEvent]]) -> None:
        """Insert events, each at a position."""

    def head(self) -> int:
        """Return the last position, 0 when there is none."""
        return int(self._database.fetch(self.statements.head)[0][0])

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Return matching events by position.

        The response's head is the last position of all, or with a limit that of its last event.
        """
        first = _in_range(after or 0)
        most = self.unlimited if limit is None else _in_range(limit)
        match = matcher(query)
        if match is None:
            last = self.head() if limit is None else self._last_of_next(most, first)
            return SimpleDCBReadResponse(self._between(first, last), last or None)
        head = self.head()
        parameters = match.parameters(after=first, last=head, limit=most)
        found = self._database.fetch(self.statements.positions, parameters)
        positions = [position for (position,) in found]
        if limit is not None:
            head = positions[-1] if positions else 0
        return SimpleDCBReadResponse(self._at(positions), head or None)

    def _last_of_next(self, limit: int, after: int) -> int:
        return int(self._database.fetch(self.statements.last_of_next, (after, limit))[0][0])

    def _between(self, after: int, last: int) -> Iterator[DCBSequencedEvent]:
        rows = self._database.scan(self.statements.between, after, last)
        return (self._sequenced(*row) for row in rows)

    def _at(self, positions: Sequence[int]) -> Iterator[DCBSequencedEvent]:
        for start in range(0, len(positions), PAGE):
            listed = self.listed(positions[start : start + PAGE])
            for row in self._database.fetch(self.statements.at, (listed,)):
                yield self._sequenced(*row)

    def _sequenced(self, position: int, name: str, data: bytes, kept: Any) -> DCBSequencedEvent:
        return DCBSequencedEvent(DCBEvent(name, data, self.tags(kept)), position)

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
            return self.insert_after(connection, events, self.head())

    def insert_after(self, connection: Any, events: Sequence[DCBEvent], head: int) -> int:
        """Insert events after the head and return the new one; raise DataError for odd texts."""
        numbered = list(enumerate(events, head + 1))
        refuse_odd(numbered)
        self.insert(connection, numbered)
        return head + len(events)

    def _any_match(self, condition: DCBAppendCondition) -> bool:
        after = _in_range(condition.after or 0)
        match = matcher(condition.fail_if_events_match)
        if match is None:
            return self.head() > after
        parameters = match.parameters(after=after, last=LAST)
        return bool(self._database.fetch(self.statements.exists, parameters)[0][0])

    def subscribe(
        self, query: DCBQuery | None = None, *, after: int | None = None
    ) -> PollingSubscription[Self]:
        """Return matching events by position, then wait for those that anyone appends."""
        return PollingSubscription(self, query, after)


def refuse_odd(numbered: Sequence[tuple[int, DCBEvent]]) -> None:
    """Raise DataError for an event with texts that a database would not find again."""
    for _, event in numbered:
        if not storable((event.type, *event.tags)):
            raise DataError("a type or tag holds NUL or half a surrogate pair", event)


def _in_range(number: int) -> int:
    return min(max(number, 0), LAST)
