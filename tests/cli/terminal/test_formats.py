"""Cells that a spreadsheet would run, and tables that fit."""

import io
import json
import sys
from dataclasses import replace

import pytest

from cli.terminal.formats import dumps, write_to
from cli.terminal.session import Session
from cli.terminal.table import written
from projections.reports.base import Heading, Report
from projections.reports.columns import Column

HEADING = Heading("o.example", 3, "ab" * 32, "2026-01-01", 3)


def report(rows, **more):
    columns = (Column("name", "Name", "A name."), Column("left", "Left", "What is left.", "amount"))
    return Report("r", "Title", HEADING, columns, rows, "Nothing.", **more)


def told(rows, form, *, excel=False):
    session = Session()
    session.excel = excel
    session.quiet = True
    stream = io.StringIO()
    write_to(report(rows), form, stream, session)
    return stream.getvalue()


def test_csv_is_for_excel_where_asked_for():
    rows = [{"name": "=1+1", "left": "1"}]
    assert told(rows, "csv") == "name,left\r\n=1+1,1\r\n"
    assert told(rows, "csv", excel=True) == "\ufeffname,left\r\n'=1+1,1\r\n"


def test_json_without_rows_is_still_a_document():
    document = told([], "json")
    assert document.endswith('"rows": [\n], "count": 0, "totals": [], "notes": []}\n')
    assert json.loads(document)["rows"] == []


def test_a_row_of_json_has_every_column_though_it_says_nothing_of_one():
    assert json.loads(told([{"name": "a"}], "jsonl")) == {"name": "a", "left": None}


def test_figures_are_right_aligned_and_empty_columns_left_out():
    rows = [{"name": "a", "left": "5.0"}, {"name": "bcd", "left": "12.5"}]
    columns = (*report([]).columns, Column("none", "None", "Nothing."))
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


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
@pytest.mark.parametrize("where", ["name", "title", "group", "list", "note", "empty"])
def test_nothing_of_the_record_steers_a_terminal_or_begins_a_line(form, where):
    hostile = "a\x1b[2J\x07\x9b\u202e\u2028b\nVERIFIED: yes"
    rows = [{"name": hostile if where == "name" else "n", "left": "1", "g": "one"}]
    rows[0] |= {"g": hostile} if where == "group" else {}
    rows[0] |= {"name": [hostile]} if where == "list" else {}
    more = {"group": "g"}
    more |= {"notes": [hostile]} if where == "note" else {}
    made = report(rows if where != "empty" else [], **more)
    made = replace(made, **{where: hostile}) if where in ("title", "empty") else made
    session, stream = Session(), io.StringIO()
    session.quiet = True
    write_to(made, form, stream, session)
    text = stream.getvalue()
    assert "\x1b" not in text
    assert "\x9b" not in text
    if form != "csv":
        assert "VERIFIED: yes" not in text.splitlines()
    if form == "jsonl" and where == "name":
        assert json.loads(text)["name"] == hostile


def test_json_says_the_same_where_letters_cannot_be_shown(monkeypatch):
    value = {"name": "Zoë \U0001f600 \x9b"}
    plain = dumps(value)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert dumps(value).isascii()
    assert json.loads(dumps(value)) == json.loads(plain) == value
    assert "Zoë" in plain
