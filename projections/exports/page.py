"""A report as one HTML page: self-contained, without any script, readable by machines and people.

A figure's cell names the column and the events that it comes from (`data-figure`, `data-events`).
It holds to WCAG 2.2 at level AA: headings, a caption, scopes, contrast in light and dark, no
meaning by colour alone. A report's picture stands above its table. What a table on screen leaves
out is folded into the last cell of a row.
On paper each page repeats what was asked, in a row of the table's head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from projections.exports.base import Made, as_text, at_most, facts, is_used, printed, visible
from projections.pictures.base import STYLE, inline
from projections.reports.base import Report
from projections.reports.columns import Column

MOST_ROWS = 20_000
"""Above this a browser takes seconds to lay a page out."""
_TIMES = frozenset({"date", "moment"})
_PLAIN = frozenset(" ,.;:()-/")
_GROUP = Markup('</tbody><tbody><tr><th class="group" scope="rowgroup" colspan="%s">%s</th></tr>')
_MORE = '<td class="more"><details><summary>More</summary><dl>'
_MORE_ENDS = "</dl></details></td>"
_STRING = Markup('"%s"')


class _Columns(NamedTuple):
    """Columns of the table, and those folded into the last cell of a row."""

    shown: Sequence[Column]
    hidden: Sequence[Column]


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a page; raise TooManyRowsError above `MOST_ROWS`."""
    rows = at_most(MOST_ROWS, report, "a page", "CSV or ODS")
    columns = _Columns(
        [column for column in report.columns if column.shown and is_used(column, rows)],
        [column for column in report.columns if not column.shown],
    )
    picture = report.pictured(rows)
    frame = _environment().get_template("page.html.j2")
    for part in frame.generate(
        title=report.title,
        origin=report.heading.origin,
        facts=list(facts(report, rows, made)),
        printed=printed(report, len(rows)),
        columns=columns.shown,
        hidden=columns.hidden,
        count=len(rows),
        picture=picture,
        drawn=Markup(inline(picture)) if picture else "",  # noqa: S704 - drawn by us
        picture_style=Markup(STYLE) if picture else "",  # noqa: S704 - a constant of ours
        rows=_rows(report, rows, columns),
        empty=report.empty,
        notes=list(report.notes),
        made=made,
    ):
        file.write(visible(part).encode("utf-8", "backslashreplace"))


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
    return _STRING % "".join(told)


def _rows(report: Report, rows: Sequence[dict[str, Any]], columns: _Columns) -> Iterator[Markup]:
    before = None
    for row in rows:
        group = row.get(report.group) if report.group else None
        if group and group != before:
            yield _GROUP % (len(columns.shown) + bool(columns.hidden), group)
        before = group
        yield _row(row, columns)


def _row(row: dict[str, Any], columns: _Columns) -> Markup:
    """Return a row, its pieces escaped where they are made and put together once.

    To put each together as Markup takes three times as long.
    """
    first, *others = columns.shown
    named = row.get(first.name)
    tag, scope = ("th", ' scope="row"') if named else ("td", "")
    pieces = [f'<tr><{tag}{scope} class="{first.type}">', *_value(first, named), f"</{tag}>"]
    for column in others:
        pieces += _cell(row, column)
    if columns.hidden:
        pieces.append(_MORE)
        for column in columns.hidden:
            pieces += (_member(column), *_value(column, row.get(column.name)), "</dd>")
        pieces.append(_MORE_ENDS)
    pieces.append("</tr>")
    return Markup("".join(pieces))  # noqa: S704 - see above


def _cell(row: dict[str, Any], column: Column) -> Iterator[str]:
    value = row.get(column.name)
    yield f'<td class="{column.type}"'
    events = row.get("events") or [event for event in [row.get("event")] if event]
    if events and column.figure and as_text(column, value):
        # Whoever sees a figure can ask for the events that it comes from, without reading the page.
        # One that counts that there are none comes from none.
        yield f' data-figure="{column.name}" data-events="'
        yield escape(" ".join(events))
        yield '"'
    yield ">"
    yield from _value(column, value)
    yield "</td>"


@cache
def _member(column: Column) -> str:
    return f'<dt>{escape(column.title)}</dt><dd data-column="{column.name}">'


def _value(column: Column, value: Any) -> tuple[str, ...]:
    text = as_text(column, value)
    if column.type in _TIMES and text:
        return "<time>", escape(text), "</time>"
    return (escape(text),)
