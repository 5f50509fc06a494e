"""Which day a moment falls on: in Europe/London (docs/reference/format.md, *Entry*).

::

    >>> day_of("2026-08-31T23:30:00Z")
    '2026-09-01'

`time` and `recorded_at` are moments in UTC; offices, due dates, as of, known at and today are days.
The zone's rules come from the `tzdata` package and never from the machine, so that machines agree.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from ledger.errors import EntryError

__all__ = [
    "FIRST",
    "LAST",
    "date_of",
    "day_of",
    "day_of_bytes",
    "first_moment_after",
    "today",
    "working_days_after",
    "years_after",
]

FIRST = date(1870, 1, 1)
LAST = date(2199, 12, 31)
"""The days that statements and entries may speak of lie between these, which count too."""

_MOST_KEPT = 100_000
_HOUR = len("2026-08-31T23")


@cache
def _london() -> ZoneInfo:
    # Only now: a command that asks for no day need not wait for it.
    import tzdata  # noqa: PLC0415

    file = Path(tzdata.__file__).parent / "zoneinfo" / "Europe" / "London"
    with file.open("rb") as rules:
        return ZoneInfo.from_file(rules, "Europe/London")


class _Days(dict[str, date]):
    """Days by the hour: since 1870 London's clocks were only ever changed at a full hour of UTC."""

    def __missing__(self, hour: str) -> date:
        if len(self) >= _MOST_KEPT:
            self.clear()
        try:
            moment = datetime.fromisoformat(f"{hour}:00:00+00:00")
        except ValueError as error:
            raise _no_moment(hour) from error
        if not FIRST <= moment.date() <= LAST:
            raise _no_moment(hour)
        day = self[hour] = moment.astimezone(_london()).date()
        return day


class _Texts(dict[bytes, bytes]):
    """The same in bytes, as they stand in entries."""

    def __missing__(self, hour: bytes) -> bytes:
        if len(self) >= _MOST_KEPT:
            self.clear()
        day = self[hour] = _DAYS[hour.decode("ascii", "replace")].isoformat().encode()
        return day


_DAYS = _Days()
_TEXTS = _Texts()


def _no_moment(hour: str) -> EntryError:
    return EntryError(
        "a time of recording is none", got=hour, expected=f"one between {FIRST} and {LAST}"
    )


def date_of(moment: str) -> date:
    """Return the day that a `time` or `recorded_at` falls on; raise EntryError for no moment."""
    return _DAYS[moment[:_HOUR]]


def day_of(moment: str) -> str:
    """Return the same as text."""
    return _DAYS[moment[:_HOUR]].isoformat()


def day_of_bytes(moment: bytes) -> bytes:
    """Return the same of text that stands in bytes: one look-up for most entries of a record."""
    return _TEXTS[moment[:_HOUR]]


def today(now: datetime) -> date:
    """Return the day that a moment falls on, by whatever zone it is told."""
    return now.astimezone(_london()).date()


def first_moment_after(day: date) -> str:
    """Return the first moment, as `recorded_at` tells it, that falls on no day up to this one.

    Of days that nothing recorded can fall on, that of the nearest one that something can.
    """
    within = min(max(day, FIRST - timedelta(days=1)), LAST)
    midnight = datetime.combine(within + timedelta(days=1), time(), _london())
    return midnight.astimezone(UTC).isoformat().replace("+00:00", "Z")


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; the last of February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


_SATURDAY = 5


def working_days_after(day: date, days: int, holidays: Collection[date] = ()) -> date:
    """Return the day that lies so many working days after one: Monday to Friday, no holiday."""
    while days > 0 and day < date.max:
        day += timedelta(1)
        if day.weekday() < _SATURDAY and day not in holidays:
            days -= 1
    return day
