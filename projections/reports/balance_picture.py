"""Demands of schools against days of help, term by term, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.sides import Pair, sides

Row = Mapping[str, Any]


def picture(rows: Sequence[Row]) -> Picture | None:
    """Return demands to the left and days confirmed to the right; none where there are neither."""
    pairs = [_pair(row) for row in rows]
    if not any(pair.left or pair.right for pair in pairs):
        return None
    demands = sum(row["demands"] for row in rows)
    days = sum((Decimal(row["confirmed"]) for row in rows), Decimal(0))
    return Picture(
        "Pressure against support, by term",
        f"In all {_counted(demands)} and {days} days confirmed. The table has each.",
        "To the left of the line stands how many demands were made in a term, to the right how many"
        " days were confirmed; each side is on a scale of its own.",
        lambda wide: sides(pairs, wide),
    )


def _counted(demands: int) -> str:
    return "1 demand" if demands == 1 else f"{demands} demands"


def _pair(row: Row) -> Pair:
    words = f"{row['term']}: {_counted(row['demands'])}, {row['confirmed']} days confirmed"
    return Pair(words, row["school_name"], Decimal(row["demands"]), Decimal(row["confirmed"]))
