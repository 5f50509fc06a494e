"""Figures between their bounds, beneath one another: a group for each measure, on its own scale.

::

    one = Interval("Alder: 74.5 (66.2 to 81.4)", Decimal("74.5"), Decimal("66.2"), Decimal("81.4"))
    intervals([Group("phonics", "2024-25", [one])], WIDE)

A dot is a figure, the line through it reaches from bound to bound; one without bounds is a dot
alone. What is `apart` is drawn in the colour of what one must see, and its dot is a square.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from projections.pictures.base import HIGH, NARROW, Panel, parted
from projections.pictures.letters import BOLDER, SMALL, lines, width
from projections.pictures.shapes import (
    BOLD,
    TO_THE_LEFT,
    element,
    height,
    line,
    rect,
    text,
)

_BESIDE, _HEADING, _APART = 310.0, 24.0, 12.0
_WORDS, _ROW, _SCALE, _DOT, _END = 18.0, 34.0, 20.0, 5.0, 5.0


class Interval(NamedTuple):
    """A figure in words, its value, and the bounds that it lies between, if they are told."""

    word: str
    value: Decimal
    lower: Decimal | None = None
    upper: Decimal | None = None
    apart: bool = False

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The bounds; without them, the value itself."""
        lower, upper = self.lower, self.upper
        return (self.value, self.value) if lower is None or upper is None else (lower, upper)


class Group(NamedTuple):
    """Figures of one name on one scale, and the heading that groups after one another share."""

    name: str
    heading: str
    found: Sequence[Interval]


class _Scale(NamedTuple):
    """Where figures are drawn, from the least to the most."""

    left: float
    right: float
    least: Decimal
    most: Decimal

    def at(self, value: Decimal) -> float:
        """Return where a value is; in the middle, where there is only one."""
        if self.most == self.least:
            return (self.left + self.right) / 2
        share = float((value - self.least) / (self.most - self.least))
        return self.left + (self.right - self.left) * share


class _Laid(NamedTuple):
    group: Group
    words: Sequence[str]
    above: float

    @property
    def high(self) -> float:
        """How high the group is, its scale beneath it."""
        rows = _ROW * len(self.group.found) + _SCALE
        return (self.above + rows if self.above else max(rows, height(self.words))) + _APART


def intervals(groups: Sequence[Group], wide: int) -> list[Panel]:
    """Return the panels of groups; those without figures are left out."""
    beside = 0.0 if wide == NARROW else _BESIDE
    laid = [_laid(group, beside) for group in groups if group.found]
    return [_panel(part, beside, float(wide)) for part in parted(laid, _high, HIGH[wide])]


def _laid(group: Group, beside: float) -> _Laid:
    words = lines(group.name, (beside or NARROW) - 10)
    return _Laid(group, words, 0.0 if beside else height(words) + 2)


def _high(laid: _Laid, before: _Laid | None) -> float:
    new = before is None or before.group.heading != laid.group.heading
    return laid.high + _HEADING * new


def _panel(groups: Sequence[_Laid], left: float, right: float) -> Panel:
    drawn: list[str] = []
    top, heading = 0.0, None
    for laid in groups:
        if laid.group.heading != heading:
            heading = laid.group.heading
            drawn.append(text(0, top, lines(heading, right / BOLDER, most=1), more=BOLD))
            top += _HEADING
        drawn.append(text(0, top, laid.words))
        drawn += _group(laid.group, left, right, top + laid.above)
        top += laid.high
    return Panel(top, "".join(drawn))


def _group(group: Group, left: float, right: float, top: float) -> Iterator[str]:
    ends = [end for one in group.found for end in one.ends]
    scale = _Scale(left + _DOT, right - _DOT, min(ends), max(ends))
    for place, one in enumerate(group.found):
        yield from _interval(one, scale, top + place * _ROW)
    yield from _named(scale, top + len(group.found) * _ROW)


def _interval(one: Interval, scale: _Scale, top: float) -> Iterator[str]:
    room = scale.right - scale.left
    yield text(scale.left, top + 1, lines(one.word, room, SMALL, most=1), size=SMALL)
    middle, colour = top + _WORDS + (_ROW - _WORDS) / 2, "late" if one.apart else "mark"
    if one.lower is not None:
        begin, end = map(scale.at, one.ends)
        yield line((begin, middle), (end, middle), colour, {"stroke-width": 2})
        for x in (begin, end):
            yield line((x, middle - _END), (x, middle + _END), colour, {"stroke-width": 2})
    x = scale.at(one.value)
    if one.apart:
        yield rect((x - _DOT, middle - _DOT, 2 * _DOT, 2 * _DOT), colour)
    else:
        yield element("circle", {"cx": x, "cy": middle, "r": _DOT}, fill=colour)


def _named(scale: _Scale, top: float) -> Iterator[str]:
    """Draw the scale: a line, with the least and the most at its ends where both have room."""
    yield line((scale.left, top + 2), (scale.right, top + 2))
    least, most = str(scale.least), str(scale.most)
    yield text(scale.left, top + 5, [least], size=SMALL)
    if least != most and width(least + most, SMALL) < scale.right - scale.left:
        yield text(scale.right, top + 5, [most], size=SMALL, more=TO_THE_LEFT)
