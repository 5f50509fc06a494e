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
