"""Schools in no partnership, where they stand, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.map import Sign
from projections.reports.map_of import map_of

_CATEGORY = Sign("in a category of concern", "late", "triangle")
_NEEDS = Sign("with needs", "ink", "square")
_OTHERS = Sign("with neither", "mark", "circle")
_SIGNS = (_CATEGORY, _NEEDS, _OTHERS)


def picture(rows: Sequence[Mapping[str, Any]]) -> Picture | None:
    """Return each school where it stands, apart by what it needs; None where none has a place."""
    return map_of(
        rows,
        "school_name",
        _sign,
        _SIGNS,
        title="Where schools in no partnership are",
        what=("school", "schools"),
        reading="A triangle is a school in a category of concern, a square one with needs that"
        " somebody identified, a circle any other.",
    )


def _sign(row: Mapping[str, Any]) -> Sign:
    if row["category"]:
        return _CATEGORY
    return _NEEDS if row["needs"] else _OTHERS
