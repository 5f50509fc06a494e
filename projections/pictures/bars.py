"""Amounts as bars beneath one another, each with its word and figure: a group for each name.

::

    given = Group("Alder", "2025-26", [Bar("agreed", Decimal(10)), Bar("confirmed", Decimal(5))])
    bars([given], WIDE)

All bars of a picture are on one scale, from nothing on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from projections.pictures.base import HIGH, NARROW, Panel, parted
from projections.pictures.headings import Heading, headed
from projections.pictures.letters import SMALL, lines, width
from projections.pictures.shapes import height, rect, text

_BESIDE, _APART = 310.0, 8.0
_ROW, _THICK, _GAP = 18.0, 12.0, 10.0


class Bar(NamedTuple):
    """An amount, never less than nothing, and what it is called; `late` is what one must see."""

    word: str
    amount: Decimal
    late: bool = False


class Group(NamedTuple):
    """Bars of one name, and the heading that groups after one another share."""

    name: str
    heading: str
    bars: Sequence[Bar]


class _Scale(NamedTuple):
    """Where bars begin, and how much is how long."""

    words: float
    begin: float
    end: float
    most: Decimal

    def long(self, amount: Decimal) -> float:
        """Return how long the bar of an amount is."""
        return (self.end - self.begin) * float(amount / self.most)


class _Laid(NamedTuple):
    group: Group
    heading: Heading
    words: Sequence[str]
    above: float

    @property
    def high(self) -> float:
        """How high the group is."""
        bars = _ROW * len(self.group.bars)
        return (self.above + bars if self.above else max(bars, height(self.words))) + _APART


def bars(groups: Sequence[Group], wide: int) -> list[Panel]:
    """Return the panels of groups; bars of nothing, and groups without others, are left out."""
    found = [group._replace(bars=[bar for bar in group.bars if bar.amount]) for group in groups]
    found = [group for group in found if group.bars]
    if not found:
        return []
    left = 0.0 if wide == NARROW else _BESIDE
    drawn = [bar for group in found for bar in group.bars]
    begin = left + max(width(_words(bar), SMALL) for bar in drawn) + _GAP
    scale = _Scale(left, begin, float(wide), max(bar.amount for bar in drawn))
    laid = [_laid(group, left, wide) for group in found]
    return [_panel(part, scale) for part in parted(laid, _high, HIGH[wide])]


def _words(bar: Bar) -> str:
    return f"{bar.amount} {bar.word}"


def _laid(group: Group, beside: float, wide: int) -> _Laid:
    words = lines(group.name, (beside or NARROW) - 10)
    heading = headed(group.heading, wide)
    return _Laid(group, heading, words, 0.0 if beside else height(words) + 2)


def _high(laid: _Laid, before: _Laid | None) -> float:
    new = before is None or before.heading != laid.heading
    return laid.high + laid.heading.high * new


def _panel(groups: Sequence[_Laid], scale: _Scale) -> Panel:
    drawn: list[str] = []
    top, heading = 0.0, None
    for laid in groups:
        if laid.heading != heading:
            heading = laid.heading
            drawn.append(heading.drawn(top))
            top += heading.high
        drawn.append(text(0, top, laid.words))
        drawn += _bars(laid.group.bars, scale, top + laid.above)
        top += laid.high
    return Panel(top, "".join(drawn))


def _bars(found: Sequence[Bar], scale: _Scale, top: float) -> Iterator[str]:
    for place, bar in enumerate(found):
        row = top + place * _ROW
        yield text(scale.words, row + 1, [_words(bar)], size=SMALL)
        box = (scale.begin, row + (_ROW - _THICK) / 2, scale.long(bar.amount), _THICK)
        yield rect(box, "late" if bar.late else "mark")
