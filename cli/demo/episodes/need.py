"""A need from its first word on: disputed, put up the ladder, decided, helped from outside."""

from __future__ import annotations

from datetime import timedelta

from cli.demo.names import CHAIR, COUNCIL, ELM, ESTUARY, HUB, HUB_OFFICER
from cli.demo.story import Action, Story

_AREA = "achievement"
_RESULTS = b"Year 2 number facts, autumn 2025: 41 of 60 below what is expected."


def disputed(story: Story) -> None:
    """September 2025: the council sees a need at Elm Park, whose head does not."""
    said = {"school": ELM, "area": _AREA, "level": "school"}
    need = story.officer_says("NeedIdentified", **said)
    story.noted["need"] = f"need:{need}"
    why = "The figures are of pupils who left in July."
    said = {"need": story.noted["need"], "why": why}
    story.at("2025-09-29", lambda story: _disputes(story, said))
    story.at("2025-11-12", _put_to_the_partnership)
    story.at("2025-12-02", _put_outside)
    story.at("2025-12-08", _no_help)
    story.at("2025-12-09", _decide)
    story.at("2026-01-06", _declare_capacity)
    story.at("2026-01-08", _offer)


def _disputes(story: Story, said: dict[str, str]) -> None:
    story.head_says(ELM, "NeedDisputed", **said)


def _put_to_the_partnership(story: Story) -> None:
    # The autumn's results bear the council out.
    story.lodge(ELM, "data", "Results of Year 2, autumn 2025", _RESULTS)
    ask = "Somebody who has taught number facts in an infant school, a day a month."
    why = "Elm Park disputes the need, and the autumn's results show it."
    said = {"trigger": story.noted["need"], "to_level": "partnership", "ask": ask, "why": why}
    story.officer_says("NeedEscalated", **said)


def _put_outside(story: Story) -> None:
    said = {"trigger": story.noted["need"], "to_level": "outside"}
    said |= {"ask": "Ten days of a specialist in number.", "why": "No member can help."}
    story.say("chair", CHAIR, "NeedEscalated", **said)


def _no_help(story: Story) -> None:
    said = {"partnership": ESTUARY, "trigger": story.noted["need"], "offers": "no_help"}
    answer = "Nobody among us has taught in an infant school; the hub has."
    story.say("chair", CHAIR, "PartnershipResponded", **said, answer=answer)


def _decide(story: Story) -> None:
    why = "Two years without help, and results that fall."
    said = {"trigger": story.noted["need"], "decision": "support", "why": why}
    story.officer_says("DecisionRecorded", **said, checked=["finance"])


def _declare_capacity(story: Story) -> None:
    said = {"provider": HUB, "starts": "2026-01-06", "ends": "2027-07-31", "days": "12.0"}
    said |= {"route": "hub", "price": "420.00"}
    story.hub_says("CapacityDeclared", **said, areas=[_AREA], phases=["primary"])


def _offer(story: Story) -> None:
    offer = story.hub_says(
        "SupportOffered",
        provider=HUB,
        receiver=ELM,
        trigger=story.noted["need"],
        areas=[_AREA],
        route="hub",
        days="10.0",
        starts="2026-01-19",
        ends="2026-12-11",
        review_dates=["2026-04-22"],
        commissioner=COUNCIL,
        valid_until="2026-02-27",
    )
    story.noted["offer"] = f"offer:{offer}"
    story.at("2026-01-09", _declare_conflict)
    story.at("2026-01-14", _agree)


def _declare_conflict(story: Story) -> None:
    said = {"person": story.person("larch").person, "offer": story.noted["offer"]}
    what = "My brother teaches Year 1 at Elm Park."
    declared = story.hub_says("ConflictOfInterestDeclared", **said, what=what)
    why = "Year 1 is no part of the support, and somebody else looks at its results."
    said = {"conflict": f"conflict:{declared}", "decision": "cleared", "why": why}
    story.at("2026-01-13", lambda story: _clear(story, said))


def _clear(story: Story, said: dict[str, str]) -> None:
    story.officer_says("DecisionRecorded", **said, checked=["conflict"])


def _agree(story: Story) -> None:
    said = {"offer": story.noted["offer"], "decision": "approve", "checked": ["capacity"]}
    story.officer_says("DecisionRecorded", **said, why="Ten days within what the hub has.")
    agreed = story.head_says(ELM, "SupportAgreed", offer=story.noted["offer"], days="10.0")
    story.noted["outside"] = f"agreement:{agreed}"
    story.at("2026-01-28", _plan)
    story.at("2026-02-13", _visit("3.0", "2026-02-18"))
    story.at("2026-03-25", _visit("3.0", "2026-03-30"))
    story.at("2026-04-21", _progress)
    story.at("2026-04-22", _review)
    # Elm Park has yet to answer this one.
    story.at("2026-07-08", _visit("2.0", None))


def _plan(story: Story) -> None:
    objectives = [{"area": _AREA, "measure": "number-facts-secure", "due": "2026-12-11"}]
    what = "Three in four pupils of Year 2 know their number facts by December."
    said = {"agreement": story.noted["outside"], "what": what}
    story.head_says(ELM, "PlanAgreed", **said, objectives=objectives)


def _visit(days: str, confirmed_on: str | None) -> Action:
    """Return days that the hub claims, and when Elm Park confirms them, if it does."""

    def visit(story: Story) -> None:
        said = {"visitor": HUB, "host": ELM, "under": story.noted["outside"], "days": days}
        said |= {"mode": "on_site", "purpose": "support", "model": "hub"}
        came = story.clock.now.date() - timedelta(days=2)
        until = story.days_on(0)
        made = story.late(came, "larch", HUB_OFFICER, "VisitMade", **said, until=until)
        if confirmed_on is not None:
            story.at(confirmed_on, lambda story: story.attest(ELM, made, days))

    return visit


def _progress(story: Story) -> None:
    ratings = [{"area": _AREA, "rating": "amber"}]
    said = {"agreement": story.noted["outside"], "ratings": ratings}
    account = "Both Year 2 classes practise daily; Year 1 begins after Easter."
    story.hub_says("ProgressReported", **said, account=account)
    account = "The daily practice works. We were wrong in September."
    story.head_says(ELM, "ProgressReported", **said, account=account)


def _review(story: Story) -> None:
    said = {"agreements": [story.noted["outside"]], "reported_to": [COUNCIL]}
    ratings = [{"area": _AREA, "rating": "amber"}]
    next_steps = "Year 1 as well; look again at the results of the autumn."
    story.officer_says("ReviewHeld", school=ELM, **said, ratings=ratings, next_steps=next_steps)
