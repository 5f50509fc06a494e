"""Money: committed, paid, received and spent, and never more than there is."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    ESTUARY,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    THREE,
    TWO,
    By,
    agreed,
    decided,
    given,
    identified,
    newcomer,
    offered,
    say,
    variation_accepted,
    varied,
    withdrawn,
)
from moneys import (
    COMMITTED,
    FLO,
    FRED,
    RECEIVED,
    SPENT,
    WITH_FINANCE,
    WITH_FINANCE_AND_ESTUARY,
    answered,
    claimed,
    committed,
    for_partnership,
    paid,
    received,
    spent,
)

TWICE = [{"pay_by": "2024-10-31", "pounds": "1.00"}, {"pay_by": "2024-10-31", "pounds": "2.00"}]


class TestFundingCommitted:
    def test_each_instalment_is_owed_by_its_day(self):
        history = WITH_FINANCE.when(committed()).then_recorded()
        assert history.owed() == [
            f"payment: {NORTHWICK_BODY} owes {ONE} 1000 GBP by 2024-10-31",
            f"payment: {NORTHWICK_BODY} owes {ONE} 500 GBP by 2025-01-31",
        ]

    def test_an_instalment_that_waits_for_something_falls_due_on_no_day(self):
        waits = [{"title": "Plan agreed", "before": "2025-01-31"}]
        history = WITH_FINANCE.when(committed(prerequisites=waits)).then_recorded()
        assert history.owed()[1] == f"payment: {NORTHWICK_BODY} owes {ONE} 500 GBP by no day"

    def test_a_partnership_is_owed_what_a_school_keeps_for_it(self):
        history = WITH_FINANCE_AND_ESTUARY.when(for_partnership()).then_recorded()
        assert history.owed()[0] == (
            f"payment: {NORTHWICK_BODY} owes {ESTUARY} 1000 GBP by 2024-10-31"
        )

    def test_it_may_be_for_an_agreement_or_for_a_need(self):
        history = given(WITH_FINANCE, identified(), offered(), agreed())
        history.when(committed(agreement="agreement:g")).then_recorded()
        history.when(committed(need="need:n", related_party=True)).then_recorded()
        history.when(committed(need="need:n", agreement="agreement:g")).then_refused(
            "it is for one agreement or one need: name only one"
        )

    NOT: ClassVar = {
        "to itself": (
            {"payee": NORTHWICK_BODY},
            "a party cannot fund itself, nor keep what it pays",
        ),
        "kept by who pays": (
            {"kept_by": NORTHWICK_BODY},
            "a party cannot fund itself, nor keep what it pays",
        ),
        "kept by a partnership": (
            {"payee": ESTUARY},
            "a partnership keeps no money: say which school or body does",
        ),
        "an instalment of nothing": (
            {"instalments": [{"pay_by": "2024-10-31", "pounds": "0.00"}]},
            "an instalment is of no pounds: say of how many",
        ),
        "two by one day": (
            {"instalments": TWICE},
            "two instalments are to be paid by 2024-10-31: make them one",
        ),
        "a prerequisite of no instalment": (
            {"prerequisites": [{"title": "Plan", "before": "2024-12-31"}]},
            (
                "something is to be met before the instalment of 2024-12-31, and none is to be"
                " paid by that day: name the day of one"
            ),
        ),
        "another sum": (
            {"pounds": "1499.99"},
            (
                "“pounds” must be the sum of what is to be paid: got 1499.99, expected 1500.00;"
                " left out, it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        WITH_FINANCE_AND_ESTUARY.when(committed(**changes)).then_refused(reason)

    def test_not_to_a_closed_school(self):
        said = {"school": ONE, "effective_on": "2024-09-05", "reason": "closed"}
        history = given(WITH_FINANCE, say("SchoolClosed", "closed", RITA, "2024-09-05", **said))
        history.when(committed()).then_refused(
            f"{ONE} closed on 2024-09-05: it can be no payee any more"
        )

    @pytest.mark.parametrize("by", [FRED, ANN, RITA])
    def test_only_by_the_commissioners_office(self, by):
        WITH_FINANCE.when(committed(by=by)).then_refused(
            f"FundingCommitted is not for {by.office} to sign: it takes the office of the"
            f" commissioner (officer@{NORTHWICK_BODY})"
        )


class TestFundingPaid:
    @pytest.mark.parametrize("by", [OLIVE, FRED])
    def test_whoever_is_to_have_it_owes_an_answer(self, by):
        history = COMMITTED.when(paid(by=by)).then_recorded()
        assert history.owed(kind="fulfilment_answer") == [
            f"fulfilment_answer: {ONE} owes {NORTHWICK_BODY} 1 item by 2024-11-03"
        ]
        assert len(history.owed(kind="payment")) == 2

    def test_to_whoever_keeps_it(self):
        history = given(WITH_FINANCE_AND_ESTUARY, for_partnership(), paid())
        assert history.record.entries[-1].data["recipient"] == ONE

    def test_no_more_than_is_left_to_send(self):
        COMMITTED.when(paid(pounds="1500.01")).then_refused(
            "it sends 1500.01 pounds; 1500.00 are left to send"
        )
        given(COMMITTED, paid()).when(paid("again")).then_refused(
            "it sends 1000.00 pounds; 500.00 are left to send"
        )
        given(RECEIVED, paid("rest", pounds="500.00")).when(paid("p3", pounds="0.01")).then_refused(
            "it sends 0.01 pounds; 0.00 are left to send"
        )

    def test_not_nothing(self):
        COMMITTED.when(paid(pounds="0.00")).then_refused("it sends nothing")

    def test_not_for_an_agreement_of_which_nothing_is_to_be_paid(self):
        history = given(WITH_FINANCE, offered(), agreed())
        act = paid(under="f", sender=TWO, recipient=ONE, by=BEN).but(under="agreement:g")
        history.when(act).then_refused("it sends 1000.00 pounds; 0.00 are left to send")

    def test_between_the_sides_of_the_funding(self):
        COMMITTED.when(paid(recipient=TWO)).then_refused(
            f"“recipient” must be who is to have it: got {TWO}, expected {ONE}; left out, it"
            " is filled in"
        )

    def test_whoever_is_paid_does_not_say_that_it_was_sent(self):
        [reason] = COMMITTED.when(paid(by=ANN)).reasons
        assert reason.startswith(f"FundingPaid is not for head@{ONE} to sign")


class TestFundingReceived:
    @pytest.mark.parametrize("by", [ANN, FLO])
    def test_it_is_paid_from_the_day_of_the_payment_and_is_to_be_accounted_for(self, by):
        history = given(COMMITTED, paid()).when(received(by=by)).then_recorded()
        assert history.owed() == [
            f"payment: {NORTHWICK_BODY} owes {ONE} 500 GBP by 2025-01-31",
            f"spend_account: {ONE} owes {NORTHWICK_BODY} 1000 GBP by 2025-07-31",
        ]
        assert history.left("f/payment/2024-10-31", on="2024-10-19") == "1000"
        assert history.left("f/payment/2024-10-31", on="2024-10-20") == "0"

    def test_the_oldest_instalment_is_paid_first(self):
        history = given(COMMITTED, received(payment=None, pounds="1200.00"))
        assert history.left("f/payment/2024-10-31") == "0"
        assert history.left("f/payment/2025-01-31") == "300"

    def test_less_may_arrive_than_was_sent_and_the_rest_stays_owed(self):
        history = given(COMMITTED, paid(), received(pounds="900.00"))
        assert history.left("f/payment/2024-10-31") == "100"
        assert history.owed(kind="fulfilment_answer") == []
        history.when(paid("rest", pounds="600.00")).then_recorded()

    def test_with_the_first_come_the_conditions(self):
        conditions = [
            {"title": "Report to governors", "by": "2025-06-30"},
            {"title": "Visit by the authority", "by": "2025-03-31"},
        ]
        history = given(
            WITH_FINANCE_AND_ESTUARY,
            for_partnership(conditions=conditions),
            received(payment=None),
        )
        assert history.owed(kind="condition") == [
            f"condition: {ESTUARY} owes {NORTHWICK_BODY} 1 item by 2025-03-31",
            f"condition: {ESTUARY} owes {NORTHWICK_BODY} 1 item by 2025-06-30",
        ]
        again = given(history, received("r2", payment=None, pounds="500.00"))
        assert len(again.owed(kind="condition")) == 2

    NOT: ClassVar = {
        "more than was sent": (
            {"pounds": "1000.01"},
            "it says that 1000.01 pounds arrived; 1000.00 were sent",
        ),
        "nothing": (
            {"pounds": "0.00"},
            "it says that nothing arrived; FulfilmentAnswered says so of a payment",
        ),
        "before it was paid": (
            {"paid_on": "2024-10-23"},
            (
                "“paid on” must be the day of the payment: got 2024-10-23, expected 2024-10-20;"
                " left out, it is filled in"
            ),
            "it was paid on 2024-10-23, after the day on which it arrived",
        ),
        "from another": (
            {"sender": TWO},
            (
                f"“sender” must be who owes it: got {TWO}, expected {NORTHWICK_BODY}; left out,"
                " it is filled in"
            ),
        ),
        "for another": (
            {"payee": TWO},
            (
                f"“payee” must be whom it was committed to: got {TWO}, expected {ONE}; left out,"
                " it is filled in"
            ),
        ),
        "back, when it came": (
            {"returns": "unspent", "by": OLIVE},
            (
                "“returns” must be as the payment says: got unspent, expected nothing; left out,"
                " it is filled in"
            ),
            "the same person signed the payment that it answers; somebody else must sign this half",
            (
                "it says that 1000.00 pounds were sent back; 0.00 that were received are neither"
                " spent nor sent back"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, *reasons = case
        given(COMMITTED, paid(by=OLIVE)).when(received(**changes)).then_refused(*reasons)

    def test_no_more_than_is_left_to_pay(self):
        COMMITTED.when(received(payment=None, pounds="1500.01")).then_refused(
            "it says that 1500.01 pounds arrived; 1500.00 are left to pay"
        )
        RECEIVED.when(received("r2", payment=None)).then_refused(
            "it says that 1000.00 pounds arrived; 500.00 are left to pay"
        )

    def test_a_payment_is_answered_once(self):
        given(RECEIVED).when(received("r2", pounds="500.00")).then_refused(
            "<payment:p> is answered already; withdraw that answer to give another"
        )

    def test_whoever_paid_does_not_confirm_it(self):
        [reason] = given(COMMITTED, paid()).when(received(by=OLIVE)).reasons[1:]
        assert reason == (
            "the same person signed the payment that it answers; somebody else must sign this half"
        )
        both = By("fred", f"finance@{ONE}")
        history = given(COMMITTED, newcomer(both, label="fred-at-one")[-1], paid(by=FRED))
        history.when(received(by=both)).then_refused(
            "the same person signed the payment that it answers; somebody else must sign this half"
        )

    def test_an_agreement_without_a_price_pays_nothing(self):
        history = given(WITH_FINANCE, offered(), agreed())
        said = {"under": "agreement:g", "sender": TWO, "recipient": ONE, "payee": ONE}
        history.when(received(payment=None, **said)).then_refused(
            "it says that 1000.00 pounds arrived; 0.00 are left to pay"
        )


def priced(**changes):
    """School one offers its support for 2,100 pounds, which school two pays unless told."""
    return offered(**{"price": "2100.00", "payer": TWO, **changes})


class TestThePriceOfAnAgreement:
    AGREED = given(WITH_FINANCE, priced(), agreed())
    PAYMENT = f"payment: {TWO} owes {ONE} 2100 GBP by 2025-03-31"

    def test_a_receiver_who_agrees_to_pay_it_owes_it_by_the_end(self):
        assert self.AGREED.owed(kind="payment") == [self.PAYMENT]

    def test_another_owes_it_once_its_own_decision_approved_the_offer(self):
        offer = priced(payer=NORTHWICK_BODY)
        assert given(WITH_FINANCE, offer, agreed()).owed(kind="payment") == []
        approves = decided(on="2024-09-03", offer="offer:o", decision="approve")
        assert given(WITH_FINANCE, offer, approves, agreed()).owed(kind="payment") == [
            f"payment: {NORTHWICK_BODY} owes {ONE} 2100 GBP by 2025-03-31"
        ]

    def test_it_is_paid_and_nobody_accounts_for_it(self):
        sent = paid("p", by=BEN, pounds="2000.00").but(under="agreement:g")
        history = given(self.AGREED, sent)
        history.when(sent.but(label="again")).then_refused(
            "it sends 2000.00 pounds; 100.00 are left to send"
        )
        history = given(history, received(pounds="2000.00"))
        assert history.owed(kind="payment") == [f"payment: {TWO} owes {ONE} 100 GBP by 2025-03-31"]
        assert history.owed(kind="spend_account") == []
        history.when(received("r2", pounds="100.00")).then_refused(
            "<payment:p> is answered already; withdraw that answer to give another"
        )

    def test_nothing_of_it_goes_back(self):
        history = given(self.AGREED, received(payment=None).but(under="agreement:g"))
        back = paid("back", pounds="1.00", returns="sent_in_error", by=ANN)
        history.when(back.but(under="agreement:g")).then_refused(
            "it sends back 1.00 pounds; 0.00 that were received are neither spent nor sent back"
        )

    def test_an_agreement_that_is_replaced_costs_nothing_more(self):
        again = priced(label="o2", price="500.00")
        history = given(self.AGREED, again, agreed("g2", "o2", replaces="agreement:g"))
        assert history.owed(kind="payment") == [f"payment: {TWO} owes {ONE} 500 GBP by 2025-03-31"]

    def test_it_falls_due_with_the_end_as_that_is_varied(self):
        history = given(self.AGREED, varied(ends="2025-06-30"), variation_accepted())
        assert history.owed(kind="payment") == [f"payment: {TWO} owes {ONE} 2100 GBP by 2025-06-30"]


class TestAPriceThatVaries:
    MORE = given(TestThePriceOfAnAgreement.AGREED, varied(price="2800.00"), variation_accepted())

    @staticmethod
    def paying(pounds):
        """School two has paid so much by the end of October."""
        return received(payment=None, pounds=pounds).but(under="agreement:g")

    def test_more_is_owed_once_it_is_accepted(self):
        assert self.MORE.left("g/payment", "2024-11-01") == "2100"
        assert self.MORE.left("g/payment") == "2800"
        self.MORE.when(self.paying("2800.01")).then_refused(
            "it says that 2800.01 pounds arrived; 2800.00 are left to pay"
        )

    def test_less_is_owed_than_was(self):
        less = [varied(price="1500.00", days="4.0"), variation_accepted()]
        history = given(TestThePriceOfAnAgreement.AGREED, less)
        assert history.left("g/payment") == "1500"
        history.when(self.paying("1500.01")).then_refused(
            "it says that 1500.01 pounds arrived; 1500.00 are left to pay"
        )

    def test_what_was_paid_of_it_counts(self):
        paid_some = given(TestThePriceOfAnAgreement.AGREED, self.paying("2000.00"))
        more = given(paid_some, varied(price="2800.00"), variation_accepted())
        assert more.left("g/payment") == "800"
        less = given(paid_some, varied(price="1500.00"), variation_accepted())
        assert (less.left("g/payment"), less.beyond("g/payment")) == ("0", "500")

    def test_a_payer_who_decided_owes_more_once_it_has_accepted_too(self):
        offer = priced(payer=NORTHWICK_BODY)
        approves = decided(on="2024-09-03", offer="offer:o", decision="approve")
        asked = given(WITH_FINANCE, offer, approves, agreed(), varied(price="2800.00"))
        half = given(asked, variation_accepted())
        assert half.left("g/payment") == "2100"
        assert given(half, variation_accepted("vb", by=OLIVE)).left("g/payment") == "2800"

    def test_the_same_price_and_other_days_cost_the_same(self):
        history = given(TestThePriceOfAnAgreement.AGREED, varied(days="5.0"), variation_accepted())
        assert history.left("g/payment") == "2100"

    def test_withdrawn_it_is_as_before(self):
        history = given(self.MORE, withdrawn("va", BEN, "2024-11-05"))
        assert history.left("g/payment") == "2100"
        back = [varied("other", price="3000.00"), variation_accepted("vb", "other")]
        given(self.MORE, back).when(withdrawn("va", BEN, "2024-11-05")).then_refused(
            "later events rely on it: SupportVariationAccepted <vb>; withdraw those first"
        )

    def test_what_stood_before_is_not_said_otherwise(self):
        asked = given(TestThePriceOfAnAgreement.AGREED, varied(price="2800.00"))
        asked.when_altered(variation_accepted(), price_before="2000.00").then_refused(
            "“price before” must be the price in all before: got 2000.00, expected 2100.00;"
            " left out, it is filled in"
        )


class TestSentBack:
    SENT = given(SPENT, paid("back", pounds="700.00", returns="unspent", by=FLO, on="2025-03-01"))

    def test_what_is_not_spent_may_be_sent_back(self):
        assert self.SENT.owed(kind="fulfilment_answer") == [
            f"fulfilment_answer: {NORTHWICK_BODY} owes {ONE} 1 item by 2025-03-15"
        ]
        back = received("home", "back", pounds="700.00", by=FRED, on="2025-03-03")
        history = self.SENT.when(back).then_recorded()
        assert history.left("r/spend_account", on="2025-02-28") == "1000"
        assert history.left("r/spend_account", on="2025-03-01") == "300"
        assert history.left("f/payment/2024-10-31") == "0"
        assert history.owed(kind="spend_account") == [
            f"spend_account: {ONE} owes {NORTHWICK_BODY} 300 GBP by 2025-07-31"
        ]

    def test_no_more_than_was_received_and_not_spent(self):
        back = {"returns": "unspent", "by": FLO, "on": "2025-03-01"}
        SPENT.when(paid("back", pounds="700.01", **back)).then_refused(
            "it sends back 700.01 pounds; 700.00 that were received are neither spent nor sent back"
        )
        self.SENT.when(paid("back2", pounds="0.01", **back)).then_refused(
            "it sends back 0.01 pounds; 0.00 that were received are neither spent nor sent back"
        )

    def test_whoever_is_owed_it_confirms_no_more_either(self):
        home = {"returns": "unspent", "by": FRED, "on": "2025-03-03"}
        SPENT.when(received("home", None, pounds="700.01", **home)).then_refused(
            "it says that 700.01 pounds were sent back; 700.00 that were received are neither"
            " spent nor sent back"
        )
        SPENT.when(received("home", None, pounds="700.00", **home)).then_recorded()

    def test_what_is_on_its_way_back_is_not_spent(self):
        self.SENT.when(spent("s2", "f=0.01", on="2025-03-02")).then_refused(
            "it spends 0.01 pounds of <funding:f>; 0.00 of it are left"
        )

    def test_not_before_anything_came(self):
        COMMITTED.when(paid(returns="sent_in_error", by=FLO)).then_refused(
            "it sends back 1000.00 pounds; 0.00 that were received are neither spent nor sent back"
        )


class TestSpendRecorded:
    @pytest.mark.parametrize("by", [FLO, ANN])
    def test_whoever_keeps_it_says_what_it_was_spent_on(self, by):
        history = RECEIVED.when(spent(by=by)).then_recorded()
        assert history.record.entries[-1].data["pounds"] == "300.00"
        assert history.owed() == RECEIVED.owed()

    def test_of_several_fundings_at_once(self):
        other = committed("f2", title="Another")
        history = given(RECEIVED, other, received("r2", None).but(under="funding:f2"))
        outcome = history.when(spent("s", "f=100.00", "f2=50.50"))
        assert outcome.then_recorded().record.entries[-1].data["pounds"] == "150.50"

    def test_who_keeps_it_need_not_be_said(self):
        assert RECEIVED.drafted(spent(keeper=None)).data["keeper"] == ONE

    def test_of_money_that_two_keep_it_is_said_who_spent_it(self):
        other = committed("f2", title="Another", payee=TWO)
        arrived = received("r2", None, by=BEN).but(under="funding:f2")
        history = given(RECEIVED, other, arrived)
        assert "keeper" not in history.drafted(spent("s", "f=1.00", "f2=1.00", keeper=None)).data

    NOT: ClassVar = {
        "more than was received": (
            {},
            ("f=1000.01",),
            "it spends 1000.01 pounds of <funding:f>; 1000.00 of it are left",
        ),
        "nothing": ({}, ("f=0.00",), "it spends nothing of <funding:f>"),
        "one funding twice": (
            {},
            ("f=1.00", "f=2.00"),
            "it speaks of <funding:f> twice: make that one sum",
        ),
        "another sum": (
            {"pounds": "299.00"},
            ("f=300.00",),
            (
                "“pounds” must be the sum of what is spent: got 299.00, expected 300.00; left"
                " out, it is filled in"
            ),
        ),
        "to nobody": (
            {"supplier": None},
            ("f=300.00",),
            "it was paid to one party of the registers or one supplier: name exactly one",
        ),
        "to two": (
            {"paid_to": TWO},
            ("f=300.00",),
            "it was paid to one party of the registers or one supplier: name exactly one",
        ),
        "tomorrow": (
            {"spent_on": "2024-11-16"},
            ("f=300.00",),
            "it was spent on 2024-11-16, after the day that it is said",
        ),
        "what another keeps": (
            {"keeper": TWO, "by": BEN},
            ("f=300.00",),
            f"<funding:f> is kept by {ONE}, not by {TWO}",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, of, reason = case
        RECEIVED.when(spent("s", *of, **changes)).then_refused(reason)

    def test_not_for_an_agreement_and_a_need(self):
        history = given(RECEIVED, identified(on="2024-11-01"), offered(), agreed())
        both = spent(need="need:n", agreement="agreement:g")
        history.when(both).then_refused("it is for one agreement or one need: name only one")
        history.when(both.but(need=None)).then_recorded()

    def test_nothing_is_spent_twice(self):
        given(RECEIVED, spent("s", "f=800.00")).when(spent("s2", "f=200.01")).then_refused(
            "it spends 200.01 pounds of <funding:f>; 200.00 of it are left"
        )

    def test_nothing_is_spent_before_it_came(self):
        given(COMMITTED, paid()).when(spent("s", "f=0.01")).then_refused(
            "it spends 0.01 pounds of <funding:f>; 0.00 of it are left"
        )


class TestWithdrawn:
    def test_no_receipt_is_withdrawn_on_which_spending_rests(self):
        SPENT.when(withdrawn("r", ANN, "2024-11-20")).then_refused(
            "later events rely on it: SpendRecorded <s>; withdraw those first"
        )
        RECEIVED.when(withdrawn("r", ANN, "2024-11-20")).then_recorded()

    def test_a_receipt_is_withdrawn_if_others_cover_what_was_spent(self):
        more = received("r2", None, pounds="500.00", on="2024-11-01")
        history = given(RECEIVED, more, spent("s", "f=500.00"))
        history.when(withdrawn("r2", ANN, "2024-11-20")).then_recorded()
        given(history, spent("s2", "f=500.01")).when(
            withdrawn("r2", ANN, "2024-11-20")
        ).then_refused("later events rely on it: SpendRecorded <s2>; withdraw those first")

    def test_nor_the_first_with_which_the_conditions_came(self):
        conditions = [{"title": "Report", "by": "2025-06-30"}]
        history = given(
            WITH_FINANCE,
            committed(conditions=conditions),
            received(payment=None),
            received("r2", None, pounds="500.00"),
        )
        history.when(withdrawn("r", ANN, "2024-11-20")).then_refused(
            "later events rely on it: FundingReceived <r2>; withdraw those first"
        )

    def test_no_spending_is_withdrawn_that_was_accounted_for(self):
        history = given(SPENT, claimed(pounds="300.00"), answered(claim="claim:c"))
        history.when(withdrawn("s", FLO, "2024-12-10")).then_refused(
            "later events rely on it: FulfilmentAnswered <m>; withdraw those first"
        )

    def test_spending_that_is_withdrawn_can_be_spent_again(self):
        history = given(SPENT, withdrawn("s", FLO, "2024-11-20"))
        history.when(spent("s2", "f=1000.00", on="2024-11-21")).then_recorded()

    def test_a_payment_withdrawn_is_left_to_send(self):
        history = given(COMMITTED, paid(), withdrawn("p", OLIVE, "2024-10-21"))
        assert history.owed(kind="fulfilment_answer") == []
        history.when(paid("again", pounds="1500.00", on="2024-10-22")).then_recorded()


def test_parties_that_are_not_there_are_named():
    WITH_FINANCE.when(committed(payee=THREE, kept_by="body:nobody")).then_refused(
        "it names body:nobody as kept by, which is not registered in this ledger;"
        " `school-ledger find NAME` looks it up, and a registrar registers it"
    )
    WITH_FINANCE.when(paid(sender=NORTHWICK_BODY, recipient=ONE)).then_refused(
        "it names <funding:f>, and no funding of that id stands in this ledger;"
        " `school-ledger show funding:` lists those that do"
    )
