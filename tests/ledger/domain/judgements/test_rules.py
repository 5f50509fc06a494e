"""Judgements: a grade needs a framework, a judge is not the judged."""

from datetime import date
from typing import ClassVar

import pytest
from given import (
    BEACON,
    BEN,
    CAROL,
    DAN,
    ESTUARY,
    FOUR,
    HEADS,
    NORTHWICK,
    OLIVE,
    ONE,
    RITA,
    SOURCE,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    body_changed,
    converted,
    formed,
    framework,
    given,
    judged,
    member,
    newcomer,
)

from cli.record.defaults import shipped_framework
from ledger.decision_model.stricter import RELEASE_0_1, of_its_day
from ledger.domain.judgements.facts import INSPECTIONS

FRAMED = given(NORTHWICK, framework())


def graded(*grades):
    return [{"area": area, "grade": grade} for area, grade in grades]


class TestFrameworkAdopted:
    def test_a_scale_is_adopted(self):
        NORTHWICK.when(framework()).then_recorded()

    def test_with_each_area_and_each_grade_once(self):
        areas = [
            {"area": "leadership", "grades": ["good", "good"]},
            {"area": "leadership", "grades": ["good", "poor"]},
        ]
        NORTHWICK.when(framework(areas=areas)).then_refused(
            "it names an area twice", "the scale of leadership names a grade twice"
        )

    @pytest.mark.parametrize("member", ["meets", "monitored"])
    def test_with_grades_that_meet_it_or_are_followed_up_from_the_scale(self, member):
        area = {"area": "leadership", "grades": ["good", "poor"], member: ["red"]}
        NORTHWICK.when(framework(areas=[area])).then_refused(
            "red is no grade of leadership: the scale is good, poor"
        )


FOLLOWED_UP = framework(
    areas=[
        {
            "area": "leadership",
            "grades": ["good", "poor"],
            "meets": ["good"],
            "monitored": ["poor"],
        },
        {"area": "safeguarding", "grades": ["poor", "good"]},
    ]
)


class TestMonitoredGrade:
    def test_asks_the_partnerships_of_the_school_to_find_help(self):
        history = given(WITH_ESTUARY, FOLLOWED_UP, judged())
        assert history.owed(kind="brokerage") == [
            f"brokerage: {ESTUARY} owes {TWO} 1 item by 2024-11-29"
        ]
        assert history.owed(kind="member_response") == []

    def test_asks_the_body_of_a_school_in_no_partnership(self):
        history = given(NORTHWICK, FOLLOWED_UP, judged())
        assert history.left("j/brokerage/body:northwick", "2024-11-30") == "1"

    @pytest.mark.parametrize("grade", [("leadership", "good"), ("safeguarding", "poor")])
    def test_no_other_grade_asks_for_help(self, grade):
        history = given(WITH_ESTUARY, FOLLOWED_UP, judged(grades=graded(grade)))
        assert history.owed(kind="brokerage") == []


