"""Support goes on when a side ends: whoever stands in its place says what that side would."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAT,
    DAN,
    FOUR,
    NORTHWICK,
    NORTHWICK_BODY,
    ONE,
    THREE,
    TWO,
    By,
    agreed,
    attested,
    body,
    body_succeeded,
    decided,
    given,
    identified,
    made,
    newcomer,
    offer_closed,
    offered,
    planned,
    progress,
    review_held,
    schools_merged,
    variation_accepted,
    varied,
    withdrawn,
)

WES = By("wes", "officer@body:westwick")
PRICED = {"price": "600.00", "payer": NORTHWICK_BODY, "commissioner": NORTHWICK_BODY}
#: Support that the authority commissions and pays for; then a side of it ends.
COMMISSIONED = given(
    NORTHWICK,
    body("westwick"),
    newcomer(WES),
    offered(**PRICED),
    decided(offer="offer:o", decision="approve", on="2024-09-03"),
    agreed(review_dates=["2024-12-20", "2025-02-20"]),
)
ON = {"on": "2024-10-31", "effective_on": "2024-11-01"}
INTO_THREE = schools_merged(predecessors=[TWO, THREE], school=THREE, **ON)
RECEIVER_MERGED = given(COMMISSIONED, INTO_THREE)
PROVIDER_MERGED = given(COMMISSIONED, schools_merged(predecessors=[ONE, FOUR], school=FOUR, **ON))
BODY_SUCCEEDED = given(COMMISSIONED, body_succeeded(**ON))

#: The history; what is said in a side's place; whose word it is; what it answers.
SAID = {
    "the receiver's plan": (
        RECEIVER_MERGED,
        planned(by=CAT, on="2024-11-10"),
        ("planner", TWO),
        "g/plan",
    ),
    "the receiver's report": (
        RECEIVER_MERGED,
        progress(by=CAT),
        ("reporter", TWO),
        f"g/progress_report/{TWO}/2024-12-20",
    ),
    "the provider's report": (
        PROVIDER_MERGED,
        progress(by=DAN),
        ("reporter", ONE),
        f"g/progress_report/{ONE}/2024-12-20",
    ),
    "the commissioner's review": (
        BODY_SUCCEEDED,
        review_held(by=WES),
        ("reviewer", NORTHWICK_BODY),
        "g/review/2024-12-20",
    ),
}


@pytest.mark.parametrize("case", SAID.values(), ids=SAID)
def test_who_stands_in_a_sides_place_answers_what_it_owes(case):
    history, act, (member, side), obligation = case
    assert history.left(obligation) == "1"
    after = history.when(act).then_recorded()
    assert after.record.entries[-1].data[member] == side
    assert after.left(obligation) == "0"


def test_the_plan_of_who_stands_in_the_providers_place_is_for_its_part_only():
    history = given(PROVIDER_MERGED, planned(by=DAN, on="2024-11-10"))
    assert history.left("g/plan") == "1"


class TestVaried:
    CASES: ClassVar = {
        "by the provider with the receiver's successor": (RECEIVER_MERGED, ANN, CAT),
        "by the receiver's successor with the provider": (RECEIVER_MERGED, CAT, ANN),
        "by the provider's successor with the receiver": (PROVIDER_MERGED, DAN, BEN),
    }

    @pytest.mark.parametrize("case", CASES.values(), ids=CASES)
    def test_terms_are_varied(self, case):
        history, proposer, acceptor = case
        on = "2024-11-10"
        proposed = varied(by=proposer, on=on, days="8.0")
        accepted = variation_accepted(by=acceptor, on=on)
        assert given(history, proposed, accepted).left("g/support") == "8"

    def test_more_is_paid_once_the_payers_successor_accepts(self):
        on = "2024-11-10"
        both = given(
            BODY_SUCCEEDED,
            varied(by=ANN, on=on, price="900.00"),
            variation_accepted("both", on=on),
        )
        assert both.left("g/payment") == "600"
        history = given(both, variation_accepted("payer", by=WES, on=on))
        assert history.left("g/payment") == "900"


class TestVisits:
    SIDES: ClassVar = {
        "to who goes on": (RECEIVER_MERGED, {"host": THREE}, CAT),
        "by who goes on": (PROVIDER_MERGED, {"visitor": FOUR}, BEN),
    }

    @pytest.mark.parametrize("case", SIDES.values(), ids=SIDES)
    def test_days_are_given(self, case):
        history, sides, host = case
        history = given(
            history,
            made(on="2024-11-20", **sides),  # under the only agreement between the two
            attested(by=host, on="2024-11-20"),
        )
        assert history.left("g/support") == "4.5"

    def test_not_to_another(self):
        RECEIVER_MERGED.when(made(host=FOUR, on="2024-11-20", under="agreement:g")).then_refused(
            f"the agreement is for {ONE} to support {TWO}"
        )


OFFERED = given(NORTHWICK, offered(), INTO_THREE)


def test_an_offer_is_declined_in_the_receivers_place():
    OFFERED.when(offer_closed(by=CAT, on="2024-11-02")).then_recorded()


def test_who_follows_a_commissioner_approves_what_was_offered_and_is_bound():
    priced = given(NORTHWICK, body("westwick"), newcomer(WES), offered(**PRICED))
    succeeded = given(priced, body_succeeded(**ON))
    approves = decided(offer="offer:o", decision="approve", on="2024-11-02", by=WES)
    dates = ["2024-12-20"]
    history = given(succeeded, approves, agreed(on="2024-11-03", review_dates=dates))
    assert history.record.entries[-1].data["approved_by"] == [NORTHWICK_BODY]
    assert history.owed(kind="review") == [f"review: body:westwick owes {TWO} 1 item by {dates[0]}"]
    assert history.left("g/payment") == "600"


class TestOffered:
    """What was offered to a school, or by one, is agreed by and with the one that goes on."""

    def test_an_offer_is_taken_up_in_the_receivers_place(self):
        history = given(OFFERED, agreed(by=CAT, on="2024-11-02"))
        assert history.owed(kind="support") == [
            f"support: {ONE} owes {THREE} 6 day by 2025-03-31",
        ]

    def test_an_offer_of_a_school_that_merged_is_taken_up(self):
        into_four = schools_merged(predecessors=[ONE, FOUR], school=FOUR, **ON)
        history = given(NORTHWICK, offered(), into_four, agreed(on="2024-11-02"))
        assert history.owed(kind="support") == [
            f"support: {FOUR} owes {TWO} 6 day by 2025-03-31",
        ]

    def test_not_by_who_signs_for_the_provider_too(self):
        merged = schools_merged(predecessors=[TWO, ONE], school=ONE, **ON)
        outcome = given(NORTHWICK, offered(), merged).when(agreed(by=ANN, on="2024-11-02"))
        assert "somebody else must sign this half" in str(outcome.reasons)

    def test_help_for_the_result_is_offered_for_what_was_asked_before(self):
        asked = given(NORTHWICK, identified(school=TWO), INTO_THREE)
        offer = offered(receiver=THREE, trigger="need:n", on="2024-11-02")
        asked.when(offer).then_recorded()
        asked.when(offer.but(receiver=FOUR)).then_refused(
            f"<need:n> is of {TWO}, not of {FOUR}, who would receive it"
        )


def test_an_event_is_withdrawn_by_the_same_office_of_who_goes_on():
    history = given(NORTHWICK, made(host=THREE, visitor=TWO), INTO_THREE)
    act = withdrawn("v", CAT, "2024-11-02")
    history.when(act).then_recorded()
    assert history.when(act.but(by=DAN)).reasons
