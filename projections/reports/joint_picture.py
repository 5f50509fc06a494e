"""What members show together, between its bounds, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.intervals import Group, intervals
from projections.reports.interval_of import interval_of

Row = Mapping[str, Any]


def picture(rows: Sequence[Row]) -> Picture | None:
    """Return each measure with its pooled figures, time by time; none where nothing is pooled."""
    pooled = [row for row in rows if row["pooled"]]
    groups = [
        Group(f"{measure} ({basis})", name, [_interval(row) for row in found])
        for (name, measure, basis), found in groupby(pooled, _shared)
    ]
    if not groups:
        return None
    return Picture(
        "What schools show together",
        f"{len(pooled)} pooled figures of {len(groups)} measures. The table has each, and what is"
        " not pooled.",
        "A dot is the figure of all members together, and the line through it reaches from bound"
        " to bound. Each measure has a scale of its own, with the least and the most at its ends.",
        lambda wide: intervals(groups, wide),
    )


def _shared(row: Row) -> tuple[str, str, str]:
    return row["partnership_name"], row["measure"], row["figure_basis"]


def _interval(row: Row) -> Any:
    return interval_of(row, "pooled", f"{row['period']}: {row['pooled']}")
