"""Connections to one PostgreSQL database: one that writes, others that read.

What this module is careful about:

- Writing begins with a lock of the table of entries that lets others read: what is decided within
  it stays true until it is committed, so positions have no gaps and appear in order.
- A connection that broke is not used again; the next use makes a new one. Whether what was being
  committed then is recorded nobody can tell here, so that is an error of its own, which whoever
  can repeat safely does.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock, get_ident
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from eventsourcing.persistence import OperationalError
from psycopg import errors

from ledger.errors import StoreError
from ledger.store.base import PAGE, ConnectionLostError

Parameters = Sequence[object] | Mapping[str, object]

TIMEOUT: Final = 60.0
"""Seconds to wait for other writers."""

_CONNECT_SECONDS: Final = 10

TO_WRITE: Final = (
    # What was acknowledged survives a power cut, whatever the server's own setting.
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
)

_SECRET: Final = re.compile(r"[?&](password|sslpassword|passfile)=", re.IGNORECASE)


class DatabaseFailedError(StoreError, OperationalError):
    """PostgreSQL failed: a StoreError to the ledger, an OperationalError to the library."""


class LostError(ConnectionLostError, OperationalError):
    """The server or the connection to it is gone: as above, to both."""


def refuse_secrets(url: str) -> None:
    """Raise StoreError for a URL with a password: it would show to everybody on the machine."""
    try:
        password = urlsplit(url).password
    except ValueError as error:
        raise StoreError("the ledger's URL cannot be read", got=str(error)) from error
    if password or _SECRET.search(url):
        raise StoreError(
            "the ledger's URL holds a password",
            todo="Leave it out, and put it into ~/.pgpass, where libpq finds it:"
            " host:port:database:user:password, readable by you alone.",
        )


def failure(error: psycopg.Error) -> StoreError:
    """Say what PostgreSQL's error means, and what to do about it."""
    got = str(error).strip().partition("\n")[0]
    if isinstance(error, errors.LockNotAvailable):
        return DatabaseFailedError(
            "another process kept the ledger locked for too long",
            got=got,
            todo="Nothing was recorded. See what else writes to the database, then try again.",
        )
    if isinstance(error, errors.DiskFull):
        return DatabaseFailedError(
            "the server's disk is full", got=got, todo="Nothing was recorded. Make room there."
        )
    if isinstance(error, (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)):
        return DatabaseFailedError(
            "the ledger cannot be written or read by this user of the database",
            got=got,
            todo="Nothing was recorded. See what its tables are granted to.",
        )
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return LostError(
            "the database server does not answer, or the connection to it broke",
            got=got,
            todo="See that it runs and can be reached, then try again: what was recorded already"
            " is not recorded twice.",
        )
    return DatabaseFailedError("the database refused", got=got)


@contextmanager
def failing_clearly() -> Iterator[None]:
    """Raise `failure` in place of the driver's own errors."""
    try:
        yield
    except psycopg.Error as error:
        raise failure(error) from error


Connection = psycopg.Connection[tuple[Any, ...]]


