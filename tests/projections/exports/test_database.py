"""Databases: every value reads back, with the events behind each row and what columns mean."""

import asyncio
import io
import sqlite3
from contextlib import closing

import pytest
from exports_reading import texts
from hostile_report import MADE, written

from projections.exports.database import write


@pytest.fixture
def lent(tmp_path):
    """Return the database of a report, opened for reading."""
    opened = []

    def lend(report):
        file = io.BytesIO()
        write(report, MADE, file)
        place = tmp_path / "owes.sqlite"
        place.write_bytes(file.getvalue())
        connection = sqlite3.connect(place)
        connection.row_factory = sqlite3.Row
        opened.append(closing(connection))
        return opened[-1].__enter__()

    yield lend
    for one in opened:
        one.__exit__(None, None, None)


def test_every_value_reads_back(lent, hostile):
    connection = lent(hostile)
    rows = [dict(row) for row in connection.execute("SELECT * FROM owes ORDER BY row")]
    assert [row.pop("row") for row in rows] == list(range(1, 16))
    for row, told in zip(rows, texts(hostile), strict=True):
        row["overdue"] = "yes" if row["overdue"] else "no"
        row["outstanding"] = f"{row['outstanding']:g}"
        row["price"] = f"{row['price']:.2f}" if row["price"] else None
        del told["events"]
        assert {name: "" if value is None else str(value) for name, value in row.items()} == told


def test_the_events_behind_each_row_stand_beside_it(lent, hostile):
    sql = "SELECT group_concat(event, ' ') FROM events WHERE row = ?"
    connection = lent(hostile)
    for number, told in enumerate(texts(hostile), start=1):
        assert (connection.execute(sql, (number,)).fetchone()[0] or "") == told["events"]


def test_it_says_what_was_asked_and_what_columns_mean(lent, hostile):
    connection = lent(hostile)
    about = connection.execute("SELECT name, value FROM about").fetchall()
    assert ("Asked", 'what "Elm" owes') in [tuple(row) for row in about]
    meant = [tuple(row) for row in connection.execute("SELECT name, meaning FROM columns")]
    assert meant == [(column.name, column.meaning) for column in hostile.columns]


def test_the_database_finds_it_whole(lent, hostile):
    connection = lent(hostile)
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_without_rows_the_tables_are_there(lent):
    assert lent(written(rows=[])).execute("SELECT count(*) FROM owes").fetchone()[0] == 0


def test_each_reference_names_the_column_that_it_is_to(lent, hostile):
    found = lent(hostile).execute("PRAGMA foreign_key_list(events)").fetchall()
    assert [(key["table"], key["from"], key["to"]) for key in found] == [("owes", "row", "row")]


@pytest.mark.parametrize("rows", [None, []])
def test_datasette_serves_each_table_and_its_rows(lent, tmp_path, hostile, rows):
    app = pytest.importorskip("datasette.app", reason="no datasette to read it back")
    report = hostile if rows is None else written(rows=rows)
    lent(report)

    async def read():
        served = app.Datasette([str(tmp_path / "owes.sqlite")])
        paths = [
            "/",
            "/owes",
            *(f"/owes/{name}" for name in ("owes", "events", "columns", "about")),
        ]
        paths += [f"/owes/owes/{number}" for number, _ in enumerate(report.rows, start=1)]
        answers = {path: (await served.client.get(path)).status_code for path in paths}
        told = (await served.client.get("/owes/owes.json?_shape=array")).json()
        return answers, told

    answers, told = asyncio.run(read())
    assert set(answers.values()) == {200}
    assert [row["debtor_name"] for row in told] == [row["debtor_name"] for row in report.rows]
