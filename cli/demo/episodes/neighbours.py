"""A county beside Northwick is split in two, and a school of Northwick joins a trust there."""

from __future__ import annotations

from cli.demo.first_year import register_body, register_school
from cli.demo.names import (
    BEYOND,
    COUNCIL,
    COUNTY,
    EAST_FELLMOOR,
    FELL_TRUST,
    HEATH,
    JUNIPER,
    KILN,
    RISE,
    WEST_FELLMOOR,
)
from cli.demo.story import Story

_ORDER = "The Fellmoor (Structural Changes) Order 2025"


def beyond(story: Story) -> None:
    """February 2026: the county next door is registered; its council is to be split in two."""
    for body, kind, name in (
        (COUNTY, "local_authority", "Fellmoor County Council"),
        (EAST_FELLMOOR, "local_authority", "East Fellmoor Council"),
        (WEST_FELLMOOR, "local_authority", "West Fellmoor Council"),
        (FELL_TRUST, "trust", "Fellside Learning Trust"),
    ):
        register_body(story, body, kind, name)
    for school, name in BEYOND.items():
        register_school(story, school, name, COUNTY)
    said = {"about": JUNIPER, "setter": COUNTY, "regime": "county-improvement-plan"}
    said |= {"measure": "attendance-percent", "value": "94.5", "due": "2026-12-18"}
    story.publish("TargetSet", "Fellmoor County Council", "School improvement plan 2026", **said)
    story.publish(
        *("InterventionRecorded", "RISE Team North", "Schools in targeted support, February 2026"),
        school=KILN,
        kind="rise_targeted_intervention",
        issuer=RISE,
        asks_for_support=True,
    )
    story.at("2026-03-30", _split)
    story.at("2026-03-19", _commit)
    story.at("2026-05-27", _convert)


def _split(story: Story) -> None:
    goes = ((JUNIPER, WEST_FELLMOOR), (KILN, EAST_FELLMOOR))
    story.publish(
        *("BodySucceeded", "Parliament", _ORDER),
        body=COUNTY,
        successors=[EAST_FELLMOOR, WEST_FELLMOOR],
        effective_on="2026-04-01",
        schools=[{"school": school, "body": body} for school, body in goes],
    )


# -- a school that is an academy of the trust before its money is accounted for --------------------


def _commit(story: Story) -> None:
    committed = story.officer_says(
        "FundingCommitted",
        commissioner=COUNCIL,
        payee=HEATH,
        title="Training for the governors of Heath View",
        fund="School improvement 2025-26",
        instalments=[{"pay_by": "2026-04-30", "pounds": "1200.00"}],
        account_by="2026-12-18",
        related_party=False,
    )
    story.noted["training"] = f"funding:{committed}"
    story.at("2026-04-14", _pay)
    story.at("2026-05-14", _spend)


def _pay(story: Story) -> None:
    said = {"under": story.noted["training"], "pounds": "1200.00"}
    payment = f"payment:{story.officer_says('FundingPaid', **said)}"
    received = {"payment": payment, "pounds": "1200.00"}
    story.at("2026-04-17", lambda story: story.head_says(HEATH, "FundingReceived", **received))


def _spend(story: Story) -> None:
    spent = [{"funding": story.noted["training"], "pounds": "350.00"}]
    said = {"keeper": HEATH, "spent": spent, "purpose": "training"}
    story.head_says(HEATH, "SpendRecorded", **said, supplier="Saltmarsh Specialists Ltd")


def _convert(story: Story) -> None:
    story.register(
        "SchoolConverted",
        school=HEATH,
        old_urn="urn:900008",
        old_urn_closes_on="2026-05-31",
        new_urn="urn:900108",
        new_urn_opens_on="2026-06-01",
        effective_on="2026-06-01",
        name="Heath View Academy",
        establishment_type="34",
        former_body=COUNCIL,
        responsible_body=FELL_TRUST,
    )
