"""A report as an SQLite database: its rows, what its columns mean, and what the answer rests on.

Three tables: one called as the report, `columns`, and `about`; and `events`, the ids of the events
behind each row, where rows name several. Days and moments are text in ISO 8601, amounts are
numbers, yes and no are 1 and 0.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from ledger.errors import FileError
from projections.exports.base import Made, as_text, facts
from projections.reports.base import Report
from projections.reports.columns import Column

_TYPES = {"amount": "NUMERIC", "pounds": "NUMERIC", "number": "INTEGER", "yes_no": "INTEGER"}


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a database."""
    # SQLite writes files by name only.
    with tempfile.TemporaryDirectory(prefix="school-ledger-") as folder:
        path = Path(folder) / "report.sqlite"
        try:
            with closing(sqlite3.connect(path)) as connection, connection:
                _fill(connection, report, made)
        except sqlite3.OperationalError as error:
            raise FileError(
                f"the database cannot be written in {folder}",
                got=str(error),
                todo="Is there room on that disk? TMPDIR names another.",
            ) from error
        with path.open("rb") as database:
            shutil.copyfileobj(database, file)


def _fill(connection: sqlite3.Connection, report: Report, made: Made) -> None:
    rows = list(report.rows)
    _tell_about(connection, report, rows, made)
    single = [column for column in report.columns if column.type != "events"]
    several = [column for column in report.columns if column.type == "events"]
    table = _name(report.name)
    typed = [f"{_name(column.name)} {_TYPES.get(column.type, 'TEXT')}" for column in single]
    connection.execute(f"CREATE TABLE {table} (row INTEGER PRIMARY KEY, {', '.join(typed)})")
    marks = ", ".join("?" * (len(single) + 1))
    connection.executemany(
        f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608 - a name of our own
        ((number, *_values(row, single)) for number, row in enumerate(rows, start=1)),
    )
    if several:
        connection.execute(
            f"CREATE TABLE events (row INTEGER NOT NULL REFERENCES {table} (row),"
            " event TEXT NOT NULL, PRIMARY KEY (row, event))"
        )
        connection.executemany("INSERT INTO events VALUES (?, ?)", _events(rows, several))


def _tell_about(
    connection: sqlite3.Connection, report: Report, rows: list[dict[str, Any]], made: Made
) -> None:
    connection.execute("CREATE TABLE about (name TEXT NOT NULL, value TEXT NOT NULL)")
    told = [("Report", report.title), *facts(report, rows, made)]
    told += [("Note", note) for note in report.notes]
    connection.executemany("INSERT INTO about VALUES (?, ?)", told)
    connection.execute(
        "CREATE TABLE columns (name TEXT PRIMARY KEY, title TEXT NOT NULL, meaning TEXT NOT NULL)"
    )
    meant = [(column.name, column.title, column.meaning) for column in report.columns]
    connection.executemany("INSERT INTO columns VALUES (?, ?, ?)", meant)


def _values(row: dict[str, Any], columns: list[Column]) -> Iterator[Any]:
    for column in columns:
        value = row.get(column.name)
        if isinstance(value, list):
            value = as_text(column, value)
        yield None if value == "" else value


def _events(rows: list[dict[str, Any]], several: list[Column]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows, start=1):
        events = (event for column in several for event in row.get(column.name) or ())
        yield from ((number, event) for event in dict.fromkeys(events))


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
