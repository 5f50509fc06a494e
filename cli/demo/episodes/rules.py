"""Ground rules agreed anew: help pledged to members in trouble; all heads but one ratify."""

from __future__ import annotations

from cli.demo.first_year import ground_rules
from cli.demo.names import ALDER, BIRCH, CEDAR, CHAIR, DALE, ELM, ESTUARY
from cli.demo.story import Action, Story


def agreed_anew(story: Story) -> None:
    """June 2026: ground rules are agreed anew, and ratified by all heads but one."""
    story.version = 2
    said = {"partnership": ESTUARY, "version": story.version, "effective_on": "2026-06-17"}
    rules = ground_rules(help_days="3.0", notice_days=60)
    story.say("chair", CHAIR, "GroundRulesAgreed", **said, ground_rules=rules)
    for school, day in (
        (ALDER, "2026-06-18"),
        (BIRCH, "2026-06-19"),
        (DALE, "2026-06-23"),
        (ELM, "2026-06-25"),
        (CEDAR, "2026-06-30"),
    ):
        story.at(day, _ratifies(school))


def _ratifies(school: str) -> Action:
    def ratify(story: Story) -> None:
        said = {"school": school, "partnership": ESTUARY, "version": story.version}
        story.head_says(school, "MembershipRatified", **said, at=str(story.ledger.head()))

    return ratify
