"""Measuring side by side: engines in turn, medians, spread and ratios."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

_MILLISECOND = 1e-3

Work = Callable[[], float]
"""Does one round of work and returns the seconds that one piece of it took."""


class Figures(NamedTuple):
    """What the rounds took, in seconds for one piece."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.rounds)

    def line(self, name: str, note: str = "") -> str:
        """Return the median with the lowest and highest round, in a unit that suits it."""
        scale, unit = (1e6, "µs") if self.median < _MILLISECOND else (1e3, "ms")
        low, mid, high = (scale * one for one in (min(self.rounds), self.median, max(self.rounds)))
        return f"  {name:52} {mid:9,.1f} {unit}  ({low:,.1f} to {high:,.1f})  {note}".rstrip()


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def work_seconds(work: Callable[[], object]) -> float:
    """Return how long some work keeps the processor busy, whatever else goes on there."""
    started = time.process_time()
    work()
    return time.process_time() - started


def in_turn(works: Mapping[str, Work], rounds: int) -> dict[str, Figures]:
    """Measure each work in every round, after a round that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            gc.collect()
            each = work()
            if number:
                taken[name].append(each)
    return {name: Figures(tuple(each)) for name, each in taken.items()}


def compare(title: str, figures: Mapping[str, Figures], limit: str | None = None) -> None:
    """Print the figures; with a limit, how many times it each one takes."""
    print(f"\n{title}")
    for name, each in figures.items():
        note = ""
        if limit is not None and name != limit:
            note = f"{each.median / figures[limit].median:.1f} x the limit"
        print(each.line(name, note))


def verdict(what: str, ratio: float, target: float, *, at_least: bool = True) -> None:
    """Print a ratio beside what was aimed at."""
    met = ratio >= target if at_least else ratio <= target
    bound = "at least" if at_least else "at most"
    print(f"  -> {what}: {ratio:.2f} (aim: {bound} {target}) {'met' if met else 'MISSED'}")
