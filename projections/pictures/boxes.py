"""Boxes with a name and lines under it, and arrows from one box to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from projections.pictures.letters import SMALL
from projections.pictures.shapes import element, height, measure, rect, text

PAD = 8.0
_BETWEEN, _ARROW, _CLEAR = 3.0, 9.0, 2

Point = tuple[float, float]


class Look(NamedTuple):
    """What things of a kind are called in a count, and the line that is drawn where there is one.

    Kinds differ by more than colour: by the line's width or its dashes, and in the count.
    """

    word: str
    stroke: str
    width: float
    dashes: str = ""


def high(name: Sequence[str], under: Iterable[Sequence[str]]) -> float:
    """Return how high a box is: a name in lines, and what stands under it, each in lines."""
    return 2 * PAD + height(name) + sum(height(words, SMALL) + _BETWEEN for words in under)


def tops(y: float, name: Sequence[str], under: Sequence[Sequence[str]]) -> list[float]:
    """Return where each thing under a name begins, in a box that begins at y."""
    found = [y + PAD + height(name)]
    for words in under:
        found.append(found[-1] + height(words, SMALL) + _BETWEEN)
    return found[:-1]


def box(at: Point, wide: float, name: Sequence[str], under: Sequence[Sequence[str]]) -> str:
    """Draw a box."""
    x, y = at
    drawn = [
        rect((x, y, wide, high(name, under)), "band", {"rx": 4}),
        text(x + PAD, y + PAD, name),
    ]
    for top, words in zip(tops(y, name, under), under, strict=True):
        drawn.append(text(x + PAD, top, words, size=SMALL))
    return "".join(drawn)


def arrow(begin: Point, end: Point, look: Look) -> str:
    """Draw a line from the edge of a box to that of another at its side, with a head there."""
    way = 1 if end[0] > begin[0] else -1
    left, right = begin[0] + way * _CLEAR, end[0] - way * _CLEAR
    middle, head = measure((left + right) / 2), right - way * _ARROW
    begin_y, end_y = measure(begin[1]), measure(end[1])
    path = f"M{measure(left)} {begin_y}C{middle} {begin_y} {middle} {end_y} {measure(head)} {end_y}"
    how = {"d": path, "fill": "none", "stroke-width": look.width}
    dashes = {"stroke-dasharray": look.dashes} if look.dashes else {}
    points = (
        f"{measure(right)},{end_y} {measure(head)},{measure(end[1] - 4)}"
        f" {measure(head)},{measure(end[1] + 4)}"
    )
    return element("path", how | dashes, stroke=look.stroke) + element(
        "polygon", {"points": points}, fill=look.stroke
    )
