"""Where parties are: their region by name, their place on the national grid, and how far apart.

::

    where = places(connection, at)
    kilometres(where.get("school:900001"), where.get("school:900002"))
"""

from __future__ import annotations

import math
import sqlite3
from typing import NamedTuple

from ledger.regions import NAMES
from projections.tables.views import Moment

_NAMES: dict[str, str] = {code: name for code, name in NAMES.items()}  # noqa: C416 - by any text
_PLACES = """
    SELECT party, easting, northing FROM registered
    WHERE easting IS NOT NULL AND position <= :known AND coalesce(first, '') <= :as_of
    ORDER BY coalesce(first, ''), position
"""


class Place(NamedTuple):
    """A place on the national grid of Ordnance Survey, in metres."""

    easting: int
    northing: int


def region_name(code: str | None) -> str | None:
    """Return a region as people call it; None for none."""
    return None if code is None else _NAMES.get(code, code)


def places(connection: sqlite3.Connection, at: Moment) -> dict[str, Place]:
    """Return the places that parties have on the day, by reference; those that are told."""
    rows = connection.execute(_PLACES, {"known": at.known_at, "as_of": at.as_of})
    return {party: Place(easting, northing) for party, easting, northing in rows}


def on_the_grid(place: Place | None) -> dict[str, int | None]:
    """Return what columns say of a place; nothing where none is told."""
    return place._asdict() if place else {"easting": None, "northing": None}


def kilometres(one: Place | None, other: Place | None) -> str | None:
    """Return how far two places are from each other, to a tenth; None where one is not told."""
    if one is None or other is None:
        return None
    return f"{math.dist(one, other) / 1000:.1f}"
