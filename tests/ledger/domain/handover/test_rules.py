"""Handover: who may announce, give and accept it."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEA,
    CAT,
    ESTUARY,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    ROOT,
    THREE,
    WITH_YEAR,
    By,
    Given,
    Record,
    accepted,
    appointed,
    departure,
    ended,
    given,
    handed_over,
    newcomer,
    person,
    say,
    uuid,
    withdrawn,
)

EVE = By("eve", ANN.office)
FAY = By("fay", ANN.office)


def given_by(who):
    """Hand over the head's office, without a word about who does."""
    said = {"office": ANN.office, "at": ROOT}
    return say("HandoverGiven", "h", who, "2025-05-20", **said)


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
            f"<person:ann> does not hold head@{ONE} on 2025-04-30",
            "the departure of <person:ann> is notified already",
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
            appointed(ANN, "2025-06-01", label="back", succeeds="person:eve"),
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

    def test_whoever_signs_in_the_office_itself_hands_over_for_themselves(self):
        """A new head wrote what the old one should have handed over, and the debt was gone."""
        came = given(LEAVING, newcomer(EVE, "2025-05-01"))
        came.when(handed_over(EVE, outgoing="person:ann", on="2025-05-02")).then_refused(
            f"whoever signs as head@{ONE} hands over for themselves: <person:ann> signs, or the"
            " board chair or the responsible body for them"
        )
        came.when(handed_over(ANN, by=BEA, on="2025-05-02")).then_recorded()
        came.when(handed_over(ANN, by=OLIVE, on="2025-05-02")).then_recorded()

    @pytest.mark.parametrize("by", [BEA, OLIVE])
    def test_for_who_holds_the_office_or_left_it_lately_or_still_owes_it(self, by):
        came = given(NORTHWICK, newcomer(EVE, "2025-05-01"))
        came = given(came, handed_over(ANN, "first", by=by, on="2025-05-02"))
        came.when(handed_over(ANN, by=by, on="2025-06-29")).then_recorded()
        came.when(handed_over(EVE, by=by, on="2025-06-30")).then_recorded()
        came.when(handed_over(ANN, by=by, on="2025-06-30")).then_refused(
            f"<person:ann> did not hold head@{ONE} on 2025-06-30 nor leave it in the 60 days"
            " before, and no handover of theirs waits: name who hands over"
        )
        owing = given(NORTHWICK, ended(ANN, "2025-04-30"), newcomer(EVE, "2025-05-01"))
        owing.when(handed_over(ANN, by=by, on="2027-06-30")).then_recorded()
        settled = given(owing, handed_over(ANN, by=by, on="2025-05-02"))
        assert settled.when(handed_over(ANN, "again", by=by, on="2027-06-30")).reasons

    def test_who_hands_over_is_told(self):
        assert NORTHWICK.drafted(given_by(ANN)).data["outgoing"] == person("ann")
        came = given(LEAVING, newcomer(EVE, "2025-05-01"))
        assert came.drafted(given_by(EVE)).data["outgoing"] == person("eve")
        assert came.drafted(given_by(BEA)).data["outgoing"] == person("ann")
        settled = given(came, handed_over(ANN, by=BEA, on="2025-05-02"))
        assert settled.drafted(given_by(BEA)).data["outgoing"] == person("eve")

    def test_not_to_oneself(self):
        NORTHWICK.when(handed_over(ANN, incoming="person:ann")).then_refused(
            "nobody hands over to themselves"
        )

    def test_rows_name_obligations_that_are_known(self):
        rows = [{"obligation": "zzz/support", "outstanding": "1", "unit": "day"}]
        NORTHWICK.when(handed_over(ANN, rows=rows)).then_refused(
            "it names <zzz/support>, which is not in this ledger; check its id"
        )


