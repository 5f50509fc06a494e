"""Parties where they stand: north up, at true proportions, with a scale in kilometres.

::

    signs = [Sign("in need", "late", "triangle"), Sign("others", "mark", "circle")]
    chart([Spot("Alder School", 412300, 564700, signs[1])], signs, WIDE, "2 have no place.")

Where there is room, each has its name beside it; where there is none, all have numbers, and a list
beneath says who they are. No label lies on another, nor on a mark. So many that no list of them
could be read are marks alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Literal, NamedTuple

from projections.pictures.base import HIGH, NARROW, Panel, parted
from projections.pictures.letters import SMALL, lines, width
from projections.pictures.shapes import (
    IN_THE_MIDDLE,
    NO_MORE,
    TO_THE_LEFT,
    Box,
    element,
    height,
    line,
    measure,
    rect,
    text,
)

MOST_NUMBERED = 80
"""So many are named at most, beside their marks or in a list."""

_PAD, _APART, _MARK = 28.0, 8.0, 6.0
_MOST_HIGH, _LEAST_HIGH = 430.0, 140.0
_LEAST_METRES = 2_000
_NAME, _NUMBER = 210.0, 30.0
_LIST = 3
_STRIP, _END, _ROUND = 22.0, 4.0, (5, 2, 1)
#: How far from its mark a name may stand, and a number; the farther have a line to it.
_BESIDE, _AROUND = (9.0, 14.0, 22.0), (9.0, 15.0, 24.0, 36.0, 52.0, 72.0, 96.0, 130.0, 170.0)
_LED, _STEP = 16.0, 5.0
#: The ways from a mark, those preferred first: right, left, above, beneath, then aslant.
_WAYS = [
    (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    for angle in (
        *(0, 180, 270, 90, 315, 225, 45, 135),
        *(22, 338, 158, 202, 67, 113, 247, 293),
    )
]
_ANCHORS = {1: NO_MORE, 0: IN_THE_MIDDLE, -1: TO_THE_LEFT}

Point = tuple[float, float]


class Sign(NamedTuple):
    """What parties of a kind are called in a count, and their mark: never told by colour alone."""

    word: str
    fill: str
    shape: Literal["circle", "square", "triangle", "diamond"]


class Spot(NamedTuple):
    """A party that has a place: its name, where it is in metres, and its kind."""

    name: str
    easting: int
    northing: int
    sign: Sign


class _Label(NamedTuple):
    """What stands beside a mark: its lines, their box, on which side it is, and the mark."""

    words: Sequence[str]
    box: Box
    way: Point
    mark: Point


class _View(NamedTuple):
    """How places become points: by how much, from the west and the north edge of what is seen."""

    by: float
    west: float
    north: float
    wide: float
    high: float

    def at(self, spot: Spot) -> Point:
        """Return where a party is drawn."""
        return (spot.easting - self.west) * self.by, (self.north - spot.northing) * self.by


def chart(
    spots: Sequence[Spot], signs: Sequence[Sign], wide: int, beneath: str = ""
) -> list[Panel]:
    """Return the panels of a map, and of the list of its numbers; none where nobody has a place.

    `signs` begins with what is most worth seeing, which is drawn over the others. `beneath` is
    what is to be read under the map.
    """
    if not spots:
        return []
    view = _view(spots, wide)
    marks = [view.at(spot) for spot in spots]
    named = _named(spots, marks, view) if wide != NARROW else None
    labels = _numbered(marks, view) if named is None else named
    drawn = [rect((0, 0, view.wide, view.high), "band", {"rx": 4}), *_led(labels)]
    drawn += _marked(spots, marks, signs)
    drawn += map(_lettered, labels)
    top, more = _legend(spots, signs, view)
    told = lines(beneath, wide, SMALL) if beneath else []
    drawn += [*more, text(0, top, told, size=SMALL)]
    panels = [Panel(top + height(told, SMALL), "".join(drawn))]
    return panels if named is not None or not labels else [*panels, *_listed(spots, wide)]


# -- where things are ---------------------------------------------------------------------------


def _view(spots: Sequence[Spot], wide: int) -> _View:
    """Return a view that shows every place: as large as the room lets it be, the same both ways."""
    west, east = (side(spot.easting for spot in spots) for side in (min, max))
    south, north = (side(spot.northing for spot in spots) for side in (min, max))
    across, down = max(east - west, _LEAST_METRES), max(north - south, _LEAST_METRES)
    by = min((wide - 2 * _PAD) / across, (_MOST_HIGH - 2 * _PAD) / down)
    high = max((north - south) * by + 2 * _PAD, _LEAST_HIGH)
    middle, level = (west + east) / 2, (south + north) / 2
    return _View(by, middle - wide / by / 2, level + high / by / 2, float(wide), high)


def _named(spots: Sequence[Spot], marks: Sequence[Point], view: _View) -> list[_Label] | None:
    """Return names beside their marks; None where there is no room for all."""
    if len(spots) > MOST_NUMBERED:
        return None
    words = [lines(spot.name, _NAME, SMALL) for spot in spots]
    found = _labelled(words, marks, _BESIDE, view)
    return found if len(found) == len(spots) else None


def _numbered(marks: Sequence[Point], view: _View) -> list[_Label]:
    """Return numbers near their marks, in the order of the marks; none where there are too many."""
    if len(marks) > MOST_NUMBERED:
        return []
    numbers = [[str(number)] for number in range(1, len(marks) + 1)]
    return _labelled(numbers, marks, _AROUND, view)


def _labelled(
    words: Sequence[Sequence[str]], marks: Sequence[Point], far: Sequence[float], view: _View
) -> list[_Label]:
    """Return what has room near its mark, one after the other; what has none is left out."""
    taken = [_around(mark) for mark in marks]
    found: list[_Label] = []
    for told, mark in zip(words, marks, strict=True):
        others = [each.box for each in found]
        clear = partial(_clear, _possible(told, mark, far, view), taken)
        free = (one for one in clear() if not _meet_any(_steps(one), others))
        # Rather a line that crosses a label than none.
        label = next(free, None) or next(clear(), None)
        if label is not None:
            found.append(label)
            taken += [label.box, *_steps(label)]
    return found


def _around(mark: Point) -> Box:
    return mark[0] - _MARK, mark[1] - _MARK, 2 * _MARK, 2 * _MARK


def _possible(words: Sequence[str], mark: Point, far: Sequence[float], view: _View) -> list[_Label]:
    """Return the places that lines may have within the picture, the nearest first."""
    size = max(width(word, SMALL) for word in words), height(words, SMALL)
    every = (
        _Label(words, _beside(mark, way, away, size), way, mark) for away in far for way in _WAYS
    )
    return [label for label in every if _within(label.box, view)]


def _clear(labels: Iterable[_Label], taken: Sequence[Box]) -> Iterator[_Label]:
    return (label for label in labels if not _meet_any([label.box], taken))


def _beside(mark: Point, way: Point, away: float, size: Point) -> Box:
    x, y = (
        at + step * (away + long / 2) - long / 2
        for at, step, long in zip(mark, way, size, strict=True)
    )
    return x, y, *size


def _within(box: Box, view: _View) -> bool:
    x, y, wide, high = box
    return x >= _END and y >= 0 and x + wide <= view.wide - _END and y + high <= view.high


def _meet_any(some: Iterable[Box], others: Sequence[Box]) -> bool:
    return any(_meet(one, other) for one in some for other in others)


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


# -- what is drawn ------------------------------------------------------------------------------


def _led(labels: Sequence[_Label]) -> Iterator[str]:
    """Draw a line from each mark to what stands farther from it."""
    for label in labels:
        end = _end(label)
        if math.dist(label.mark, end) > _LED:
            yield line(label.mark, end)


def _end(label: _Label) -> Point:
    """Return the point of what stands beside a mark that is next to it."""
    x, y, wide, high = label.box
    return min(max(label.mark[0], x), x + wide), min(max(label.mark[1], y), y + high)


def _steps(label: _Label) -> list[Box]:
    """Return the line from a mark to what stands farther from it, as small boxes; none if near."""
    (x, y), (right, down) = label.mark, _end(label)
    long = math.dist(label.mark, (right, down))
    count = int(long / _STEP) if long > _LED else 0
    parts = (place / count for place in range(count))
    return [(x + (right - x) * part, y + (down - y) * part, 1.0, 1.0) for part in parts]


def _lettered(label: _Label) -> str:
    """Draw a label, its lines towards the mark: widths are guessed, and rather too much."""
    x, y, wide, _ = label.box
    side = round(label.way[0])
    at = x + wide * (1 - side) / 2
    return text(at, y, label.words, size=SMALL, more=_ANCHORS[side])


def _marked(spots: Sequence[Spot], marks: Sequence[Point], signs: Sequence[Sign]) -> Iterator[str]:
    order = {sign: place for place, sign in enumerate(signs)}
    both = sorted(zip(spots, marks, strict=True), key=lambda one: -order[one[0].sign])
    for spot, mark in both:
        yield _mark(spot.sign, mark)


def _mark(sign: Sign, at: Point) -> str:
    x, y = at
    if sign.shape == "circle":
        return element("circle", {"cx": x, "cy": y, "r": _MARK}, fill=sign.fill, stroke="paper")
    if sign.shape == "square":
        corner = {"x": x - _MARK + 1, "y": y - _MARK + 1}
        side = dict.fromkeys(("width", "height"), 2 * _MARK - 2)
        return element("rect", corner | side, fill=sign.fill, stroke="paper")
    below = _MARK if sign.shape == "triangle" else 0.0
    corners = [(x, y - _MARK), (x + _MARK, y + below), (x - _MARK, y + below)]
    corners[2:2] = [] if below else [(x, y + _MARK)]
    points = " ".join(f"{measure(left)},{measure(down)}" for left, down in corners)
    return element("polygon", {"points": points}, fill=sign.fill, stroke="paper")


def _legend(
    spots: Sequence[Spot], signs: Sequence[Sign], view: _View
) -> tuple[float, Sequence[str]]:
    """Return how far down the legend ends: the scale, which way is north, and what marks mean."""
    drawn, top = [*_scale(view), *_north(view)], view.high + _STRIP + _APART
    counted, left = Counter(spot.sign for spot in spots), 0.0
    for sign in (sign for sign in signs if counted[sign]):
        word = f"{counted[sign]} {sign.word}"
        wide = 2 * _MARK + _APART + width(word, SMALL)
        if left and left + wide > view.wide:
            left, top = 0.0, top + _STRIP
        drawn.append(_mark(sign, (left + _MARK, top + SMALL / 2 + 2)))
        room = view.wide - 2 * _MARK - _APART
        told = lines(word, room, SMALL, most=1)
        drawn.append(text(left + 2 * _MARK + _APART, top, told, size=SMALL))
        left += wide + 2 * _APART
    return top + _STRIP, drawn


def _scale(view: _View) -> Iterator[str]:
    """Draw a length that is a round number of kilometres, a third of the picture at most."""
    metres = _round(view.wide / 3 / view.by)
    long, y = metres * view.by, view.high + _APART + SMALL / 2
    yield line((1, y), (1 + long, y), "ink", {"stroke-width": 2})
    for x in (1.0, 1 + long):
        yield line((x, y - _END), (x, y + _END), "ink", {"stroke-width": 2})
    yield text(long + _APART, view.high + _END, [f"{metres / 1000:g} km"], size=SMALL)


def _round(most: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is no more than this."""
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in _ROUND if step * power <= most)