class TestJudgementMade:
    def test_a_party_is_judged(self):
        FRAMED.when(judged()).then_recorded()
        FRAMED.when(judged(category="special_measures", urn="urn:900002")).then_recorded()
        FRAMED.when(
            judged(
                about="body:beacon-trust",
                basis="la_categorisation",
                judge="body:northwick",
                by=OLIVE,
            )
        ).then_recorded()

    def test_by_itself_on_the_basis_self(self):
        FRAMED.when(judged(judge=TWO, basis="self", by=BEN)).then_recorded()

    NOT: ClassVar = {
        "in an area that the framework has": (
            {"grades": graded(("colour", "red"))},
            "the framework has no area colour: it has leadership, safeguarding",
        ),
        "by a grade of the scale": (
            {"grades": graded(("safeguarding", "good"))},
            "good is no grade of safeguarding: the scale is met, not-met",
        ),
        "once in an area": (
            {"grades": graded(("leadership", "good"), ("leadership", "poor"))},
            "it grades an area twice",
        ),
        "by itself only on the basis self": (
            {"judge": TWO, "basis": "peer_review", "by": BEN},
            "who judges themselves says so by the basis self, and nobody else does",
        ),
        "by another not on the basis self": (
            {"basis": "self"},
            "who judges themselves says so by the basis self, and nobody else does",
        ),
        "in a category only by an inspection": (
            {"basis": "la_categorisation", "category": "special_measures"},
            "only an inspection places a school in a category of concern",
        ),
        "after the inspection": (
            {"inspected_on": "2024-11-02"},
            "it was inspected on 2024-11-02, after the judgement",
        ),
        "under a URN of its own": (
            {"urn": "urn:900001"},
            "urn:900001 was never a URN of school:900002",
        ),
        "under a URN only if it is a school": (
            {"about": "body:beacon-trust", "urn": "urn:900001"},
            "only a school has a URN",
        ),
        "by a framework that was adopted": (
            {"framework": "framework:zzz"},
            (
                "it names <framework:zzz>, and no framework of that id stands in this ledger;"
                " `school-ledger show framework:` lists those that do"
            ),
        ),
        "a party that is known": (
            {"about": "school:900009"},
            (
                "it names school:900009 as about, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_only(self, case):
        changes, reason = case
        FRAMED.when(judged(**changes)).then_refused(reason)

    @pytest.mark.parametrize("basis", INSPECTIONS)
    def test_an_inspection_of_a_school_says_of_its_category(self, basis):
        """Left out, it was taken for none: monitoring that forgot it ended special measures."""
        unsaid = judged(basis=basis).but(category=None)
        FRAMED.when(unsaid).then_refused(
            "an inspection says in which category of concern it places the school, or that"
            " it places it in none: say which with --category"
        )
        FRAMED.when(unsaid.but(category="none")).then_recorded()
        FRAMED.when(unsaid.but(about=BEACON)).then_recorded()

    def test_an_inspection_that_left_it_unsaid_before_that_was_asked_still_holds(self):
        unsaid = judged().but(category=None)
        [reason] = FRAMED.when(unsaid).reasons
        assert of_its_day(reason, date(2024, 11, 1)) == RELEASE_0_1

    EXCELLENT: ClassVar = {
        "graded as meeting the standard": (("leadership", "good"), ["leadership"], []),
        "not graded": (("safeguarding", "good"), ["leadership"], []),
        "in a scale that says of no standard": (
            ("safeguarding", "poor"),
            ["safeguarding"],
            [],
        ),
        "graded as not meeting it": (
            ("leadership", "poor"),
            ["leadership"],
            [
                (
                    "leadership is graded poor, which does not meet the framework's standard: it is"
                    " no area of excellence; one is graded good"
                )
            ],
        ),
        "not of the framework": (
            ("leadership", "good"),
            ["music"],
            ["the framework has no area music: it has leadership, safeguarding"],
        ),
        "twice": (
            ("leadership", "good"),
            ["leadership", "leadership"],
            ["it names an area of excellence twice"],
        ),
    }

    @pytest.mark.parametrize("case", EXCELLENT.values(), ids=EXCELLENT)
    def test_an_area_of_excellence_is_of_the_framework_and_meets_its_standard(self, case):
        grade, excellent, reasons = case
        act = judged(grades=graded(grade), areas_of_excellence=excellent)
        assert given(NORTHWICK, FOLLOWED_UP).when(act).reasons == reasons

    @pytest.mark.parametrize(
        ("inspected", "urn", "other"),
        [("2025-03-31", "urn:900001", "urn:900101"), ("2025-04-01", "urn:900101", "urn:900001")],
    )
    def test_under_the_urn_that_the_school_had_when_it_was_inspected(self, inspected, urn, other):
        history = given(FRAMED, converted())
        act = judged(on="2025-05-01", about=ONE, inspected_on=inspected)
        history.when(act.but(urn=urn)).then_recorded()
        history.when(act.but(urn=other)).then_refused(
            f"{other} was no URN of {ONE} on {inspected}, when it was inspected: name {urn}, or"
            " leave it out"
        )
        published = act.but(urn=other, by=RITA, source=SOURCE)
        history.when(published).then_recorded()


class TestIndependence:
    ASKED = given(
        NORTHWICK,
        framework(),
        formed(external_judge=True),
        newcomer(CAROL),
        member(ONE),
        member(TWO),
    )

    def test_a_partnership_may_ask_for_a_judge_from_outside(self):
        act = judged(about=ONE, judge=TWO, basis="peer_review", by=BEN)
        self.ASKED.when(act).then_refused(
            f"the ground rules of {ESTUARY} ask for a judge from outside it"
        )
        outside = judged(about=ONE, judge=FOUR, basis="peer_review", by=HEADS[FOUR])
        self.ASKED.when(outside).then_recorded()

    #: Who is under the trust with school one, and who then judges it by its peers.
    GROUPED: ClassVar = {
        "a school of its trust": ([ONE, FOUR], {"judge": FOUR, "by": DAN}, FOUR),
        "its trust": ([ONE], {"judge": BEACON, "by": TOM}, BEACON),
        "a school of another trust": ([FOUR], {"judge": FOUR, "by": DAN}, None),
        "a school of no trust": ([ONE], {"judge": FOUR, "by": DAN}, None),
    }

    @pytest.mark.parametrize("case", GROUPED.values(), ids=GROUPED)
    def test_nobody_of_its_own_group_is_from_outside(self, case):
        schools, judge, within = case
        moves = [body_changed(f"to-{one[-1]}", "2024-09-02", school=one) for one in schools]
        history = given(self.ASKED, moves)
        outcome = history.when(judged(about=ONE, basis="peer_review", **judge))
        reason = (
            f"the ground rules of {ESTUARY} ask for an external judge, and {within} is of one"
            f" group with {ONE}, {BEACON}"
        )
        assert outcome.reasons == ([reason] if within else [])

    def test_of_a_peer_review_only(self):
        self.ASKED.when(judged(about=ONE)).then_recorded()

    def test_or_not_ask(self):
        act = judged(about=ONE, judge=THREE, basis="peer_review", by=HEADS[THREE])
        given(WITH_ESTUARY, framework()).when(act).then_recorded()


@pytest.mark.parametrize(
    ("judge", "by"),
    [(TWO, BEN), ("body:northwick", OLIVE)],
    ids=["a head", "an officer of what is no inspectorate"],
)
def test_only_an_inspectorate_inspects(judge, by):
    """Any head could place any school in special measures."""
    act = judged(about=ONE, judge=judge, by=by, category="special_measures")
    [reason] = FRAMED.when(act).reasons
    assert reason.startswith(f"JudgementMade is not for {by.office} to sign: it takes the office")


def test_a_head_judges_by_peer_review_or_self_only():
    act = judged(about=ONE, judge=TWO, by=BEN, basis="la_categorisation")
    [reason] = FRAMED.when(act).reasons
    assert reason.startswith(f"JudgementMade is not for head@{TWO} to sign: it takes the office")
    FRAMED.when(act.but(basis="peer_review")).then_recorded()


class TestShippedFramework:
    """Help is asked for by a grade that a shipped framework follows up, and by no other."""

    CARD = framework(**shipped_framework("ofsted-report-card-2025"))

    @pytest.mark.parametrize(
        ("grade", "owed"),
        [
            ("needs-attention", [f"brokerage: {ESTUARY} owes {TWO} 1 item by 2025-12-13"]),
            ("met", []),
        ],
    )
    def test_a_grade_that_is_followed_up_asks_for_help(self, grade, owed):
        area = "safeguarding" if grade == "met" else "inclusion"
        act = judged(on="2025-11-15", grades=graded((area, grade)))
        history = given(WITH_ESTUARY, self.CARD, act)
        assert history.owed(kind="brokerage") == owed

    def test_the_partnerships_answer_too_where_a_category_asks_the_body(self):
        grades = graded(("inclusion", "urgent-improvement"))
        act = judged(on="2025-11-15", grades=grades, category="special_measures", urn="urn:900002")
        history = given(WITH_ESTUARY, self.CARD, act)
        assert history.left("j/brokerage/body:northwick") == "1"
        assert history.left(f"j/member_response/{ESTUARY}") == "1"

    def test_a_grade_outside_its_scale_is_refused_with_the_scale(self):
        act = judged(on="2025-11-15", grades=graded(("inclusion", "good")))
        given(NORTHWICK, self.CARD).when(act).then_refused(
            "good is no grade of inclusion: the scale is exceptional, strong-standard,"
            " expected-standard, needs-attention, urgent-improvement"
        )
