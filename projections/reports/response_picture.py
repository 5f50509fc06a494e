"""Days from each trigger to a decision, an offer, an agreement and a first day, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from projections.pictures.bars import Bar, Group, bars
from projections.pictures.base import Picture

Row = Mapping[str, Any]
_STEPS = {
    "first_offer_on": "days to an offer",
    "agreed_on": "days to an agreement",
    "first_day_on": "days to the first day",
}


def picture(rows: Sequence[Row]) -> Picture | None:
    """Return how long each trigger waited for each step; none where nobody waited a day."""
    groups = [Group(row["school_name"], _heading(row), list(_bars(row))) for row in rows]
    if not any(bar.amount for group in groups for bar in group.bars):
        return None
    helped = sum(1 for row in rows if row["first_day_on"])
    return Picture(
        "From trigger to help",
        f"{len(rows)} triggers, of which {helped} came to a first day of help. The table has each.",
        "Bars are days since the trigger, all on one scale; a step of the same day has no bar."
        " Where no day of help is recorded, the days up to the day asked for are waiting.",
        lambda wide: bars(groups, wide),
    )


def _heading(row: Row) -> str:
    return f"{row['trigger_title']}, {row['triggered_on']}"


def _bars(row: Row) -> list[Bar]:
    taken = [("days to a decision", row["decision_days"])]
    taken += [(word, _days(row, row[name])) for name, word in _STEPS.items()]
    found = [Bar(word, Decimal(days)) for word, days in taken if days is not None and days >= 0]
    if row["first_day_on"] is None and row["outcome"] is None:
        found.append(Bar("days waiting", Decimal(row["days_by_now"]), late=True))
    return found


def _days(row: Row, day: str | None) -> int | None:
    since = date.fromisoformat(row["triggered_on"])
    return None if day is None else (date.fromisoformat(day) - since).days
