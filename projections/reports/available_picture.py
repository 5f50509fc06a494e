"""Who could give support, where they stand around the school that asks, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.map import Sign
from projections.reports.map_of import map_of

_ASKS = Sign("asking", "late", "diamond")
_LEFT = Sign("with days left to offer", "mark", "circle")
_NOTHING = Sign("with none left", "rule", "square")

Row = Mapping[str, Any]


def picture(rows: Sequence[Row], asking: Row | None) -> Picture | None:
    """Return each provider once where it stands, and who asks; None where none has a place.

    `asking` is the school that asks, named and placed as rows name and place providers.
    """
    of: dict[str, Row] = {}
    for row in rows:
        known = of.get(row["provider"])
        of[row["provider"]] = row if known is None or _sign(row) is _LEFT else known
    if all(row["easting"] is None for row in of.values()):
        return None
    return map_of(
        [*of.values(), *([asking] if asking else [])],
        "provider_name",
        _sign,
        (_ASKS, _LEFT, _NOTHING),
        title="Where support could be had",
        what=("party", "parties"),
        reading="A circle is a supporting organisation with days left to offer, a square one that"
        " has none left, a diamond the school that asks.",
    )


def _sign(row: Row) -> Sign:
    if row["left_to_offer"] is None:
        return _ASKS
    return _LEFT if Decimal(row["left_to_offer"]) else _NOTHING
