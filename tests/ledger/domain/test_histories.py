"""Schools and bodies end, split or change hands, heads leave: who owes what at each step."""

from datetime import date
from typing import ClassVar

from given import (
    ANN,
    BEACON,
    BEN,
    CAROL,
    ESTUARY,
    FOUR,
    INSPECTORATE,
    IRIS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    THREE,
    TWO,
    WITH_YEAR,
    By,
    accepted,
    agreed,
    appointed,
    attested,
    body,
    body_changed,
    body_succeeded,
    converted,
    declined,
    departure,
    given,
    handed_over,
    made,
    newcomer,
    offered,
    ratified,
    rules_agreed,
    schools_merged,
)
from moneys import answered, claimed
from targeting import in_conflict, reconciled, targeted

from ledger.domain.partnership import facts as parties
from ledger.domain.registers import bodies, schools

CAT = By("cat", f"head@{THREE}")
EVE = By("eve", ANN.office)
FAY = By("fay", ANN.office)
AGREED = given(WITH_YEAR, offered(), agreed())


def owes(kind, debtor, creditor, left):
    return f"{kind}: {debtor} owes {creditor} {left}"


class TestTwoSchoolsOfOnePartnershipBecomeOne:
    BEFORE = given(
        AGREED,
        offered("p", provider=THREE, receiver=TWO, by=CAT),
        agreed("q", "p"),
        made("v", "2024-10-01", under="agreement:q", visitor=THREE),
        rules_agreed("anew", "2025-01-06", effective_on="2025-02-01"),
        ratified(BEN, "take", "2025-02-03", version=2),
    )
    MERGED = given(BEFORE, schools_merged())

    def test_what_one_owed_the_other_is_void_and_what_third_parties_owe_follows(self):
        assert self.MERGED.owed("2025-03-31", "support") == self.BEFORE.owed(
            "2025-03-31", "support"
        )
        assert self.MERGED.owed("2025-04-01", "support") == [
            owes("support", THREE, ONE, "6 day by 2025-03-31")
        ]

    def test_two_memberships_become_one_under_the_later_version(self):
        members = self.MERGED.look(parties.members(ESTUARY))
        one = next(member for member in members if member.school == ONE)
        two = next(member for member in members if member.school == TWO)
        assert (one.last, one.bound[-1].version, two.last) == (None, 2, date(2025, 3, 31))
        assert self.MERGED.look(parties.belongs(ONE)) == (one,)
        assert self.MERGED.look(parties.belongs(TWO)) == (two,)

    def test_visits_are_owed_for_the_months_of_the_one_that_ends_and_in_full_of_the_other(self):
        by = "visit by 2025-08-31"
        owed = self.MERGED.owed("2025-04-01", "peer_visit")
        assert (
            owed
            == [
                owes("peer_visit", ONE, ESTUARY, f"2 {by}"),
                owes("peer_visit", ONE, ESTUARY, f"3 {by}"),
                owes("peer_visit", THREE, ESTUARY, f"3 {by}"),
            ]
            or sorted(owed) == owed
        )

    def test_a_visit_of_the_one_school_fills_what_either_owed(self):
        made_so = {"purpose": "peer_review", "days": "1.0", "under": "year:year"}
        first = made("w", "2025-04-20", host=THREE, **made_so)
        confirm = attested("wa", "w", on="2025-04-21", days="1.0", by=CAT)
        visited = given(self.MERGED, first, confirm)
        left = [visited.left(f"year/peer_visit/{school}") for school in (ONE, TWO)]
        assert left == ["2", self.MERGED.left(f"year/peer_visit/{TWO}")]

    def test_the_head_who_goes_hands_over_and_the_one_who_stays_ratifies(self):
        assert self.MERGED.owed("2025-04-01", "handover") == [
            owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-04-29"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-05-06"),
        ]
        asked = [line for line in self.MERGED.owed(kind="ratification") if THREE not in line]
        assert asked == [owes("ratification", ONE, ESTUARY, "1 item by 2025-05-01")]
        settled = given(
            self.MERGED,
            handed_over(BEN, on="2025-04-10"),
            ratified(ANN, "r", "2025-04-11", version=2),
        )
        assert settled.owed("2025-04-11", "handover") == []
        assert ONE not in " ".join(settled.owed("2025-04-11", "ratification"))

    def test_a_handover_given_before_that_day_is_owed_no_more_on_it(self):
        history = given(self.MERGED, handed_over(BEN, on="2025-03-10"))
        assert (
            history.owed("2025-03-31", "handover") == history.owed("2025-04-01", "handover") == []
        )

    def test_the_head_of_the_one_school_answers_for_the_one_that_ended(self):
        after = given(self.MERGED, attested("a", "v", on="2025-04-10", by=ANN))
        assert after.owed("2025-04-10", "support") == [
            owes("support", THREE, ONE, "4.5 day by 2025-03-31")
        ]

    def test_a_membership_passes_to_a_school_that_had_none(self):
        history = given(WITH_YEAR, schools_merged(predecessors=[TWO, FOUR], school=FOUR))
        (four,) = history.look(parties.belongs(FOUR))
        assert (four.partnership, four.first, four.last) == (ESTUARY, date(2025, 4, 1), None)
        assert owes("peer_visit", FOUR, ESTUARY, "3 visit by 2025-08-31") in history.owed()


