"""How a membership ends, or never begins: refused, left with notice, excluded."""

from datetime import date
from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    CAT,
    DAN,
    ESTUARY,
    FOUR,
    ONE,
    THREE,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    admitted,
    appointed,
    attested,
    declined,
    dissolved,
    excluded,
    given,
    left,
    made,
    newcomer,
    ratified,
    refused,
    schools_merged,
    sought,
    withdrawn,
    year_opened,
)

from ledger.domain.partnership.facts import members

SOUGHT = given(WITH_YEAR, sought("s", FOUR, "2024-09-10"))


EVE = By("eve", ANN.office)
KIM = By("kim", ANN.office)
RATIFIES = f"ratification: {ONE} owes {ESTUARY} 1 item by"


def ratifications(history, on=None):
    return history.owed(on, "ratification")


def visits(history, school, on=None):
    return history.left(f"year/peer_visit/{school}", on)


class TestAdmissionRefused:
    def test_it_answers_the_application(self):
        history = given(SOUGHT, refused("no", "s", "2024-09-12"))
        assert history.left("s/admission_answer") == "0"
        history.when(admitted("in", "s", "2024-09-13")).then_refused(
            "<application:s> is answered already; withdraw that answer to give another"
        )

    def test_once(self):
        history = given(SOUGHT, admitted("in", "s", "2024-09-12"))
        history.when(refused("no", "s", "2024-09-13")).then_refused(
            "<application:s> is answered already; withdraw that answer to give another"
        )

    def test_of_who_asked(self):
        SOUGHT.when(refused("no", "s", "2024-09-12", school=TWO)).then_refused(
            f"“school” must be as in the application it names: got {TWO}, expected {FOUR};"
            " left out, it is filled in"
        )

    def test_not_by_who_asked(self):
        dan = By("dan", CAROL.office)
        history = given(SOUGHT, appointed(dan, "2024-09-10", label="dan-chairs"))
        history.when(refused("no", "s", "2024-09-12", by=dan)).then_refused(
            "the same person signed the application that it answers; somebody else must sign this"
            " half"
        )

    def test_the_school_may_ask_again(self):
        history = given(SOUGHT, refused("no", "s", "2024-09-12"))
        history.when(sought("s2", FOUR, "2024-09-13")).then_recorded()


