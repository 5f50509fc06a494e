"""Money goes on when a side ends: who stands in its place keeps, spends, returns and owes it."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    CAT,
    DAN,
    FOUR,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    THREE,
    By,
    body,
    body_succeeded,
    closed,
    given,
    newcomer,
    schools_merged,
    waived,
)
from moneys import FLO, RECEIVED, SPENT, answered, claimed, paid, received, spent

AHEAD = {"on": "2024-12-01", "effective_on": "2025-01-01"}
INTO_FOUR = schools_merged(predecessors=[ONE, FOUR], school=FOUR, **AHEAD)
INTO_THREE = schools_merged("on", predecessors=[FOUR, THREE], school=THREE, **AHEAD).but(
    on="2025-01-15", effective_on="2025-02-01"
)
#: School one kept a thousand pounds and had spent three hundred when it merged into school four.
MERGED = given(SPENT, INTO_FOUR)
ON = "2025-01-10"
WES = By("wes", "officer@body:westwick")
WESTWICK = WES.office.partition("@")[2]
BODY_SUCCEEDED = given(RECEIVED, body("westwick"), newcomer(WES), body_succeeded(**AHEAD))
BACK = {"by": DAN, "on": ON, "returns": "unspent", "pounds": "100.00"}


def members(history, *names):
    data = history.record.entries[-1].data
    return tuple(data[name] for name in names)


class TestSpendRecorded:
    KEEPERS: ClassVar = {"in its own name": FOUR, "in the name of who ended": ONE}

    @pytest.mark.parametrize("keeper", KEEPERS.values(), ids=KEEPERS)
    def test_by_who_keeps_it_now(self, keeper):
        act = spent("more", "f=700.00", by=DAN, on=ON, keeper=keeper)
        MERGED.when(act).then_recorded()

    def test_and_need_not_say_that_it_keeps_it_now(self):
        assert (
            MERGED.drafted(spent("more", "f=200.00", by=DAN, on=ON, keeper=None)).data["keeper"]
            == FOUR
        )

    def test_no_more_than_is_left(self):
        MERGED.when(spent("more", "f=700.01", by=DAN, on=ON, keeper=FOUR)).then_refused(
            "it spends 700.01 pounds of <funding:f>; 700.00 of it are left"
        )

    def test_not_by_who_is_to_keep_it_before_that_day(self):
        SPENT.when(spent("more", "f=1.00", by=DAN, keeper=FOUR)).then_refused(
            f"<funding:f> is kept by {ONE}, not by {FOUR}"
        )
        ahead = given(SPENT, INTO_FOUR)
        ahead.when(spent("more", "f=1.00", by=DAN, on="2024-12-20", keeper=FOUR)).then_refused(
            f"<funding:f> is kept by {ONE}, not by {FOUR}"
        )


class TestSentBack:
    def test_by_who_keeps_it_now_in_its_own_name(self):
        history = given(MERGED, paid("back", **BACK))
        assert members(history, "sender", "recipient") == (FOUR, NORTHWICK_BODY)
        assert history.owed(kind="fulfilment_answer") == [
            f"fulfilment_answer: {NORTHWICK_BODY} owes {FOUR} 1 item by 2025-01-24"
        ]

    def test_the_answer_settles_what_the_result_owes(self):
        arrived = received("there", "back", by=OLIVE, on="2025-01-12", pounds="100.00")
        history = given(MERGED, paid("back", **BACK), arrived)
        assert members(history, "sender", "recipient") == (FOUR, NORTHWICK_BODY)
        assert history.owed(kind="fulfilment_answer") == []
        assert history.owed(kind="spend_account") == [
            f"spend_account: {FOUR} owes {NORTHWICK_BODY} 900 GBP by 2025-07-31"
        ]

    @pytest.mark.parametrize("recipient", [None, WESTWICK, NORTHWICK_BODY])
    def test_to_who_stands_in_the_payers_place(self, recipient):
        back = paid("back", **{**BACK, "by": FLO, "recipient": recipient})
        history = given(BODY_SUCCEEDED, back)
        assert members(history, "recipient") == (recipient or WESTWICK,)
        assert history.owed(kind="fulfilment_answer") == [
            f"fulfilment_answer: {WESTWICK} owes {ONE} 1 item by 2025-01-24"
        ]

    def test_in_the_name_of_who_ended_it_is_owed_to_who_keeps_it_now(self):
        history = given(MERGED, paid("back", **BACK, sender=ONE))
        assert history.owed(kind="fulfilment_answer") == [
            f"fulfilment_answer: {NORTHWICK_BODY} owes {FOUR} 1 item by 2025-01-24"
        ]


def test_a_later_instalment_arrives_with_who_keeps_it_now():
    sent = paid("rest", on=ON, pounds="500.00")
    history = given(MERGED, sent, received("in", "rest", by=DAN, on=ON, pounds="500.00"))
    assert members(history, "recipient", "payee") == (FOUR, FOUR)
    assert history.owed("2025-01-10", "spend_account") == [
        f"spend_account: {FOUR} owes {NORTHWICK_BODY} 1000 GBP by 2025-07-31",
        f"spend_account: {FOUR} owes {NORTHWICK_BODY} 500 GBP by 2025-07-31",
    ]


def test_an_instalment_that_arrived_before_passes_on_with_the_rest():
    """It was received by who ended, and recorded later by who stands in its place."""
    early = received("in", None, by=DAN, on="2024-12-20", pounds="500.00", recorded="2025-01-10")
    history = given(MERGED, early)
    assert members(history, "recipient") == (ONE,)
    assert history.owed("2024-12-31", "spend_account") == [
        f"spend_account: {ONE} owes {NORTHWICK_BODY} 1000 GBP by 2025-07-31",
        f"spend_account: {ONE} owes {NORTHWICK_BODY} 500 GBP by 2025-07-31",
    ]
    assert {line.split()[1] for line in history.owed("2025-01-01", "spend_account")} == {FOUR}


def test_who_keeps_it_now_accounts_for_it():
    history = given(MERGED, claimed(by=DAN, on=ON, pounds="300.00"))
    assert members(history, "debtor", "creditor") == (FOUR, NORTHWICK_BODY)
    history = given(history, answered(claim="claim:c", on="2025-01-12"))
    assert members(history, "debtor", "creditor") == (FOUR, NORTHWICK_BODY)
    assert history.left("r/spend_account") == "700"
    assert history.owed(kind="fulfilment_answer") == []


def test_it_is_waived_to_who_owes_it_now():
    history = given(MERGED, waived(OLIVE, "r/spend_account", on=ON, amount="10.00"))
    assert members(history, "debtor", "creditor") == (FOUR, NORTHWICK_BODY)


def test_it_goes_on_as_often_as_its_keeper_does():
    history = given(MERGED, INTO_THREE)
    act = paid("back", **{**BACK, "by": CAT, "on": "2025-02-10"})
    assert members(given(history, act), "sender") == (THREE,)


def test_finance_of_who_ended_says_nothing_of_it_any_more():
    MERGED.when(spent("more", "f=1.00", by=FLO, on=ON)).then_refused(
        f"{ONE} ended on 2024-12-31: until 2025-03-01 {FLO.office} hands over, answers and waives,"
        f" and says nothing new; {DAN.office} does"
    )


class TestOfASchoolThatCloses:
    CLOSED = given(RECEIVED, closed(ONE, "2025-01-10"))

    def test_what_it_has_not_spent_is_sent_back_while_it_winds_up(self):
        back = paid("back", by=ANN, on="2025-02-10", returns="unspent", pounds="1000.00")
        history = given(self.CLOSED, back)
        arrived = received("there", "back", by=OLIVE, on="2025-02-12", pounds="1000.00")
        history = given(history, arrived)
        assert history.owed(kind="spend_account") == []

    def test_not_later(self):
        back = paid("back", by=ANN, on="2025-03-12", returns="unspent", pounds="1000.00")
        self.CLOSED.when(back).then_refused(
            f"{ONE} ended on 2025-01-10, and {ANN.office} with it; whoever stands in its place"
            " signs"
        )

    def test_what_it_spent_is_claimed_accounted_for(self):
        history = given(SPENT, closed(ONE, "2025-01-10"))
        act = claimed(by=ANN, on="2025-02-10", pounds="300.00")
        history.when(act).then_recorded()

    def test_nothing_is_paid_to_it(self):
        act = paid("late", on="2025-01-20", pounds="500.00")
        self.CLOSED.when(act).then_refused(
            f"{ONE} ended on 2025-01-10, and nobody has its place: `school-ledger report orphans`"
            " tells who takes over what it is owed, or releases it"
        )

    def test_but_it_may_have_been_before(self):
        act = paid("late", on="2025-01-10", recorded="2025-01-20", pounds="500.00")
        self.CLOSED.when(act).then_recorded()

    def test_whoever_goes_on_from_it_is_paid(self):
        act = paid("late", on="2025-01-20", pounds="500.00", recipient=ONE)
        MERGED.when(act).then_recorded()
