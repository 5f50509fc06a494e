"""Fulfilment: what only whoever is owed can close is claimed done, and answered."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    ESTUARY,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    SEALED,
    By,
    given,
    identified,
    made,
    newcomer,
    waived,
    withdrawn,
)
from moneys import (
    COMMITTED,
    FLO,
    FRED,
    RECEIVED,
    SPENT,
    WITH_FINANCE,
    answered,
    claimed,
    committed,
    paid,
    received,
    spent,
)

ACCOUNT = "r/spend_account"
CLAIMED = given(SPENT, claimed(pounds="300.00"))
_CONDITIONS = [{"title": "Report to governors", "by": "2025-06-30"}]
WITH_CONDITION = given(
    WITH_FINANCE, committed(conditions=_CONDITIONS), received(payment=None), spent()
)
REPORT = "r/condition/1"


class TestFulfilmentClaimed:
    @pytest.mark.parametrize("by", [FLO, ANN])
    def test_whoever_is_owed_it_owes_an_answer(self, by):
        history = SPENT.when(claimed(pounds="300.00", by=by)).then_recorded()
        assert history.owed(kind="fulfilment_answer") == [
            f"fulfilment_answer: {NORTHWICK_BODY} owes {ONE} 1 item by 2024-12-15"
        ]
        assert history.left(ACCOUNT) == "1000"

    def test_a_single_item_is_claimed_by_the_office_alone(self):
        WITH_CONDITION.when(claimed(obligation=REPORT, by=ANN)).then_recorded()
        WITH_CONDITION.when(claimed(obligation=REPORT)).then_refused(
            f"FulfilmentClaimed is not for finance@{ONE} to sign: it takes the office of the debtor"
            f" (head@{ONE}); or the finance lead of the debtor, where it is money"
        )

    NOT: ClassVar = {
        "more than is shown": (
            {"pounds": "300.01"},
            "it claims 300.01 pounds; SpendRecorded shows 300.00 that are not accounted for yet",
        ),
        "more than is owed": (
            {"pounds": "1000.01"},
            "it claims 1000.01 pounds; 1000.00 are left of it",
            "it claims 1000.01 pounds; SpendRecorded shows 300.00 that are not accounted for yet",
        ),
        "nothing": (
            {"pounds": "0.00"},
            "it is of pounds, of which 1000.00 are left: say how many of them, with --pounds",
        ),
        "no amount": (
            {},
            "it is of pounds, of which 1000.00 are left: say how many of them, with --pounds",
        ),
        "of another's": (
            {"pounds": "300.00", "creditor": ESTUARY},
            (
                f"it names {ESTUARY} as creditor, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
            (
                f"“creditor” must be whom it is owed to: got {ESTUARY}, expected"
                f" {NORTHWICK_BODY}; left out, it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, *reasons = case
        SPENT.when(claimed(**changes)).then_refused(*reasons)

    def test_no_pounds_of_a_single_item(self):
        WITH_CONDITION.when(claimed(obligation=REPORT, by=ANN, pounds="1.00")).then_refused(
            "it is a single item, not of pounds: leave out how many"
        )

    def test_not_twice_before_it_is_answered(self):
        history = given(CLAIMED, spent("s2", "f=100.00"))
        history.when(claimed("c2", pounds="100.00")).then_refused(
            "<claim:c> of the same waits for an answer already"
        )

    def test_not_what_is_answered(self):
        history = given(WITH_CONDITION, answered(obligation=REPORT))
        history.when(claimed(obligation=REPORT, by=ANN)).then_refused(
            "nothing is left of <r/condition/1>: it was met, waived or voided"
        )

    def test_not_what_others_answer_in_their_own_way(self):
        history = given(WITH_FINANCE, identified())
        act = claimed(obligation="n/need_response", debtor=ONE, creditor=NORTHWICK_BODY, by=ANN)
        [*_, reason] = history.when(act).reasons
        assert reason == (
            "answer to a need is answered in its own way; `school-ledger inbox` tells by what"
        )

    def test_not_what_nobody_opened(self):
        act = claimed(obligation="r/spend_account/2", debtor=ONE, creditor=NORTHWICK_BODY)
        [reason] = SPENT.when(act.but(pounds="1.00")).reasons
        assert reason.startswith("no obligation ")
        assert reason.endswith("/spend_account/2 stands in this ledger")

    def test_never_by_whom_it_is_owed_to(self):
        for by in (OLIVE, FRED, BEN):
            [reason] = SPENT.when(claimed(pounds="300.00", by=by)).reasons
            assert reason.startswith(f"FulfilmentClaimed is not for {by.office} to sign")


class TestFulfilmentAnswered:
    def test_what_is_met_is_discharged_as_claimed(self):
        history = CLAIMED.when(answered(claim="claim:c")).then_recorded()
        assert history.record.entries[-1].data["pounds"] == "300.00"
        assert history.left(ACCOUNT) == "700"
        assert history.owed(kind="fulfilment_answer") == []

    def test_without_a_claim_all_that_is_left(self):
        history = given(RECEIVED, spent("s", "f=1000.00"))
        assert history.when(answered(obligation=ACCOUNT)).then_recorded().left(ACCOUNT) == "0"

    def test_the_claim_that_waits_is_meant(self):
        outcome = CLAIMED.when(answered(obligation=ACCOUNT))
        assert outcome.then_recorded().owed(kind="fulfilment_answer") == []

    def test_in_part_the_rest_stays_owed(self):
        part = answered("m", "met_in_part", claim="claim:c", pounds="250.00", why=SEALED)
        history = CLAIMED.when(part).then_recorded()
        assert history.left(ACCOUNT) == "750"
        again = given(history, claimed("c2", pounds="50.00"))
        again.when(answered("m2", claim="claim:c2")).then_recorded()

    def test_not_met_it_stays_owed(self):
        history = CLAIMED.when(answered("m", "not_met", claim="claim:c")).then_recorded()
        assert history.left(ACCOUNT) == "1000"
        assert history.owed(kind="fulfilment_answer") == []
        CLAIMED.when(answered("m", "not_met", obligation=ACCOUNT)).then_recorded()

    def test_a_claim_of_what_was_waived_since_is_answered_as_not_met(self):
        released = given(CLAIMED, waived(OLIVE, ACCOUNT))
        met = released.when(answered(claim="claim:c"))
        met.then_refused(
            "nothing is left of <r/spend_account>: it was met, waived or voided; a claim of it that"
            " still waits is answered as not met, saying why"
        )
        history = released.when(answered("m", "not_met", claim="claim:c")).then_recorded()
        assert history.owed(kind="fulfilment_answer") == []
        assert history.left(ACCOUNT) == "0"

    def test_of_a_single_item_nothing_in_part(self):
        history = WITH_CONDITION.when(answered("m", "met_in_part", obligation=REPORT))
        assert history.then_recorded().left(REPORT) == "1"
        met = WITH_CONDITION.when(answered(obligation=REPORT)).then_recorded()
        assert met.left(REPORT) == "0"
        assert met.left(ACCOUNT) == "1000"

    NOT: ClassVar = {
        "an answer of nothing": (
            {"answer": "met_in_part"},
            "it is of pounds, of which 1000.00 are left: say how many of them, with --pounds",
        ),
        "in part as much as all": (
            {"answer": "met_in_part", "pounds": "300.00"},
            (
                "it is met in part with less than 300.00 pounds, and it says 300.00: say that it"
                " is met"
            ),
        ),
        "met with another amount": (
            {"answer": "met", "pounds": "299.00"},
            "it is met with all 300.00 pounds, and it says 299.00: say that it is met in part",
        ),
        "not met, with an amount": (
            {"answer": "not_met", "pounds": "1.00"},
            "of what is not met there is no amount: leave out how many pounds",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        CLAIMED.when(answered(claim="claim:c", **changes)).then_refused(reason)

    def test_a_claim_is_answered_once(self):
        history = given(CLAIMED, answered(claim="claim:c"))
        history.when(answered("m2", "not_met", claim="claim:c")).then_refused(
            "<claim:c> is answered already; withdraw that answer to give another"
        )

    def test_a_claim_that_waits_is_named(self):
        part = answered("m", "met_in_part", obligation=ACCOUNT, pounds="299.00")
        CLAIMED.when_altered(part, claim=None).then_refused(
            (
                "it lists the obligation <c/fulfilment_answer>, which it does not change: it is"
                " answered already, or not of this event; leave out its obligations, and they are"
                " filled in"
            ),
            "<claim:c> of it waits for an answer: name it with --claim",
        )

    def test_no_more_than_was_spent_is_certified(self):
        """A certificate of spending that nobody recorded."""
        RECEIVED.when(answered(obligation=ACCOUNT)).then_refused(
            "it answers for 1000.00 pounds; SpendRecorded shows 0.00 that are not accounted for yet"
        )
        part = {"obligation": ACCOUNT, "pounds": "300.01"}
        SPENT.when(answered("m", "met_in_part", **part)).then_refused(
            "it answers for 300.01 pounds; SpendRecorded shows 300.00 that are not accounted for"
            " yet"
        )

    def test_no_spending_is_accounted_for_twice(self):
        more = received("r2", None, pounds="500.00", on="2024-11-01")
        history = given(SPENT, more, claimed(pounds="300.00"), answered(claim="claim:c"))
        history.when(claimed("c2", "r2/spend_account", pounds="300.00")).then_refused(
            "it claims 300.00 pounds; SpendRecorded shows 0.00 that are not accounted for yet"
        )

    @pytest.mark.parametrize("by", [ANN, FLO, FRED])
    def test_never_by_whoever_owes_it(self, by):
        """A certificate forged by who keeps the money; and finance certifies nothing either."""
        [reason, *_] = CLAIMED.when(answered(claim="claim:c", by=by)).reasons
        assert reason.startswith(f"FulfilmentAnswered is not for {by.office} to sign")

    def test_never_by_the_person_who_claimed_it(self):
        both = By("flo", f"officer@{NORTHWICK_BODY}")
        history = given(CLAIMED, newcomer(both, label="flo-at-northwick")[-1])
        history.when(answered(claim="claim:c", by=both)).then_refused(
            "the same person signed the claim that it answers; somebody else must sign this half"
        )

    def test_a_claim_answers_for_no_other_obligation(self):
        history = given(
            WITH_CONDITION, received("r2", None, pounds="500.00"), claimed(pounds="300.00")
        )
        [reason, *_] = history.when_altered(
            answered(claim="claim:c"), obligation="r2/spend_account"
        ).reasons
        assert reason.startswith("“obligation” must be what is claimed done: got ")

    def test_an_answer_that_is_withdrawn_leaves_the_claim_waiting(self):
        history = given(CLAIMED, answered(claim="claim:c"), withdrawn("m", OLIVE, "2024-12-10"))
        assert history.left(ACCOUNT) == "1000"
        assert len(history.owed(kind="fulfilment_answer")) == 1
        history.when(answered("m2", claim="claim:c", on="2024-12-11")).then_recorded()


class TestAPaymentThatDidNotArrive:
    SENT = given(COMMITTED, paid())

    def test_whoever_was_to_have_it_says_so(self):
        missing = answered("m", "not_met", claim="payment:p", by=ANN)
        history = self.SENT.when(missing).then_recorded()
        assert history.owed(kind="fulfilment_answer") == []
        assert history.left("f/payment/2024-10-31") == "1000"
        history.when(paid("again", on="2024-12-06")).then_recorded()
        history.when(received(on="2024-12-06")).then_refused(
            "<payment:p> is answered already; withdraw that answer to give another"
        )

    def test_what_arrived_is_said_otherwise(self):
        met = answered("m", claim="payment:p", by=ANN)
        self.SENT.when(met).then_refused(
            "what arrived of a payment is said by FundingReceived, with --payment and --pounds; an"
            " answer says only that nothing did: --answer not_met, and no pounds"
        )

    def test_not_by_who_sent_it(self):
        [reason, *_] = self.SENT.when(answered("m", "not_met", claim="payment:p")).reasons
        assert reason.startswith(f"FulfilmentAnswered is not for {OLIVE.office} to sign")


class TestMoneySentBackThatDidNotArrive:
    SENT = given(SPENT, paid("back", pounds="700.00", returns="unspent", by=FLO, on="2025-03-01"))

    def test_whoever_was_to_have_it_back_says_so_of_the_account_that_stays_owed(self):
        missing = answered("m", "not_met", claim="payment:back", on="2025-03-10")
        outcome = self.SENT.when(missing)
        history = outcome.then_recorded()
        assert outcome.entry.data["obligation"].endswith("/spend_account")
        assert history.owed(kind="fulfilment_answer") == []
        assert history.left(ACCOUNT) == "1000"

    def test_what_arrived_of_it_is_said_otherwise(self):
        part = answered("m", "met_in_part", claim="payment:back", pounds="500.00")
        self.SENT.when(part.but(on="2025-03-10")).then_refused(
            "what arrived of a payment is said by FundingReceived, with --payment and --pounds; an"
            " answer says only that nothing did: --answer not_met, and no pounds"
        )


def test_other_kinds_go_on_being_answered_in_their_own_way():
    history = given(WITH_FINANCE, made())
    assert history.owed(kind="fulfilment_answer") == []
