"""Reports as an audience may see them: rows left out and counted, names withheld."""

from dataclasses import replace

import pytest

from ledger.events import CATALOGUE
from ledger.events.base import AUDIENCES, may_read
from projections.reports.audience import NOTHING_TO_SEE, seen_by, withholding
from projections.reports.history import history
from projections.reports.names import Names
from projections.reports.owes import Asked as WhatIsOwed
from projections.reports.owes import owes
from projections.reports.replay import UNCHANGED, Asked, replay

LATER = "2026-12-31"
CEDAR = "school:900003"
OF_TYPE = {event.__name__: event for event in CATALOGUE}


@pytest.fixture(scope="module", name="told")
def _told(northwick):
    """The whole record, event by event, with each balance that an event changed."""
    return replay(northwick.connection, northwick.store, northwick.at(LATER), Asked())


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_a_row_about_an_event_is_seen_by_those_who_may_read_it(northwick, told, event, audience):
    silent = [
        row for row in told.rows if row["type"] == event.__name__ and row["kind_title"] == UNCHANGED
    ]
    rows = silent or [row for row in told.rows if row["type"] == event.__name__]
    types = dict(northwick.connection.execute("SELECT event, type FROM entries").fetchall())
    # What an event changes rests on what opened it as well.
    read = [row for row in rows if all(may_read(audience, OF_TYPE[types[e]]) for e in _rests(row))]
    report = seen_by(northwick.connection, _with(told, rows), audience)
    assert list(report.rows) == read
    assert report.heading.left_out == len(rows) - len(read)
    assert report.heading.audience == audience


def _rests(row):
    return {*row["events"], *([row["obligation"][:36]] if row.get("obligation") else [])}


def _with(report, rows):
    return replace(report, rows=rows)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_row_that_is_seen_rests_on_events_for_that_audience(northwick, audience):
    at = northwick.at(LATER)
    whole = owes(northwick.connection, northwick.store, at, WhatIsOwed(settled=True))
    whole = _with(whole, list(whole.rows))
    seen = seen_by(northwick.connection, whole, audience)
    types = dict(northwick.connection.execute("SELECT event, type FROM entries").fetchall())
    for row in seen.rows:
        for event in (*row["events"], row["opened_by"]):
            assert may_read(audience, OF_TYPE[types[event]])
    assert len(seen.rows) + seen.heading.left_out == len(whole.rows)


def test_a_balance_that_opens_with_what_may_not_be_read_is_left_out_where_a_day_passed(northwick):
    """Its row names no event that made the difference, only the obligation."""
    at = northwick.at(LATER)
    whole = owes(northwick.connection, northwick.store, at, WhatIsOwed())
    row = next(row for row in whole.rows if row["kind"] == "support")
    bare = {"obligation": row["obligation"], "events": []}
    assert list(seen_by(northwick.connection, _with(whole, [bare]), "public").rows) == []
    assert list(seen_by(northwick.connection, _with(whole, [bare]), "parties").rows) == [bare]


def test_an_event_that_the_record_does_not_hold_is_for_nobody(northwick, told):
    unknown = {"events": ["0191b207-c7a0-7000-8000-000000000000"], "obligation": None}
    assert list(seen_by(northwick.connection, _with(told, [unknown]), "all").rows) == []


def test_where_all_is_left_out_it_is_not_said_that_there_is_nothing(northwick):
    at = northwick.at(LATER)
    whole = owes(northwick.connection, northwick.store, at, WhatIsOwed())
    assert seen_by(northwick.connection, whole, "public").empty == NOTHING_TO_SEE
    none = owes(northwick.connection, northwick.store, at, WhatIsOwed(by="body:harbour-trust"))
    assert seen_by(northwick.connection, none, "public").empty == none.empty


@pytest.mark.parametrize("audience", AUDIENCES)
def test_names_of_people_are_for_those_only_who_are_given_everything(northwick, audience):
    at = northwick.at(LATER)
    store = withholding(northwick.store, northwick.connection, audience)
    report = history(northwick.connection, store, CEDAR, at)
    people = {row["signed_by"] for row in report.rows}
    names = Names(northwick.connection, northwick.store, at)
    text = repr(list(report.rows))
    assert all((names.person(one) in text) == (audience == "all") for one in people)
    assert ("(name withheld)" in text) == (audience != "all")
