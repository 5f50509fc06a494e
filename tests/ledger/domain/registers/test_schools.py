"""A school line: its URNs and bodies by day, whatever the order of recording."""

from datetime import date

import pytest
from given import (
    ANN,
    BEACON,
    NORTHWICK,
    NORTHWICK_BODY,
    ONE,
    TWO,
    WITH_ESTUARY,
    By,
    body,
    body_changed,
    converted,
    departure,
    framework,
    given,
    judged,
    newcomer,
    uuid,
)

from ledger.domain.correction import dependents
from ledger.domain.judgements.facts import concern, in_category
from ledger.domain.partnership import facts as parties
from ledger.domain.registers import schools

CONVERTED = given(NORTHWICK, converted())
OUT_OF_ORDER = given(
    NORTHWICK,
    body("third"),
    body_changed("later", "2025-09-01", said_on="2025-01-10"),
    body_changed("earlier", "2025-03-01", said_on="2025-01-11", responsible_body="body:third"),
)


@pytest.mark.parametrize(
    ("history", "school", "day", "body_then"),
    [
        (CONVERTED, ONE, "2025-03-31", NORTHWICK_BODY),
        (CONVERTED, ONE, "2025-04-01", BEACON),
        (OUT_OF_ORDER, TWO, "2025-02-28", NORTHWICK_BODY),
        (OUT_OF_ORDER, TWO, "2025-03-01", "body:third"),
        (OUT_OF_ORDER, TWO, "2025-09-01", BEACON),
    ],
)
def test_the_responsible_body_of_a_day(history, school, day, body_then):
    standing = history.look(schools.school(school))
    assert standing.responsible_body(date.fromisoformat(day)) == body_then


def test_the_urn_of_a_day():
    standing = CONVERTED.look(schools.school(ONE))
    assert standing.urn_on(date(2025, 3, 31)) == "urn:900001"
    assert standing.urn_on(date(2025, 4, 1)) == "urn:900101"
    assert CONVERTED.look(schools.urn("urn:900101")) == ONE
    assert CONVERTED.look(schools.urn("urn:900001")) == ONE


def test_membership_survives_conversion():
    memberships = given(WITH_ESTUARY, converted()).look(parties.belongs(ONE))
    assert parties.partnerships(memberships, date(2025, 5, 1)) == ("partnership:estuary",)


def test_a_category_is_set_by_the_latest_inspection_of_the_urn():
    trouble = judged(about=ONE, category="special_measures", urn="urn:900001")
    history = given(NORTHWICK, framework(), trouble)

    def is_in(record, day):
        standing = record.look(schools.school(ONE))
        concerns = record.look(concern(ONE))
        return in_category(standing, concerns, date.fromisoformat(day))

    assert not is_in(history, "2024-10-31")
    assert is_in(history, "2024-11-01")
    lifted = given(history, judged("j2", on="2024-12-01", about=ONE, urn="urn:900001"))
    assert is_in(lifted, "2024-11-30")
    assert not is_in(lifted, "2024-12-01")
    assert not is_in(given(history, converted()), "2025-04-01")


def test_only_an_inspection_sets_one():
    act = judged(about=ONE, basis="la_categorisation")
    history = given(NORTHWICK, framework(), act)
    assert history.look(concern(ONE)) == ()


def test_what_rests_on_an_event_without_naming_it_is_found():
    eve = By("eve", ANN.office)
    history = given(WITH_ESTUARY, newcomer(eve, "2024-10-01"), departure(eve))
    resting = dependents.resting_on(history.book().look, uuid("admitted-1"), [ONE])
    assert [entry.name for entry in resting] == ["Appointed", "DepartureNotified"]
    assert dependents.resting_on(history.book().look, uuid("admitted-2"), [ONE]) == ()
