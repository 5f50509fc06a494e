"""Diff: exactly the rows in which two answers differ, each with the events that made it so."""

from itertools import pairwise

import pytest

from projections.reports.diff import BETWEEN, LATE, PASSED, diff
from projections.reports.owes import Asked, owes
from projections.tables.views import Moment

CEDAR, ESTUARY = "school:900003", "partnership:estuary"
DAYS = [f"{year}-{month:02}-28" for year in (2024, 2025, 2026) for month in (3, 7, 9, 12)]


def standing(northwick, at, about):
    rows = northwick.ask(owes, at, Asked(about=about, settled=True))
    return {
        (row["obligation"], row["debtor"], row["creditor"]): tuple(
            row[name] for name in ("outstanding", "given_beyond", "overdue")
        )
        for row in rows
        if row["outstanding"] not in {"0", "0.0"} or row["given_beyond"] not in {"0", "0.0"}
    }


@pytest.mark.sampled(2)
@pytest.mark.parametrize("about", [None, CEDAR, ESTUARY])
def test_exactly_the_rows_in_which_the_two_answers_differ(northwick, about):
    for a, b in [*pairwise(DAYS), (DAYS[2], DAYS[-1]), (DAYS[-1], DAYS[2])]:
        first, second = northwick.at(known_at=a), northwick.at(known_at=b)
        at_a, at_b = standing(northwick, first, about), standing(northwick, second, about)
        rows = northwick.ask(diff, first, second, about)
        assert {(row["obligation"], row["debtor"], row["creditor"]) for row in rows} == {
            key for key in at_a | at_b if at_a.get(key) != at_b.get(key)
        }, (a, b)


def test_each_difference_has_the_events_that_made_it_but_for_a_day_that_passed(northwick):
    first, second = northwick.at(known_at="2025-07-31"), northwick.at(known_at="2026-07-31")
    rows = northwick.ask(diff, first, second)
    assert {row["cause"] for row in rows} == {BETWEEN, PASSED}
    for row in rows:
        assert bool(row["events"]) == (row["cause"] != PASSED)
        assert row["position"] <= second.known_at or row["cause"] == PASSED
        # An account a year later is agreed with the support, and owed from its end.
        known_before = row["cause"] == PASSED or row["kind"] == "followup_account"
        assert first.known_at < row["position"] or known_before
        assert (row["overdue_a"], row["overdue_b"]) == (False, True) or row["cause"] != PASSED


def test_the_same_day_known_later_is_all_learnt_late(northwick):
    day = "2025-12-31"
    first = Moment(day, northwick.at(known_at="2025-06-30").known_at)
    second = Moment(day, northwick.at(known_at=day).known_at)
    rows = northwick.ask(diff, first, second)
    assert rows
    assert {row["cause"] for row in rows} == {LATE}


def test_nothing_differs_between_a_moment_and_itself(northwick):
    at = northwick.at(known_at="2025-12-31")
    assert northwick.ask(diff, at, at) == []
