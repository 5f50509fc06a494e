"""An authority is split: of its successors, each acts in what went to it, and in nothing else."""

from typing import Any, ClassVar

import pytest
from given import (
    ANN,
    BEN,
    FOUR,
    INSPECTORATE,
    IRIS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    SEALED,
    THREE,
    TWO,
    By,
    agreed,
    assumed,
    body,
    body_succeeded,
    decided,
    given,
    newcomer,
    offered,
    review_held,
    say,
    schools_merged,
    spelled,
)
from moneys import (
    FLO,
    RECEIVED,
    SPENT,
    WITH_FINANCE,
    answered,
    claimed,
    committed,
    for_partnership,
    paid,
    received,
)
from moneys import WITH_FINANCE_AND_ESTUARY as WITH_ESTUARY
from targeting import in_conflict, reconciled, targeted

WES = By("wes", "officer@body:westwick")
EVA = By("eva", "officer@body:eastwick")
WESTWICK, EASTWICK = "body:westwick", "body:eastwick"
BODIES = [body("westwick", "local_authority"), body("eastwick", "local_authority")]
LATER = "f/payment/2025-01-31"
ON = "2025-01-10"
REPORT = "r/condition/1"
TERMS = {
    "days": "6.0",
    "price": "300.00",
    "payer": NORTHWICK_BODY,
    "commissioner": NORTHWICK_BODY,
    "review_dates": ["2025-01-31"],
}
PRICED = given(
    WITH_FINANCE,
    offered(**TERMS),
    decided(trigger=None, offer="offer:o", decision="approve", on="2024-09-03"),
    agreed(approved_by=[NORTHWICK_BODY]),
)


def split(before: Any, *moved: str, after: Any = (), without: str = ""):
    """Schools one and two go to Westwick with all that is owed about them; the rest to Eastwick.

    What is moved by name goes to Eastwick; `without` is a school that there is no more.
    """
    goes = {ONE: WESTWICK, TWO: WESTWICK, THREE: EASTWICK, FOUR: EASTWICK}
    act = body_succeeded(
        on="2024-12-20",
        effective_on="2025-01-01",
        successors=[EASTWICK, WESTWICK],
        schools=[{"school": one, "body": to} for one, to in goes.items() if one != without],
        moved=[{"obligation": spelled(one), "body": EASTWICK} for one in moved],
    )
    return given(before, BODIES, newcomer(WES), newcomer(EVA), act, after)


def said(history, *names):
    data = history.record.entries[-1].data
    return tuple(data.get(name) for name in names)


def in_words(history, kind):
    """Who owes what of a kind to whom at the end of January, when all has gone where it goes."""
    return [line.partition(": ")[2] for line in history.owed("2025-01-31", kind)]


class TestWhoHasAPaymentSendsIt:
    CASES: ClassVar = {
        "named to one": ((LATER,), EVA, EASTWICK),
        "with its school": ((), WES, WESTWICK),
    }

    @pytest.mark.parametrize("case", CASES.values(), ids=CASES)
    def test_and_it_arrives(self, case):
        moved, by, body_now = case
        history = split(RECEIVED, *moved)
        history = given(history, paid("late", by=by, on=ON, pounds="500.00"))
        assert said(history, "sender", "recipient") == (body_now, ONE)
        history = given(history, received("in", "late", on=ON, pounds="500.00"))
        assert said(history, "sender", "recipient") == (body_now, ONE)
        assert history.left(LATER, ON) == "0"
        assert f"{ONE} owes {body_now} 500 GBP by 2025-07-31" in in_words(history, "spend_account")

    def test_the_other_does_not(self):
        history = split(RECEIVED, LATER)
        history.when(paid("late", by=WES, on=ON, pounds="500.00")).then_refused(
            "FundingPaid is not for officer@body:westwick to sign: it takes the office of the"
            " sender (officer@body:eastwick); or the finance lead of the sender"
            " (finance@body:eastwick)"
        )

    def test_the_price_of_support(self):
        """The price goes with the school that provides the support."""
        act = paid("price", under="g", by=WES, on=ON, pounds="300.00")
        act = act.but(under="agreement:g")
        history = given(split(PRICED), act)
        assert said(history, "sender") == (WESTWICK,)

    def test_money_of_a_partnership_once_it_is_taken_over(self):
        history = split(given(WITH_ESTUARY, for_partnership()))
        one = paid("late", by=EVA, on=ON)
        history.when(one).then_refused(
            "FundingPaid is not for officer@body:eastwick to sign: it takes the office of the"
            " sender (officer@body:northwick); or the finance lead of the sender"
            " (finance@body:northwick)"
        )
        taken = assumed(EVA, "f/payment/2024-10-31", on=ON)
        assert said(given(history, taken, one), "sender") == (EASTWICK,)


