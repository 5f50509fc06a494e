"""Who with whom: a row for each on the one side, a column for each on the other.

::

    cells = [Cell(Party("a", "Alder"), Party("b", "Birch"), 2)]
    matrix(cells, ("Who visited", "Whom"), WIDE)

Where names have no room above their columns, columns are numbered, and a list says who each is.
Rows and columns without a figure are left out. A matrix that is too wide goes on below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from projections.pictures.base import HIGH, NARROW, Panel
from projections.pictures.letters import SMALL, lines, width
from projections.pictures.shapes import (
    BOLD,
    IN_THE_MIDDLE,
    Box,
    element,
    height,
    line,
    rect,
    text,
)

MOST = 2_000
"""Figures that can be found in a matrix; of more, nothing is drawn."""

_NAMES = {NARROW: 130.0}
_USUAL_NAMES, _LISTED = 270.0, 310.0
_LEAST, _MOST_WIDE, _NAMED, _ROW, _APART, _TITLE = 28.0, 150.0, 84.0, 26.0, 3.0, 22.0


class Party(NamedTuple):
    """A party: what is its alone, and what it is called."""

    key: str
    name: str


class Cell(NamedTuple):
    """How many there are of one party with another; `framed` says something more of them."""

    row: Party
    column: Party
    many: int
    framed: bool = False


_Cells = Mapping[tuple[str, str], Cell]


class _Grid(NamedTuple):
    """What every panel draws on: titles, how wide names and columns are, and numbers, if needed."""

    titles: tuple[str, str]
    wide: int
    beside: float
    column: float
    numbers: Mapping[str, int]

    def called(self, party: Party) -> str:
        """Return a party's name, after its number where it has one."""
        number = self.numbers.get(party.key)
        return f"{number}: {party.name}" if number else party.name

    @property
    def most(self) -> int:
        """How many columns stand side by side."""
        return int((self.wide - self.beside) / self.column)


def matrix(cells: Iterable[Cell], titles: tuple[str, str], wide: int) -> list[Panel]:
    """Return the panels of figures; none where there are more than `MOST`.

    Rows stand in the order in which they come, and columns in that of the rows.
    """
    placed = {(cell.row.key, cell.column.key): cell for cell in cells if cell.many}
    if len(placed) > MOST:
        return []
    columns = _columns(placed)
    grid = _grid(placed, columns, titles, wide)
    panels = _key(columns, grid) if grid.numbers else []
    for first in range(0, len(columns), grid.most):
        panels += _block(placed, columns[first : first + grid.most], grid)
    return panels


def _columns(cells: _Cells) -> list[Party]:
    """Return whose columns there are: first of those who have a row, in the order of the rows."""
    rows = dict.fromkeys(row for row, _ in cells)
    found = {cell.column.key: cell.column for cell in cells.values()}
    return [found[key] for key in dict.fromkeys([*rows, *found]) if key in found]


def _grid(cells: _Cells, columns: Sequence[Party], titles: tuple[str, str], wide: int) -> _Grid:
    beside = _NAMES.get(wide, _USUAL_NAMES)
    most = max((cell.many for cell in cells.values()), default=0)
    least = max(_LEAST, width(str(max(most, len(columns)))) + 2 * _APART + 4)
    each = (wide - beside) / max(len(columns), 1)
    if each >= _NAMED:
        return _Grid(titles, wide, beside, min(each, _MOST_WIDE), {})
    numbers = {column.key: place for place, column in enumerate(columns, start=1)}
    return _Grid(titles, wide, beside, least, numbers)


def _key(columns: Sequence[Party], grid: _Grid) -> list[Panel]:
    """Return who each numbered column is, in panels, as many side by side as there is room for."""
    beside = max(int(grid.wide / _LISTED), 1)
    room = grid.wide / beside
    panels: list[Panel] = []
    drawn, top = [text(0, 0, [grid.titles[1]], size=SMALL, more=BOLD)], _TITLE
    for first in range(0, len(columns), beside):
        told = [lines(grid.called(each), room - 12, SMALL) for each in columns[first:][:beside]]
        high = max(height(words, SMALL) for words in told)
        if top + high > HIGH[grid.wide]:
            panels.append(Panel(top, "".join(drawn)))
            drawn, top = [], 0.0
        drawn += [text(place * room, top, words, size=SMALL) for place, words in enumerate(told)]
        top += high
    return [*panels, Panel(top, "".join(drawn))]


def _block(cells: _Cells, columns: Sequence[Party], grid: _Grid) -> list[Panel]:
    """Return the panels of some columns: the rows that have a figure in any of them."""
    shown = {column.key for column in columns}
    rows: dict[str, Party] = {}
    for cell in cells.values():
        if cell.column.key in shown:
            rows[cell.row.key] = cell.row
    above, high = _above(columns, grid)
    panels: list[Panel] = []
    drawn, top = [above], high
    for party in rows.values():
        words = lines(grid.called(party), grid.beside - 10, most=4)
        tall = max(_ROW, height(words) + 6)
        if top + tall > HIGH[grid.wide] and len(drawn) > 1:
            panels.append(Panel(top, "".join(drawn)))
            drawn, top = [above], high
        drawn.append(text(0, top + (tall - height(words)) / 2 - 1, words))
        drawn += [
            _cell(cells[party.key, column.key], grid, place, top, tall)
            for place, column in enumerate(columns)
            if (party.key, column.key) in cells
        ]
        top += tall
        drawn.append(line((0, top - 1), (grid.wide, top - 1), more={"stroke-width": 0.4}))
    return [*panels, Panel(top, "".join(drawn))]


def _above(columns: Sequence[Party], grid: _Grid) -> tuple[str, float]:
    """Return what stands above columns, and how high it is."""
    room = grid.column - 6
    heads = [
        [str(grid.numbers[column.key])] if grid.numbers else lines(column.name, room, SMALL)
        for column in columns
    ]
    high = max(height(words, SMALL) for words in heads)
    drawn = [
        text(0, 0, [grid.titles[0]], size=SMALL, more=BOLD),
        text(grid.beside, 0, [grid.titles[1]], size=SMALL, more=BOLD),
        *(
            text(grid.beside + place * grid.column + 3, _TITLE, words, size=SMALL)
            for place, words in enumerate(heads)
        ),
    ]
    return "".join(drawn), _TITLE + high + _APART


def _cell(cell: Cell, grid: _Grid, place: int, top: float, tall: float) -> str:
    left = grid.beside + place * grid.column
    box = (left + 1, top + 1, grid.column - _APART, tall - _APART)
    middle = left + 1 + (grid.column - _APART) / 2
    words = text(middle, top + tall / 2 - 10, [str(cell.many)], more=IN_THE_MIDDLE)
    return rect(box, "band") + (_frame(box) if cell.framed else "") + words


def _frame(box: Box) -> str:
    x, y, wide, high = box
    inside = {"x": x + 1, "y": y + 1, "width": wide - 2, "height": high - 2}
    return element("rect", inside | {"fill": "none", "stroke-width": 2}, stroke="late")