class TestMembershipLeft:
    def test_with_the_notice(self):
        WITH_YEAR.when(left(ANN, "go", "2024-10-02", "2024-12-01")).then_recorded()
        WITH_YEAR.when(left(ANN, "go", "2024-10-02", "2024-11-30")).then_refused(
            "the notice to leave is 60 days: it can leave on 2024-12-01 at the earliest"
        )

    def test_who_leaves_owes_the_visits_of_the_months_served(self):
        history = given(WITH_YEAR, left(ANN, "go", "2024-10-02", "2025-02-28"))
        assert visits(history, ONE, "2025-02-27") == "3"
        assert visits(history, ONE, "2025-02-28") == "2"  # six months of three visits a year
        assert visits(history, TWO) == "3"

    def test_who_leaves_ratifies_until_then_and_owes_it_no_more_afterwards(self):
        leaves = left(EVE, "go", "2024-12-02", "2025-04-30")
        history = given(WITH_YEAR, newcomer(EVE, "2024-12-01"), leaves)
        assert ratifications(history, "2025-04-29") == [f"{RATIFIES} 2024-12-31"]
        assert ratifications(history) == []
        done = given(history, ratified(EVE, "r", "2024-12-20"))
        assert ratifications(done, "2024-12-20") == []
        assert done.owed(kind="ratification") == []
        late = given(history, newcomer(KIM, "2025-01-10", succeeds="person:eve"))
        assert ratifications(late, "2025-04-29") == [f"{RATIFIES} 2025-02-09"]
        assert ratifications(late) == []

    def test_a_later_year_is_not_owed(self):
        act = year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31")
        history = given(WITH_YEAR, act, left(ANN, "go", "2025-01-10", "2025-08-31"))
        assert history.left(f"next/peer_visit/{ONE}") == "0"
        assert visits(history, ONE) == "3"

    def test_a_year_opened_in_the_notice_asks_no_more(self):
        history = given(WITH_YEAR, left(ANN, "go", "2025-07-01", "2025-10-31"))
        act = year_opened(
            "next", name="2025-26", starts="2025-09-01", ends="2026-08-31", on="2025-07-02"
        )
        assert given(history, act).left(f"next/peer_visit/{ONE}") == "1"

    def test_what_was_visited_stays_given(self):
        history = given(
            WITH_YEAR,
            made("v", under="year:year"),
            attested("a", "v"),
            left(ANN, "go", "2024-10-05", "2024-12-31"),
        )
        assert visits(history, ONE) == "0"
        assert history.owed(kind="peer_visit") == [
            f"peer_visit: {school} owes {ESTUARY} 3 visit by 2025-08-31" for school in (TWO, THREE)
        ]

    def test_visits_beyond_those_of_the_months_served_stand_in_for_one_that_is_withdrawn(self):
        """One of three was owed again, though two made were all that was asked for."""
        hosts = ((TWO, BEN), (THREE, CAT), (FOUR, DAN))
        history = WITH_YEAR
        for number, (host, head) in enumerate(hosts, start=1):
            day = f"2024-10-0{number}"
            visit = made(f"v{number}", day, visitor=ONE, host=host, under="year:year")
            confirmed = attested(f"a{number}", f"v{number}", on=day, by=head)
            history = given(history, visit, confirmed)
        history = given(history, left(ANN, "go", "2024-10-05", "2025-02-28"))
        assert (visits(history, ONE), history.beyond(f"year/peer_visit/{ONE}")) == ("0", "1")
        history = given(history, withdrawn("a1", BEN, "2024-10-06"))
        assert (visits(history, ONE), history.beyond(f"year/peer_visit/{ONE}")) == ("0", "0")
        assert visits(given(history, withdrawn("go", ANN, "2024-10-07")), ONE) == "1"

    @pytest.mark.parametrize("basis", ["substantive", "executive", "interim"])
    def test_by_a_head_of_any_basis(self, basis):
        ida = By("ida", ANN.office)
        history = given(WITH_YEAR, newcomer(ida, "2024-10-01", basis=basis))
        history.when(left(ida, "go", "2024-10-02", "2025-01-31")).then_recorded()

    def test_but_acting(self):
        ida = By("ida", ANN.office)
        history = given(WITH_YEAR, newcomer(ida, "2024-10-01", basis="acting"))
        history.when(left(ida, "go", "2024-10-02", "2025-01-31")).then_refused(
            "an acting head leaves no partnership: a substantive, executive or interim one may"
        )

    def test_once(self):
        history = given(WITH_YEAR, left(ANN, "go", "2024-10-02", "2025-01-31"))
        history.when(left(ANN, "again", "2024-10-03", "2025-02-28")).then_refused(
            f"{ONE} has left {ESTUARY} already, or given notice to"
        )

    def test_not_who_never_belonged(self):
        dan = By("dan", f"head@{FOUR}")
        WITH_YEAR.when(left(dan, "go", "2024-10-02", "2025-01-31")).then_refused(
            f"{FOUR} has left {ESTUARY} already, or given notice to"
        )

    def test_withdrawn_it_owes_all_again(self):
        history = given(WITH_YEAR, left(ANN, "go", "2024-10-02", "2025-02-28"))
        history = given(history, withdrawn("go", ANN, "2024-10-20"))
        assert visits(history, ONE) == "3"
        history = given(history, left(ANN, "again", "2024-10-21", "2025-02-28"))
        assert visits(history, ONE) == "2"

    def test_a_year_that_was_opened_since_rests_on_it(self):
        history = given(WITH_ESTUARY, left(ANN, "go", "2024-09-05", "2025-02-28"))
        history = given(history, year_opened(on="2024-09-06"))
        history.when(withdrawn("go", ANN, "2024-09-07")).then_refused(
            "later events rely on it: PartnershipYearOpened <year>; withdraw those first"
        )

    #: Who merge into which school, and the visits that this one owes once it leaves.
    MERGED: ClassVar = {
        "its own membership ended with a school": ([ONE, FOUR], FOUR, DAN, ["2"]),
        "two of them did, and the first went on": ([ONE, TWO, FOUR], FOUR, DAN, ["2", "1"]),
        "it belonged before": ([ONE, TWO], TWO, BEN, ["1", "2"]),
    }

    @pytest.mark.parametrize("case", MERGED.values(), ids=MERGED)
    def test_who_came_in_by_a_merger_owes_the_months_served_by_all(self, case):
        """All the visits of the year stayed owed that had been owed by a school that ended."""
        merging, into, head, owed = case
        said = {"predecessors": merging, "school": into, "effective_on": "2025-01-01"}
        history = given(WITH_YEAR, schools_merged(on="2025-01-01", **said))
        history = given(history, left(head, "go", "2025-01-10", "2025-04-30"))
        members_owed = [one for one in (ONE, TWO) if one in merging]
        assert [visits(history, one) for one in members_owed] == owed


