"""Each kind of obligation: what opens it, who owes whom, by when, and what discharges it."""

from typing import get_args

import pytest
from given import (
    ANN,
    BEA,
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
    RITA,
    SOURCE,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    accepted,
    admitted,
    agreed,
    appointed,
    attested,
    body_changed,
    closed,
    converted,
    corrected,
    declined,
    departure,
    disputed,
    ended,
    formed,
    given,
    handed_over,
    left,
    made,
    member,
    newcomer,
    offered,
    ratified,
    reported,
    rules_agreed,
    rules_set,
    say,
    sought,
    support_ended,
    uuid,
    variation_accepted,
    varied,
    withdrawn,
    year_opened,
)

from ledger.decision_model.kinds import Ground
from ledger.domain import post
from ledger.domain.post import KINDS

EVE = By("eve", ANN.office)
AGREED = given(NORTHWICK, offered(), agreed())
VISITED = given(AGREED, made(under="agreement:g"))
PEER = given(WITH_YEAR, made(under="year:year", purpose="peer_review"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_says_whether_it_is_owed_by_promise_by_duty_or_as_an_answer(kind):
    assert kind.ground in get_args(Ground), f"{kind.name} says no ground"
    assert kind.unit == "item" or kind.ground == "promise"


def test_each_theme_posts_once():
    assert len(set(post._THEMES)) == len(post._THEMES)


def owes(kind, debtor, creditor, left):
    return f"{kind}: {debtor} owes {creditor} {left}"


class TestSupport:
    def test_the_provider_owes_the_receiver_the_days_agreed_by_the_end(self):
        assert AGREED.owed(kind="support") == [owes("support", ONE, TWO, "6 day by 2025-03-31")]

    def test_the_days_attested_discharge_it_on_the_day_of_the_visit(self):
        history = given(VISITED, attested(on="2024-11-20", days="1.0"))
        assert history.left("g/support", "2024-09-30") == "6"
        assert history.left("g/support", "2024-10-01") == "5"
        assert history.left("g/support", "2024-10-01", known=len(VISITED.record.entries)) == "6"

    def test_nothing_is_discharged_by_a_claim_alone_nor_by_a_visit_under_nothing(self):
        assert VISITED.left("g/support") == "6"
        history = given(AGREED, made(under="nothing"), attested())
        assert history.left("g/support") == "6"

    def test_what_is_partly_delivered_stays_owed(self):
        history = given(VISITED, attested())
        assert history.left("g/support", "2026-01-01") == "4.5"

    def test_days_beyond_are_welcome(self):
        history = given(AGREED, made(under="agreement:g", days="8.0"), attested(days="8.0"))
        assert history.left("g/support") == "0"
        assert history.beyond("g/support") == "2"

    def test_days_beyond_fill_what_a_withdrawal_gives_back(self):
        history = given(
            AGREED,
            made("v1", under="agreement:g", days="4.0"),
            attested("a1", "v1", days="4.0"),
            made("v2", on="2024-10-08", under="agreement:g", days="5.0"),
            attested("a2", "v2", days="5.0", on="2024-10-09"),
        )
        assert (history.left("g/support"), history.beyond("g/support")) == ("0", "3")
        history = given(history, withdrawn("a1", BEN, "2024-11-01"))
        assert (history.left("g/support"), history.beyond("g/support")) == ("1", "0")
        assert history.left("g/support", "2024-10-31") == "0"

    def test_a_withdrawal_takes_effect_on_its_day_and_gives_back_exactly_what_was_taken(self):
        history = given(
            VISITED, attested(), withdrawn("a", BEN, "2024-11-10", effective_on="2024-11-05")
        )
        assert history.left("g/support", "2024-11-04") == "4.5"
        assert history.left("g/support", "2024-11-05") == "6"
        assert history.left("g/support", known=len(history.record.entries) - 1) == "4.5"

    def test_who_answers_anew_after_a_withdrawal_gives_from_the_day_that_it_took_effect(self):
        history = given(NORTHWICK, offered(days="1.5"), agreed(days="1.5"))
        history = given(
            history,
            made(under="agreement:g"),
            attested(),
            withdrawn("a", BEN, "2024-11-05"),
            attested("a2", days="1.0", on="2024-11-06"),
        )
        assert history.left("g/support", "2024-11-04") == "0"
        assert history.left("g/support", "2024-11-05") == "0.5"
        assert history.beyond("g/support") == "0"

    def test_an_answer_anew_that_is_withdrawn_too_leaves_nothing_given(self):
        history = given(
            AGREED,
            made(under="agreement:g", days="6.0"),
            attested(days="2.0"),
            withdrawn("a", BEN, "2024-11-05"),
            attested("a2", days="6.0", on="2024-11-06"),
            withdrawn("a2", BEN, "2024-11-07"),
        )
        assert history.left("g/support", "2024-11-06") == "0"
        assert history.left("g/support", "2024-11-07") == "6"
        assert history.beyond("g/support") == "0"

    def test_an_agreement_withdrawn_is_owed_no_more(self):
        history = given(AGREED, withdrawn("g", BEN, "2024-10-05"))
        assert history.left("g/support", "2024-10-04") == "6"
        assert history.owed() == []

    def test_bodies_owe_too(self):
        history = given(NORTHWICK, offered(provider="body:beacon-trust", by=TOM), agreed())
        assert history.owed(kind="support") == [
            owes("support", "body:beacon-trust", TWO, "6 day by 2025-03-31")
        ]


class TestPeerVisit:
    def test_each_member_owes_the_partnership_the_visits_of_the_year(self):
        assert WITH_YEAR.owed(kind="peer_visit") == [
            owes("peer_visit", school, ESTUARY, "3 visit by 2025-08-31")
            for school in (ONE, TWO, THREE)
        ]

    def test_a_visit_attested_under_the_year_is_one_however_long(self):
        history = given(PEER, attested(days="0.5"))
        assert history.left(f"year/peer_visit/{ONE}", "2024-10-01") == "2"
        assert history.left(f"year/peer_visit/{TWO}") == "3"

    def test_a_second_visit_to_one_host_is_given_beyond(self):
        history = given(
            PEER,
            attested(),
            made("v2", on="2024-11-01", under="year:year", purpose="peer_review"),
            attested("a2", "v2", on="2024-11-02"),
        )
        assert history.left(f"year/peer_visit/{ONE}") == "2"
        assert history.beyond(f"year/peer_visit/{ONE}") == "1"

    def test_and_fills_in_when_the_first_is_withdrawn(self):
        history = given(
            PEER,
            attested(),
            made("v2", on="2024-11-01", under="year:year", purpose="peer_review"),
            attested("a2", "v2", on="2024-11-02"),
            withdrawn("a", BEN, "2024-12-01"),
        )
        assert history.left(f"year/peer_visit/{ONE}") == "2"
        assert history.beyond(f"year/peer_visit/{ONE}") == "0"

    def test_unless_the_rules_say_otherwise(self):
        history = given(
            NORTHWICK,
            formed(distinct_hosts=False),
            newcomer(CAROL),
            member(ONE),
            member(TWO),
            year_opened(),
        )
        for number in (1, 2):
            visit = made(f"v{number}", under="year:year", purpose="peer_review")
            history = given(history, visit, attested(f"a{number}", f"v{number}"))
        assert history.left(f"year/peer_visit/{ONE}") == "1"

    @pytest.mark.parametrize(
        ("joins", "visits"),
        [
            ("2024-09-01", "3"),
            ("2024-12-31", "3"),
            ("2025-01-01", "2"),
            ("2025-04-30", "2"),
            ("2025-05-01", "1"),
            ("2025-08-31", "1"),
        ],
    )
    def test_who_joins_within_the_year_owes_the_months_served_rounded_up(self, joins, visits):
        act = admitted("in", "s", joins, said_on="2024-09-10", year="year:year")
        history = given(WITH_YEAR, sought("s", FOUR), act)
        assert history.left("in/peer_visit") == visits
        assert history.left("in/peer_visit", joins) == visits
        assert f"{visits} visit by 2025-08-31" in " ".join(history.owed())

    NEXT = given(
        WITH_YEAR, year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31")
    )

    @pytest.mark.parametrize(
        ("year", "joins", "visits"), [(NEXT, "2025-06-01", "1"), (WITH_ESTUARY, "2025-06-01", "0")]
    )
    def test_who_joins_when_the_next_year_is_open_owes_all_of_that_too(self, year, joins, visits):
        later = year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31")
        history = year if visits == "1" else given(year, later)
        act = admitted("in", "s", joins, said_on="2024-09-10")
        joined_it = given(history, sought("s", FOUR), act)
        owed = f"in/peer_visit/{uuid('next')}"
        assert (joined_it.left("in/peer_visit"), joined_it.left(owed)) == (visits, "3")
        assert joined_it.left(owed, "2025-08-31") == "0"
        accounts = [row for row in joined_it.owed(kind="impact_account") if FOUR in row]
        assert len(accounts) == 1 + int(visits)
        assert f"impact_account: {FOUR} owes {ESTUARY} 1 item by 2026-09-21" in accounts

    def test_of_a_later_year_the_visits_are_made_and_lowered_by_leaving(self):
        act = admitted("in", "s", "2025-06-01", said_on="2024-09-10")
        history = given(self.NEXT, sought("s", FOUR), act)
        owed = f"in/peer_visit/{uuid('next')}"
        dan = By("dan", f"head@{FOUR}")
        visit = made("v", "2025-10-01", visitor=FOUR, host=ONE, under="year:next")
        visited = given(history, visit, attested(on="2025-10-02", by=ANN))
        assert visited.left(owed) == "2"
        assert given(visited, left(dan, "go", "2025-10-03", "2025-12-31")).left(owed) == "0"

    def test_an_admission_names_every_year_that_is_open_by_then(self):
        history = given(self.NEXT, sought("s", FOUR))
        act = admitted("in", "s", "2025-06-01", said_on="2024-09-10")
        history.when_altered(act, later_years=None).then_refused(
            "“later years” must be the years that begin later and are open already: got"
            f" nothing, expected year:{uuid('next')}; left out, it is filled in"
        )

    def test_not_before_they_join(self):
        act = admitted("in", "s", "2025-01-01", said_on="2024-09-10", year="year:year")
        history = given(WITH_YEAR, sought("s", FOUR), act)
        assert history.left("in/peer_visit", "2024-12-31") == "0"

    def test_who_joined_before_the_year_opened_owes_by_the_year(self):
        late = given(WITH_ESTUARY, sought("s", FOUR), admitted("in", "s", "2025-01-01"))
        history = given(late, year_opened(on="2025-01-02"))
        assert history.left(f"year/peer_visit/{FOUR}") == "2"

    @pytest.mark.parametrize(
        ("leaves", "visits"),
        [("2024-12-31", "1"), ("2025-01-01", "2"), ("2025-04-30", "2"), ("2025-05-01", "3")],
    )
    def test_who_leaves_within_the_year_owes_the_months_served_from_the_day_of_leaving(
        self, leaves, visits
    ):
        history = given(
            WITH_YEAR,
            newcomer(EVE, "2024-09-20"),
            declined(EVE, "n", "2024-10-02", leaves_on=leaves),
        )
        assert history.left(f"year/peer_visit/{ONE}") == visits
        assert history.left(f"year/peer_visit/{ONE}", "2024-12-30") == "3"

    def test_who_leaves_twice_within_a_year_still_owes_what_it_first_left_owed(self):
        fay = By("fay", ANN.office)
        history = given(
            WITH_YEAR,
            newcomer(EVE, "2024-09-20"),
            declined(EVE, "n", "2024-10-02", leaves_on="2024-12-31"),
            sought("s", ONE, "2025-01-02", by=EVE),
            admitted("back", "s", "2025-01-03"),
            newcomer(fay, "2025-01-10", succeeds="person:eve"),
            declined(fay, "m", "2025-01-12", leaves_on="2025-04-30"),
        )
        assert history.left(f"year/peer_visit/{ONE}") == "1"
        assert history.left("back/peer_visit") == "1"

    def test_who_has_left_is_owed_nothing_back_for_visits_beyond(self):
        visits = [
            act
            for number, host in enumerate((TWO, THREE, FOUR))
            for act in (
                made(f"v{number}", host=host, under="year:year", purpose="peer_review"),
                attested(f"a{number}", f"v{number}", by=HEADS_BY[host]),
            )
        ]
        history = given(
            WITH_YEAR,
            visits,
            newcomer(EVE, "2024-10-05"),
            declined(EVE, "n", "2024-10-10", leaves_on="2024-12-31"),
        )
        assert history.left(f"year/peer_visit/{ONE}") == "0"

    def test_a_withdrawn_year_is_owed_no_more(self):
        history = given(WITH_YEAR, withdrawn("year", CAROL, "2024-10-01"))
        assert history.owed() == []


HEADS_BY = {TWO: BEN, THREE: CAT, FOUR: By("dan", f"head@{FOUR}")}


class TestOutsideVisit:
    """A visit of the year to a school outside the partnership counts for both."""

    YEAR = given(
        NORTHWICK,
        formed(visits_per_year=3, outside_visits=2),
        newcomer(CAROL),
        *(member(school) for school in (ONE, TWO, THREE)),
        year_opened(),
    )

    def visited(self, host, by, day="2024-10-01", **changes):
        act = made(f"v-{host[-1]}", day, host=host, under="year:year", **changes)
        answer = attested(f"a-{host[-1]}", f"v-{host[-1]}", by=by, on="2025-10-10")
        return given(self.YEAR, act, answer)

    def test_each_member_owes_those_that_must_be_outside(self):
        assert self.YEAR.owed("2024-10-01", kind="outside_visit") == [
            owes("outside_visit", school, ESTUARY, "2 visit by 2025-08-31")
            for school in (ONE, TWO, THREE)
        ]

    def test_a_visit_outside_counts_for_it_and_for_the_years_visits(self):
        history = self.visited(FOUR, DAN)
        assert history.left(f"year/outside_visit/{ONE}") == "1"
        assert history.left(f"year/peer_visit/{ONE}") == "2"

    def test_a_visit_to_a_member_counts_for_the_years_visits_alone(self):
        history = self.visited(TWO, BEN)
        assert history.left(f"year/outside_visit/{ONE}") == "2"
        assert history.left(f"year/peer_visit/{ONE}") == "2"

    def test_one_host_counts_once(self):
        history = given(self.visited(FOUR, DAN), made("w", host=FOUR, under="year:year"))
        history = given(history, attested("b", "w", by=DAN))
        assert history.left(f"year/outside_visit/{ONE}") == "1"
        assert history.beyond(f"year/outside_visit/{ONE}") == "1"

    def test_who_joins_within_the_year_owes_them_for_the_months_served(self):
        history = given(self.YEAR, member(FOUR, "2025-03-01"))
        assert history.owed("2025-03-01", kind="outside_visit")[-1] == owes(
            "outside_visit", FOUR, ESTUARY, "1 visit by 2025-08-31"
        )

    def test_who_leaves_owes_them_for_the_months_served(self):
        eve = newcomer(EVE, "2024-09-20")
        leaves = declined(EVE, "n", "2024-10-02", leaves_on="2025-01-31")
        history = given(self.YEAR, eve, leaves)
        assert history.left(f"year/outside_visit/{ONE}", "2025-01-31") == "1"

    def test_where_none_must_be_outside_none_is_owed_nor_listed(self):
        history = given(WITH_YEAR, made(host=FOUR, under="year:year"), attested(by=DAN))
        assert history.owed(kind="outside_visit") == []


class TestAttestation:
    def test_the_host_owes_the_visitor_an_answer_within_the_ledgers_days(self):
        assert VISITED.owed(kind="attestation") == [
            owes("attestation", TWO, ONE, "1 item by 2024-10-15")
        ]

    def test_or_within_the_days_of_the_partnerships_rules(self):
        assert PEER.owed(kind="attestation") == [
            owes("attestation", TWO, ONE, "1 item by 2024-10-08")
        ]

    def test_the_days_run_from_the_later_of_happening_and_recording(self):
        history = given(AGREED, made(under="agreement:g", recorded="2024-10-20"))
        assert history.owed("2024-10-01", "attestation") == [
            owes("attestation", TWO, ONE, "1 item by 2024-11-03")
        ]

    def test_none_for_a_visit_under_nothing(self):
        assert given(NORTHWICK, made()).owed() == []

    @pytest.mark.parametrize("answer", [attested(), disputed()])
    def test_an_answer_discharges_it_on_the_day_of_the_answer(self, answer):
        history = given(VISITED, answer)
        assert history.left("v/attestation", "2024-10-01") == "1"
        assert history.left("v/attestation", "2024-10-02") == "0"

    def test_a_correction_voids_it_and_asks_anew(self):
        history = given(VISITED, corrected())
        assert history.left("v/attestation") == "0"
        assert history.owed(kind="attestation") == [
            owes("attestation", TWO, ONE, "1 item by 2024-10-17")
        ]

    def test_withdrawing_the_answer_opens_it_again(self):
        for answer, label in ((attested(), "a"), (disputed(), "d")):
            history = given(VISITED, answer, withdrawn(label, BEN, "2024-10-05"))
            assert history.owed("2024-10-04", "attestation") == []
            assert history.owed("2024-10-05", "attestation") == [
                owes("attestation", TWO, ONE, "1 item by 2024-10-15")
            ]

    def test_an_answer_anew_on_a_day_before_the_withdrawal_took_effect_counts_all_the_same(self):
        history = given(
            VISITED,
            attested(),
            withdrawn("a", BEN, "2024-10-10"),
            attested("a2", on="2024-10-08", recorded="2024-10-11"),
        )
        assert history.owed(kind="attestation") == []

    def test_withdrawing_the_visit_ends_it(self):
        history = given(VISITED, withdrawn("v", ANN, "2024-10-05"))
        assert history.owed(kind="attestation") == []

    def test_without_any_rules_twenty_days_are_allowed(self):
        unruled = [entry for entry in VISITED.record.entries if entry.name != "LedgerRulesSet"]
        history = type(VISITED)(type(VISITED.record)(unruled))
        assert history.owed(kind="attestation") == [
            owes("attestation", TWO, ONE, "1 item by 2024-10-21")
        ]

    def test_rules_set_again_hold_from_then_on(self):
        history = given(AGREED, rules_set("rules-2", attestation_days=30).but(on="2024-09-20"))
        history = given(history, made(under="agreement:g"))
        assert history.owed(kind="attestation") == [
            owes("attestation", TWO, ONE, "1 item by 2024-10-31")
        ]


class TestDisputeAnswer:
    DISPUTED = given(VISITED, disputed())

    def test_the_visitor_owes_the_host_an_answer(self):
        assert self.DISPUTED.owed(kind="dispute_answer") == [
            owes("dispute_answer", ONE, TWO, "1 item by 2024-10-16")
        ]

    def test_a_correction_or_a_withdrawal_discharges_it(self):
        for answer in (
            corrected(dispute="dispute:d"),
            withdrawn("v", ANN, "2024-10-05"),
        ):
            assert given(self.DISPUTED, answer).owed(kind="dispute_answer") == []

    def test_withdrawing_the_correction_opens_it_again(self):
        history = given(
            self.DISPUTED, corrected(dispute="dispute:d"), withdrawn("c", ANN, "2024-10-05")
        )
        assert history.owed(kind="attestation") == []
        assert history.left("d/dispute_answer") == "1"

    def test_a_visit_withdrawn_and_its_dispute_after_it_leave_nothing_owed(self):
        history = given(
            self.DISPUTED,
            withdrawn("v", ANN, "2024-10-05"),
            withdrawn("d", BEN, "2024-10-06"),
        )
        assert history.owed() == AGREED.owed()


class TestImpactAccount:
    def test_each_side_owes_the_other_an_account_once_if_nobody_commissioned_it(self):
        visits = [made(under="agreement:g"), attested(), made("v2", under="agreement:g")]
        history = given(AGREED, visits, attested("a2", "v2"))
        assert history.owed(kind="impact_account") == [
            owes("impact_account", ONE, TWO, "1 item by 2025-05-12"),
            owes("impact_account", TWO, ONE, "1 item by 2025-05-12"),
        ]

    def test_both_owe_the_commissioner(self):
        history = given(NORTHWICK, offered(), agreed(commissioner=NORTHWICK_BODY))
        assert history.owed(kind="impact_account") == [
            owes("impact_account", ONE, NORTHWICK_BODY, "1 item by 2025-05-12"),
            owes("impact_account", TWO, NORTHWICK_BODY, "1 item by 2025-05-12"),
        ]

    def test_a_commissioner_that_provides_itself_owes_the_other_side(self):
        history = given(
            NORTHWICK,
            offered(provider=NORTHWICK_BODY, by=OLIVE),
            agreed(commissioner=NORTHWICK_BODY),
        )
        assert history.owed(kind="impact_account") == [
            owes("impact_account", NORTHWICK_BODY, TWO, "1 item by 2025-05-12"),
            owes("impact_account", TWO, NORTHWICK_BODY, "1 item by 2025-05-12"),
        ]

    def test_a_report_withdrawn_after_the_end_is_owed_as_the_end_tells(self):
        told = given(AGREED, reported(agreement="agreement:g"), support_ended())
        history = given(told, withdrawn("i", ANN, "2025-01-12"))
        assert history.owed(kind="impact_account")[0] == (
            owes("impact_account", ONE, TWO, "1 item by 2025-02-21")
        )

    @pytest.mark.parametrize(
        ("history", "by"),
        [
            (given(NORTHWICK, offered(), agreed(recorded="2025-09-01")), "2025-10-13"),
            (given(AGREED, support_ended(recorded="2025-03-10")), "2025-04-21"),
        ],
        ids=["agreed", "stopped"],
    )
    def test_nobody_is_late_with_it_by_what_is_recorded_late(self, history, by):
        due = [row.rpartition(" ")[2] for row in history.owed(kind="impact_account")]
        assert due == [by, by]

    def test_nor_is_a_school_with_that_of_a_year_that_is_opened_late(self):
        history = given(WITH_ESTUARY, year_opened(recorded="2025-09-30"))
        due = {row.rpartition(" ")[2] for row in history.owed(kind="impact_account")}
        assert due == {"2025-10-21"}

    def test_each_school_owes_the_partnership_one_for_the_year_by_its_days(self):
        assert WITH_YEAR.owed(kind="impact_account") == [
            owes("impact_account", school, ESTUARY, "1 item by 2025-09-21")
            for school in (ONE, TWO, THREE)
        ]

    def test_and_so_does_one_that_joins_within_it(self):
        act = admitted("in", "s", "2025-01-01", said_on="2024-09-10", year="year:year")
        history = given(WITH_YEAR, sought("s", FOUR), act)
        assert history.left("in/impact_account") == "1"
        told = reported("i", FOUR, year="year:year", on="2025-02-01")
        assert given(history, told).left("in/impact_account") == "0"

    def test_each_sides_report_discharges_its_own(self):
        history = given(VISITED, attested(), reported(agreement="agreement:g"))
        assert history.owed(kind="impact_account") == [
            owes("impact_account", TWO, ONE, "1 item by 2025-05-12")
        ]

    def test_who_answers_a_report_owes_that_to_who_reported(self):
        history = given(AGREED, reported(agreement="agreement:g"))
        assert history.owed(kind="fulfilment_answer") == [
            owes("fulfilment_answer", TWO, ONE, "1 item by 2024-10-24")
        ]
        assert given(history, IMPACT_ANSWERED).owed(kind="fulfilment_answer") == []

    def test_withdrawing_the_agreement_ends_them(self):
        history = given(AGREED, withdrawn("g", BEN, "2024-10-05"))
        assert history.owed(kind="impact_account") == []

    def test_even_when_it_takes_effect_before_the_withdrawal_of_a_report_on_it(self):
        history = given(
            AGREED,
            reported(agreement="agreement:g"),
            withdrawn("i", ANN, "2024-10-29"),
            withdrawn("g", BEN, "2024-10-30", effective_on="2024-10-23"),
        )
        assert history.left(f"g/impact_account/{ONE}", "2024-10-22") == "0"
        assert history.owed(kind="impact_account") == []


IMPACT_ANSWERED = say(
    "ImpactAnswered", "z", BEN, "2024-11-01", impact="impact:i", answer="confirmed"
)


class TestFollowupAccount:
    OWED = owes("followup_account", TWO, ONE, "1 item by 2026-03-31")
    LATER = reported("later", TWO, agreement="agreement:g", stage="a_year_later", on="2026-03-20")

    def test_the_receiver_owes_it_from_the_end_to_who_helped(self):
        assert AGREED.owed(kind="followup_account") == [self.OWED]
        assert AGREED.left("g/followup_account", "2025-03-30") == "0"

    def test_or_to_who_commissioned_it(self):
        history = given(NORTHWICK, offered(), agreed(commissioner=NORTHWICK_BODY))
        assert history.owed(kind="followup_account") == [
            owes("followup_account", TWO, NORTHWICK_BODY, "1 item by 2026-03-31")
        ]

    def test_a_report_a_year_later_discharges_it_and_no_other(self):
        first = given(AGREED, reported("i", TWO, agreement="agreement:g"))
        assert first.left("g/followup_account") == "1"
        both = given(first, self.LATER)
        assert both.left("g/followup_account") == "0"
        assert given(AGREED, self.LATER).left(f"g/impact_account/{TWO}") == "1"

    def test_void_where_the_support_is_stopped_or_replaced(self):
        assert given(AGREED, support_ended()).left("g/followup_account") == "0"
        anew = [offered("o2", on="2024-11-01"), agreed("g2", "o2", on="2024-11-02")]
        replaced = given(AGREED, anew[0], anew[1].but(replaces="agreement:g"))
        assert replaced.left("g/followup_account") == "0"
        assert replaced.left("g2/followup_account") == "1"

    def test_a_year_after_it_was_completed_or_goes_on_until(self):
        visited = [
            made("all", under="agreement:g", days="6.0"),
            attested("a-all", "all", days="6.0", on="2024-10-08"),
        ]
        completed = given(AGREED, visited, support_ended(how="completed"))
        assert completed.owed(kind="followup_account") == [
            owes("followup_account", TWO, ONE, "1 item by 2026-01-10")
        ]
        # Given long before the day until which it was to go: it was owed again from that day on.
        long = given(NORTHWICK, offered(), agreed(ends="2027-03-31"), visited)
        long = given(long, support_ended(how="completed"), self.LATER)
        assert long.owed(kind="followup_account") == []
        assert long.left("g/followup_account", "2027-03-31") == "0"
        longer = given(AGREED, varied(ends="2025-06-30"), variation_accepted())
        assert longer.owed(kind="followup_account") == [
            owes("followup_account", TWO, ONE, "1 item by 2026-06-30")
        ]

    COMPLETED = given(
        AGREED,
        made("all", under="agreement:g", days="6.0"),
        attested("a-all", "all", days="6.0", on="2024-10-08"),
        support_ended(how="completed"),
    )
    LONGER = given(AGREED, varied(ends="2025-06-30"), variation_accepted())

    @pytest.mark.parametrize(
        ("history", "on", "left"),
        [
            (COMPLETED, "2025-01-09", "0"),
            (COMPLETED, "2025-01-10", "1"),
            (COMPLETED, "2025-03-31", "1"),
            (LONGER, "2025-06-29", "0"),
            (LONGER, "2025-06-30", "1"),
        ],
    )
    def test_owed_from_the_day_on_which_the_support_ends(self, history, on, left):
        assert history.left("g/followup_account", on) == left

    @pytest.mark.parametrize(
        ("act", "on"), [("end", "2025-01-12"), ("va", "2024-11-05")], ids=["end", "other terms"]
    )
    def test_owed_as_agreed_once_that_is_withdrawn(self, act, on):
        before = self.COMPLETED if act == "end" else self.LONGER
        history = given(before, withdrawn(act, BEN, on))
        assert history.owed(kind="followup_account") == [self.OWED]
        assert history.left("g/followup_account", "2025-03-30") == "0"
        assert history.left("g/followup_account", "2025-03-31") == "1"

    def test_discharged_on_the_day_of_the_report_though_it_was_to_go_on(self):
        long = given(
            NORTHWICK,
            offered(),
            agreed(ends="2027-03-31"),
            made("all", under="agreement:g", days="6.0"),
            attested("a-all", "all", days="6.0", on="2024-10-08"),
            support_ended(how="completed"),
            self.LATER,
        )
        assert long.left("g/followup_account", "2026-03-19") == "1"
        assert long.left("g/followup_account", "2026-03-20") == "0"
        again = given(long, withdrawn("later", BEN, "2026-04-01"))
        assert again.owed("2026-04-01", "followup_account") == [
            owes("followup_account", TWO, ONE, "1 item by 2026-01-10")
        ]

    def test_void_from_the_day_on_which_completed_support_is_replaced(self):
        anew = offered("o2", on="2025-01-15", valid_until="2025-06-30")
        taken = agreed("g2", "o2", "2025-01-20", starts="2025-01-20", replaces="agreement:g")
        history = given(self.COMPLETED, anew, taken)
        assert history.left("g/followup_account", "2025-01-19") == "1"
        assert history.left("g/followup_account", "2025-01-20") == "0"

    def test_a_year_after_the_29th_of_february_is_the_28th(self):
        leaping = given(NORTHWICK, offered(), agreed(ends="2028-02-29"))
        assert leaping.owed(kind="followup_account") == [
            owes("followup_account", TWO, ONE, "1 item by 2029-02-28")
        ]


class TestRatification:
    @pytest.mark.parametrize("basis", ["substantive", "executive"])
    def test_a_substantive_or_executive_head_owes_it_to_each_partnership(self, basis):
        history = given(WITH_ESTUARY, newcomer(EVE, "2024-10-01", basis=basis))
        assert history.owed(kind="ratification") == [
            owes("ratification", ONE, ESTUARY, "1 item by 2024-10-31")
        ]

    @pytest.mark.parametrize("basis", ["acting", "interim"])
    def test_no_other_head_does(self, basis):
        history = given(WITH_ESTUARY, newcomer(EVE, "2024-10-01", basis=basis))
        assert history.owed(kind="ratification") == []

    def test_nor_a_board_chair(self):
        history = given(WITH_ESTUARY, newcomer(By("bob", BEA.office), "2024-10-01"))
        assert history.owed(kind="ratification") == []

    def test_nor_the_head_of_a_school_in_no_partnership(self):
        history = given(WITH_ESTUARY, newcomer(By("eve", f"head@{FOUR}")))
        assert history.owed(kind="ratification") == []

    def test_a_conversion_and_a_new_responsible_body_ask_for_it(self):
        history = given(WITH_ESTUARY, converted(), body_changed())
        assert history.owed(kind="ratification") == [
            owes("ratification", ONE, ESTUARY, "1 item by 2025-05-01"),
            owes("ratification", TWO, ESTUARY, "1 item by 2025-05-01"),
        ]

    def test_from_the_day_that_the_change_takes_effect(self):
        coming = newcomer(EVE, "2024-10-01", effective_on="2025-01-01")
        history = given(WITH_ESTUARY, coming)
        assert history.owed("2024-12-31", "ratification") == []
        assert history.owed("2025-01-01", "ratification") == [
            owes("ratification", ONE, ESTUARY, "1 item by 2025-01-31")
        ]

    def test_the_days_run_from_recording_if_that_is_later(self):
        late = newcomer(EVE, "2024-11-01", effective_on="2024-10-01")
        assert given(WITH_ESTUARY, late).owed(kind="ratification") == [
            owes("ratification", ONE, ESTUARY, "1 item by 2024-12-01")
        ]

    @pytest.mark.parametrize("basis", ["acting", "interim"])
    def test_it_is_due_on_no_day_while_no_lasting_head_is_in_office(self, basis):
        history = given(WITH_ESTUARY, newcomer(EVE, "2025-01-10", basis=basis), converted())
        assert history.owed(kind="ratification") == [
            owes("ratification", ONE, ESTUARY, "1 item by no day")
        ]
        fay = By("fay", ANN.office)
        came = newcomer(fay, "2025-04-20", effective_on="2025-09-01", succeeds="person:eve")
        assert given(history, came).owed(kind="ratification") == [
            owes("ratification", ONE, ESTUARY, "1 item by 2025-10-01")
        ]

    def test_and_then_within_the_days_from_the_first_of_one_who_is_to_come(self):
        acting = newcomer(EVE, "2025-01-10", basis="acting")
        fay = By("fay", ANN.office)
        coming = newcomer(fay, "2025-03-01", effective_on="2025-06-01", succeeds="person:eve")
        history = given(WITH_ESTUARY, acting, coming, converted())
        assert owes("ratification", ONE, ESTUARY, "1 item by 2025-07-01") in history.owed()

    def test_who_comes_back_from_leave_has_nothing_to_ratify_nor_to_hand_over(self):
        acting = newcomer(
            EVE, "2025-01-10", basis="acting", succeeds=None, stands_in_for="person:ann"
        )
        back = appointed(ANN, "2025-04-22", label="back", succeeds="person:eve")
        assert given(WITH_ESTUARY, acting, back).owed() == []
        ended_first = ended(EVE, "2025-04-21")
        assert given(WITH_ESTUARY, acting, ended_first, back.but(succeeds=None)).owed() == []

    def test_a_newer_one_voids_the_older(self):
        history = given(WITH_ESTUARY, newcomer(EVE, "2024-10-01"), converted())
        assert history.left(f"appoint-eve/ratification/{ESTUARY}", "2025-03-31") == "1"
        assert history.left(f"appoint-eve/ratification/{ESTUARY}", "2025-04-01") == "0"
        assert history.left(f"conv/ratification/{ESTUARY}") == "1"

    @pytest.mark.parametrize("answer", [ratified, declined])
    def test_an_answer_discharges_it(self, answer):
        history = given(WITH_ESTUARY, newcomer(EVE, "2024-10-01"), answer(EVE, "r", "2024-10-05"))
        assert history.owed("2024-10-04", "ratification") != []
        assert history.owed("2024-10-05", "ratification") == []


class TestRatificationOfWhatIsAhead:
    """A head takes on what is agreed already, and has answered with it for what that replaces."""

    CAME = given(WITH_ESTUARY, newcomer(EVE, "2024-10-01"))
    RULES = given(CAME, rules_agreed("rules-2", "2024-10-02", effective_on="2024-11-15"))
    CONVERSION = given(
        CAME,
        converted(
            on="2024-10-02",
            effective_on="2024-11-15",
            old_urn_closes_on="2024-11-14",
            new_urn_opens_on="2024-11-15",
        ),
    )
    AHEAD = pytest.mark.parametrize(
        ("history", "version"), [(RULES, 2), (CONVERSION, 1)], ids=["rules", "conversion"]
    )
    OWED = (
        ("2024-10-05", [owes("ratification", ONE, ESTUARY, "1 item by 2024-10-31")]),
        ("2024-11-14", [owes("ratification", ONE, ESTUARY, "1 item by 2024-10-31")]),
        ("2024-11-15", [owes("ratification", ONE, ESTUARY, "1 item by 2024-12-15")]),
    )

    def owed(self, history):
        rows = {day: history.owed(day, "ratification") for day, _ in self.OWED}
        return [(day, [row for row in found if ONE in row]) for day, found in rows.items()]

    @AHEAD
    @pytest.mark.parametrize("answer", [ratified, declined])
    def test_ends_both(self, history, version, answer):
        assert self.owed(history) == [*self.OWED]
        told = given(history, answer(EVE, "r", "2024-10-05", version=version))
        assert self.owed(told) == [(day, []) for day, _ in self.OWED]
        assert told.owed("2024-10-04", "ratification") == self.OWED[0][1]

    @AHEAD
    def test_withdrawn_both_are_owed_again(self, history, version):
        told = given(history, ratified(EVE, "r", "2024-10-05", version=version))
        assert self.owed(given(told, withdrawn("r", EVE, "2024-10-05"))) == [*self.OWED]

    def test_once(self):
        told = given(self.RULES, ratified(EVE, "r", "2024-10-05", version=2))
        told.when(ratified(EVE, "again", "2024-11-20", version=2)).then_refused(
            f"{ONE} has nothing to ratify with {ESTUARY}; a member that wants to go records"
            " MembershipLeft"
        )

    @pytest.mark.parametrize("after", [False, True], ids=["rules", "rules after the appointment"])
    def test_not_by_a_head_whom_another_follows_by_then(self, after):
        fay = By("fay", ANN.office)
        comes = newcomer(fay, "2024-10-03", effective_on="2024-11-01", succeeds="person:eve")
        rules = rules_agreed("rules-2", "2024-10-04", effective_on="2024-11-15")
        history = given(self.CAME, comes, rules) if after else given(self.RULES, comes)
        act = ratified(EVE, "r", "2024-10-05", version=2)
        assert "nothing to ratify" in history.when(act).reasons[0]


class TestAdmissionAnswer:
    SOUGHT = given(WITH_ESTUARY, sought("s", FOUR, "2024-09-10"))

    def test_the_partnership_owes_the_school_an_answer(self):
        assert self.SOUGHT.owed() == [
            owes("admission_answer", ESTUARY, FOUR, "1 item by 2024-10-10")
        ]

    def test_an_admission_discharges_it(self):
        assert given(self.SOUGHT, admitted("in", "s", "2024-09-12")).owed() == []

    def test_a_withdrawn_application_needs_no_answer(self):
        by = By("dan", f"head@{FOUR}")
        assert given(self.SOUGHT, withdrawn("s", by, "2024-09-12")).owed() == []


class TestHandover:
    NOTIFIED = given(WITH_ESTUARY, departure(ANN))
    OWED = (
        owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-04-30"),
        owes("handover", ONE, ESTUARY, "1 item by 2025-04-30"),
    )

    def test_a_departing_heads_school_owes_it_by_the_last_day(self):
        assert self.NOTIFIED.owed() == list(self.OWED)

    def test_who_leaves_unannounced_leaves_it_owed_by_each_ones_days(self):
        history = given(WITH_ESTUARY, ended(ANN, "2025-04-30"))
        assert history.owed() == [
            owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-05-28"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-06-04"),
        ]

    def test_so_does_who_is_succeeded_unannounced(self):
        """Until then nothing was owed when a successor was appointed and nobody said goodbye."""
        history = given(WITH_ESTUARY, newcomer(EVE, "2025-05-01"))
        assert history.owed(kind="handover") == [
            owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-05-29"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-06-05"),
        ]
        assert given(history, handed_over(ANN, on="2025-05-10")).owed(kind="handover") == []

    def test_and_the_school_that_closes_as_each_ones_days_allow(self):
        history = given(WITH_ESTUARY, closed(ONE, "2025-04-01", effective_on="2025-08-31"))
        assert history.owed("2025-08-31", "handover") == [
            owes("handover", ONE, NORTHWICK_BODY, "1 item by 2025-09-28"),
            owes("handover", ONE, ESTUARY, "1 item by 2025-10-05"),
        ]
        told_before = given(
            WITH_ESTUARY, handed_over(ANN, on="2025-06-20"), closed(ONE, "2025-08-31")
        )
        assert told_before.owed(kind="handover") == []

    def test_who_came_to_stand_in_leaves_the_holders_handover_owed_when_another_comes(self):
        acting = newcomer(
            EVE, "2025-01-10", basis="acting", succeeds=None, stands_in_for="person:ann"
        )
        other = newcomer(By("fay", ANN.office), "2025-04-22", succeeds="person:eve")
        history = given(WITH_ESTUARY, acting, other)
        assert len(history.owed(kind="handover")) == 2
        assert given(history, handed_over(ANN, by=BEA, on="2025-04-25")).owed(kind="handover") == []

    def test_but_once_only(self):
        history = given(self.NOTIFIED, ended(ANN, "2025-04-30"))
        assert history.owed() == list(self.OWED)

    def test_no_other_office_owes_one(self):
        assert given(WITH_ESTUARY, departure(BEA), ended(OLIVE, "2025-04-30")).owed() == []

    def test_giving_it_discharges_it(self):
        history = given(self.NOTIFIED, handed_over(ANN))
        assert history.owed("2025-04-19") == list(self.OWED)
        assert history.owed("2025-04-20") == []

    @pytest.mark.parametrize(("on", "counts"), [("2024-10-12", True), ("2024-10-11", False)])
    def test_one_given_in_the_90_days_before_counts(self, on, counts):
        history = given(WITH_ESTUARY, handed_over(ANN, on=on), departure(ANN, on="2025-01-10"))
        assert (history.owed() == []) is counts

    def test_and_counts_once(self):
        early = given(WITH_ESTUARY, handed_over(ANN, on="2025-01-05"), departure(ANN))
        withdrawn_since = withdrawn("x", ANN, "2025-01-15")
        history = given(early, withdrawn_since)
        assert history.owed() == []
        again = given(history, departure(ANN, "x2", on="2025-01-20"))
        assert again.owed() == []

    def test_a_departure_withdrawn_with_its_early_handover_leaves_nothing_owed(self):
        early = given(WITH_ESTUARY, handed_over(ANN, on="2025-01-05"), departure(ANN))
        assert given(early, withdrawn("x", ANN, "2025-01-15")).owed() == []

    def test_one_given_by_somebody_else_does_not_count(self):
        history = given(
            WITH_ESTUARY,
            handed_over(ANN, on="2025-01-05"),
            newcomer(EVE, "2025-01-06", basis="acting"),
            departure(EVE, on="2025-01-10"),
        )
        assert history.owed("2025-04-30", "handover") == list(self.OWED)


