"""Visits: claimed, confirmed or disputed, corrected, and accounted for."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    CAT,
    ESTUARY,
    FOUR,
    HEADS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    THREE,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    agreed,
    attested,
    corrected,
    declined,
    disputed,
    dissolved,
    ended_with,
    formed,
    given,
    made,
    maintained,
    member,
    newcomer,
    offered,
    person,
    reported,
    say,
    school,
    schools_merged,
    spelled,
    withdrawn,
    year_opened,
)

EVE = By("eve", ANN.office)
LEAVES = "2024-12-31"
AGREED = given(WITH_YEAR, offered(), agreed())
VISITED = given(AGREED, made(under="agreement:g"))
DISPUTED = given(VISITED, disputed())
CONFIRMED = given(VISITED, attested())
UNDER_NOTHING = given(NORTHWICK, made())

MADE = {
    "under an agreement": {"under": "agreement:g"},
    "under a partnership's year": {"under": "year:year", "purpose": "peer_review"},
    "under nothing, though an agreement is open": {"under": "nothing"},
    "at a school outside the partnership": {"under": "year:year", "host": FOUR},
    "half a day": {"days": "0.5", "under": "agreement:g"},
    "ten days of who is not said": {"days": "10.0", "under": "nothing"},
    "half a day less than two people have in two days": {
        "days": "3.5",
        "people": [person("ann"), person("bea")],
        "until": "2024-10-02",
        "on": "2024-10-01",
        "recorded": "2024-10-02",
        "under": "agreement:g",
    },
}


@pytest.mark.parametrize("changes", MADE.values(), ids=MADE)
def test_a_visit_is_made(changes):
    AGREED.when(made(**changes)).then_recorded()


NOT_MADE = {
    "to oneself": (made(host=ONE), ["a party cannot visit itself"]),
    "for no time": (made(days="0.0", under="agreement:g"), ["a visit takes at least half a day"]),
    "for more days than a visit takes": (
        made(days="10.5", under="nothing"),
        [
            (
                "10.5 days are more than 10, and it names nobody who came; say who, and until"
                " when, or tell it as several"
            )
        ],
    ),
    "for 500 days by one person in a day": (
        made(days="500.0", people=[person("ann")], under="agreement:g"),
        [
            (
                "500.0 days are more than 1, for one person on 2024-10-01: one person's working"
                " day is 1.0"
            )
        ],
    ),
    "for longer than two people have, one of them named twice": (
        made(
            days="4.5",
            people=[person("ann"), person("bea"), person("ann")],
            until="2024-10-02",
            recorded="2024-10-02",
            under="agreement:g",
        ),
        [
            (
                "4.5 days are more than 4, for 2 people from 2024-10-01 to 2024-10-02: one"
                " person's working day is 1.0"
            )
        ],
    ),
    "until the day before": (
        made(until="2024-09-30", under="agreement:g"),
        ["its last day, 2024-09-30, lies before its first, 2024-10-01"],
    ),
    "until a day that lies ahead": (
        made(until="2024-10-02", under="agreement:g"),
        ["its last day, 2024-10-02, lies ahead; a visit is told when it was made"],
    ),
    "under what is not said": (
        made(),
        [
            (
                "it does not say what it is under, and 2 stand open between the two:"
                " <agreement:g>, <year:year>; say which with --under, or the word nothing"
            )
        ],
    ),
    "the other way round than agreed": (
        made(visitor=TWO, host=ONE, under="agreement:g"),
        [f"the agreement is for {ONE} to support {TWO}"],
    ),
    "to another school than agreed": (
        made(host=THREE, under="agreement:g"),
        [f"the agreement is for {ONE} to support {TWO}"],
    ),
    "under the year, to a council": (
        made(host=NORTHWICK_BODY, under="year:year"),
        [f"a visit of the year is made to a school, and {NORTHWICK_BODY} is none"],
    ),
    "under the year, to the partnership itself": (
        made(host=ESTUARY, under="year:year"),
        [f"a visit of the year is made to a school, and {ESTUARY} is none"],
    ),
    "by a school that does not belong": (
        made(visitor=FOUR, under="year:year"),
        [f"{FOUR} does not belong to partnership:estuary on 2024-10-01"],
    ),
    "under an agreement that nobody made": (
        made(under="agreement:nothing"),
        [
            (
                "it names <agreement:nothing>, and no agreement of that id stands in this ledger;"
                " `school-ledger show agreement:` lists those that do"
            )
        ],
    ),
    "under an offer as if it were agreed": (
        made(under="agreement:o"),
        [
            (
                "it names <agreement:o>, and no agreement of that id stands in this ledger;"
                " `school-ledger show agreement:` lists those that do"
            )
        ],
    ),
    "by people unknown": (
        made(people=["person:stranger"], under="agreement:g"),
        [
            (
                "it names <person:stranger> as people, which is not registered in this"
                " ledger; `school-ledger find NAME` looks it up, and a registrar registers it"
            )
        ],
    ),
    "before it was agreed": (
        made(on="2024-09-03", under="agreement:g"),
        [
            (
                "it is said to have happened on 2024-09-03, before the agreement that it"
                " names, which happened on 2024-09-04; check the day"
            )
        ],
    ),
    "with evidence that nobody lodged": (
        made(evidence=["evidence:e"], under="agreement:g"),
        [
            (
                "it names <evidence:e>, and no evidence of that id stands in this ledger;"
                " `school-ledger show evidence:` lists those that do"
            )
        ],
    ),
}


@pytest.mark.parametrize("case", NOT_MADE.values(), ids=NOT_MADE)
def test_no_visit_is_made(case):
    act, reasons = case
    AGREED.when(act).then_refused(*reasons)


UNDER = {
    "the only agreement": (given(NORTHWICK, offered(), agreed()), made(), "agreement:g"),
    "the only year": (WITH_YEAR, made(), "year:year"),
    "nothing, with no year": (WITH_ESTUARY, made(), "nothing"),
    "nothing, to a school outside": (WITH_YEAR, made(host=FOUR), "nothing"),
    "nothing, to a council": (WITH_YEAR, made(host=NORTHWICK_BODY), "nothing"),
    "nothing, the other way round": (
        given(NORTHWICK, offered(), agreed()),
        made(visitor=TWO, host=ONE),
        "nothing",
    ),
    "nothing, before the agreement starts": (
        given(NORTHWICK, offered(), agreed(starts="2024-11-01")),
        made(),
        "nothing",
    ),
    "an agreement that ended with days left": (
        given(NORTHWICK, offered(), agreed()),
        made(on="2025-04-20"),
        "agreement:g",
    ),
    "the year of a partnership that asks for visits outside": (
        given(NORTHWICK, formed(outside_visits=1), newcomer(CAROL), member(ONE), year_opened()),
        made(host=FOUR),
        "year:year",
    ),
    "a year that has ended, while a visit is owed": (WITH_YEAR, made(on="2025-09-10"), "year:year"),
}


@pytest.mark.parametrize("case", UNDER.values(), ids=UNDER)
def test_a_visit_is_under_what_stands_open_between_the_two(case):
    history, act, under = case
    assert history.drafted(act).data["under"] == spelled(under)
    history.when(act).then_recorded()


def test_what_it_is_under_must_be_said_even_so():
    UNDER_NOTHING.when_exactly(made("w")).then_refused(
        "it does not say what it is under, and nothing stands open between the two: left out, it"
        " is filled in"
    )


def test_an_agreement_begins_on_its_day():
    history = given(NORTHWICK, offered(), agreed(starts="2024-11-01"))
    history.when(made(under="agreement:g")).then_refused("the agreement starts on 2024-11-01")


def test_who_left_the_partnership_visits_no_more_under_its_year():
    history = given(WITH_YEAR, newcomer(By("eve", f"head@{ONE}"), "2024-09-10"))
    eve = By("eve", f"head@{ONE}")
    act = made(by=eve, under="year:year", on="2025-01-10")
    history.when(act).then_recorded()


class TestVisitAttested:
    @pytest.mark.parametrize("days", ["0.5", "1.0", "1.5"])
    def test_the_host_confirms_up_to_what_was_claimed(self, days):
        VISITED.when(attested(days=days)).then_recorded()

    @pytest.mark.parametrize("history", [VISITED, UNDER_NOTHING])
    def test_not_more(self, history):
        history.when(attested(days="2.0")).then_refused("it confirms 2.0 days; 1.5 were claimed")

    def test_not_nothing(self):
        VISITED.when(attested(days="0.0")).then_refused(
            "it confirms no days; VisitDisputed says what is wrong"
        )

    @pytest.mark.parametrize("history", [CONFIRMED, DISPUTED])
    def test_once(self, history):
        history.when(attested("again")).then_refused(
            "<visit:v> is answered already; withdraw that answer to give another"
        )

    def test_not_by_who_claimed_it(self):
        both = By("ann", BEN.office)
        history = given(VISITED, newcomer(By("x", f"head@{FOUR}")))
        history = given(history, RITA_APPOINTS_ANN)
        history.when(attested(by=both)).then_refused(
            "the same person claimed the visit; somebody else must sign the host's answer"
        )

    def test_nor_by_who_claimed_it_once_it_is_answered_and_both_are_said(self):
        history = given(CONFIRMED, RITA_APPOINTS_ANN)
        history.when(attested("again", by=By("ann", BEN.office))).then_refused(
            "the same person claimed the visit; somebody else must sign the host's answer",
            "<visit:v> is answered already; withdraw that answer to give another",
        )

    def test_of_a_visit_that_stands(self):
        AGREED.when(
            attested(visitor=ONE, host=TWO, under="agreement:g", purpose="support")
        ).then_refused(
            "it names <visit:v>, and no visit of that id stands in this ledger; `school-ledger"
            " show visit:` lists those that do"
        )

    def test_not_before_the_visit(self):
        VISITED.when(attested(on="2024-09-30")).then_refused(
            "it is said to have happened on 2024-09-30, before the visit that it names,"
            " which happened on 2024-10-01; check the day"
        )

    def test_it_repeats_what_it_answers(self):
        act = attested(visitor=THREE, host=TWO, under="year:year", visited_on="2024-09-30")
        VISITED.when(act).then_refused(
            (
                f"“visitor” must be as in the visit it names: got {THREE}, expected {ONE}; left"
                " out, it is filled in"
            ),
            (
                "“what it is under” must be what the visit is under: got <year:year>, expected"
                " <agreement:g>; left out, it is filled in"
            ),
            (
                "“visited on” must be the day of the visit: got 2024-09-30, expected 2024-10-01;"
                " left out, it is filled in"
            ),
        )

    def test_it_says_under_nothing_where_the_visit_was(self):
        UNDER_NOTHING.when(attested()).then_recorded()
        history = given(AGREED, made(under="nothing"))
        history.when(attested(under="agreement:g")).then_refused(
            "“what it is under” must be what the visit is under: got <agreement:g>, expected"
            " nothing; left out, it is filled in"
        )

    def test_it_lists_what_it_changes_and_nothing_else(self):
        listed = ["v/attestation", "o/support"]
        VISITED.when_altered(attested(), obligations=listed).then_refused(
            (
                "it changes the obligation <g/support> and does not list it; leave out its"
                " obligations, and they are filled in"
            ),
            (
                "it lists the obligation <o/support>, which it does not change: it is answered"
                " already, or not of this event; leave out its obligations, and they are filled in"
            ),
        )


RITA_APPOINTS_ANN = [
    act.but(by=RITA)
    for act in newcomer(By("ann", BEN.office), "2024-10-01", label="ann-at-two")
    if act.name == "Appointed"
]


class TestVisitDisputed:
    def test_the_host_says_what_is_wrong(self):
        VISITED.when(disputed()).then_recorded()
        VISITED.when(disputed(days="0.0")).then_recorded()

    @pytest.mark.parametrize("history", [CONFIRMED, DISPUTED])
    def test_once(self, history):
        history.when(disputed("again")).then_refused(
            "<visit:v> is answered already; withdraw that answer to give another"
        )

    def test_it_would_confirm_no_more_than_was_claimed(self):
        VISITED.when(disputed(days="2.0")).then_refused("it confirms 2.0 days; 1.5 were claimed")

    def test_not_by_who_claimed_it(self):
        history = given(VISITED, RITA_APPOINTS_ANN)
        history.when(disputed(by=By("ann", BEN.office))).then_refused(
            "the same person claimed the visit; somebody else must sign the host's answer"
        )


class TestVisitStillOwed:
    """A visit of the year may be made after it, or after leaving, while one is owed."""

    LEFT = given(
        WITH_YEAR, newcomer(EVE, "2024-09-20"), declined(EVE, "n", "2024-10-02", leaves_on=LEAVES)
    )

    @staticmethod
    def of_year(label="v", on="2025-09-10", **changes):
        return made(label, on, under="year:year", purpose="peer_review", days="1.0", **changes)

    def confirmed(self, history, hosts, by=ANN):
        for number, host in enumerate(hosts):
            visit = self.of_year(f"v{number}", "2024-10-03", host=host, by=by)
            answer = attested(f"a{number}", f"v{number}", by=HEADS[host], on="2024-10-04")
            history = given(history, visit, answer.but(days="1.0"))
        return history

    def test_after_the_year(self):
        WITH_YEAR.when(self.of_year()).then_recorded()

    def test_before_the_year_was_opened_if_within_it(self):
        """A clerk records in November that a year was agreed, and a visit made, in September."""
        members = [*member(ONE), *member(TWO)]
        history = given(NORTHWICK, formed(), newcomer(CAROL), members, year_opened(on="2024-11-04"))
        visit = self.of_year("v", "2024-09-20", host=TWO, recorded="2024-11-05")
        made_one = history.when(visit).then_recorded()
        confirmed = given(made_one, attested("a", "v", on="2024-11-06", days="1.0"))
        assert confirmed.left(f"year/peer_visit/{ONE}", "2024-09-20") == "2"
        history.when(visit.but(on="2024-08-31")).then_refused(
            "it is said to have happened on 2024-08-31, before the year that it names, which"
            " counts from 2024-09-01; check the day"
        )

    def test_not_once_all_are_made(self):
        history = self.confirmed(WITH_YEAR, (TWO, THREE, FOUR))
        history.when(self.of_year()).then_refused(
            "2025-09-10 is not within the year 2024-25, from 2024-09-01 to 2025-08-31"
        )

    def test_after_leaving(self):
        self.LEFT.when(self.of_year(on="2025-02-01", by=EVE)).then_recorded()

    def test_not_once_those_of_the_months_served_are_made(self):
        history = self.confirmed(self.LEFT, (TWO,), by=EVE)
        history.when(self.of_year(on="2025-02-01", by=EVE)).then_refused(
            f"{ONE} does not belong to {ESTUARY} on 2025-02-01"
        )


class TestVisitCorrected:
    def test_the_visitor_answers_a_dispute_and_the_host_answers_anew(self):
        history = DISPUTED.when(corrected(dispute="dispute:d")).then_recorded()
        history.when(attested(days="1.0", on="2024-10-04")).then_recorded()
        history.when(attested(days="1.5", on="2024-10-04")).then_refused(
            "it confirms 1.5 days; 1.0 were claimed"
        )

    def test_of_a_year_it_stays_though_the_partnership_was_dissolved_before_the_visit(self):
        """Who owes none for the month that it belonged makes no further visit of the year."""
        first = (made("u", under="year:year", on="2024-09-10"), attested("b", "u", days="1.5"))
        visited = given(WITH_YEAR, *first, made(under="year:year", on="2024-10-02"))
        history = given(visited, dissolved(on="2024-09-20").but(recorded="2024-10-03"))
        history.when(corrected()).then_recorded()
        history.when(made("w", under="year:year", on="2024-10-03")).then_refused(
            f"{ONE} does not belong to {ESTUARY} on 2024-10-03"
        )

    def test_the_host_answers_no_day_before_it(self):
        history = VISITED.when(corrected(days="1.0")).then_recorded()
        for answer in (attested(days="1.0"), disputed(days="0.5")):
            history.when(answer).then_refused(
                "it is said to have happened on 2024-10-02, before the correction that it answers,"
                " which happened on 2024-10-03; check the day"
            )
        history.when(attested(days="1.0", on="2024-10-03")).then_recorded()

    def test_before_any_answer(self):
        VISITED.when(corrected(days="3.0")).then_recorded()

    def test_upon_a_dispute_it_names_it(self):
        assert DISPUTED.drafted(corrected()).data["dispute"] == spelled("dispute:d")
        DISPUTED.when_altered(corrected(), dispute=None).then_refused(
            "“dispute” must be the open one: got nothing, expected <dispute:d>; left out, it"
            " is filled in"
        )

    def test_a_dispute_that_is_open(self):
        history = given(DISPUTED, corrected(dispute="dispute:d"))
        history.when(corrected("c2", dispute="dispute:d")).then_refused(
            "“dispute” must be the open one: got <dispute:d>, expected nothing; left out, it"
            " is filled in"
        )
        VISITED.when(corrected(dispute="dispute:zzz")).then_refused(
            (
                "it names <dispute:zzz>, and no dispute of that id stands in this ledger;"
                " `school-ledger show dispute:` lists those that do"
            ),
            (
                "“dispute” must be the open one: got <dispute:zzz>, expected nothing; left out,"
                " it is filled in"
            ),
        )

    def test_not_what_is_confirmed(self):
        CONFIRMED.when(corrected()).then_refused(
            "<visit:v> is confirmed already; withdraw the confirmation first"
        )
        history = given(CONFIRMED, withdrawn("a", BEN, "2024-10-05"))
        history.when(corrected(on="2024-10-06")).then_recorded()

    def test_not_to_nothing(self):
        VISITED.when(corrected(days="0.0")).then_refused(
            "a visit takes at least half a day; withdraw the visit if it was not made"
        )

    def test_not_to_more_than_a_visit_takes(self):
        VISITED.when(corrected(days="20.0")).then_refused(
            "20.0 days are more than 10, and it names nobody who came; say who, and until when, or"
            " tell it as several"
        )
        history = given(AGREED, made(under="agreement:g", people=[person("ann")], days="1.0"))
        history.when(corrected(days="1.5")).then_refused(
            "1.5 days are more than 1, for one person on 2024-10-01: one person's working day is"
            " 1.0"
        )

    def test_to_under_another(self):
        history = given(VISITED, corrected(under="year:year", days="1.5"))
        act = attested("a", on="2024-10-04")
        assert history.drafted(act).data["under"] == spelled("year:year")
        confirmed = given(history, act)
        assert confirmed.left("g/support") == "6"
        assert confirmed.left(f"year/peer_visit/{ONE}") == "2"
        impact = reported(year="year:year", visits=["visit:v"])
        confirmed.when(impact).then_recorded()

    def test_from_nothing_to_an_agreement(self):
        history = given(AGREED, made(under="nothing"), corrected(under="agreement:g", days="1.5"))
        assert given(history, attested(on="2024-10-04")).left("g/support") == "4.5"

    def test_under_nothing_it_asks_for_no_answer(self):
        history = given(VISITED, corrected(under="nothing"))
        assert history.owed(kind="attestation") == []

    def test_not_to_under_what_it_cannot_be(self):
        history = given(WITH_YEAR, offered(), agreed(starts="2024-11-01"), made(under="year:year"))
        history.when(corrected(under="agreement:g")).then_refused(
            "the agreement starts on 2024-11-01"
        )
        act = made(host=FOUR, under="year:year")
        given(AGREED, act).when(corrected(under="agreement:g")).then_refused(
            f"the agreement is for {ONE} to support {TWO}"
        )

    def test_who_corrected_the_figures_does_not_confirm_them(self):
        history = given(VISITED, newcomer(EVE, "2024-10-02"), corrected(by=EVE))
        eve_at_two = By("eve", BEN.office)
        acts = newcomer(eve_at_two, "2024-10-04", label="eve-at-two")
        history = given(history, [act for act in acts if act.name == "Appointed"])
        history.when(attested(by=eve_at_two, days="1.0", on="2024-10-05")).then_refused(
            "the same person claimed the visit; somebody else must sign the host's answer"
        )

    def test_nor_does_who_made_the_visit_whoever_corrected_it(self):
        newcomers = [*newcomer(EVE, "2024-10-02"), corrected(by=EVE)]
        history = given(VISITED, newcomers, RITA_APPOINTS_ANN)
        both = By("ann", BEN.office)
        history.when(attested(by=both, days="1.0", on="2024-10-05")).then_refused(
            "the same person claimed the visit; somebody else must sign the host's answer"
        )


class TestFewerDaysConfirmed:
    """Confirming fewer days than were claimed leaves the rest disputed."""

    FEWER = given(VISITED, attested(days="1.0"))

    def test_it_says_how_many_were_claimed(self):
        assert VISITED.drafted(attested(days="1.0")).data["claimed"] == "1.5"
        VISITED.when_altered(attested(), claimed="1.5").then_refused(
            "“claimed” must be the days claimed, where it confirms fewer: got 1.5, expected"
            " nothing; left out, it is filled in"
        )

    def test_the_days_confirmed_count_and_the_visitor_answers_for_the_rest(self):
        assert self.FEWER.left("g/support") == "5"
        assert self.FEWER.owed(kind="dispute_answer") == [
            f"dispute_answer: {ONE} owes {TWO} 1 item by 2024-10-16"
        ]

    def test_the_visitor_gives_in(self):
        history = given(self.FEWER, corrected(days="1.0"))
        assert history.owed(kind="dispute_answer") == []
        assert history.owed(kind="attestation") == []
        history.when(attested("b", days="0.5", on="2024-10-04")).then_refused(
            "<visit:v> is answered already; withdraw that answer to give another"
        )

    def test_the_visitor_claims_anew_and_the_host_confirms_the_rest(self):
        history = given(
            self.FEWER, corrected(days="1.5"), attested("b", days="0.5", on="2024-10-04")
        )
        assert history.left("g/support") == "4.5"
        assert history.owed(kind="attestation") == []
        assert history.owed(kind="dispute_answer") == []
        assert history.record.entries[-1].data["confirmed_before"] == "1.0"

    def test_not_more_than_the_rest(self):
        history = given(self.FEWER, corrected(days="1.5"))
        history.when(attested("b", days="1.0", on="2024-10-04")).then_refused(
            "it confirms 1.0 days; 1.5 were claimed, of which 1.0 are confirmed already"
        )

    def test_not_fewer_than_are_confirmed_nor_under_another(self):
        self.FEWER.when(corrected(days="0.5")).then_refused(
            "1.0 days of <visit:v> are confirmed already, and it says 0.5; withdraw the"
            " confirmation first"
        )
        self.FEWER.when(corrected(days="1.5", under="year:year")).then_refused(
            "days of <visit:v> are confirmed under <agreement:g>; withdraw the confirmation before"
            " it goes under another"
        )

    def test_one_visit_of_the_year_counts_once_however_often_it_is_answered(self):
        history = given(
            WITH_YEAR,
            made(under="year:year"),
            attested(days="1.0"),
            corrected(days="1.5"),
            attested("b", days="0.5", on="2024-10-04"),
        )
        assert history.left(f"year/peer_visit/{ONE}") == "2"
        assert history.beyond(f"year/peer_visit/{ONE}") == "0"

    def test_withdrawing_it_leaves_the_visit_to_be_answered(self):
        history = given(self.FEWER, withdrawn("a", BEN, "2024-10-05"))
        assert history.left("g/support") == "6"
        assert history.owed(kind="dispute_answer") == []
        history.when(attested("b", on="2024-10-06")).then_recorded()


class TestVisitDisputeMaintained:
    def test_it_answers_a_dispute(self):
        for history in (DISPUTED, TestFewerDaysConfirmed.FEWER):
            told = history.when(maintained()).then_recorded()
            assert told.owed(kind="dispute_answer") == []

    def test_it_names_the_dispute(self):
        assert DISPUTED.drafted(maintained()).data["dispute"] == spelled("dispute:d")
        assert "dispute" not in TestFewerDaysConfirmed.FEWER.drafted(maintained()).data

    @pytest.mark.parametrize("history", [VISITED, CONFIRMED])
    def test_not_where_nothing_is_disputed(self, history):
        history.when(maintained()).then_refused("<visit:v> has no dispute that waits for an answer")

    def test_once(self):
        history = given(DISPUTED, maintained())
        history.when(maintained("m2")).then_refused(
            "<visit:v> has no dispute that waits for an answer"
        )
        history.when(corrected()).then_recorded()


class TestImpactReported:
    @pytest.mark.parametrize(
        ("by", "told"),
        [
            (ANN, ("provider", TWO)),
            (BEN, ("receiver", ONE)),
            (OLIVE, ("authority", TWO)),
        ],
        ids=["the provider", "the receiver", "a body besides"],
    )
    def test_each_side_accounts_in_its_role_and_a_body_claims_its_part(self, by, told):
        act = reported(reporter=ONE, agreement="agreement:g").but(by=by, reporter=party_of(by))
        said = CONFIRMED.when(act).then_recorded().record.entries[-1].data
        assert (said["role"], said["other_side"], said["school"]) == (*told, TWO)

    def test_who_commissions_says_so(self):
        history = given(NORTHWICK, offered(), agreed(commissioner=NORTHWICK_BODY))
        act = reported(agreement="agreement:g").but(by=OLIVE, reporter=NORTHWICK_BODY)
        assert history.drafted(act).data["role"] == "commissioner"

    def test_of_the_visits_that_it_rests_on(self):
        act = reported(agreement="agreement:g", visits=["visit:v"])
        CONFIRMED.when(act).then_recorded()

    def test_each_school_gives_its_account_of_the_year(self):
        history = given(WITH_YEAR, made(under="year:year"), attested())
        told = history.when(reported(year="year:year", visits=["visit:v"])).then_recorded()
        said = told.record.entries[-1].data
        assert (said["other_side"], said["school"], said.get("role")) == (ESTUARY, ONE, None)

    @pytest.mark.parametrize(
        ("history", "about", "reason"),
        [
            (
                given(
                    WITH_YEAR,
                    year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31"),
                ),
                {"year": "year:next"},
                "<year:next>, which begins on 2025-09-01",
            ),
            (
                given(NORTHWICK, offered(), agreed(starts="2024-10-20")),
                {"agreement": "agreement:g"},
                "<agreement:g>, which begins on 2024-10-20",
            ),
        ],
        ids=["a year", "an agreement"],
    )
    def test_not_before_it_began(self, history, about, reason):
        history.when(reported(**about)).then_refused(f"it tells what came of {reason}")

    def test_a_body_claims_its_part_in_a_year_in_one_school(self):
        act = reported(year="year:year", school=TWO).but(by=OLIVE, reporter=NORTHWICK_BODY)
        assert WITH_YEAR.drafted(act).data["role"] == "authority"
        WITH_YEAR.when(act).then_recorded()
        WITH_YEAR.when(act.but(school=None)).then_refused(
            "name the school in which something changed"
        )

    def test_of_a_body_that_is_supported_no_school_is_named(self):
        history = given(NORTHWICK, offered(receiver=NORTHWICK_BODY), agreed(by=OLIVE))
        assert "school" not in history.drafted(reported(agreement="agreement:g")).data

    def test_once(self):
        history = given(CONFIRMED, reported(agreement="agreement:g"))
        history.when(reported("again", agreement="agreement:g")).then_refused(
            f"{ONE} owes no account of it, or has given it already"
        )

    def test_which_account_is_owed_is_told_to_who_gives_another(self):
        history = given(CONFIRMED, reported("i", TWO, agreement="agreement:g", on="2025-04-01"))
        again = reported("again", TWO, agreement="agreement:g", on="2026-04-01")
        history.when(again).then_refused(f"the account that {TWO} owes is the one a year later")
        history.when(again.but(stage="a_year_later")).then_recorded()

    def test_a_body_once_until_it_is_withdrawn(self):
        act = reported(agreement="agreement:g").but(by=OLIVE, reporter=NORTHWICK_BODY)
        history = given(CONFIRMED, act)
        history.when(act.but(label="again")).then_refused(
            f"{NORTHWICK_BODY} has reported on it already: <impact:i>; withdraw that first"
        )
        history = given(history, withdrawn("i", OLIVE, "2024-10-11"))
        history.when(act.but(label="again", on="2024-10-12")).then_recorded()

    NOT: ClassVar = {
        "of one thing": (
            CONFIRMED,
            reported(year="year:year", agreement="agreement:g"),
            "it is about one agreement, partnership year or programme: name exactly one",
        ),
        "of something": (
            CONFIRMED,
            reported(other_side=TWO),
            "it is about one agreement, partnership year or programme: name exactly one",
        ),
        "on visits that are confirmed": (
            VISITED,
            reported(agreement="agreement:g", visits=["visit:v"]),
            "<visit:v> is not confirmed yet",
        ),
        "on visits of that agreement": (
            given(CONFIRMED, made("v2", under="nothing"), attested("a2", "v2")),
            reported(agreement="agreement:g", visits=["visit:v2"]),
            "<visit:v2> was not made under <agreement:g>",
        ),
        "with the other side": (
            CONFIRMED,
            reported(agreement="agreement:g", other_side=THREE),
            (
                f"“other side” must be whom the account is with: got {THREE}, expected {TWO};"
                " left out, it is filled in"
            ),
        ),
        "in its own role": (
            CONFIRMED,
            reported(agreement="agreement:g", role="receiver"),
            (
                "“role” must be in which role it had a part: got receiver, expected provider;"
                " left out, it is filled in"
            ),
        ),
        "of the school that was supported": (
            CONFIRMED,
            reported(agreement="agreement:g", school=ONE),
            (
                f"“school” must be the school that was supported: got {ONE}, expected {TWO}; left"
                " out, it is filled in"
            ),
        ),
        "after the agreement": (
            CONFIRMED,
            reported(agreement="agreement:g", on="2024-09-03"),
            (
                "it is said to have happened on 2024-09-03, before the agreement that it"
                " names, which happened on 2024-09-04; check the day"
            ),
        ),
        "for a period that ends after it begins": (
            CONFIRMED,
            reported(agreement="agreement:g", period_from="2024-10-02", period_to="2024-10-01"),
            "its period ends on 2024-10-01, before it begins on 2024-10-02",
        ),
        "for a period that is over": (
            CONFIRMED,
            reported(agreement="agreement:g", period_to="2024-10-11"),
            "its period ends on 2024-10-11, after it was reported",
        ),
        "a year later once the agreement is over": (
            CONFIRMED,
            reported("i", TWO, agreement="agreement:g", stage="a_year_later"),
            "it tells of a year after <agreement:g>, whose last day is 2025-03-31",
        ),
        "a year later by who was helped": (
            CONFIRMED,
            reported(agreement="agreement:g", stage="a_year_later", on="2026-03-20"),
            f"the account that {ONE} owes is the one at the end",
        ),
        "a year later of an agreement": (
            CONFIRMED,
            reported(year="year:year", stage="a_year_later"),
            f"the account that {ONE} owes is the one at the end",
            "only of an agreement is there an account a year later",
        ),
        "by a side, or by a body besides": (
            CONFIRMED,
            reported(agreement="agreement:g").but(by=CAT, reporter=THREE),
            f"{THREE} is no side of <agreement:g>: besides, a body claims a part in it",
        ),
        "by a member of the year": (
            CONFIRMED,
            reported(year="year:year", school=ONE).but(by=CAROL, reporter=ESTUARY),
            f"{ESTUARY} owes no account of it, or has given it already",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_only(self, case):
        history, act, *reasons = case
        history.when(act).then_refused(*reasons)


def party_of(by):
    return by.office.partition("@")[2]


def closed(reference, on="2024-09-30"):
    """A school closes, with no successor."""
    said = {"school": reference, "effective_on": on, "reason": "closed"}
    return say("SchoolClosed", "closed", RITA, on, **said)


def test_a_closed_school_neither_visits_nor_is_visited():
    over = ended_with(ANN.office, "2024-09-30")
    for reference, side, besides in ((ONE, "visitor", [over]), (TWO, "host", [])):
        history = given(NORTHWICK, closed(reference))
        history.when(made(on="2024-09-30")).then_recorded()
        history.when(made(on="2024-10-01")).then_refused(
            f"{reference} closed on 2024-09-30: it can be no {side} any more", *besides
        )


def test_a_school_that_is_not_open_yet_neither_visits_nor_is_visited():
    young = school("school:900009", opened_on="2024-10-01")
    head = By("fay", "head@school:900009")
    history = given(NORTHWICK, young, newcomer(head, "2024-09-01"))
    for act, side in (
        (made(host="school:900009", under="nothing"), "host"),
        (made(visitor="school:900009", by=head, under="nothing"), "visitor"),
    ):
        history.when(act.but(on="2024-10-01")).then_recorded()
        history.when(act.but(on="2024-09-30")).then_refused(
            f"school:900009 opens on 2024-10-01: it can be no {side} before; check the day"
        )


def test_a_visit_before_a_merger_was_to_a_school_that_merged():
    young = school("school:900009", opened_on="2025-04-01")
    merged = schools_merged(school="school:900009", predecessors=[ONE, TWO])
    history = given(NORTHWICK, young, merged)
    visit = made(on="2025-03-31", recorded="2025-04-02", host="school:900009", visitor=THREE)
    history.when(visit.but(by=CAT)).then_refused(
        f"school:900009 opens on 2025-04-01: it can be no host before; say host {ONE} or {TWO}"
    )
