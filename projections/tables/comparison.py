"""Whether the views in use say what a rebuild from the record says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from ledger.store.base import EntryStore, Row
from projections.tables.views import Views

_TABLES = (
    "SELECT name FROM main.sqlite_master WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite_%' AND name <> 'state'"
)
_SCHEMA = "SELECT name, type, tbl_name, sql FROM {}.sqlite_master"
_POSITION = "SELECT value FROM {}.state WHERE name = 'position'"
_TRIES = 20


def differences_from_rebuild(
    used: Views, store: EntryStore, build: Callable[[EntryStore, Path], Views]
) -> list[str]:
    """Return in which tables the views in use differ from such as are built anew.

    Others may be recording and asking meanwhile: both are compared at one position, that up to
    which the views in use have come.
    """
    with TemporaryDirectory(prefix="school-ledger-check-") as folder:
        for _ in range(_TRIES):
            current = used.caught_up()
            part = cast("EntryStore", _UpTo(store, used.position(current)))
            found = differences(current, build(part, Path(folder)).caught_up())
            if found is not None:
                return found
    return ["others caught the views up all the while, so they could not be compared"]


class _UpTo:
    """A store as it was when it had so many entries, for building views of them."""

    def __init__(self, store: EntryStore, last: int) -> None:
        self._store = store
        self._last = last

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def head(self) -> int:
        return self._last

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        return takewhile(lambda row: row[0] <= self._last, self._store.entries(after, limit))


def differences(current: Path, rebuilt: Path) -> list[str] | None:
    """Say in which tables two builds of the views differ; None if one has come further."""
    try:
        return _differences(current, rebuilt)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return [f"they cannot be compared: {error}"]


def _differences(current: Path, rebuilt: Path) -> list[str] | None:
    uris = [f"{path.absolute().as_uri()}?mode=ro" for path in (rebuilt, current)]
    with closing(sqlite3.connect(uris[0], uri=True, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS used", (uris[1],))
        connection.execute("BEGIN")  # one moment for all that is read
        one, other = (
            connection.execute(_POSITION.format(name)).fetchone() for name in ("main", "used")
        )
        return list(_differing(connection)) if one == other else None


def _differing(connection: sqlite3.Connection) -> Iterator[str]:
    one, other = (set(connection.execute(_SCHEMA.format(name))) for name in ("main", "used"))
    if one != other:
        names = ", ".join(sorted(str(row[0]) for row in one ^ other))
        yield f"the tables and indices are not declared as those of a rebuild: {names}"
        return
    for (table,) in connection.execute(_TABLES).fetchall():
        missing = _count(connection, f"main.{table}", f"used.{table}")
        beyond = _count(connection, f"used.{table}", f"main.{table}")
        if missing or beyond:
            yield (
                f"the table {table} lacks {missing} rows of a rebuild and has {beyond} that a"
                " rebuild has not"
            )


def _count(connection: sqlite3.Connection, one: str, other: str) -> int:
    """Return how many rows, repetitions among them, one table has and another has not."""
    rows = f"SELECT *, count(*) FROM {one} GROUP BY {_columns(connection, one)}"  # noqa: S608 - names of our own tables
    others = rows.replace(one, other, 1)
    found = connection.execute(f"SELECT count(*) FROM ({rows} EXCEPT {others})").fetchone()  # noqa: S608 - as above
    return int(found[0])


def _columns(connection: sqlite3.Connection, table: str) -> str:
    schema, _, name = table.partition(".")
    rows = connection.execute(f"PRAGMA {schema}.table_info({name})")
    return ", ".join(row[1] for row in rows)
