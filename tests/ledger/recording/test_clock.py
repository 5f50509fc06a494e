"""When statements are recorded, and which clocks are refused."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger.errors import EntryError
from ledger.recording.clock import latest_at, moment_at, moment_now

LAST = "2024-09-02T09:00:00Z"
THEN = datetime(2024, 9, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("since", "recorded_at"),
    [
        (timedelta(0), LAST),
        (SECOND, "2024-09-02T09:00:01Z"),
        (-SECOND, LAST),
        (-300 * SECOND, LAST),
        (7 * DAY, "2024-09-09T09:00:00Z"),
    ],
)
def test_times_recorded_follow_the_clock_and_never_go_back(since, recorded_at):
    moment = moment_now(THEN + since, LAST, is_confirmed=False)
    assert (moment.recorded_at, moment.faults) == (recorded_at, [])


@pytest.mark.parametrize(
    ("since", "fault"),
    [
        (
            -301 * SECOND,
            "2024-09-02T08:54:59Z, before the last entry: set the clock right and try again",
        ),
        (
            7 * DAY + SECOND,
            (
                "2024-09-09T09:00:01Z, more than 7 days later: if that is right, say"
                " --clock-confirmed"
            ),
        ),
    ],
)
def test_a_clock_that_is_far_from_the_last_entry_is_refused(since, fault):
    says = f"the last entry was recorded at {LAST}, and this machine's clock says"
    assert moment_now(THEN + since, LAST, is_confirmed=False).faults == [f"{says} {fault}"]


def test_somebody_may_confirm_a_clock_that_is_ahead_but_none_that_is_behind():
    assert moment_now(THEN + 8 * DAY, LAST, is_confirmed=True).faults == []
    assert moment_now(THEN - DAY, LAST, is_confirmed=True).faults != []


def test_any_clock_may_tell_the_first_entry():
    for now in (THEN - 9_999 * DAY, THEN + 9_999 * DAY):
        assert moment_now(now, "", is_confirmed=False).faults == []


@pytest.mark.parametrize("year", [1, 1869, 2200, 9999])
def test_a_clock_that_tells_no_day_of_this_format_records_nothing(year):
    now = datetime(year, 6, 1, tzinfo=UTC)
    with pytest.raises(EntryError, match="this machine's clock tells no day that can be recorded"):
        moment_now(now, LAST, is_confirmed=True)


def test_statements_may_be_five_minutes_ahead_and_tell_of_the_day_that_it_is_in_london():
    assert latest_at("2024-09-02T22:59:59Z") == ("2024-09-02T23:04:59Z", "2024-09-02")
    assert latest_at("2024-09-02T23:00:00Z") == ("2024-09-02T23:05:00Z", "2024-09-03")
    assert latest_at("2024-12-02T23:59:59Z") == ("2024-12-03T00:04:59Z", "2024-12-02")
    assert moment_at(LAST, ["late"]) == (LAST, "2024-09-02T09:05:00Z", "2024-09-02", ["late"])


@pytest.mark.parametrize("odd", ["2024-09-02T25:00:00Z", "soon", "9999-12-31T23:59:59Z"])
def test_no_time_tells_what_is_latest(odd):
    with pytest.raises(EntryError, match="a time of recording is none"):
        latest_at(odd)
