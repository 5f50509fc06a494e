"""A report as one HTML page: self-contained, without any script, readable by machines and people.

It holds to WCAG 2.2 at level AA: headings, a caption, scopes, contrast in light and dark, no
meaning by colour alone. What a table on screen leaves out is folded into the last cell of a row.
On paper each page repeats what was asked, in a row of the table's head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from projections.exports.base import Made, as_text, at_most, facts
from projections.reports.base import Report
from projections.reports.columns import Column

MOST_ROWS = 20_000
"""Above this a browser takes seconds to lay a page out."""
_TIMES = frozenset({"date", "moment"})
_PLAIN = frozenset(" ,.;:()-/")
_GROUP = Markup('</tbody><tbody><tr><th class="group" scope="rowgroup" colspan="{}">{}</th></tr>')
_ROW = Markup("<tr>{}</tr>")
_HEAD = Markup('<th scope="row" class="{}">{}</th>')
_CELL = Markup('<td class="{}">{}</td>')
_MORE = Markup('<td class="more"><details><summary>More</summary><dl>{}</dl></details></td>')
_MEMBER = Markup('<dt>{}</dt><dd data-column="{}">{}</dd>')
_TIME = Markup("<time>{}</time>")
_TEXT = Markup("{}")
_STRING = Markup('"{}"')


class _Columns(NamedTuple):
    """Columns of the table, and those folded into the last cell of a row."""

    shown: Sequence[Column]
    hidden: Sequence[Column]


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a page; raise TooManyRowsError above `MOST_ROWS`."""
    rows = at_most(MOST_ROWS, report, "a page", "CSV or ODS")
    columns = _Columns(
        [column for column in report.columns if column.shown and _is_used(column, rows)],
        [column for column in report.columns if not column.shown],
    )
    frame = _environment().get_template("page.html.j2")
    for part in frame.generate(
        title=report.title,
        origin=report.heading.origin,
        facts=list(facts(report, rows, made)),
        printed=_printed(report, len(rows)),
        columns=columns.shown,
        hidden=columns.hidden,
        count=len(rows),
        rows=_rows(report, rows, columns),
        empty=report.empty,
        notes=list(report.notes),
        made=made,
    ):
        file.write(part.encode("utf-8", "backslashreplace"))


def _is_used(column: Column, rows: Sequence[dict[str, Any]]) -> bool:
    values = (row.get(column.name) for row in rows)
    # Nought is a figure, though it equals False.
    return any(value is not False and value not in (None, "") for value in values)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["css_string"] = _css_string
    return environment


def _css_string(text: str) -> Markup:
    """Return a text as a string of CSS: whatever is not plainly harmless by its code point."""
    told = (char if char.isalnum() or char in _PLAIN else f"\\{ord(char):x} " for char in text)
    return _STRING.format("".join(told))


def _printed(report: Report, count: int) -> str:
    heading = report.heading
    return (
        f"{report.title}; {report.asked or 'everything'}; {heading.origin}, as of {heading.as_of},"
        f" known at position {heading.known_at}; {count} rows"
    )


def _rows(report: Report, rows: Sequence[dict[str, Any]], columns: _Columns) -> Iterator[Markup]:
    before = None
    for row in rows:
        group = row.get(report.group) if report.group else None
        if group and group != before:
            yield _GROUP.format(len(columns.shown) + bool(columns.hidden), group)
        before = group
        yield _row(row, columns)


def _row(row: dict[str, Any], columns: _Columns) -> Markup:
    first, *others = columns.shown
    leading = _HEAD if row.get(first.name) else _CELL
    cells = [leading.format(first.type, _value(first, row.get(first.name)))]
    cells += [_CELL.format(column.type, _value(column, row.get(column.name))) for column in others]
    if columns.hidden:
        cells.append(_more(row, columns.hidden))
    return _ROW.format(Markup().join(cells))


def _more(row: dict[str, Any], hidden: Sequence[Column]) -> Markup:
    members = [
        _MEMBER.format(column.title, column.name, _value(column, row.get(column.name)))
        for column in hidden
    ]
    return _MORE.format(Markup().join(members))


def _value(column: Column, value: Any) -> Markup:
    text = as_text(column, value)
    return (_TIME if column.type in _TIMES and text else _TEXT).format(text)
