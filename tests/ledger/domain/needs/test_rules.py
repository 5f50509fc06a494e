"""Needs and evidence: who says what a school needs, who answers, who shows it."""

from typing import ClassVar

import pytest
from given import (
    BEACON,
    BEN,
    CAROL,
    CLEM,
    ESTUARY,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    TOM,
    TWO,
    WITH_ESTUARY,
    By,
    body,
    body_changed,
    given,
    identified,
    lodged,
    made,
    newcomer,
    rules_set,
    say,
    withdrawn,
)

ADA = By("ada", f"adviser@{TWO}")
INA = By("ina", "officer@body:inspectors")
FAR = (
    f" does not answer for {TWO}: a need is identified by the school, a partnership that it is in,"
    " its responsible body or local authority, a regional or RISE team, or an inspectorate"
)


class TestNeedIdentified:
    MAY: ClassVar = {
        "the school itself": (NORTHWICK, BEN, TWO),
        "its adviser": (given(NORTHWICK, newcomer(ADA, by=OLIVE)), ADA, TWO),
        "its responsible body": (given(NORTHWICK, body_changed(school=TWO)), TOM, BEACON),
        "its local authority": (given(NORTHWICK, body_changed(school=TWO)), OLIVE, NORTHWICK_BODY),
        "a partnership that it is in": (WITH_ESTUARY, CAROL, ESTUARY),
        "an inspectorate": (
            given(NORTHWICK, body("inspectors", "inspectorate"), newcomer(INA)),
            INA,
            "body:inspectors",
        ),
    }

    @pytest.mark.parametrize("case", MAY.values(), ids=MAY)
    def test_by(self, case):
        history, by, raiser = case
        said = identified(by=by, on="2025-05-01", raiser=None)
        recorded = history.when(said).then_recorded()
        assert recorded.record.entries[-1].data["raiser"] == raiser

    def test_not_by_another_school(self):
        act = identified(by=BEN, school=ONE, raiser=TWO)
        NORTHWICK.when(act).then_refused(f"{TWO}{FAR.replace(TWO, ONE)}")

    def test_not_by_a_body_that_is_not_responsible(self):
        NORTHWICK.when(identified(by=TOM, raiser=BEACON)).then_refused(f"{BEACON}{FAR}")

    def test_not_by_a_partnership_that_it_is_not_in(self):
        outside = given(WITH_ESTUARY)
        act = identified(by=CAROL, school="school:900004", raiser=ESTUARY)
        reason = f"{ESTUARY}{FAR.replace(TWO, 'school:900004')}"
        outside.when(act).then_refused(reason)

    def test_not_in_the_name_of_another(self):
        NORTHWICK.when(identified(raiser=BEACON)).then_refused(
            f"NeedIdentified is not for officer@{NORTHWICK_BODY} to sign: it takes the office of"
            f" the raiser (officer@{BEACON}); or the adviser of the school (adviser@{TWO})",
            f"raiser must be whose office signs: got {BEACON}, expected {NORTHWICK_BODY}",
            f"{BEACON}{FAR}",
        )

    def test_on_grounds_that_are_recorded(self):
        NORTHWICK.when(identified(grounds=["event:j"])).then_refused(
            "grounds names <event:j>, which is not in this ledger"
        )

    def test_a_need_of_a_school_that_is_registered(self):
        NORTHWICK.when(identified(school="school:900009")).then_refused(
            "school names school:900009, which is not registered in this ledger"
        )


IDENTIFIED = given(NORTHWICK, identified())
OWED = f"need_response: {TWO} owes {NORTHWICK_BODY} 1 item by"


def accepting(label="k", on="2024-09-10", by=BEN, **changes):
    return say("NeedAccepted", label, by, on, **{"need": "need:n", **changes})


