"""Views: disposable tables beside the ledger, rebuilt at will, caught up before they are read.

Each build is a file of its own in the folder `<ledger>.views`; the text file `current` names the
one in use and is replaced atomically, so a reader keeps the file that it opened. A view that does
not match the record, by position and leaf hash, is built anew, and so is one that is not what was
written into it (`projections.tables.sums`). Nothing here imports the vocabulary: a view that is
caught up is read without it.

Whoever reads opens the file for reading only, so that it is changed by those alone who catch up:
one after the other, each leaving the sums of what it left.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import sqlite3
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ledger.days import day_of, first_moment_after, today
from ledger.files import plain
from ledger.store import is_file, stem
from ledger.store.base import EntryStore
from projections.errors import ProjectionError
from projections.tables import sums

CURRENT = "current"
LOCK = "lock"
_STATE = "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
_NAME = re.compile(r"[0-9a-f]{16}\.db")
_LONGEST_NAME = 100
_BUSY_SECONDS = 60
_ABANDONED_SECONDS = 24 * 60 * 60
_TRIES = 3
_WRITING = 65_536
_READING = 8_192
#: What the module raises of a damaged file: the latter where it says what is no text.
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)


class Layout(NamedTuple):
    """A projection's tables: its name, version, tables and indices, as SQL scripts."""

    name: str
    version: int | str
    tables: str
    indices: str


class Progress(NamedTuple):
    """How far a view has come: its last position and the leaf hash there."""

    position: int
    leaf: str


Builder = Callable[[sqlite3.Connection, EntryStore, int, bool], None]


