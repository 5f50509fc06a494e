"""What lasted and what happened, along days: a lane for each, with its name beside or above it.

::

    lanes = [
        Lane("Mx Cedar", "Head", spans=[Span(date(2024, 9, 1), None)]),
        Lane("visit made: 1", "Events", points=[Point(date(2024, 11, 6))]),
    ]
    timeline(lanes, date(2024, 9, 1), date(2026, 7, 31), WIDE)

Points too near to be told apart become one, with their number in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import NamedTuple

from projections.pictures.base import HIGH, NARROW, Panel, parted
from projections.pictures.days import TITLE, Days, marks, names
from projections.pictures.headings import Heading, headed
from projections.pictures.letters import SIZE, lines, width
from projections.pictures.shapes import (
    IN_THE_MIDDLE,
    element,
    height,
    line,
    measure,
    rect,
    text,
)

_ONE_DAY = timedelta(days=1)
_BESIDE, _APART = 310.0, 6.0
_BAR, _ROW = 14.0, 20.0
_DOT, _PILL, _LEAST_BIN, _FIGURES = 5.0, 16.0, 18.0, 11.0


class Span(NamedTuple):
    """Days from a first to a last one; without one, from before or until after what is drawn."""

    first: date | None
    last: date | None

    @property
    def changes(self) -> tuple[date | None, date | None]:
        """The day on which it begins and the first on which it is over."""
        return self.first, self.last and self.last + _ONE_DAY

    def reaches(self, first: date, last: date) -> bool:
        """Whether a day of it lies between two, these included."""
        return (self.first or first) <= last and first <= (self.last or last)


class Point(NamedTuple):
    """Something on a day; what is `apart` from the usual is a square in a row below."""

    day: date
    apart: bool = False


class Lane(NamedTuple):
    """A lane, its name and the heading that lanes after one another share."""

    name: str
    heading: str
    spans: Sequence[Span] = ()
    points: Sequence[Point] = ()


class _Laid(NamedTuple):
    """A lane with its name in lines, and how high they and its rows are."""

    lane: Lane
    heading: Heading
    words: Sequence[str]
    above: float
    strip: float
    high: float

    @property
    def beside(self) -> float:
        """How far down its name stands beside its first row; above it, not at all."""
        first = min(self.strip, _APART + _ROW)
        return 0.0 if self.above else max((first - height(self.words)) / 2, 0.0)


def timeline(
    lanes: Sequence[Lane], first: date, last: date, wide: int, *, across: bool = True
) -> list[Panel]:
    """Return the panels of lanes from a first day to a last one; each panel names its days.

    A lane that has nothing between these days is left out. Broken lines stand where spans begin and
    end, across all lanes or not at all, so that it is seen what happened under which.
    """
    left = 0.0 if wide == NARROW else _BESIDE
    lanes = [lane for lane in lanes if _shows(lane, first, last)]
    days = Days(first, last, left, float(wide))
    spans = [span for lane in lanes for span in lane.spans if across]
    changes = {day for span in spans for day in span.changes if day}
    laid = [_laid(lane, left, wide) for lane in lanes]
    return [_panel(part, days, changes) for part in parted(laid, _high, HIGH[wide] - TITLE)]


def _shows(lane: Lane, first: date, last: date) -> bool:
    return bool(lane.points) or any(span.reaches(first, last) for span in lane.spans)


def _laid(lane: Lane, beside: float, wide: int) -> _Laid:
    words = lines(lane.name, (beside or NARROW) - 10, SIZE)
    apart = any(point.apart for point in lane.points)
    usual = any(not point.apart for point in lane.points)
    strip = _APART + (_BAR if lane.spans else 0) + _ROW * (apart + usual)
    above = 0.0 if beside else height(words) + 4
    high = above + strip if above else max(strip, height(words))
    return _Laid(lane, headed(lane.heading, wide), words, above, strip, high + _APART)


def _high(laid: _Laid, before: _Laid | None) -> float:
    new = before is None or before.heading != laid.heading
    return laid.high + laid.heading.high * new


def _panel(lanes: Sequence[_Laid], days: Days, changes: AbstractSet[date]) -> Panel:
    drawn = [names(days, 0)]
    top, heading = TITLE, None
    for lane in lanes:
        if lane.heading != heading:
            heading = lane.heading
            drawn.append(heading.drawn(top + 2))
            top += heading.high
        drawn.append(_lane(lane, days, changes, top))
        top += lane.high
    return Panel(top, "".join(drawn))


def _lane(laid: _Laid, days: Days, changes: AbstractSet[date], top: float) -> str:
    begin = top + laid.above
    end = begin + laid.strip
    drawn = [
        text(0, top + laid.beside, laid.words),
        rect((days.left, begin, days.right - days.left, laid.strip), "band"),
        marks(days, begin, end),
        *(
            line((days.at(day), begin), (days.at(day), end), more={"stroke-dasharray": "3 3"})
            for day in sorted(changes)
            if days.first < day < days.last
        ),
    ]
    row = begin + _APART / 2
    drawn += [_bar(span, days, row) for span in laid.lane.spans]
    row += _BAR if laid.lane.spans else 0
    for apart in (False, True):
        points = [point for point in laid.lane.points if point.apart is apart]
        drawn += _points(points, days, row + _ROW / 2)
        row += _ROW if points else 0
    return "".join(drawn)


def _bar(span: Span, days: Days, top: float) -> str:
    begin, end = (days.at(day) if day else None for day in span.changes)
    begin, end = begin or days.left, end or days.right
    return rect((begin, top + 2, max(end - begin, 2.0), _BAR - 4), "mark")


def _points(points: Sequence[Point], days: Days, middle: float) -> Iterator[str]:
    """Draw points; those in one bin as one, wide enough for their number."""
    size = max(_LEAST_BIN, width(str(len(points)), _FIGURES) + 6)
    bins: dict[int, list[float]] = defaultdict(list)
    most = max(int((days.right - days.left) / size) - 1, 0)
    for point in points:
        x = days.at(point.day)
        bins[min(int((x - days.left) / size), most)].append(x)
    for number, xs in bins.items():
        left = days.left + number * size
        look = _Look(points[0].apart, left, size, middle)
        yield look.one(xs[0]) if len(xs) == 1 else look.many(len(xs))


class _Look(NamedTuple):
    """How points in a bin look: round, or square where they are apart from the usual."""

    apart: bool
    left: float
    size: float
    middle: float

    def one(self, x: float) -> str:
        """Draw one, as near to its day as its bin lets it."""
        x = min(max(x, self.left + _DOT + 1), self.left + self.size - _DOT - 1)
        if self.apart:
            return rect((x - _DOT, self.middle - _DOT, 2 * _DOT, 2 * _DOT), "late")
        place = {"cx": measure(x), "cy": measure(self.middle), "r": measure(_DOT)}
        return element("circle", place, fill="mark")

    def many(self, count: int) -> str:
        """Draw several, with their number."""
        top = self.middle - _PILL / 2
        place = (self.left + 1, top, self.size - 2, _PILL)
        fill, round_ = ("late", 0.0) if self.apart else ("mark", _PILL / 2)
        words = text(
            self.left + self.size / 2,
            top + 1,
            [str(count)],
            size=_FIGURES,
            fill="paper",
            more=IN_THE_MIDDLE,
        )
        return rect(place, fill, {"rx": round_}) + words
