"""Connections to one SQLite file: one that writes, others that read.

What this module is careful about:

- Writing begins with BEGIN IMMEDIATE. A plain BEGIN that reads before it writes fails with
  "database is locked" as soon as anyone else has written, whatever the timeout.
- Every statement is fetched to its end before anything else happens. One that is half read holds
  its snapshot, and so keeps the write-ahead log from shrinking; long reads go by pages (`scan`),
  which loses nothing, since entries never change.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from types import TracebackType
from typing import Any, Final
from weakref import WeakSet

from ledger.errors import StoreError
from ledger.store.base import PAGE

Parameters = Sequence[object] | Mapping[str, object]

IN_MEMORY: Final = ":memory:"

TIMEOUT: Final = 60.0
"""Seconds to wait for other writers; sixteen that record at once wait far less."""

_RETRY: Final = 0.01

_open: WeakSet[Database] = WeakSet()

_DURABLY: Final = "PRAGMA synchronous=FULL"
_LAZILY: Final = "PRAGMA synchronous=NORMAL"

_TO_WRITE: Final = (
    "PRAGMA trusted_schema=OFF",  # no function runs because the file says so
    _DURABLY,  # what was acknowledged survives a power cut
    "PRAGMA secure_delete=ON",  # what was erased is overwritten, not merely unlinked
    "PRAGMA temp_store=MEMORY",  # no temporary file holds what is erased later
    "PRAGMA cache_size=-65536",  # KiB: a bulk chunk touches some ten thousand pages
)

_CHECKPOINT: Final = 1_000
"""Pages of the write-ahead log, after which it begins anew: a short one is written again sooner,
and a file that does not grow is synced faster."""

_CHECKPOINT_OF_MANY: Final = 16_000
"""The same while many are recorded together: chunk after chunk changes the same pages."""

_TO_READ: Final = (
    "PRAGMA trusted_schema=OFF",  # as above
    "PRAGMA temp_store=MEMORY",  # as above
    "PRAGMA query_only=ON",
    "PRAGMA cache_size=-2000",  # KiB: whoever reads on through a record only fills a larger one
)

FAILURES: Final = (sqlite3.Error, UnicodeDecodeError)
"""What the module raises: the latter where a damaged file makes it say what is no text."""

# Also what SQLite makes of a page that the disk failed to read, which may pass: a copy that is
# older than the last entry must not be put in its place for that.
_DAMAGED: Final = (
    "the ledger's file is damaged",
    "Try again; if it is so again, check the disk and restore it from a copy.",
)

_REASONS: Final = {
    sqlite3.SQLITE_BUSY: (
        "another process kept the ledger locked for too long",
        "Nothing was recorded. See what else has the file open, then try again.",
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        "Nothing was recorded. Make room, then try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "the ledger cannot be written",
        "See who may write the file and its folder.",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk did not do what was asked of it",
        "Check the disk. What was acknowledged before is recorded.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the ledger's file cannot be opened",
        "See that it is still there, and who may read it and its folder.",
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: ("the ledger's file is damaged", "Restore it from a copy."),
}


class DatabaseFailedError(StoreError):
    """SQLite failed."""


def is_any_open() -> bool:
    """Tell whether this process has a database open.

    SQLite counts a process's locks in its memory, so a copy of a process that has a file open
    would take those locks for its own.
    """
    return len(_open) > 0


def damaged(got: str) -> DatabaseFailedError:
    """Say that the file is damaged, by what was found in it."""
    return DatabaseFailedError(_DAMAGED[0], got=got, todo=_DAMAGED[1])


def failure(error: Exception) -> DatabaseFailedError:
    """Say what SQLite's error means, and what to do about it."""
    if isinstance(error, UnicodeDecodeError):
        return damaged("text that is none")
    # Errors of the module itself, such as the use of a closed connection, carry no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
    what, todo = _REASONS.get(code & 0xFF, ("the database refused", None))
    return DatabaseFailedError(what, got=str(error), todo=todo)


class _FailingClearly:
    # A class, for a generator takes six times as long, and each append enters several.
    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _kind: object, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, FAILURES):
            raise failure(error) from error


_FAILING_CLEARLY: Final = _FailingClearly()


def failing_clearly() -> _FailingClearly:
    """Raise `failure` in place of SQLite's own errors."""
    return _FAILING_CLEARLY