class Database:
    """One database, for any thread to use."""

    def __init__(self, url: str, *, read_only: bool = False, timeout: float = TIMEOUT) -> None:
        refuse_secrets(url)
        self.read_only = read_only
        self.lock_timeout = f"{int(timeout * 1000)}ms"
        self._url = url
        self._timeout = timeout
        self._turn = Lock()
        self._owner: int | None = None
        self._idle: deque[Connection] = deque()
        self._after_commit: list[str] = []
        self._closed = False
        # For this transaction alone: erased text waits for its readers as long as they read.
        self._begin = (
            f"BEGIN; SET LOCAL lock_timeout = '{self.lock_timeout}';"
            " LOCK TABLE events IN EXCLUSIVE MODE"
        )
        self._main: Connection | None = None
        self._give_back(self._connect())

    def _connect(self) -> Connection:
        options = "-c default_transaction_read_only=on" if self.read_only else ""
        with failing_clearly():
            connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
                options=options,
                client_encoding="UTF8",
            )
            connection.prepare_threshold = 1
        return connection

    # Reading.

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """Return all rows, as this thread's `writing` sees them if it is within one."""
        return self.fetch_each([(sql, parameters)])[0]

    def fetch_each(self, statements: Sequence[tuple[str, Parameters]]) -> list[list[Any]]:
        """Return all rows of each statement, every one as of the same moment.

        A read whose connection broke is made once more: it changes nothing.
        """
        if self._owner == get_ident():
            return _fetched(self._writer(), statements)
        try:
            return self._read(statements)
        except LostError:
            self._close_idle()
            return self._read(statements)

    def _read(self, statements: Sequence[tuple[str, Parameters]]) -> list[list[Any]]:
        with self._reader() as connection:
            if len(statements) == 1:
                return _fetched(connection, statements)
            with failing_clearly():
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                return _fetched(connection, statements)
            finally:
                self._undo(connection)

    def scan(self, sql: str, after: int, last: int, page: int = PAGE) -> Iterator[Any]:
        """Go through rows page by page, holding nothing in between.

        The statement takes (after, last, limit) and selects rows by ascending first column, an
        integer, from above `after` up to `last`; `page` rows at a time.
        """
        while rows := self.fetch(sql, (after, last, page)):
            yield from rows
            after = rows[-1][0]

    @contextmanager
    def plain(self) -> Iterator[Connection]:
        """Lend a connection as it is, for whoever makes the tables."""
        with self._reader() as connection:
            yield connection

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        self._refuse_if_closed()
        connection = self._borrowed()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _borrowed(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed:
                return connection
        return self._connect()

    def _give_back(self, connection: Connection) -> None:
        if connection.closed or connection.broken:
            return
        self._idle.append(connection)
        if self._closed:
            self._close_idle()

    # Writing.

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write alone, in one transaction: all is kept at the end, or nothing after an exception.

        Raises StoreError within another `writing` of this thread, and ConnectionLostError where
        the connection broke: nobody can tell then whether all was kept or nothing.
        """
        if self.read_only:
            raise StoreError("the ledger is open for reading only")
        if self._owner == get_ident():
            raise StoreError("internal error: writing() within writing()")
        with self._taking_turns():
            self._refuse_if_closed()
            connection = self._ready_to_write()
            self._owner = get_ident()
            try:
                yield connection
                with failing_clearly():
                    connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise
            finally:
                self._owner = None
            self._finish(connection)

    def _ready_to_write(self) -> Connection:
        self._after_commit = []
        connection = self._to_write()
        try:
            with failing_clearly():
                # Several statements at once, which a prepared one cannot be.
                connection.execute(self._begin, prepare=False)
        except StoreError:
            self._undo(connection)
            raise
        return connection

    def _to_write(self) -> Connection:
        if self._main is None or self._main.closed:
            self._main = self._connect()
            with failing_clearly():
                self._main.execute(TO_WRITE)
        return self._main

    def call(self, sql: str, parameters: Parameters) -> list[Any]:
        """Return the rows of one statement that writes, in a transaction of its own.

        Raises as `writing` does, but for what a constraint forbids: that is the caller's to tell.
        """
        if self.read_only:
            raise StoreError("the ledger is open for reading only")
        if self._owner == get_ident():
            raise StoreError("internal error: call() within writing()")
        with self._taking_turns():
            self._refuse_if_closed()
            connection = self._to_write()
            try:
                return connection.execute(sql, parameters).fetchall()
            except (psycopg.IntegrityError, errors.NoDataFound):
                raise
            except psycopg.Error as error:
                self._undo(connection)
                raise failure(error) from error
            except BaseException:
                self._undo(connection)
                raise

    def _undo(self, connection: Connection) -> None:
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()

    def _finish(self, connection: Connection) -> None:
        with failing_clearly():
            for statement in self._after_commit:
                connection.execute(statement)

    @contextmanager
    def joining(self) -> Iterator[Connection]:
        """Write in this thread's `writing`, or in one of its own."""
        if self._owner == get_ident():
            with failing_clearly():
                yield self._writer()
            return
        with self.writing() as connection, failing_clearly():
            yield connection

    def in_writing(self) -> Connection:
        """Return the connection of this thread's `writing`; raises StoreError outside of one."""
        if self._owner != get_ident():
            raise StoreError("internal error: not within writing()")
        return self._writer()

    def _writer(self) -> Connection:
        if self._main is None:
            raise StoreError("internal error: not within writing()")
        return self._main

    def after_commit(self, statement: str) -> None:
        """Have a statement run once this `writing` is over, which takes no transaction."""
        self._after_commit.append(statement)

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._timeout):
            raise DatabaseFailedError(
                "another thread kept the ledger locked for too long",
                todo="Nothing was recorded. Try again.",
            )
        try:
            yield
        finally:
            self._turn.release()

    # Closing.

    def close(self) -> None:
        """Close every connection; those in use when their reads are over."""
        if self._owner == get_ident():
            raise StoreError("internal error: close() within writing()")
        self._closed = True
        self._close_idle()
        with self._taking_turns():
            if self._main is not None:
                self._main.close()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreError("the ledger is closed")

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _fetched(
    connection: Connection, statements: Sequence[tuple[str, Parameters]]
) -> list[list[Any]]:
    with failing_clearly():
        return [connection.execute(*statement).fetchall() for statement in statements]
