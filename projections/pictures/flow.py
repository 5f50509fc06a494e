"""From whom to whom: a box for each on the left, with a line to each on the right.

::

    late = Look("overdue", "late", 3)
    one = Strand("a", "Alder", "b", "Birch", "answer to a visit", late)
    flow([one], ("Who owes", "To whom"), [late], WIDE)

What goes from one to another is counted where their line begins, in a place of its own, so that no
two texts meet however many there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from projections.pictures import boxes
from projections.pictures.base import HIGH, NARROW, Panel
from projections.pictures.boxes import PAD, Look
from projections.pictures.letters import SMALL, lines
from projections.pictures.shapes import BOLD, height, text

MOST = 400
"""Lines that can be followed; where there are more, nothing is drawn."""

_MOST_OF_ONE = 10
_OF_NAMES, _OF_COUNTS = 4, 5
"""So many lines a name has at most, and a count: on a telephone they are short."""
_TITLE, _APART = 24.0, 10.0
_SIDES = {NARROW: (150, 120)}
_USUAL_SIDES = (340, 340)


class Strand(NamedTuple):
    """One thing that goes from one party to another: each by what is its alone, and by name."""

    source: str
    source_name: str
    target: str
    target_name: str
    what: str
    look: Look


class _Tie(NamedTuple):
    """All that goes from one party to one other: how many of each look, and what."""

    source: str
    target: str
    looks: Counter[Look]
    what: set[str]


class _Told(NamedTuple):
    """What every panel draws on: names, what each is given in all, the looks in order."""

    names: Mapping[str, str]
    given: Mapping[str, Counter[Look]]
    looks: Sequence[Look]
    titles: tuple[str, str]
    wide: int

    @property
    def sides(self) -> tuple[int, int]:
        """How wide the boxes are on the left and on the right."""
        return _SIDES.get(self.wide, _USUAL_SIDES)

    def counted(self, looks: Counter[Look]) -> str:
        """Say how many there are of each kind."""
        return ", ".join(f"{looks[look]} {look.word}" for look in self.looks if looks[look])


class _Box(NamedTuple):
    """Where a party stands, its name in lines, and lines of counts, each with its tie if it has."""

    party: str
    name: Sequence[str]
    counts: Sequence[tuple[_Tie | None, Sequence[str]]]

    @property
    def under(self) -> list[Sequence[str]]:
        """What stands under the name."""
        return [words for _, words in self.counts]

    @property
    def high(self) -> float:
        """How high the box is."""
        return boxes.high(self.name, self.under)


def flow(
    strands: Iterable[Strand], titles: tuple[str, str], looks: Sequence[Look], wide: int
) -> list[Panel]:
    """Return the panels of what goes from whom to whom; none where there are more than `MOST` ties.

    Sources stand in the order in which they come; `looks` begins with what is most worth seeing,
    which is how a line is drawn that holds several.
    """
    names: dict[str, str] = {}
    ties: dict[tuple[str, str], _Tie] = {}
    given: dict[str, Counter[Look]] = defaultdict(Counter)
    for one in strands:
        names |= {one.source: one.source_name, one.target: one.target_name}
        tie = ties.setdefault(
            (one.source, one.target), _Tie(one.source, one.target, Counter(), set())
        )
        tie.looks[one.look] += 1
        tie.what.add(one.what)
        given[one.target][one.look] += 1
    if len(ties) > MOST:
        return []
    told = _Told(names, given, looks, titles, wide)
    return [_panel(part, told) for part in _parts(_sources(ties.values(), told), told)]


def _parts(sources: Iterable[_Box], told: _Told) -> list[list[_Box]]:
    """Return the boxes on the left in parts, of which neither side is higher than a panel."""
    parts: list[list[_Box]] = []
    left, targets = 0.0, dict[str, float]()
    for box in sources:
        ends = {tie.target: _target(tie.target, told).high for tie, _ in box.counts if tie}
        left += box.high + _APART
        targets |= ends
        if not parts or max(left, sum(targets.values()) + len(targets) * _APART) > HIGH[told.wide]:
            parts.append([])
            left, targets = box.high + _APART, ends
        parts[-1].append(box)
    return parts


def _sources(ties: Iterable[_Tie], told: _Told) -> list[_Box]:
    """Return the boxes on the left; one with more ties than a panel holds goes on in another."""
    of_each: dict[str, list[_Tie]] = defaultdict(list)
    for tie in ties:
        of_each[tie.source].append(tie)
    return [
        _source(party, found[first : first + _MOST_OF_ONE], told)
        for party, found in of_each.items()
        for first in range(0, len(found), _MOST_OF_ONE)
    ]


def _source(party: str, ties: Sequence[_Tie], told: _Told) -> _Box:
    room = told.sides[0] - 2 * PAD
    counts = [(tie, lines(_words(tie, told), room, SMALL, _OF_COUNTS)) for tie in ties]
    return _Box(party, lines(told.names[party], room, most=_OF_NAMES), counts)


def _words(tie: _Tie, told: _Told) -> str:
    return f"{told.counted(tie.looks)}: {', '.join(sorted(tie.what))}"


def _target(party: str, told: _Told) -> _Box:
    room = told.sides[1] - 2 * PAD
    counts = lines(told.counted(told.given[party]), room, SMALL)
    return _Box(party, lines(told.names[party], room, most=_OF_NAMES), [(None, counts)])


def _panel(sources: Sequence[_Box], told: _Told) -> Panel:
    left, right = told.sides
    begins: list[tuple[_Tie, float]] = []
    drawn, top = [], _TITLE
    for box in sources:
        drawn.append(_box(box, 0, top, left))
        begins += _begins(box, top)
        top += box.high + _APART
    bottom = top - _APART
    ends = _ends(begins, told)
    placed = _placed([(box, sum(ys) / len(ys)) for box, ys in ends], bottom)
    for box, at in placed:
        drawn.append(_box(box, told.wide - right, at, right))
        bottom = max(bottom, at + box.high)
    drawn += _lines(begins, {box.party: (box, at) for box, at in placed}, told)
    titles = [
        text(0, 0, [told.titles[0]], size=SMALL, more=BOLD),
        text(told.wide - right, 0, [told.titles[1]], size=SMALL, more=BOLD),
    ]
    return Panel(bottom + 1, "".join(titles + drawn))


def _box(box: _Box, x: float, y: float, wide: float) -> str:
    return boxes.box((x, y), wide, box.name, box.under)


def _begins(box: _Box, y: float) -> list[tuple[_Tie, float]]:
    """Return where the line of each tie of a box begins: beside its count."""
    tops = boxes.tops(y, box.name, box.under)
    return [
        (tie, top + height(words, SMALL) / 2)
        for (tie, words), top in zip(box.counts, tops, strict=True)
        if tie is not None
    ]


def _ends(begins: Sequence[tuple[_Tie, float]], told: _Told) -> list[tuple[_Box, list[float]]]:
    """Return the boxes on the right, each with where its lines come from."""
    ends: dict[str, list[float]] = defaultdict(list)
    for tie, y in begins:
        ends[tie.target].append(y)
    return [(_target(party, told), ys) for party, ys in ends.items()]


def _placed(wanted: Sequence[tuple[_Box, float]], bottom: float) -> list[tuple[_Box, float]]:
    """Return where boxes stand: each about where its lines come from, none over another."""
    placed, top = [], _TITLE
    for box, middle in sorted(wanted, key=lambda each: each[1]):
        top = max(top, middle - box.high / 2)
        placed.append((box, top))
        top += box.high + _APART
    below = bottom
    for number in range(len(placed) - 1, -1, -1):
        box, top = placed[number]
        top = min(top, below - box.high)
        placed[number] = (box, top)
        below = top - _APART
    shift = max(0.0, _TITLE - placed[0][1])
    return [(box, top + shift) for box, top in placed]


def _lines(
    begins: Sequence[tuple[_Tie, float]], placed: Mapping[str, tuple[_Box, float]], told: _Told
) -> list[str]:
    """Draw a line for each tie, with its head where it ends; they end beside one another."""
    of_each: dict[str, list[tuple[_Tie, float]]] = defaultdict(list)
    for tie, y in sorted(begins, key=lambda each: each[1]):
        of_each[tie.target].append((tie, y))
    drawn = []
    for party, coming in of_each.items():
        box, top = placed[party]
        for number, (tie, y) in enumerate(coming, start=1):
            end = top + box.high * number / (len(coming) + 1)
            drawn.append(_line(tie, y, end, told))
    return drawn


def _line(tie: _Tie, begin: float, end: float, told: _Told) -> str:
    look = next(look for look in told.looks if tie.looks[look])
    left, right = told.sides
    return boxes.arrow((left, begin), (told.wide - right, end), look)
