"""The moment at which statements are recorded, and what speaks against the clock that tells it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from ledger.days import day_of
from ledger.statement import read_time, write_time

__all__ = ["Moment", "latest_at", "moment_at", "moment_now"]

_AHEAD = timedelta(seconds=300)
_BEHIND = timedelta(minutes=5)
_QUIET = timedelta(days=7)


class Moment(NamedTuple):
    """When a chunk is recorded, and the latest time and day that its statements may speak of.

    `faults` say what is wrong with the clock: nothing is recorded by it then.
    """

    recorded_at: str
    latest_time: str
    latest_day: str
    faults: list[str]


def moment_now(now: datetime, last: str, *, is_confirmed: bool) -> Moment:
    """Return the moment by a clock, after an entry recorded at `last` (empty if there is none).

    Times recorded never go back. A clock that is behind the last entry is refused, and so is one
    that is far ahead of it unless somebody confirms it (format.md, *Entry*).
    """
    faults = list[str]() if not last else _faults(now, last, is_confirmed=is_confirmed)
    return moment_at(max(write_time(now), last), faults)


def moment_at(recorded_at: str, faults: list[str]) -> Moment:
    """Return the moment of a time recorded."""
    return Moment(recorded_at, *latest_at(recorded_at), faults)


@lru_cache(maxsize=8)  # many an append falls within the same second
def latest_at(recorded_at: str) -> tuple[str, str]:
    """Return the latest time and day that a statement recorded then may speak of.

    Raises EntryError for what is no time of recording.
    """
    day = day_of(recorded_at)
    return write_time(read_time(recorded_at) + _AHEAD), day


def _faults(now: datetime, last: str, *, is_confirmed: bool) -> list[str]:
    then = read_time(last)
    if now < then - _BEHIND:
        fault = "before the last entry: set the clock right and try again"
    elif now > then + _QUIET and not is_confirmed:
        fault = "more than 7 days later: if that is right, say --clock-confirmed"
    else:
        return []
    said = f"the last entry was recorded at {last}, and this machine's clock says"
    return [f"{said} {write_time(now)}, {fault}"]
