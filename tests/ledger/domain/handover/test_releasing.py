"""What is released, and what is taken over from somebody who is gone."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    CAROL,
    CAT,
    DAN,
    ESTUARY,
    FOUR,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    THREE,
    TOM,
    TWO,
    UNANSWERED,
    WITH_YEAR,
    agreed,
    agrees,
    assumed,
    attested,
    closed,
    converted,
    decided,
    disputed,
    dissolved,
    excluded,
    given,
    made,
    offered,
    sought,
    waived,
    withdrawn,
)
from moneys import COMMITTED, RECEIVED, committed

AGREED = given(NORTHWICK, offered(), agreed())
VISITED = given(AGREED, made(under="agreement:g"))
COMMISSIONED = given(NORTHWICK, offered(), agreed(commissioner=NORTHWICK_BODY))
PRICED = {"price": "900.00", "payer": NORTHWICK_BODY, "commissioner": NORTHWICK_BODY}
PRICE_APPROVED = given(
    NORTHWICK,
    offered(**PRICED),
    decided(offer="offer:o", decision="approve", by=OLIVE, on="2024-09-03"),
    agreed(),
)
VISITS = f"year/peer_visit/{ONE}"


class TestObligationWaived:
    STEPS: ClassVar = {
        "days, in halves": (
            AGREED,
            waived(BEN, "g/support", amount="0.3"),
            "days are counted in halves: got 0.3, expected 0 or 0.5",
        ),
        "visits, whole": (
            WITH_YEAR,
            waived(CAROL, VISITS, amount="1.5"),
            "visits are counted whole: got 1.5, expected 1 or 2",
        ),
        "pounds, to the penny": (
            given(RECEIVED),
            waived(OLIVE, "r/spend_account", amount="10.005"),
            "pounds are counted to the penny: got 10.005, expected 10 or 10.01",
        ),
    }

    @pytest.mark.parametrize("case", STEPS.values(), ids=STEPS)
    def test_in_steps_in_which_it_is_counted(self, case):
        history, act, reason = case
        history.when(act).then_refused(reason)

    def test_whoever_is_owed_releases_part(self):
        history = given(AGREED, waived(BEN, "g/support", amount="1.5"))
        assert (history.left("g/support", "2025-01-14"), history.left("g/support")) == ("6", "4.5")

    def test_or_all_that_is_left(self):
        history = given(VISITED, attested(), waived(BEN, "g/support"))
        assert history.left("g/support") == "0"
        (line,) = [one for one in history.journal.known() if one.reason == "waived"]
        assert str(line.amount) == "-4.5"

    def test_never_more(self):
        AGREED.when(waived(BEN, "g/support", amount="7")).then_refused("it releases 7; 6 is left")
        AGREED.when(waived(BEN, "g/support", amount="0")).then_refused("it releases nothing")
        history = given(AGREED, waived(BEN, "g/support"))
        history.when(waived(BEN, "g/support", label="again")).then_refused(
            "nothing is left of <g/support> to release"
        )

    def test_the_sides_are_named(self):
        drafted = AGREED.drafted(waived(BEN, "g/support"))
        assert (drafted.data["debtor"], drafted.data["creditor"]) == (ONE, TWO)
        AGREED.when_altered(waived(BEN, "g/support"), debtor=THREE).then_refused(
            f"“debtor” must be who owes it by now: got {THREE}, expected {ONE}; left out, it"
            " is filled in"
        )

    #: What an agreement is, and who releases the days that are owed under it.
    OF_DAYS: ClassVar = {
        "nobody commissions it": (AGREED, BEN),
        "its commissioner pays its price": (PRICE_APPROVED, OLIVE),
        "its commissioner funds it": (
            given(COMMISSIONED, committed(on="2024-09-10", agreement="agreement:g")),
            OLIVE,
        ),
        "its commissioner pays nothing": (COMMISSIONED, BEN),
        "its commissioner never approved the price": (
            given(NORTHWICK, offered(**PRICED), agreed()),
            BEN,
        ),
        "another funds it than commissions it": (
            given(
                COMMISSIONED,
                committed(commissioner=BEACON, by=TOM, agreement="agreement:g"),
            ),
            BEN,
        ),
    }

    @pytest.mark.parametrize("case", OF_DAYS.values(), ids=OF_DAYS)
    def test_what_a_commissioner_pays_for_the_commissioner_releases(self, case):
        history, by = case
        other = OLIVE if by is BEN else BEN
        history = given(history, waived(by, "g/support", amount="2"))
        assert history.left("g/support") == "4"
        history.when_altered(
            waived(other, "g/support", label="other"), waiver=party(other)
        ).then_refused(
            "“waiver” must be the creditor, or who commissions and pays for it: got"
            f" {party(other)}, expected {party(by)}; left out, it is filled in"
        )

    #: Pounds, by whom they are owed, and who alone releases them.
    OF_POUNDS: ClassVar = {
        "an instalment": (COMMITTED, "f/payment/2025-01-31", OLIVE, ANN),
        "the price of an agreement": (PRICE_APPROVED, "g/payment", OLIVE, ANN),
        "an account of spending": (RECEIVED, "r/spend_account", ANN, OLIVE),
    }

    @pytest.mark.parametrize("case", OF_POUNDS.values(), ids=OF_POUNDS)
    def test_nobody_releases_what_they_owe_themselves(self, case):
        history, pounds, debtor, creditor = case
        history.when_altered(waived(debtor, pounds), waiver=party(debtor)).then_refused(
            "“waiver” must be the creditor, or who commissions and pays for it: got"
            f" {party(debtor)}, expected {party(creditor)}; left out, it is filled in"
        )
        assert given(history, waived(creditor, pounds)).left(pounds) == "0"

    def test_an_answer_is_released_and_asked_for_no_more(self):
        history = given(VISITED, waived(ANN, "v/attestation"))
        assert history.left("v/attestation") == "0"
        part = waived(ANN, "v/attestation", amount="0.5")
        VISITED.when(part).then_refused(
            "<v/attestation> is one thing, released whole or not at all: leave out amount"
        )

    def test_an_answer_about_a_visit_says_which(self):
        history = given(VISITED, disputed())
        act = waived(BEN, "d/dispute_answer")
        assert history.drafted(act).data["about"].startswith("event:")
        assert given(history, act).left("d/dispute_answer") == "0"

    def test_an_application_that_is_released_may_be_made_anew(self):
        history = given(WITH_YEAR, sought("s", FOUR, "2025-01-10"))
        history = given(history, waived(DAN, "s/admission_answer"))
        history.when(sought("s2", FOUR, "2025-01-16")).then_recorded()

    def test_visits_of_a_year_by_the_partnership(self):
        history = given(WITH_YEAR, waived(CAROL, VISITS, amount="2"))
        assert history.left(VISITS) == "1"

    def test_withdrawn_it_is_owed_again(self):
        history = given(AGREED, waived(BEN, "g/support"), withdrawn("waive", BEN, "2025-01-20"))
        assert history.left("g/support") == "6"
        history.when(waived(BEN, "g/support", label="again", on="2025-01-21")).then_recorded()

    def test_nothing_that_nobody_owes(self):
        act = waived(BEN, "g/attestation", debtor=ONE, creditor=TWO, waiver=TWO)
        AGREED.when(act).then_refused("<g/attestation> is nothing that anybody owes")

    def test_by_who_took_the_creditors_place(self):
        history = given(WITH_YEAR, dissolved())
        drafted = history.drafted(waived(OLIVE, VISITS))
        assert drafted.data["creditor"] == NORTHWICK_BODY
        assert given(history, waived(OLIVE, VISITS)).left(VISITS) == "0"


class TestObligationAssumed:
    GONE = given(UNANSWERED, closed(ONE))

    def test_who_the_rules_name_takes_over_one_thing_without_agreeing_to_all(self):
        history = given(self.GONE, assumed(OLIVE, VISITS))
        assert history.owed("2025-03-01", "peer_visit")[:1] == [
            f"peer_visit: {NORTHWICK_BODY} owes {ESTUARY} 3 visit by 2025-08-31"
        ]
        assert f"peer_visit: {ONE}" in history.owed("2025-02-28", "peer_visit")[0]

    def test_once(self):
        history = given(self.GONE, assumed(OLIVE, VISITS))
        again = assumed(OLIVE, VISITS, label="again", instead_of=ONE)
        history.when(again).then_refused(not_for(VISITS, NORTHWICK_BODY))

    def test_not_another(self):
        act = assumed(TOM, VISITS, instead_of=ONE)
        self.GONE.when(act).then_refused(not_for(VISITS, BEACON))

    def test_not_of_who_still_stands(self):
        act = assumed(OLIVE, VISITS, instead_of=ONE)
        UNANSWERED.when(act).then_refused(not_for(VISITS, NORTHWICK_BODY))

    def test_a_claim_of_a_dissolved_partnership(self):
        history = given(UNANSWERED, dissolved(), assumed(OLIVE, VISITS))
        assert f"peer_visit: {ONE} owes {NORTHWICK_BODY} 2 visit by 2025-08-31" in history.owed()

    def test_a_former_body_takes_what_a_conversion_left_with_it(self):
        left = converted(left_with_former_body=["g/support"])
        history = given(AGREED, left)
        assert f"support: {ONE} owes {TWO} 6 day by 2025-03-31" in history.owed()
        history = given(history, assumed(OLIVE, "g/support", on="2025-04-10"))
        owed = f"support: {NORTHWICK_BODY} owes {TWO} 6 day by 2025-03-31"
        assert owed in history.owed("2025-04-10")
        history.when(assumed(TOM, "g/support", label="x", instead_of=ONE)).then_refused(
            not_for("g/support", BEACON)
        )

    def test_for_good(self):
        history = given(self.GONE, assumed(OLIVE, VISITS))
        history.when(withdrawn("assume", OLIVE, "2025-03-02")).then_refused(
            "ObligationAssumed cannot be withdrawn: the creditor may release what should not be"
            " owed"
        )


def party(by):
    return by.office.partition("@")[2]


def not_for(obligation, party):
    return (
        f"<{obligation}> is not for {party} to take over: only who stands in by the ground"
        " rules takes over from who is gone, one of several bodies in the place of one that"
        " ended, or a former body what a conversion left with it"
    )


class TestHistories:
    def test_a_member_excluded_with_debts_owes_them_still_until_they_are_released(self):
        history = given(
            WITH_YEAR,
            made("v", "2024-10-01", visitor=TWO, host=ONE, under="year:year"),
            excluded("out", ONE, "2024-12-31"),
        )
        assert history.owed("2025-01-01")[:1] == [
            f"attestation: {ONE} owes {TWO} 1 item by 2024-10-08"
        ]
        assert history.left(VISITS) == "1"
        history = given(history, waived(CAROL, VISITS))
        assert history.left(VISITS) == "0"
        assert history.left("v/attestation") == "1"

    @pytest.mark.parametrize("late", [False, True])
    def test_a_partnership_dissolved_with_visits_unmade_and_a_member_closed(self, late):
        history = given(
            UNANSWERED,
            made("v", "2025-01-02", visitor=THREE, host=ONE, by=CAT, under="year:year"),
            closed(ONE, "2025-01-10"),
            dissolved(on="2025-02-28"),
        )
        if late:
            history = given(history, agrees(OLIVE, "yes", "2025-04-01"))
        who, school = (NORTHWICK_BODY,) * 2 if late else (ESTUARY, ONE)
        assert f"attestation: {school} owes {THREE} 1 item by 2025-01-09" in history.owed()
        assert f"peer_visit: {THREE} owes {who} 2 visit by 2025-08-31" in history.owed()
        own = [row for row in history.owed(kind="peer_visit") if f": {school} owes" in row]
        assert len(own) == (0 if late else 1)  # it would owe itself
