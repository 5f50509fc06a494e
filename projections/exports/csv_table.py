r"""Rows as CSV (RFC 4180): cells as they are, or so that a spreadsheet runs none of them.

::

    for line in lines(report.columns, report.rows, excel=True):
        file.write(line)

Yes and no are words, and nothing is an empty cell. What could steer a terminal is written as a
visible escape, `\x1b`.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from projections.exports.base import as_text, visible
from projections.reports.columns import Column

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MARK = "\ufeff"


def lines(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, excel: bool = False
) -> Iterator[str]:
    """Yield a header of column names and a line for each row, each with its CRLF.

    For Excel the first begins with a byte order mark, and an apostrophe goes before a cell that
    would be run as a formula; a reader that is none would see both.
    """
    names = [column.name for column in columns]
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(names)
    yield (_MARK if excel else "") + _taken(line)
    for row in rows:
        cells = [_cell(column, row.get(column.name)) for column in columns]
        writer.writerow([_neutral(cell) for cell in cells] if excel else cells)
        yield _taken(line)


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _cell(column: Column, value: Any) -> str:
    return visible(as_text(column, value))


def _neutral(text: str) -> str:
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run a cell: by how it begins, blanks and width aside."""
    if _FIGURE.fullmatch(text):
        return False
    begin = _BLANK.sub("", text, count=1) if _BLANK.match(text) else text
    # Full-width, small and raised signs are those signs to some programs, as they are to NFKC.
    return bool(_FORMULA.match(text) or _FORMULA.match(unicodedata.normalize("NFKC", begin[:1])))
