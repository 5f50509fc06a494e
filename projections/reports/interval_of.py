"""A figure in the columns of a row, as a picture draws it between its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from projections.pictures.intervals import Interval


def interval_of(row: Mapping[str, Any], prefix: str, word: str, *, apart: bool = False) -> Interval:
    """Return the figure whose columns begin with a prefix, in words."""
    lower, upper = (
        None if row[f"{prefix}_{name}"] is None else Decimal(row[f"{prefix}_{name}"])
        for name in ("lower", "upper")
    )
    return Interval(word, Decimal(row[f"{prefix}_value"]), lower, upper, apart)
