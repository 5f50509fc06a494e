"""Every report in every format: read back as its readers do, and what is read is its rows."""

import asyncio
import csv
import io
import json
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from exports_reading import squeezed

from cli.main import main
from cli.read.catalogue import REPORTS
from cli.terminal.options import ENDINGS, FORMATS, SCHEMA, TEXTS
from tests.golden.answers import demo as tell_demo

#: Of 25 reports: so each format is tried of a report of its own.
pytestmark = pytest.mark.sampled(27)

#: How each report is asked for, so that the demo has rows of it.
ASKED = {
    "owes": ("--as-of", "2026-07-31"),
    "history": ("900003", "--as-of", "2026-07-31"),
    "keys": (),
    "replay": ("--about", "900003", "--as-of", "2026-07-31"),
    "diff": ("2025-07-31", "2026-07-31", "--about", "estuary"),
    "parties": ("--as-of", "2026-10-31"),
    "reciprocity": ("--as-of", "2026-07-31"),
    "schools": ("--as-of", "2026-07-31"),
    "response": ("--as-of", "2026-09-30"),
    "conflicts": ("--as-of", "2026-10-31"),
    "partnerships": ("--as-of", "2026-07-31"),
    "islands": ("--as-of", "2026-01-31"),
    "orphans": ("--as-of", "2026-09-06"),
    "unconfirmed": ("--as-of", "2026-07-31"),
    "tenure": ("--as-of", "2026-07-31"),
    "claims": ("--as-of", "2026-09-06"),
    "compare": ("--about", "900001", "--with", "900003", "--as-of", "2026-09-06"),
    "joint": ("--as-of", "2026-06-08"),
    "regional": ("--as-of", "2026-07-31"),
    "map": ("--as-of", "2025-12-31"),
    "balance": ("--about", "900004", "--as-of", "2026-09-06"),
    "available": ("--as-of", "2026-09-06"),
    "capacity": ("--as-of", "2026-05-31"),
    "funding": ("--as-of", "2026-06-30"),
    "provider": ("--as-of", "2026-07-31"),
}
#: What a report must tell of for these formats to have anything to hold.
ONLY = {"calendar": {"owes"}, "360giving": {"funding"}}
NEEDED = {"pdf": "typst", "calendar": "icalendar"}
#: The table is compared whole in golden answers, line by line.
EVERY = tuple(form for form in (*TEXTS, SCHEMA, *FORMATS) if form not in {"table", "json"})
PLACES = {"datasette": "{}.served.zip", SCHEMA: "{}.schema.json", "360giving": "{}.giving.json"}


