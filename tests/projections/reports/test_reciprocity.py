"""Who judged whom: from outside or not, judged back, and what the next inspection gave."""

from typing import get_args

import pytest
from recording import ONE, THREE, TWO, partnership, register, say

from ledger.events.judgements import JudgementBasis
from projections.errors import ProjectionError
from projections.reports.reciprocity import BASES, QUESTION

SCALE = ["strong", "secure", "weak"]
SOURCE = {"title": "Report", "publisher": "Inspectorate", "published_on": "2026-03-01"}


@pytest.fixture
def judging(recorded):
    """How to judge by one framework, and by another."""
    ledger = recorded.ledger
    register(ledger, "BodyRegistered", body="body:hmi", kind="inspectorate", name="HMI Northwick")
    adopted = {
        slug: "framework:"
        + register(
            ledger,
            "FrameworkAdopted",
            slug=slug,
            title=slug,
            areas=[{"area": area, "grades": SCALE} for area in ("reading", "well-being")],
            in_force_from="2020-09-01",
        )
        for slug in ("ours", "theirs")
    }

    def judge(by, of, day, **given):
        graded = {"area": given.get("area", "reading"), "grade": given.get("grade", "secure")}
        framework = adopted[given.get("framework", "ours")]
        said = {"about": of.school, "framework": framework, "inspected_on": day}
        said["grades"] = [graded]
        if by is None:
            inspected = {"judge": "body:hmi", "basis": "inspection", "category": "none"}
            return register(ledger, "JudgementMade", **said, **inspected, source=SOURCE)
        return say(ledger, by, "JudgementMade", judge=by.school, basis="peer_review", **said).event

    return judge


def told(report, *names):
    return [tuple(row[name] for name in names) for row in report.rows]


def test_whoever_was_judged_and_judged_its_judge_is_told_so_of_both(recorded, judging):
    judging(ONE, TWO, "2025-10-01")
    judging(TWO, ONE, "2025-11-01")
    judging(TWO, ONE, "2026-01-10")
    judging(THREE, ONE, "2025-12-01")
    report = recorded.ask(QUESTION)
    assert told(report, "judge_name", "inspected_on", "judged_back_on") == [
        ("School 1 (900001)", "2025-10-01", "2026-01-10"),
        ("School 2 (900002)", "2025-11-01", "2025-10-01"),
        ("School 3 (900003)", "2025-12-01", None),
        ("School 2 (900002)", "2026-01-10", "2025-10-01"),
    ]


def test_what_a_party_says_of_itself_is_no_judgement_by_another(recorded, judging):
    judging(None, ONE, "2025-10-01")
    said = {"about": ONE.school, "judge": ONE.school, "basis": "self"}
    framework = recorded.ask(QUESTION).rows[0]["framework"]
    said |= {"framework": f"framework:{framework}", "inspected_on": "2026-01-01"}
    say(
        recorded.ledger, ONE, "JudgementMade", grades=[{"area": "reading", "grade": "weak"}], **said
    )
    assert told(recorded.ask(QUESTION), "judge") == [("body:hmi",)]


@pytest.mark.parametrize(
    ("then", "later", "says"),
    [
        ("secure", {"grade": "strong"}, ("2026-01-10", "strong", "better")),
        ("secure", {"grade": "secure"}, ("2026-01-10", "secure", "the same")),
        ("strong", {"grade": "weak"}, ("2026-01-10", "weak", "worse")),
        ("strong", {"grade": "weak", "framework": "theirs"}, ("2026-01-10", "weak", None)),
        ("strong", {"grade": "weak", "area": "well-being"}, ("2026-01-10", None, None)),
    ],
)
def test_the_next_inspection_is_compared_within_one_framework(recorded, judging, then, later, says):
    judging(None, TWO, "2025-09-01", grade="weak")
    judging(ONE, TWO, "2025-10-01", grade=then)
    judging(None, TWO, "2026-01-10", **later)
    judging(None, TWO, "2026-02-01", grade="secure")
    judging(None, THREE, "2025-12-01", grade="weak")
    _, row, *_ = told(recorded.ask(QUESTION), "next_inspected_on", "next_grade", "next_is")
    assert row == says


