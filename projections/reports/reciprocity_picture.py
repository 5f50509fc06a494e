"""Who judged whom, as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.matrix import Cell, Party, matrix


def picture(rows: Sequence[Mapping[str, Any]]) -> Picture:
    """Return who judged whom: how many grades one gave another, and whether it was judged back."""
    names = {row[side]: row[f"{side}_name"] for row in rows for side in ("judge", "judged")}
    counts = Counter((row["judge"], row["judged"]) for row in rows)
    back = {(row["judge"], row["judged"]) for row in rows if row["judged_back_on"]}
    cells = [
        Cell(
            Party(judge, names[judge]), Party(judged, names[judged]), many, (judge, judged) in back
        )
        for (judge, judged), many in counts.items()
    ]
    judges, parties = (len({pair[side] for pair in counts}) for side in (0, 1))
    return Picture(
        "Who judged whom",
        f"{len(rows)} grades, given by {judges} to {parties}; in {len(back)} of {len(counts)} pairs"
        " the judge was judged back. The table has each.",
        "Figures count grades. A frame stands where the judged party has judged its judge too.",
        lambda wide: matrix(cells, ("Judge", "Judged"), wide),
    )
