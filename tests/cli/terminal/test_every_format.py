"""What a format may stumble over, in every format: each writes it whole, or no file at all."""

import csv
import html
import io
import json
import re
import resource
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing, contextmanager
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from exports_reading import squeezed
from hostile_report import IDS, written

from cli.terminal.formats import write
from cli.terminal.options import ENDINGS, FORMATS, TEXTS
from cli.terminal.session import Session
from ledger.errors import FileError
from projections.reports.owes import COLUMNS

NEEDED = {"pdf": "typst", "calendar": "icalendar"}
#: Formats of any report: fundings have one of their own.
EVERY = (*TEXTS, *(form for form in FORMATS if form != "360giving"))
NAMES = {
    "quotes": "He said \"no\", 'yes' & <b>`left`</b>",
    "a formula": "=cmd|'/C calc'!A0",
    "a formula in full width": "\uff1dSUM(1)",
    "a dangling quote": '"Elm',
    "separators": "a,b;c\td",
    "two lines": "Elm\nPark",
    "two lines as Windows ends them": "Elm\r\nPark",
    "controls": "a\x00\x07\x1b[2Jb\x9bc",
    "right to left": "مدرسة الأمل",
    "turned round": "Elm \u202ekraP\u202c",
    "far letters": "陈氏 🎉 Żółć ŵ",
    "marks over letters": "e\u0301e\u0323\u0301",
    "no breaks": "a\u00a0b\u2011c\u2028d",
    "markup": "</td></tr>]]> #let \\begin{x} {{ x }} %s $1 *b* @c",
    "long": "Elm " * 500,
    "a zero": "0012345",
    "nothing": "",
}


def owed(name, number=0):
    """Return a row of who owes whom."""
    return {
        "obligation": f"{IDS[0]}/slot{number}",
        "kind": "support",
        "kind_title": "days of support",
        "debtor": "school:900001",
        "creditor": "school:900002",
        "debtor_name": name,
        "creditor_name": "Fir School",
        "about": "agreement of 2026-01-20",
        "outstanding": "2.5",
        "opened": "6.0",
        "given_beyond": "0.0",
        "unit": "day",
        "due_on": "2026-07-31",
        "overdue": False,
        "since": "2026-01-20",
        "marks": "",
        "opened_by": IDS[0],
        "events": [IDS[0]],
        "changed_at": "2026-03-29T00:30:00.123Z",
    }


def report(*rows):
    return replace(written(), columns=COLUMNS, rows=list(rows))


@pytest.fixture
def write_to(tmp_path):
    """Write a report in a format to a file of the test's own."""

    def run(told, form):
        if form in NEEDED:
            pytest.importorskip(NEEDED[form], reason=f"no {NEEDED[form]} to write it")
        session = Session()
        session.quiet = True
        path = tmp_path / f"owes{(*ENDINGS[form], form)[0]}"
        write(told, form, str(path), session)
        return path

    return run


# -- how each is read, and what it says in the place of a name -----------------------------------


def _text(path):
    return path.read_bytes().decode("utf-8")


def _escaped(name):
    return re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", lambda c: f"\\x{ord(c[0]):02x}", name)


def _on_one_line(name):
    return "".join(c if c.isprintable() or c == "\u00a0" else _code(c) for c in name)


def _code(char):
    return char.encode("unicode_escape").decode()


def _in_lines(name):
    return _escaped("\n".join(name.splitlines()))


def _in_xml(name):
    return re.sub(r"[\0-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", name.replace("\r\n", "\n"))


def _csv(text):
    return _names(csv.DictReader(io.StringIO(text, newline="")))


def _names(rows):
    return [row["debtor_name"] for row in rows]


def _html(path):
    rows = _text(path).partition("<tbody>")[2].partition("</tbody>")[0]
    return [html.unescape(re.search('">(.*?)</t[hd]>', row, re.DOTALL)[1]) for row in _rows(rows)]


def _rows(text):
    return text.split("<tr>")[1:]


