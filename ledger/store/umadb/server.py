"""The entries on one UmaDB server: read by tag and type, appended after a position.

What this module is careful about:

- A tag together with a type is looked up slowly there, so that a rare event under a crowded tag
  costs as much as the crowd. Each tag is kept a second time after its event's type, and each type
  by itself as a tag; NUL, which no tag of an event holds, tells them from the event's own.
- The driver takes over Ctrl-C for the whole process where it is loaded, and cannot be loaded but
  by the main thread because of that. It is loaded here without either.
- Whether what was sent before a connection broke is recorded nobody can tell here, so that is an
  error of its own. A request carries the position that it follows: one that comes late changes
  nothing once something else was recorded.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import takewhile
from threading import Lock
from types import ModuleType
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBQueryItem,
    DCBSequencedEvent,
)
from eventsourcing.persistence import IntegrityError, OperationalError

from ledger.errors import StoreError
from ledger.store.base import ConnectionLostError
from ledger.store.matching import Matcher
from ledger.store.places import SIDE, UMADB

_PORT: Final = 50051
_NUL: Final = "\0"
_MOST_BYTES: Final = 3_000_000
"""That travel at once: the server takes 4 MiB, of which each tag has a few bytes more than it."""
_TOO_LONG: Final = "message length too large"
_MOST: Final = 2**31 - 1
_importing = Lock()


class DatabaseFailedError(StoreError, OperationalError):
    """UmaDB failed: a StoreError to the ledger, an OperationalError to the library."""


class LostError(ConnectionLostError, OperationalError):
    """The server or the connection to it is gone: as above, to both."""


class Place(NamedTuple):
    """Where a ledger is kept: the server, as its driver names it, and the URL of the rest."""

    server: str
    side: str


def parse_url(url: str) -> Place:
    """Return what `umadb://host:port?side=URL` names; the side's URL goes on to the end."""
    named, _, side = url.partition(SIDE)
    try:
        parts = urlsplit(named)
        port = parts.port or _PORT
    except ValueError as error:
        raise _unreadable() from error
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.username is not None:
        raise _unreadable()
    if not side or side.startswith(UMADB):
        raise StoreError(
            "a ledger on a UmaDB server keeps its texts and its log in another database",
            got=url,
            expected=f"{named}{SIDE}, and a file's path or the URL of a PostgreSQL database",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Place(f"http://{host}:{port}", side)


def _unreadable() -> StoreError:
    # It is not repeated: it may hold a password.
    return StoreError(
        "the ledger's URL cannot be read",
        expected=f"{UMADB}host:port{SIDE}URL, without a user or a password",
    )


@cache
def _driver() -> ModuleType:
    """Load the library's recorder on the driver, and leave Ctrl-C to whoever has it."""
    with _importing:
        system: Any = signal
        real = system.signal
        system.signal = lambda number, _handler: signal.getsignal(number)
        try:
            from eventsourcing_umadb import recorders  # noqa: PLC0415 - see above
        finally:
            system.signal = real
    return recorders


@contextmanager
def failing_clearly(server: str) -> Iterator[None]:
    """Raise the ledger's errors in place of the driver's, of which some are plain exceptions."""
    try:
        yield
    except (StoreError, IntegrityError):
        raise
    except Exception as error:
        raise _failure(error, server) from error


def _failure(error: Exception, server: str) -> StoreError:
    umadb, got = _driver().umadb, str(error).partition("\n")[0][:200]
    if isinstance(error, umadb.AuthenticationError):
        return DatabaseFailedError(
            "the UmaDB server lets nobody in without its key",
            got=got,
            todo="Nothing was recorded. Name a server that is protected by its network alone.",
        )
    if isinstance(error, umadb.CorruptionError):
        return DatabaseFailedError(
            "the UmaDB server finds its file damaged",
            got=got,
            todo="Check the disk of the server, and restore its file from a copy.",
        )
    if isinstance(error, ValueError) or _TOO_LONG in got:
        return DatabaseFailedError("the UmaDB server refused", got=got)
    # Of anything else nobody can tell how far it came.
    return LostError(
        f"the UmaDB server at {server} does not answer, or the connection to it broke",
        got=got,
        todo="See that it runs and can be reached, then try again: what was recorded already"
        " is not recorded twice.",
    )


class Server:
    """One server, for any thread to use."""

    def __init__(self, url: str) -> None:
        self.url = url
        driver = _driver()
        with failing_clearly(url):
            self._client = driver.umadb.Client(url)
        self._recorder = driver.UmaDBDCBRecorder(self._client)

    def head(self) -> int:
        """Return the last position, 0 when there is none.

        A read whose connection broke is made once more, here and below: it changes nothing.
        """
        try:
            return self._head()
        except LostError:
            return self._head()

    def _head(self) -> int:
        with failing_clearly(self.url):
            return self._client.head() or 0

    def read(
        self, match: Matcher | None, after: int, last: int, limit: int | None = None
    ) -> Iterator[DCBSequencedEvent]:
        """Go through matching events, None matching all, as far as a last position."""
        query = None if match is None else _query(match)
        if after >= last or limit == 0 or (query is not None and not query.items):
            return
        found = self._found(query, after, limit)
        for each in takewhile(lambda each: each.position <= last, found):
            event = each.event
            yield DCBSequencedEvent(
                DCBEvent(event.type, event.data, own_tags(event.tags)), each.position
            )

    def kept(self, last: int) -> Iterator[tuple[int, str, list[str]]]:
        """Go through position, type and every tag that is kept of events, with those made here."""
        for each in takewhile(lambda each: each.position <= last, self._found(None, 0, None)):
            yield each.position, each.event.type, each.event.tags

    def _found(
        self, query: DCBQuery | None, after: int, limit: int | None
    ) -> Iterator[DCBSequencedEvent]:
        try:
            yield from self._once(query, after, limit, seen := [after])
        except LostError:
            if limit is not None and seen[0] != after:
                raise
            yield from self._once(query, seen[0], limit, seen)

    def _once(
        self, query: DCBQuery | None, after: int, limit: int | None, seen: list[int]
    ) -> Iterator[DCBSequencedEvent]:
        most = None if limit is None else min(limit, _MOST)
        with failing_clearly(self.url):
            for each in self._recorder.read(query, after=after, limit=most):
                seen[0] = each.position
                yield each

    def append(self, events: Sequence[DCBEvent], after: int) -> None:
        """Append events right after a position.

        Raises LostError if anything else was appended meanwhile, or if nobody can tell what
        was. What is longer than the server takes at once travels in parts, each kept whole.
        """
        for part in _parts(events):
            condition = DCBAppendCondition(DCBQuery([]), after)
            try:
                with failing_clearly(self.url):
                    self._recorder.append([_with_types(event) for event in part], condition)
            except IntegrityError as error:
                raise LostError(
                    "something else was recorded on the server meanwhile",
                    todo="Try again. If it stays so, somebody writes to it past the ledger.",
                ) from error
            after += len(part)

    def close(self) -> None:
        """End what is still being read."""
        self._client.close()


def typed_tags(name: str, tags: Sequence[str]) -> set[str]:
    """Return the tags that are kept beside an event's own, by which it is found by type."""
    return {name + _NUL, *(f"{name}{_NUL}{tag}" for tag in tags)}


def own_tags(tags: Sequence[str]) -> list[str]:
    """Return the tags that are an event's own."""
    return [tag for tag in tags if _NUL not in tag]


def _with_types(event: DCBEvent) -> DCBEvent:
    found_by = sorted(typed_tags(event.type, event.tags))
    return DCBEvent(event.type, event.data, [*event.tags, *found_by])


def _query(match: Matcher) -> DCBQuery:
    """Return what finds the events that a matcher matches, by tags alone."""
    named = [[name + _NUL] for name in match.types]
    untyped = [[tag, *others] for _, tags, others in match.untyped for tag in tags]
    typed = [
        [f"{name}{_NUL}{each}" for each in (tag, *others)]
        for types, tags, others in match.typed
        for name in types
        for tag in tags
    ]
    return DCBQuery([DCBQueryItem([], tags) for tags in (*named, *untyped, *typed)])


def matches(match: Matcher | None, event: DCBEvent) -> bool:
    """Tell whether an event is one that a matcher matches."""
    if match is None or event.type in match.types:
        return True
    tags = set(event.tags)
    return any(
        (not types or event.type in types) and tags.intersection(any_of) and tags.issuperset(others)
        for types, any_of, others in (*match.typed, *match.untyped)
    )


def _parts(events: Sequence[DCBEvent]) -> Iterator[list[DCBEvent]]:
    part: list[DCBEvent] = []
    size = 0
    for event in events:
        length = len(event.data) + sum(
            2 * len(tag.encode()) + len(event.type) + 16 for tag in event.tags
        )
        if part and size + length > _MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(event)
        size += length
    if part:
        yield part
