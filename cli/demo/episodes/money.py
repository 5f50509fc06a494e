"""Money for that support: committed, paid, received, part spent, part sent back, part owed."""

from __future__ import annotations

from cli.demo.names import COUNCIL, HUB, OFFICER
from cli.demo.story import Action, Story


def funded(story: Story) -> None:
    """January 2026: the council commits money to the hub's support, in two instalments."""
    committed = story.say(
        "officer",
        OFFICER,
        "FundingCommitted",
        commissioner=COUNCIL,
        payee=HUB,
        title="Number facts at Elm Park",
        fund="School improvement 2025-26",
        agreement=story.noted["outside"],
        instalments=[
            {"pay_by": "2026-02-27", "pounds": "2800.00"},
            {"pay_by": "2026-09-30", "pounds": "1400.00"},
        ],
        account_by="2026-07-31",
        conditions=[{"title": "Report to the governors of Elm Park", "by": "2026-07-15"}],
        related_party=False,
    )
    story.noted["funding"] = f"funding:{committed}"
    story.at("2026-02-24", _pay)
    story.at("2026-03-31", _spends("staff_time", "1600.00"))
    story.at("2026-06-18", _spends("resources", "500.00"))
    story.at("2026-07-13", _condition)
    story.at("2026-07-20", _account)
    story.at("2026-07-27", _send_back)


def _pay(story: Story) -> None:
    said = {"under": story.noted["funding"], "pounds": "2800.00"}
    payment = f"payment:{story.officer_says('FundingPaid', **said)}"
    story.at("2026-02-26", lambda story: _receive(story, payment))


def _receive(story: Story, payment: str) -> None:
    received = story.hub_says("FundingReceived", payment=payment, pounds="2800.00")
    story.noted["received"] = received


def _spends(purpose: str, pounds: str) -> Action:
    def spend(story: Story) -> None:
        spent = [{"funding": story.noted["funding"], "pounds": pounds}]
        said = {"keeper": HUB, "spent": spent, "purpose": purpose}
        story.hub_says("SpendRecorded", **said, supplier="Saltmarsh Specialists Ltd")

    return spend


def _condition(story: Story) -> None:
    # The council has yet to answer this one.
    condition = f"{story.noted['received']}/condition/1"
    story.hub_says("FulfilmentClaimed", obligation=condition)


def _account(story: Story) -> None:
    owed = f"{story.noted['received']}/spend_account"
    claimed = story.hub_says("FulfilmentClaimed", obligation=owed, pounds="2100.00")
    said = {"claim": f"claim:{claimed}", "answer": "met_in_part", "pounds": "1600.00"}
    why = "The invoice for the resources is missing."
    story.at("2026-07-24", lambda story: _answer(story, {**said, "why": why}))


def _answer(story: Story, said: dict[str, str]) -> None:
    story.officer_says("FulfilmentAnswered", **said)


def _send_back(story: Story) -> None:
    said = {"under": story.noted["funding"], "pounds": "300.00", "returns": "unspent"}
    payment = f"payment:{story.hub_says('FundingPaid', **said)}"
    story.at("2026-07-29", lambda story: _take_back(story, payment))


def _take_back(story: Story, payment: str) -> None:
    story.officer_says("FundingReceived", payment=payment, pounds="300.00")
