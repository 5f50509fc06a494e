"""Replay: each event with what it changed, ending in what `owes` answers."""

from collections import defaultdict
from decimal import Decimal

import pytest

from projections.reports.history import history
from projections.reports.owes import Asked as WhatIsOwed
from projections.reports.owes import owes
from projections.reports.replay import UNCHANGED, UNCHANGED_OF_IT, Asked, replay

CEDAR, ESTUARY, COUNCIL = "school:900003", "partnership:estuary", "body:northwick"
LATER = "2027-06-30"


def key(row):
    return row["obligation"], row["debtor"], row["creditor"]


def changing(rows):
    return [row for row in rows if row["kind_title"] not in (UNCHANGED, UNCHANGED_OF_IT)]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("about", [None, CEDAR, ESTUARY, COUNCIL])
@pytest.mark.parametrize("as_of", ["2025-07-31", LATER])
def test_after_each_event_the_balances_are_what_owes_says_as_known_at_it(northwick, about, as_of):
    told = changing(northwick.ask(replay, northwick.at(as_of), Asked(about)))
    assert told
    balances = {}
    for position in range(1, northwick.last + 1):
        for row in told:
            if row["position"] == position:
                before = balances.get(key(row), (Decimal(0),))[0]
                assert Decimal(row["before"]) == before
                assert Decimal(row["after"]) == before + Decimal(row["change"])
                balances[key(row)] = (Decimal(row["after"]), row["unit"], row["kind_title"])
        at = northwick.at(as_of, position)
        stands = northwick.ask(owes, at, WhatIsOwed(about=about))
        assert {k: kept for k, kept in balances.items() if kept[0]} == {
            key(row): (Decimal(row["outstanding"]), row["unit"], row["kind_title"])
            for row in stands
        }, position


@pytest.mark.parametrize("about", [CEDAR, ESTUARY, COUNCIL])
def test_the_events_about_a_party_are_those_of_its_history(northwick, about):
    told = northwick.ask(replay, northwick.at(LATER), Asked(about))
    asked = (northwick.store, about, northwick.at(LATER))
    shown = history(northwick.connection, *asked).rows
    assert {row["event"] for row in told} == {row["event"] for row in shown}


def test_whatever_changes_what_a_party_owes_or_is_owed_is_in_its_history(northwick):
    """Of every party, and whoever stands in its place: all that posts with it on a side."""
    changing = defaultdict(set)
    for row in northwick.connection.execute("SELECT event, debtor, creditor FROM postings"):
        changing[row["debtor"]].add(row["event"])
        changing[row["creditor"]].add(row["event"])
    assert len(changing) == 9
    for party, events in changing.items():
        shown = history(northwick.connection, northwick.store, party, northwick.at(LATER)).rows
        assert events <= {row["event"] for row in shown}, party


def test_events_come_in_the_order_of_recording_and_each_once(northwick):
    rows = northwick.ask(replay, northwick.at(LATER), Asked())
    positions = list(dict.fromkeys(row["position"] for row in rows))
    assert positions == list(range(1, northwick.last + 1))
    assert [row["position"] for row in rows] == sorted(row["position"] for row in rows)


def test_a_part_begins_with_the_balances_that_stood_then(northwick):
    at = northwick.at(LATER)
    whole = northwick.ask(replay, at, Asked(CEDAR))
    part = northwick.ask(replay, at, Asked(CEDAR, "2025-09-01", "2025-12-31"))
    assert part == [row for row in whole if "2025-09-01" <= row["recorded_on"] <= "2025-12-31"]
    assert 0 < len(part) < len(whole)
    assert any(Decimal(row["before"]) for row in changing(part))


def test_what_was_given_beyond_is_told_though_nothing_is_left_to_change(northwick):
    rows = changing(northwick.ask(replay, northwick.at(LATER), Asked(CEDAR)))
    beyond = [row for row in rows if row["given_beyond"]]
    assert beyond
    assert all(row["before"] == row["after"] for row in beyond)


def test_what_happened_after_the_day_is_told_only_where_it_changed_what_counts_on_it(northwick):
    day = "2025-07-31"
    told = northwick.ask(replay, northwick.at(day), Asked(CEDAR))
    assert {row["event"] for row in told if row["kind_title"] == UNCHANGED_OF_IT}
    assert all(row["occurred_on"] <= day for row in told if row not in changing(told))
    left_out = {row["event"] for row in northwick.ask(replay, northwick.at(LATER), Asked(CEDAR))}
    assert len(left_out - {row["event"] for row in told}) > 0


def test_where_nothing_had_happened_by_the_day_that_is_said(northwick):
    asked = (northwick.connection, northwick.store)
    early = replay(*asked, northwick.at("2001-01-01"), Asked(CEDAR))
    assert early.rows == []
    assert early.empty.startswith("Nothing was recorded by then: the record begins on ")
    late = replay(*asked, northwick.at("2025-07-31"), Asked(CEDAR, "2026-09-01"))
    assert late.rows == []
    assert late.empty == "Nothing was recorded then that had happened by 31 July 2025."


def test_an_event_that_changed_nothing_is_told_all_the_same(northwick):
    rows = northwick.ask(replay, northwick.at(LATER), Asked(CEDAR))
    silent = [row for row in rows if row["kind_title"] == UNCHANGED_OF_IT]
    assert {"SchoolRegistered", "Appointed"} <= {row["type"] for row in silent}
    assert all("change" not in row for row in silent)
