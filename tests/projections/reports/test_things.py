"""Everything of a kind with its id: what a word names, and what is listed of it."""

import pytest
from recording import ONE, say

from projections.reports.things import kind_meant, things, where_listed
from projections.tables import catalogue
from projections.tables.views import moment


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("need", "need"),
        (" Needs ", "need"),
        ("capacities", "capacity"),
        ("target conflicts", "target_conflict"),
        ("target_conflict", "target_conflict"),
        ("school", None),
        ("neeed", None),
        ("", None),
    ],
)
def test_a_kind_is_meant_by_its_word_in_the_singular_or_plural(word, kind):
    assert kind_meant(word) == kind


def test_where_ids_are_found_is_a_command_for_each_kind():
    assert where_listed(["visit"]) == "`school-ledger show visit:` lists every visit with its id."
    assert where_listed(["agreement", "year", "nothing"]) == (
        "`school-ledger show agreement:` and `school-ledger show year:` list every agreement and"
        " year with its id."
    )
    assert where_listed([]) == "`school-ledger history PARTY` lists events with their ids."


def test_every_need_is_listed_and_one_that_was_withdrawn_is_marked(recorded):
    said = {"school": ONE.school, "area": "inclusion", "level": "school"}
    first, second = (
        say(recorded.ledger, ONE, "NeedIdentified", **said, raiser=ONE.school).event
        for _ in range(2)
    )
    withdrawn = {
        "event": f"event:{first}",
        "code": "entered_in_error",
        "effective_on": "2026-03-02",
    }
    say(recorded.ledger, ONE, "EventWithdrawn", **withdrawn)
    with catalogue.views(recorded.ledger.store, None).open() as connection:
        rows = things(connection, recorded.ledger.store, moment(connection), "need").rows
    assert [(row["event"], row["marks"]) for row in rows] == [
        (first, "withdrawn, unvouched"),
        (second, "unvouched"),
    ]
    assert all(row["event"].startswith(row["event_start"]) for row in rows)
