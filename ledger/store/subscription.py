"""A subscription that polls, for databases in which positions appear in order."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from threading import Event
from typing import Final, TypeVar

from eventsourcing.dcb.api import DCBQuery, DCBRecorder, DCBSequencedEvent, DCBSubscription

_POLL: Final = 0.025
"""Seconds between looks at the head, each of which takes microseconds."""


class Headed(DCBRecorder):
    """A recorder that tells its last position."""

    @abstractmethod
    def head(self) -> int:
        """Return the last position, 0 when there is none."""


R = TypeVar("R", bound=Headed)


class PollingSubscription(DCBSubscription[R]):
    """Goes through matching events, and looks for more every few milliseconds until stopped.

    It looks at the head. SQLite's `PRAGMA data_version` costs as much, would need a connection of
    its own, notices what is no event, and notices nothing in a database in memory; PostgreSQL's
    LISTEN misses what was committed just before. No event can be missed: writers take turns, so
    positions appear in order.
    """

    def __init__(self, recorder: R, query: DCBQuery | None, after: int | None) -> None:
        super().__init__(recorder, query, after)
        self._events: Iterator[DCBSequencedEvent] = iter(())
        self._stopping = Event()

    def stop(self) -> None:
        """End the iteration, in whatever thread it waits."""
        super().stop()
        self._stopping.set()

    def __next__(self) -> DCBSequencedEvent:
        while not self._has_been_stopped:
            event = next(self._events, None)
            if event is not None:
                return event
            self._look_for_more()
        raise StopIteration

    def _look_for_more(self) -> None:
        if self._recorder.head() <= self._last_position:
            self._stopping.wait(_POLL)
            return
        response = self._recorder.read(self._query, after=self._last_position)
        self._events = response
        self._last_position = response.head or 0
