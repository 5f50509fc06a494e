"""Needs and what became of them, by authority and evaluation area, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.pictures.bars import Bar, Group, bars
from projections.pictures.base import Picture

_STEPS = {
    "needs_found": "identified",
    "accepted": "accepted",
    "gone_outside": "gone outside",
    "met": "met",
}


def picture(rows: Sequence[Mapping[str, Any]]) -> Picture | None:
    """Return the needs of each area, a small multiple under each place; None without any."""
    rows = [row for row in rows if row["needs_found"]]
    if not rows:
        return None
    groups = [
        Group(
            row["need_area"],
            ", ".join(filter(None, (row["region"], row["authority_name"]))) or "no authority told",
            [Bar(word, Decimal(row[name])) for name, word in _STEPS.items()],
        )
        for row in rows
    ]
    needs, met = (sum(row[name] for row in rows) for name in ("needs_found", "met"))
    return Picture(
        "Needs and outcomes by authority",
        f"{needs} needs, of which {met} were met. The table has each, and the days of help.",
        "Bars count needs, all on one scale, under each authority and area; a step that none came"
        " to has no bar.",
        lambda wide: bars(groups, wide),
    )
