"""The times of heads and responsible bodies, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.timeline import Lane, Point, Span, timeline

Row = Mapping[str, Any]


def picture(as_of: str, rows: Sequence[Row]) -> Picture | None:
    """Return times along the days, with the days of the latest grades within each; none undated."""
    times: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        times.setdefault(
            tuple(row[name] for name in ("school", "role", "who", "first")), []
        ).append(row)
    firsts = [row["first"] or row.get("latest_on") for row in rows]
    dated = [day for day in firsts if day and day <= as_of]
    if not dated:
        return None
    first, last = date.fromisoformat(min(dated)), date.fromisoformat(as_of)
    lanes = [_lane(found) for found in times.values()]
    grades = sum(len(lane.points) for lane in lanes)
    schools = len({row["school"] for row in rows})
    return Picture(
        "Heads and responsible bodies",
        f"{len(times)} times at {schools} schools, from {first} to {last}, and {grades} latest"
        " grades and figures within them. The table has each.",
        "A bar is a time of a head or under a responsible body. A circle is the latest grade in an"
        " area within it, on the day of the inspection, or the latest figure of a measure, on the"
        " last day that it tells of; where several are too near to be told apart, it holds their"
        " number.",
        lambda wide: timeline(lanes, first, last, wide, across=False),
    )


def _lane(rows: Sequence[Row]) -> Lane:
    one = rows[0]
    graded = [date.fromisoformat(row["latest_on"]) for row in rows if row.get("latest_on")]
    span = Span(*(date.fromisoformat(one[end]) if one[end] else None for end in ("first", "last")))
    return Lane(_words(rows), one["school_name"], [span], [Point(day) for day in graded])


def _words(rows: Sequence[Row]) -> str:
    """Say whose time it is, how long, and days received and category where they are told."""
    one = rows[0]
    told = f"{one['role']} {one['who_name']}"
    told += f" ({one['basis']})" * bool(one["basis"])
    told += f" from {one['first']}" * bool(one["first"]) + f" to {one['last']}" * bool(one["last"])
    days = next(
        (row["days_received_within"] for row in rows if row.get("days_received_within")), None
    )
    category = next((row["category"] for row in rows if row.get("category")), None)
    more = [f"{days} days received"] * bool(days) + [str(category)] * bool(category)
    return told + (f"; {', '.join(more)}" if more else "")
