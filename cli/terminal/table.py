"""Tables that fit the terminal: long text wraps, and no cell can steer the terminal."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

from cli.terminal.screen import printable

if TYPE_CHECKING:
    from projections.reports.columns import Column

_GAP = "  "
_NARROWEST = 6


def screen_width(stream: IO[str]) -> int | None:
    """Return how many characters a line may have; None for a file or pipe, which takes any."""
    if os.environ.get("COLUMNS", "").isdecimal() or (stream is sys.stdout and stream.isatty()):
        return shutil.get_terminal_size().columns
    return None


def written(
    columns: Sequence[Column],
    rows: Sequence[dict[str, Any]],
    group: str | None = None,
    width: int | None = None,
) -> Iterator[str]:
    """Return the lines of a table, under a heading for each run of rows that share a group."""
    visible = [
        column
        for column in columns
        if column.shown and any(row.get(column.name) not in (None, "", False) for row in rows)
    ]
    if not rows:
        return
    cells = [[_cell(row.get(column.name)) for column in visible] for row in rows]
    widths = _widths([[column.title for column in visible], *cells], width)
    yield _line([column.title for column in visible], widths, visible)[0]
    yield _GAP.join("-" * each for each in widths)
    numbered = enumerate(rows)
    for name, members in groupby(numbered, lambda item: item[1].get(group) if group else None):
        if name:
            yield ""
            yield from wrapped(f"{printable(str(name))}:", width)
        for number, _ in members:
            yield from _line(cells[number], widths, visible)


def wrapped(text: str, width: int | None) -> list[str]:
    """Return the lines of a text within a width, if there is one."""
    return [text] if width is None else _wrapped(text, width)


def _cell(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list):
        return printable(", ".join(str(item) for item in value))
    return printable(str(value))


def _length(text: str) -> int:
    """Return how many columns of a screen a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def _widths(lines: Sequence[Sequence[str]], width: int | None) -> list[int]:
    widths = [max(_length(text) for text in column) for column in zip(*lines, strict=True)]
    if width is None:
        return widths
    spare = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > spare and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> list[str]:
    parts = [_wrapped(text, width) for text, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(len(part) for part in parts)):
        texts = [part[number] if number < len(part) else "" for part in parts]
        padded = [
            _padded(text, width, right=column.figure)
            for text, width, column in zip(texts, widths, columns, strict=True)
        ]
        lines.append(_GAP.join(padded).rstrip())
    return lines


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _length(text))
    return space + text if right else text + space


def _wrapped(text: str, width: int) -> list[str]:
    if _length(text) <= width:
        return [text]
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
