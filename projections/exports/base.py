"""What every format is given beside a report: when and by what it was made, and control totals."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from projections.errors import ProjectionError
from projections.reports.base import Report
from projections.reports.columns import Column
from projections.reports.names import counted

_CONTROLS = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Made(NamedTuple):
    """When a file was made, in UTC, and by which version of this software."""

    at: datetime
    version: str

    @property
    def words(self) -> str:
        """Say it in words."""
        return f"{self.at:%Y-%m-%d %H:%M} UTC, by school-ledger {self.version}"


class Total(NamedTuple):
    """A control total: of what, how much, in which unit."""

    of: str
    amount: Decimal
    unit: str

    @property
    def words(self) -> str:
        """Say it in words: `days of support: 6.0 days`, `payment: £1,400.00`."""
        if self.unit == "GBP":
            return f"{self.of}: {counted(str(self.amount), self.unit)}"
        return f"{self.of}: {self.amount} {self.unit}{'' if self.amount == 1 else 's'}"


class Tally:
    """How many rows went by, the sums of what they say is left, and of each column that is summed.

    Whoever receives a file adds it up again, and so sees that no row was lost on the way.
    """

    def __init__(self, report: Report) -> None:
        names = {column.name for column in report.columns}
        self._adds = {"kind_title", "outstanding", "unit"} <= names
        self._left: dict[tuple[str, str], Decimal] = {}
        self._summed = {column: Decimal(0) for column in report.columns if column.summed}
        self.count = 0

    def of(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Let rows go by."""
        for row in rows:
            self.count += 1
            if self._adds:
                key = (row["kind_title"], row["unit"])
                self._left[key] = self._left.get(key, Decimal(0)) + Decimal(row["outstanding"])
            for column in self._summed:
                self._summed[column] += Decimal(row[column.name] or 0)
            yield row

    @property
    def totals(self) -> list[Total]:
        """The sums so far; none where rows say no such thing."""
        left = [Total(kind, amount, unit) for (kind, unit), amount in sorted(self._left.items())]
        summed = self._summed.items()
        return left + [Total(column.title, amount, column.summed) for column, amount in summed]


def facts(report: Report, rows: list[Any], made: Made) -> Iterator[tuple[str, str]]:
    """Yield what a report's answer rests on, each with its title, for the head of a file."""
    heading, tally = report.heading, Tally(report)
    deque(tally.of(rows), maxlen=0)
    yield "Asked", report.asked or "everything"
    if heading.audience:
        yield "Audience", heading.audience
        yield "Left out", f"{heading.left_out} rows that this audience may not see"
    yield "Ledger", heading.origin
    yield from heading.bundle.facts if heading.bundle else ()
    yield "As of", heading.as_of + (f"; {heading.before}" if heading.before else "")
    yield "Known at", f"position {heading.known_at}, {heading.known_on}".removesuffix(", ")
    yield "Size", f"{heading.size} entries"
    yield "Root", heading.root
    yield "Made", made.words
    yield "Rows", str(tally.count)
    for total in tally.totals:
        yield "Control total", total.words


def printed(report: Report, count: int) -> str:
    """Return on one line what stands on every page of paper: what was asked, and of what."""
    heading = report.heading
    return (
        f"{report.title}; {report.asked or 'everything'}; {heading.origin}, as of {heading.as_of},"
        f" known at position {heading.known_at}; {count} rows"
    )


def is_used(column: Column, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether any row says something in a column."""
    values = (row.get(column.name) for row in rows)
    # Nought is a figure, though it equals False.
    return any(value is not False and value not in (None, "", []) for value in values)


def as_text(column: Column, value: Any) -> str:
    """Return a value as a file tells it in words: yes and no, and what lists hold, parted.

    Events are parted by blanks, anything else of which there are several by semicolons.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return (" " if column.type == "events" else "; ").join(map(str, value))
    return str(value)


def visible(text: str) -> str:
    r"""Return a text with what could steer a terminal as a visible escape, `\x1b`."""
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class TooManyRowsError(ProjectionError):
    """A format that would not carry so many rows well."""


def at_most(most: int, report: Report, form: str, instead: str) -> list[dict[str, Any]]:
    """Return a report's rows; raise TooManyRowsError where there are more than a format carries."""
    rows = list(report.rows)
    if len(rows) > most:
        raise TooManyRowsError(
            f"{len(rows)} rows are too many for {form}",
            expected=f"{most} at most",
            todo=f"Narrow what is asked for, or write {instead}.",
        )
    return rows
