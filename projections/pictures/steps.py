"""How amounts changed from day to day, as steps: a chart for each kind, small ones side by side.

::

    owed = Course("owed by Alder", Decimal(0), [Step(date(2025, 1, 20), Decimal(10))])
    steps([Chart("days of support", [owed])], date(2024, 9, 1), date(2026, 7, 31), WIDE)

What an amount is at the end, and was at most, is told in words above, so that nothing need be
measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projections.pictures.base import HIGH, NARROW, Panel, parted
from projections.pictures.days import TITLE, Days, marks, names
from projections.pictures.letters import BOLDER, SMALL, lines
from projections.pictures.shapes import BOLD, Attributes, element, height, line, measure, rect, text

_PLOT, _APART, _BESIDE, _PAD = 84.0, 18.0, 32.0, 6.0
_SWATCH, _MIDDLE = 30.0, 0.65


class _Look(NamedTuple):
    stroke: str
    how: Attributes


_LOOKS = (
    _Look("mark", {"stroke-width": 3}),
    _Look("late", {"stroke-width": 2, "stroke-dasharray": "6 3"}),
    _Look("rule", {"stroke-width": 2, "stroke-dasharray": "2 3"}),
)


class Step(NamedTuple):
    """From a day on, an amount; several on one day one after the other."""

    day: date
    amount: Decimal


class Course(NamedTuple):
    """How an amount changed: what it is, from what it began, its steps in order, and which line.

    Line 0 is solid, 1 dashed, 2 dotted.
    """

    name: str
    begin: Decimal
    steps: Sequence[Step]
    look: int = 0

    @property
    def amounts(self) -> list[Decimal]:
        """Every amount that it was, in order."""
        return [self.begin, *(step.amount for step in self.steps)]


class Chart(NamedTuple):
    """What is counted, and the courses of it."""

    name: str
    courses: Sequence[Course]


class _Laid(NamedTuple):
    """A chart with its words, and the words of each of its courses, in lines."""

    chart: Chart
    words: Sequence[str]
    told: Sequence[Sequence[str]]

    @property
    def above(self) -> float:
        """How high the words are."""
        return height(self.words) + sum(height(words, SMALL) for words in self.told) + 4


def steps(charts: Sequence[Chart], first: date, last: date, wide: int) -> list[Panel]:
    """Return the panels of charts from a first day to a last one."""
    beside = 1 if wide == NARROW else 2
    room = (wide - _BESIDE * (beside - 1)) / beside
    laid = [_laid(chart, room) for chart in charts]
    rows = [laid[place : place + beside] for place in range(0, len(laid), beside)]
    return [_panel(part, room, (first, last)) for part in parted(rows, _high, HIGH[wide])]


def _laid(chart: Chart, room: float) -> _Laid:
    told = [lines(_words(course), room - _SWATCH, SMALL) for course in chart.courses]
    return _Laid(chart, lines(chart.name, room / BOLDER), told)


def _words(course: Course) -> str:
    amounts = course.amounts
    return f"{amounts[-1]} {course.name} at the end, {max(amounts)} at most"


def _high(row: Sequence[_Laid], before: Sequence[_Laid] | None) -> float:
    del before
    return max(laid.above for laid in row) + _PLOT + TITLE + _APART


def _panel(rows: Sequence[Sequence[_Laid]], room: float, ends: tuple[date, date]) -> Panel:
    drawn, top = [], 0.0
    for row in rows:
        above = max(laid.above for laid in row)
        for place, laid in enumerate(row):
            days = Days(*ends, place * (room + _BESIDE), place * (room + _BESIDE) + room)
            drawn += [_head(laid, days.left, top), _plot(laid.chart, days, top + above)]
        top += above + _PLOT + TITLE + _APART
    return Panel(top - _APART, "".join(drawn))


def _head(laid: _Laid, left: float, top: float) -> str:
    drawn = [text(left, top, laid.words, more=BOLD)]
    top += height(laid.words)
    for course, words in zip(laid.chart.courses, laid.told, strict=True):
        look, middle = _LOOKS[course.look], top + SMALL * _MIDDLE
        drawn.append(line((left, middle), (left + _SWATCH - 6, middle), look.stroke, look.how))
        drawn.append(text(left + _SWATCH, top, words, size=SMALL))
        top += height(words, SMALL)
    return "".join(drawn)


def _plot(chart: Chart, days: Days, top: float) -> str:
    amounts = [Decimal(0), *(amount for course in chart.courses for amount in course.amounts)]
    scale = _Scale(min(amounts), max(amounts), top + _PLOT - _PAD)
    zero = scale.at(Decimal(0))
    drawn = [
        rect((days.left, top, days.right - days.left, _PLOT), "band"),
        marks(days, top, top + _PLOT),
        line((days.left, zero), (days.right, zero)),
        names(days, top + _PLOT + 2),
    ]
    drawn += [_path(course, days, scale) for course in chart.courses]
    return "".join(drawn)


class _Scale(NamedTuple):
    """Amounts from a least to a most, drawn from a bottom up."""

    least: Decimal
    most: Decimal
    bottom: float

    def at(self, amount: Decimal) -> float:
        """Return where an amount is."""
        whole = self.most - self.least or Decimal(1)
        return self.bottom - (_PLOT - 2 * _PAD) * float((amount - self.least) / whole)


def _path(course: Course, days: Days, scale: _Scale) -> str:
    look = _LOOKS[course.look]
    path = [f"M{measure(days.left)} {measure(scale.at(course.begin))}"]
    path += [
        f"H{measure(days.at(step.day))}V{measure(scale.at(step.amount))}" for step in course.steps
    ]
    path.append(f"H{measure(days.right)}")
    return element("path", {"d": "".join(path), "fill": "none", **look.how}, stroke=look.stroke)
