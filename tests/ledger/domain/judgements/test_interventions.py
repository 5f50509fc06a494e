"""Interventions: who must comply by when, who is to find help, and when they are over."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    ESTUARY,
    INSPECTORATE,
    IRIS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    TWO,
    WITH_ESTUARY,
    body_changed,
    framework,
    given,
    judged,
    say,
    withdrawn,
)
from moneys import answered, claimed


def intervened(label="i", on="2024-11-01", by=OLIVE, **changes):
    """Northwick gives school two a warning notice."""
    said = {
        "school": TWO,
        "kind": "warning_notice",
        "issuer": NORTHWICK_BODY,
        "asks_for_support": False,
        "complier": TWO,
        "comply_by": "2025-01-31",
    }
    return say("InterventionRecorded", label, by, on, **said).but(**changes)


def lifting(label="l", on="2024-12-01", by=OLIVE):
    return say("InterventionLifted", label, by, on, intervention="intervention:i")


_FINDS = "who is to find help, where it asks for support"
INTERVENED = given(NORTHWICK, intervened())
OWED = [f"compliance: {TWO} owes {NORTHWICK_BODY} 1 item by 2025-01-31"]


class TestInterventionRecorded:
    NOT: ClassVar = {
        "with a day and nobody who must comply": (
            {"complier": None},
            "it asks for something by 2025-01-31: name who must comply",
        ),
        "for who intervenes to comply": (
            {"complier": NORTHWICK_BODY},
            f"{NORTHWICK_BODY} intervenes: another party complies",
        ),
        "by a day before it": (
            {"comply_by": "2024-10-31"},
            "it asks to comply by 2024-10-31, before it is issued",
        ),
        "saying that somebody finds help where it asks for none": (
            {"brokers": [NORTHWICK_BODY]},
            (
                f"“brokers” must be {_FINDS}: got {NORTHWICK_BODY}, expected nothing; left out,"
                " it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        NORTHWICK.when(intervened(**changes)).then_refused(reason)


class TestCompliance:
    def test_owed_by_who_must_comply_to_who_intervened(self):
        assert INTERVENED.owed(kind="compliance") == OWED

    def test_not_owed_without_a_day(self):
        history = given(NORTHWICK, intervened(comply_by=None))
        assert history.owed(kind="compliance") == []

    def test_closed_once_it_is_lifted(self):
        assert given(INTERVENED, lifting()).owed(kind="compliance") == []

    def test_owed_again_once_that_is_withdrawn(self):
        history = given(INTERVENED, lifting(), withdrawn("l", OLIVE, "2024-12-02"))
        assert history.owed(kind="compliance") == OWED
        history.when(lifting("again", "2024-12-03")).then_recorded()

    @pytest.mark.parametrize(("answer", "owed"), [("met", []), ("not_met", OWED)])
    def test_closed_by_who_intervened_once_it_is_claimed(self, answer, owed):
        claim = claimed(obligation="i/compliance", by=BEN)
        history = given(INTERVENED, claim, answered(answer=answer, claim="claim:c"))
        assert history.owed(kind="compliance") == owed


class TestNewResponsibleBody:
    """Compliance goes along with the school, and the days that were given begin anew."""

    def test_is_owed_to_the_new_body_where_the_former_one_intervened(self):
        assert given(INTERVENED, body_changed(on="2024-12-01")).owed(kind="compliance") == [
            f"compliance: {TWO} owes {BEACON} 1 item by 2025-03-02"
        ]

    def test_is_owed_by_the_new_body_where_the_former_one_was_to_comply(self):
        other = intervened(issuer=INSPECTORATE, complier=NORTHWICK_BODY, by=IRIS)
        history = given(NORTHWICK, other, body_changed(on="2024-12-01"))
        assert history.owed(kind="compliance") == [
            f"compliance: {BEACON} owes {INSPECTORATE} 1 item by 2025-03-02"
        ]

    def test_stays_where_neither_is_the_former_body(self):
        other = intervened(issuer=INSPECTORATE, by=IRIS)
        history = given(NORTHWICK, other, body_changed(on="2024-12-01"))
        assert history.owed(kind="compliance") == [
            f"compliance: {TWO} owes {INSPECTORATE} 1 item by 2025-01-31"
        ]

    def test_nothing_goes_along_where_no_day_was_given(self):
        history = given(NORTHWICK, intervened(comply_by=None), body_changed(on="2024-12-01"))
        assert history.owed(kind="compliance") == []

    def test_stays_where_another_school_changes(self):
        history = given(INTERVENED, body_changed(on="2024-12-01", school=ONE))
        assert history.owed(kind="compliance") == OWED


class TestHelp:
    def test_found_by_the_partnerships_of_the_school(self):
        history = given(WITH_ESTUARY, intervened(asks_for_support=True))
        assert history.owed(kind="brokerage") == [
            f"brokerage: {ESTUARY} owes {TWO} 1 item by 2024-11-29"
        ]
        assert history.owed(kind="member_response") == []

    def test_found_by_the_body_of_a_school_in_no_partnership(self):
        history = given(NORTHWICK, intervened(asks_for_support=True))
        [owed] = history.owed(kind="brokerage")
        assert owed.startswith(f"brokerage: {NORTHWICK_BODY} owes {TWO} 1 item by ")

    def test_found_by_the_body_of_a_school_in_a_category_and_answered_by_its_partnerships(self):
        placed = judged(category="special_measures", urn="urn:900002")
        history = given(
            WITH_ESTUARY, framework(), placed, intervened(asks_for_support=True, on="2024-11-02")
        )
        assert history.left(f"i/brokerage/{NORTHWICK_BODY}", "2024-12-01") == "1"
        assert history.left(f"i/member_response/{ESTUARY}", "2024-12-01") == "1"

    def test_not_asked_for_by_an_intervention_that_does_not(self):
        assert INTERVENED.owed(kind="brokerage") == []


class TestInterventionLifted:
    def test_once(self):
        given(INTERVENED, lifting()).when(lifting("again")).then_refused(
            "<intervention:i> is lifted already"
        )

    @pytest.mark.parametrize("by", [ANN, BEN])
    def test_not_by_another_than_who_intervened(self, by):
        [reason] = INTERVENED.when(lifting(by=by)).reasons
        assert reason.startswith(f"InterventionLifted is not for {by.office} to sign")

    def test_without_a_day_too(self):
        given(NORTHWICK, intervened(comply_by=None, complier=ONE)).when(lifting()).then_recorded()
