"""Partnerships: founded, joined, ratified, left, and their years."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    CAROL,
    ESTUARY,
    FOUR,
    HEADS,
    NORTHWICK,
    ONE,
    RITA,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    admitted,
    appointed,
    declined,
    ended_with,
    formed,
    given,
    newcomer,
    ratified,
    say,
    schools_merged,
    sought,
    spelled,
    withdrawn,
    year_opened,
)

EVE = By("eve", ANN.office)
SOUGHT = given(WITH_ESTUARY, sought("s", FOUR))
NEW_HEAD = given(WITH_YEAR, newcomer(EVE, "2024-10-01"))


def test_a_partnership_is_formed_once():
    NORTHWICK.when(formed()).then_recorded()
    WITH_ESTUARY.when(formed("again")).then_refused(f"{ESTUARY} is formed already")


def test_its_contingency_names_parties_that_are_known():
    nobody = {"on_closure": "body:x", "on_dissolution": "body:x", "holds_unspent": "body:x"}
    NORTHWICK.when(formed(contingency=nobody)).then_refused(
        "it names body:x as ground rules, which is not registered in this ledger;"
        " `school-ledger find NAME` looks it up, and a registrar registers it"
    )


class TestMembershipSought:
    def test_a_school_asks_to_join(self):
        WITH_ESTUARY.when(sought("s", FOUR)).then_recorded()

    def test_not_where_it_belongs(self):
        WITH_ESTUARY.when(sought("s", ONE)).then_refused(f"{ONE} belongs to {ESTUARY} already")

    def test_not_while_another_application_waits_for_an_answer(self):
        SOUGHT.when(sought("s2", FOUR)).then_refused(
            "the application <s> waits for an answer; one answer is enough"
        )

    def test_again_once_the_first_application_is_withdrawn(self):
        history = given(SOUGHT, withdrawn("s", HEADS[FOUR], "2024-09-05"))
        history.when(sought("s2", FOUR, "2024-09-06")).then_recorded()

    def test_under_the_version_in_force(self):
        WITH_ESTUARY.when(sought("s", FOUR, version=2)).then_refused(
            "“version” must be the latest version of the ground rules: got 2, expected 1;"
            " left out, it is filled in"
        )

    def test_a_partnership_that_is_known(self):
        NORTHWICK.when(sought("s", FOUR)).then_refused(
            f"it names {ESTUARY} as partnership, which is not registered in this ledger;"
            " `school-ledger find NAME` looks it up, and a registrar registers it"
        )


class TestSchoolAdmitted:
    def test_the_partnership_answers(self):
        SOUGHT.when(admitted("a", "s", "2024-09-10")).then_recorded()

    def test_once(self):
        history = given(SOUGHT, admitted("a", "s", "2024-09-10"))
        history.when(admitted("again", "s", "2024-09-11")).then_refused(
            "<application:s> is answered already; withdraw that answer to give another",
            f"{FOUR} belongs to {ESTUARY} already",
        )

    def test_naming_the_year_that_it_joins_within(self):
        history = given(SOUGHT, year_opened())
        joining = admitted("a", "s", "2024-09-10")
        assert history.drafted(joining).data["year"] == spelled("year:year")
        history.when_altered(joining, year=None).then_refused(
            "“year” must be the partnership year that it joins within: got nothing, expected"
            " <year:year>; left out, it is filled in"
        )

    def test_and_no_other(self):
        history = given(SOUGHT, year_opened())
        act = admitted("a", "s", "2025-09-01", said_on="2024-09-10", year="year:year")
        history.when(act).then_refused(
            "“year” must be the partnership year that it joins within: got <year:year>,"
            " expected nothing; left out, it is filled in"
        )

    def test_of_an_application_to_it(self):
        WITH_ESTUARY.when(
            admitted("a", "s", "2024-09-10", school=FOUR, partnership=ESTUARY)
        ).then_refused(
            "it names <application:s>, and no application of that id stands in this ledger;"
            " `school-ledger show application:` lists those that do"
        )
        SOUGHT.when(admitted("a", "s", "2024-09-10", school=TWO)).then_refused(
            (
                f"“school” must be as in the application it names: got {TWO}, expected {FOUR};"
                " left out, it is filled in"
            ),
            f"{TWO} belongs to {ESTUARY} already",
        )

    def test_not_by_who_asked(self):
        dan = By("dan", CAROL.office)
        act = appointed(dan, "2024-09-10", label="dan-chairs")
        given(SOUGHT, act).when(admitted("a", "s", "2024-09-11", by=dan)).then_refused(
            "the same person signed the application that it answers; somebody else must sign this"
            " half"
        )


class TestMembershipRatified:
    def test_a_new_head_takes_on_what_the_school_owes(self):
        NEW_HEAD.when(ratified(EVE, "r", "2024-10-02")).then_recorded()

    def test_once(self):
        history = given(NEW_HEAD, ratified(EVE, "r", "2024-10-02"))
        history.when(ratified(EVE, "again", "2024-10-03")).then_refused(
            f"{ONE} has nothing to ratify with {ESTUARY}; a member that wants to go records"
            " MembershipLeft"
        )

    def test_only_what_there_is_to_ratify(self):
        WITH_YEAR.when(ratified(ANN, "r", "2024-10-02")).then_refused(
            f"{ONE} has nothing to ratify with {ESTUARY}; a member that wants to go records"
            " MembershipLeft"
        )

    def test_the_version_in_force(self):
        NEW_HEAD.when(ratified(EVE, "r", "2024-10-02", version=2)).then_refused(
            "“version” must be the latest version of the ground rules: got 2, expected 1;"
            " left out, it is filled in"
        )

    @pytest.mark.parametrize("basis", ["acting", "interim"])
    def test_only_by_a_substantive_or_executive_head(self, basis):
        stand_in = newcomer(By("ida", ANN.office), "2024-11-01", basis=basis, succeeds="person:eve")
        history = given(NEW_HEAD, stand_in)
        history.when(ratified(By("ida", ANN.office), "r", "2024-11-02")).then_refused(
            "only a substantive or executive head takes on, or declines, what the school"
            " owes: it waits for the next one"
        )

    def test_not_by_the_outgoing_head_before_the_new_one_begins(self):
        coming = newcomer(EVE, "2024-10-01", effective_on="2025-01-01")
        history = given(WITH_YEAR, coming)
        history.when(ratified(ANN, "r", "2024-12-01")).then_refused(
            f"{ONE} has nothing to ratify with {ESTUARY}; a member that wants to go records"
            " MembershipLeft"
        )
        history.when(ratified(EVE, "r", "2025-01-01")).then_recorded()

    def test_rows_name_obligations_that_are_known(self):
        rows = [{"obligation": "zzz/support", "outstanding": "1", "unit": "day"}]
        NEW_HEAD.when(ratified(EVE, "r", "2024-10-02", rows=rows)).then_refused(
            "it names <zzz/support>, which is not in this ledger; check its id"
        )


class TestMembershipDeclined:
    def test_a_new_head_stays_under_the_old_terms(self):
        NEW_HEAD.when(declined(EVE, "x", "2024-10-02")).then_recorded()

    def test_or_leaves_with_the_notice(self):
        NEW_HEAD.when(declined(EVE, "x", "2024-10-02", leaves_on="2024-12-01")).then_recorded()
        NEW_HEAD.when(declined(EVE, "x", "2024-10-02", leaves_on="2024-11-30")).then_refused(
            "the notice to leave is 60 days: it can leave on 2024-12-01 at the earliest"
        )

    def test_nothing_without_a_question(self):
        WITH_YEAR.when(declined(ANN, "x", "2024-10-02")).then_refused(
            f"{ONE} has nothing to ratify with {ESTUARY}; a member that wants to go records"
            " MembershipLeft"
        )

    def test_only_by_a_substantive_or_executive_head(self):
        acting = By("ida", ANN.office)
        history = given(
            NEW_HEAD, newcomer(acting, "2024-11-01", basis="acting", succeeds="person:eve")
        )
        history.when(declined(acting, "x", "2024-11-02")).then_refused(
            "only a substantive or executive head takes on, or declines, what the school"
            " owes: it waits for the next one"
        )

    def test_who_has_left_does_not_leave_again(self):
        history = given(
            NEW_HEAD,
            declined(EVE, "x", "2024-10-02", leaves_on="2024-12-31"),
            newcomer(By("fay", ANN.office), "2024-11-01", succeeds="person:eve"),
        )
        act = declined(By("fay", ANN.office), "x2", "2024-11-02", leaves_on="2025-06-30")
        history.when(act).then_refused(f"{ONE} has left {ESTUARY} already, or given notice to")
        history.when(act.but(leaves_on=None)).then_recorded()

    def test_who_left_may_come_back(self):
        history = given(NEW_HEAD, declined(EVE, "x", "2024-10-02", leaves_on="2024-12-31"))
        again = sought("s", ONE, "2024-12-15", by=EVE)
        history.when(again).then_refused(f"{ONE} belongs to {ESTUARY} already")
        back = sought("s", ONE, "2025-01-02", by=EVE)
        history = given(history, back)
        history.when(admitted("a", "s", "2025-01-03", year="year:year")).then_recorded()


class TestPartnershipYearOpened:
    def test_a_year_begins(self):
        WITH_ESTUARY.when(year_opened()).then_recorded()
        WITH_YEAR.when(
            year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31")
        ).then_recorded()

    @pytest.mark.parametrize(
        ("starts", "ends"), [("2024-09-01", "2024-09-01"), ("2024-09-01", "2026-01-15")]
    )
    def test_of_a_length_that_a_year_has(self, starts, ends):
        WITH_ESTUARY.when(year_opened(starts=starts, ends=ends)).then_refused(
            f"a year from {starts} to {ends} is no partnership year: it ends after it starts, and"
            " within 500 days"
        )

    @pytest.mark.parametrize("starts", ["2024-09-01", "2025-08-31"])
    def test_beside_no_other(self, starts):
        act = year_opened("again", starts=starts, ends="2025-12-31")
        WITH_YEAR.when(act).then_refused(
            "it overlaps the year 2024-25, from 2024-09-01 to 2025-08-31"
        )


def closed(reference, on="2024-09-30"):
    """A school closes, with no successor."""
    said = {"school": reference, "effective_on": on, "reason": "closed"}
    return say("SchoolClosed", "closed", RITA, on, **said)


def test_a_closed_school_neither_seeks_membership_nor_is_admitted():
    reason = f"{FOUR} closed on 2024-09-30: it can be no school any more"
    history = given(WITH_ESTUARY, sought("s", FOUR), closed(FOUR))
    history.when(admitted("in", "s", "2024-10-01")).then_refused(reason)
    given(WITH_ESTUARY, closed(FOUR)).when(sought("s", FOUR, "2024-10-01")).then_refused(
        reason, ended_with(f"head@{FOUR}", "2024-09-30")
    )


class TestOfASchoolThatIsToEnd:
    """What tells that a school ends passes on the memberships that it had by then."""

    SOUGHT = given(WITH_ESTUARY, sought("s", FOUR))
    ENDS: ClassVar = {
        "closed": (
            closed(FOUR, "2025-03-31").but(on="2024-09-10"),
            f"{FOUR} closes on 2025-03-31: a school that closes joins no partnership",
        ),
        "merged": (
            schools_merged(predecessors=[FOUR, ONE], school=ONE, on="2024-09-10"),
            f"{FOUR} goes on as {ONE} from 2025-04-01 on: {ONE} joins, not a school that ends",
        ),
    }

    @pytest.mark.parametrize("case", ENDS.values(), ids=ENDS)
    def test_it_neither_seeks_membership_nor_is_admitted(self, case):
        ends, reason = case
        act = admitted("in", "s", "2024-09-20", effective_on="2024-10-01")
        given(self.SOUGHT, ends).when(act).then_refused(reason)
        given(WITH_ESTUARY, ends).when(sought("s", FOUR, "2024-09-20")).then_refused(reason)


class TestPartyRenamed:
    @staticmethod
    def renamed(party, name="Harbour", **changes):
        said = {"party": party, "name": name, "effective_on": "2025-04-01", **changes}
        by = said.pop("by", RITA)
        return say("PartyRenamed", "pr", by, "2025-03-01", **said)

    NAMES: ClassVar = {ONE: "School 900001", "body:northwick": "Northwick", ESTUARY: "Estuary"}

    @pytest.mark.parametrize("party", NAMES)
    def test_a_party_is_called_otherwise_and_its_name_until_then_is_told(self, party):
        act = self.renamed(party)
        assert WITH_YEAR.drafted(act).data["former_name"] == self.NAMES[party]
        once = given(WITH_YEAR, act)
        again = self.renamed(party, "Haven").but(label="again")
        assert once.drafted(again).data["former_name"] == "Harbour"

    def test_not_as_it_is_called(self):
        WITH_YEAR.when(self.renamed(ESTUARY, "Estuary")).then_refused(
            f"{ESTUARY} is called Estuary already"
        )

    def test_by_the_registrar_and_of_a_partnership_by_its_chair(self):
        WITH_YEAR.when(self.renamed(ESTUARY, by=CAROL)).then_recorded()
        WITH_YEAR.when(self.renamed(ONE, by=ANN)).then_refused(
            f"PartyRenamed is not for head@{ONE} to sign: it takes the registrar"
            " (registrar@ledger); or a partnership's chair"
        )
