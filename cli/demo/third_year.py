"""The third school year, begun: the council agrees to stand in, and a year of visits opens."""

from __future__ import annotations

from cli.demo.names import COUNCIL, ESTUARY
from cli.demo.story import Story, open_year


def third_year(story: Story) -> None:
    """September 2026: the council agrees to stand in, and a third year of visits begins."""
    said = {"party": COUNCIL, "partnership": ESTUARY, "version": story.version}
    story.say("officer", f"officer@{COUNCIL}", "ContingencyAccepted", **said)
    open_year(story, "2026-27", "2027-07-31")
