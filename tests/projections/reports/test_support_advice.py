"""Advice about support: who commissions what it provides, two agreements in one area."""

import pytest
from recording import ONE, THREE, TWO, agreed, offer, partnership, say

from projections.reports.support_advice import support_advice
from projections.tables import catalogue
from projections.tables.views import moment


@pytest.fixture
def advised(recorded):
    """Return the advice on a day, each with its event."""

    def on(day="2026-04-01"):
        store = recorded.ledger.store
        with catalogue.views(store, None).open() as connection:
            found = list(support_advice(connection, store, moment(connection, day, None)))
        assert {one.check for one in found} <= {"agreements"}
        return [(one.event, one.sentence) for one in found]

    return on


def agree(ledger, offered, **more):
    return say(ledger, TWO, "SupportAgreed", **agreed(offered), **more).event


def test_nothing_to_look_at(recorded, advised):
    agree(recorded.ledger, offer(recorded.ledger), commissioner="body:northwick")
    assert advised() == []


def test_who_commissions_provides_the_support_itself(recorded, advised):
    event = agree(recorded.ledger, offer(recorded.ledger), commissioner=ONE.school)
    assert advised() == [
        (
            event,
            (
                "school:900001 commissions the support of school:900002 and provides it itself:"
                " let somebody else judge what it does"
            ),
        )
    ]
    assert advised("2026-08-01") == []


def for_the_need(ledger, need, provider):
    said = {"provider": provider.school, "receiver": TWO.school, "route": "partnership"}
    said |= {"days": "6.0", "valid_until": "2026-12-31", "trigger": f"need:{need}"}
    return agree(ledger, say(ledger, provider, "SupportOffered", **said).event)


def test_two_live_agreements_in_one_area_of_one_school(recorded, advised):
    partnership(recorded.ledger)
    need = {"school": TWO.school, "raiser": TWO.school, "area": "inclusion", "level": "school"}
    need = say(recorded.ledger, TWO, "NeedIdentified", **need).event
    first = for_the_need(recorded.ledger, need, ONE)
    assert advised() == []
    second = for_the_need(recorded.ledger, need, THREE)
    [(event, sentence)] = advised()
    assert event == second
    assert sentence == (
        f"school:900002 is supported in inclusion under agreement:{first} too: see that both know"
        " of each other, or end one"
    )
