"""Everything that happened to a party, and what narrows it."""

from projections.reports.history import Narrowed, history

CEDAR = "school:900003"


def days(northwick, narrowed):
    at = northwick.at("2026-07-31")
    report = history(northwick.connection, northwick.store, CEDAR, at, narrowed)
    return [row["occurred_on"] for row in report.rows]


def test_from_a_day_to_a_day_both_are_included(northwick):
    every = days(northwick, Narrowed())
    first, last = every[len(every) // 3], every[2 * len(every) // 3]
    found = days(northwick, Narrowed(since=first, to=last))
    assert found == [day for day in every if first <= day <= last] != every
    assert {first, last} <= set(found)
    assert days(northwick, Narrowed(to=first))[-1] == first
