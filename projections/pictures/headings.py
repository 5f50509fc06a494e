"""Headings that things beneath one another share: in bold letters, in lines where one is too long.

::

    heading = headed("judgement: special measures, 2024-11-14", NARROW)
    drawn.append(heading.drawn(top))
    top += heading.high
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from projections.pictures.letters import BOLDER, lines
from projections.pictures.shapes import BOLD, height, text

_UNDER = 5.8


class Heading(NamedTuple):
    """A heading, and its lines for a width."""

    told: str
    words: Sequence[str]

    @property
    def high(self) -> float:
        """How much room it takes, with what is left free under it."""
        return height(self.words) + _UNDER

    def drawn(self, top: float) -> str:
        """Draw it from a line down."""
        return text(0, top, self.words, more=BOLD)


def headed(told: str, wide: float) -> Heading:
    """Return a heading as it stands in a picture of a width."""
    return Heading(told, lines(told, wide / BOLDER))
