"""Rows of parties with places, as a map: said in words what it shows and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.map import MOST_NUMBERED, Sign, Spot, chart

_READ = "North is up, and distances are true by the scale beneath the map."
_NUMBERS = "Numbers are those of the list under it, in the order of the table."
_TOO_MANY = "There are too many for names; the table has each."

Row = Mapping[str, Any]


def map_of(  # noqa: PLR0913 - what a map shows, and how it is told
    rows: Sequence[Row],
    name: str,
    sign: Callable[[Row], Sign],
    signs: Sequence[Sign],
    *,
    title: str,
    what: tuple[str, str],
    reading: str,
) -> Picture | None:
    """Return the rows that have a place on a map, and how many have none; None where none has.

    `name` is the column of names, `what` what one of them and several are called.
    """
    placed = [row for row in rows if row["easting"] is not None]
    if not placed:
        return None
    spots = [Spot(row[name], row["easting"], row["northing"], sign(row)) for row in placed]
    without = len(rows) - len(placed)
    beneath = f"{_counted(without, what)} without a place: see the table." if without else ""
    numbers = _TOO_MANY if len(spots) > MOST_NUMBERED else _NUMBERS
    return Picture(
        title,
        f"{len(placed)} of {_counted(len(rows), what)} on a map. The table has each.",
        f"{_READ} {reading} {numbers}",
        lambda wide: chart(spots, signs, wide, beneath),
    )


def _counted(count: int, what: tuple[str, str]) -> str:
    return f"{count} {what[count != 1]}"