class TestWhoHasAnAccountAnswersForIt:
    def test_a_claim_goes_to_it(self):
        history = split(SPENT, after=claimed(on=ON, pounds="300.00"))
        assert said(history, "creditor") == (WESTWICK,)
        assert in_words(history, "fulfilment_answer") == [
            f"{WESTWICK} owes {ONE} 1 item by 2025-01-24"
        ]
        history = given(history, answered(claim="claim:c", by=WES, on=ON))
        assert said(history, "creditor") == (WESTWICK,)
        assert history.left("r/spend_account") == "700"

    def test_one_made_before_is_answered_by_it(self):
        history = split(given(SPENT, claimed(pounds="300.00")))
        history = given(history, answered(claim="claim:c", by=WES, on=ON))
        assert in_words(history, "fulfilment_answer") == []

    def test_in_the_name_of_who_ended_it_is_owed_to_it_all_the_same(self):
        act = claimed(on=ON, pounds="300.00", creditor=NORTHWICK_BODY)
        history = split(SPENT, after=act)
        assert in_words(history, "fulfilment_answer") == [
            f"{WESTWICK} owes {ONE} 1 item by 2025-01-24"
        ]

    def test_money_is_sent_back_to_it(self):
        back = paid("back", by=FLO, on=ON, returns="unspent", pounds="100.00")
        history = split(RECEIVED, after=back)
        assert said(history, "sender", "recipient") == (ONE, WESTWICK)
        history = given(history, received("there", "back", by=WES, on=ON, pounds="100.00"))
        assert history.left("r/spend_account") == "900"

    def test_money_that_went_to_another_is_sent_back_to_that(self):
        back = paid("back", by=FLO, on=ON, returns="unspent", pounds="100.00")
        history = split(RECEIVED, "r/spend_account", after=back)
        assert said(history, "recipient") == (EASTWICK,)

    def test_after_the_school_merged(self):
        merged = schools_merged(
            predecessors=[ONE, TWO], school=TWO, on="2024-12-01", effective_on="2024-12-15"
        )
        history = split(given(SPENT, merged), without=ONE)
        act = claimed(by=BEN, on=ON, pounds="300.00")
        assert said(given(history, act), "debtor", "creditor") == (TWO, WESTWICK)

    def test_and_for_a_condition(self):
        before = given(
            WITH_FINANCE,
            committed(conditions=[{"title": "Report to governors", "by": "2025-06-30"}]),
            received(payment=None),
        )
        history = split(before, after=claimed(obligation=REPORT, by=ANN, on=ON))
        assert said(history, "creditor") == (WESTWICK,)
        given(history, answered(claim="claim:c", by=WES, on=ON))


class TestWhoHasATarget:
    SET = given(WITH_ESTUARY, targeted())
    BOTH = given(
        SET, targeted("u", setter=INSPECTORATE, by=IRIS, measure="lessons-seen", value="40")
    )
    RAISED = given(BOTH, in_conflict("x", "t", "u"))

    def test_answers_that_it_is_met(self):
        history = split(self.SET, after=claimed(obligation="t/target", by=BEN, on=ON))
        assert said(history, "creditor") == (WESTWICK,)
        history = given(history, answered(claim="claim:c", by=WES, on=ON))
        assert in_words(history, "target") == []

    def test_answers_where_not_all_can_be_met(self):
        history = split(self.RAISED)
        history = given(history, reconciled("x", by=WES, on=ON, setter=None))
        assert in_words(history, "reconciliation") == [
            f"{INSPECTORATE} owes {TWO} 1 item by 2024-10-15"
        ]

    def test_withdraws_it_then(self):
        history = split(self.RAISED)
        act = reconciled("x", by=WES, on=ON, setter=None, answer="withdrawn")
        assert said(given(history, act), "target") == (spelled("target:t"),)

    def test_in_the_name_of_who_was_asked_or_it_would_be_owed_still(self):
        act = reconciled("x", by=WES, on=ON, setter=WESTWICK, answer="withdrawn")
        split(self.RAISED).when(act).then_refused(
            f"{WESTWICK} was not asked: say in whose place it answers, with --setter:"
            f" {INSPECTORATE}, {NORTHWICK_BODY}"
        )

    def test_replaces_it(self):
        act = targeted("v", replaces="target:t", setter=WESTWICK, by=WES, on=ON)
        history = given(split(self.SET), act)
        assert in_words(history, "target") == [f"{TWO} owes {WESTWICK} 1 item by 2025-07-18"]

    def test_is_asked_where_a_conflict_is_raised_later(self):
        history = split(self.BOTH, after=in_conflict("x", "t", "u", on=ON))
        assert said(history, "setters") == ([INSPECTORATE, WESTWICK],)


def impact(by, on=ON):
    return say(
        *("ImpactReported", "i", by, on),
        reporter=NORTHWICK_BODY,
        agreement="agreement:g",
        area="inclusion",
        claim=SEALED,
    )


def test_who_has_the_account_of_impact_gives_it():
    provided = given(
        NORTHWICK,
        offered(provider=NORTHWICK_BODY, by=OLIVE, route="local_authority"),
        agreed(),
    )
    history = split(provided)
    assert f"{WESTWICK} owes {TWO} 1 item by 2025-05-12" in in_words(history, "impact_account")
    [reason] = history.when(impact(EVA)).reasons
    assert reason.startswith("ImpactReported is not for officer@body:eastwick to sign")
    history = given(history, impact(WES))
    assert in_words(history, "impact_account") == [f"{TWO} owes {WESTWICK} 1 item by 2025-05-12"]


def test_who_has_the_review_holds_it():
    history = split(PRICED)
    held = review_held(by=WES, on=ON, reviewer=None)
    history = given(history, held)
    assert in_words(history, "review") == []
