"""What a file of another release says, read back and held against what ours says."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hostile_report import written

from projections.exports import ods, page
from projections.exports.base import Made
from projections.exports.csv_table import lines
from projections.pack.reading_back import against

MADE = Made(datetime(2026, 8, 1, 9, 30, tzinfo=UTC), "0.2.0")
OTHER = ("0.0.9", "0.2.0")


def as_page(report=None, version="0.2.0"):
    file = io.BytesIO()
    page.write(report or written(), MADE._replace(version=version), file)
    return file.getvalue()


def as_sheets(report=None, version="0.2.0"):
    file = io.BytesIO()
    ods.write(report or written(), MADE._replace(version=version), file)
    return file.getvalue()


def as_csv(report=None):
    told = report or written()
    return "".join(lines(told.columns, told.rows)).encode()


def altered(data, old, new):
    assert data.count(old) > 0
    return data.replace(old, new, 1)


def altered_inside(data, old, new):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(made, "w") as write:
        for info in read.infolist():
            write.writestr(info, read.read(info).replace(old, new))
    assert made.getvalue() != data
    return made.getvalue()


def without_last(report):
    return replace(report, rows=list(report.rows)[:-1])


def of_other_columns(report):
    return replace(report, columns=report.columns[:-1])


WRITERS = {"html": as_page, "ods": as_sheets}


@pytest.mark.parametrize("ending", WRITERS)
def test_what_another_release_wrote_is_the_same_but_for_how_it_looks(ending):
    write = WRITERS[ending]
    found = against(f"owes.{ending}", write(version="0.0.9"), write(), OTHER)
    looks = {"html": "how it looks, and what it draws", "ods": "how it looks"}
    assert found == (None, [looks[ending]])


@pytest.mark.parametrize("ending", WRITERS)
def test_a_row_that_is_left_out_is_found(ending):
    write = WRITERS[ending]
    found = against(f"owes.{ending}", write(without_last(written())), write())
    assert re.fullmatch(r"it has [0-9]+ rows, and not [0-9]+", found.fault)


@pytest.mark.parametrize("ending", WRITERS)
def test_a_column_that_another_release_has_not_is_no_fault_and_named(ending):
    write = WRITERS[ending]
    found = against(f"owes.{ending}", write(of_other_columns(written())), write())
    assert found.fault is None
    last = written().columns[-1].title
    assert f"columns that only one of the two has: {last}" in found.not_compared


def test_the_same_of_a_table():
    found = against("owes.csv", as_csv(of_other_columns(written())), as_csv())
    last = written().columns[-1].name
    said = [f"columns that only one of the two has: {last}", "how its cells are quoted"]
    assert found == (None, said)


GROUPED = replace(written(), group=written().columns[0].name)
PAGES = {
    "rows in the place of none": (
        as_page(),
        as_page(replace(written(), rows=[])),
        "it has rows, and there are none",
    ),
    "the count in its heading": (
        re.sub(rb"(<dt>Rows</dt><dd>)[0-9]+", rb"\g<1>99", as_page()),
        as_page(),
        "Rows: '99",
    ),
    "the events of a figure": (
        re.sub(rb'data-events="[^"]+"', b'data-events="019f"', as_page(), count=1),
        as_page(),
        "row 2, events of ",
    ),
    "the line above its rows": (
        re.sub(rb'(scope="rowgroup"[^>]*>)', rb"\1Not ", as_page(GROUPED), count=1),
        as_page(GROUPED),
        "row 1, the line above it: 'Not ",
    ),
    "a second cell in the place of the first": (
        altered(as_page(), b"<tbody>\n<tr>", b"<tbody>\n<tr><td>nobody</td>"),
        as_page(),
        "row 1, ",
    ),
}


@pytest.mark.parametrize(("got", "expected", "said"), PAGES.values(), ids=PAGES)
def test_what_a_page_says_otherwise_is_found(got, expected, said):
    assert against("owes.html", got, expected).fault.startswith(said)


def test_words_around_the_rows_of_a_page_are_named():
    got = altered(as_page(), b"</main>", b"<p>It owes 9 days.</p></main>")
    found = against("owes.html", got, as_page())
    assert found.fault is None
    assert found.not_compared[0] == (
        "the words around its rows, as 'It' where this release writes 'Made'"
    )


UNREADABLE = {
    "no archive": b"otherwise",
    "what defines": altered_inside(
        as_sheets(), b"<office:document-content", b"<!DOCTYPE a []><office:document-content"
    ),
    "no XML": altered_inside(as_sheets(), b"</office:document-content>", b"<"),
}


@pytest.mark.parametrize("got", UNREADABLE.values(), ids=UNREADABLE)
def test_a_spreadsheet_that_cannot_be_read_is_not_compared_and_that_is_said(got):
    found = against("owes.ods", got, as_sheets())
    assert found == (None, ["all of it: it is not written as this release can read it"])


def test_a_formula_in_the_place_of_a_figure_is_found():
    got = altered_inside(
        as_sheets(),
        b'<table:table-cell office:value-type="float"',
        b'<table:table-cell table:formula="of:=1+1" office:value-type="float"',
    )
    assert "held as of:=1+1" in against("owes.ods", got, as_sheets()).fault
