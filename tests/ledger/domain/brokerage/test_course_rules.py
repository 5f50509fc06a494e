"""The course of an agreement: planned, varied, paused, replaced, ended."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    ESTUARY,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    THREE,
    TWO,
    WITH_ESTUARY,
    By,
    agreed,
    attested,
    decided,
    given,
    made,
    newcomer,
    offer_closed,
    offered,
    planned,
    rules_set,
    support_ended,
    variation_accepted,
    varied,
    waived,
    withdrawn,
)

OFFERED = given(NORTHWICK, offered())
AGREED = given(OFFERED, agreed())
COMMISSIONED = given(OFFERED, agreed(commissioner=NORTHWICK_BODY))
REVIEWED = ["2024-12-13", "2025-03-21"]
WITH_REVIEWS = given(OFFERED, agreed(review_dates=REVIEWED))
VISIT = [made(under="agreement:g"), attested()]


def visited(days, label="v", on="2024-10-01"):
    """School one is confirmed to have visited for so many days under the agreement."""
    visit = made(label, on, under="agreement:g", days=days)
    return [visit, attested(f"a-{label}", label, days=days, on=on)]


class TestOfferClosed:
    def test_declined_or_withdrawn(self):
        OFFERED.when(offer_closed()).then_recorded()
        OFFERED.when(offer_closed(how="withdrawn", by=ANN)).then_recorded()

    def test_each_by_its_own_side(self):
        (reason,) = OFFERED.when(offer_closed(by=ANN)).reasons
        assert reason == (
            f"OfferClosed is not for head@{ONE} to sign: it takes the office of the receiver,"
            f" which declines, or of the provider (head@{TWO})"
        )

    CLOSED = given(OFFERED, offer_closed())

    def test_then_nobody_takes_it_up_nor_closes_it_again(self):
        reason = "the offer was declined on 2024-09-04"
        self.CLOSED.when(agreed()).then_refused(reason)
        self.CLOSED.when(offer_closed("oc2", how="withdrawn", by=ANN)).then_refused(reason)

    def test_not_what_is_taken_up_or_lapsed(self):
        AGREED.when(offer_closed()).then_refused("the offer is taken up already, by <agreement:g>")
        OFFERED.when(offer_closed(on="2025-01-01")).then_refused(
            "the offer was valid until 2024-12-31 only"
        )

    def test_withdrawn_it_is_open_again(self):
        given(self.CLOSED, withdrawn("oc", BEN, "2024-09-05")).when(
            agreed(on="2024-09-06")
        ).then_recorded()


class TestTermsOfTheOffer:
    TERMS: ClassVar = {
        "starts": "2024-09-10",
        "ends": "2025-03-31",
        "review_dates": REVIEWED,
        "commissioner": NORTHWICK_BODY,
        "payer": NORTHWICK_BODY,
        "price": "2100.00",
        "notice_days": 28,
    }
    WITH_TERMS = given(NORTHWICK, offered(**TERMS))

    def test_are_those_of_the_agreement(self):
        act = agreed(starts=None, ends=None)
        recorded = self.WITH_TERMS.when(act).then_recorded()
        data = recorded.record.entries[-1].data
        assert {name: data[name] for name in self.TERMS} == self.TERMS
        assert "approved_by" not in data

    def test_the_price_is_in_proportion_to_the_days(self):
        act = agreed(starts=None, ends=None, days="4.0")
        recorded = self.WITH_TERMS.when(act).then_recorded()
        assert recorded.record.entries[-1].data["price"] == "1400.00"

    def test_other_terms_are_another_offer(self):
        self.WITH_TERMS.when(agreed(starts=None)).then_recorded()
        self.WITH_TERMS.when(agreed(starts=None, ends="2025-04-30")).then_refused(
            "“ends” must be as offered: got 2025-04-30, expected 2025-03-31; left out, it is"
            " filled in"
        )
        self.WITH_TERMS.when(agreed(starts=None, price="1.00")).then_refused(
            "“price” must be the price of so many days by the offer: got 1.00, expected"
            " 2100.00; left out, it is filled in"
        )
        OFFERED.when(agreed(payer=TWO)).then_refused(
            f"“payer” must be who pays by the offer: got {TWO}, expected nothing; left out,"
            " it is filled in"
        )

    def test_who_approved_it_is_bound(self):
        approves = decided(offer="offer:o", decision="approve", on="2024-09-03")
        history = given(self.WITH_TERMS, approves)
        recorded = history.when(agreed(starts=None)).then_recorded()
        assert recorded.record.entries[-1].data["approved_by"] == [NORTHWICK_BODY]
        refuses = decided(offer="offer:o", decision="refuse", on="2024-09-03")
        refused = given(self.WITH_TERMS, refuses).when(agreed(starts=None)).then_recorded()
        assert "approved_by" not in refused.record.entries[-1].data

    def test_nobody_says_that_another_is_bound(self):
        self.WITH_TERMS.when(agreed(starts=None, approved_by=[NORTHWICK_BODY])).then_refused(
            "“approved by” must be whose own decision approved the offer: got"
            f" {NORTHWICK_BODY}, expected nothing; left out, it is filled in"
        )

    NOT: ClassVar = {
        "backwards": (
            {"starts": "2025-04-01"},
            "it would end on 2025-03-31, before it starts on 2025-04-01",
        ),
        "reviewed outside": (
            {"review_dates": ["2025-04-01"]},
            "a review date lies outside the support",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not_offered(self, case):
        changes, reason = case
        NORTHWICK.when(offered(**{**self.TERMS, **changes})).then_refused(reason)


class TestPlan:
    OWED = f"plan: {TWO} owes {NORTHWICK_BODY} 1 item by"

    def test_it_is_owed_to_who_commissions(self):
        assert COMMISSIONED.owed(kind="plan") == [f"{self.OWED} 2024-09-18"]
        assert AGREED.owed(kind="plan") == []

    def test_within_the_days_for_answers(self):
        allowed = given(rules_set_first(5), offered(), agreed(commissioner=NORTHWICK_BODY))
        assert allowed.owed(kind="plan") == [f"{self.OWED} 2024-09-09"]

    def test_the_receiver_gives_it_or_who_is_responsible(self):
        for by in (BEN, OLIVE):
            assert given(COMMISSIONED, planned(by=by)).owed(kind="plan") == []

    def test_the_provider_agrees_to_its_own_part_only(self):
        history = given(COMMISSIONED, planned(by=ANN))
        assert history.owed(kind="plan") == [f"{self.OWED} 2024-09-18"]

    def test_a_draft_of_somebody_who_plans_nothing_leaves_out_who_does(self):
        assert "planner" not in COMMISSIONED.drafted(planned(by=RITA)).data

    NOT_SO_MANY: ClassVar = {
        "of other days": ({"commissioner": NORTHWICK_BODY}, "14 days to agree to a plan"),
        "where nobody commissions it": ({}, "no plan, for nobody else commissions it"),
        "where the receiver does": (
            {"commissioner": TWO},
            "no plan, for nobody else commissions it",
        ),
    }

    @pytest.mark.parametrize("case", NOT_SO_MANY.values(), ids=NOT_SO_MANY)
    def test_not(self, case):
        changes, expected = case
        OFFERED.when(agreed(plan_days=10, **changes)).then_refused(
            f"“plan days” is told by the rules: got 10, expected {expected}; leave it out"
        )

    def test_within_the_days_of_the_partnership_that_commissions(self):
        by = {"commissioner": ESTUARY}
        history = given(WITH_ESTUARY, rules_set("anew", response_days=5), offered(), agreed(**by))
        assert history.record.entries[-1].data["plan_days"] == 14
        assert history.owed(kind="plan") == [f"plan: {TWO} owes {ESTUARY} 1 item by 2024-09-18"]

    def test_without_an_agreement(self):
        recorded = NORTHWICK.when(planned(agreement=None, school=TWO)).then_recorded()
        assert "provider" not in recorded.record.entries[-1].data

    def test_not_for_another_school_nor_after_the_end(self):
        AGREED.when(planned(school=THREE, by=BEN)).then_refused(
            "PlanAgreed is not for head@school:900002 to sign: it takes the office of the school"
            f" (head@{THREE}); or an officer of the body responsible for the school"
            f" (officer@{NORTHWICK_BODY}); or the office of the provider (head@{ONE})",
            (
                f"“school” must be whom the agreement is for: got {THREE}, expected {TWO}; left"
                " out, it is filled in"
            ),
            f"<agreement:g> is support of {TWO}, not of {THREE}",
        )
        given(AGREED, support_ended()).when(planned(on="2025-01-11")).then_refused(
            "<agreement:g> was stopped, on 2025-01-10"
        )


def rules_set_first(days):
    """Return Northwick with other days for answers."""
    return given(NORTHWICK, rules_set("anew", response_days=days))


class TestVaried:
    NOT: ClassVar = {
        "in nothing": (
            {},
            ("it varies nothing: say other days, another end, review dates or price, or a pause"),
        ),
        "to no days": ({"days": "0.0"}, "it leaves no days; SupportEnded stops the support"),
        "to end before it starts": (
            {"ends": "2024-09-03"},
            "it would end on 2024-09-03, before it starts on 2024-09-04",
        ),
        "to be reviewed outside": (
            {"review_dates": ["2025-04-01"]},
            "a review date lies outside the agreement",
        ),
        "to pause until a day that is past": (
            {"paused_until": "2024-11-01"},
            "it would be paused until 2024-11-01, which is not ahead of 2024-11-01",
        ),
        "to be reviewed while it is paused": (
            {"paused_until": "2025-01-08", "review_dates": ["2024-12-13"]},
            "a review date lies within the pause, until 2025-01-08",
        ),
        "in a price that nobody pays": (
            {"price": "1.00"},
            "nobody pays for <agreement:g>: a price takes a new offer",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        AGREED.when(varied(**changes)).then_refused(reason)

    def test_not_once_it_is_over(self):
        given(AGREED, support_ended(on="2024-10-20")).when(varied(days="8.0")).then_refused(
            "<agreement:g> was stopped already, on 2024-10-20"
        )

    def test_a_proposal_changes_nothing(self):
        history = given(AGREED, varied(days="8.0", ends="2025-06-30"))
        assert history.owed() == AGREED.owed()


class TestAccepted:
    PROPOSED = given(AGREED, varied(days="8.0"))

    def test_it_says_what_it_was_before(self):
        data = self.PROPOSED.drafted(variation_accepted()).data
        assert (data["days_before"], data["days"], data["takes_effect"]) == ("6.0", "8.0", True)

    def test_not_by_the_side_that_proposed_it(self):
        reason, *_ = self.PROPOSED.when(variation_accepted(by=ANN)).reasons
        assert reason.startswith(f"SupportVariationAccepted is not for head@{ONE} to sign")

    def test_nor_by_the_same_person(self):
        both = By("ann", BEN.office)
        history = given(self.PROPOSED, newcomer(both, "2024-11-01", label="at-two")[-1])
        history.when(variation_accepted(by=both)).then_refused(
            "the same person signed the variation that it answers; somebody else must sign this"
            " half"
        )

    def test_once(self):
        given(self.PROPOSED, variation_accepted()).when(variation_accepted("va2")).then_refused(
            f"{TWO} has accepted <variation:vary> already"
        )

    def test_no_other_terms(self):
        self.PROPOSED.when(variation_accepted(days="9.0")).then_refused(
            "“days” must be as in the variation it names: got 9.0, expected 8.0; left out,"
            " it is filled in"
        )

    def test_it_lapses(self):
        self.PROPOSED.when(variation_accepted(on="2024-11-15")).then_recorded()
        self.PROPOSED.when(variation_accepted(on="2024-11-16")).then_refused(
            "<variation:vary> lapsed on 2024-11-15, 14 days after it was proposed"
        )

    def test_not_once_it_is_over(self):
        given(self.PROPOSED, support_ended(on="2024-11-02")).when(
            variation_accepted(on="2024-11-03")
        ).then_refused("<agreement:g> was stopped already, on 2024-11-02")

    def test_of_two_the_later_stands_on_the_earlier(self):
        other = varied("other", "2024-11-01", days="7.0", by=BEN)
        history = given(
            self.PROPOSED, other, variation_accepted(), variation_accepted("vb", "other", by=ANN)
        )
        assert history.left("g/support") == "7"

    def test_the_earlier_is_not_withdrawn_while_the_later_stands(self):
        other = [varied("other", days="9.0", by=BEN), variation_accepted("vb", "other", by=ANN)]
        history = given(self.PROPOSED, variation_accepted(), other)
        history.when(withdrawn("va", BEN, "2024-11-05")).then_refused(
            "later events rely on it: SupportVariationAccepted <vb>; withdraw those first"
        )
        history.when(withdrawn("vb", ANN, "2024-11-05")).then_recorded()


class TestMoreIsPaid:
    PAID = given(
        NORTHWICK,
        offered(price="600.00", payer=NORTHWICK_BODY),
        agreed(),
        varied(price="900.00", days="8.0"),
    )

    def test_it_counts_once_the_payer_has_accepted_too(self):
        half = given(self.PAID, variation_accepted())
        assert half.left("g/support") == "6"
        whole = given(half, variation_accepted("vb", by=OLIVE))
        assert whole.left("g/support") == "8"

    def test_in_any_order(self):
        history = given(self.PAID, variation_accepted(by=OLIVE), variation_accepted("vb"))
        assert history.left("g/support") == "8"

    def test_nobody_says_that_it_counts_before(self):
        self.PAID.when(variation_accepted(takes_effect=True)).then_refused(
            "“takes effect” must be whether all who must have accepted with it: got True,"
            " expected nothing; left out, it is filled in"
        )

    def test_less_takes_no_payer(self):
        less = given(NORTHWICK, offered(price="600.00", payer=NORTHWICK_BODY), agreed())
        history = given(less, varied(price="300.00", days="3.0"), variation_accepted())
        assert history.left("g/support") == "3"


class TestRaisedOrLowered:
    def change(self, history, days):
        return given(history, varied(days=days), variation_accepted())

    def test_what_is_owed(self):
        assert self.change(AGREED, "8.0").left("g/support") == "8"
        assert self.change(AGREED, "4.0").left("g/support") == "4"

    def test_varied_up_then_given_beyond_fills_it(self):
        """Seven days were given of six; two more are agreed, one of which was given."""
        history = self.change(given(AGREED, visited("7.0")), "8.0")
        assert (history.left("g/support"), history.beyond("g/support")) == ("1", "0")

    def test_and_more_is_given_beyond_after_it(self):
        history = given(self.change(AGREED, "8.0"), visited("9.0", on="2024-11-04"))
        assert (history.left("g/support"), history.beyond("g/support")) == ("0", "1")

    def test_lowered_below_what_was_given(self):
        history = self.change(given(AGREED, visited("4.0")), "3.0")
        assert (history.left("g/support"), history.beyond("g/support")) == ("0", "1")

    def test_withdrawn_it_is_as_before(self):
        history = given(self.change(AGREED, "8.0"), withdrawn("va", BEN, "2024-11-05"))
        assert history.left("g/support") == "6"

    def test_it_names_what_it_changes(self):
        entry = given(AGREED, varied(days="8.0")).drafted(variation_accepted())
        assert [one.partition("/")[2] for one in entry.data["obligations"]] == ["support"]

    def test_what_is_complete_can_be_ended_as_such(self):
        """Facts tell what is left as the journal does."""
        full = given(AGREED, visited("7.0"))
        ended = support_ended(how="completed", on="2024-11-05")
        full.when(ended).then_recorded()
        raised = self.change(full, "7.0")
        raised.when(ended).then_recorded()
        self.change(full, "8.0").when(ended).then_refused(
            "1.0 days are left to give: it is completed once they are confirmed or waived; end it"
            " as stopped, and they stay owed"
        )


class TestAnotherEnd:
    LATER = given(AGREED, varied(ends="2025-06-30"), variation_accepted())

    def test_moves_what_falls_due_with_it(self):
        assert self.LATER.owed(kind="support") == [f"support: {ONE} owes {TWO} 6 day by 2025-06-30"]
        (first, _) = self.LATER.owed(kind="impact_account")
        assert first == f"impact_account: {ONE} owes {TWO} 1 item by 2025-08-11"

    def test_withdrawn_it_falls_due_as_before(self):
        history = given(self.LATER, withdrawn("va", BEN, "2024-11-05"))
        assert history.owed() == AGREED.owed()


class TestPaused:
    PAUSED = given(WITH_REVIEWS, varied(paused_until="2025-01-08"), variation_accepted())

    def test_over_a_review_date_which_falls_due_once_it_is_over(self):
        assert self.PAUSED.owed(kind="review") == [
            f"review: {ONE} owes {TWO} 1 item by 2025-01-08",
            f"review: {ONE} owes {TWO} 1 item by 2025-03-21",
        ]
        due = {row.rpartition(" ")[2] for row in self.PAUSED.owed(kind="progress_report")}
        assert due == {"2025-01-08", "2025-03-21"}

    def test_nothing_that_falls_due_later_moves(self):
        assert self.PAUSED.owed(kind="support") == WITH_REVIEWS.owed(kind="support")

    def test_the_days_themselves_fall_due_after_it(self):
        history = given(AGREED, varied(paused_until="2025-05-01"), variation_accepted())
        assert history.owed(kind="support") == [f"support: {ONE} owes {TWO} 6 day by 2025-05-01"]

    def test_so_they_do_where_the_same_terms_let_them_end_within_it(self):
        terms = varied(paused_until="2025-05-01", ends="2025-04-15")
        history = given(AGREED, terms, variation_accepted())
        assert history.owed(kind="support") == [f"support: {ONE} owes {TWO} 6 day by 2025-05-01"]

    def test_or_later_terms_let_them_fall_due_within_it(self):
        anew = varied("w", "2024-11-10", ends="2024-12-31", review_dates=["2024-12-20"])
        history = given(self.PAUSED, anew, variation_accepted("vb", "w", on="2024-11-11"))
        assert history.owed(kind="support") == [f"support: {ONE} owes {TWO} 6 day by 2025-01-08"]
        assert history.owed(kind="review") == [f"review: {ONE} owes {TWO} 1 item by 2025-01-08"]
        before = given(history, withdrawn("vb", BEN, "2024-11-12"))
        assert before.owed() == self.PAUSED.owed()

    def test_what_is_overdue_already_stays_so(self):
        late = {"on": "2025-01-10", "paused_until": "2025-02-10"}
        history = given(WITH_REVIEWS, varied(**late), variation_accepted(on="2025-01-11"))
        assert history.owed(kind="review")[0].endswith("by 2024-12-13")

    def test_withdrawn_it_falls_due_as_before(self):
        history = given(self.PAUSED, withdrawn("va", BEN, "2024-11-05"))
        assert history.owed() == WITH_REVIEWS.owed()

    def test_an_end_within_the_pause_voids_what_was_put_off(self):
        ended = given(self.PAUSED, support_ended(on="2024-12-20"))
        assert ended.owed(kind="review") == []


class TestEnded:
    def test_partly_delivered_the_remainder_stays_owed(self):
        history = given(AGREED, visited("2.0"), support_ended())
        assert history.owed(kind="support") == [f"support: {ONE} owes {TWO} 4 day by 2025-03-31"]
        more = given(history, visited("1.0", "v2", "2025-02-03"))
        assert more.left("g/support") == "3"

    def test_reviews_and_reports_due_later_are_void(self):
        history = given(WITH_REVIEWS, support_ended())
        for kind, left in (("review", 1), ("progress_report", 2)):
            owed = history.owed(kind=kind)
            assert len(owed) == left
            assert all(row.endswith("by 2024-12-13") for row in owed)

    def test_and_are_named(self):
        data = WITH_REVIEWS.drafted(support_ended()).data
        assert [one.partition("/")[2] for one in data["obligations"]] == [
            "followup_account",
            f"progress_report/{ONE}/2025-03-21",
            f"progress_report/{TWO}/2025-03-21",
            "review/2025-03-21",
        ]

    def test_they_are_owed_until_the_day_of_the_end(self):
        history = given(WITH_REVIEWS, support_ended(effective_on="2025-02-28"))
        assert len(history.owed("2025-02-27", kind="review")) == 2
        assert len(history.owed("2025-02-28", kind="review")) == 1

    PLAN: ClassVar = [f"plan: {TWO} owes {NORTHWICK_BODY} 1 item by 2024-09-18"]

    @pytest.mark.parametrize(
        ("on", "owed"), [("2024-09-17", []), ("2024-09-18", PLAN), ("2025-01-10", PLAN)]
    )
    def test_so_is_a_plan_and_one_that_is_overdue_stays(self, on, owed):
        assert given(COMMISSIONED, support_ended(on=on)).owed(kind="plan") == owed

    def test_a_plan_that_a_pause_put_off_is_void(self):
        terms = {"on": "2024-09-10", "paused_until": "2024-10-01"}
        paused = given(COMMISSIONED, varied(**terms), variation_accepted(on="2024-09-11"))
        assert given(paused, support_ended(on="2024-09-20")).owed(kind="plan") == []

    def test_an_overdue_plan_is_agreed_to_or_waived_after_the_end(self):
        ended = given(COMMISSIONED, support_ended())
        late = {"on": "2025-01-20"}
        agreed_to = given(ended, planned(**late))
        assert agreed_to.owed(kind="plan") == []
        assert given(ended, waived(OLIVE, "g/plan", **late)).owed(kind="plan") == []
        again = "<agreement:g> was stopped, on 2025-01-10"
        agreed_to.when(planned("p2", **late)).then_refused(again)
        ended.when(planned(by=ANN, **late)).then_refused(again)

    def test_a_plan_of_which_no_days_are_told_is_void_whenever_it_was_due(self):
        """So older agreements are read as they were."""
        history = OFFERED.when_altered(agreed(commissioner=NORTHWICK_BODY), plan_days=None)
        ended = given(history.then_recorded(), support_ended())
        assert ended.owed(kind="plan") == []

    def test_accounts_of_impact_fall_due_from_that_day(self):
        history = given(AGREED, support_ended())
        due = [row.rpartition(" ")[2] for row in history.owed(kind="impact_account")]
        assert due == ["2025-02-21", "2025-02-21"]

    def test_withdrawn_it_goes_on(self):
        history = given(WITH_REVIEWS, support_ended(), withdrawn("end", BEN, "2025-01-12"))
        assert history.owed() == WITH_REVIEWS.owed()
        history.when(support_ended("again", "2025-01-13")).then_recorded()

    NOTICE = given(NORTHWICK, offered(notice_days=28), agreed())

    def test_stopped_at_the_notice_that_was_agreed(self):
        act = support_ended(effective_on="2025-02-06")
        self.NOTICE.when(act).then_refused(
            "the notice to end it is 28 days: it can end on 2025-02-07 at the earliest; sooner"
            " takes SupportVaried"
        )
        self.NOTICE.when(act.but(effective_on="2025-02-07")).then_recorded()

    def test_without_notice_from_then_on(self):
        AGREED.when(support_ended(effective_on="2025-01-09")).then_refused(
            "it ends from then on: it can end on 2025-01-10 at the earliest; sooner takes"
            " SupportVaried"
        )

    def test_completed_with_nothing_left(self):
        act = support_ended(how="completed")
        given(self.NOTICE, visited("6.0")).when(act).then_recorded()
        given(self.NOTICE, visited("5.5")).when(act).then_refused(
            "0.5 days are left to give: it is completed once they are confirmed or waived; end it"
            " as stopped, and they stay owed"
        )
        given(self.NOTICE, visited("6.0")).when(act.but(effective_on="2025-01-11")).then_refused(
            "what is complete ends by the day that it is said: got 2025-01-11"
        )

    def test_not_before_it_starts(self):
        given(AGREED, visited("6.0")).when(
            support_ended(how="completed", effective_on="2024-09-03")
        ).then_refused("it would end on 2024-09-03, before it starts on 2024-09-04")

    def test_once(self):
        given(AGREED, support_ended()).when(support_ended("again", "2025-01-11")).then_refused(
            "<agreement:g> was stopped already, on 2025-01-10"
        )

    def test_by_who_commissions_it_but_nobody_else(self):
        COMMISSIONED.when(support_ended(by=OLIVE)).then_recorded()
        (reason,) = AGREED.when(support_ended(by=OLIVE)).reasons
        assert reason.startswith(f"SupportEnded is not for officer@{NORTHWICK_BODY} to sign")
        (reason, *_) = AGREED.when(support_ended(by=OLIVE, commissioner=NORTHWICK_BODY)).reasons
        assert reason.startswith("“commissioner” must be as in the agreement it names")


class TestReplacedWithAPlan:
    @pytest.mark.parametrize(("on", "left"), [("2024-09-17", "0"), ("2024-09-18", "1")])
    def test_one_that_is_overdue_stays_owed(self, on, left):
        anew = offered("o2", "2024-09-16", days="3.0")
        taken = agreed("g2", "o2", on, days="3.0", replaces="agreement:g")
        assert given(COMMISSIONED, anew, taken).left("g/plan") == left


class TestReplaced:
    ANEW = offered("o2", "2025-01-09", valid_until="2025-06-30", days="3.0")
    TAKEN = agreed(
        "g2", "o2", "2025-01-10", starts="2025-01-10", ends="2025-06-30", days="3.0",
        replaces="agreement:g",
    )  # fmt: skip
    BEFORE = given(WITH_REVIEWS, visited("2.0"), ANEW)
    REPLACED = given(BEFORE, TAKEN)

    def test_the_rest_of_it_is_void(self):
        assert self.REPLACED.owed(kind="support") == [
            f"support: {ONE} owes {TWO} 3 day by 2025-06-30"
        ]
        assert self.REPLACED.left("g/support", "2025-01-09") == "4"

    def test_so_are_reviews_and_reports_due_later(self):
        assert self.REPLACED.owed(kind="review") == [
            f"review: {ONE} owes {TWO} 1 item by 2024-12-13"
        ]

    def test_accounts_of_impact_fall_due_from_that_day(self):
        due = [row.rpartition(" ")[2] for row in self.REPLACED.owed(kind="impact_account")]
        assert sorted(due) == ["2025-02-21", "2025-02-21", "2025-08-11", "2025-08-11"]

    def test_what_it_voids_is_named(self):
        data = self.BEFORE.drafted(self.TAKEN).data
        assert [one.partition("/")[2] for one in data["obligations"]] == [
            "followup_account",
            f"progress_report/{ONE}/2025-03-21",
            f"progress_report/{TWO}/2025-03-21",
            "review/2025-03-21",
            "support",
        ]

    def test_withdrawn_it_goes_on(self):
        history = given(self.REPLACED, withdrawn("g2", BEN, "2025-01-12"))
        assert history.owed(kind="support") == [f"support: {ONE} owes {TWO} 4 day by 2025-03-31"]

    def test_what_has_ended_is_replaced_all_the_same(self):
        ended = given(WITH_REVIEWS, visited("2.0"), support_ended(on="2025-01-08"), self.ANEW)
        assert given(ended, self.TAKEN).left("g/support") == "0"

    def test_once(self):
        third = offered("o3", "2025-01-11", valid_until="2025-06-30")
        again = self.TAKEN.but(label="g3", offer="offer:o3", on="2025-01-12")
        given(self.REPLACED, third).when(again).then_refused(
            "<agreement:g> is replaced already, by <agreement:g2>"
        )

    def test_by_its_own_receiver(self):
        other = offered("o2", "2025-01-09", receiver=THREE, days="3.0", valid_until="2025-06-30")
        act = self.TAKEN.but(by=By("cat", f"head@{THREE}"))
        given(WITH_REVIEWS, other).when(act).then_refused(
            f"<agreement:g> is support of {TWO}: it is replaced by its own receiver"
        )

    def test_who_commissions_and_pays_decides_so(self):
        paid = {"price": "600.00", "payer": NORTHWICK_BODY, "commissioner": NORTHWICK_BODY}
        history = given(NORTHWICK, offered(**paid), agreed(), self.ANEW)
        history.when(self.TAKEN).then_refused(
            f"{NORTHWICK_BODY} commissioned and pays for <agreement:g>: to replace it takes its"
            " decision to approve <offer:o2>"
        )
        approves = decided(offer="offer:o2", decision="approve", on="2025-01-09")
        given(history, approves).when(self.TAKEN).then_recorded()


def test_support_may_be_of_a_partnership_and_is_varied_by_its_chair():
    offer = offered(provider=ESTUARY, by=CAROL)
    history = given(WITH_ESTUARY, offer, agreed(), varied(days="7.0", by=CAROL))
    assert given(history, variation_accepted()).left("g/support") == "7"


def test_five_hundred_days_under_an_agreement_of_six_are_refused():
    (reason,) = AGREED.when(made(under="agreement:g", days="500.0")).reasons
    assert reason.startswith("500.0 days are more than 10")


def test_visits_from_its_start_count_though_it_was_agreed_later():
    late = agreed(on="2024-11-20", starts="2024-09-20")
    history = given(OFFERED, late, made(under="agreement:g", on="2024-10-01"), attested())
    assert history.left("g/support") == "4.5"
    history.when(made("v2", "2024-09-19", under="agreement:g")).then_refused(
        (
            "it is said to have happened on 2024-09-19, before the agreement that it names,"
            " which counts from 2024-09-20; check the day"
        ),
    )
