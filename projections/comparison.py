"""Whether the views in use say what a rebuild from the record says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_TABLES = (
    "SELECT name FROM main.sqlite_master WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite_%' AND name <> 'state'"
)


def differences(current: Path, rebuilt: Path) -> Iterator[str]:
    """Say in which tables two builds of the views differ; nothing where they are equal."""
    with closing(sqlite3.connect(rebuilt, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS used", (str(current),))
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