class TestOnlySchoolsThatStandMerge:
    def test_each_once(self):
        WITH_YEAR.when(schools_merged(predecessors=[ONE, ONE])).then_refused(
            "predecessors names a school twice"
        )

    def test_not_one_that_went_into_another(self):
        history = given(WITH_YEAR, schools_merged())
        again = schools_merged("again", predecessors=[TWO, THREE], school=THREE)
        history.when(again).then_refused(
            f"{TWO} merged into {ONE} on 2025-04-01: it can merge with none"
        )

    def test_with_the_memberships_that_pass_on(self):
        WITH_YEAR.when_altered(schools_merged(), memberships=None).then_refused(
            "“memberships” must be those of the schools that end: got nothing, expected"
            f" {TWO} {ESTUARY} 1; left out, it is filled in"
        )


class TestAConversionIntoATrustOfAnotherAuthority:
    """What is owed to the responsible body passes with days anew; what was promised stays."""

    LEFT = given(AGREED, departure(ANN, on="2025-03-01", effective_on="2025-03-20"))
    CONVERTED = given(LEFT, converted())

    def test_step_by_step(self):
        assert self.LEFT.owed("2025-03-31", "handover") == [
            owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-03-20"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-03-20"),
        ]
        assert self.CONVERTED.owed("2025-04-01", "handover") == [
            owes("handover", ONE, BEACON, "1 item by 2025-04-29"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-03-20"),
        ]
        assert self.CONVERTED.owed("2025-04-01", "support") == [
            owes("support", ONE, TWO, "6 day by 2025-03-31")
        ]
        since = given(self.CONVERTED, handed_over(ANN, on="2025-04-05"))
        assert since.owed("2025-04-05", "handover") == []

    def test_so_it_does_where_the_body_changes_without_a_new_urn(self):
        history = given(WITH_YEAR, departure(BEN), body_changed(school=TWO, on="2025-05-02"))
        assert owes("handover", TWO, BEACON, "1 item by 2025-05-30") in history.owed("2025-05-02")
        before = history.owed("2025-05-01", "handover")
        assert any(f"{TWO} owes {NORTHWICK_BODY}" in line for line in before)


class TestAnAuthorityThatSplitsInTwo:
    WORLD = given(
        NORTHWICK,
        body("eastwick", "local_authority"),
        body("westwick", "local_authority"),
        newcomer(By("wim", "officer@body:westwick")),
        offered("o", provider=NORTHWICK_BODY, receiver=TWO, by=OLIVE),
        agreed("g", "o"),
        offered("p", provider=NORTHWICK_BODY, receiver=THREE, by=OLIVE),
        agreed("h", "p", by=CAT),
        departure(ANN),
    )
    WHERE: ClassVar = {ONE: "westwick", TWO: "westwick", THREE: "eastwick", FOUR: "eastwick"}
    GOES: ClassVar = [{"school": school, "body": f"body:{to}"} for school, to in WHERE.items()]

    def split(self, **changes):
        both = ["body:eastwick", "body:westwick"]
        return body_succeeded(**{"successors": both, "schools": self.GOES, **changes})

    def test_each_school_goes_where_it_is_said_with_all_that_is_owed_about_it(self):
        history = given(self.WORLD, self.split())
        day = date(2025, 4, 1)
        for school, to in self.WHERE.items():
            line = history.look(schools.school(school))
            assert line.responsible_body(date(2025, 3, 31)) == NORTHWICK_BODY
            assert line.responsible_body(day) == line.authority(day) == f"body:{to}"
        assert history.owed("2025-03-31") == self.WORLD.owed("2025-03-31")
        assert history.owed("2025-04-01", "support") == [
            owes("support", "body:eastwick", THREE, "6 day by 2025-03-31"),
            owes("support", "body:westwick", TWO, "6 day by 2025-03-31"),
        ]
        assert history.owed("2025-04-01", "handover") == [
            owes("handover", ONE, "body:westwick", "1 item by 2025-04-30")
        ]
        assert history.owed("2025-04-01", "ratification") == []

    def test_what_is_named_goes_where_it_is_named(self):
        moved = [{"obligation": "g/support", "body": "body:eastwick"}]
        history = given(self.WORLD, self.split(moved=moved))
        expected = owes("support", "body:eastwick", TWO, "6 day by 2025-03-31")
        assert expected in history.owed("2025-04-01")

    def test_all_goes_to_the_one_that_succeeds_whose_officer_then_signs(self):
        history = given(self.WORLD, body_succeeded())
        assert NORTHWICK_BODY not in " ".join(history.owed("2025-04-01"))
        wim = By("wim", "officer@body:westwick")
        said = {"provider": NORTHWICK_BODY, "receiver": TWO, "valid_until": "2025-12-31"}
        history.when(offered("later", "2025-04-02", by=wim, **said)).then_recorded()

    def test_without_a_successor_what_it_owed_has_nobody_to_answer(self):
        history = given(self.WORLD, body_succeeded(successors=None))
        assert history.owed() == self.WORLD.owed()
        assert history.look(bodies.ended(NORTHWICK_BODY)).successors == ()

    def test_no_school_is_left_behind_nor_taken_from_elsewhere(self):
        self.WORLD.when(self.split(schools=self.GOES[1:])).then_refused(
            f"{ONE} is under {NORTHWICK_BODY} and goes nowhere: say to which successor"
        )
        trust = given(self.WORLD, body("far", "local_authority"))
        trust.when(body_succeeded(body="body:far", schools=self.GOES[:1])).then_refused(
            f"{ONE} is not under body:far on 2025-04-01"
        )

    def test_it_ends_once_and_never_in_itself(self):
        again = given(self.WORLD, self.split()).when(self.split(label="again"))
        assert again.reasons[0] == f"{NORTHWICK_BODY} ended already, on 2025-04-01"
        self.WORLD.when(body_succeeded(successors=[NORTHWICK_BODY])).then_refused(
            f"{NORTHWICK_BODY} does not succeed itself"
        )

    def test_nothing_goes_to_another_body(self):
        elsewhere = self.split(moved=[{"obligation": "g/support", "body": BEACON}])
        self.WORLD.when(elsewhere).then_refused(f"{BEACON} is none of its successors")


class TestAHeadLeavesMidAgreement:
    """Notice, an acting head, a new head who declines: what is owed at each step."""

    NOTICE = given(AGREED, departure(ANN, on="2025-01-10", effective_on="2025-01-31"))
    ACTING = given(
        NOTICE,
        handed_over(ANN, on="2025-01-30"),
        newcomer(EVE, "2025-02-01", basis="acting"),
    )
    CAME = given(ACTING, newcomer(FAY, "2025-03-03", succeeds="person:eve"))

    @staticmethod
    def of_head(history, on):
        kinds = ("handover", "handover_acceptance", "ratification")
        return [line for line in history.owed(on) if line.partition(":")[0] in kinds]

    def test_notice_leaves_a_handover_owed_by_the_last_day(self):
        assert self.of_head(self.NOTICE, "2025-01-10") == [
            owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-01-31"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-01-31"),
        ]

    def test_once_given_nothing_waits_while_a_head_acts(self):
        assert self.of_head(self.ACTING, "2025-02-10") == []
        assert owes("support", ONE, TWO, "6 day by 2025-03-31") in self.ACTING.owed("2025-02-10")

    def test_the_new_head_accepts_and_ratifies_and_the_acting_one_hands_over(self):
        assert self.of_head(self.CAME, "2025-03-03") == [
            owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-03-31"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-04-07"),
            owes("handover_acceptance", ONE, NORTHWICK_BODY, "1 item by 2025-03-31"),
            owes("handover_acceptance", ONE, ESTUARY, "1 item by 2025-04-07"),
            owes("ratification", ONE, ESTUARY, "1 item by 2025-04-02"),
        ]

    def test_who_declines_leaves_with_notice_and_what_was_promised_stays_owed(self):
        history = given(
            self.CAME,
            handed_over(EVE, "again", on="2025-03-04"),
            accepted(FAY, handover="again", on="2025-03-10"),
            declined(FAY, "n", "2025-03-20", leaves_on="2025-05-31"),
        )
        assert self.of_head(history, "2025-03-20") == []
        assert owes("support", ONE, TWO, "6 day by 2025-03-31") in history.owed("2025-03-20")
        visits = history.owed("2025-06-01", "peer_visit")
        assert owes("peer_visit", ONE, ESTUARY, "3 visit by 2025-08-31") in visits


