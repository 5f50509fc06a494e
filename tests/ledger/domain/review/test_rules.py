"""Reviews: who reports progress, who reviews support, and what a conversation answers."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    CAROL,
    ESTUARY,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    By,
    agreed,
    decided,
    given,
    newcomer,
    offered,
    planned,
    progress,
    review_held,
    variation_accepted,
    varied,
    withdrawn,
)

DATES = ["2024-12-13", "2025-03-21"]
AGREED = given(NORTHWICK, offered(), agreed(review_dates=DATES))
COMMISSIONED = given(NORTHWICK, offered(), agreed(review_dates=DATES, commissioner=NORTHWICK_BODY))
APPROVED = given(
    NORTHWICK,
    offered(commissioner=NORTHWICK_BODY),
    decided(offer="offer:o", decision="approve", on="2024-09-03"),
    agreed(review_dates=DATES),
)


def reports(debtor, creditor, *days):
    return [f"progress_report: {debtor} owes {creditor} 1 item by {day}" for day in days]


def reviews(debtor, *days):
    return [f"review: {debtor} owes {TWO} 1 item by {day}" for day in days]


class TestProgressReported:
    def test_each_side_owes_one_by_each_review_date_to_the_other(self):
        owed = [*reports(ONE, TWO, *DATES), *reports(TWO, ONE, *DATES)]
        assert AGREED.owed(kind="progress_report") == owed

    def test_or_to_who_commissions(self):
        owed = [*reports(ONE, NORTHWICK_BODY, *DATES), *reports(TWO, NORTHWICK_BODY, *DATES)]
        assert COMMISSIONED.owed(kind="progress_report") == owed

    def test_a_report_answers_the_next_of_its_own_side(self):
        once = given(AGREED, progress())
        left = [*reports(ONE, TWO, DATES[1]), *reports(TWO, ONE, *DATES)]
        assert once.owed(kind="progress_report") == left
        twice = given(once, progress("pr2", "2024-12-11"))
        assert twice.owed(kind="progress_report") == reports(TWO, ONE, *DATES)
        thrice = given(twice, progress("pr3", "2024-12-12"))
        assert "obligations" not in thrice.record.entries[-1].data

    def test_it_is_owed_again_when_that_is_withdrawn(self):
        history = given(AGREED, progress(), withdrawn("pr", ANN, "2024-12-12"))
        assert history.owed() == AGREED.owed()

    def test_not_withdrawn_once_another_answers_for_the_next_date(self):
        history = given(AGREED, progress(), progress("pr2", "2024-12-11"))
        history.when(withdrawn("pr", ANN, "2024-12-12")).then_refused(
            "later events rely on it: ProgressReported <pr2>; withdraw those first"
        )
        history.when(withdrawn("pr2", ANN, "2024-12-12")).then_recorded()

    NOT: ClassVar = {
        "in an area that there is not": (
            {"ratings": [{"area": "achievement", "rating": "red"}]},
            "no objective is in achievement: rate one of inclusion",
        ),
        "in an area twice": (
            {"ratings": [{"area": "inclusion", "rating": one} for one in ("red", "green")]},
            "it rates an area twice",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        given(AGREED, planned()).when(progress(**changes)).then_refused(reason)

    def test_without_a_plan_any_area_may_be_rated(self):
        AGREED.when(progress(ratings=[{"area": "inclusion", "rating": "red"}])).then_recorded()


class TestReviewHeld:
    def test_the_provider_owes_it_where_nobody_commissions(self):
        assert AGREED.owed(kind="review") == reviews(ONE, *DATES)

    def test_so_it_does_where_who_commissions_has_not_approved_it(self):
        assert COMMISSIONED.owed(kind="review") == reviews(ONE, *DATES)

    def test_who_commissions_owes_it_having_approved_the_offer(self):
        assert APPROVED.owed(kind="review") == reviews(NORTHWICK_BODY, *DATES)

    def test_a_review_answers_the_next(self):
        history = given(AGREED, review_held(next_review=DATES[1]))
        assert history.owed(kind="review") == reviews(ONE, DATES[1])

    def test_one_conversation_answers_several_agreements_and_commissioners(self):
        second = [
            offered("o2", provider=THREE, by=By("cat", f"head@{THREE}")),
            agreed("g2", "o2", review_dates=["2024-12-20"], commissioner=BEACON),
        ]
        history = given(COMMISSIONED, second)
        act = review_held(by=OLIVE, agreements=["agreement:g", "agreement:g2"])
        history.when(act).then_refused(
            f"{BEACON} or {THREE} reviews <agreement:g2>, or is told of the review: name who"
            " is told with --reported-to"
        )
        held = given(history, act.but(reported_to=[BEACON]))
        assert held.owed(kind="review") == reviews(ONE, DATES[1])

    def test_by_a_partnership_of_the_school(self):
        history = given(WITH_ESTUARY, offered(), agreed(review_dates=DATES))
        act = review_held(by=CAROL, reported_to=[ONE])
        recorded = history.when(act).then_recorded()
        assert recorded.record.entries[-1].data["reviewer"] == ESTUARY
        WITH_ESTUARY.when(review_held(by=CAROL, agreements=None)).then_recorded()

    def test_by_an_adviser_of_the_school_for_who_asks(self):
        ada = By("ada", f"adviser@{TWO}")
        history = given(COMMISSIONED, newcomer(ada, by=OLIVE))
        history.when(review_held(by=ada, reviewer=NORTHWICK_BODY)).then_recorded()
        history.when(
            review_held(by=ada, reviewer=BEACON, reported_to=[NORTHWICK_BODY])
        ).then_refused(
            f"{BEACON} does not review it: who commissions the support does, who provides it unless"
            " that one is bound, or a partnership of the school"
        )

    def test_by_who_owes_it_or_commissions_it(self):
        for by in (ANN, OLIVE):
            history = given(COMMISSIONED, review_held(by=by))
            assert history.owed(kind="review") == reviews(ONE, DATES[1])

    def test_not_by_the_provider_where_who_commissions_is_bound(self):
        reasons = APPROVED.when(review_held()).reasons
        assert reasons[0].startswith(f"ReviewHeld is not for head@{ONE} to sign")
        assert AGREED.when(review_held(by=BEN)).reasons
        assert AGREED.when(review_held(by=TOM)).reasons

    NOT: ClassVar = {
        "of another school": (
            {"school": THREE},
            (
                f"“school” must be whom the first agreement is for: got {THREE}, expected {TWO};"
                " left out, it is filled in"
            ),
            f"<agreement:g> is support of {TWO}, not of {THREE}",
        ),
        "of an agreement twice": (
            {"agreements": ["agreement:g", "agreement:g"]},
            "it names an agreement twice",
        ),
        "with the next one before it": (
            {"next_review": "2024-12-11"},
            "the next review would be on 2024-12-11, before this one",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, *reasons = case
        AGREED.when(review_held(**changes)).then_refused(*reasons)


class TestOtherReviewDates:
    VARIED = given(APPROVED, varied(review_dates=["2025-01-17", DATES[1]]), variation_accepted())

    def test_take_the_place_of_those_to_come(self):
        assert self.VARIED.owed(kind="review") == reviews(NORTHWICK_BODY, "2025-01-17", DATES[1])

    def test_for_reports_too(self):
        owed = reports(ONE, NORTHWICK_BODY, "2025-01-17", DATES[1])
        assert self.VARIED.owed(kind="progress_report")[:2] == owed

    def test_what_was_due_before_stays(self):
        late = [varied(on="2024-12-20", review_dates=[DATES[1]])]
        history = given(APPROVED, late, variation_accepted(on="2024-12-21"))
        assert history.owed(kind="review") == reviews(NORTHWICK_BODY, *DATES)

    def test_withdrawn_they_are_as_before(self):
        history = given(self.VARIED, withdrawn("va", BEN, "2024-11-05"))
        assert history.owed() == APPROVED.owed()

    SHORTER = given(APPROVED, varied(ends="2025-02-01"), variation_accepted())

    def test_past_an_earlier_end_there_is_none(self):
        assert self.SHORTER.owed(kind="review") == reviews(NORTHWICK_BODY, DATES[0])
        assert len(self.SHORTER.owed(kind="progress_report")) == 2
        history = given(self.SHORTER, withdrawn("va", BEN, "2024-11-05"))
        assert history.owed() == APPROVED.owed()

    def test_until_it_goes_on_longer_again(self):
        longer = varied("w", "2024-12-01", ends="2025-06-30", review_dates=DATES)
        history = given(self.SHORTER, longer, variation_accepted("vb", "w", on="2024-12-02"))
        assert history.owed(kind="review") == reviews(NORTHWICK_BODY, *DATES)
