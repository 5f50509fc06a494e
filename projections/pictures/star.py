"""Who stands around one party: it in the middle, each other at a side, with a line to it.

::

    star([Strand("a", "Council", "b", "Birch", "support", gives)], [gives], WIDE)

A narrow picture has no room for three columns: `flow` draws the same strands there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from projections.pictures import boxes
from projections.pictures.base import HIGH, Panel
from projections.pictures.boxes import PAD, Look
from projections.pictures.flow import Strand
from projections.pictures.letters import SMALL, lines

_SIDE, _MIDDLE = 300, 200
_APART = 10.0


class _Around(NamedTuple):
    """A party that stands around: its name, and what it does there by look, each in lines."""

    name: Sequence[str]
    under: Sequence[Sequence[str]]
    look: Look

    @property
    def high(self) -> float:
        """How high its box is."""
        return boxes.high(self.name, self.under)


def star(strands: Iterable[Strand], looks: Sequence[Look], wide: int) -> list[Panel]:
    """Return the panels of all that goes to one party from those around it, in their order.

    `looks` begins with what is most worth seeing, which is how a line is drawn that holds several.
    """
    strands = list(strands)
    if not strands:
        return []
    middle = lines(strands[0].target_name, _MIDDLE - 2 * PAD)
    return [_panel(part, middle, wide) for part in _parts(_around(strands, looks), wide)]


def _around(strands: Sequence[Strand], looks: Sequence[Look]) -> list[_Around]:
    of_each: dict[str, list[Strand]] = defaultdict(list)
    for one in strands:
        of_each[one.source].append(one)
    room = _SIDE - 2 * PAD
    found = []
    for each in of_each.values():
        given = Counter(one.look for one in each)
        kinds = [look for look in looks if given[look]]
        under = [lines(f"{given[look]} {look.word}", room, SMALL) for look in kinds]
        found.append(_Around(lines(each[0].source_name, room), under, kinds[0]))
    return found


def _parts(around: Sequence[_Around], wide: int) -> Iterator[list[_Around]]:
    """Yield as many parties at once as stand on both sides of a panel."""
    part: list[_Around] = []
    for one in around:
        if part and max(map(_high, _sides([*part, one]))) > HIGH[wide]:
            yield part
            part = []
        part.append(one)
    yield part


def _sides(part: Sequence[_Around]) -> tuple[Sequence[_Around], Sequence[_Around]]:
    """Return who stands on the left and on the right, in turn."""
    return part[::2], part[1::2]


def _high(side: Sequence[_Around]) -> float:
    return sum(one.high for one in side) + _APART * max(0, len(side) - 1)


def _panel(part: Sequence[_Around], middle: Sequence[str], wide: int) -> Panel:
    left, right = _sides(part)
    own = boxes.high(middle, ())
    high = max(_high(left), _high(right), own)
    x, y = (wide - _MIDDLE) / 2, (high - own) / 2
    drawn = [boxes.box((x, y), _MIDDLE, middle, ())]
    for side, at, edge, end in (
        (left, 0.0, float(_SIDE), x),
        (right, float(wide - _SIDE), float(wide - _SIDE), x + _MIDDLE),
    ):
        top = (high - _high(side)) / 2
        for place, one in enumerate(side, start=1):
            drawn.append(boxes.box((at, top), _SIDE, one.name, one.under))
            ends = y + own * place / (len(side) + 1)
            drawn.append(boxes.arrow((edge, top + one.high / 2), (end, ends), one.look))
            top += one.high + _APART
    return Panel(high + 1, "".join(drawn))
