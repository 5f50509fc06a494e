"""A school in special measures: helped beyond what was agreed, the rest waived, and out of them."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from cli.demo.names import HEATH, HUB, HUB_OFFICER, INSPECTORATE, OFFICER
from cli.demo.story import Action, Story
from cli.record.defaults import shipped_framework

_AREA = "leadership-and-governance"
_STATEMENT = b"What the council and the governors of Heath View do, month by month, until 2026."


def inspected(story: Story) -> None:
    """November 2024: an inspection places Heath View in special measures; the hub helps."""
    adopted = story.register("FrameworkAdopted", **shipped_framework("ofsted-2019"))
    grades = {"overall-effectiveness": "inadequate", "leadership-and-management": "inadequate"}
    judged = _published(
        *(story, adopted, {**grades, "quality-of-education": "requires-improvement"}),
        inspected_on="2024-10-09",
        category="special_measures",
    )
    story.noted["measures"] = f"judgement:{judged}"
    story.at("2024-11-22", _offer)
    story.at("2025-01-15", lambda story: _state_action(story, judged))
    story.at("2026-04-30", _out_of_category)


def _published(story: Story, framework: str, grades: dict[str, str], **said: Any) -> str:
    """Let the registrar say what an inspection found, on the day that its report is published."""
    said |= {"grades": [{"area": area, "grade": grade} for area, grade in grades.items()]}
    said |= {"about": HEATH, "judge": INSPECTORATE, "framework": f"framework:{framework}"}
    said |= {"published_on": story.days_on(0), "urn": "urn:900008", "basis": "inspection"}
    title = "Heath View Primary School: inspection report"
    return story.publish("JudgementMade", "Northwick Inspectorate", title, **said)


def _state_action(story: Story, judged: str) -> None:
    said: dict[str, Any] = {"about": HEATH, "kind": "statement_of_action"}
    said |= {"title": "Statement of action for Heath View", "media_type": "text/plain"}
    said |= {"size": len(_STATEMENT), "sha256": sha256(_STATEMENT).hexdigest()}
    owed = f"{judged}/statement_of_action"
    story.say("officer", OFFICER, "EvidenceLodged", **said, obligation=owed)


def _offer(story: Story) -> None:
    offer = story.hub_says(
        "SupportOffered",
        provider=HUB,
        receiver=HEATH,
        trigger=story.noted["measures"],
        areas=[_AREA],
        route="hub",
        days="3.0",
        starts="2024-12-02",
        ends="2025-07-18",
        valid_until="2024-12-20",
    )
    story.at("2024-11-27", lambda story: _agree(story, f"offer:{offer}"))


def _agree(story: Story, offer: str) -> None:
    agreed = story.head_says(HEATH, "SupportAgreed", offer=offer, days="3.0")
    story.noted["in measures"] = f"agreement:{agreed}"
    # Four days, of three that were agreed.
    story.at("2025-02-13", _visit)
    story.at("2025-03-05", _more)
    story.at("2025-07-02", _waive)


def _visit(story: Story) -> None:
    said: dict[str, Any] = {"visitor": HUB, "host": HEATH, "under": story.noted["in measures"]}
    said |= {"mode": "on_site", "purpose": "support", "worked_with": ["leaders", "governors"]}
    came, until = date(2025, 2, 10), story.days_on(0)
    made = story.late(came, "larch", HUB_OFFICER, "VisitMade", **said, days="4.0", until=until)
    story.at("2025-02-17", lambda story: story.attest(HEATH, made, "4.0"))


def _more(story: Story) -> None:
    varied = story.head_says(
        HEATH, "SupportVaried", agreement=story.noted["in measures"], days="6.0"
    )
    said = {"variation": f"variation:{varied}"}
    story.at("2025-03-10", lambda story: story.hub_says("SupportVariationAccepted", **said))


def _waive(story: Story) -> None:
    support = f"{story.noted['in measures'].removeprefix('agreement:')}/support"
    reason = "The new chair of governors has what the last two days were for."
    story.head_says(HEATH, "ObligationWaived", obligation=support, reason=reason)
    story.at("2025-07-14", _end)


def _end(story: Story) -> None:
    said: dict[str, Any] = {"agreement": story.noted["in measures"], "how": "completed"}
    why = "What was agreed is given, or let go."
    story.head_says(HEATH, "SupportEnded", **said, effective_on=story.days_on(0), why=why)
    said = {"agreement": story.noted["in measures"], "area": _AREA}
    claim = "Governors ask for figures, and get them before they meet."
    told = story.head_says(HEATH, "ImpactReported", **said, reporter=HEATH, claim=claim)
    claim = "Governors know their school; its leaders are still few."
    ours = story.hub_says("ImpactReported", **said, reporter=HUB, claim=claim)
    answers = _confirm(f"impact:{told}", f"impact:{ours}")
    story.at("2025-07-17", answers)
    story.at("2026-07-14", _a_year_later)


def _confirm(theirs: str, ours: str) -> Action:
    def answer(story: Story) -> None:
        story.hub_says("ImpactAnswered", impact=theirs, answer="confirmed")
        story.head_says(HEATH, "ImpactAnswered", impact=ours, answer="confirmed")

    return answer


def _a_year_later(story: Story) -> None:
    claim = "Governors visit classes each term, and the inspection of March saw it."
    said = {"agreement": story.noted["in measures"], "stage": "a_year_later"}
    said |= {"reporter": HEATH, "area": _AREA, "claim": claim}
    told = story.head_says(HEATH, "ImpactReported", **said)
    answer = {"impact": f"impact:{told}", "answer": "confirmed"}
    story.at("2026-07-21", lambda story: story.hub_says("ImpactAnswered", **answer))


def _out_of_category(story: Story) -> None:
    """Eighteen months on, an inspection finds what is expected, and no category."""
    grades = {"curriculum-and-teaching": "expected-standard", _AREA: "expected-standard"}
    _published(
        *(story, story.noted["framework"], {**grades, "safeguarding": "met"}),
        inspected_on="2026-03-25",
        category="none",
    )
