"""What a file of a pack says, read back: its rows, what was asked, and the words around both.

Another release may write a file otherwise and say the same. So a page, a spreadsheet or a table is
read as a reader reads it, and what it says is held against what ours says, read the same way::

    found = against("owes.html", got, expected)
    found.fault  # "row 3, Left: '4.0', and not '5.0'"
    found.not_compared  # ["how it looks"]

A column that only one of two releases has is no fault, and named.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from html.parser import HTMLParser
from itertools import zip_longest
from typing import NamedTuple
from xml.etree import ElementTree as ET

__all__ = ["Against", "against", "members", "shortened"]

_FIGURE = re.compile(r"\d[\d.,:-]*")
_LONGEST = 120
_MOST_BYTES = 2**30
_CONTENT = "content.xml"
#: A document of ours defines nothing; one that does may unpack to more than there is room for.
_DEFINES = (b"<!DOCTYPE", b"<!ENTITY")
_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = (_SPACE % name for name in ("table", "office", "text"))
_MISREAD = (
    *(zipfile.BadZipFile, zlib.error, ET.ParseError, csv.Error),
    *(ValueError, RuntimeError, OSError, EOFError),
)
_HEADING = "About"
_MEANINGS = "Columns"
_GROUP = "the line above it"
_BEYOND = "a cell without a column"

Row = dict[str, str]


class Against(NamedTuple):
    """What was found of a file: where it says otherwise, and what of it could not be compared."""

    fault: str | None
    not_compared: list[str]


class _Table(NamedTuple):
    """Columns by their titles, and rows; a row has a cell for each column that it tells."""

    columns: list[str]
    rows: list[Row]


class _File(NamedTuple):
    """What a file says: its tables by name or place, what stands by a name, and all other words.

    How it `looks` is not read.
    """

    tables: dict[str, _Table]
    facts: dict[str, str]
    words: list[str]
    looks: str


def against(name: str, got: bytes, expected: bytes, releases: Sequence[str] = ()) -> Against:
    """Hold what a file says against what is expected; the names of `releases` count alike."""
    read = _READERS[name.rpartition(".")[2]]
    try:
        here = read(got, releases)
    except _MISREAD:
        return Against(None, ["all of it: it is not written as this release can read it"])
    there = read(expected, releases)
    faults = [*_otherwise(here, there), *_other_facts(here.facts, there.facts)]
    return Against(faults[0] if faults else None, [*_left(here, there), here.looks])


def _otherwise(here: _File, there: _File) -> Iterator[str]:
    """Go through what tables say otherwise in columns that both have."""
    if not there.tables and any(table.rows for table in here.tables.values()):
        yield "it has rows, and there are none"
    for name in _of_both(there.tables, here.tables):
        table, other = here.tables[name], there.tables[name]
        columns = [column for column in other.columns if column in table.columns]
        if not columns:
            yield "its columns are others"
            continue
        for number, (row, should) in enumerate(zip_longest(table.rows, other.rows), 1):
            if row is None or should is None:
                yield f"it has {len(table.rows)} rows, and not {len(other.rows)}"
                break
            yield from _in_row(number, row, should, columns)


def _in_row(number: int, row: Row, should: Row, columns: Sequence[str]) -> Iterator[str]:
    for column in columns:
        one, other = row.get(column, ""), should.get(column, "")
        if one != other:
            yield f"row {number}, {column}: {shortened(one)}, and not {shortened(other)}"


def _other_facts(here: dict[str, str], there: dict[str, str]) -> Iterator[str]:
    """Go through what stands by a name with other figures; more of them, or fewer, may be told."""
    for name in _of_both(there, here):
        one, other = here[name], there[name]
        told, expected = (Counter(_FIGURE.findall(text)) for text in (one, other))
        if told - expected and expected - told:
            yield f"{name}: {shortened(one)}, and not {shortened(other)}"


def _left(here: _File, there: _File) -> Iterator[str]:
    """Go through what could not be compared, and where words stand that this release has not."""
    if here.tables.keys() != there.tables.keys():
        yield "a table that only one of the two has"
    columns = [
        column
        for name in _of_both(there.tables, here.tables)
        for column in _of_one(here.tables[name].columns, there.tables[name].columns)
    ]
    if columns:
        yield f"columns that only one of the two has: {', '.join(columns)}"
    named = sorted(here.facts.keys() | there.facts.keys())
    reworded = [name for name in named if here.facts.get(name) != there.facts.get(name)]
    if reworded:
        yield f"what stands beside {', '.join(reworded)}"
    if here.words != there.words:
        yield f"the words around its rows, as {_first(here.words, there.words)}"


def _of_both(expected: Iterable[str], others: Container[str]) -> Iterator[str]:
    """Go through what both have in the order that is expected: what is named first stays so."""
    return (one for one in expected if one in others)


def _of_one(here: Sequence[str], there: Sequence[str]) -> list[str]:
    return [one for one in dict.fromkeys((*here, *there)) if one not in here or one not in there]


def _first(words: list[str], others: list[str]) -> str:
    """Return the first words that differ."""
    pairs = zip_longest(words, others, fillvalue="nothing")
    got, expected = next(pair for pair in pairs if pair[0] != pair[1])
    return f"{shortened(got)} where this release writes {shortened(expected)}"


def shortened(text: str) -> str:
    """Return a text as a finding quotes it, a long one cut."""
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


# -- pages -------------------------------------------------------------------------------------


class _PageReader(HTMLParser):
    """Reads a page of a report or a pack's contents: cells by their columns, the rest as words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, _Table] = {}
        self.facts: dict[str, str] = {}
        self.words: list[str] = []
        self._row: Row | None = None
        self._place = 0
        self._in: list[str] = []
        self._name = ""
        self._texts: list[str] | None = None
        #: Of the rows that follow, and whether a cell says so.
        self._group, self._groups = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, or what holds a text."""
        said = dict(attrs)
        if tag == "style":
            self._in.append(tag)
        elif tag == "table":
            self.tables[f"table {len(self.tables) + 1}"] = _Table([], [])
            self._group = ""
        elif tag == "thead":
            self._in.append(tag)
        elif tag == "tr":
            self._row, self._place = {}, 0
        elif tag in {"td", "th"} and "more" not in (said.get("class") or "").split():
            self._texts, self._groups = [], "group" in (said.get("class") or "").split()
            if said.get("data-events"):
                self._tell(f"events of {said.get('data-figure')}", str(said["data-events"]))
        elif tag in {"dt", "dd"}:
            self._texts = []

    def handle_endtag(self, tag: str) -> None:
        """Keep what was read."""
        if self._in and tag == self._in[-1]:
            self._in.pop()
        elif tag in {"td", "th"} and self._texts is not None:
            self._cell(tag, self._taken())
        elif tag == "dt":
            self._name = self._taken()
        elif tag == "dd":
            self._tell(self._name, self._taken())
        elif tag == "tr" and self._row is not None:
            if self.tables and "thead" not in self._in and self._row:
                if self._group:
                    self._tell(_GROUP, self._group)
                self._table.rows.append(self._row)
            self._row = None

    def handle_data(self, data: str) -> None:
        """Take a text to what it is in."""
        if "style" in self._in:
            return
        if self._texts is None:
            self.words += data.split()
        else:
            self._texts.append(data)

    def _taken(self) -> str:
        texts, self._texts = self._texts or [], None
        return "".join(texts).strip()

    @property
    def _table(self) -> _Table:
        return next(reversed(self.tables.values()))

    def _cell(self, tag: str, text: str) -> None:
        if self._row is None or not self.tables:
            self.words += text.split()
        elif self._groups:
            self._group = text
        elif "thead" not in self._in:
            known = self._table.columns[self._place : self._place + 1]
            self._tell(known[0] if known else _BEYOND, text)
            self._place += 1
        elif tag == "th":
            self._table.columns.append(text)
        else:
            self.words += text.split()

    def _tell(self, name: str, text: str) -> None:
        """Keep what stands by a name, twice where it does: in a row it is what a column tells."""
        told = self.facts if self._row is None or not self.tables else self._row
        told[name] = f"{told[name]} {text}" if name in told else text
        if told is self._row and name not in self._table.columns:
            self._table.columns.append(name)


def _page(data: bytes, releases: Sequence[str]) -> _File:
    reader = _PageReader()
    reader.feed(_alike(data.decode("utf-8", "backslashreplace"), releases))
    reader.close()
    looks = "how it looks, and what it draws"
    return _File(reader.tables, reader.facts, reader.words, looks)


def _alike(text: str, releases: Sequence[str]) -> str:
    """Return a text with one name for several releases."""
    for release in releases:
        text = text.replace(release, "this release")
    return text


# -- spreadsheets ------------------------------------------------------------------------------


def members(data: bytes) -> dict[str, bytes]:
    """Return the parts of an archive by name; raise ValueError for one that is too large."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
            raise ValueError("too large")
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _spreadsheet(data: bytes, releases: Sequence[str]) -> _File:
    content = members(data).get(_CONTENT, b"")
    if any(each in content for each in _DEFINES):
        raise ValueError("it defines what no spreadsheet of ours does")
    text = _alike(content.decode("utf-8"), releases)
    sheets = {
        sheet.get(f"{_TABLE}name", ""): list(_cells(sheet))
        for sheet in ET.fromstring(text).iter(f"{_TABLE}table")  # noqa: S314 - defines nothing
    }
    facts: dict[str, str] = {}
    for name, *told in sheets.pop(_HEADING, [])[1:]:
        facts[name] = " ".join([*filter(None, [facts.get(name)]), *told])
    words = [cell for row in sheets.pop(_MEANINGS, []) for cell in row]
    tables = {name: _table(rows) for name, rows in sheets.items()}
    return _File(tables, facts, words, "how it looks")


