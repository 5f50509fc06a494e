"""What every format is given beside a report: when and by what it was made, and control totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from projections.errors import ProjectionError
from projections.reports.base import Report
from projections.reports.columns import Column


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
        """Say it in words: `days of support: 6.0 day`."""
        return f"{self.of}: {self.amount} {self.unit}"


def totals(report: Report, rows: Iterable[Mapping[str, Any]]) -> list[Total]:
    """Return the sum of what rows say is left, by kind and unit; none where they say no such thing.

    Whoever receives a file adds it up again, and so sees that no row was lost on the way.
    """
    names = {column.name for column in report.columns}
    if not {"kind_title", "outstanding", "unit"} <= names:
        return []
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (row["kind_title"], row["unit"])
        sums[key] = sums.get(key, Decimal(0)) + Decimal(row["outstanding"])
    return [Total(kind, amount, unit) for (kind, unit), amount in sorted(sums.items())]


def facts(report: Report, rows: list[Any], made: Made) -> Iterator[tuple[str, str]]:
    """Yield what a report's answer rests on, each with its title, for the head of a file."""
    heading = report.heading
    yield "Asked", report.asked or "everything"
    yield "Ledger", heading.origin
    yield "As of", heading.as_of
    yield "Known at", f"position {heading.known_at}, {heading.known_on}"
    yield "Size", f"{heading.size} entries"
    yield "Root", heading.root
    yield "Made", made.words
    yield "Rows", str(len(rows))
    for total in totals(report, rows):
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
    return any(row.get(column.name) not in (None, "", False, []) for row in rows)


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
