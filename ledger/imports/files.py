"""Published files as they come: encodings, title lines, layouts that change from year to year.

A `Layout` says which columns are needed, by name; `read` finds them whatever else the file holds
and yields those cells only, so that columns with people's names are never looked at. Whatever is
wrong with a file is an `ImportFileError` that names the file, the row and what was expected.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from ledger.errors import ImportFileError
from ledger.files import plain
from ledger.texts import is_private_key, is_utf_16
from ledger.values import Source

_TITLE_LINES = 10  # the header stands within the first ten lines, below a title if any
_MOST_COLUMNS = 1_000  # the widest published layout has 140
_SHOWN_COLUMNS = 6
_TICK = 2_000
_LONGEST_NAME = 200
_DATE = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?", re.ASCII)

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column, by the names under which it is published; the first that a file has is read."""

    names: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True)
class Publication:
    """What is published in files: by whom, under which title, of which day by a file's name."""

    publisher: str
    title: str
    day_in: Callable[[str], date | None]


@dataclass(frozen=True)
class Layout:
    """One kind of published file: what to call it, how its files are named, what is read of it."""

    publication: Publication
    what: str
    example: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Published:
    """A published file, read into memory: its bytes once, so that digest and rows agree."""

    name: str
    publisher: str
    title: str
    sha256: str
    published_on: date | None
    text: str
    url: str | None = None

    @property
    def lines(self) -> int:
        """Return how many lines the file has, for showing progress."""
        return self.text.count("\n") + 1

    def source(self, row: int) -> Source:
        """Return where a fact stands: this file, that row."""
        return Source(
            publisher=self.publisher,
            title=self.title,
            published_on=self.published_on,
            url=self.url,
            file=self.name,
            sha256=self.sha256,
            row=row,
        )


def load(path: Path, layout: Layout) -> Published:
    """Read a file's bytes and decode them; raise ImportFileError if it is no text."""
    try:
        with plain(path) as file:
            data = file.read()
    except OSError as error:
        raise ImportFileError(
            f"cannot read the {layout.what} file {path}",
            got=error.strerror or str(error),
            expected=f"a file as published, {layout.example}",
        ) from error
    if not data.strip():
        raise ImportFileError(
            f"{path.name} is empty",
            expected=f"the {layout.what} file, {layout.example}",
            todo="Download it again.",
        )
    return Published(
        name=_citable(path.name),
        publisher=layout.publication.publisher,
        title=f"{layout.publication.title}: {layout.what}",
        sha256=hashlib.sha256(data).hexdigest(),
        published_on=layout.publication.day_in(path.name),
        text=_decoded(data, path.name),
    )


def _citable(name: str) -> str:
    """Return a file's name as events can cite it; raise ImportFileError if they cannot."""
    composed = unicodedata.normalize("NFC", name)
    if len(composed) > _LONGEST_NAME or not composed.isprintable():
        raise ImportFileError(
            "the file's name cannot be cited",
            got=name,
            expected=f"at most {_LONGEST_NAME} printable characters",
            todo="Rename the file.",
        )
    return composed


def _decoded(data: bytes, name: str) -> str:
    """Decode as UTF-8 where the bytes are, else as cp1252, which is what is published."""
    _refuse_misgiven(data, name)
    at = data.find(b"\0")
    if at >= 0:
        raise ImportFileError(
            f"{name} is no text file: a NUL byte in row {_row_of(data, at)}",
            expected="comma-separated text, in cp1252 or UTF-8",
            todo="If it is a workbook or an archive, save or unpack the CSV file first.",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"{name} cannot be decoded in row {_row_of(data, error.start)}",
            got=f"the byte 0x{data[error.start]:02X}",
            expected="comma-separated text, in cp1252 or UTF-8",
            todo="Download it again.",
        ) from error


def _refuse_misgiven(data: bytes, name: str) -> None:
    if is_private_key(data):
        raise ImportFileError(
            f"{name} is a private key, which is for its holder alone; nothing of it was read",
            expected="comma-separated text, in cp1252 or UTF-8",
            todo="Name the published file.",
        )
    if is_utf_16(data):
        raise ImportFileError(
            f"{name} is written in UTF-16, as a spreadsheet's `Unicode text` is",
            expected="comma-separated text, in cp1252 or UTF-8",
            todo="Name the file as it was downloaded; or save it as CSV in UTF-8.",
        )


