"""Days of support by provider and school year, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.pictures.bars import Bar, Group, bars
from projections.pictures.base import Picture

_FIGURES = {
    "declared": "declared",
    "offered": "offered",
    "agreed": "agreed",
    "confirmed": "confirmed",
    "left": "left to give",
    "late_days": "overdue",
    "beyond": "beyond",
}


def picture(rows: Sequence[Mapping[str, Any]]) -> Picture | None:
    """Return the days that each provider offers, and has agreed and given; none if none has."""
    groups = [
        Group(
            row["provider_name"],
            row["school_year"],
            [
                Bar(word, Decimal(row[name] or 0), name == "late_days")
                for name, word in _FIGURES.items()
            ],
        )
        for row in rows
    ]
    if not any(bar.amount for group in groups for bar in group.bars):
        return None
    totals = ", ".join(
        f"{sum(Decimal(row[name] or 0) for row in rows)} {word}" for name, word in _FIGURES.items()
    )
    return Picture(
        "Days of support, by school year",
        f"In all {totals} days. The table has each.",
        "Bars are days of support, all on one scale; what is nothing has no bar.",
        lambda wide: bars(groups, wide),
    )
