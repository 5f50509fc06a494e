"""Two parties' figures between their bounds, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.intervals import Group, Interval, intervals
from projections.reports.figures import APART
from projections.reports.interval_of import interval_of

Row = Mapping[str, Any]


def picture(rows: Sequence[Row]) -> Picture:
    """Return each measure with both figures between their bounds."""
    groups = [Group(_name(row), row["measure"], list(_both(row))) for row in rows]
    apart = sum(row["verdict"] == APART for row in rows)
    return Picture(
        "Two and their figures",
        f"{len(rows)} figures of both, of which {apart} can be told apart. The table has each.",
        "A dot is a figure, and the line through it reaches from bound to bound. Squares are"
        " figures that can be told apart: their lines do not overlap. Each measure has a scale of"
        " its own, with the least and the most at its ends.",
        lambda wide: intervals(groups, wide),
    )


def _name(row: Row) -> str:
    return f"{row['figure_basis']}, {row['period']}: {row['verdict']}"


def _both(row: Row) -> list[Interval]:
    apart = row["verdict"] == APART
    return [
        interval_of(row, side, f"{row[f'{side}_name']}: {row[side]}", apart=apart)
        for side in ("one", "other")
    ]