def test_an_inspection_on_the_same_day_is_not_the_next(recorded, judging):
    judging(ONE, TWO, "2026-01-10")
    judging(None, TWO, "2026-01-10")
    assert told(recorded.ask(QUESTION), "next_inspected_on") == [(None,), (None,)]


def test_the_events_of_a_row_are_the_judgement_and_the_inspection_after_it(recorded, judging):
    events = [judging(ONE, TWO, "2025-10-01"), judging(None, TWO, "2026-01-10")]
    assert told(recorded.ask(QUESTION), "events") == [(events,), (events[1:],)]


def test_a_judge_within_the_partnership_or_the_trust_is_not_from_outside(recorded, judging):
    ledger = recorded.ledger
    register(ledger, "BodyRegistered", body="body:harbour", kind="trust", name="Harbour Trust")
    for head in (TWO, THREE):
        said = {"school": head.school, "former_body": "body:northwick"}
        said |= {"responsible_body": "body:harbour", "effective_on": "2026-01-01"}
        register(ledger, "ResponsibleBodyChanged", **said)
    judging(TWO, THREE, "2025-12-31")
    judging(TWO, THREE, "2026-01-01")
    judging(TWO, ONE, "2026-01-02")
    assert told(recorded.ask(QUESTION), "inspected_on", "external") == [
        ("2025-12-31", True),
        ("2026-01-01", False),
        ("2026-01-02", True),
    ]


def test_a_judge_within_a_partnership_is_so_from_the_day_of_joining(recorded, judging):
    partnership(recorded.ledger, (TWO, THREE))
    judging(TWO, THREE, "2026-03-01")
    judging(TWO, THREE, "2026-03-02")
    judging(ONE, THREE, "2026-03-02")
    assert told(recorded.ask(QUESTION), "judge", "external") == [
        (TWO.school, True),
        (TWO.school, False),
        (ONE.school, True),
    ]


def test_about_a_partnership_is_what_its_members_judged_and_were_judged(recorded, judging):
    partnership(recorded.ledger, (TWO,))
    judging(ONE, THREE, "2025-10-01")
    judging(TWO, THREE, "2025-10-02")
    judging(None, TWO, "2025-10-03")
    report = recorded.ask(QUESTION, about="partnership:estuary")
    assert told(report, "inspected_on") == [("2025-10-02",), ("2025-10-03",)]
    assert report.title == "Who judged whom, about Estuary Partnership"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["2025-10-01", "2025-11-01", "2025-12-01"]),
        ({"about": TWO.school}, ["2025-10-01", "2025-11-01"]),
        ({"about": "body:hmi"}, ["2025-12-01"]),
        ({"about": "partnership:none"}, []),
        ({"la": "body:northwick"}, ["2025-10-01", "2025-11-01", "2025-12-01"]),
        ({"la": "body:hmi"}, []),
        ({"area": "Well being"}, ["2025-11-01"]),
        ({"kind": "peer review"}, ["2025-10-01", "2025-11-01"]),
        ({"kind": "inspection"}, ["2025-12-01"]),
        ({"since": "2025-11-01", "to": "2025-11-30"}, ["2025-11-01"]),
        ({"marked": True}, ["2025-10-01", "2025-11-01"]),
    ],
)
def test_it_is_narrowed_by_what_is_asked(recorded, judging, asked, found):
    judging(ONE, TWO, "2025-10-01")
    judging(TWO, ONE, "2025-11-01", area="well-being")
    judging(None, THREE, "2025-12-01")
    report = recorded.ask(QUESTION, **asked)
    assert told(report, "inspected_on") == [(day,) for day in found]


def test_narrowing_does_not_hide_what_a_row_is_compared_with(recorded, judging):
    judging(ONE, TWO, "2025-10-01", grade="weak")
    judging(TWO, ONE, "2025-11-01", area="well-being")
    judging(None, TWO, "2025-12-01", grade="weak")
    (row,) = recorded.ask(QUESTION, to="2025-10-31").rows
    assert (row["judged_back_on"], row["next_is"]) == ("2025-11-01", "the same")