class TestMemberExcluded:
    def test_without_notice_and_debts_stay(self):
        history = given(WITH_YEAR, excluded("out", TWO, "2024-12-31"))
        assert visits(history, TWO) == "1"  # four months of three visits a year
        history.when(sought("s", TWO, "2025-01-02", by=BEN)).then_recorded()

    def test_it_owes_no_ratification_once_it_is_out(self):
        history = given(WITH_YEAR, newcomer(EVE, "2024-12-01"), excluded("out", ONE, "2024-12-31"))
        assert ratifications(history, "2024-12-30") == [f"{RATIFIES} 2024-12-31"]
        assert ratifications(history) == []
        back = given(history, withdrawn("out", CAROL, "2025-01-05"))
        assert ratifications(back) == [f"{RATIFIES} 2024-12-31"]

    def test_it_owes_none_sooner_where_it_was_to_leave_later(self):
        leaves = left(EVE, "go", "2024-12-02", "2025-04-30")
        history = given(WITH_YEAR, newcomer(EVE, "2024-12-01"), leaves)
        out = given(history, excluded("out", ONE, "2025-01-31"))
        assert ratifications(out, "2025-01-30") == [f"{RATIFIES} 2024-12-31"]
        assert ratifications(out, "2025-01-31") == []
        gone = given(history, dissolved(on="2025-01-31", effective_on="2025-01-31"))
        assert ratifications(gone, "2025-01-30") == [f"{RATIFIES} 2024-12-31"]
        assert ratifications(gone, "2025-01-31") == []

    def test_it_owes_one_anew_where_it_joins_again(self):
        out = given(WITH_YEAR, excluded("out", ONE, "2024-12-31"))
        again = [
            sought("s", ONE, "2025-01-02"),
            admitted("in", "s", "2025-01-06"),
            *newcomer(EVE, "2025-01-07"),
        ]
        assert ratifications(given(out, again)) == [f"{RATIFIES} 2025-02-06"]

    def test_a_visit_that_is_still_owed_can_be_made(self):
        history = given(WITH_YEAR, excluded("out", TWO, "2024-12-31"))
        visit = made("v", "2025-02-01", visitor=TWO, host=THREE, under="year:year")
        history = given(history, visit, attested("a", "v", by=CAT, on="2025-02-02"))
        assert visits(history, TWO) == "0"

    def test_only_a_member(self):
        WITH_YEAR.when(excluded("out", FOUR, "2024-12-31")).then_refused(
            f"{FOUR} does not belong to {ESTUARY} on 2024-12-31"
        )
        history = given(WITH_YEAR, excluded("out", TWO, "2024-12-31"))
        history.when(excluded("again", TWO, "2024-12-31")).then_refused(
            f"{TWO} leaves {ESTUARY} on 2024-12-31 already"
        )
        history.when(excluded("again", TWO, "2025-01-31")).then_refused(
            f"{TWO} does not belong to {ESTUARY} on 2025-01-31"
        )

    def test_before_the_notice_runs_out(self):
        history = given(WITH_YEAR, left(BEN, "go", "2024-10-02", "2025-04-30"))
        assert visits(history, TWO) == "2"
        history = given(history, excluded("out", TWO, "2024-12-31"))
        assert visits(history, TWO) == "1"
        assert visits(given(history, withdrawn("out", CAROL, "2025-01-05")), TWO) == "2"

    def test_the_notice_is_withdrawn_only_once_the_exclusion_is_that_came_after_it(self):
        """All the months to the end of the notice were owed again by a school that was out."""
        history = given(WITH_YEAR, left(BEN, "go", "2024-10-02", "2025-04-30"))
        history = given(history, excluded("out", TWO, "2024-12-31"))
        history.when(withdrawn("go", BEN, "2025-01-05")).then_refused(
            "later events rely on it: MemberExcluded <out>; withdraw those first"
        )
        history = given(history, withdrawn("out", CAROL, "2025-01-05"))
        assert visits(given(history, withdrawn("go", BEN, "2025-01-06")), TWO) == "3"

    def test_who_declined_and_leaves_is_as_one_who_left(self):
        eve = By("eve", ANN.office)
        history = given(WITH_YEAR, newcomer(eve, "2024-10-01"))
        history = given(history, declined(eve, "x", "2024-10-02", leaves_on="2025-02-28"))
        history.when(left(eve, "go", "2024-10-03", "2025-01-31")).then_refused(
            f"{ONE} has left {ESTUARY} already, or given notice to"
        )


