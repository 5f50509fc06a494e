"""How an answer is written: by `--format`, else by the ending of the file that `-o` names."""

import errno
import os
from pathlib import Path

import pytest

from projections.exports.catalogue import FORMATS

BEGINNINGS = {
    "a.txt": b"Who owes what to whom\n",
    "a": b"Who owes what to whom\n",
    "a.csv": b"debtor_name,",
    "a.json": b'{"schema": "school-ledger.owes/1"',
    "a.jsonl": b'{"obligation": ',
    "a.html": b"<!doctype html>\n",
    "a.HTM": b"<!doctype html>\n",
    "a.ods": b"PK\x03\x04",
    "a.sqlite": b"SQLite format 3\0",
    "a.zip": b"PK\x03\x04",
    ".csv": b"debtor_name,",
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", BEGINNINGS)
def test_the_ending_says_the_format(at, name):
    at("owes", "-o", name)
    assert Path(name).read_bytes().startswith(BEGINNINGS[name])


@pytest.mark.parametrize("name", ["a.csv", "a.ods"])
def test_a_file_that_was_written_is_told_on_stderr(at, name):
    result = at("owes", "-o", name)
    assert (result.stdout, result.stderr.splitlines()[-1]) == ("", f"Wrote {name}.")
    assert at("owes", "-o", name, "-q").stderr == ""
    assert at("owes", "-o", name).stderr.splitlines()[-1].startswith(f"Replaced {name}, ")


def test_a_format_that_is_named_stands_over_the_ending(at):
    at("owes", "-f", "json", "-o", "a.csv")
    assert Path("a.csv").read_bytes().startswith(BEGINNINGS["a.json"])


@pytest.mark.parametrize("name", ["h.pdfa", "h.docx", "h.xlsx"])
def test_an_ending_that_is_no_format_is_refused_and_no_file_made(at, name):
    error = at("history", "900003", "-o", name, code=2).stderr
    assert f"{Path(name).suffix} is the ending of no format that this can be written in" in error
    assert "these are .txt, .csv, .json, .jsonl, .html, .htm, .pdf, .ods," in error
    assert not Path(name).exists()


def test_what_is_no_report_is_written_as_text_only(at):
    error = at("show", "900003", "-o", "a.ods", code=2).stderr
    assert "these are .txt, .csv, .json, .jsonl." in error


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("where", [(), ("-o", "-")])
def test_a_format_of_files_asks_for_a_file(at, form, where):
    error = at("owes", "-f", form, *where, code=2).stderr
    assert f"{form} is a format of files: say where to write it, -o FILE." in error


def test_csv_for_excel(at):
    at("owes", "--excel", "-o", "a.csv")
    assert Path("a.csv").read_bytes().startswith(b"\xef\xbb\xbfdebtor_name,")


def test_a_full_disk_leaves_no_cut_file(at, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("projections.exports.page.write", full)
    error = at("owes", "-o", "a.html", code=1).stderr
    assert "No space left on device" in error
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_without_room_is_told_to_want_room(at, monkeypatch, code):
    def full(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("projections.exports.page.write", full)
    error = at("owes", "-o", "a.html", code=1).stderr
    assert error.endswith("Make room there, or name a file where there is room.\n")
    monkeypatch.setattr("cli.terminal.formats.results", full)
    error = at("owes", code=1).stderr
    said = "Make room where it goes, and in the folder for temporary files (TMPDIR).\n"
    assert error.startswith("Error: what was to be written has no room: ")
    assert error.endswith(said)


def test_a_folder_that_is_not_there_is_no_file(at):
    error = at("owes", "-o", "new/", code=2).stderr
    assert f"Error: new/ is a folder. Name a file in it: {Path('new') / 'NAME'}.\n" in error
    assert not Path("new").exists()


def test_a_calendar_that_had_an_obligation_is_told_what_became_of_it(at):
    icalendar = pytest.importorskip("icalendar", reason="no icalendar to write calendars")
    read = {}
    for known_at in ("2024-12-31", "2026-07-31"):
        at("owes", "--about", "900004", "--as-of", known_at, "--known-at", known_at, "-o", "a.ics")
        found = icalendar.Calendar.from_ical(Path("a.ics").read_bytes()).walk("VEVENT")
        read[known_at] = {str(event["UID"]): event for event in found}
    before, after = read.values()
    assert before.keys() < after.keys()
    settled = [uid for uid, event in before.items() if event["STATUS"] == "CONFIRMED"]
    settled = [uid for uid in settled if after[uid]["STATUS"] == "CANCELLED"]
    assert settled
    for uid in settled:
        assert after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert after[uid].decoded("DTSTAMP") > before[uid].decoded("DTSTAMP")


def test_what_never_falls_due_makes_no_calendar_and_no_file(at):
    pytest.importorskip("icalendar", reason="no icalendar to write calendars")
    error = at("history", "900003", "-o", "a.ics", code=1).stderr
    assert (
        "history makes no calendar, for it does not list what is owed and when it falls due"
        in error
    )
    assert not Path("a.ics").exists()
