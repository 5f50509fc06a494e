"""A day is a day in Europe/London, by the same rules on every machine."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ledger.days import (
    FIRST,
    LAST,
    date_of,
    day_of,
    day_of_bytes,
    first_moment_after,
    today,
    working_days_after,
)
from ledger.errors import EntryError

TURNS = [
    # The clocks go forward at 01:00 UTC on 29 March 2026: midnights before and after it.
    ("2026-03-28T23:59:59Z", "2026-03-28"),
    ("2026-03-29T00:00:00Z", "2026-03-29"),
    ("2026-03-29T00:59:59Z", "2026-03-29"),
    ("2026-03-29T01:00:00Z", "2026-03-29"),
    ("2026-03-29T22:59:59Z", "2026-03-29"),
    ("2026-03-29T23:00:00Z", "2026-03-30"),
    # Half past midnight in British Summer Time.
    ("2026-08-31T22:59:59Z", "2026-08-31"),
    ("2026-08-31T23:30:00Z", "2026-09-01"),
    # They go back at 01:00 UTC on 25 October 2026.
    ("2026-10-24T22:59:59Z", "2026-10-24"),
    ("2026-10-24T23:00:00Z", "2026-10-25"),
    ("2026-10-25T00:30:00Z", "2026-10-25"),
    ("2026-10-25T23:00:00Z", "2026-10-25"),
    ("2026-10-25T23:59:59Z", "2026-10-25"),
    ("2026-10-26T00:00:00Z", "2026-10-26"),
    # Other rules: none yet, summer time all year, two hours of it, and those of the far future.
    ("1870-01-01T00:00:00Z", "1870-01-01"),
    ("1941-07-01T22:00:00Z", "1941-07-02"),
    ("1970-01-01T23:00:00Z", "1970-01-02"),
    ("2199-07-01T23:00:00Z", "2199-07-02"),
    ("2199-12-31T23:59:59Z", "2199-12-31"),
]


@pytest.mark.parametrize(("moment", "day"), TURNS)
def test_a_moment_falls_on_a_day_in_london(moment, day):
    assert day_of(moment) == day
    assert day_of_bytes(moment.encode()) == day.encode()
    assert date_of(moment) == date.fromisoformat(day)
    assert today(datetime.fromisoformat(moment)) == date.fromisoformat(day)


def test_today_is_the_same_whatever_zone_a_machine_stands_in():
    far = datetime(2026, 9, 1, 9, 15, tzinfo=timezone(timedelta(hours=10)))
    assert today(far) == date(2026, 9, 1)
    assert today(far - timedelta(minutes=30)) == date(2026, 8, 31)


@pytest.mark.parametrize("moment", ["", "soon", "2026-02-30T09:00:00Z", "2026-09-01T24:00:00Z"])
def test_what_is_no_moment_falls_on_no_day(moment):
    with pytest.raises(EntryError, match="a time of recording is none"):
        day_of(moment)
    with pytest.raises(EntryError, match="a time of recording is none"):
        day_of_bytes(moment.encode())


@pytest.mark.parametrize("moment", ["1869-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31"])
def test_no_moment_falls_on_a_day_out_of_range(moment):
    with pytest.raises(EntryError, match="expected one between 1870-01-01 and 2199-12-31"):
        day_of(moment)


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-03-28", "2026-03-29T00:00:00Z"),
        ("2026-03-29", "2026-03-29T23:00:00Z"),
        ("2026-08-31", "2026-08-31T23:00:00Z"),
        ("2026-10-24", "2026-10-24T23:00:00Z"),
        ("2026-10-25", "2026-10-26T00:00:00Z"),
        ("0001-01-01", "1870-01-01T00:00:00Z"),
        ("9999-12-31", "2200-01-01T00:00:00Z"),
    ],
)
def test_the_first_moment_after_a_day_is_the_next_midnight_in_london(day, moment):
    assert first_moment_after(date.fromisoformat(day)) == moment


@pytest.mark.long
@pytest.mark.sweep
def test_in_no_hour_of_any_year_does_another_day_begin():
    """By the hour is exact: both ends of every hour fall on one day."""
    hour = datetime(FIRST.year, 1, 1, tzinfo=UTC)
    while hour.date() <= LAST:
        end = hour + timedelta(minutes=59, seconds=59)
        assert today(hour) == today(end) == date_of(hour.isoformat()), hour
        hour += timedelta(hours=1)


def test_the_rules_are_not_the_machines_own():
    """A machine whose own zone files say otherwise, or that has none, tells the same day."""
    script = (
        "from ledger.days import day_of; import zoneinfo;"
        "assert zoneinfo.TZPATH == ();"
        "print(day_of('2026-08-31T23:30:00Z'))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONTZPATH": "", "TZ": "Pacific/Auckland"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "2026-09-01\n"


@pytest.mark.parametrize(
    ("day", "days", "holidays", "after"),
    [
        ("2024-09-05", 0, [], "2024-09-05"),
        ("2024-09-05", 1, [], "2024-09-06"),
        ("2024-09-05", 3, [], "2024-09-10"),
        ("2024-09-07", 1, [], "2024-09-09"),
        ("2024-12-24", 3, ["2024-12-25", "2024-12-26"], "2024-12-31"),
        ("9999-12-31", 3, [], "9999-12-31"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(day, days, holidays, after):
    listed = [date.fromisoformat(one) for one in holidays]
    found = working_days_after(date.fromisoformat(day), days, listed)
    assert found == date.fromisoformat(after)
