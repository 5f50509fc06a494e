"""What passes with the responsibility for a school: to whom, and by when it is due then."""

import pytest
from given import (
    BEACON,
    BEN,
    ESTUARY,
    FOUR,
    ONE,
    SOURCE,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    By,
    body,
    body_changed,
    body_succeeded,
    decided,
    departure,
    framework,
    given,
    handed_over,
    judged,
    newcomer,
    school,
    schools_merged,
)

PLACED = {"about": TWO, "urn": "urn:900002", "category": "special_measures"}
#: The authority is to find help for school two by 29 November, and states no action.
PLACED_THEN = given(
    WITH_ESTUARY,
    body("westwick", "local_authority"),
    framework(),
    judged("j", "2024-11-01", **PLACED),
)


def owed(history, kind):
    return [row.partition(": ")[2] for row in history.owed(kind=kind)]


@pytest.mark.parametrize(
    ("act", "to"),
    [
        (body_changed(source=SOURCE), "body:beacon-trust"),
        (body_succeeded(), "body:westwick"),
        (
            body_succeeded(
                successors=["body:westwick", "body:beacon-trust"],
                schools=[
                    {"school": one, "body": "body:westwick" if one == TWO else "body:beacon-trust"}
                    for one in (ONE, TWO, THREE, FOUR)
                ],
            ),
            "body:westwick",
        ),
    ],
    ids=["another body", "a successor", "a split"],
)
class TestDaysAnew:
    def test_whoever_becomes_responsible_has_the_days_from_then_on(self, act, to):
        history = given(PLACED_THEN, act)
        assert owed(history, "brokerage") == [f"{to} owes {TWO} 1 item by 2025-04-29"]
        assert owed(history, "member_response") == [f"{ESTUARY} owes {TWO} 1 item by 2024-11-15"]

    def test_and_no_fewer_than_there_were(self, act, to):
        leaves = departure(BEN, on="2025-01-10", effective_on="2025-07-31")
        history = given(PLACED_THEN, leaves, act)
        assert f"{TWO} owes {to} 1 item by 2025-07-31" in owed(history, "handover")


SIX = "school:900006"
GUS = By("gus", f"head@{SIX}")
#: School two merges into a school of the trust.
MERGED = given(
    PLACED_THEN,
    school(SIX, responsible_body=BEACON),
    newcomer(GUS),
    departure(BEN, on="2025-01-10", effective_on="2025-03-25"),
    schools_merged(predecessors=[TWO, SIX], school=SIX),
)


class TestAMergerIntoASchoolOfAnotherBody:
    def test_what_its_body_owes_and_is_owed_passes_to_that_of_the_result_days_anew(self):
        assert owed(MERGED, "brokerage") == [f"{BEACON} owes {SIX} 1 item by 2025-04-29"]
        assert f"{SIX} owes {BEACON} 1 item by 2025-04-29" in owed(MERGED, "handover")

    def test_until_that_day_it_is_as_it_was(self):
        before = MERGED.owed("2025-03-31")
        assert [line for line in before if line.startswith("brokerage: body:northwick owes")]
        assert [line for line in before if f"{TWO} owes body:northwick" in line]

    def test_what_a_partnership_owes_and_is_owed_stays_as_it_was(self):
        assert owed(MERGED, "member_response") == [f"{ESTUARY} owes {SIX} 1 item by 2024-11-15"]
        assert f"{SIX} owes {ESTUARY} 1 item by 2025-03-25" in owed(MERGED, "handover")

    def test_the_body_that_became_responsible_decides(self):
        history = given(MERGED, decided(by=TOM, trigger="judgement:j", on="2025-04-05"))
        assert owed(history, "brokerage") == []

    def test_so_does_the_handover_that_the_merger_asks_for(self):
        history = given(
            WITH_ESTUARY,
            school(SIX, responsible_body=BEACON),
            newcomer(GUS),
            schools_merged(predecessors=[TWO, SIX], school=SIX),
        )
        assert owed(history, "handover") == [
            f"{SIX} owes {BEACON} 1 item by 2025-04-29",
            f"{SIX} owes {ESTUARY} 1 item by 2025-05-06",
        ]
        assert owed(given(history, handed_over(BEN, on="2025-04-10")), "handover") == []

    def test_a_handover_given_afterwards_settles_it(self):
        history = given(MERGED, handed_over(BEN, on="2025-04-10"))
        assert owed(history, "handover") == []

    def test_so_it_passes_once_more(self):
        seven = "school:900007"
        further = schools_merged(
            "on", "2025-05-20", predecessors=[SIX, seven], school=seven, effective_on="2025-06-01"
        )
        history = given(MERGED, school(seven, responsible_body="body:westwick"), further)
        assert owed(history, "brokerage") == [f"body:westwick owes {seven} 1 item by 2025-06-29"]
        assert not [line for line in history.owed() if SIX in line or BEACON in line]


class TestWhoDecides:
    PASSED = given(PLACED_THEN, body_changed(source=SOURCE))
    ALONE = decided(by=TOM, trigger="judgement:j", on="2025-04-05")

    def test_the_body_that_became_responsible_decides_to_leave_the_school_alone(self):
        history = given(self.PASSED, self.ALONE)
        assert owed(history, "brokerage") == []
        assert history.record.entries[-1].data["instead_of"] == ["body:northwick"]

    def test_and_says_in_whose_place(self):
        self.PASSED.when_altered(self.ALONE, instead_of=None).then_refused(
            (
                "“instead of” must be the bodies whose duty to decide passed to who does, sorted:"
                " got nothing, expected body:northwick; left out, it is filled in"
            ),
            (
                "it lists the obligation <j/brokerage/body:northwick>, which it does not change:"
                " it is answered already, or not of this event; leave out its obligations, and"
                " they are filled in"
            ),
        )

    def test_the_body_that_was_responsible_leaves_it_alone_no_more(self):
        """It may decide still, as the authority of the area; the debt is another's."""
        self.PASSED.when(decided(trigger="judgement:j", on="2025-04-05")).then_refused(
            "body:northwick does not leave this alone any more: body:beacon-trust is responsible"
            " for the school now, and owes that help is found"
        )

    def test_nobody_is_followed_by_who_owed_it_from_the_first(self):
        decision = decided(trigger="judgement:j", on="2025-04-05")
        history = given(PLACED_THEN, decision)
        assert owed(history, "brokerage") == []
        assert "instead_of" not in history.record.entries[-1].data

    def test_to_support_it_leaves_it_owed(self):
        history = given(self.PASSED, self.ALONE.but(decision="support"))
        assert owed(history, "brokerage") == [f"body:beacon-trust owes {TWO} 1 item by 2025-04-29"]
