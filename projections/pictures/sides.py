"""Two amounts against one another, each as a bar to its own side of a line: a pair for each name.

::

    spring = Pair("Spring 2026: 3 demands, 2.0 days", "Alder", Decimal(3), Decimal(2))
    sides([spring], WIDE)

All bars of a side are on one scale, from nothing on; each side has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from projections.pictures.base import HIGH, Panel, parted
from projections.pictures.headings import Heading, headed
from projections.pictures.letters import SMALL, lines
from projections.pictures.shapes import height, line, rect, text

_THICK, _APART = 12.0, 8.0


class Pair(NamedTuple):
    """What stands to the left of the line and to the right, never less than nothing, in words.

    Pairs after one another share a heading.
    """

    words: str
    heading: str
    left: Decimal
    right: Decimal


class _Laid(NamedTuple):
    pair: Pair
    heading: Heading
    words: Sequence[str]

    @property
    def high(self) -> float:
        """How high the pair is."""
        return height(self.words, SMALL) + _THICK + _APART


class _Scale(NamedTuple):
    """How wide the picture is, and the most on each side."""

    wide: float
    left: Decimal
    right: Decimal

    def long(self, amount: Decimal, most: Decimal) -> float:
        """Return how long the bar of an amount is, of which the longest fills its half."""
        return self.wide / 2 * float(amount / most) if most else 0.0


def sides(pairs: Sequence[Pair], wide: int) -> list[Panel]:
    """Return the panels of pairs; nothing where every amount is nothing."""
    if not any(pair.left or pair.right for pair in pairs):
        return []
    scale = _Scale(float(wide), max(pair.left for pair in pairs), max(pair.right for pair in pairs))
    laid = [
        _Laid(pair, headed(pair.heading, wide), lines(pair.words, wide, SMALL)) for pair in pairs
    ]
    return [_panel(part, scale) for part in parted(laid, _high, HIGH[wide])]


def _high(laid: _Laid, before: _Laid | None) -> float:
    new = before is None or before.heading != laid.heading
    return laid.high + laid.heading.high * new


def _panel(part: Sequence[_Laid], scale: _Scale) -> Panel:
    drawn: list[str] = []
    top, shared = 0.0, None
    middle = scale.wide / 2
    for pair, heading, words in part:
        if heading != shared:
            shared = heading
            drawn.append(heading.drawn(top))
            top += heading.high
        drawn.append(text(0, top, words, size=SMALL))
        top += height(words, SMALL)
        left = scale.long(pair.left, scale.left)
        right = scale.long(pair.right, scale.right)
        drawn += [rect((middle - left, top, left, _THICK), "late")] if left else []
        drawn += [rect((middle, top, right, _THICK), "mark")] if right else []
        drawn.append(line((middle, top - 1), (middle, top + _THICK + 1), "ink"))
        top += _THICK + _APART
    return Panel(top, "".join(drawn))
