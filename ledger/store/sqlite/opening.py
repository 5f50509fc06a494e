"""The tables of a ledger in SQLite, and how to tell whether a file has them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Final

from ledger.errors import StoreError
from ledger.files import size_of
from ledger.store.sqlite.database import (
    IN_MEMORY,
    TIMEOUT,
    Database,
    DatabaseFailedError,
    damaged,
    failing_clearly,
)

APPLICATION: Final = 0x4C644772
"""SQLite's application_id of a ledger: ASCII "LdGr"."""

VERSION: Final = 2
"""SQLite's user_version: that of these tables, which is not that of the record's format."""

_HEADER: Final = b"SQLite format 3\0"

_NAME_IT: Final = "Name the ledger's file, or make one: `school-ledger init --help`."

_TABLES: Final = (
    """CREATE TABLE events (
        position INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        data BLOB NOT NULL,
        tags TEXT NOT NULL -- a JSON array: their order and repetitions as appended
    )""",
    # The type is in the key because entries by one person, all under that person's tag, can be
    # a great many, of which a decision wants a few types.
    """CREATE TABLE tags (
        tag TEXT NOT NULL,
        type TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (tag, type, position)
    ) WITHOUT ROWID""",
    "CREATE TABLE types (type TEXT, position INTEGER, PRIMARY KEY (type, position)) WITHOUT ROWID",
    # Up to which entry both are complete; after it, `ledger.store.sqlite.indices` looks on.
    "CREATE TABLE indexed (position INTEGER NOT NULL)",
    # Text must not move within the file: SQLite overwrites what it deletes, but not always the
    # copies left behind where rows moved to another page. So rows are only appended, erased in
    # place, and never deleted; and only the salt's digest is indexed, for an index moves its keys.
    """CREATE TABLE vault (
        number INTEGER PRIMARY KEY,
        event TEXT NOT NULL,
        pointer TEXT NOT NULL,
        salt BLOB NOT NULL, -- all zero when erased
        value TEXT NOT NULL,
        salt_digest BLOB NOT NULL UNIQUE,
        UNIQUE (event, pointer)
    )""",
    # A leaf and the nodes above it that it completes, upwards: each entry adds one row at the end.
    "CREATE TABLE log (idx INTEGER PRIMARY KEY, hashes BLOB NOT NULL)",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    f"PRAGMA application_id={APPLICATION}",
    f"PRAGMA user_version={VERSION}",
)


_OF_ANALYZE: Final = frozenset(
    (
        ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
        (
            "table",
            "sqlite_stat4",
            "sqlite_stat4",
            "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
        ),
    )
)
"""What SQLite itself adds to a database when it is asked to analyse it."""

_Object = tuple[str, str, str, str | None]
"""Something that a database has, as `sqlite_master` tells it: its kind, name, table and SQL."""


def open_database(
    name: str, *, create: bool = False, read_only: bool = False, timeout: float = TIMEOUT
) -> Database:
    """Open the ledger's database at a path, or a new one in memory.

    With `create`, makes the tables where there is no file or an empty one, which is its owner's
    alone from the start; SQLite gives what it keeps beside it the same permissions. Raises
    StoreError saying what is there instead of a ledger, and for one that holds anything but what
    this software makes: a trigger, a view or another table may keep what is erased.
    """
    if name == IN_MEMORY:
        database = Database(name, timeout=timeout)
        _create_tables(database)
        return database
    path = Path(name)
    _check_place(path, create=create and not read_only)
    _check_access(path, read_only=read_only)
    if not read_only:
        _check_after_unclean_end(path)
    if create and not read_only:
        _make_private(path)
    database = _open_to_read(path, timeout) if read_only else Database(name, timeout=timeout)
    try:
        _prepare(database, path, create=create)
    except BaseException:
        database.close()
        raise
    return database


def misdeclared(database: Database) -> list[str]:
    """Return the names of what the file declares otherwise than this software, or not, or besides.

    SQLite takes it as it stands there: one letter less, and a table keeps its rows in another way.
    """
    found = frozenset(map(tuple, database.fetch(_OBJECTS)))
    return sorted({str(name) for _, name, *_ in _own_objects() ^ (found - _OF_ANALYZE)})


