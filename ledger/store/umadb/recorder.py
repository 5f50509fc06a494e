"""The library's recorder on UmaDB, which sees what its own thread is about to send.

The library has one of its own, which sends at once and finds events by type slowly; it is what
the server is spoken to by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain, islice
from threading import get_ident
from typing import Final, Self

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBSequencedEvent,
)
from eventsourcing.dcb.popo import SimpleDCBReadResponse
from eventsourcing.persistence import IntegrityError, ProgrammingError

from ledger.store.base import LAST, EntryStore
from ledger.store.matching import Matcher, matcher
from ledger.store.recorder import refuse_odd
from ledger.store.subscription import Headed, PollingSubscription
from ledger.store.umadb.server import Server, matches

EVENT: Final = "event:"


class UmaDBRecorder(Headed):
    """A whole recorder: what is recorded is what both the server and the side have."""

    def __init__(
        self,
        server: Server,
        side: EntryStore,
        writing: Callable[[], AbstractContextManager[object]],
    ) -> None:
        self._server = server
        self._side = side
        self._writing = writing
        self._owner: int | None = None
        self._base = 0
        self._unsent: list[DCBEvent] = []

    @contextmanager
    def collecting(self, head: int) -> Iterator[list[DCBEvent]]:
        """Collect what this thread appends from now on, after the head, to be sent at the end."""
        self._owner, self._base, self._unsent = get_ident(), head, []
        try:
            yield self._unsent
        finally:
            self._owner, self._unsent = None, []

    @property
    def is_mine(self) -> bool:
        """Tell whether this thread is writing."""
        return self._owner == get_ident()

    def head(self) -> int:
        """Return the last position, 0 when there is none."""
        return self._side.head()

    def matching(
        self, match: Matcher | None, after: int, last: int, limit: int | None = None
    ) -> Iterator[DCBSequencedEvent]:
        """Go through matching events as this thread sees them."""
        sent = min(last, self._base) if self.is_mine else last
        found = self._server.read(match, after, sent, limit)
        return islice(chain(found, self._not_sent(match, after, last)), limit)

    def _not_sent(
        self, match: Matcher | None, after: int, last: int
    ) -> Sequence[DCBSequencedEvent]:
        if not self.is_mine:
            return ()
        return [
            DCBSequencedEvent(event, position)
            for position, event in enumerate(self._unsent, self._base + 1)
            if after < position <= last and matches(match, event)
        ]

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Return matching events by position.

        The response's head is the last position of all, or with a limit that of its last event.
        """
        head, first = self.head(), max(after or 0, 0)
        if limit is None:
            return SimpleDCBReadResponse(self.matching(matcher(query), first, head), head or None)
        most = min(max(limit, 0), LAST)
        found = list(self.matching(matcher(query), first, head, most))
        return SimpleDCBReadResponse(iter(found), found[-1].position if found else None)

    def append(
        self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None
    ) -> int:
        """Append all events and return the last one's position.

        Raises the library's IntegrityError, and appends none, if any event matches the condition.
        """
        if not events:
            raise ProgrammingError("an append needs at least one event")
        if not self.is_mine:
            with self._writing():
                return self.append(events, condition)
        if condition is not None and self._any_match(condition):
            raise IntegrityError(condition)
        return self.take(events)

    def take(self, events: Sequence[DCBEvent]) -> int:
        """Take in events to be sent, and return the last one's position."""
        refuse_odd(list(enumerate(events, self.head() + 1)))
        self._side.recorder.append(stubs(events))
        self._unsent.extend(events)
        return self.head()

    def _any_match(self, condition: DCBAppendCondition) -> bool:
        match, after = matcher(condition.fail_if_events_match), max(condition.after or 0, 0)
        return next(self.matching(match, after, self.head(), 1), None) is not None

    def subscribe(
        self, query: DCBQuery | None = None, *, after: int | None = None
    ) -> PollingSubscription[Self]:
        """Return matching events by position, then wait for those that anyone appends."""
        return PollingSubscription(self, query, after)


def stubs(events: Sequence[DCBEvent]) -> list[DCBEvent]:
    """Return what the side keeps of entries: their types, and the events that they name."""
    return [DCBEvent(event.type, b"", named(event.tags)) for event in events]


def named(tags: Sequence[str]) -> list[str]:
    """Return the tags that name an event."""
    return [tag for tag in tags if tag.startswith(EVENT)]