def _north(view: _View) -> Iterator[str]:
    x, y = view.wide - _MARK - 1, view.high + _APART + SMALL / 2
    points = f"{measure(x)},{measure(y - 7)} {measure(x + 5)},{measure(y + 6)}"
    yield element("polygon", {"points": f"{points} {measure(x - 5)},{measure(y + 6)}"}, fill="ink")
    yield text(x - _APART, view.high + _END, ["North"], size=SMALL, more=TO_THE_LEFT)


def _listed(spots: Sequence[Spot], wide: int) -> Iterator[Panel]:
    """Yield panels of who has which number, beside one another where there is room."""
    columns = 1 if wide == NARROW else _LIST
    room = wide / columns
    told = [
        (str(number), lines(spot.name, room - _NUMBER - _APART, SMALL))
        for number, spot in enumerate(spots, start=1)
    ]
    rows = [told[first : first + columns] for first in range(0, len(told), columns)]
    for part in parted(rows, lambda row, _: _deep(row), HIGH[wide]):
        drawn, top = [], 0.0
        for row in part:
            for place, (number, name) in enumerate(row):
                right = place * room + _NUMBER - _END
                drawn.append(text(right, top, [number], size=SMALL, more=TO_THE_LEFT))
                drawn.append(text(place * room + _NUMBER + _END, top, name, size=SMALL))
            top += _deep(row)
        yield Panel(top, "".join(drawn))


def _deep(row: Sequence[tuple[str, Sequence[str]]]) -> float:
    return max(height(name, SMALL) for _, name in row) + 2