class Views:
    """The views of one ledger: a folder, the layouts, and the fold that fills their tables.

    `fold(connection, store, after, complete)` applies the entries after a position, within the
    transaction that is open.
    """

    def __init__(
        self, store: EntryStore, folder: Path | None, layouts: Sequence[Layout], fold: Builder
    ) -> None:
        """Look after the views of a store; without a folder they live and die with this object."""
        self._store = store
        self._layouts = layouts
        self._fold = fold
        self.folder = folder or Path(tempfile.mkdtemp(prefix="school-ledger-views-"))
        if folder is None:
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Catch up, and lend a connection to the tables.

        What the database cannot read is no answer: ProjectionError, and they are built anew next
        time.
        """
        path, opened = self._opened()
        with closing(opened) as connection:
            connection.row_factory = sqlite3.Row
            try:
                yield connection
            except _UNREADABLE as error:
                if _is_busy(error):
                    raise ProjectionError(
                        f"the views at {path} are in use: {error}", todo="Ask again."
                    ) from error
                with suppress(OSError):
                    sums.sums_path(path).unlink()
                raise ProjectionError(
                    f"the views at {path} cannot be read: {error}",
                    todo="Ask again: they are then made anew from the record.",
                ) from error

    def _opened(self) -> tuple[Path, sqlite3.Connection]:
        for _ in range(_TRIES):
            # Whoever built new views meanwhile took these away.
            with suppress(ProjectionError):
                path = self.caught_up()
                return path, _connect(path)
        path = self.caught_up()
        return path, _connect(path)

    def caught_up(self) -> Path:
        """Bring the view up to the last entry and return its file; build it where it is no use."""
        path = self._current()
        if path is None or not self._is_whole(path) or not self._matches(path):
            return self.rebuild()
        if self._progress(path).position < self._store.head() and not self._catch_up(path):
            return self.rebuild()
        return path

    def _is_whole(self, path: Path) -> bool:
        """Whether the views are what was written into them, as far as each question asks."""
        if _holds(path):
            return True
        # Somebody may just be catching up: wait for that, and look again.
        with self._alone():
            return _holds(path)

    def damage(self) -> str | None:
        """Say what is wrong with the file in use, read as a whole; None if it is sound or absent.

        Whether it holds what a rebuild would is not asked. One that has no sums, as an earlier
        release left it, is no use to anybody, and is made anew before any answer.
        """
        path = self._current()
        if path is None or not path.exists() or not sums.sums_path(path).exists():
            return None
        with self._alone():
            if not _holds(path, whole=True):
                return "they are not what was written into them"
            try:
                with closing(_connect(path)) as connection:
                    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            except (*_UNREADABLE, ProjectionError) as error:
                found = str(error)
        return None if found == "ok" else f"the database finds them damaged: {found}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else catch up these views meanwhile, and wait for whoever does."""
        with _failing_clearly(self.folder):
            # What SQLite locks, it lets go of when its process dies.
            os.close(os.open(self.folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600))
            lock = sqlite3.connect(self.folder / LOCK, timeout=_BUSY_SECONDS, isolation_level=None)
        with closing(lock):
            with _failing_clearly(self.folder):
                lock.execute("BEGIN EXCLUSIVE")
            yield

    def position(self, path: Path) -> int:
        """Return up to which position a view has come."""
        return self._progress(path).position

    def rebuild(self) -> Path:
        """Build the views from nothing beside the old ones, then let them take over."""
        with _failing_clearly(self.folder):
            # Its owner's alone, as the ledger is: they hold what the record says of people.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self.folder / f"{secrets.token_hex(8)}.db"
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(_connect(path, mode="rwc")) as connection:
                self._build(connection)
                connection.execute("PRAGMA journal_mode=WAL")
            _sync(path)
            sums.write(path, sums.taken(path))
            self._take_over(path)
        return path

    def _build(self, connection: sqlite3.Connection) -> None:
        connection.execute(_STATE)
        for layout in self._layouts:
            connection.executescript(layout.tables)
        connection.execute("BEGIN")
        self._fold(connection, self._store, 0, True)  # noqa: FBT003 - complete, from nothing
        self._note(connection)
        connection.execute("COMMIT")
        for layout in self._layouts:
            connection.executescript(layout.indices)
        # Which index narrows most is told as well by some rows of each as by all of them.
        connection.executescript("PRAGMA analysis_limit=400; ANALYZE")

    def _catch_up(self, path: Path) -> bool:
        """Apply what was recorded since; tell whether the file was whole, and so could be."""
        with self._alone(), _failing_clearly(self.folder):
            before = sums.read(path)
            if before is None or not sums.holds(path, before):
                return False
            with closing(_connect(path, mode="rw")) as connection:
                # Locked first, read then: what was applied meanwhile must not be applied again.
                connection.execute("BEGIN IMMEDIATE")
                after = _read_progress(connection).position
                self._fold(connection, self._store, after, False)  # noqa: FBT003 - after `after`
                self._note(connection)
                connection.execute("COMMIT")
                dirty = sums.dirty_blocks(path)
                # Not waiting for who reads: the log then stays, and its sum with it.
                connection.execute("PRAGMA busy_timeout=0")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            sums.write(path, sums.taken(path, before, dirty))
        return True

    def _note(self, connection: sqlite3.Connection) -> None:
        position = int(
            connection.execute("SELECT value FROM state WHERE name='folded'").fetchone()[0]
        )
        leaf = self._leaf(position)
        rows = [("position", str(position)), ("leaf", leaf), ("layouts", self._signature())]
        connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", rows)

    def _leaf(self, position: int) -> str:
        if position == 0:
            return ""
        leaf = self._store.log.get(0, position - 1)
        return leaf.hex() if leaf else ""

    def _signature(self) -> str:
        return ",".join(f"{layout.name}-{layout.version}" for layout in self._layouts)

    def _matches(self, path: Path) -> bool:
        """Whether the view was folded from this very record, as far as it has come."""
        try:
            progress = self._progress(path)
        except (ProjectionError, ValueError):
            return False
        if progress.position > self._store.head():
            return False
        return progress.leaf == self._leaf(progress.position)

    def _progress(self, path: Path) -> Progress:
        with _failing_clearly(path), closing(_connect(path)) as connection:
            layouts = connection.execute("SELECT value FROM state WHERE name='layouts'").fetchone()
            if layouts is None or layouts[0] != self._signature():
                return Progress(0, "other layouts")
            return _read_progress(connection)

    def _current(self) -> Path | None:
        try:
            with plain(self.folder / CURRENT) as file:
                name = file.read(_LONGEST_NAME).decode().strip()
        except (OSError, UnicodeDecodeError):
            return None
        path = self.folder / name
        return path if _NAME.fullmatch(name) and not path.is_symlink() else None

    def _take_over(self, path: Path) -> None:
        before = self._current()
        pointer = self.folder / f"{CURRENT}.{secrets.token_hex(4)}"
        pointer.write_text(path.name + "\n")
        pointer.replace(self.folder / CURRENT)
        # Others may be building here too: of what is not known to be out of use, only the old goes.
        abandoned = time.time() - _ABANDONED_SECONDS
        for old in _built_in(self.folder):
            if old == before or (old != path and _changed_at(old) < abandoned):
                _remove(old)


