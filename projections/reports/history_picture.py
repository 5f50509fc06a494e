"""A history as a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.timeline import Lane, Point, Span, timeline
from projections.reports.bands import Band
from projections.reports.names import in_words


def picture(had: Sequence[Band], as_of: str, rows: Sequence[dict[str, Any]]) -> Picture:
    """Return a history as a picture: what a school had, and each event, along the days."""
    first, last = date.fromisoformat(rows[0]["occurred_on"]), date.fromisoformat(as_of)
    marked = sum(bool(row["marks"]) for row in rows)
    days = [row["occurred_on"] for row in rows]
    told = [_had(band) for band in had if _is_told(band, days)]
    lanes = [*told, *_happened(rows)]
    bars = " Bars are what the school had, and broken lines stand where that changed."
    return Picture(
        "What happened when",
        f"{len(rows)} events from {first} on, {marked} with a mark; drawn until {last}. The table"
        " has each.",
        "A circle is an event, and a square one with a mark; where several are too near to be told"
        f" apart, it holds their number.{bars if told else ''}",
        lambda wide: timeline(lanes, first, last, wide),
    )


def _is_told(band: Band, days: Sequence[str]) -> bool:
    """Whether any row is of a day of it: a picture shows nothing that its table does not say."""
    return any((band.first or "") <= day <= (band.last or day) for day in days)


def _had(band: Band) -> Lane:
    days = f" from {band.first}" * bool(band.first) + f" to {band.last}" * bool(band.last)
    span = Span(*(date.fromisoformat(day) if day else None for day in (band.first, band.last)))
    return Lane(band.name + ("," + days if days else ""), band.heading, spans=[span])


def _happened(rows: Sequence[dict[str, Any]]) -> list[Lane]:
    """Return a lane for each type of event, in the order in which they first happened."""
    points: dict[str, list[Point]] = defaultdict(list)
    for row in rows:
        day = date.fromisoformat(row["occurred_on"])
        points[row["type"]].append(Point(day, bool(row["marks"])))
    return [
        Lane(f"{in_words(kind)}: {_counted(found)}", "Events", points=found)
        for kind, found in points.items()
    ]


def _counted(points: Sequence[Point]) -> str:
    marked = sum(point.apart for point in points)
    return f"{len(points)}, {marked} marked" if marked else str(len(points))
