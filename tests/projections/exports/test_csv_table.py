"""CSV: cells as they are, or as a spreadsheet may take them."""

import csv
import io

import pytest

from projections.exports.csv_table import lines
from projections.reports.columns import Column

COLUMNS = (Column("name", "Name", "A name."), Column("left", "Left", "What is left.", "amount"))

NEUTRALISED = [
    ("=1+1", "'=1+1"),
    ("+44 20", "'+44 20"),
    ("-cmd", "'-cmd"),
    ("@sum", "'@sum"),
    ("\ttab", "'\ttab"),
    ("-1.5", "-1.5"),
    ("10", "10"),
    ("plain", "plain"),
    (["=1+1", "b"], "'=1+1; b"),
    ("\uff1d1+1", "'\uff1d1+1"),
    ("\uff0b44", "'\uff0b44"),
    ("\uff0dcmd", "'\uff0dcmd"),
    ("\uff20sum", "'\uff20sum"),
    ("﹦1", "'﹦1"),
    ("⁼1", "'⁼1"),
    ("  =1+1", "'  =1+1"),
    ("\u00a0=1", "'\u00a0=1"),
    ("\ufeff=1", "'\ufeff=1"),
    ("\u200b\uff1d1", "'\u200b\uff1d1"),
    ("\u22121.5", "\u22121.5"),
    (" plain", " plain"),
]


@pytest.mark.parametrize(("cell", "shown"), NEUTRALISED)
def test_excel_runs_no_cell(cell, shown):
    text = "".join(lines(COLUMNS, [{"name": cell, "left": "1"}], excel=True))
    assert text == f"\ufeffname,left\r\n{shown},1\r\n"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        *((cell, cell) for cell, _ in NEUTRALISED if isinstance(cell, str)),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (["a b", "c"], "a b; c"),
        ([], ""),
        ("a\x1b[2Jb\x07", "a\\x1b[2Jb\\x07"),
        ("a\x9bb", "a\\x9bb"),
        ("Zoë Ødegård", "Zoë Ødegård"),
    ],
)
def test_elsewhere_cells_are_what_they_are(cell, shown):
    text = "".join(lines(COLUMNS, [{"name": cell, "left": "1"}]))
    assert text == f"name,left\r\n{shown},1\r\n"


def test_a_row_reads_back_whatever_it_holds():
    cell = 'a "b", c\r\nd\re'
    text = "".join(lines(COLUMNS, [{"name": cell, "left": "1"}]))
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [[cell, "1"]]
