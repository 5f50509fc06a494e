"""What a moderator found counts from then in every report, and debts that it touches are marked."""

import pytest
from recording import ONE, THREE, TWO, register, say

from projections.reports import balance, owes, reciprocity, response, tenure
from projections.tables import catalogue
from projections.tables.views import moment

AREA = {"area": "reading", "grades": ["strong", "secure", "weak"], "monitored": ["weak"]}
ADOPTED = {"slug": "ours", "title": "Ours", "in_force_from": "2020-09-01"}


@pytest.fixture
def challenged(recorded):
    """A weak grade of school two, which has help owed by it; how a third school moderates it."""
    ledger = recorded.ledger
    framework = register(ledger, "FrameworkAdopted", areas=[AREA], **ADOPTED)
    said = {"about": TWO.school, "judge": ONE.school, "basis": "peer_review"}
    said |= {"framework": f"framework:{framework}", "inspected_on": "2026-03-01"}
    grades = [{"area": "reading", "grade": "weak"}]
    event = say(ledger, ONE, "JudgementMade", grades=grades, **said).event
    say(ledger, TWO, "JudgementChallenged", judgement=f"judgement:{event}", grounds="One class.")

    def moderate(finding, **found):
        said = {"judgement": f"judgement:{event}", "moderator": THREE.school, "why": "Seen again."}
        return say(ledger, THREE, "JudgementModerated", finding=finding, **said, **found).event

    return moderate


INSTEAD = {"grades": [{"area": "reading", "grade": "secure"}]}
CASES = [
    ("upheld", {}, ("weak", "upheld", "upheld")),
    ("varied", INSTEAD, ("secure", "varied, was weak", "changed")),
    ("set_aside", {}, (None, "set aside, was weak", "changed")),
]


def latest(recorded, at=(None, None)):
    """Return the grades of the head's time, with what they rest on."""
    rows = recorded.ask(tenure.QUESTION, at, about=TWO.school).rows
    return [row for row in rows if row["role"] == "head" and row.get("area") == "reading"]


def help_owed(recorded):
    with catalogue.views(recorded.ledger.store, None).open() as connection:
        asked = owes.Asked(to=TWO.school, kind="brokerage")
        return list(owes.owes(connection, recorded.ledger.store, moment(connection), asked).rows)


@pytest.mark.parametrize(("finding", "instead", "found"), CASES)
def test_the_grade_that_a_moderator_found_counts_and_what_rests_on_it_is_marked(
    recorded, challenged, finding, instead, found
):
    grade, moderated, mark = found
    before = recorded.ledger.head().size
    event = challenged(finding, **instead)
    (row,) = recorded.ask(reciprocity.QUESTION).rows
    assert (row["grade"], row["given"], row["moderated"]) == (grade, "weak", moderated)
    assert row["place"] == {"weak": 3, "secure": 2, None: None}[grade]
    assert [row["latest"] for row in latest(recorded)] == [grade][: grade is not None]
    assert all(event in row["events"] for row in latest(recorded))
    (then,) = latest(recorded, (None, before))
    assert then["latest"] == "weak", "what was known before is not rewritten"
    for question in (reciprocity.QUESTION, response.QUESTION, balance.QUESTION):
        marks = [row["marks"] for row in recorded.ask(question).rows]
        assert mark in ", ".join(marks).split(", "), question.name


def test_a_grade_that_stands_while_another_was_changed_is_upheld(recorded):
    ledger = recorded.ledger
    areas = [AREA, {**AREA, "area": "writing"}]
    framework = register(ledger, "FrameworkAdopted", areas=areas, **ADOPTED)
    said = {"about": TWO.school, "judge": ONE.school, "basis": "peer_review"}
    said |= {"framework": f"framework:{framework}", "inspected_on": "2026-03-01"}
    grades = [{"area": area["area"], "grade": "weak"} for area in areas]
    event = say(ledger, ONE, "JudgementMade", grades=grades, **said).event
    challenge = {"judgement": f"judgement:{event}"}
    say(ledger, TWO, "JudgementChallenged", **challenge, grounds="One class.")
    finding = {"moderator": THREE.school, "why": "Seen again.", "finding": "varied", **INSTEAD}
    say(ledger, THREE, "JudgementModerated", **challenge, **finding)
    rows = recorded.ask(reciprocity.QUESTION).rows
    assert {(row["area"], row["moderated"], row["marks"]) for row in rows} == {
        ("reading", "varied, was weak", "unvouched, changed"),
        ("writing", "upheld", "unvouched, upheld"),
    }


@pytest.mark.parametrize(("finding", "instead", "found"), CASES[1:])
def test_help_that_a_changed_grade_made_owed_stays_owed_and_says_so(
    recorded, challenged, finding, instead, found
):
    challenged(finding, **instead)
    (row,) = help_owed(recorded)
    assert (str(row["outstanding"]), row["marks"].split(", ")[-1]) == ("1", found[-1])


def test_a_finding_that_is_withdrawn_changes_nothing(recorded, challenged):
    event = challenged("set_aside")
    withdrawn = {"event": f"event:{event}", "effective_on": "2026-03-02"}
    say(recorded.ledger, THREE, "EventWithdrawn", code="entered_in_error", **withdrawn)
    assert [row["latest"] for row in latest(recorded)] == ["weak"]
