"""A partnership of two schools that become one: a new head declines, money is left, it dissolves.

One of the two is in a network as well, which the new head does not take on. Whoever was to stand
in where the valley's partnership ends has never agreed to it.
"""

from __future__ import annotations

from typing import Any

from cli.demo.first_year import ground_rules, register_school
from cli.demo.names import COUNCIL, GORSE, HUB, IVY, LINDEN, NETWORK, TRUST, VALLEY
from cli.demo.story import Story

_CHAIR, _NETWORK_CHAIR = f"chair@{VALLEY}", f"chair@{NETWORK}"
_GORSE_HEAD, _LINDEN_HEAD = f"head@{GORSE}", f"head@{LINDEN}"


def two_schools(story: Story) -> None:
    """February 2026: two schools of one valley form a partnership; the trust is to stand in."""
    register_school(story, LINDEN, "Linden Street Infant School")
    story.enrol("linden", "Mx Linden", _LINDEN_HEAD, "substantive", "2026-01-05")
    story.heads[LINDEN] = "linden"
    contingency = dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), TRUST)
    rules = ground_rules(visits_per_year=1, contingency=contingency)
    said = {"partnership": VALLEY, "name": "Valley Schools", "kind": "local_network"}
    story.register("PartnershipFormed", **said, area=COUNCIL, ground_rules=rules)
    _presides(story, "cedar", _CHAIR)
    asked = [_applies(story, school, VALLEY) for school in (GORSE, LINDEN)]
    story.at("2026-02-09", _network)
    story.at("2026-02-16", lambda story: _admit(story, "cedar", _CHAIR, asked))
    story.at("2026-02-17", _open_year)
    story.at("2026-03-03", _commit)
    story.at("2026-03-06", _delegate)
    story.at("2026-04-29", _visit)
    story.at("2026-07-02", _become_one)


def _presides(story: Story, name: str, office: str) -> None:
    """Let somebody who is known take a chair: Cedar Bank's former head, and the hub's officer."""
    person, today = story.person(name).person, story.days_on(0)
    said = {"person": person, "office": office, "basis": "substantive", "effective_on": today}
    post = story.register("Appointed", **said)
    story.vouch(person=person, subject=f"appointment:{post}", office=office)


def _valley_says(story: Story, name: str, /, **said: Any) -> str:
    return story.say("cedar", _CHAIR, name, **said)


def _applies(story: Story, school: str, partnership: str) -> str:
    said = {"school": school, "partnership": partnership, "version": 1}
    return f"application:{story.head_says(school, 'MembershipSought', **said)}"


def _admit(story: Story, chair: str, office: str, asked: list[str]) -> None:
    for application in asked:
        said = {"application": application, "effective_on": story.days_on(0)}
        story.say(chair, office, "SchoolAdmitted", **said)


def _network(story: Story) -> None:
    """One of the two joins the hub's network, and so does Ivy House; the hub stands in for it."""
    contingency = dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), HUB)
    rules = ground_rules(visits_per_year=0, contingency=contingency)
    said = {"partnership": NETWORK, "name": "Early Reading Network", "kind": "subject_network"}
    story.register("PartnershipFormed", **said, area=COUNCIL, ground_rules=rules)
    story.hub_says("ContingencyAccepted", party=HUB, partnership=NETWORK, version=1)
    _presides(story, "larch", _NETWORK_CHAIR)
    asked = [_applies(story, school, NETWORK) for school in (IVY, LINDEN)]
    story.at("2026-02-12", lambda story: _admit(story, "larch", _NETWORK_CHAIR, asked))


def _open_year(story: Story) -> None:
    said = {"partnership": VALLEY, "name": "2025-26", "starts": "2026-02-17", "ends": "2026-07-31"}
    story.noted["valley's year"] = f"year:{_valley_says(story, 'PartnershipYearOpened', **said)}"


def _visit(story: Story) -> None:
    # Linden Street never returns it.
    made = story.visit(GORSE, LINDEN, story.noted["valley's year"], "1.0")
    story.at("2026-05-04", lambda story: story.attest(LINDEN, made, "1.0"))


# -- money for the partnership, and the business manager of the school that keeps it ---------------


def _commit(story: Story) -> None:
    committed = story.officer_says(
        "FundingCommitted",
        commissioner=COUNCIL,
        payee=VALLEY,
        kept_by=LINDEN,
        title="First words in the valley",
        fund="School improvement 2025-26",
        instalments=[{"pay_by": "2026-03-31", "pounds": "1500.00"}],
        account_by="2026-12-18",
        related_party=False,
    )
    story.noted["first words"] = f"funding:{committed}"
    story.at("2026-03-13", _pay)
    story.at("2026-05-11", _spend)


def _delegate(story: Story) -> None:
    nettle = story.person("nettle").person
    story.register("PersonEnrolled", person=nettle, name="Mx Nettle")
    key, members = story.enrol_key("nettle")
    story.vouch(person=nettle, subject=f"enrolment:{key}", key=members["key"])
    events = ["FundingReceived", "SpendRecorded"]
    said = {"office": _LINDEN_HEAD, "person": nettle, "events": events, "until": "2026-12-18"}
    story.head_says(LINDEN, "AuthorityDelegated", **said)


def _manager_says(story: Story, name: str, /, **said: Any) -> str:
    return story.say("nettle", _LINDEN_HEAD, name, **said)


def _pay(story: Story) -> None:
    said = {"under": story.noted["first words"], "pounds": "1500.00"}
    received = {"payment": f"payment:{story.officer_says('FundingPaid', **said)}"}
    received["pounds"] = "1500.00"
    story.at("2026-03-16", lambda story: _manager_says(story, "FundingReceived", **received))


def _spend(story: Story) -> None:
    spent = [{"funding": story.noted["first words"], "pounds": "600.00"}]
    said = {"keeper": LINDEN, "spent": spent, "purpose": "resources"}
    _manager_says(story, "SpendRecorded", **said, supplier="Saltmarsh Specialists Ltd")


# -- the two become one, under a new head ----------------------------------------------------------


def _become_one(story: Story) -> None:
    story.publish(
        *("SchoolsMerged", "Northwick Council", "Notice of amalgamation, July 2026"),
        predecessors=[GORSE, LINDEN],
        school=GORSE,
        effective_on="2026-09-01",
    )
    said = ("willow", "Mx Willow", _GORSE_HEAD, "substantive", "2026-09-01")
    story.enrol(*said, succeeds="gorse")
    story.at("2026-09-03", _new_head)
    story.at("2026-09-04", _dissolve)


def _hands_over(story: Story, school: str, outgoing: str) -> str:
    office = f"head@{school}"
    said = {"office": office, "outgoing": story.person(outgoing).person}
    given = story.say(outgoing, office, "HandoverGiven", **said, at=str(story.ledger.head()))
    return f"handover:{given}"


def _new_head(story: Story) -> None:
    story.heads[GORSE] = "willow"
    handover = _hands_over(story, GORSE, "gorse")
    incoming = story.person("willow").person
    story.head_says(GORSE, "HandoverAccepted", handover=handover, incoming=incoming)
    _hands_over(story, LINDEN, "linden")
    said: dict[str, Any] = {"school": GORSE, "partnership": NETWORK, "version": 1}
    story.head_says(GORSE, "MembershipDeclined", **said, leaves_on="2026-12-04")


def _dissolve(story: Story) -> None:
    reason = "Its two schools are one."
    _valley_says(
        *(story, "PartnershipDissolved"),
        partnership=VALLEY,
        effective_on=story.days_on(0),
        reason=reason,
    )