class TestNeedResponse:
    def test_the_school_owes_an_answer_to_whoever_else_identified_it(self):
        assert IDENTIFIED.owed(kind="need_response") == [f"{OWED} 2024-09-17"]

    def test_within_the_days_that_the_ledgers_rules_allow(self):
        allowed = given(NORTHWICK, rules_set("anew", response_days=5), identified())
        assert allowed.owed(kind="need_response") == [f"{OWED} 2024-09-08"]

    def test_nothing_is_owed_for_a_need_of_its_own(self):
        history = given(NORTHWICK, identified(by=BEN, raiser=TWO))
        assert history.owed(kind="need_response") == []

    def test_accepting_it_answers(self):
        history = IDENTIFIED.when(accepting()).then_recorded()
        assert history.record.entries[-1].data["obligations"] == [
            f"{history.record.entries[-2].id}/need_response"
        ]
        assert history.owed(kind="need_response") == []
        assert history.left("n/need_response", "2024-09-09") == "1"

    def test_it_is_owed_again_when_that_is_withdrawn(self):
        history = given(IDENTIFIED, accepting(), withdrawn("k", BEN, "2024-09-12"))
        assert history.owed(kind="need_response") == [f"{OWED} 2024-09-17"]


class TestNeedAccepted:
    def test_by_the_head(self):
        IDENTIFIED.when(accepting(by=OLIVE)).then_refused(
            f"NeedAccepted is not for officer@{NORTHWICK_BODY} to sign: it takes the head of the"
            f" school (head@{TWO})"
        )

    def test_once(self):
        given(IDENTIFIED, accepting()).when(accepting("again")).then_refused(
            "<need:n> is answered already, or was never for another to answer"
        )

    def test_not_a_need_of_its_own(self):
        history = given(NORTHWICK, identified(by=BEN, raiser=TWO))
        history.when(accepting()).then_refused(
            "<need:n> is answered already, or was never for another to answer"
        )

    def test_not_a_need_that_nobody_identified(self):
        act = accepting(school=TWO, raiser=NORTHWICK_BODY)
        NORTHWICK.when_exactly(act).then_refused(
            "need names <need:n>, and no need of that id stands in this ledger"
        )

    def test_saying_whose_need_it_is_and_who_raised_it(self):
        IDENTIFIED.when(accepting(raiser=BEACON)).then_refused(
            "raiser does not agree with the need that it names: got"
            f" {BEACON}, expected {NORTHWICK_BODY}"
        )

    def test_a_need_that_was_accepted_is_not_withdrawn(self):
        history = given(IDENTIFIED, accepting())
        outcome = history.when(withdrawn("n", OLIVE, "2024-09-12"))
        assert outcome.reasons[0].startswith("later events rely on it: NeedAccepted ")


class TestEvidenceLodged:
    @pytest.mark.parametrize("by", [BEN, OLIVE, CAROL, TOM], ids=lambda by: by.office)
    def test_by_any_office(self, by):
        WITH_ESTUARY.when(lodged(by=by)).then_recorded()

    def test_about_a_party_that_is_registered(self):
        WITH_ESTUARY.when(lodged(about="school:900009")).then_refused(
            "about names school:900009, which is not registered in this ledger"
        )

    def test_of_a_time_that_ends_after_it_begins(self):
        act = lodged(period_from="2024-09-01", period_to="2024-08-31")
        WITH_ESTUARY.when(act).then_refused(
            "it tells of a time that ends on 2024-08-31, before it begins"
        )
        WITH_ESTUARY.when(lodged(period_to="2024-08-31")).then_recorded()

    def test_it_answers_only_what_a_document_answers(self):
        asked = given(WITH_ESTUARY, identified())
        asked.when(lodged(by=BEN, obligation="n/need_response")).then_refused(
            "<n/need_response> is nothing that a document answers"
        )

    def test_what_happened_before_it_may_rest_on_it(self):
        history = given(WITH_ESTUARY, lodged(on="2024-10-05"))
        history.when(made(evidence=["evidence:e"], on="2024-10-01")).then_recorded()

    def test_what_is_named_as_evidence_must_be_lodged(self):
        WITH_ESTUARY.when(made(evidence=["evidence:e"])).then_refused(
            "evidence names <evidence:e>, and no evidence of that id stands in this ledger"
        )

    def test_it_is_not_withdrawn_while_something_rests_on_it(self):
        history = given(WITH_ESTUARY, lodged(), made(evidence=["evidence:e"]))
        history.when(withdrawn("e", CLEM, "2024-10-02")).then_refused(
            "later events rely on it: VisitMade <v>; withdraw those first"
        )
