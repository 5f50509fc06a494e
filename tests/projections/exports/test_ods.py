"""Spreadsheets: what is read back is what was written, by a parser and by LibreOffice."""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from exports_reading import figure, texts
from hostile_report import MADE, NAMES, written

from projections.exports.ods import MEDIA_TYPE, write

LIBREOFFICE = shutil.which("soffice")
#: The system's, which has `uno` where python3-uno is installed.
PYTHON = shutil.which("python3", path="/usr/bin")
NS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}

SPACE = b' xmlns:ooo="http://openoffice.org/2004/office"'


def attribute(space, name):
    return f"{{{NS[space]}}}{name}"


def spreadsheet(report):
    file = io.BytesIO()
    write(report, MADE, file)
    return file.getvalue()


def text_of(paragraph):
    """Return a paragraph's text, its blanks and tabs as they were written."""
    told = paragraph.text or ""
    for child in paragraph:
        if child.tag == attribute("text", "s"):
            told += " " * int(child.get(attribute("text", "c"), "1"))
        elif child.tag == attribute("text", "tab"):
            told += "\t"
        told += child.tail or ""
    return told


def sheets(data):
    """Return each sheet's rows, a cell as its type, its value and its text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ET.fromstring(archive.read("content.xml"))  # noqa: S314 - our own
    found = {}
    for table in root.iter(attribute("table", "table")):
        rows = []
        for row in table.iter(attribute("table", "table-row")):
            cells = []
            for cell in row:
                kind = cell.get(attribute("office", "value-type"))
                value = cell.get(attribute("office", "value")) or cell.get(
                    attribute("office", "date-value")
                )
                text = "\n".join(text_of(p) for p in cell.iter(attribute("text", "p")))
                cells.append((kind, value, text))
            rows.append(cells)
        found[table.get(attribute("table", "name"))] = rows
    return found


def test_every_value_reads_back(hostile):
    _, *rows = sheets(spreadsheet(hostile))["owes"]
    expected = texts(hostile)
    assert len(rows) == len(expected)
    for cells, told in zip(rows, expected, strict=True):
        assert [text for _, _, text in cells] == [told[c.name] for c in hostile.columns]


def test_days_and_figures_are_real_and_codes_keep_their_zeros(hostile):
    _, first, second, *_ = sheets(spreadsheet(hostile))["owes"]
    kinds = {column.name: cell for column, cell in zip(hostile.columns, second, strict=True)}
    assert kinds["outstanding"] == ("float", "1.5", "1.5")
    assert kinds["position"] == ("float", "1", "1")
    assert kinds["price"] == ("currency", "1235.50", "1235.50")
    assert kinds["due_on"] == ("date", "2026-07-02", "2026-07-02")
    assert kinds["urn"] == ("string", None, "0012345")
    assert first[4] == (None, None, "")


def test_what_looks_like_a_formula_is_text(hostile):
    with zipfile.ZipFile(io.BytesIO(spreadsheet(hostile))) as archive:
        assert b"table:formula" not in archive.read("content.xml")


def test_what_xml_may_not_hold_is_replaced_and_the_file_stays_whole():
    hostile = written(rows=[{"debtor_name": "a\x0b\x1b[2J\ud800\uffff", "outstanding": "1"}])
    hostile.rows[0] |= {"kind_title": "k", "unit": "u"}
    assert sheets(spreadsheet(hostile))["owes"][1][0][2] == "a\ufffd\ufffd[2J\ufffd\ufffd"


def test_the_first_sheet_says_what_was_asked_and_the_last_what_columns_mean(hostile):
    found = sheets(spreadsheet(hostile))
    assert list(found) == ["About", "owes", "Columns"]
    about = [(name[2], value[2]) for name, value in found["About"][1:]]
    assert about[:2] == [("Report", "Who owes what <to> whom"), ("Asked", 'what "Elm" owes')]
    assert ("Rows", "15") in about
    assert ("Control total", "days of support: 52.5 days") in about
    assert about[-1] == ("Note", "withdrawn: disregarded since.")
    assert [row[2][2] for row in found["Columns"][1:]] == [c.meaning for c in hostile.columns]


def test_the_control_totals_are_the_sums_of_the_rows(hostile):
    told = {}
    for row in texts(hostile):
        told.setdefault(row["kind_title"], Decimal(0))
        told[row["kind_title"]] += Decimal(row["outstanding"])
    about = sheets(spreadsheet(hostile))["About"]
    said = dict(text.split(": ") for (_, _, name), (_, _, text) in about if name == "Control total")
    assert {kind: Decimal(total.split()[0]) for kind, total in said.items()} == told


def test_the_same_report_is_the_same_bytes_and_begins_with_its_media_type(hostile):
    data = spreadsheet(hostile)
    assert data == spreadsheet(hostile)
    assert data[38 : 38 + len(MEDIA_TYPE)] == MEDIA_TYPE.encode()


@pytest.mark.sweep
@pytest.mark.skipif(LIBREOFFICE is None, reason="no LibreOffice on this machine")
def test_libreoffice_reads_the_same_rows(hostile, tmp_path):
    (tmp_path / "owes.ods").write_bytes(spreadsheet(hostile))
    # Sheet 2, with a comma, quotes where needed, UTF-8, cells as they are stored, not as shown.
    how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,2"
    subprocess.run(
        [
            LIBREOFFICE,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            how,
            "owes.ods",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (place,) = tmp_path.glob("*.csv")
    with place.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == [column.title for column in hostile.columns]
    for cells, told in zip(rows, texts(hostile), strict=True):
        for column, cell in zip(hostile.columns, cells, strict=True):
            if column.figure:
                assert figure(cell) == figure(told[column.name])
            else:
                assert cell == told[column.name], column.name
    assert [cells[0] for cells in rows] == NAMES


def in_libreoffice(folder, *files):
    """Return how LibreOffice shows spreadsheets; skip where Python cannot ask it."""
    has_uno = PYTHON and not subprocess.run([PYTHON, "-c", "import uno"], check=False).returncode
    if not (LIBREOFFICE and has_uno):
        pytest.skip("no LibreOffice that Python can ask")
    script = Path(__file__).parents[2] / "in_libreoffice.py"
    asked = subprocess.run(
        [PYTHON, script, folder, *files], capture_output=True, text=True, check=False, timeout=180
    )
    assert asked.returncode == 0, asked.stderr
    return [json.loads(line) for line in asked.stdout.splitlines()]


@pytest.mark.sweep
def test_libreoffice_keeps_the_head_in_sight_and_codes_as_they_are(hostile, tmp_path):
    whole, spoilt = tmp_path / "owes.ods", tmp_path / "spoilt.ods"
    whole.write_bytes(spreadsheet(hostile))
    # Without the space that its settings are named in, LibreOffice passes over them.
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(spoilt, "w") as new:
        for one in old.infolist():
            content = old.read(one)
            new.writestr(
                one, content.replace(b' xmlns:ooo="http://openoffice.org/2004/office"', b"")
            )
    seen, unseen = in_libreoffice(tmp_path, whole, spoilt)
    assert {name: sheet["frozen"] for name, sheet in seen.items()} == {
        "About": 1,
        "owes": 1,
        "Columns": 1,
    }
    assert {sheet["frozen"] for sheet in unseen.values()} == {0}
    cells = dict(zip((c.name for c in hostile.columns), seen["owes"]["cells"], strict=False))
    assert cells["urn"] == ["TEXT", "0012345"]
    assert cells["due_on"] == ["VALUE", "2026-07-02"]
    assert cells["outstanding"] == ["VALUE", "1.5"]
    assert cells["debtor_name"] == ["TEXT", "=1+1"]
