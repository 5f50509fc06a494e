"""Figures that were published, as they stand at a moment, and whether two of them differ.

A figure that is published anew for a period stands in place of the one before. Two are told apart
only where the intervals between their bounds do not overlap, which is stricter than a test of
difference: what is not distinguishable may still differ.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from projections.reports.asking import words
from projections.reports.columns import Column, hidden
from projections.reports.standing import among, standing
from projections.tables.views import Moment

MEASURE = Column("measure", "Measure", "The measure that is published, in words.")
FIGURE_BASIS = Column(
    "figure_basis", "Basis", "Whether it is as counted (`raw`), or allows for who the pupils are."
)
PERIOD = Column("period", "Period", "The time that the figure tells of, both days included.")


def figure_columns(prefix: str, title: str, whose: str) -> tuple[Column, ...]:
    """Return the columns of one figure that are not on screen."""
    return hidden(
        Column(f"{prefix}_value", f"{title}: value", f"The figure {whose}, by itself.", "amount"),
        Column(f"{prefix}_lower", f"{title}: lower", f"The lower bound {whose}.", "amount"),
        Column(f"{prefix}_upper", f"{title}: upper", f"The upper bound {whose}.", "amount"),
        Column(f"{prefix}_cohort", f"{title}: pupils", f"The pupils {whose}.", "number"),
    )


APART, ALIKE, UNTOLD = "distinguishable", "not distinguishable", "no bounds"


class Of(NamedTuple):
    """What a figure is of: a measure on a basis, for a time."""

    measure: str
    basis: str
    period_from: str
    period_to: str

    @property
    def period(self) -> str:
        """The time in words."""
        return f"{self.period_from} to {self.period_to}"


class Figure(NamedTuple):
    """A figure of a party, with its bounds and how many pupils it rests on, where told."""

    about: str
    of: Of
    value: Decimal
    lower: Decimal | None
    upper: Decimal | None
    cohort: int | None
    event: str

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The bounds; without them, the value itself."""
        if self.lower is None or self.upper is None:
            return self.value, self.value
        return self.lower, self.upper

    @property
    def places(self) -> int:
        """How many places after the point the value has."""
        return -int(self.value.as_tuple().exponent)

    def __str__(self) -> str:
        """Say the figure, its bounds and its pupils: `74.5 (66.2 to 81.4; 58 pupils)`."""
        bounds = f"{self.lower} to {self.upper}" if self.lower is not None else ""
        pupils = f"{self.cohort} pupils" if self.cohort is not None else ""
        told = "; ".join(filter(None, (bounds, pupils)))
        return f"{self.value} ({told})" if told else str(self.value)


def figures(
    connection: sqlite3.Connection, at: Moment, parties: Iterable[str] | None = None
) -> list[Figure]:
    """Return the figures of parties, or all, that stood at a moment: of each period the last."""
    found: dict[tuple[str, Of], Figure] = {}
    for row in standing(connection, at, "figures", *among("about", parties)):
        one = _figure(row)
        found[one.about, one.of] = one
    return sorted(found.values(), key=lambda one: (one.of, one.about))


def _figure(row: dict[str, Any]) -> Figure:
    return Figure(
        row["about"],
        Of(row["measure"], row["basis"], row["period_from"], row["period_to"]),
        Decimal(row["value"]),
        _bound(row["lower"]),
        _bound(row["upper"]),
        row["cohort"],
        row["event"],
    )


def _bound(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def verdict(one: Figure, other: Figure) -> str:
    """Return whether two figures can be told apart: only where their bounds do not overlap."""
    if one.lower is None or one.upper is None or other.lower is None or other.upper is None:
        return UNTOLD
    return APART if one.upper < other.lower or other.upper < one.lower else ALIKE


def of_in_columns(of: Of) -> dict[str, Any]:
    """Return what a figure is of as columns."""
    return {"measure": words(of.measure), "figure_basis": of.basis, "period": of.period}


def in_columns(prefix: str, one: Figure | None) -> dict[str, Any]:
    """Return a figure as columns of its own: in words, value, bounds and pupils."""
    value, lower, upper, cohort = one[2:6] if one else (None, None, None, None)
    return {
        prefix: None if one is None else str(one),
        f"{prefix}_value": None if value is None else str(value),
        f"{prefix}_lower": None if lower is None else str(lower),
        f"{prefix}_upper": None if upper is None else str(upper),
        f"{prefix}_cohort": cohort,
    }