def _built_in(folder: Path) -> list[Path]:
    """Return the views that were built in a folder: nothing of another name, and no link.

    What else lies there is somebody's, whatever it is called; a link leads to it.
    """
    with os.scandir(folder) as entries:
        return [
            folder / entry.name
            for entry in entries
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()  # gone already


def _sync(path: Path) -> None:
    # All at once, before the pointer names it: nothing was synchronised while it was built.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    # Whoever still reads it keeps the open file; a system that forbids that keeps it till later.
    for suffix in ("", "-wal", "-shm", ".sums"):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink()


def _is_busy(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _holds(path: Path, *, whole: bool = False) -> bool:
    noted = sums.read(path)
    try:
        return noted is not None and sums.holds(path, noted, whole=whole)
    except OSError:
        return False  # taken away


def _connect(path: Path, mode: str = "ro") -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with _failing_clearly(path):
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        with _failing_clearly(path):
            if mode == "rwc":
                # Nothing is lost if a build dies: the pointer still names the old one. Pages are
                # twice the usual size: larger ones are built faster, but caught up more slowly.
                connection.executescript(
                    "PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"
                )
            elif mode == "rw":
                connection.execute("PRAGMA synchronous=NORMAL")
            # Who writes comes back to the same pages; who reads has the system's own cache.
            kibibytes = _READING if mode == "ro" else _WRITING
            connection.execute(f"PRAGMA cache_size=-{kibibytes}")
    except ProjectionError:
        connection.close()
        raise
    return connection


@contextmanager
def _failing_clearly(place: Path) -> Iterator[None]:
    try:
        yield
    except (*_UNREADABLE, OSError) as error:
        raise ProjectionError(
            f"the views at {place} cannot be used: {error}",
            todo="Make room or see who may write there; they can be deleted at any time, and are"
            " made anew from the record.",
        ) from error


def _read_progress(connection: sqlite3.Connection) -> Progress:
    state = dict(connection.execute("SELECT name, value FROM state").fetchall())
    return Progress(int(state.get("position", 0)), state.get("leaf", ""))


def folder_for(url: str, cache: Path | None = None) -> Path | None:
    """Return the folder of a ledger's views; None where it must be a temporary one.

    It lies beside the ledger's file. Views of a server's ledger are the reader's own: they lie in
    `cache`, the user's folder of what can be made anew, under a digest of the URL.
    """
    if url == ":memory:":
        return None
    folder = _beside(stem(url)) if is_file(url) else cache and _cached(url, cache)
    if folder is None or folder.is_symlink():
        return None  # a link may lead into another ledger's
    return folder if os.access(_nearest(folder), os.W_OK) else None


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".views")


def _cached(url: str, cache: Path) -> Path:
    return cache / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.views"


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())


class Moment(NamedTuple):
    """What a question is about: the day that it asks for, and the last position that it knows."""

    as_of: str
    known_at: int


def moment(
    connection: sqlite3.Connection, as_of: str | None = None, known_at: str | int | None = None
) -> Moment:
    """Return the moment of a question, from dates or a position as given.

    Without `as_of` the day known at, or today; `known_at` is a position, or a day: then all is
    known up to the last entry whose effective time is on or before it (docs/reference/format.md,
    *Entry*).
    """
    last = int(_read_progress(connection).position)
    if known_at is None:
        return Moment(as_of or today(datetime.now(UTC)).isoformat(), last)
    if isinstance(known_at, int) or known_at.isdecimal():
        position = int(known_at)
        if not last:
            raise ProjectionError(
                f"the record has no entry at position {position}, for it has none yet",
                todo="Found the ledger with `school-ledger init`.",
            )
        if not 1 <= position <= last:
            raise ProjectionError(
                f"the record has no entry at position {position}",
                expected=f"a position from 1 to {last:,}",
            )
        return Moment(as_of or day_of(_effective_at(connection, position)), position)
    day = _day(known_at)
    row = connection.execute(
        "SELECT max(position) FROM entries WHERE effective_at < ?", (first_moment_after(day),)
    ).fetchone()
    return Moment(as_of or day.isoformat(), row[0] or 0)


def _effective_at(connection: sqlite3.Connection, position: int) -> str:
    """Return the effective time at a position; where a part has no entry there, the last before."""
    sql = "SELECT effective_at FROM entries WHERE position <= ? ORDER BY position DESC LIMIT 1"
    return str(connection.execute(sql, (position,)).fetchone()[0])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ProjectionError(
            "not a day or position", got=text, expected="2025-12-31, or a position such as 412"
        ) from error


def rows_of(connection: sqlite3.Connection, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    """Return rows as mappings."""
    return [dict(row) for row in connection.execute(sql, parameters)]