def test_a_handover_in_november_to_a_successor_from_january_makes_nothing_overdue():
    """The school was overdue on 17 December, and the successor could not sign before January."""
    history = given(
        WITH_YEAR,
        newcomer(EVE, "2024-11-10")[:2],
        departure(ANN, on="2024-11-04", effective_on="2024-12-31"),
        appointed(EVE, "2024-11-10", effective_on="2025-01-01"),
        handed_over(ANN, on="2024-11-19"),
    )
    assert history.owed("2024-12-31", "handover_acceptance") == []
    assert history.owed("2025-01-01", "handover_acceptance") == [
        owes("handover_acceptance", ONE, NORTHWICK_BODY, "1 item by 2025-01-29"),
        owes("handover_acceptance", ONE, ESTUARY, "1 item by 2025-02-05"),
    ]
    history.when(accepted(EVE, on="2025-01-01")).then_recorded()


class TestTargetsOfFiveMastersTwoOfWhichCannotBothBeMet:
    """The council, the region, an inspectorate, the partnership, and what the school set itself."""

    REGION = By("reg", "officer@body:region")
    SET = given(
        WITH_YEAR,
        body("region", "regional_team"),
        newcomer(REGION),
        targeted("council", measure="attendance-percent", value="96"),
        targeted("region", setter="body:region", by=REGION, measure="exclusions", value="0"),
        targeted("inspectorate", setter=INSPECTORATE, by=IRIS, measure="lessons-lost", value="5"),
        targeted("peers", setter=ESTUARY, by=CAROL, measure="visits-received", value="3"),
        targeted("own", setter=TWO, by=BEN, agreed_with=BEACON, measure="reading", value="104"),
    )
    RAISED = given(SET, in_conflict("x", "region", "inspectorate"))
    STANDS = given(RAISED, reconciled("stands", by=IRIS, on="2024-10-08"))
    CHANGED = given(
        STANDS,
        targeted(
            *("fewer", "2024-10-10"),
            setter="body:region",
            by=REGION,
            measure="exclusions",
            value="4",
            replaces="target:region",
        ),
        reconciled("changed", "changed", by=REGION, changed_by="target:fewer", on="2024-10-10"),
    )

    @staticmethod
    def targets(history, on):
        return {line.split(" owes ")[1].split()[0] for line in history.owed(on, "target")}

    def test_each_is_owed_to_its_master(self):
        masters = {NORTHWICK_BODY, "body:region", INSPECTORATE, ESTUARY, BEACON}
        assert self.targets(self.SET, "2024-09-30") == masters

    def test_only_the_two_who_set_what_conflicts_owe_an_answer(self):
        by = "1 item by 2024-10-15"
        assert self.RAISED.owed("2024-10-01", "reconciliation") == [
            owes("reconciliation", INSPECTORATE, TWO, by),
            owes("reconciliation", "body:region", TWO, by),
        ]
        assert self.STANDS.owed("2024-10-08", "reconciliation") == [
            owes("reconciliation", "body:region", TWO, by)
        ]

    def test_what_is_changed_is_owed_in_its_place_and_as_many_masters_are_left(self):
        assert self.CHANGED.owed("2024-10-10", "reconciliation") == []
        left = [self.CHANGED.left(f"{one}/target") for one in ("region", "fewer", "inspectorate")]
        assert left == ["0", "1", "1"]
        assert len(self.targets(self.CHANGED, "2024-10-10")) == 5

    def test_in_the_end_one_is_met_one_is_missed_and_each_by_the_word_of_its_master(self):
        ended = given(
            self.CHANGED,
            claimed(obligation="council/target", by=BEN, on="2025-07-10"),
            answered("met", obligation="council/target", on="2025-07-14"),
            answered(
                *("missed", "not_met"), obligation="fewer/target", by=self.REGION, on="2025-07-21"
            ),
        )
        assert self.targets(ended, "2025-07-21") == {INSPECTORATE, ESTUARY, BEACON}
        assert ended.owed("2025-07-21", "fulfilment_answer") == []