class TestHandoverAcceptance:
    GIVEN = given(WITH_ESTUARY, departure(ANN), handed_over(ANN))

    def test_nobody_owes_it_before_a_successor_is_appointed(self):
        assert self.GIVEN.owed() == []
        acting = newcomer(EVE, "2025-05-01", basis="acting")
        assert given(self.GIVEN, acting).owed() == []

    def test_the_school_owes_it_once_a_successor_is(self):
        history = given(self.GIVEN, newcomer(EVE, "2025-05-01"))
        assert history.owed("2025-04-30") == []
        assert history.owed("2025-05-01", "handover_acceptance") == [
            owes("handover_acceptance", ONE, NORTHWICK_BODY, "1 item by 2025-05-29"),
            owes("handover_acceptance", ONE, ESTUARY, "1 item by 2025-06-05"),
        ]

    def test_or_once_in_office_where_one_is_appointed_already(self):
        early = newcomer(EVE, "2025-04-01", effective_on="2025-05-01")
        history = given(WITH_ESTUARY, departure(ANN), early, handed_over(ANN))
        assert history.owed("2025-04-30", "handover_acceptance") == []
        assert history.owed("2025-05-01", "handover_acceptance") == [
            owes("handover_acceptance", ONE, NORTHWICK_BODY, "1 item by 2025-05-29"),
            owes("handover_acceptance", ONE, ESTUARY, "1 item by 2025-06-05"),
        ]

    def test_accepting_it_discharges_it(self):
        history = given(self.GIVEN, newcomer(EVE, "2025-05-01"), accepted(EVE))
        assert history.owed("2025-05-09", "handover_acceptance") != []
        assert history.owed("2025-05-10", "handover_acceptance") == []

    def test_it_is_asked_once(self):
        other = appointed(
            By("cat", ANN.office), "2025-06-01", label="cat-at-one", succeeds="person:eve"
        )
        history = given(self.GIVEN, newcomer(EVE, "2025-05-01"), accepted(EVE), other)
        assert history.owed(kind="handover_acceptance") == []


