"""Visits beside the partnership: a programme for all heads, one turned round, and advice."""

from __future__ import annotations

from typing import Any

from cli.demo.names import ALDER, BIRCH, COUNCIL, GORSE, HEATH, OTHERS, SCHOOLS
from cli.demo.story import Action, Story

_ALL = [*SCHOOLS, *OTHERS]


def visited(story: Story) -> None:
    """September 2025: the council opens a programme of visits for all heads, and one to schools."""
    years: dict[str, Any] = {"organiser": COUNCIL, "ends": "2026-07-31"}
    by_heads = story.officer_says(
        "VisitProgrammeOpened",
        **years,
        name="Heads visit heads",
        starts="2025-09-24",
        schools=_ALL,
        visits_by_each=1,
        distinct_hosts=True,
        counts_years=False,
    )
    by_advisers = story.officer_says(
        "VisitProgrammeOpened",
        **years,
        name="An adviser in school",
        starts="2025-11-03",
        schools=[ALDER, BIRCH, GORSE],
        visits_to_each=1,
    )
    heads = story.noted["heads"] = f"programme:{by_heads}"
    advisers = f"programme:{by_advisers}"
    for school, day in ((HEATH, "2025-09-30"), (GORSE, "2026-01-08")):
        story.at(day, _joins(school))
    story.at("2025-10-16", _visits(HEATH, ALDER, heads))
    story.at("2026-06-04", _visits(GORSE, HEATH, heads))
    story.at("2026-07-21", _accounts)
    # Nobody came to Gorse Lane.
    story.at("2025-11-27", _advises_birch(advisers))
    story.at("2026-04-23", _advises_alder(advisers))


def _joins(school: str) -> Action:
    def join(story: Story) -> None:
        said = {"school": school, "programme": story.noted["heads"]}
        day = story.clock.now.date().isoformat()
        story.head_says(school, "ProgrammeJoined", **said, effective_on=day)

    return join


def _visits(visitor: str, host: str, under: str) -> Action:
    def visit(story: Story) -> None:
        made = story.visit(visitor, host, under, "1.0")
        story.at(story.days_on(4), lambda story: story.attest(host, made, "1.0"))

    return visit


def _accounts(story: Story) -> None:
    said = {"reporter": HEATH, "programme": story.noted["heads"], "area": "inclusion"}
    claim = "Lunchtimes have quiet tables now, as we saw them at Alder."
    reported = story.head_says(HEATH, "ImpactReported", **said, claim=claim)
    answer = {"impact": f"impact:{reported}", "answer": "confirmed"}
    story.at("2026-07-23", lambda story: story.officer_says("ImpactAnswered", **answer))


# -- the other way round: an adviser comes to schools, and advises them ----------------------------


def _adviser_visits(story: Story, school: str, under: str) -> str:
    said: dict[str, Any] = {"visitor": COUNCIL, "host": school, "under": under, "days": "1.0"}
    said |= {"mode": "on_site", "purpose": "challenge", "worked_with": ["leaders", "pupils"]}
    return story.officer_says("VisitMade", **said)


def _advises(story: Story, school: str, visit: str, area: str, **what: str) -> str:
    """Let the school confirm a visit, and the adviser say what to do; return the advice."""
    story.attest(school, visit, "1.0")
    said = {"visit": f"visit:{visit}", "giver": COUNCIL, "school": school, "area": area}
    return f"advice:{story.officer_says('AdviceGiven', **said, **what)}"


def _advises_birch(under: str) -> Action:
    what = "Let a governor read with pupils of each class once a term, and tell the others."

    def visit(story: Story) -> None:
        made = _adviser_visits(story, BIRCH, under)
        story.at("2025-12-03", lambda story: advise(story, made))

    def advise(story: Story, made: str) -> None:
        advice = _advises(
            *(story, BIRCH, made, "leadership-and-governance"),
            recommendation=what,
            act_by="2026-03-27",
        )
        story.at("2025-12-11", _answers(BIRCH, advice, answer="accepted"))
        story.at("2026-03-18", acted(advice))

    def acted(advice: str) -> Action:
        done = "Three governors read with pupils in February; the board has had their notes."
        return lambda story: story.head_says(BIRCH, "AdviceActedOn", advice=advice, done=done)

    return visit


def _advises_alder(under: str) -> Action:
    what = "Write plans for pupils with needs together with the teacher of the class."
    how = "Together, and in one afternoon a term for all classes."

    def visit(story: Story) -> None:
        made = _adviser_visits(story, ALDER, under)
        story.at("2026-04-27", lambda story: advise(story, made))

    def advise(story: Story, made: str) -> None:
        # Alder has yet to say what it did.
        advice = _advises(
            *(story, ALDER, made, "inclusion"), recommendation=what, act_by="2026-07-03"
        )
        story.at("2026-05-06", _answers(ALDER, advice, answer="adapted", how=how))

    return visit


def _answers(school: str, advice: str, **answer: str) -> Action:
    return lambda story: story.head_says(school, "AdviceAnswered", advice=advice, **answer)
