"""Tables that fit the terminal: long text wraps at words, and no cell can steer the terminal.

A day, an id or a word is never broken. Where columns would be too narrow to be read, each row is a
short paragraph, its sentence first. The first rows settle how wide the columns are; they are
printed before the others are read.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, dropwhile, groupby, islice
from typing import IO, TYPE_CHECKING, Any

from cli.terminal.screen import printable

if TYPE_CHECKING:
    from projections.reports.columns import Column

_GAP = "  "
_INDENT = "  "
_NO_BREAK = "\N{NO-BREAK SPACE}"
#: Text in a column that is narrower is hard to read.
_LEAST = 16
_LEAST_OF_SENTENCES = 30
#: The columns that tell a row in a sentence, as every report calls them.
_SENTENCES = frozenset({"summary", "sentence"})
#: So many rows settle how wide the columns are.
_FIRST = 500


def screen_width(stream: IO[str]) -> int | None:
    """Return how many characters a line may have; None for a file or pipe, which takes any."""
    if os.environ.get("COLUMNS", "").isdecimal() or (stream is sys.stdout and stream.isatty()):
        return shutil.get_terminal_size().columns
    return None


def written(
    columns: Sequence[Column],
    rows: Iterable[dict[str, Any]],
    group: str | None = None,
    width: int | None = None,
) -> Iterator[str]:
    """Return the lines of a table, under a heading for each run of rows that share a group."""
    rest = iter(rows)
    first = list(islice(rest, _FIRST))
    if first:
        layout = _layout([column for column in columns if column.shown], first, width)
        lines = _laid_out(layout, chain(first, rest), group)
        # An empty line parts paragraphs, and stands before none.
        yield from dropwhile(lambda line: not line, lines)


def _laid_out(
    layout: _Lined | _Paragraphs, rows: Iterable[dict[str, Any]], group: str | None
) -> Iterator[str]:
    yield from layout.head()
    runs = groupby(rows, lambda row: row.get(group) if group else None)
    for name, members in runs:
        if name:
            yield ""
            yield from wrapped(f"{printable(str(name))}:", layout.width)
        for row in members:
            yield from layout.lines(row)


def wrapped(text: str, width: int | None) -> list[str]:
    """Return the lines of a text within a width, if there is one."""
    if width is None or _length(text) <= width:
        return [text]
    lines = [""]
    for word in _pieces(text, width):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if _length(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines if lines[0] or len(lines) == 1 else lines[1:]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Go through the words of a text; what no line can hold is cut where a line ends.

    Languages without blanks between words are written in wide letters, which any line may end with.
    """
    for word in filter(None, text.split(" ")):
        while _length(word) > width:
            end = _fitting(word, width)
            yield word[:end]
            word = word[end:]  # noqa: PLW2901 - what is left of it
        if word:
            yield word


def _fitting(word: str, width: int) -> int:
    """Return how many characters of a word, one at least, stand within a width.

    Marks stay with the letter that they are over.
    """
    from wcwidth import wcwidth  # noqa: PLC0415 - loads only where a word is cut

    taken = 0
    for number, char in enumerate(word):
        taken += max(wcwidth(char), 0)
        if taken > width and number:
            return number
    return len(word)