def _check_place(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder, not a ledger", todo="Name a file in it.")
    if not path.exists():
        _check_absence(path, create=create)
    elif not path.is_file():
        raise StoreError(f"{path} is not a file")


def _make_private(path: Path) -> None:
    """Let a ledger that is about to be made be its owner's alone: it will hold people's names."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    if not path.stat().st_size:
        with suppress(OSError):  # somebody else's file; they chose who may read it
            path.chmod(0o600)


def _check_absence(path: Path, *, create: bool) -> None:
    if not create:
        raise _no_ledger(path)
    if not path.parent.is_dir():
        raise StoreError(f"no folder at {path.parent}", todo="Make it first.")


def _no_ledger(path: Path) -> StoreError:
    return StoreError(
        f"no ledger at {path}",
        todo=_NAME_IT,
    )


def _check_access(path: Path, *, read_only: bool) -> None:
    # SQLite makes files beside the database, so the folder must be writable too.
    if not read_only and not os.access(path.parent, os.W_OK):
        raise _not_writable(path.parent)
    if not path.exists():
        return
    if not os.access(path, os.R_OK):
        raise StoreError(f"{path} cannot be read", todo="Ask its owner for permission.")
    if not read_only and not os.access(path, os.W_OK):
        raise _not_writable(path)
    if path.stat().st_size and not _has_header(path):
        raise StoreError(
            f"{path} is not a ledger", got="a file that is no SQLite database", todo=_NAME_IT
        )


def _check_after_unclean_end(path: Path) -> None:
    """Let SQLite look for damage where whoever wrote last did not close the ledger.

    A write-ahead log that nobody has open tells so. Raises StoreError for what SQLite finds.
    """
    log = path.with_name(f"{path.name}-wal")
    if not path.exists() or not size_of(log):
        return
    with failing_clearly(), closing(sqlite3.connect(path, timeout=0)) as alone:
        # As the first thing asked for, this is refused while anybody else has the file open.
        alone.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            (found,) = alone.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return
            raise
    if found != "ok":
        raise damaged(found)


def _not_writable(path: Path) -> StoreError:
    return StoreError(
        f"{path} cannot be written",
        todo="Ask its owner for permission; what only reads, such as `owes`, works all the same.",
    )


def _has_header(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def _open_to_read(path: Path, timeout: float) -> Database:
    """Open without writing anything that others would notice.

    A folder that cannot be written and has no write-ahead log is taken for one that nobody
    writes, such as read-only media.
    """
    uri = path.absolute().as_uri()
    try:
        # Connecting reads the schema, and so fails at once where the file cannot be read.
        return Database(f"{uri}?mode=ro", read_only=True, timeout=timeout)
    except DatabaseFailedError:
        if os.access(path.parent, os.W_OK):
            raise
    log = path.with_name(f"{path.name}-wal")
    if size_of(log):
        # Without it the last entries would be missing, and nobody would notice.
        raise StoreError(
            f"{path} was not closed, and its write-ahead log cannot be read here",
            todo="Open the ledger once where it can be written, or copy it from there again.",
        )
    return Database(f"{uri}?immutable=1", read_only=True, timeout=timeout)


def _prepare(database: Database, path: Path, *, create: bool) -> None:
    if _is_empty(database):
        if not create or database.read_only:
            raise _no_ledger(path)
        database.use_write_ahead_log()
        _create_tables(database)
    _check_identity(database, path)
    if not database.read_only:
        # Again: a copy made by `VACUUM INTO` is in another mode.
        database.use_write_ahead_log()


def _create_tables(database: Database) -> None:
    with database.writing() as connection:
        if not _is_empty(database):
            return  # another process was faster
        for statement in _TABLES:
            connection.execute(statement)


def _is_empty(database: Database) -> bool:
    return not database.fetch("SELECT 1 FROM sqlite_master LIMIT 1") and not _number(
        database, "application_id"
    )


def _check_identity(database: Database, path: Path) -> None:
    if _number(database, "application_id") != APPLICATION:
        raise StoreError(
            f"{path} is not a ledger", got="an SQLite database of something else", todo=_NAME_IT
        )
    version = _number(database, "user_version")
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a later release of this software",
            got=f"version {version} of its tables",
            expected=f"at most {VERSION}",
            todo="Install that release.",
        )
    if version < VERSION:
        raise StoreError(
            f"{path} was written by an earlier release of this software",
            got=f"version {version} of its tables",
            expected=f"version {VERSION}",
            todo="With that release `school-ledger export entries`, with this one"
            " `school-ledger load` them: text and root stay the same.",
        )
    _check_objects(database, path)


def _check_objects(database: Database, path: Path) -> None:
    found = frozenset(map(tuple, database.fetch(_OBJECTS)))
    own = _own_objects()
    strange, missing = found - own - _OF_ANALYZE, own - found
    if not strange and not missing:
        return
    changed = {name for _, name, _, _ in strange} & {name for _, name, _, _ in missing}
    said = [
        *_named("more", (one for one in strange if one[1] not in changed)),
        *_named("altered", (one for one in strange if one[1] in changed)),
        *_named("missing", (one for one in missing if one[1] not in changed)),
    ]
    raise StoreError(
        f"{path} is not as this software makes a ledger",
        got="; ".join(said),
        expected="its own tables and indexes, and nothing else",
        todo="Nothing was opened: what was put there may change answers, or keep what is erased."
        " Find out who did it, and restore the ledger from a copy of before.",
    )


def _named(how: str, objects: Iterable[_Object]) -> Iterator[str]:
    for kind, name, table, _ in sorted(objects, key=str):
        yield f"{how}: {kind} {name}" + ("" if name == table else f" on {table}")


_OBJECTS: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master"


@cache
def _own_objects() -> frozenset[_Object]:
    """Return what a new ledger has, as SQLite tells it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in _TABLES:
            connection.execute(statement)
        return frozenset(connection.execute(_OBJECTS).fetchall())


def _number(database: Database, pragma: str) -> int:
    (value,) = database.fetch(f"PRAGMA {pragma}")[0]
    return int(value)
