"""Advice on a visit: given, answered, acted on; and accounts of impact answered."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    ESTUARY,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    SEALED,
    TWO,
    WITH_YEAR,
    By,
    agreed,
    appointed,
    attested,
    given,
    made,
    newcomer,
    offered,
    reported,
    review_held,
    say,
    withdrawn,
)

ADA = By("ada", f"adviser@{TWO}")
AGREED = given(WITH_YEAR, offered(), agreed())
VISITED = given(AGREED, made(under="agreement:g"))
CONFIRMED = given(VISITED, attested())


def advised(label="w", by=ANN, on="2024-10-10", **changes):
    """School one advises school two on inclusion."""
    said = {"visit": "visit:v", "area": "inclusion", "recommendation": SEALED}
    return say("AdviceGiven", label, by, on, **{**said, "act_by": "2024-12-20", **changes})


def answered(label="x", answer="accepted", by=BEN, on="2024-10-15", **changes):
    """School two answers the advice."""
    return say("AdviceAnswered", label, by, on, advice="advice:w", answer=answer, **changes)


def acted(label="y", by=BEN, on="2024-12-01", **changes):
    """School two says what it did."""
    return say("AdviceActedOn", label, by, on, advice="advice:w", done=SEALED, **changes)


ADVISED = given(CONFIRMED, advised())
ACCEPTED = given(ADVISED, answered())


class TestAdviceGiven:
    def test_the_school_owes_an_answer(self):
        assert ADVISED.owed(kind="advice_response") == [
            f"advice_response: {TWO} owes {ONE} 1 item by 2024-10-24"
        ]

    def test_who_gives_it_to_whom_the_visit_tells(self):
        said = CONFIRMED.drafted(advised()).data
        assert (said["giver"], said["school"]) == (ONE, TWO)

    REVIEWED = given(
        AGREED, newcomer(ADA, by=OLIVE, for_body=NORTHWICK_BODY), review_held(on="2024-10-09")
    )
    ON_REVIEW = advised(visit=None, review="review:rev", by=ADA)

    def test_on_a_review_by_the_schools_adviser_for_the_body_that_appointed_them(self):
        assert given(self.REVIEWED, self.ON_REVIEW).owed(kind="advice_response") == [
            f"advice_response: {TWO} owes {NORTHWICK_BODY} 1 item by 2024-10-24"
        ]

    def test_on_a_review_not_by_who_held_it(self):
        [reason] = self.REVIEWED.when(self.ON_REVIEW.but(by=ANN)).reasons
        assert reason.startswith(f"AdviceGiven is not for {ANN.office} to sign")

    def test_on_a_review_to_the_school_whose_support_was_reviewed(self):
        reasons = self.REVIEWED.when(self.ON_REVIEW.but(school=ONE)).reasons
        assert reasons[-1] == (
            f"“school” must be the school of the visit or review: got {ONE}, expected {TWO};"
            " left out, it is filled in"
        )

    def test_on_a_visit_or_a_review_and_not_on_both(self):
        history = given(self.REVIEWED, made(under="agreement:g"), attested())
        history.when(advised(review="review:rev")).then_refused(
            "it is given on one visit or on one review: name exactly one"
        )

    NOT: ClassVar = {
        "on a visit that nobody confirmed": (
            VISITED,
            advised(),
            "<visit:v> is not confirmed yet",
        ),
        "to act before it": (
            CONFIRMED,
            advised(act_by="2024-10-09"),
            "it asks to act by 2024-10-09, before it was given",
        ),
        "by who did not visit": (
            CONFIRMED,
            advised(by=OLIVE, giver=NORTHWICK_BODY),
            (
                "“giver” must be who visited, or for whom the adviser speaks: got"
                f" {NORTHWICK_BODY}, expected {ONE}; left out, it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        history, act, reason = case
        history.when(act).then_refused(reason)


class TestAdviceAnswered:
    @pytest.mark.parametrize("answer", ["accepted", "adapted"])
    def test_the_school_owes_the_action_by_the_day_that_was_asked(self, answer):
        history = given(ADVISED, answered(answer=answer, how=SEALED))
        assert history.owed(kind="advice_response") == []
        assert history.owed(kind="advice_action") == [
            f"advice_action: {TWO} owes {ONE} 1 item by 2024-12-20"
        ]

    def test_declined_it_owes_none(self):
        history = given(ADVISED, answered(answer="declined", how=SEALED))
        assert history.owed(kind="advice_action") == []

    @pytest.mark.parametrize(("answer", "lacking"), [("adapted", "how"), ("declined", "why")])
    def test_it_says_how_or_why(self, answer, lacking):
        ADVISED.when(answered(answer=answer)).then_refused(
            f"the advice is {answer}, and it does not say {lacking}"
        )

    def test_once(self):
        ACCEPTED.when(answered("again")).then_refused(
            "<advice:w> is answered already; withdraw that answer to give another"
        )

    def test_not_by_who_gave_it(self):
        both = By("ann", BEN.office)
        history = given(ADVISED, appointed(both, "2024-10-11", label="ann-at-two"))
        history.when(answered(by=both)).then_refused(
            "the same person signed the advice that it answers; somebody else must sign this half"
        )

    def test_the_advice_is_withdrawn_only_before_it(self):
        given(ADVISED, withdrawn("w", ANN, "2024-10-11"))
        assert ACCEPTED.when(withdrawn("w", ANN, "2024-10-16")).reasons


class TestAdviceActedOn:
    def test_it_ends_what_is_owed(self):
        assert given(ACCEPTED, acted()).owed(kind="advice_action") == []

    @pytest.mark.parametrize(
        "history",
        [
            ADVISED,
            given(ADVISED, answered(answer="declined", how=SEALED)),
            given(ACCEPTED, acted()),
        ],
    )
    def test_not_where_nothing_waits(self, history):
        history.when(acted("again")).then_refused(
            "<advice:w> waits for no action: it is unanswered, declined, or acted on already"
        )


class TestImpactAnswered:
    REPORTED = given(CONFIRMED, reported(agreement="agreement:g"))

    @staticmethod
    def answer(label="z", answer="confirmed", by=BEN, on="2024-11-01", **changes):
        said = {"impact": "impact:i", "answer": answer, **changes}
        return say("ImpactAnswered", label, by, on, **said)

    def test_the_other_side_confirms_or_contests_it(self):
        assert self.REPORTED.drafted(self.answer()).data["answerer"] == TWO
        self.REPORTED.when(self.answer()).then_recorded()
        self.REPORTED.when(self.answer(answer="contested", why=SEALED)).then_recorded()

    def test_of_a_year_the_partnership(self):
        history = given(WITH_YEAR, reported(year="year:year"))
        act = self.answer(by=CAROL)
        assert history.drafted(act).data["answerer"] == ESTUARY
        history.when(act).then_recorded()

    def test_who_contests_says_why(self):
        self.REPORTED.when(self.answer(answer="contested")).then_refused(
            "it contests the account and does not say why"
        )

    def test_once_until_it_is_withdrawn(self):
        history = given(self.REPORTED, self.answer())
        history.when(self.answer("z2")).then_refused(
            "<impact:i> is answered already; withdraw that answer to give another"
        )
        history = given(history, withdrawn("z", BEN, "2024-11-02"))
        history.when(self.answer("z2", on="2024-11-03")).then_recorded()

    def test_not_by_who_reported_it(self):
        both = By("ann", BEN.office)
        history = given(self.REPORTED, appointed(both, "2024-10-11", label="ann-at-two"))
        history.when(self.answer(by=both)).then_refused(
            "the same person signed the impact that it answers; somebody else must sign this half"
        )

    def test_not_for_another_side(self):
        self.REPORTED.when(self.answer(by=OLIVE, answerer=NORTHWICK_BODY)).then_refused(
            f"“answerer” must be as in the impact it names: got {NORTHWICK_BODY}, expected"
            f" {TWO}; left out, it is filled in"
        )


def test_a_claim_alone_is_no_ground_for_advice():
    history = given(NORTHWICK, made())
    history.when(advised()).then_refused("<visit:v> is not confirmed yet")