def _cells(sheet: ET.Element) -> Iterator[list[str]]:
    for row in sheet.iter(f"{_TABLE}table-row"):
        yield [_shown(cell) for cell in row]


def _shown(cell: ET.Element) -> str:
    """Return what a cell shows, and what it holds where that is another thing."""
    text = "\n".join(_paragraph(each) for each in cell.iter(f"{_TEXT}p"))
    held = [cell.get(f"{_OFFICE}{name}") for name in ("value", "date-value")]
    formula = cell.get(f"{_TABLE}formula")
    others = [one for one in (*held, formula) if one is not None and one != text]
    return ", held as ".join((text, *others))


def _paragraph(paragraph: ET.Element) -> str:
    """Return the text of a paragraph, its blanks told out."""
    texts = [paragraph.text or ""]
    for each in paragraph:
        blanks = min(int(each.get(f"{_TEXT}c", "1")), _LONGEST)
        told = " " * blanks if each.tag == f"{_TEXT}s" else "".join(each.itertext())
        texts += [told, each.tail or ""]
    return "".join(texts)


def _table(rows: list[list[str]]) -> _Table:
    head = rows[0] if rows else []
    return _Table(head, [dict(zip(head, row, strict=False)) for row in rows[1:]])


# -- tables ------------------------------------------------------------------------------------


def _csv(data: bytes, _releases: Sequence[str]) -> _File:
    text = io.StringIO(data.decode("utf-8", "backslashreplace"), newline="")
    rows = list(csv.reader(text, strict=True))
    return _File({"rows": _table(rows)}, {}, [], "how its cells are quoted")


_READERS: dict[str, Callable[[bytes, Sequence[str]], _File]] = {
    "html": _page,
    "ods": _spreadsheet,
    "csv": _csv,
}
