"""Reports made of questions: every format, a narrow screen, names as registers hold them."""

import csv
import html
import io
import json
import sqlite3
import zipfile
from contextlib import closing

import pytest

from cli.read.catalogue import REPORTS

pytestmark = pytest.mark.sampled(4)

ASKED = [name for name, lazy in REPORTS.items() if lazy.at.startswith("projections.reports.")]
NAMES = {
    "900071": 'The "Quoted" & <b>Bold</b> School',
    "900072": "=HYPERLINK(1) School",
    "900073": "مدرسة النور",
    "900074": "{need.area} School",
}


@pytest.fixture
def odd(world):
    """A world with schools that have odd names, in a partnership, judged and with an offer."""
    for urn, name in NAMES.items():
        said = ("--urn", urn, "--name", name, "--phase", "primary", "--la", "northwick")
        world.done("record", "SchoolRegistered", *said, "--responsible-body", "northwick")
    for urn in ("900071", "900072"):
        world.done("record", "SchoolClosed", "--school", urn, "--effective-on", "2024-09-02")
    return world


@pytest.mark.parametrize("form", ["html", "ods", "sqlite", "zip", "json", "jsonl", "csv", "txt"])
@pytest.mark.parametrize("name", ["islands", "schools"])
def test_a_name_is_in_every_format_as_it_is(odd, name, form):
    file = odd.folder / f"answer.{form}"
    odd.done("report", name, "-o", str(file), "--as-of", "2024-09-02")
    assert all(school in _text(file) for school in NAMES.values())


def _text(file):
    """Return all text that a file holds, as its readers see it."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            return _cells(archive.read(f"{_table(archive)}").decode())
    if file.suffix == ".ods":
        with zipfile.ZipFile(file) as archive:
            return _unescaped(archive.read("content.xml").decode())
    if file.suffix == ".sqlite":
        with closing(sqlite3.connect(file)) as connection:
            return "\n".join(connection.iterdump()).replace("''", "'")
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        return "\n".join(row["school_name"] for row in json.loads(text)["rows"])
    if file.suffix == ".jsonl":
        return "\n".join(json.loads(line)["school_name"] for line in text.splitlines())
    return {".csv": _cells, ".html": _unescaped}.get(file.suffix, str)(text)


def _table(archive):
    return next(name for name in archive.namelist() if name.endswith(".csv"))


def _cells(text):
    return "\n".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)


def _unescaped(text):
    return html.unescape(text)


@pytest.mark.parametrize("name", ASKED)
def test_on_a_narrow_screen_no_line_is_wider_and_no_name_is_lost(odd, name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    shown = odd.done("report", name, "--as-of", "2024-09-02")
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("form", ["html", "ods", "sqlite", "zip", "csv"])
def test_an_answer_without_rows_is_written_all_the_same(world, name, form):
    file = world.folder / f"answer.{form}"
    world.done("report", name, "-o", str(file), "--known-at", "1")
    assert file.stat().st_size


BEFORE = "1999-01-01"
BEGINS = "as of     1999-01-01; the record begins on 2 September 2024\n"
ASKED = {
    "who owes what": ("owes",),
    "a history": ("history", "900003"),
    "one thing in full": ("show", "900003"),
    "schools": ("report", "schools"),
    "who is in no partnership": ("report", "islands"),
    "capacity": ("report", "capacity"),
    "parties": ("find", "cedar"),
    "keys": ("keys",),
}


@pytest.mark.parametrize("moment", ["--as-of", "--known-at"])
@pytest.mark.parametrize("command", ASKED.values(), ids=ASKED)
def test_of_a_day_before_the_record_begins_every_answer_says_when_it_does(at, command, moment):
    if command[0] == "show" and moment == "--known-at":
        return
    assert BEGINS in at(*command, moment, BEFORE).stdout
    assert "the record begins" not in at(*command, moment, "2026-07-31").stdout


def test_so_does_a_replay_that_ends_before_it_and_a_difference_of_such_days(at):
    assert (
        "Nothing was recorded by then: the record begins on 2 September 2024.\n"
        in at("replay", "--to", BEFORE).stdout
    )
    assert BEGINS in at("diff", "1998-01-01", BEFORE).stdout


def test_a_day_that_lies_ahead_is_said_to(at):
    ahead = "as of     2150-01-01, which lies ahead: as far as is known today\n"
    assert ahead in at("owes", "--as-of", "2150-01-01").stdout
    assert "lies ahead" not in at("owes").stdout


def test_up_to_when_an_answer_knows_is_told_by_position_and_day(at):
    said = at("owes", "--known-at", "120").stdout
    assert "\nknown at  120, recorded on 2025-07-08; root " in said


def test_two_moments_are_named_the_earlier_first(at):
    assert at("diff", "2026-01-01", "2025-01-01", code=2).stderr.startswith(
        "Error: 2026-01-01 lies after 2025-01-01. Name the earlier first: `school-ledger diff"
        " 2025-01-01 2026-01-01`.\nExample: "
    )
