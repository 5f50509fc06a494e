"""The second school year: an acting head, an inspection, a successor, and an academy."""

from __future__ import annotations

from datetime import date

from cli.demo.names import (
    ALDER,
    BIRCH,
    CEDAR,
    CEDAR_HEAD,
    COUNCIL,
    DALE,
    ELM,
    ESTUARY,
    FERN,
    INSPECTORATE,
    TRUST,
)
from cli.demo.story import Story, accounts, exchange, open_year, unanswered
from ledger.values import REGISTRAR


def acting_head(story: Story) -> None:
    """September 2025: an acting head stands in, for whom nobody vouches."""
    cedar = story.person("cedar").person
    said = {"person": cedar, "office": CEDAR_HEAD, "effective_on": "2025-08-31"}
    story.register("AppointmentEnded", **said)
    story.enrol("chestnut", "Mx Chestnut", CEDAR_HEAD, "acting", "2025-09-01", vouched=False)
    story.heads[CEDAR] = "chestnut"


def second_year(story: Story) -> None:
    """Autumn 2025: a second year of visits, and an inspection."""
    open_year(story, "2025-26", "2026-07-31")
    story.at("2025-10-07", exchange(ALDER, DALE))
    story.at("2025-10-21", exchange(BIRCH, ELM))
    story.at("2025-11-05", exchange(DALE, FERN))
    story.at("2025-11-19", exchange(CEDAR, BIRCH))
    story.at("2025-11-26", exchange(ALDER, FERN))
    story.at("2025-12-16", _inspected)
    story.at("2026-01-20", exchange(BIRCH, FERN))
    story.at("2026-01-27", exchange(ELM, ALDER))
    story.at("2026-02-03", _withdrawn)
    story.at("2026-02-06", exchange(FERN, ELM))
    story.at("2026-02-25", exchange(DALE, ALDER))
    story.at("2026-03-04", exchange(FERN, DALE))
    story.at("2026-03-17", exchange(BIRCH, DALE))


def _inspected(story: Story) -> None:
    grades = {
        "curriculum-and-teaching": "expected-standard",
        "attendance-and-behaviour": "needs-attention",
        "safeguarding": "met",
    }
    published = date(2025, 12, 15)
    source = {"publisher": "Northwick Inspectorate", "published_on": published.isoformat()}
    story.noted["inspection"] = story.late(
        published,
        "registrar",
        REGISTRAR,
        "JudgementMade",
        about=DALE,
        judge=INSPECTORATE,
        framework=f"framework:{story.noted['framework']}",
        grades=[{"area": area, "grade": grade} for area, grade in grades.items()],
        inspected_on="2025-11-18",
        published_on=published.isoformat(),
        urn="urn:900004",
        basis="inspection",
        category="none",
        source={**source, "title": "Dale End School: inspection report"},
    )


def _withdrawn(story: Story) -> None:
    wrong = story.visit(FERN, BIRCH, story.noted["year"], "1.0")
    story.at("2026-02-05", lambda story: _withdraw(story, wrong))


def _withdraw(story: Story, visit: str) -> None:
    story.head_says(
        FERN,
        "EventWithdrawn",
        event=f"event:{visit}",
        effective_on="2026-02-03",
        code="wrong_party",
        text="The visit was to Elm Park, not to Birch Lane.",
    )


def successor(story: Story) -> None:
    """January 2026: the successor takes office, accepts the handover and ratifies."""
    story.enrol(
        *("cypress", "Mx Cypress", CEDAR_HEAD, "substantive", "2026-01-01"), succeeds="chestnut"
    )
    story.heads[CEDAR] = "cypress"
    story.at("2026-01-19", _accept)
    story.at("2026-01-26", _ratify)


def _accept(story: Story) -> None:
    story.head_says(
        CEDAR,
        "HandoverAccepted",
        handover=story.noted["handover"],
        incoming=story.person("cypress").person,
        exceptions="The review of the support that was due in May was not among the papers.",
    )


def _ratify(story: Story) -> None:
    said = {"school": CEDAR, "partnership": ESTUARY, "version": 1}
    story.head_says(CEDAR, "MembershipRatified", **said, at=str(story.ledger.head()))


def convert(story: Story) -> None:
    """Spring 2026: Cedar Bank becomes an academy under a new URN, and goes on."""
    story.register(
        "SchoolConverted",
        school=CEDAR,
        old_urn="urn:900003",
        old_urn_closes_on="2026-03-31",
        new_urn="urn:900103",
        new_urn_opens_on="2026-04-01",
        effective_on="2026-04-01",
        name="Cedar Bank Academy",
        establishment_type="34",
        former_body=COUNCIL,
        responsible_body=TRUST,
    )
    story.at("2026-04-28", exchange(ELM, FERN))
    story.at("2026-05-05", exchange(ALDER, BIRCH))
    story.at("2026-05-12", exchange(CEDAR, ALDER))
    story.at("2026-05-19", exchange(CEDAR, DALE))
    story.at("2026-06-02", exchange(DALE, ELM))
    story.at("2026-06-08", _ratify)
    story.at("2026-07-06", accounts(ALDER, DALE))
    # Birch Lane has yet to answer this one.
    story.at("2026-07-10", lambda story: unanswered(story, ELM, BIRCH))
