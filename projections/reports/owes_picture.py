"""Who owes whom, as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.boxes import Look
from projections.pictures.flow import Strand, flow

_OVERDUE = Look("overdue", "late", 3)
_OPEN = Look("not overdue", "mark", 1.5)
_SETTLED = Look("settled", "rule", 1.5, "4 4")
_LOOKS = (_OVERDUE, _OPEN, _SETTLED)


def picture(rows: Sequence[dict[str, Any]]) -> Picture:
    """Return who owes whom as a picture: a line from each to each whom it owes, with how many."""
    strands = [_strand(row) for row in rows]
    looks = Counter(strand.look for strand in strands)
    counted = ", ".join(f"{looks[look]} {look.word}" for look in _LOOKS if looks[look])
    owing = len({strand.source for strand in strands})
    owed = len({strand.target for strand in strands})
    return Picture(
        "Who owes whom",
        f"{counted}: owed by {owing} to {owed}. The table has each.",
        "Figures count obligations, on the right all that each is owed. A line goes from who owes"
        " to who is owed: a thick one where something is overdue, a thin one where nothing is, a"
        " dashed one where all is settled.",
        lambda wide: flow(strands, ("Who owes", "To whom"), _LOOKS, wide),
    )


def _strand(row: Mapping[str, Any]) -> Strand:
    left = Decimal(row["outstanding"])
    look = _OVERDUE if row["overdue"] else _OPEN if left else _SETTLED
    sides = (row["debtor"], row["debtor_name"], row["creditor"], row["creditor_name"])
    return Strand(*sides, row["kind_title"], look)
