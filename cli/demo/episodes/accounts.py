"""What schools say came of a year or an agreement is answered by whom it is with."""

from __future__ import annotations

from cli.demo.names import ALDER, CHAIR
from cli.demo.story import Story


def answered(story: Story) -> None:
    """May 2025: what schools report of impact is confirmed by whom it is with."""
    (of_the_support,) = story.accounts
    story.head_says(ALDER, "ImpactAnswered", impact=of_the_support, answer="confirmed")
    story.accounts.clear()
    for day in ("2025-07-15", "2025-09-23", "2025-12-19", "2026-07-14"):
        story.at(day, _by_the_partnership)


def _by_the_partnership(story: Story) -> None:
    for impact in story.accounts:
        story.say("chair", CHAIR, "ImpactAnswered", impact=impact, answer="confirmed")
    story.accounts.clear()