def _length(text: str) -> int:
    """Return how many columns of a screen a text takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth  # noqa: PLC0415 - most text is plain, and it loads slowly

    return max(wcswidth(text), 0)


def _cell(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list):
        return printable(", ".join(str(item) for item in value))
    return printable(str(value))


# -- how rows are laid out ---------------------------------------------------------------------


def _layout(
    columns: Sequence[Column], rows: Sequence[dict[str, Any]], width: int | None
) -> _Lined | _Paragraphs:
    """Return how to write rows: in columns, unless these could not be read within the width."""
    cells = {column.name: [_cell(row.get(column.name)) for row in rows] for column in columns}
    visible = [column for column in columns if any(cells[column.name])]
    hidden = [column for column in columns if column not in visible]
    whole = [max(map(_length, (each.title, *cells[each.name]))) for each in visible]
    if width is None:
        return _Lined(visible, hidden, whole, None)
    least = [
        min(taken, max(_floor(each), *(_longest_word(cell) for cell in cells[each.name])))
        for each, taken in zip(visible, whole, strict=True)
    ]
    spare = width - len(_GAP) * (len(visible) - 1)
    if sum(least) > spare:
        return _Paragraphs([*visible, *hidden], width)
    return _Lined(visible, hidden, _shrunk(whole, least, spare), width)


def _floor(column: Column) -> int:
    least = _LEAST_OF_SENTENCES if column.name in _SENTENCES else _LEAST
    return max(_longest_word(column.title), least)


def _longest_word(text: str) -> int:
    return max(map(_length, text.split(" ")))


def _shrunk(widths: Sequence[int], least: Sequence[int], spare: int) -> list[int]:
    """Take from the widest columns that have any to give, until all of them fit."""
    found = list(widths)
    while sum(found) > spare:
        giving = [number for number, width in enumerate(found) if width > least[number]]
        found[max(giving, key=lambda number: found[number])] -= 1
    return found


@dataclass(frozen=True)
class _Lined:
    """Rows in columns."""

    columns: Sequence[Column]
    empty: Sequence[Column]
    widths: Sequence[int]
    width: int | None

    def head(self) -> Iterator[str]:
        """Return the lines with the titles."""
        yield from self._joined([column.title for column in self.columns])
        yield _GAP.join("-" * each for each in self.widths)

    def lines(self, row: dict[str, Any]) -> Iterator[str]:
        """Return the lines of a row; one that does not fit the columns is a paragraph."""
        cells = [_cell(row.get(column.name)) for column in self.columns]
        if self.width is not None and not self._fit(cells):
            yield from _Paragraphs([*self.columns, *self.empty], self.width).lines(row)
            return
        yield from self._joined(cells)
        # Columns in which the first rows had nothing.
        for column in self.empty:
            if more := _cell(row.get(column.name)):
                yield from _indented(f"{column.title}: {more}", self.width)

    def _fit(self, cells: Sequence[str]) -> bool:
        return all(
            _longest_word(cell) <= width for cell, width in zip(cells, self.widths, strict=True)
        )

    def _joined(self, cells: Sequence[str]) -> Iterator[str]:
        limits = self.widths if self.width is not None else [None] * len(cells)
        parts = [wrapped(text, limit) for text, limit in zip(cells, limits, strict=True)]
        for number in range(max(map(len, parts))):
            texts = [part[number] if number < len(part) else "" for part in parts]
            yield _GAP.join(
                _padded(text, width, right=column.figure)
                for text, width, column in zip(texts, self.widths, self.columns, strict=True)
            ).rstrip()


@dataclass(frozen=True)
class _Paragraphs:
    """Rows as short paragraphs: the sentence, or what comes first, and then all the rest."""

    columns: Sequence[Column]
    width: int

    def head(self) -> Iterator[str]:
        """Return no line: every value has its title beside it."""
        return iter(())

    def lines(self, row: dict[str, Any]) -> Iterator[str]:
        """Return the lines of a row, an empty one before it."""
        said = [(column, _cell(row.get(column.name))) for column in self.columns]
        said = [(column, cell) for column, cell in said if cell]
        yield ""
        if not said:
            return
        first = next((column for column, _ in said if column.name in _SENTENCES), said[0][0])
        yield from wrapped(dict(said)[first], self.width)
        rest = [f"{column.title}: {cell}" for column, cell in said if column != first]
        if rest:
            yield from _indented("; ".join(map(self._kept_together, rest)), self.width)

    def _kept_together(self, item: str) -> str:
        """Return a value with its title as one word, if a line can hold it."""
        fits = _length(item) + len(_INDENT) < self.width
        return item.replace(" ", _NO_BREAK) if fits else item


def _indented(text: str, width: int | None) -> list[str]:
    lines = wrapped(text, None if width is None else width - len(_INDENT))
    return [f"{_INDENT}{line}".replace(_NO_BREAK, " ") for line in lines]


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _length(text))
    return space + text if right else text + space
