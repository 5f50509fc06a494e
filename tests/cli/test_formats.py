"""Cells that a spreadsheet would run, and tables that fit."""

import io

import pytest

from cli.formats import write_to
from cli.session import Session
from cli.table import printable, written
from projections.report import Column, Heading, Report

HEADING = Heading("o.example", 3, "ab" * 32, "2026-01-01", 3)


def report(rows, **more):
    columns = (Column("name", "Name"), Column("left", "Left", figure=True))
    return Report("r", "Title", HEADING, columns, rows, "Nothing.", **more)


def told(rows, form):
    session = Session()
    session.quiet = True
    stream = io.StringIO()
    write_to(report(rows), form, stream, session)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-cmd", "'-cmd"),
        ("@sum", "'@sum"),
        ("\ttab", "'\ttab"),
        ("-1.5", "-1.5"),
        ("10", "10"),
        ("plain", "plain"),
        (None, ""),
        (True, "yes"),
        (False, ""),
        (["a", "b"], "a b"),
    ],
)
def test_csv_cells(cell, shown):
    assert told([{"name": cell, "left": "1"}], "csv") == f"name,left\r\n{shown},1\r\n"


def test_json_without_rows_is_still_a_document():
    assert told([], "json").endswith('"rows": [\n]}\n')


def test_figures_are_right_aligned_and_empty_columns_left_out():
    rows = [{"name": "a", "left": "5.0"}, {"name": "bcd", "left": "12.5"}]
    columns = (*report([]).columns, Column("none", "None"))
    assert list(written(columns, rows)) == [
        "Name  Left",
        "----  ----",
        "a      5.0",
        "bcd   12.5",
    ]


def test_long_text_wraps_within_the_width():
    rows = [{"name": "a rather long name for any school", "left": "1"}]
    lines = list(written(report([]).columns, rows, None, 24))
    assert max(map(len, lines)) <= 24
    assert "".join(line[:18].strip() + " " for line in lines[2:]).split() == (
        rows[0]["name"].split()
    )


def test_rows_of_a_group_stand_under_its_heading():
    rows = [{"name": "a", "g": "one"}, {"name": "b", "g": "two"}]
    assert list(written(report([]).columns[:1], rows, "g"))[2:] == [
        "",
        "one:",
        "a",
        "",
        "two:",
        "b",
    ]


def test_nothing_in_a_table_steers_the_terminal():
    assert printable("a\x1b[2Jb\u202e") == "a\ufffd[2Jb\ufffd"
