"""Challenges and moderation: somebody of neither side says whether a word stands."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    DAN,
    ESTUARY,
    FOUR,
    IRIS,
    NORTHWICK,
    OLIVE,
    ONE,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    agreed,
    appointed,
    attested,
    challenged,
    corrected,
    delegated,
    disputed,
    framework,
    given,
    judged,
    made,
    maintained,
    moderated,
    offered,
    withdrawn,
    worded,
)

FRAMED = given(WITH_ESTUARY, framework())


def reviewed(label="j", **changes):
    """School one reviews school two, as one of its peers."""
    return judged(label, **{"judge": ONE, "basis": "peer_review", "by": ANN, **changes})


def found(days="1.5", finding="upheld", **changes):
    """School three finds how many days the visit took."""
    said = {"judgement": None, "visit": "visit:v", "days": days, "finding": finding}
    return moderated(**{**said, **changes})


TOO_EARLY = (
    "it is said to have happened on 2024-10-31, before the judgement that it names, which"
    " happened on 2024-11-01; check the day"
)
ONE_HAND = "the same person signed the {} that it answers; somebody else must sign this half"
REVIEWED = given(FRAMED, reviewed())
CHALLENGED = given(REVIEWED, challenged())
OWED = [f"moderation: {ESTUARY} owes {TWO} 1 item by 2024-12-10"]


class TestJudgementChallenged:
    def test_asks_the_partnership_that_both_share_for_a_moderator(self):
        assert CHALLENGED.owed(kind="moderation") == OWED

    def test_else_the_judge(self):
        outside = reviewed(judge=FOUR, by=DAN)
        assert given(FRAMED, outside, challenged()).owed(kind="moderation") == [
            f"moderation: {FOUR} owes {TWO} 1 item by 2024-12-10"
        ]

    def test_asks_nobody_where_an_inspectorate_inspected(self):
        history = given(FRAMED, judged(), challenged())
        assert history.owed(kind="moderation") == []
        history.when(moderated()).then_refused(
            "nobody waits for it to be moderated: it was not challenged or maintained, or is"
            " moderated already"
        )

    def test_not_by_delegation(self):
        [reason] = given(REVIEWED).when(delegated(BEN, "olive", "JudgementChallenged")).reasons
        assert reason.startswith("JudgementChallenged is never delegated")

    NOT: ClassVar = {
        "for another to moderate": (
            CHALLENGED,
            {"judgement": "judgement:k", "finder": THREE},
            (
                f"“finder” must be who finds a moderator: got {THREE}, expected {ESTUARY}; left"
                " out, it is filled in"
            ),
        ),
        "twice": (CHALLENGED, {}, "<judgement:j> is challenged already"),
        "once it is moderated": (
            given(CHALLENGED, moderated()),
            {"on": "2024-11-21"},
            "<judgement:j> is moderated already",
        ),
        "before the judgement": (
            REVIEWED,
            {"on": "2024-10-31"},
            TOO_EARLY,
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        before, changes, reason = case
        given(before, reviewed("k")).when(challenged("again", **changes)).then_refused(reason)

    def test_not_of_itself(self):
        itself = reviewed(judge=TWO, basis="self", by=BEN)
        given(FRAMED, itself).when(challenged()).then_refused(
            f"{TWO} judged itself: it withdraws the judgement instead"
        )

    @pytest.mark.parametrize("by", [ANN, OLIVE, IRIS])
    def test_by_nobody_but_the_judged_party(self, by):
        [reason] = REVIEWED.when(challenged(by=by)).reasons
        assert reason.startswith(f"JudgementChallenged is not for {by.office} to sign")

    def test_the_judge_may_still_take_it_back_and_nothing_is_owed_then(self):
        history = given(CHALLENGED, withdrawn("j", ANN, "2024-11-12"))
        assert history.owed(kind="moderation") == []


SIDE = "is one of the two sides: somebody else moderates"


class TestJudgementModerated:
    FINDINGS: ClassVar = {
        "upheld": {},
        "set aside": {"finding": "set_aside"},
        "varied": {"finding": "varied", "grades": [{"area": "leadership", "grade": "good"}]},
    }

    @pytest.mark.parametrize("finding", FINDINGS.values(), ids=FINDINGS)
    def test_settles_it(self, finding):
        assert given(CHALLENGED, moderated(**finding)).owed(kind="moderation") == []

    def test_by_the_partnership_itself_if_its_chair_has_no_office_at_either(self):
        CHALLENGED.when(moderated(moderator=ESTUARY, by=CAROL)).then_recorded()

    NOT: ClassVar = {
        "by the judge": (
            {"moderator": ONE, "by": ANN},
            f"<person:ann> holds head@{ONE}: whoever moderates has no office at either side",
            f"{ONE} {SIDE}",
            ONE_HAND.format("judgement"),
        ),
        "by the judged party": (
            {"moderator": TWO, "by": BEN},
            f"{TWO} {SIDE}",
            f"<person:ben> holds head@{TWO}: whoever moderates has no office at either side",
            "the same person signed the challenge; somebody else must moderate",
        ),
        "by who is responsible for a side": (
            {"moderator": "body:northwick", "by": OLIVE},
            f"body:northwick is responsible for {TWO}: somebody else moderates",
            f"body:northwick is responsible for {ONE}: somebody else moderates",
        ),
        "as varied without a grade": (
            {"finding": "varied"},
            "a judgement is varied by the grades that are found instead: it names no grade",
        ),
        "as upheld with other grades": (
            {"grades": [{"area": "leadership", "grade": "good"}]},
            "a judgement is varied by the grades that are found instead: it is upheld, not varied",
        ),
        "in an area that was not graded": (
            {"finding": "varied", "grades": [{"area": "safeguarding", "grade": "met"}]},
            "the judgement does not grade safeguarding: it grades leadership",
        ),
        "by a grade outside the scale": (
            {"finding": "varied", "grades": [{"area": "leadership", "grade": "red"}]},
            "red is no grade of leadership: the scale is good, poor",
        ),
        "with days": ({"days": "1.0"}, "a judgement has no days: leave them out"),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, *reasons = case
        outcome = CHALLENGED.when(moderated(**changes))
        expected = [worded(reason) for reason in reasons]
        assert sorted(outcome.reasons) == sorted(expected)

    def test_once(self):
        given(CHALLENGED, moderated()).when(moderated("again")).then_refused(
            "nobody waits for it to be moderated: it was not challenged or maintained, or is"
            " moderated already"
        )

    def test_of_a_judgement_or_a_visit_and_not_of_both(self):
        history = given(CHALLENGED, made())
        history.when(moderated(visit="visit:v", days="1.5")).then_refused(
            "it is about one challenged judgement or one disputed visit: name exactly one"
        )

    def test_not_by_who_also_holds_an_office_at_a_side(self):
        """A head of a third school who is finance at the judged one is no stranger to it."""
        too = appointed(By("cat", f"finance@{TWO}"), label="cat-finance")
        given(CHALLENGED, too).when(moderated()).then_refused(
            f"<person:cat> holds finance@{TWO}: whoever moderates has no office at either side"
        )

    def test_says_whose_it_is_as_the_record_does(self):
        CHALLENGED.when_altered(moderated(), about=FOUR, host=TWO).then_refused(
            (
                f"“about” must be whom the judgement is of: got {FOUR}, expected {TWO}; left out,"
                " it is filled in"
            ),
            (
                f"“host” must be whom the visit was to: got {TWO}, expected nothing; left out, it"
                " is filled in"
            ),
        )


AGREED = given(WITH_YEAR, offered(), agreed())
QUARREL = given(AGREED, made(under="agreement:g"), disputed(), maintained())


class TestDisputeMaintained:
    def test_asks_the_partnership_that_both_share_for_a_moderator(self):
        assert QUARREL.owed(kind="moderation") == [
            f"moderation: {ESTUARY} owes {TWO} 1 item by 2024-11-02"
        ]

    def test_else_the_visitor(self):
        visit = made(visitor=FOUR, under="nothing")
        history = given(NORTHWICK, visit, disputed(), maintained(by=DAN))
        assert history.owed(kind="moderation") == [
            f"moderation: {FOUR} owes {TWO} 1 item by 2024-11-02"
        ]

    @pytest.mark.parametrize(
        ("days", "finding", "left"),
        [("1.5", "upheld", "4.5"), ("1.0", "varied", "5"), ("0.0", "set_aside", "6")],
    )
    def test_the_days_that_the_moderator_finds_count(self, days, finding, left):
        history = given(QUARREL, found(days, finding))
        assert history.owed(kind="moderation") == []
        assert history.left("g/support", "2024-10-01") == left

    def test_beside_those_that_the_host_confirmed(self):
        visit = [made(under="agreement:g"), attested(days="1.0"), maintained()]
        history = given(AGREED, visit, found("0.5"))
        assert history.left("g/support") == "4.5"

    @pytest.mark.parametrize(
        ("days", "finding", "left"), [("1.5", "upheld", 2), ("0.0", "set_aside", 3)]
    )
    def test_a_visit_of_the_year_is_made_if_any_of_it_is_found(self, days, finding, left):
        visit = [made(under="year:year", purpose="peer_review"), disputed(), maintained()]
        history = given(WITH_YEAR, visit, found(days, finding))
        assert history.left(f"year/peer_visit/{ONE}") == str(left)

    NOT: ClassVar = {
        "more days than wait": ({"days": "2.0"}, "it finds 2.0 days, and 1.5 wait for it"),
        "some days as upheld": (
            {"days": "1.0"},
            "it finds 1.0 of 1.5 days: that is varied, and it says upheld",
        ),
        "no word of days": ({"days": None}, "it does not say how many days of the visit are found"),
        "grades": (
            {"grades": [{"area": "leadership", "grade": "good"}]},
            "a visit has no grades: leave them out",
        ),
        "the visitor": (
            {"moderator": ONE, "by": By("eve", ANN.office)},
            f"{ONE} {SIDE}",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        reasons = QUARREL.when(found(**changes)).reasons
        assert worded(reason) in reasons

    def test_a_visit_that_was_moderated_stays_as_it_was_found(self):
        history = given(QUARREL, found("1.0", "varied"))
        history.when(corrected(on="2024-11-21")).then_refused(
            "<visit:v> was moderated: what the moderator found stands"
        )
        assert history.when(attested(on="2024-11-21", days="0.5")).reasons

    def test_new_figures_before_it_is_moderated_end_the_quarrel(self):
        history = given(QUARREL, corrected())
        assert history.owed(kind="moderation") == []
        assert history.left("c/attestation") == "1"

    def test_not_by_who_made_the_visit(self):
        away = appointed(By("ann", TOM.office), label="ann-away")
        history = given(QUARREL, away)
        act = found(moderator="body:beacon-trust", by=By("ann", TOM.office))
        assert ONE_HAND.format("visit") in history.when(act).reasons
