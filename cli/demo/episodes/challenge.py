"""Two schools that judge each other as peers; one judgement is challenged, and moderated."""

from __future__ import annotations

from typing import Any

from cli.demo.names import FERN, GORSE, HUB
from cli.demo.story import Story
from cli.record.defaults import shipped_framework

_AREA = "leadership-and-governance"


def judged(story: Story) -> None:
    """March 2026: Gorse Lane, which has left the partnership, reviews Fern Hill."""
    adopted = shipped_framework("peer-review-effectiveness")
    story.noted["peers"] = f"framework:{story.register('FrameworkAdopted', **adopted)}"
    grades = {"attendance-and-behaviour": "leading", _AREA: "working-towards-effective"}
    made = _judges(story, GORSE, FERN, "2026-03-10", grades)
    story.noted["peers' judgement"] = f"judgement:{made}"
    story.at("2026-03-24", _challenge)
    story.at("2026-04-16", _moderate)
    story.at("2026-05-21", _in_turn)


def _judges(story: Story, judge: str, school: str, seen_on: str, grades: dict[str, str]) -> str:
    said: dict[str, Any] = {"judge": judge, "about": school, "basis": "peer_review"}
    said |= {"framework": story.noted["peers"], "inspected_on": seen_on}
    said |= {"grades": [{"area": area, "grade": grade} for area, grade in grades.items()]}
    return story.head_says(judge, "JudgementMade", **said, urn=school.replace("school", "urn"))


def _challenge(story: Story) -> None:
    grounds = "Two of the five governors were new that month, and nobody asked the other three."
    said = {"judgement": story.noted["peers' judgement"], "grounds": grounds}
    story.head_says(FERN, "JudgementChallenged", **said)


def _moderate(story: Story) -> None:
    why = "All five governors were asked: they know the figures, and ask about them."
    said = {"judgement": story.noted["peers' judgement"], "moderator": HUB, "finding": "varied"}
    grades = [{"area": _AREA, "grade": "effective"}]
    story.hub_says("JudgementModerated", **said, grades=grades, why=why)


def _in_turn(story: Story) -> None:
    _judges(story, FERN, GORSE, "2026-05-20", {"inclusion": "effective", _AREA: "effective"})
