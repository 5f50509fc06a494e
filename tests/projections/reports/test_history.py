"""Everything that happened to a party, and what narrows it."""

from recording import DAY, ONE, TWO, say

from projections.details.base import Reading
from projections.details.event import event_page
from projections.reports.history import Narrowed, history
from projections.tables import catalogue
from projections.tables.views import moment

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


def test_what_a_delegate_signed_is_told_so(recorded):
    said = {"office": ONE.office, "person": TWO.person, "events": ["NeedIdentified"]}
    said["until"] = "2026-07-31"
    delegation = say(recorded.ledger, ONE, "AuthorityDelegated", **said).event
    need = {"school": ONE.school, "raiser": ONE.school, "area": "inclusion", "level": "school"}
    by_delegate, _ = (
        recorded.ledger.say("NeedIdentified", need, signer.signer, ONE.office, DAY).event
        for signer in (TWO, ONE)
    )
    store = recorded.ledger.store
    with catalogue.views(store, None).open() as connection:
        at = moment(connection, None, None)
        rows = history(connection, store, ONE.school, at).rows
        reading = Reading(store, connection, at)
        facts = event_page(reading, by_delegate).sections[0].facts
        (*_, under) = event_page(reading, delegation).sections
    told = [row["office_name"] for row in rows if row["type"] == "NeedIdentified"]
    assert told == ["delegate of the head", "head"]
    assert (facts["delegate_of"], facts["by"]) == ("head of School 1 (900001)", delegation)
    assert (under.title, [row["event"] for row in under.rows]) == (
        "What was signed under it",
        [by_delegate],
    )