def test_what_was_withdrawn_or_not_yet_known_is_not_there(recorded, judging):
    first = judging(ONE, TWO, "2025-10-01")
    known = recorded.ledger.head().size
    said = {"event": f"event:{first}", "effective_on": "2026-03-02", "code": "entered_in_error"}
    say(recorded.ledger, ONE, "EventWithdrawn", **said)
    counts = {
        at: len(recorded.ask(QUESTION, at).rows)
        for at in ((None, None), ("2026-03-02", known), ("2026-03-01", None), (None, known - 1))
    }
    assert list(counts.values()) == [0, 1, 0, 0]


@pytest.mark.usefixtures("judging")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"area": "readng"}, "there is no such evaluation area: got readng"),
        ({"kind": "self"}, "there is no such kind of judgement: got self"),
    ],
)
def test_an_area_or_basis_that_there_is_not_is_refused(recorded, asked, said):
    with pytest.raises(ProjectionError, match=said):
        recorded.ask(QUESTION, **asked)


def test_every_basis_but_of_oneself_is_known():
    assert {*BASES, "self"} == set(get_args(JudgementBasis))


@pytest.fixture
def challenged(recorded, judging):
    """A judgement of school two that it challenges; how a third school moderates it."""
    ledger = recorded.ledger
    event = judging(ONE, TWO, "2025-10-01")
    said = {"judgement": f"judgement:{event}", "grounds": "Only one class was seen."}
    say(ledger, TWO, "JudgementChallenged", **said)

    def moderate(finding, **found):
        said = {"judgement": f"judgement:{event}", "moderator": THREE.school, **found}
        say(ledger, THREE, "JudgementModerated", finding=finding, why="Seen again.", **said)

    return moderate


INSTEAD = {"grades": [{"area": "reading", "grade": "strong"}]}


@pytest.mark.parametrize(
    ("finding", "says", "mark"),
    [
        ("upheld", ("secure", "upheld"), "upheld"),
        ("varied", ("strong", "varied, was secure"), "changed"),
        ("set_aside", (None, "set aside, was secure"), "changed"),
    ],
)
def test_what_a_moderator_found_is_told_and_marked(recorded, challenged, finding, says, mark):
    (row,) = recorded.ask(QUESTION).rows
    assert (row["moderated"], "challenged" in row["marks"]) == ("challenged", True)
    challenged(finding, **(INSTEAD if finding == "varied" else {}))
    report = recorded.ask(QUESTION)
    (row,) = report.rows
    assert (row["grade"], row["moderated"]) == says
    assert mark in row["marks"].split(", ")
    assert "challenged" not in row["marks"].split(", ")
    assert any(note.startswith(f"{mark}: ") for note in report.notes)


def test_what_a_moderator_found_is_told_once_it_was_known(recorded, challenged):
    before = recorded.ledger.head().size
    challenged("upheld")
    (row,) = recorded.ask(QUESTION, (None, before)).rows
    assert row["moderated"] == "challenged"


def test_a_grade_meets_a_standard_where_its_framework_says_so(recorded, judging):
    judging(ONE, TWO, "2025-10-01")
    assert told(recorded.ask(QUESTION), "meets", "next_meets") == [(None, None)]
    area = {"area": "reading", "grades": SCALE, "meets": SCALE[:2]}
    adopted = {"slug": "with-a-standard", "title": "New", "in_force_from": "2020-09-01"}
    framework = register(recorded.ledger, "FrameworkAdopted", areas=[area], **adopted)
    for judge, day, grade in ((ONE, "2025-11-01", "secure"), (None, "2025-12-01", "weak")):
        said = {"about": TWO.school, "framework": f"framework:{framework}", "inspected_on": day}
        said["grades"] = [{"area": "reading", "grade": grade}]
        if judge is None:
            inspected = {"judge": "body:hmi", "basis": "inspection", "category": "none"}
            register(recorded.ledger, "JudgementMade", **said, **inspected, source=SOURCE)
        else:
            by = {"judge": judge.school, "basis": "peer_review"}
            say(recorded.ledger, judge, "JudgementMade", **said, **by)
    assert told(recorded.ask(QUESTION), "meets", "next_meets") == [
        (None, "no"),
        ("yes", "no"),
        ("no", None),
    ]
