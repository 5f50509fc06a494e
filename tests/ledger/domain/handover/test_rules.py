"""Handover: who may announce, give and accept it."""

import pytest
from given import (
    ANN,
    BEA,
    CAT,
    NORTHWICK,
    ONE,
    THREE,
    WITH_YEAR,
    By,
    accepted,
    appointed,
    departure,
    ended,
    given,
    handed_over,
    newcomer,
)

EVE = By("eve", ANN.office)
LEAVING = given(WITH_YEAR, departure(ANN))
SUCCEEDED = given(LEAVING, handed_over(ANN), newcomer(EVE, "2025-05-01"))


class TestDepartureNotified:
    def test_the_holder_will_leave(self):
        NORTHWICK.when(departure(ANN)).then_recorded()

    def test_once(self):
        LEAVING.when(departure(ANN, "again", on="2025-01-11")).then_refused(
            "the departure of <person:ann> is notified already"
        )

    def test_only_who_holds_the_office_then(self):
        act = departure(By("ben", ANN.office), by=BEA)
        NORTHWICK.when(act).then_refused(f"<person:ben> does not hold head@{ONE} on 2025-04-30")

    def test_not_of_whom_another_has_replaced(self):
        replaced = given(NORTHWICK, newcomer(EVE, "2025-01-01"))
        replaced.when(departure(ANN, by=BEA)).then_refused(
            f"<person:ann> does not hold head@{ONE} on 2025-04-30"
        )

    def test_once_though_another_leaves_too(self):
        replaced = given(LEAVING, newcomer(EVE, "2025-02-01"), departure(EVE, "eve", "2025-02-02"))
        replaced.when(departure(EVE, "again", on="2025-02-03")).then_refused(
            "the departure of <person:eve> is notified already"
        )
        assert given(replaced, ended(ANN, "2025-02-03")).owed(kind="handover") == replaced.owed(
            kind="handover"
        )

    def test_not_where_the_end_is_recorded_already(self):
        ending = given(NORTHWICK, ended(ANN, "2025-04-30", said_on="2025-01-10"))
        ending.when(departure(ANN, on="2025-01-11")).then_refused(
            "the departure of <person:ann> is notified already"
        )

    def test_again_by_who_came_back(self):
        back = given(
            LEAVING,
            newcomer(EVE, "2025-05-01"),
            appointed(ANN, "2025-06-01", label="back"),
        )
        act = departure(ANN, "again", on="2025-06-02", effective_on="2025-08-31")
        back.when(act).then_recorded()

    def test_of_any_office(self):
        NORTHWICK.when(departure(BEA)).then_recorded()


class TestHandoverGiven:
    def test_before_a_departure_is_known_or_after(self):
        NORTHWICK.when(handed_over(ANN)).then_recorded()
        LEAVING.when(handed_over(ANN)).then_recorded()
        LEAVING.when(handed_over(ANN, incoming="person:cat")).then_recorded()

    def test_by_somebody_who_held_the_office(self):
        NORTHWICK.when(handed_over(ANN, outgoing="person:ben")).then_refused(
            f"<person:ben> never held head@{ONE}"
        )

    def test_not_to_oneself(self):
        NORTHWICK.when(handed_over(ANN, incoming="person:ann")).then_refused(
            "nobody hands over to themselves"
        )

    def test_rows_name_obligations_that_are_known(self):
        rows = [{"obligation": "zzz/support", "outstanding": "1", "unit": "day"}]
        NORTHWICK.when(handed_over(ANN, rows=rows)).then_refused(
            "rows names <zzz/support>, which is not in this ledger"
        )


class TestHandoverAccepted:
    def test_the_incoming_head_acknowledges_it(self):
        SUCCEEDED.when(accepted(EVE)).then_recorded()

    def test_once(self):
        history = given(SUCCEEDED, accepted(EVE))
        history.when(accepted(EVE, "again", on="2025-05-11")).then_refused(
            f"no handover of head@{ONE} waits to be accepted"
        )

    def test_only_who_signs(self):
        SUCCEEDED.when(accepted(EVE, incoming="person:cat")).then_refused(
            "incoming must be who signs: got <person:cat>, expected <person:eve>"
        )

    def test_not_ones_own(self):
        history = given(LEAVING, handed_over(ANN))
        history.when(accepted(ANN)).then_refused(
            "the same person signed the handover that it answers; somebody else must sign this"
            " half",
            f"no handover of head@{ONE} waits to be accepted",
            "nobody accepts a handover of their own",
        )
        by_the_board = given(LEAVING, handed_over(ANN, by=BEA))
        by_the_board.when(accepted(ANN)).then_refused(
            f"no handover of head@{ONE} waits to be accepted",
            "nobody accepts a handover of their own",
        )

    def test_not_by_who_gave_it_for_another(self):
        bea = By("bea", ANN.office)
        history = given(
            LEAVING, handed_over(ANN, by=BEA), appointed(bea, "2025-05-01", label="bea-heads")
        )
        history.when(accepted(bea)).then_refused(
            "the same person signed the handover that it answers; somebody else must sign this half"
        )

    def test_of_the_same_office(self):
        SUCCEEDED.when(accepted(CAT, office=CAT.office)).then_refused(
            f"office does not agree with the handover that it names: got head@{THREE}, expected"
            f" head@{ONE}",
            f"no handover of head@{THREE} waits to be accepted",
        )

    def test_a_handover_that_was_given(self):
        act = accepted(EVE, office=EVE.office)
        given(WITH_YEAR, departure(ANN), newcomer(EVE, "2025-05-01")).when(act).then_refused(
            "handover names <handover:h>, and no handover of that id stands in this ledger"
        )

    def test_what_only_opened_an_obligation_is_no_handover(self):
        history = given(WITH_YEAR, ended(ANN, "2025-04-30"))
        history = given(history, handed_over(ANN, on="2025-05-02"), newcomer(EVE, "2025-05-03"))
        history.when(accepted(EVE, handover="end-ann", office=EVE.office)).then_refused(
            "handover names <handover:end-ann>, and no handover of that id stands in this ledger"
        )

    @pytest.mark.parametrize("basis", ["substantive", "interim", "executive"])
    def test_by_a_head_of_any_basis_but_acting(self, basis):
        history = given(LEAVING, handed_over(ANN), newcomer(EVE, "2025-05-01", basis=basis))
        history.when(accepted(EVE)).then_recorded()

    def test_an_acting_head_has_none_to_accept(self):
        history = given(LEAVING, handed_over(ANN), newcomer(EVE, "2025-05-01", basis="acting"))
        history.when(accepted(EVE)).then_refused(f"no handover of head@{ONE} waits to be accepted")
