"""A report as a PDF, written by Typst: PDF/A-3a to be kept, PDF/UA-1 to be read aloud.

Its rows are attached as CSV, with every column. The fonts are those within Typst, so that it is
the same wherever it is made; a letter that they lack stands as its code point, `[U+9648]`.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from ledger.release import installing
from projections.errors import ProjectionError
from projections.exports.base import Made, as_text, at_most, facts, is_used, printed
from projections.exports.csv_table import lines
from projections.reports.base import Report
from projections.reports.columns import Column

MOST_ROWS = 10_000
"""Above this nobody reads it as pages, and laying it out takes too long."""
_STANDARDS = ["a-3a", "ua-1"]
_TEMPLATE = Path(__file__).with_name("report.typ")
_PROBE = b'#set document(title: "Letters")\n#for each in json("report.json") { par(each) }'

#: Columns of these types are as wide as their values, which are not broken; others share the rest.
_WHOLE = frozenset(
    {"amount", "pounds", "number", "date", "moment", "yes_no", "code", "event", "events"}
)
_LEAST_SHARE, _MOST_SHARE = 8, 80
_LONG_WORD = re.compile(r"\S{21,}")
_PIECE = re.compile(r".{20}(?=.)")
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"

#: How Typst names the letters that keep a file from the standards.
_REFUSED = re.compile(r'(?:the text|contains the codepoint) `"((?:[^"\\]|\\.)*)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_SAYS_LACKING = (
    "A letter that the fonts of this document lack stands as its code point, such as [U+9648];"
    " the attached CSV has the letter."
)


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a PDF; raise TooManyRowsError above `MOST_ROWS`."""
    typst = _typst()
    rows = at_most(MOST_ROWS, report, "a PDF", "CSV or ODS")
    table = "".join(lines(report.columns, rows)).encode("utf-8", "backslashreplace")
    with tempfile.TemporaryDirectory(prefix="school-ledger-") as name:
        folder = Path(name)
        (folder / "rows.csv").write_bytes(table)
        file.write(_Press(typst, folder, made).printed(_told(report, rows, made)))


def _typst() -> ModuleType:
    try:
        import typst  # noqa: PLC0415 - an extra, loaded only to use it
    except ImportError as error:
        raise ProjectionError(
            "PDF needs typst, which is not installed",
            todo=f"Run `{installing('pdf')}`, or write HTML or ODS.",
        ) from error
    return typst


# -- what the template is told -----------------------------------------------------------------


def _told(report: Report, rows: list[dict[str, Any]], made: Made) -> dict[str, Any]:
    columns = [column for column in report.columns if _is_printed(column, rows)]
    count = f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}"
    return {
        "title": report.title,
        "origin": report.heading.origin,
        "printed": printed(report, len(rows)),
        "facts": [list(fact) for fact in facts(report, rows, made)],
        "caption": f"{report.title}: {count}",
        "columns": [_column(column, rows) for column in columns],
        "rows": list(_rows(report, rows, columns)),
        "empty": report.empty,
        "notes": list(report.notes),
        "meanings": [[column.title, column.name, column.meaning] for column in report.columns],
        "attached": f"{report.name}.csv",
    }


def _is_printed(column: Column, rows: Sequence[dict[str, Any]]) -> bool:
    """Tell whether a column is on the page: what a screen shows, and which events stand behind."""
    return (column.shown or column.type == "events") and is_used(column, rows)


def _column(column: Column, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    longest = max([len(column.title), *(len(_cell(column, row)) for row in rows)])
    share = 0 if column.type in _WHOLE else min(max(longest, _LEAST_SHARE), _MOST_SHARE)
    small = column.type in {"event", "events"}
    return {"title": column.title, "figure": column.figure, "small": small, "share": share}


def _rows(
    report: Report, rows: Sequence[dict[str, Any]], columns: Sequence[Column]
) -> Iterator[list[str] | str]:
    """Yield the cells of each row, and before rows that share a group what it is called."""
    before = None
    for row in rows:
        group = row.get(report.group) if report.group else None
        if group and group != before:
            yield str(group)
        before = group
        yield [_cell(column, row) for column in columns]


def _cell(column: Column, row: dict[str, Any]) -> str:
    value = row.get(column.name)
    if column.type == "events":
        return "\n".join(value or ())
    text = as_text(column, value)
    return text if column.type in _WHOLE else _LONG_WORD.sub(_breakable, text)


def _breakable(word: re.Match[str]) -> str:
    return _PIECE.sub(rf"\g<0>{_MAY_BREAK}", word[0])


# -- letters and standards ---------------------------------------------------------------------


def _code_points(letters: Iterable[int]) -> dict[int, str]:
    return {letter: f"[U+{letter:04X}]" for letter in letters}


#: Letters without a shape, or that turn the direction of what stands beside them.
_SHAPELESS = (
    *(letter for letter in range(0x20) if letter != ord("\n")),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xD800, 0xE000),
)


class _Press:
    """What prints letters that its fonts have, and of others their code points."""

    def __init__(self, typst: ModuleType, folder: Path, made: Made) -> None:
        self._typst = typst
        self._folder = folder
        self._made = made
        self._instead = _code_points(_SHAPELESS)

    def printed(self, told: dict[str, Any]) -> bytes:
        """Return the document that says what is told."""
        # Each letter by itself first: what is lacking is found sooner than in all pages.
        letters = {*json.dumps(told, ensure_ascii=False)}.difference(map(chr, self._instead))
        self._attempt(_PROBE, sorted(letters))
        template, document = _TEMPLATE.read_bytes(), None
        while document is None:
            document = self._attempt(template, self._shown(told))
        return document

    def _shown(self, told: dict[str, Any]) -> Any:
        shown = _each(told, lambda text: text.translate(self._instead))
        if shown != told:
            shown["notes"].append(_SAYS_LACKING)
        return shown

    def _attempt(self, source: bytes, value: Any) -> bytes | None:
        """Return a document; None, having learnt which, where letters are lacking."""
        (self._folder / "main.typ").write_bytes(source)
        (self._folder / "report.json").write_text(json.dumps(value), encoding="ascii")
        try:
            written: bytes = self._typst.compile(
                self._folder / "main.typ",
                ignore_system_fonts=True,
                pdf_standards=_STANDARDS,
                timestamp=self._made.at.replace(microsecond=0),
            )
        except self._typst.TypstError as error:
            self._learn(error)
            return None
        return written

    def _learn(self, error: Any) -> None:
        """Learn which letters are lacking; raise ProjectionError where it is something else."""
        named = "".join(_REFUSED.findall(error.diagnostic))
        letters = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), named)
        lacking = {ord(letter) for letter in letters if not letter.isascii()} - {*self._instead}
        if not lacking:
            raise ProjectionError(
                "internal error: Typst refuses the document", got=error.diagnostic
            ) from error
        self._instead |= _code_points(lacking)


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value with each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each(member, change) for name, member in value.items()}
    if isinstance(value, list):
        return [_each(member, change) for member in value]
    return value
