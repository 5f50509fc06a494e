"""Support after an inspection: varied, paused, attested late, stopped with days left, waived."""

from __future__ import annotations

from datetime import date
from typing import Any

from cli.demo.names import DALE, FERN
from cli.demo.story import Action, Story

_AREA = "attendance-and-behaviour"


def stopped(story: Story) -> None:
    """January 2026: Fern Hill helps Dale End after its inspection, and stops early."""
    offer = story.head_says(
        FERN,
        "SupportOffered",
        provider=FERN,
        receiver=DALE,
        trigger=f"judgement:{story.noted['inspection']}",
        areas=[_AREA],
        route="partnership",
        days="6.0",
        starts="2026-01-14",
        ends="2026-07-17",
        review_dates=["2026-03-27"],
        valid_until="2026-02-28",
    )
    story.at("2026-01-12", lambda story: _agree(story, offer))


def _agree(story: Story, offer: str) -> None:
    agreed = story.head_says(DALE, "SupportAgreed", offer=f"offer:{offer}", days="6.0")
    under = story.noted["stopped"] = f"agreement:{agreed}"
    story.at("2026-01-23", lambda story: _visited(story, "2026-01-22", "2026-01-23", "2.0"))
    story.at("2026-02-12", _varies(DALE, FERN, "2026-02-13", days="8.0"))
    story.at("2026-03-24", _progress)
    story.at("2026-03-27", _review)
    story.at("2026-04-20", _varies(FERN, DALE, "2026-04-21", paused_until="2026-06-01"))
    # Both heads forgot this one for three weeks.
    story.at("2026-07-03", lambda story: _visited(story, "2026-06-09", "2026-06-11", "3.0"))
    story.at("2026-07-15", lambda story: _stop(story, under))


def _visited(story: Story, first: str, last: str, days: str) -> None:
    said: dict[str, Any] = {"visitor": FERN, "host": DALE, "under": story.noted["stopped"]}
    said |= {"mode": "on_site", "purpose": "support", "worked_with": ["leaders", "teachers"]}
    said |= {"until": last, "days": days}
    came = date.fromisoformat(first)
    visit = story.late(came, story.heads[FERN], f"head@{FERN}", "VisitMade", **said)
    story.at(story.days_on(4), lambda story: story.attest(DALE, visit, days))


def _varies(proposer: str, other: str, accepted: str, **terms: str) -> Action:
    """Return other terms, which the other side accepts some days later."""

    def propose(story: Story) -> None:
        said = {"agreement": story.noted["stopped"], **terms}
        varied = story.head_says(proposer, "SupportVaried", **said)
        story.at(accepted, lambda story: accept(story, f"variation:{varied}"))

    def accept(story: Story, variation: str) -> None:
        story.head_says(other, "SupportVariationAccepted", variation=variation)

    return propose


def _progress(story: Story) -> None:
    for school, rating, account in (
        (FERN, "green", "Late arrivals have halved since the gate is staffed."),
        (DALE, "amber", "Mornings are calmer; lunchtimes are next."),
    ):
        said = {"agreement": story.noted["stopped"], "account": account}
        ratings = [{"area": _AREA, "rating": rating}]
        story.head_says(school, "ProgressReported", **said, ratings=ratings)


def _review(story: Story) -> None:
    said = {"school": DALE, "agreements": [story.noted["stopped"]], "ready_for_inspection": True}
    ratings = [{"area": _AREA, "rating": "green"}]
    story.head_says(FERN, "ReviewHeld", **said, ratings=ratings, next_steps="Lunchtimes, from May.")


def _stop(story: Story, under: str) -> None:
    why = "Behaviour is as it should be, and Fern Hill is needed elsewhere."
    said = {"agreement": under, "how": "stopped", "effective_on": "2026-07-15", "why": why}
    story.head_says(DALE, "SupportEnded", **said)
    support = f"{under.removeprefix('agreement:')}/support"
    story.head_says(DALE, "ObligationWaived", obligation=support, reason=why)
    measures = [{"measure": "late-arrivals-a-week", "before": "31", "after": "12"}]
    for school, other, claim in (
        (DALE, FERN, "Fewer pupils are late, and lunchtimes are quiet."),
        (FERN, DALE, "Our staffed gate works at Dale End as it does here."),
    ):
        said = {"agreement": under, "area": _AREA, "claim": claim}
        story.account(school, **said, measures=measures)
        story.at("2026-07-17", _answers(other, story.accounts.pop()))


def _answers(school: str, impact: str) -> Action:
    said = {"impact": impact, "answer": "confirmed"}
    return lambda story: story.head_says(school, "ImpactAnswered", **said)
