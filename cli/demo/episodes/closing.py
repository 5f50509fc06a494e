"""A school outside the partnership in trouble, and its helper that closes with days left."""

from __future__ import annotations

from typing import Any

from cli.demo.names import COUNCIL, HEATH, IVY
from cli.demo.story import Story

_AREA = "leadership-and-governance"


def trouble(story: Story) -> None:
    """October 2025: the council gives Heath View notice; Ivy House helps, and will close."""
    given = story.officer_says(
        "InterventionRecorded",
        school=HEATH,
        kind="warning_notice",
        issuer=COUNCIL,
        asks_for_support=True,
        complier=HEATH,
        comply_by="2026-02-27",
    )
    story.noted["notice"] = f"intervention:{given}"
    story.at("2025-10-30", _offer)
    story.at("2026-02-19", _comply)
    story.at("2026-07-03", _close)


def _offer(story: Story) -> None:
    said = {"provider": IVY, "receiver": HEATH, "trigger": story.noted["notice"]}
    said |= {"route": "local_authority", "starts": "2025-11-03", "ends": "2026-12-18"}
    offer = story.head_says(
        IVY, "SupportOffered", **said, areas=[_AREA], days="4.0", valid_until="2025-12-31"
    )
    story.at("2025-11-03", lambda story: _agree(story, f"offer:{offer}"))


def _agree(story: Story, offer: str) -> None:
    agreed = story.head_says(HEATH, "SupportAgreed", offer=offer, days="4.0")
    story.at("2025-11-27", lambda story: _visit(story, f"agreement:{agreed}"))


def _visit(story: Story, under: str) -> None:
    said: dict[str, Any] = {"purpose": "support", "worked_with": ["leaders", "governors"]}
    visit = story.visit(IVY, HEATH, under, "1.0", **said)
    story.at("2025-12-02", lambda story: story.attest(HEATH, visit, "1.0"))


def _comply(story: Story) -> None:
    owed = f"{story.noted['notice'].removeprefix('intervention:')}/compliance"
    claimed = story.head_says(HEATH, "FulfilmentClaimed", obligation=owed)
    story.at("2026-02-24", lambda story: _lift(story, f"claim:{claimed}"))


def _lift(story: Story, claim: str) -> None:
    story.officer_says("FulfilmentAnswered", claim=claim, answer="met")
    story.officer_says("InterventionLifted", intervention=story.noted["notice"])


def _close(story: Story) -> None:
    said = {"school": IVY, "effective_on": "2026-08-31"}
    story.register("SchoolClosed", **said, reason="closed")
    office = {"office": f"head@{IVY}", "outgoing": story.person("ivy").person}
    story.head_says(IVY, "HandoverGiven", **office, at=str(story.ledger.head()))