class TestWhatAHandoverSettles:
    """Derived from the record, whatever a statement lists or an operator lets pass."""

    OLD = given(
        WITH_YEAR,
        ended(ANN, "2024-12-31"),
        newcomer(EVE, "2025-01-01"),
        departure(EVE, "eve-leaves", "2025-05-01", effective_on="2025-08-31"),
    )

    def test_one_that_names_the_head_of_before_settles_nothing_of_todays(self):
        history = given(self.OLD, handed_over(ANN, by=BEA, on="2025-05-02"))
        assert history.left(f"end-ann/handover/{ESTUARY}") == "0"
        assert history.left(f"eve-leaves/handover/{ESTUARY}") == "1"

    def test_a_board_chairs_own_settles_nothing_of_the_heads_nor_is_it_accepted_for_it(self):
        history = given(LEAVING, departure(BEA, "bea-leaves"), handed_over(BEA))
        assert history.owed(kind="handover") == LEAVING.owed(kind="handover")
        cleo = By("cleo", BEA.office)
        came = given(SUCCEEDED, handed_over(BEA, "hb"), newcomer(cleo, "2025-05-02"))
        came.when(accepted(cleo, "kb", "hb")).then_refused(
            f"no handover of {BEA.office} waits to be accepted",
            f"the handover to accept is the latest, handover:{uuid('h')}",
        )

    PAST_THE_RULES: ClassVar = {
        "one that a new head writes for the old": handed_over(
            EVE, on="2025-05-02", outgoing="person:ann"
        ),
        "one for who never held the office": handed_over(ANN, by=BEA, outgoing="person:ben"),
        "one for who left long ago": handed_over(ANN, by=BEA, on="2027-05-02"),
    }

    @pytest.mark.parametrize("act", PAST_THE_RULES.values(), ids=PAST_THE_RULES)
    def test_an_attack_past_the_rules_opens_and_settles_nothing(self, act):
        came = newcomer(EVE, "2025-01-01")
        gave = handed_over(ANN, "gave", on="2025-01-02")
        history = given(WITH_YEAR, came, gave, departure(EVE, "eve-leaves"))
        outcome = history.when(act)
        assert outcome.reasons
        forced = Given(Record([*history.record.entries, outcome.entry]))
        assert forced.owed() == history.owed()


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
            "“incoming” must be who signs: got <person:cat>, expected <person:eve>; left"
            " out, it is filled in"
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
            (
                f"“office” must be as in the handover it names: got head@{THREE}, expected"
                f" head@{ONE}; left out, it is filled in"
            ),
            f"no handover of head@{THREE} waits to be accepted",
        )

    def test_the_latest_for_a_newer_one_voids_the_older(self):
        again = handed_over(ANN, "newer", on="2025-05-02")
        history = given(SUCCEEDED, again)
        assert history.owed(kind="handover_acceptance") == [
            f"handover_acceptance: {ONE} owes {NORTHWICK_BODY} 1 item by 2025-05-30",
            f"handover_acceptance: {ONE} owes {ESTUARY} 1 item by 2025-06-06",
        ]
        history.when(accepted(EVE)).then_refused(
            f"no handover of head@{ONE} waits to be accepted",
            f"the handover to accept is the latest, handover:{uuid('newer')}",
        )
        history = given(history, accepted(EVE, handover="newer"))
        assert history.owed(kind="handover_acceptance") == []

    def test_a_newer_one_before_the_successor_takes_office_voids_the_older_too(self):
        early = newcomer(EVE, "2025-04-01", effective_on="2025-05-01")
        first = given(LEAVING, handed_over(ANN, "first", on="2025-03-20"), early)
        newer = given(first, handed_over(ANN, "newer", on="2025-04-10"))
        assert len(newer.owed(kind="handover_acceptance")) == 2
        assert given(newer, accepted(EVE, handover="newer")).owed(kind="handover_acceptance") == []

    def test_withdrawing_the_newer_one_asks_for_the_older_again(self):
        newer = given(SUCCEEDED, handed_over(ANN, "newer", on="2025-05-02"))
        history = given(newer, withdrawn("newer", ANN, "2025-05-03"))
        assert history.owed(kind="handover_acceptance") == SUCCEEDED.owed(
            kind="handover_acceptance"
        )
        history.when(accepted(EVE)).then_recorded()

    def test_a_handover_that_was_given(self):
        act = accepted(EVE, office=EVE.office)
        given(WITH_YEAR, departure(ANN), newcomer(EVE, "2025-05-01")).when(act).then_refused(
            "it names <handover:h>, and no handover of that id stands in this ledger;"
            " `school-ledger show handover:` lists those that do"
        )

    def test_what_only_opened_an_obligation_is_no_handover(self):
        history = given(WITH_YEAR, ended(ANN, "2025-04-30"))
        history = given(history, handed_over(ANN, on="2025-05-02"), newcomer(EVE, "2025-05-03"))
        history.when(accepted(EVE, handover="end-ann", office=EVE.office)).then_refused(
            "it names <handover:end-ann>, and no handover of that id stands in this ledger;"
            " `school-ledger show handover:` lists those that do"
        )

    @pytest.mark.parametrize("basis", ["substantive", "interim", "executive"])
    def test_by_a_head_of_any_basis_but_acting(self, basis):
        history = given(LEAVING, handed_over(ANN), newcomer(EVE, "2025-05-01", basis=basis))
        history.when(accepted(EVE)).then_recorded()

    def test_an_acting_head_has_none_to_accept(self):
        history = given(LEAVING, handed_over(ANN), newcomer(EVE, "2025-05-01", basis="acting"))
        history.when(accepted(EVE)).then_refused(f"no handover of head@{ONE} waits to be accepted")

    def test_nor_does_one_before_the_successor_takes_office(self):
        acting = newcomer(EVE, "2025-05-01", basis="acting")
        successor = newcomer(FAY, "2025-05-02", effective_on="2025-05-12", succeeds="person:eve")
        history = given(LEAVING, handed_over(ANN), acting, successor)
        assert len(history.owed(on="2025-05-12", kind="handover_acceptance")) == 2
        history.when(accepted(EVE)).then_refused(f"no handover of head@{ONE} waits to be accepted")
        history.when(accepted(FAY, on="2025-05-12")).then_recorded()

    def test_not_of_a_day_before_the_successor_was_appointed(self):
        history = given(LEAVING, handed_over(ANN), newcomer(EVE, "2025-05-01"))
        act = accepted(EVE, on="2025-04-30", recorded="2025-05-10")
        history.when(act).then_refused(
            "it is said to have happened on 2025-04-30, before what it answers, which was"
            " asked on 2025-05-01; check the day"
        )