class TestOneOfTwoMemberships:
    """A school that left came back: what is said of the time before leaves the new one alone."""

    BACK = given(
        WITH_YEAR,
        left(BEN, "go", "2024-10-02", "2024-12-31"),
        sought("s2", TWO, "2025-03-01", by=BEN),
        admitted("in2", "s2", "2025-03-02"),
    )

    def test_an_earlier_last_day_of_the_first_does_not_end_the_second(self):
        """It did: the school belonged to nothing any more, and the visits of its new time lost."""
        out = excluded("out", TWO, "2024-11-30").but(on="2025-03-05")
        history = given(self.BACK, out)
        own = [one for one in history.look(members(ESTUARY)) if one.school == TWO]
        assert [(one.first.isoformat(), one.last and one.last.isoformat()) for one in own] == [
            ("2024-09-01", "2024-11-30"),
            ("2025-03-02", None),
        ]
        assert history.left("in2/peer_visit") == self.BACK.left("in2/peer_visit") == "2"
        assert (visits(self.BACK, TWO), visits(history, TWO)) == ("1", "1")
        due = f"impact_account: {TWO} owes {ESTUARY} 1 item by 2025-09-21"
        assert due in self.BACK.owed(kind="impact_account")
        assert due in history.owed(kind="impact_account")

    def test_nobody_leaves_before_they_join(self):
        act = left(BEN, "again", "2024-11-05", "2025-02-28").but(recorded="2025-03-05")
        self.BACK.when(act).then_refused(
            f"{TWO} belongs to {ESTUARY} from 2025-03-02 on: it leaves on that day or later, not on"
            " 2025-02-28"
        )
        self.BACK.when(act.but(effective_on="2025-03-02")).then_recorded()

    def test_dissolution_ends_what_was_to_begin_later_too(self):
        history = given(
            WITH_YEAR,
            sought("s2", FOUR, "2024-10-01"),
            admitted("in2", "s2", "2024-10-02", effective_on="2025-06-01"),
            dissolved(on="2025-01-10"),
        )
        assert history.left("in2/peer_visit") == "0"
        assert not any(one.covers(date(2025, 6, 2)) for one in history.look(members(ESTUARY)))

    def test_dissolution_ends_what_the_next_head_was_to_ratify_until_the_school_left(self):
        """It is told of a day before the first of a head who was appointed ahead."""
        *enrolled, comes = newcomer(EVE, "2025-01-15")
        history = given(
            WITH_YEAR,
            left(ANN, "go", "2024-10-02", "2025-06-30"),
            *(one.but(on="2025-01-05") for one in (*enrolled, comes)),
        )
        assert len(ratifications(history, "2025-01-20")) == 1
        assert ratifications(given(history, dissolved(on="2025-01-10")), "2025-01-20") == []
