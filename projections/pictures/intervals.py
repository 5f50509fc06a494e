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
from projections.pictures.headings import Heading, headed
from projections.pictures.letters import SMALL, lines, width
from projections.pictures.shapes import (
    TO_THE_LEFT,
    element,
    height,
    line,
    rect,
    text,
)

_BESIDE, _APART = 310.0, 12.0
_LINE, _SCALE, _DOT, _END = 18.4, 20.0, 5.0, 5.0


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


class _Row(NamedTuple):
    """A figure, and what it is called in lines."""

    one: Interval
    words: Sequence[str]

    @property
    def high(self) -> float:
        """How high its words are, with its line beneath them."""
        return height(self.words, SMALL) + _LINE


class _Laid(NamedTuple):
    heading: Heading
    words: Sequence[str]
    rows: Sequence[_Row]
    above: float

    @property
    def high(self) -> float:
        """How high the group is, its scale beneath it."""
        rows = sum(row.high for row in self.rows) + _SCALE
        return (self.above + rows if self.above else max(rows, height(self.words))) + _APART


def intervals(groups: Sequence[Group], wide: int) -> list[Panel]:
    """Return the panels of groups; those without figures are left out."""
    beside = 0.0 if wide == NARROW else _BESIDE
    laid = [_laid(group, beside, wide) for group in groups if group.found]
    return [_panel(part, beside, float(wide)) for part in parted(laid, _high, HIGH[wide])]


def _laid(group: Group, beside: float, wide: int) -> _Laid:
    words, room = lines(group.name, (beside or NARROW) - 10), wide - beside - 2 * _DOT
    rows = [_Row(one, lines(one.word, room, SMALL)) for one in group.found]
    above = 0.0 if beside else height(words) + 2
    return _Laid(headed(group.heading, wide), words, rows, above)


def _high(laid: _Laid, before: _Laid | None) -> float:
    new = before is None or before.heading != laid.heading
    return laid.high + laid.heading.high * new


def _panel(groups: Sequence[_Laid], left: float, right: float) -> Panel:
    drawn: list[str] = []
    top, heading = 0.0, None
    for laid in groups:
        if laid.heading != heading:
            heading = laid.heading
            drawn.append(heading.drawn(top))
            top += heading.high
        drawn.append(text(0, top, laid.words))
        drawn += _group(laid.rows, left, right, top + laid.above)
        top += laid.high
    return Panel(top, "".join(drawn))


def _group(rows: Sequence[_Row], left: float, right: float, top: float) -> Iterator[str]:
    ends = [end for row in rows for end in row.one.ends]
    scale = _Scale(left + _DOT, right - _DOT, min(ends), max(ends))
    for row in rows:
        yield text(scale.left, top + 1, row.words, size=SMALL)
        yield from _interval(row.one, scale, top + row.high - _LINE / 2)
        top += row.high
    yield from _named(scale, top)


def _interval(one: Interval, scale: _Scale, middle: float) -> Iterator[str]:
    colour = "late" if one.apart else "mark"
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