def _ods(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        root = ET.fromstring(archive.read("content.xml"))  # noqa: S314 - our own
    (_, table, _) = [element for element in root.iter() if _is(element, "table")]
    rows = [row for row in table.iter() if _is(row, "table-row")][1:]
    return ["\n".join("".join(line.itertext()) for line in row[0]) for row in rows]


def _is(element, name):
    return element.tag.endswith(f"}}{name}")


def _sqlite(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = connection.execute("SELECT debtor_name FROM owes ORDER BY row").fetchall()
    return [name or "" for (name,) in names]


def _package(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return _csv(archive.read("owes.csv").decode())


def _datasette(path):
    with zipfile.ZipFile(path) as archive:
        archive.extract("owes.sqlite", path.parent / "unzipped")
    return _sqlite(path.parent / "unzipped" / "owes.sqlite")


def _calendar(path):
    icalendar = pytest.importorskip("icalendar")
    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    before, after = "days of support, 2.5 day: ", " to Fir School"
    return [str(one["SUMMARY"]).removeprefix(before).removesuffix(after) for one in events]


def _as_it_is(name):
    return name


#: How the names are read in each format, and what stands there for one.
FORMATS_READ = {
    "csv": (lambda path: _csv(_text(path)), _escaped),
    "json": (
        lambda path: [row["debtor_name"] for row in json.loads(_text(path))["rows"]],
        _as_it_is,
    ),
    "jsonl": (
        lambda path: [json.loads(line)["debtor_name"] for line in _text(path).split("\n")[:-1]],
        _as_it_is,
    ),
    "html": (_html, _escaped),
    "ods": (_ods, _in_xml),
    "sqlite": (_sqlite, _as_it_is),
    "datasette": (_datasette, _as_it_is),
    "package": (_package, _escaped),
    "calendar": (_calendar, _in_lines),
}


@pytest.mark.parametrize("form", FORMATS_READ)
@pytest.mark.parametrize("kind", NAMES)
def test_a_name_is_read_back_whatever_is_in_it(write_to, form, kind):
    read, told = FORMATS_READ[form]
    rows = [owed(name, number) for number, name in enumerate(("Ash", NAMES[kind], "Yew"))]
    assert read(write_to(report(*rows), form)) == ["Ash", told(NAMES[kind]), "Yew"]


@pytest.mark.parametrize("kind", NAMES)
def test_a_table_has_a_name_on_one_line(write_to, kind):
    rows = [owed(name, number) for number, name in enumerate(("Ash", NAMES[kind], "Yew"))]
    lines = _text(write_to(report(*rows), "table")).split("\n")
    place = next(number for number, line in enumerate(lines) if line.startswith("Ash "))
    assert lines[place + 1].startswith(_on_one_line(NAMES[kind]))
    assert lines[place + 2].startswith("Yew ")


#: What stands on a page for letters that have no shape there; the other names are as they are.
ON_PAGES = {
    "a formula in full width": "[U+FF1D]SUM(1)",
    "separators": "a,b;c[U+0009]d",
    "two lines as Windows ends them": "Elm[U+000D]Park",
    "controls": "a[U+0000][U+0007][U+001B][2Jb[U+009B]c",
    "turned round": "Elm[U+202E]kraP[U+202C]",
    "far letters": "[U+9648][U+6C0F][U+1F389]Żółćŵ",
}

#: pdftotext reads words of these from left to right, or a letter with several marks twice.
REPEATED = {"right to left", "marks over letters"}


@pytest.mark.parametrize("kind", NAMES)
def test_a_page_of_pdf_has_a_name_or_the_code_points_of_its_letters(write_to, kind):
    rows = [owed(name, number) for number, name in enumerate(("Ash", NAMES[kind], "Yew"))]
    path = write_to(report(*rows), "pdf")
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext")
    command = ["pdftotext", "-raw", str(path), "-"]
    text = squeezed(subprocess.run(command, capture_output=True, check=True).stdout.decode())
    rest = f"FirSchooldaysofsupportagreementof2026-01-202.5day2026-07-31{IDS[0]}"
    found = text.partition(f"Ash{rest}")[2].partition(f"{rest}Yew{rest}")[0]
    shown = squeezed(ON_PAGES.get(kind, NAMES[kind]))
    assert found == shown or (kind in REPEATED and set(found) == set(shown))


@pytest.mark.parametrize("form", EVERY)
def test_without_rows_each_says_what_was_asked_all_the_same(write_to, form):
    path = write_to(report(), form)
    assert path.stat().st_size or form == "jsonl"
    if form in FORMATS_READ:
        assert FORMATS_READ[form][0](path) == []


# -- a disk that fills ---------------------------------------------------------------------------


MANY = report(*(owed(f"School {number * 7919 % 1000}", number) for number in range(100)))


@contextmanager
def files_of_at_most(size):
    """Let no file grow beyond a size, as where a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("form", EVERY)
def test_where_the_disk_fills_no_file_appears(write_to, tmp_path, form):
    with files_of_at_most(2_000), pytest.raises(FileError, match="cannot be written"):
        write_to(MANY, form)
    assert list(tmp_path.iterdir()) == []
    assert write_to(MANY, form).stat().st_size > 2_000


# A database that was there is never written over.
@pytest.mark.parametrize("form", [form for form in EVERY if form != "sqlite"])
def test_where_the_disk_fills_the_file_that_was_there_stays(write_to, tmp_path, form):
    old = write_to(report(owed("Ash")), form)
    content = old.read_bytes()
    with files_of_at_most(2_000), pytest.raises(FileError, match="cannot be written"):
        write_to(MANY, form)
    assert [path.name for path in tmp_path.iterdir()] == [old.name]
    assert old.read_bytes() == content