def _row_of(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def read(
    published: Published,
    layout: Layout,
    others: Iterable[Layout] = (),
    tick: Callable[[int], None] = lambda _: None,
) -> tuple[frozenset[str], Iterator[tuple[int, Cells]]]:
    """Return the names of the columns found, and the rows: line number and cells by layout.

    Cells are stripped; `NULL` and columns that the file lacks are empty. Blank lines are passed
    over. `others` are the layouts that the file may turn out to be; `tick` is told the lines done.
    """
    records = _records(published)
    header, indices = _header(published, layout, others, records)
    named = zip(layout.columns, indices, strict=True)
    found = frozenset(column.names[0] for column, index in named if index is not None)
    return found, _rows(published, records, len(header), indices, tick)


def _records(published: Published) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it starts."""
    reader = csv.reader(io.StringIO(published.text, newline=""), strict=True)
    row = 1
    try:
        for cells in reader:
            yield row, cells
            row = reader.line_num + 1
    except csv.Error as error:
        raise ImportFileError(
            f"{published.name}, row {row}, is not comma-separated text",
            got=str(error),
            expected="cells between commas, quotation marks in pairs",
            todo="Download it again.",
        ) from error


def _header(
    published: Published,
    layout: Layout,
    others: Iterable[Layout],
    records: Iterator[tuple[int, list[str]]],
) -> tuple[list[str], list[int | None]]:
    """Take records up to the header; return its cells and where each column of the layout is."""
    best: list[str] = []
    best_score = -1
    for row, cells in islice(records, _TITLE_LINES):
        _not_too_wide(published, row, cells)
        indices = _indices(cells, layout)
        if not _missing(layout, indices):
            _no_twins(published, row, cells, indices)
            return cells, indices
        score = sum(index is not None for index in indices)
        if (score, len(cells)) > (best_score, len(best)):
            best, best_score = cells, score
    raise _no_header(published, layout, others, best)


def _not_too_wide(published: Published, row: int, cells: list[str]) -> None:
    if len(cells) > _MOST_COLUMNS:
        raise ImportFileError(
            f"{published.name}, row {row}, is too wide",
            got=f"{len(cells)} columns",
            expected=f"at most {_MOST_COLUMNS}",
            todo="Download it again.",
        )


def _squeezed(name: str) -> str:
    """Return a column's name without blanks and case: published headers have stray ones."""
    return "".join(name.split()).casefold()


def _indices(cells: list[str], layout: Layout) -> list[int | None]:
    # The first of two alike wins here; `_no_twins` refuses such a file.
    at = {_squeezed(cell): index for index, cell in reversed(list(enumerate(cells)))}
    return [
        next((at[name] for name in map(_squeezed, column.names) if name in at), None)
        for column in layout.columns
    ]


def _missing(layout: Layout, indices: list[int | None]) -> list[Column]:
    pairs = zip(layout.columns, indices, strict=True)
    return [column for column, index in pairs if column.required and index is None]


def _no_twins(published: Published, row: int, cells: list[str], indices: list[int | None]) -> None:
    names = [_squeezed(cell) for cell in cells]
    for index in indices:
        if index is not None and names.count(names[index]) > 1:
            raise ImportFileError(
                f"{published.name}, row {row}, has the column {cells[index].strip()!r} twice",
                expected="each column once",
            )


def _no_header(
    published: Published, layout: Layout, others: Iterable[Layout], best: list[str]
) -> ImportFileError:
    column = _missing(layout, _indices(best, layout))[0]
    shown = ", ".join(cell.strip() for cell in best[:_SHOWN_COLUMNS]) or "nothing"
    more = f" and {len(best) - _SHOWN_COLUMNS} more" if len(best) > _SHOWN_COLUMNS else ""
    other = next((o for o in others if not _missing(o, _indices(best, o))), None)
    todo = f"It looks like the {other.what} file: give it as that." if other else None
    return ImportFileError(
        f"{published.name} has no column {' or '.join(map(repr, column.names))}",
        got=f"{shown}{more}",
        expected=f"the {layout.what} file, {layout.example}",
        todo=todo,
    )


def _rows(
    published: Published,
    records: Iterator[tuple[int, list[str]]],
    width: int,
    indices: list[int | None],
    tick: Callable[[int], None],
) -> Iterator[tuple[int, Cells]]:
    for number, (row, cells) in enumerate(records, start=1):
        if number % _TICK == 0:
            tick(_TICK)
        if not any(cells):
            continue
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            raise ImportFileError(
                f"{published.name}, row {row}, does not fit its header",
                got=f"{len(cells)} cells",
                expected=str(width),
                todo="Download it again; editing it elsewhere may have moved its columns.",
            )
        yield row, tuple("" if i is None else _cell(cells[i]) for i in indices)


def _cell(text: str) -> str:
    text = text.strip()
    return "" if text == "NULL" else text


def day(text: str) -> date | None:
    """Return a published day: `31-08-2021`, `31/08/2021`; None for an empty cell.

    Raises ValueError for anything else.
    """
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return date(int(found[4]), int(found[3]), int(found[1]))


def clean(text: str) -> str:
    """Return text in Unicode's composed form, single blanks between words, no invisible marks."""
    seen = (c for c in text if c.isascii() or unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())
