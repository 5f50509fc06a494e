"""What tables are asked for in SQL."""

import sqlite3

import pytest

from projections.tables.layouts import LAST_DUE_ON

OPENED, MOVED = ("2024-09-01", 3, "2025-03-31"), ("2025-01-05", 9, "2025-02-04")


@pytest.mark.parametrize(
    ("postings", "due_on"),
    [
        ([], None),
        ([("2024-09-01", 3, None)], None),
        ([OPENED], "2025-03-31"),
        ([OPENED, ("2024-10-01", 5, None)], "2025-03-31"),
        ([OPENED, MOVED], "2025-02-04"),
        ([MOVED, OPENED], "2025-02-04"),
        ([OPENED, MOVED, ("2025-01-05", 10, "2025-06-30")], "2025-06-30"),
        ([OPENED, MOVED, ("2024-12-01", 11, "2025-06-30")], "2025-02-04"),
    ],
)
def test_it_falls_due_as_the_last_posting_tells_that_says_so(postings, due_on):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE postings (effective_on TEXT, position INTEGER, due_on TEXT)")
    connection.executemany("INSERT INTO postings VALUES (?, ?, ?)", postings)
    [got] = connection.execute(f"SELECT {LAST_DUE_ON} FROM postings").fetchone()  # noqa: S608
    connection.close()
    assert got == due_on
