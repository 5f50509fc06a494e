"""What the first agreement asks for, given late; a concern about it; an acting head's handover."""

from __future__ import annotations

from cli.demo.names import ALDER, CEDAR, CEDAR_HEAD, COUNCIL, OFFICER
from cli.demo.story import Story

_AREA = "curriculum-and-teaching"


def reviewed(story: Story) -> None:
    """February 2025: the support of Cedar Bank gets its plan, a week late."""
    objectives = [{"area": _AREA, "measure": "phonics-check-passed", "due": "2025-12-19"}]
    what = "Phonics is taught in one way in every class, and three in four pass the check."
    _cedar_says(story, "PlanAgreed", objectives=objectives, what=what)
    story.at("2025-06-03", _alder_reports)
    story.at("2026-01-21", _acting_head_hands_over)
    story.at("2026-01-22", _concern)
    story.at("2026-01-29", _cedar_reports)


def _cedar_says(story: Story, name: str, /, **said: object) -> str:
    return story.head_says(CEDAR, name, agreement=story.noted["agreement"], **said)


def _alder_reports(story: Story) -> None:
    account = "Two of three classes teach it so; the third waits for its new teacher."
    said = {"agreement": story.noted["agreement"], "account": account}
    ratings = [{"area": _AREA, "rating": "amber"}]
    story.head_says(ALDER, "ProgressReported", **said, ratings=ratings)


def _acting_head_hands_over(story: Story) -> None:
    # The successor is in office already; what an acting head knows is handed over as well.
    said = {"office": CEDAR_HEAD, "outgoing": story.person("chestnut").person}
    said |= {"incoming": story.person("cypress").person}
    head = str(story.ledger.head())
    given = story.say("chestnut", CEDAR_HEAD, "HandoverGiven", **said, at=head)
    story.at("2026-01-23", lambda story: _accept(story, given))


def _accept(story: Story, given: str) -> None:
    incoming = story.person("cypress").person
    story.head_says(CEDAR, "HandoverAccepted", handover=f"handover:{given}", incoming=incoming)


def _concern(story: Story) -> None:
    reason = "Five of ten days are missing, and the support was to end in December."
    raised = _cedar_says(story, "ConcernRaised", about=ALDER, to=COUNCIL, reason=reason)
    story.at("2026-03-12", lambda story: _resolve(story, raised))


def _resolve(story: Story, raised: str) -> None:
    steps = "Both heads met: the five days stand, for when Alder's phonics lead is back."
    story.say("officer", OFFICER, "ConcernResolved", concern=f"concern:{raised}", steps=steps)


def _cedar_reports(story: Story) -> None:
    ratings = [{"area": _AREA, "rating": "amber"}]
    account = "The phonics plan holds; what Alder was to show in Year 2 is still to come."
    _cedar_says(story, "ProgressReported", ratings=ratings, account=account)
    story.at("2026-02-10", _review)


def _review(story: Story) -> None:
    ratings = [{"area": _AREA, "rating": "amber"}]
    said = {"school": CEDAR, "agreements": [story.noted["agreement"]], "ratings": ratings}
    next_steps = "Alder names the days that are left; Cedar Bank frees its Year 2 teachers."
    story.head_says(ALDER, "ReviewHeld", **said, next_steps=next_steps)
