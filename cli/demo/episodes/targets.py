"""Targets of five masters for one school: two cannot both be met, one is met before its day."""

from __future__ import annotations

from cli.demo.names import COUNCIL, DALE, ESTUARY, FERN, INSPECTORATE, RISE
from cli.demo.story import Story


def five_masters(story: Story) -> None:
    """January 2026: after its inspection five bodies set Dale End targets."""
    story.register("BodyRegistered", body=RISE, kind="rise_team", name="RISE Team North")
    story.publish(
        "TargetSet",
        "Northwick Inspectorate",
        "Letter to Dale End, January 2026",
        about=DALE,
        setter=INSPECTORATE,
        regime="inspection-letter",
        measure="lessons-interrupted-a-week",
        value="5",
        due="2026-12-18",
    )
    story.at("2026-01-30", _council)
    story.at("2026-02-04", _partnership)
    story.at("2026-02-09", _itself)
    story.at("2026-02-18", _team)
    story.at("2026-03-05", _conflict)
    story.at("2026-07-16", _claims)


def _council(story: Story) -> None:
    said = {"about": DALE, "setter": COUNCIL, "regime": "council-budget-plan"}
    said |= {"measure": "teaching-assistants", "value": "4", "due": "2027-03-31"}
    story.noted["fewer"] = f"target:{story.officer_says('TargetSet', **said)}"


def _partnership(story: Story) -> None:
    said = {"about": DALE, "setter": ESTUARY, "regime": "after-inspection"}
    said |= {"measure": "small-groups-a-week", "value": "12", "due": "2026-12-18"}
    story.noted["groups"] = f"target:{story.chair_says('TargetSet', **said)}"


def _itself(story: Story) -> None:
    said = {"about": DALE, "setter": DALE, "agreed_with": FERN, "regime": "school-plan"}
    said |= {"measure": "late-arrivals-a-week", "value": "15", "due": "2026-07-17"}
    story.noted["punctual"] = story.head_says(DALE, "TargetSet", **said)


def _team(story: Story) -> None:
    said = {"about": DALE, "setter": RISE, "regime": "regional-priorities"}
    said |= {"measure": "attendance-percent", "value": "95.0", "due": "2027-07-16"}
    story.publish("TargetSet", "RISE Team North", "Priorities for 2026-27", **said)


def _conflict(story: Story) -> None:
    targets = [story.noted["fewer"], story.noted["groups"]]
    why = "Twelve small groups a week take seven teaching assistants; the budget leaves us four."
    raised = story.head_says(DALE, "TargetConflictRaised", about=DALE, targets=targets, why=why)
    # The council has yet to answer this one.
    story.at("2026-03-16", lambda story: _stands(story, f"target_conflict:{raised}"))


def _stands(story: Story, conflict: str) -> None:
    story.chair_says("TargetConflictAnswered", target_conflict=conflict, answer="stands")


def _claims(story: Story) -> None:
    owed = f"{story.noted['punctual']}/target"
    claimed = story.head_says(DALE, "FulfilmentClaimed", obligation=owed)
    story.at("2026-07-20", lambda story: _met(story, f"claim:{claimed}"))


def _met(story: Story, claim: str) -> None:
    story.head_says(FERN, "FulfilmentAnswered", claim=claim, answer="met")
