"""Who excels in what: as the latest judgement by another that speaks of the area says."""

import pytest
from recording import ONE, THREE, TWO, register, say

from projections.reports import available, regional

AREAS = [
    {"area": "inclusion", "grades": ["strong", "weak"], "meets": ["strong"]},
    {"area": "achievement", "grades": ["strong", "weak"], "meets": ["strong"]},
]
ADOPTED = {"slug": "ours", "title": "Ours", "in_force_from": "2020-09-01"}
NOW = ("2026-03-02", None)


@pytest.fixture
def judge(recorded):
    """Let a school judge school two strong in an area, of excellence or not; return the event."""
    framework = register(recorded.ledger, "FrameworkAdopted", areas=AREAS, **ADOPTED)

    def judge(by=ONE, area="inclusion", excellent=True, **said):
        said = {"basis": "self" if by is TWO else "peer_review", **said}
        excellences = {"areas_of_excellence": [area]} if excellent else {}
        grades = {"grades": [{"area": area, "grade": "strong"}], "inspected_on": "2026-03-01"}
        said |= {"about": TWO.school, "judge": by.school, "framework": f"framework:{framework}"}
        return say(recorded.ledger, by, "JudgementMade", **grades, **excellences, **said).event

    return judge


def excels(recorded, at=NOW):
    """Return who excels in which area, as told by place."""
    rows = recorded.ask(regional.QUESTION, at).rows
    return {row["need_area"]: row["excel"] for row in rows if row["excel"]}


def offers(recorded, **asked):
    """Return in what a provider is told to excel that offers what is asked for."""
    return [row["excels_in"] for row in recorded.ask(available.QUESTION, NOW, **asked).rows]


def test_a_school_excels_in_what_a_judge_names(recorded, judge):
    assert excels(recorded) == {}
    event = judge()
    assert excels(recorded) == {"inclusion": "School 2 (900002)"}
    (row,) = recorded.ask(regional.QUESTION, NOW).rows
    assert (row["events"], row["needs_found"]) == ([event], 0)
    assert excels(recorded, ("2026-03-01", None)) == {}


def test_until_a_later_judgement_of_the_area_does_not_name_it(recorded, judge):
    judge()
    judge(THREE, "achievement", excellent=False)
    assert excels(recorded) == {"inclusion": "School 2 (900002)"}
    judge(THREE, excellent=False)
    assert excels(recorded) == {}


def test_not_by_its_own_word(recorded, judge):
    judge(TWO)
    assert excels(recorded) == {}


@pytest.mark.parametrize(
    ("finding", "found", "told"),
    [
        ("upheld", {}, True),
        ("set_aside", {}, False),
        ("varied", {"grades": [{"area": "inclusion", "grade": "weak"}]}, False),
    ],
)
def test_as_far_as_a_moderator_let_it_stand(recorded, judge, finding, found, told):
    said = {"judgement": f"judgement:{judge()}"}
    say(recorded.ledger, TWO, "JudgementChallenged", **said, grounds="One class.")
    said |= {"moderator": THREE.school, "why": "Seen again.", "finding": finding}
    say(recorded.ledger, THREE, "JudgementModerated", **said, **found)
    assert bool(excels(recorded)) == told


def test_what_is_on_offer_says_in_which_of_its_areas_the_provider_excels(recorded, judge):
    event, _ = judge(), judge(THREE, "achievement")
    span = {"starts": "2026-03-01", "ends": "2026-12-31", "provider": TWO.school}
    say(recorded.ledger, TWO, "CapacityDeclared", **span, days="2.0", areas=["inclusion"])
    say(recorded.ledger, TWO, "CapacityDeclared", **span, days="3.0")
    say(recorded.ledger, ONE, "CapacityDeclared", **{**span, "provider": ONE.school}, days="4.0")
    assert offers(recorded) == ["", "inclusion", "achievement, inclusion"]
    assert offers(recorded, area="inclusion") == ["", "inclusion", "inclusion"]
    rows = recorded.ask(available.QUESTION, NOW).rows
    assert [row["excelling"] for row in rows][:2] == [[], [event]]
    assert event in rows[1]["events"]
