"""In what a file of a pack differs from what it should be, so that somebody can find the place."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from html import unescape
from itertools import zip_longest

from projections.pack.reading_back import members, shortened

__all__ = ["difference"]

_TAG = re.compile("<[^>]*>")
#: How a page looks: what was asked stands there too, for paper, and nobody would find it there.
_STYLE = re.compile(b"<style>.*?</style>", re.DOTALL)
_LONGEST = 120
_MISREAD = (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError)


def difference(name: str, got: bytes, expected: bytes) -> str | None:
    """Say where a file first differs from what is expected; None if it says the same.

    How a spreadsheet is packed is no difference: what packs it may be of another release.
    """
    if got == expected:
        return None
    if name.endswith(".csv"):
        return _in_table(got, expected)
    if name.endswith(".ods"):
        return _in_spreadsheet(got, expected)
    return _in_markup(got, expected)


def _in_table(got: bytes, expected: bytes) -> str | None:
    here, there = _rows(got), _rows(expected)
    if not here or not there:
        return _in_lines(got, expected)
    head = there[0]
    if here[0] != head:
        return "its columns are others"
    for number, (row, other) in enumerate(zip_longest(here[1:], there[1:]), 1):
        if row == other:
            continue
        if row is None or other is None:
            return f"it has {len(here) - 1} rows, and not {len(there) - 1}"
        for column, value, should in zip_longest(head, row, other, fillvalue=""):
            if value != should:
                return f"row {number}, {column}: {shortened(value)}, and not {shortened(should)}"
    return "its bytes are others, and its cells the same"


def _rows(data: bytes) -> list[list[str]]:
    """Return the rows of a table, none where the module finds one too long or out of form."""
    text = io.StringIO(data.decode("utf-8", "backslashreplace"), newline="")
    try:
        return list(csv.reader(text))
    except csv.Error:
        return []


def _in_spreadsheet(got: bytes, expected: bytes) -> str | None:
    try:
        here, there = members(got), members(expected)
    except _MISREAD:
        return "it is no spreadsheet"
    if list(here) != list(there):
        return "its parts are others"
    for name, data in there.items():
        if here[name] != data:
            return f"in {name}, {_in_markup(here[name], data)}"
    return None


def _in_markup(got: bytes, expected: bytes) -> str:
    """Say where the words of a page differ; where none do, where its markup does."""
    before = "its beginning"
    for word, other in zip_longest(_words(got), _words(expected), fillvalue="nothing"):
        if word != other:
            return f"after {shortened(before)}: {shortened(word)}, and not {shortened(other)}"
        before = other
    return _in_lines(got.replace(b"><", b">\n<"), expected.replace(b"><", b">\n<"))


def _words(data: bytes) -> list[str]:
    texts = _TAG.split(_STYLE.sub(b"", data).decode("utf-8", "backslashreplace"))
    return [unescape(text.strip()) for text in texts if text.strip()]


def _in_lines(got: bytes, expected: bytes) -> str:
    pairs = zip_longest(got.split(b"\n"), expected.split(b"\n"), fillvalue=b"")
    for number, (line, other) in enumerate(pairs, 1):
        if line != other:
            return f"line {number}: {_around(line, other)}, and not {_around(other, line)}"
    return "it ends otherwise"


def _around(line: bytes, other: bytes) -> str:
    """Return a line from a little before the place where it begins to differ from another."""
    text, against = (each.decode("utf-8", "backslashreplace") for each in (line, other))
    pairs = enumerate(zip(text, against, strict=False))
    same = next((n for n, (one, two) in pairs if one != two), len(against))
    return shortened(text[max(0, same - _LONGEST // 3) :])
