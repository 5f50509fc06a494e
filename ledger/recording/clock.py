"""The moment at which statements are recorded, and what speaks against the clock that tells it.

A clock that ran ahead is corrected by ClockCorrected: when another vouches for that, time is
counted anew, from the time at which the vouching is recorded. `why_not_back_to` is the rule of it,
for the ledger and for every verifier.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from ledger.days import FIRST, LAST, day_of, today
from ledger.errors import EntryError
from ledger.format.statement import read_time, write_time

__all__ = [
    "CLOCK_CORRECTED",
    "VOUCHED",
    "LastSigned",
    "Moment",
    "correction_vouched_for",
    "latest_at",
    "moment_at",
    "moment_now",
    "why_not_back_to",
]

CLOCK_CORRECTED = "ClockCorrected"
VOUCHED = "Vouched"

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
    that is far ahead of it unless somebody confirms it (docs/reference/format.md, *Entry*).
    """
    return _moment_at(now.replace(microsecond=0), last, is_confirmed)


@lru_cache(maxsize=8)  # many an append falls within the same second
def _moment_at(now: datetime, last: str, is_confirmed: bool) -> Moment:  # noqa: FBT001 - a key
    if not FIRST <= today(now) <= LAST:
        raise EntryError(
            "this machine's clock tells no day that can be recorded",
            got=now.isoformat(timespec="seconds"),
            expected=f"a day between {FIRST} and {LAST}",
            todo="Nothing was recorded. Set the clock right and try again.",
        )
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


class LastSigned(NamedTuple):
    """The latest `time` that anybody signed, by whom, and the latest that anybody else did."""

    time: str = ""
    person: str = ""
    other: str = ""

    def and_then(self, time: str, person: str) -> LastSigned:
        """Return the same after one more statement."""
        if person == self.person:
            return self if time <= self.time else self._replace(time=time)
        if time > self.time:
            return LastSigned(time, person, self.time)
        return self if time <= self.other else self._replace(other=time)

    def joined(self, later: LastSigned) -> LastSigned:
        """Return the same after all the statements of another."""
        found = self.and_then(later.time, later.person) if later.person else self
        # Whose the other time is, does not matter: it is not theirs whose the latest is.
        return found if later.other <= found.other else found._replace(other=later.other)

    def by_others(self, person: str) -> str:
        """Return the latest time that anybody but this person signed; empty if nobody did."""
        return self.other if person == self.person else self.time


def correction_vouched_for(name: str, data: dict[str, Any]) -> str | None:
    """Return the id of the ClockCorrected that an event vouches for; None if it does not."""
    if name != VOUCHED:
        return None
    kind, _, event = str(data.get("subject", "")).partition(":")
    return event if kind == "clock_correction" else None


def why_not_back_to(now: str, *, size: int, right: str, others: str) -> Iterator[str]:
    """Say why time cannot be counted anew from `now`, which lies before what was recorded.

    `right` is when entry `size` was recorded, the last one that is said to be right; `others` the
    latest time that anybody but the signer of the correction has signed.
    """
    if now < right:
        yield f"entry {size}, which is said to be right, was recorded at {right}"
    if others and write_time(read_time(now) + _AHEAD) < others:
        yield f"somebody else than who corrects it had signed at {others} by then"


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
