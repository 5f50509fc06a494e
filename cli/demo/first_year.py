"""The first school year: registers, a partnership, visits, support, and a head who leaves."""

from __future__ import annotations

from typing import Any

from cli.demo.names import (
    ALDER,
    BIRCH,
    CEDAR,
    CEDAR_HEAD,
    CHAIR,
    COUNCIL,
    DALE,
    ELM,
    ESTUARY,
    FERN,
    FIRST_HEADS,
    INSPECTORATE,
    PLACES,
    SCHOOLS,
    TRUST,
)
from cli.demo.story import Action, Story, accounts, exchange, open_year, unanswered
from cli.record.defaults import shipped_framework


def fill_registers(story: Story) -> None:
    """September 2024: the ledger is founded and its registers filled."""
    for name, title in (("registrar", "Mx Yew"), ("deputy", "Mx Rowan")):
        story.register("PersonEnrolled", person=story.person(name).person, name=title)
    allowed = {"attestation_days": 14, "impact_days": 42, "ratification_days": 28}
    allowed |= {"handover_days": 28, "response_days": 14, "brokerage_days": 28}
    story.register("LedgerRulesSet", **allowed)
    for body, kind, name in (
        (COUNCIL, "local_authority", "Northwick Council"),
        (TRUST, "trust", "Harbour Learning Trust"),
        (INSPECTORATE, "inspectorate", "Northwick Inspectorate"),
    ):
        register_body(story, body, kind, name)
    for school, name in SCHOOLS.items():
        register_school(story, school, name)
    story.enrol("officer", "Mx Oak", f"officer@{COUNCIL}", "substantive", "2024-09-01")
    for school, name in FIRST_HEADS.items():
        story.enrol(name, f"Mx {name.title()}", f"head@{school}", "substantive", "2024-09-01")
    adopted = story.register("FrameworkAdopted", **shipped_framework("ofsted-report-card-2025"))
    story.noted["framework"] = adopted


def register_body(story: Story, body: str, kind: str, name: str) -> None:
    """Register a body; every authority of the story lies in the North East."""
    region = {"region": "north-east"} if kind == "local_authority" else {}
    story.register("BodyRegistered", body=body, kind=kind, name=name, **region)


def register_school(story: Story, school: str, name: str, la: str = COUNCIL) -> None:
    """Register a primary school that a council maintains, and where it stands."""
    easting, northing = PLACES[school]
    said = {"school": school, "urn": school.replace("school", "urn"), "name": name}
    said |= {"phase": "primary", "establishment_type": "01", "la": la, "responsible_body": la}
    place = {"easting": easting, "northing": northing}
    story.register("SchoolRegistered", **said, place=place)


def form_partnership(story: Story) -> None:
    """September 2024: six schools form a partnership."""
    story.register(
        "PartnershipFormed",
        partnership=ESTUARY,
        name="Estuary Schools Partnership",
        kind="peer_review",
        area=COUNCIL,
        ground_rules=ground_rules(),
    )
    story.enrol("chair", "Mx Hazel", CHAIR, "substantive", "2024-09-09")
    story.enrol("clerk", "Mx Maple", f"clerk@{ESTUARY}", "substantive", "2024-09-09")
    asked = {
        school: story.head_says(
            school, "MembershipSought", school=school, partnership=ESTUARY, version=1
        )
        for school in SCHOOLS
    }
    story.at("2024-09-16", lambda story: _admit(story, asked))


def ground_rules(**others: Any) -> dict[str, Any]:
    """Return the founding ground rules, but for those that are given."""
    rules: dict[str, Any] = {"visits_per_year": 2, "distinct_hosts": True, "outside_visits": 0}
    rules |= {"attestation_days": 14, "impact_days": 42, "ratification_days": 28}
    rules |= {"handover_days": 28, "response_days": 14, "brokerage_days": 28, "notice_days": 90}
    rules |= {"external_judge": True}
    contingency = dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), COUNCIL)
    return {**rules, "contingency": contingency, **others}


def _admit(story: Story, asked: dict[str, str]) -> None:
    for application in asked.values():
        said = {"application": f"application:{application}", "effective_on": "2024-09-16"}
        story.say("chair", CHAIR, "SchoolAdmitted", **said)