class TestConversion:
    def test_it_changes_no_obligation(self):
        history = given(VISITED, converted())
        assert history.owed() == VISITED.owed()

    def test_nor_does_what_the_transfer_leaves_with_the_former_body_until_it_assumes_it(self):
        """No debt passes to a body by a registrar's word alone."""
        left = given(VISITED, converted(left_with_former_body=["g/support"]))
        assert left.owed() == VISITED.owed()
        confirmed = given(left, attested(on="2025-04-10"))
        assert confirmed.owed("2025-04-01", "support") == [
            owes("support", ONE, TWO, "4.5 day by 2025-03-31")
        ]


def gone_on(school=THREE, on="2025-04-01"):
    """A school goes on from school one, with what that owes under the agreement."""
    said = {
        "school": school,
        "urn": f"urn:{school.partition(':')[2]}",
        "former_urn": "urn:900001",
        "former_urn_closes_on": "2025-03-31",
        "effective_on": "2025-04-01",
        "predecessor": ONE,
        "moved": ["g/support"],
        "source": SOURCE,
    }
    return say("SuccessionAttributed", "succ", RITA, on, **said)


class TestWhatGoesAlong:
    GONE = given(VISITED, gone_on())

    def test_days_given_before_and_confirmed_after_count_for_the_school_that_gave_them(self):
        history = given(self.GONE, attested(on="2025-04-10"))
        assert history.owed("2025-03-31", "support") == [
            owes("support", ONE, TWO, "4.5 day by 2025-03-31")
        ]
        assert history.owed("2025-04-01", "support") == [
            owes("support", THREE, TWO, "4.5 day by 2025-03-31")
        ]

    def test_nor_does_one_recorded_late_take_days_given_since_from_the_wrong_side(self):
        history = given(
            AGREED,
            made(on="2025-04-05", under="agreement:g"),
            attested(on="2025-04-06"),
            gone_on(on="2025-05-01"),
        )
        assert history.owed("2025-03-31", "support") == [
            owes("support", ONE, TWO, "6 day by 2025-03-31")
        ]
        assert history.owed("2025-04-01", "support") == [
            owes("support", THREE, TWO, "6 day by 2025-03-31")
        ]
        assert history.owed("2025-04-05", "support") == [
            owes("support", THREE, TWO, "4.5 day by 2025-03-31")
        ]

    @pytest.mark.parametrize("days", ["1.5", "6.0"], ids=["of some", "of all there was"])
    def test_what_a_withdrawal_gives_back_is_owed_by_who_stands_there_now(self, days):
        history = given(
            AGREED,
            made(under="agreement:g", days=days),
            attested(days=days),
            gone_on(),
            withdrawn("a", BEN, "2025-05-01"),
        )
        assert history.owed(kind="support") == [owes("support", THREE, TWO, "6 day by 2025-03-31")]

    def test_a_debt_to_oneself_stays_void_when_something_is_given_back(self):
        history = given(VISITED, attested(), gone_on(TWO), withdrawn("a", BEN, "2025-05-01"))
        assert history.owed(kind="support") == []