class _Turns:
    """Threads write in turn, and wait so many seconds at most."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._lock = Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._timeout):
            raise DatabaseFailedError(
                "another thread kept the ledger locked for too long",
                todo="Nothing was recorded. Try again.",
            )

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Database:
    """One database, for any thread to use.

    `name` is a path, `:memory:`, or a `file:` URI. A database in memory has one connection only,
    which threads use in turn.
    """

    def __init__(self, name: str, *, read_only: bool = False, timeout: float = TIMEOUT) -> None:
        self.read_only = read_only
        self.in_memory = name == IN_MEMORY
        self._name = name
        self._timeout = timeout
        self._turns = _Turns(timeout)
        self._owner: int | None = None
        self._idle: deque[sqlite3.Connection] = deque()
        self._must_truncate = self._must_sync = False
        self._closed = False
        self._checkpoint = 0
        with failing_clearly():
            self._main = self._connect(_TO_READ if read_only else _TO_WRITE)
        _open.add(self)

    def _connect(self, pragmas: Sequence[str]) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._name,
            uri=self._name.startswith("file:"),
            timeout=self._timeout,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            for pragma in pragmas:
                connection.execute(pragma)
        except FAILURES:
            connection.close()
            raise
        return connection

    def use_write_ahead_log(self) -> None:
        """Let readers and the writer not wait for each other, from now on and in every process."""
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                self._main.execute("PRAGMA journal_mode=WAL")
            except FAILURES as error:
                # While another process does the same, SQLite says so at once, without waiting.
                code = getattr(error, "sqlite_errorcode", None)
                if code != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise failure(error) from error
                time.sleep(_RETRY)
            else:
                return

    # Reading.

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """Return all rows, as this thread's `writing` sees them if it is within one."""
        try:
            if self._owner == get_ident():
                return self._main.execute(sql, parameters).fetchall()
            with self._reader() as connection:
                return connection.execute(sql, parameters).fetchall()
        except FAILURES as error:
            raise failure(error) from error

    def fetch_each(self, statements: Sequence[tuple[str, Parameters]]) -> list[list[Any]]:
        """Return all rows of each statement, every one as of the same moment."""
        if self._owner == get_ident():
            return [self.fetch(*statement) for statement in statements]
        with failing_clearly(), self._reader() as connection:
            connection.execute("BEGIN")
            try:
                return [connection.execute(*statement).fetchall() for statement in statements]
            finally:
                connection.execute("ROLLBACK")

    def scan(self, sql: str, after: int, last: int, page: int = PAGE) -> Iterator[Any]:
        """Go through rows page by page, holding nothing in between.

        The statement takes (after, last, limit) and selects rows by ascending first column, an
        integer, from above `after` up to `last`; `page` rows at a time.
        """
        while rows := self.fetch(sql, (after, last, page)):
            yield from rows
            after = rows[-1][0]

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        if self.in_memory:
            with self._turns:
                self._refuse_if_closed()
                yield self._main
            return
        connection = self._borrow()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _borrow(self) -> sqlite3.Connection:
        self._refuse_if_closed()
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect(_TO_READ)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        self._idle.append(connection)
        if self._closed:
            self._close_idle()

    # Writing.

    @contextmanager
    def writing(self, *, lazily: bool = False) -> Iterator[sqlite3.Connection]:
        """Write alone, in one transaction: all is kept at the end, or nothing after an exception.

        What is written `lazily` outlives this process, and a power cut from whatever is written
        otherwise next, or where `sync_after_commit` is called. Raises StoreError within another
        `writing` of this thread.
        """
        if self.read_only:
            raise StoreError("the ledger is open for reading only")
        if self._owner == get_ident():
            raise StoreError("internal error: writing() within writing()")
        with self._turns:
            self._refuse_if_closed()
            self._must_truncate = self._must_sync = False
            with failing_clearly():
                if lazily:
                    self._main.execute(_LAZILY)
                self._main.execute("BEGIN IMMEDIATE")
            self._owner = get_ident()
            try:
                yield self._main
                with failing_clearly():
                    self._main.execute("COMMIT")
            finally:
                self._owner = None
                if self._main.in_transaction:
                    with failing_clearly():
                        self._main.execute("ROLLBACK")
                if lazily:
                    with failing_clearly():
                        self._main.execute(_DURABLY)
            if self._must_sync:
                self._sync_log()
            if self._must_truncate:
                self._truncate_log()

    def sync_after_commit(self) -> None:
        """Have what this `writing` writes lazily outlive a power cut once it is over."""
        self._must_sync = True

    def _sync_log(self) -> None:
        """Do what SQLite does at the end of a commit that is not lazy."""
        _, _, path = self._main.execute("PRAGMA database_list").fetchone()  # the main one
        try:
            with Path(f"{path}-wal").open("rb+") as log:
                os.fsync(log.fileno())
        except OSError as error:
            raise DatabaseFailedError(
                "what was recorded may be lost by a power cut",
                got=str(error),
                todo="See that the disk is sound, then say it again: it is not recorded twice.",
            ) from error

    @contextmanager
    def joining(self) -> Iterator[sqlite3.Connection]:
        """Write in this thread's `writing`, or in one of its own."""
        if self._owner == get_ident():
            with failing_clearly():
                yield self._main
            return
        with self.writing() as connection, failing_clearly():
            yield connection

    def expect(self, *, many: bool) -> None:
        """Be told, within this thread's `writing`, whether it keeps many entries or a few."""
        pages = _CHECKPOINT_OF_MANY if many else _CHECKPOINT
        if pages != self._checkpoint:
            self._checkpoint = pages
            self._main.execute(f"PRAGMA wal_autocheckpoint={pages}")

    def in_writing(self) -> sqlite3.Connection:
        """Return the connection of this thread's `writing`; raises StoreError outside of one."""
        if self._owner != get_ident():
            raise StoreError("internal error: not within writing()")
        return self._main

    # Erasing.

    def truncate_log_after_commit(self) -> None:
        """Empty the write-ahead log once this `writing` is over; it still has what was erased."""
        self._must_truncate = True

    def _truncate_log(self) -> None:
        with failing_clearly():
            blocked, _, _ = self._main.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if blocked:
            raise StoreError(
                "what was erased is still in the ledger's write-ahead log,"
                " because another process is using the ledger",
                todo="End that process, then erase again.",
            )

    # Closing.

    def close(self) -> None:
        """Close every connection; those in use when their reads are over."""
        if self._owner == get_ident():
            raise StoreError("internal error: close() within writing()")
        self._closed = True
        self._close_idle()
        with self._turns:
            self._main.close()
        _open.discard(self)

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreError("the ledger is closed")

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()