class Told(NamedTuple):
    """A report as its JSON tells it, and as a data package says how to read it."""

    name: str
    document: dict
    columns: dict

    @property
    def rows(self):
        """Return its rows as people read them, by column name."""
        return [
            {name: self._text(name, row[name]) for name in self.columns}
            for row in self.document["rows"]
        ]

    def _text(self, name, value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return (" " if self.of_events(name) else "; ").join(value)
        return str(value)

    def of_events(self, name):
        """Whether a column lists events."""
        return self.columns[name].get("separator") == " "

    def kind(self, name):
        """Return what a column holds, as a data package says."""
        kind = self.columns[name]["datatype"]
        return kind["base"] if isinstance(kind, dict) else kind

    def title(self, name):
        """Return what people call a column."""
        return self.document["schema_of_rows"]["properties"][name]["title"]

    def same(self, name, read, told):
        """Whether a value that was read is the one that was told; a figure may have other zeros."""
        if not told:
            return read == told
        if self.kind(name) in {"decimal", "integer"}:
            return Decimal(read) == Decimal(told)
        if self.kind(name) == "dateTime":
            return datetime.fromisoformat(read) == datetime.fromisoformat(told)
        return read == told

    def differing(self, read):
        """Return where rows that were read, by column name, are not those that were told."""
        assert len(read) == len(self.rows)
        return [
            (number, name, row[name], told[name])
            for number, (row, told) in enumerate(zip(read, self.rows, strict=True), 1)
            for name in row
            if not self.same(name, row[name], told[name])
        ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of the demo, told as `school-ledger demo` tells it."""
    place = tmp_path_factory.mktemp("demo")
    tell_demo(place)
    return place


@pytest.fixture(scope="module")
def written(folder):
    """Write a report in a format, as it is typed; return its path."""

    @cache
    def write(report, form):
        ending = PLACES.get(form, "{}" + (*ENDINGS[form], f".{form}")[0])
        path = folder / ending.format(report)
        done = _run(folder, report, form, path)
        assert done.exit_code == 0, done.output
        return path

    return write


def _run(folder, report, form, path):
    typed = ["--ledger", str(folder / "demo.db"), "report", report, *ASKED[report]]
    return CliRunner().invoke(main, [*typed, "--format", form, "-o", str(path)])


@pytest.fixture(scope="module")
def told(written):
    """Return a report as its JSON tells it."""

    def tell(report):
        document = json.loads(written(report, "json").read_text("utf-8"))
        schema = json.loads(written(report, SCHEMA).read_text("utf-8"))
        document["schema_of_rows"] = schema["properties"]["rows"]["items"]
        with zipfile.ZipFile(written(report, "package")) as package:
            web = json.loads(package.read(f"{report}.csv-metadata.json"))
        columns = {column["name"]: column for column in web["tableSchema"]["columns"]}
        return Told(report, document, columns)

    return tell


# -- how each format is read ---------------------------------------------------------------------


def _csv(told, path):
    assert told.differing(_csv_rows(path.read_bytes())) == []


def _csv_rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def _jsonl(told, path):
    lines = path.read_text("utf-8").split("\n")[:-1]
    assert [json.loads(line) for line in lines] == told.document["rows"]


def _schema(told, path):
    jsonschema = pytest.importorskip("jsonschema", reason="no jsonschema to judge it")
    said = json.loads(path.read_text("utf-8"))
    checker = jsonschema.Draft202012Validator(said, format_checker=jsonschema.FormatChecker())
    assert list(checker.iter_errors(told.document)) == []
    assert said["properties"]["rows"]["items"]["required"] == [*told.columns]


class _Table(HTMLParser):
    """The rows of a page's table: what each shows, and what is folded into it, by column."""

    def __init__(self, text):
        super().__init__()
        self.heads, self.rows, self._into, self._key = [], [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "tr":
            self.rows.append(([], {}))
        elif tag in {"td", "th"} and given.get("class") != "more" and self.rows:
            self.rows[-1][0].append("")
            self._into, self._key = self.rows[-1][0], -1
        elif tag == "dd" and "data-column" in given:
            self._into, self._key = self.rows[-1][1], given["data-column"]
            self._into[self._key] = ""

    def handle_endtag(self, tag):
        if tag in {"td", "th", "dd"}:
            self._into = None

    def handle_data(self, data):
        if self._into is not None:
            self._into[self._key] += data


def _shown(told, rows):
    """Return what a page shows of each row by column, after the row of its heads."""
    place = next(n for n, (cells, _) in enumerate(rows) if cells[-1:] == ["More"])
    folded = set().union(*(more for _, more in rows))
    titles = {told.title(name): name for name in told.columns if name not in folded}
    heads = [titles[title] for title in rows[place][0][:-1]]
    of_rows = [(cells, more) for cells, more in rows[place + 1 :] if len(cells) > 1 or more]
    return heads, [dict(zip(heads, cells, strict=True)) | more for cells, more in of_rows]


def _html(told, path):
    heads, shown = _shown(told, _Table(path.read_text("utf-8")).rows)
    assert told.differing(shown) == []
    # What stands nowhere in a row is what none has anything in.
    for row, is_there in zip(told.rows, shown, strict=True):
        assert {row[name] for name in row.keys() - is_there.keys()} <= {"", "no"}
    assert heads


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def _ods(told, path):
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("content.xml"))  # noqa: S314 - our own
    _, table, _ = root.iter(f"{TABLE}table")
    assert table.get(f"{TABLE}name") == told.name
    _, *rows = table.iter(f"{TABLE}table-row")
    read = [dict(zip(told.columns, map(_cell, row), strict=True)) for row in rows]
    assert told.differing(read) == []


def _cell(cell):
    value = cell.get(f"{OFFICE}value") or cell.get(f"{OFFICE}date-value")
    return value or "\n".join("".join(line.itertext()) for line in cell)


def _sqlite(told, path):
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = [dict(row) for row in connection.execute(f'SELECT * FROM "{told.name}"')]  # noqa: S608
        behind = connection.execute("SELECT row, event FROM events").fetchall()
    assert told.differing([_as_shown(told, row) for row in rows]) == []
    listed = [name for name in told.columns if told.of_events(name)]
    for number, row in enumerate(told.rows, 1):
        expected = {event for name in listed for event in row[name].split()}
        assert {event for at, event in behind if at == number} == expected


def _as_shown(told, row):
    """Return a row of a database as people read it, without its number."""
    del row["row"]
    return {name: _in_words(told, name, value) for name, value in row.items()}


def _in_words(told, name, value):
    if value is None:
        return ""
    return _YES[value] if told.kind(name) == "boolean" else str(value)


_YES = {0: "no", 1: "yes"}


def _datasette(told, path):
    app = pytest.importorskip("datasette.app", reason="no datasette to read it back")
    place = path.with_suffix("")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(place)
        tables = (told.name, "events", "columns", "about")

    async def read():
        served = app.Datasette(config_dir=place)
        answers = [(await served.client.get(f"/{told.name}/{name}")).text for name in tables]
        found = await served.client.get(f"/{told.name}/{told.name}.json?_shape=array&_size=max")
        return answers, found.json()

    pages, rows = asyncio.run(read())
    assert all("<table" in page for page in pages)
    assert told.differing([_as_shown(told, row) for row in rows]) == []


def _package(told, path):
    frictionless = pytest.importorskip("frictionless", reason="no frictionless to read it back")
    csvw = pytest.importorskip("csvw", reason="no csvw to read it back")
    place = path.with_suffix("")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(place)
        assert told.differing(_csv_rows(archive.read(f"{told.name}.csv"))) == []
    judged = frictionless.validate(str(place / "datapackage.json"))
    assert judged.valid, judged.flatten(["type", "message"])
    resource = frictionless.Package(str(place / "datapackage.json")).get_resource(told.name)
    read = [{name: _by_type(row[name]) for name in told.columns} for row in resource.read_rows()]
    assert told.differing(read) == []
    web = csvw.CSVW(str(place / f"{told.name}.csv-metadata.json"), validate=True)
    assert web.is_valid
    (table,) = web.to_json(minimal=False)["tables"]
    cells = [row["describes"][0] for row in table["row"]]
    read = [{name: _by_type(row.get(name)) for name in told.columns} for row in cells]
    assert told.differing(read) == []


def _by_type(value):
    """Return what a reader of types has made of a cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES[value]
    if isinstance(value, list):
        return " ".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _pdf(told, path):
    pikepdf = pytest.importorskip("pikepdf", reason="no pikepdf to read it back")
    pdfua = pytest.importorskip("pdfua", reason="no pdfua to judge it")
    assert list(pdfua.validate(path).findings) == []
    with pikepdf.open(path) as pdf, pdf.open_metadata() as said:
        assert (said.pdfa_status, said["pdfuaid:part"]) == ("3A", "1")
        attached = pdf.attachments[f"{told.name}.csv"].get_file().read_bytes()
    assert told.differing(_csv_rows(attached)) == []


def _on_paper(told, page, path):
    """Find on paper all that a page shows, and the events behind each row."""
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext")
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"]
    text = squeezed(subprocess.run(command, capture_output=True, check=True).stdout.decode())
    behind = {event for row in told.rows for event in row["events"].split()}
    assert {event for event in behind if event not in text} == set()
    heads, rows = _shown(told, _Table(page.read_text("utf-8")).rows)
    shown = {row[name] for row in rows for name in heads}
    assert {value for value in shown if squeezed(value) not in text} == set()


def _calendar(told, path):
    vobject = pytest.importorskip("vobject", reason="no vobject to read it back")
    read = vobject.readOne(path.read_text("utf-8")).contents["vevent"]
    due = [row for row in told.rows if row["due_on"]]
    is_open = [event for event in read if event.status.value == "CONFIRMED"]
    found = [(one.dtstart.value.isoformat(), one.categories.value[0]) for one in is_open]
    assert sorted(found) == sorted((row["due_on"], row["kind_title"]) for row in due)
    # Of what is settled, a calendar that had it is told to take it out.
    assert {one.status.value for one in read} == {"CONFIRMED", "CANCELLED"}
    assert len({one.uid.value for one in read}) == len(read)


def _giving(told, path):
    grants = json.loads(path.read_text("utf-8"))["grants"]
    assert [(one["id"], one["amountAwarded"], one["amountDisbursed"]) for one in grants] == [
        (row["grant_id"], float(row["committed"]), float(row["received"])) for row in told.rows
    ]


READ = {
    "csv": _csv,
    "jsonl": _jsonl,
    SCHEMA: _schema,
    "html": _html,
    "ods": _ods,
    "sqlite": _sqlite,
    "datasette": _datasette,
    "package": _package,
    "pdf": _pdf,
    "calendar": _calendar,
    "360giving": _giving,
}


# -- what is claimed -----------------------------------------------------------------------------


def test_every_report_is_asked_for_here_and_every_format_read():
    assert ASKED.keys() == REPORTS.keys()
    assert READ.keys() == set(EVERY)


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize("report", ASKED)
def test_what_is_read_back_is_what_the_report_tells(told, written, folder, report, form):
    if form in NEEDED:
        pytest.importorskip(NEEDED[form], reason=f"no {NEEDED[form]} to write it")
    if report not in ONLY.get(form, {report}):
        place = folder / "refused"
        refused = _run(folder, report, form, place)
        assert (refused.exit_code, place.exists()) == (1, False)
        assert f"{report} makes no " in refused.stderr
        return
    asked = told(report)
    assert asked.rows
    READ[form](asked, written(report, form))
    if form == "pdf":
        _on_paper(asked, written(report, "html"), written(report, form))


@pytest.fixture
def opened(browser, written):
    """Open the page of a report in a window of a width, in light or dark."""
    contexts = []

    def open_page(report, width, scheme):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        window = context.new_page()
        window.goto(written(report, "html").as_uri())
        return window

    yield open_page
    for context in contexts:
        context.close()


ROWS = """[...document.querySelectorAll('tbody tr')].filter(row => row.querySelector('.more'))
    .map(row => [...row.cells].slice(0, -1).map(cell => cell.textContent))"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("window", [(360, "dark"), (1920, "light")], ids=str)
@pytest.mark.parametrize("report", ASKED)
def test_a_browser_shows_the_rows_and_axe_finds_nothing(opened, told, written, report, window):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe").Axe()
    page = opened(report, *window)
    assert page.evaluate(SIDEWAYS) is False
    found = axe.run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    heads, rows = _shown(told(report), _Table(written(report, "html").read_text("utf-8")).rows)
    assert page.evaluate(ROWS) == [[row[name] for name in heads] for row in rows]


@pytest.mark.sweep
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_libreoffice_reads_the_rows_of_every_report(told, written, folder):
    # Sheet 2, with a comma, quotes where needed, UTF-8, cells as they are stored, not as shown.
    how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,2"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(written(report, "ods")) for report in ASKED]
    into = folder / "read"
    command = ["soffice", profile, "--headless", "--convert-to", how, "--outdir", str(into)]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=300)
    for report in ASKED:
        asked = told(report)
        (path,) = into.glob(f"{report}-*.csv")
        _, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""))
        read = [dict(zip(asked.columns, cells, strict=True)) for cells in rows]
        assert (report, asked.differing(read)) == (report, [])
