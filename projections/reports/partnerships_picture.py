"""Who visited whom under the latest year of partnerships, as a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.matrix import Cell, Party, matrix
from projections.reports.visits import Between


def picture(
    between: Mapping[str, Sequence[Between]], rows: Sequence[Mapping[str, Any]]
) -> Picture | None:
    """Return who visited whom under the years that rows are about; none if nobody did."""
    names: dict[str, str] = {}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    outside: set[tuple[str, str]] = set()
    for one in (one for row in rows for one in between[row["partnership"]]):
        names |= {one.visitor: one.visitor_name, one.host: one.host_name}
        counts[one.visitor, one.host] += one.many
        outside |= {(one.visitor, one.host)} if one.outside else set()
    if not counts:
        return None
    parties = {key: Party(key, name) for key, name in names.items()}
    cells = [
        Cell(parties[pair[0]], parties[pair[1]], many, pair in outside)
        for pair, many in counts.items()
    ]
    return Picture(
        "Who visited whom",
        f"{sum(counts.values())} visits under the latest year of {len(rows)} partnerships, between"
        f" {len(counts)} pairs; in {len(outside)} the host was outside. The table has each.",
        "Figures count visits under the latest year that hosts confirmed. A frame stands where the"
        " host did not belong to the partnership on the day.",
        lambda wide: matrix(cells, ("Who visited", "Whom"), wide),
    )