def first_year(story: Story) -> None:
    """Autumn 2024: a first year; one visit goes unanswered, one is disputed and confirmed late."""
    open_year(story, "2024-25", "2025-07-31")
    story.noted["first_year"] = story.noted["year"]
    story.at("2024-10-03", exchange(ALDER, BIRCH))
    story.at("2024-10-15", exchange(BIRCH, CEDAR))
    story.at("2024-11-06", exchange(CEDAR, DALE))
    story.at("2024-11-20", exchange(FERN, ALDER))
    # Elm Park never answers this one.
    story.at("2024-12-04", lambda story: unanswered(story, DALE, ELM))
    story.at("2024-12-10", _disputed)
    story.at("2025-01-29", exchange(ALDER, DALE))
    story.at("2025-02-26", exchange(BIRCH, FERN))
    story.at("2025-03-19", exchange(CEDAR, ELM))
    story.at("2025-04-30", exchange(DALE, BIRCH))
    story.at("2025-05-07", exchange(ELM, DALE))
    story.at("2025-05-20", exchange(ALDER, ELM))
    story.at("2025-05-28", exchange(BIRCH, ALDER))
    story.at("2025-06-11", exchange(FERN, ELM))
    story.at("2025-06-17", exchange(DALE, FERN))
    story.at("2025-06-24", exchange(FERN, DALE))
    # Elm Park has yet to say what came of the year.
    story.at("2025-07-08", accounts(ALDER, BIRCH, CEDAR, DALE, FERN))


def _disputed(story: Story) -> None:
    claimed = story.visit(ELM, FERN, story.noted["year"], "1.5")
    wrong = "The visit ended at noon on the second day; we count one day."
    visit = f"visit:{claimed}"

    def dispute(story: Story) -> None:
        disputed = story.head_says(FERN, "VisitDisputed", visit=visit, wrong=wrong, days="1.0")
        said = {"visit": visit, "dispute": f"dispute:{disputed}", "days": "1.0"}
        story.at("2024-12-17", lambda story: _corrected(story, said))

    story.at("2024-12-13", dispute)
    # A week late.
    story.at("2025-01-09", lambda story: story.attest(FERN, claimed, "1.0"))


def _corrected(story: Story, said: dict[str, str]) -> None:
    story.head_says(ELM, "VisitCorrected", **said)


def support(story: Story) -> None:
    """Spring 2025: support is offered, agreed, and half delivered."""
    offer = story.head_says(
        ALDER,
        "SupportOffered",
        provider=ALDER,
        receiver=CEDAR,
        route="partnership",
        days="10.0",
        valid_until="2025-03-31",
    )
    story.at("2025-01-20", lambda story: _agree(story, offer))


def _agree(story: Story, offer: str) -> None:
    agreement = story.head_says(
        CEDAR,
        "SupportAgreed",
        offer=f"offer:{offer}",
        starts="2025-01-27",
        ends="2025-12-19",
        days="10.0",
        review_dates=["2025-05-30"],
        commissioner=COUNCIL,
    )
    under = story.noted["agreement"] = f"agreement:{agreement}"
    for day, days in (("2025-02-04", "1.5"), ("2025-03-11", "2.0"), ("2025-05-06", "1.5")):
        story.at(day, _delivered(under, days))
    measures = [{"measure": "phonics-check-passed", "before": "61", "after": "74"}]
    account = {"agreement": under, "measures": measures}
    story.at("2025-05-14", lambda story: story.account(CEDAR, **account))


def _delivered(under: str, days: str) -> Action:
    said: dict[str, Any] = {"purpose": "support", "worked_with": ["teachers", "classrooms"]}

    def deliver(story: Story) -> None:
        visit = story.visit(ALDER, CEDAR, under, days, **said)
        story.at(story.days_on(3), lambda story: story.attest(CEDAR, visit, days))

    return deliver


def notify(story: Story) -> None:
    """Summer 2025: Cedar Bank's head gives notice, hands over and leaves."""
    cedar = story.person("cedar").person
    said = {"office": CEDAR_HEAD, "holder": cedar, "effective_on": "2025-08-31"}
    story.head_says(CEDAR, "DepartureNotified", **said)
    story.at("2025-07-14", _hand_over)


def _hand_over(story: Story) -> None:
    said = {"office": CEDAR_HEAD, "outgoing": story.person("cedar").person}
    given = story.head_says(CEDAR, "HandoverGiven", **said, at=str(story.ledger.head()))
    story.noted["handover"] = f"handover:{given}"
