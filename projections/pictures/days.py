"""Days along a line, from left to right, with months or years named where there is room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from projections.pictures.letters import SMALL, width
from projections.pictures.shapes import line, text

TITLE = 20.0
"""How high the names of months are."""

_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400)
_SEPTEMBER = 9
"""Steps are counted from it, so that school years begin at a step."""
_YEAR = 12


class Days(NamedTuple):
    """Days from a first to a last one, drawn from a left end to a right one."""

    first: date
    last: date
    left: float
    right: float

    def at(self, day: date) -> float:
        """Return where a day is; one before the first or after the last is at that end."""
        whole = max((self.last - self.first).days, 1)
        passed = min(max((day - self.first).days, 0), whole)
        return self.left + (self.right - self.left) * passed / whole

    def steps(self) -> list[date]:
        """Return the days that are named: firsts of months, as far apart as their names need."""
        room = self.right - self.left
        most = max(int(room / (width(_named(self.first), SMALL) + 6)), 1)
        months = (_count(self.last) - _count(self.first)) or 1
        every = next((step for step in _MONTHS if months / step <= most), _MONTHS[-1])
        return list(self._firsts(every))

    def _firsts(self, every: int) -> Iterator[date]:
        begin = _count(self.first)
        for count in range(begin - begin % every, _count(self.last) + 1, every):
            month = count + _SEPTEMBER - 1
            day = date(max(month // _YEAR, 1), month % _YEAR + 1, 1)
            if self.first <= day <= self.last:
                yield day


def _count(day: date) -> int:
    """Return how many months lie between a day's and a September long ago."""
    return day.year * _YEAR + day.month - _SEPTEMBER


def _named(day: date) -> str:
    return f"{day:%b} {day.year}"


def names(days: Days, top: float) -> str:
    """Draw the names of months; where none begins between the ends, the days at both."""
    steps = days.steps()
    if not steps:
        said = days.first.isoformat()
        said += f" to {days.last}" if days.last != days.first else ""
        return text(days.left, top, [said], size=SMALL)
    return "".join(
        text(days.at(step) + 3, top, [_named(step)], size=SMALL)
        for step in steps
        if days.at(step) + 3 + width(_named(step), SMALL) <= days.right
    )


def marks(days: Days, top: float, bottom: float) -> str:
    """Draw a thin line where each month that is named begins."""
    return "".join(
        line((days.at(step), top), (days.at(step), bottom), more={"stroke-width": 0.5})
        for step in days.steps()
    )
