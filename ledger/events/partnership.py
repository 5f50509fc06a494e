"""Partnerships: their ground rules, who belongs to them, and their years."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    ApplicationRef,
    BodyRef,
    Count,
    Day,
    Days,
    DaysCount,
    OrganisationName,
    OwedRow,
    PartnershipRef,
    PartyRef,
    SchoolRef,
    Sealed,
    SizeRoot,
    Slug,
    Value,
    YearName,
    YearRef,
)

Version = Annotated[int, Field(strict=True, ge=1, le=1000)]


class Contingency(Value):
    """Who takes over when a member closes or the partnership dissolves, and who holds money."""

    on_closure: PartyRef
    on_dissolution: PartyRef
    holds_unspent: PartyRef


class GroundRules(Value):
    """What members of a partnership agree to."""

    visits_per_year: Count = Field(description="visits that each school owes in a full year")
    distinct_hosts: bool = Field(description="whether only the first visit to each host counts")
    outside_visits: Count = Field(description="how many of them to schools outside")
    attestation_days: DaysCount
    impact_days: DaysCount
    ratification_days: DaysCount
    handover_days: DaysCount
    response_days: DaysCount
    brokerage_days: DaysCount
    notice_days: DaysCount = Field(description="notice to leave")
    external_judge: bool
    help_days: Days | None = Field(
        None, description="days of help pledged to a member in trouble, once a year"
    )
    contingency: Contingency


_GROUND_RULES: dict[str, Any] = {
    "visits_per_year": 3,
    "distinct_hosts": True,
    "outside_visits": 1,
    "attestation_days": 14,
    "impact_days": 42,
    "ratification_days": 28,
    "handover_days": 28,
    "response_days": 14,
    "brokerage_days": 28,
    "notice_days": 90,
    "external_judge": False,
    "contingency": {
        "on_closure": "body:northwick",
        "on_dissolution": "body:northwick",
        "holds_unspent": "school:900001",
    },
}


class PartnershipFormed(Event):
    """A group of schools begins under founding ground rules, their version 1."""

    names = "partnership"
    sentence = "The partnership {name} was formed."
    audience = "public"
    example = {
        "partnership": "partnership:estuary",
        "name": "Estuary Schools Partnership",
        "kind": "peer_review",
        "area": "body:northwick",
        "ground_rules": _GROUND_RULES,
    }

    partnership: PartnershipRef
    name: OrganisationName
    kind: Literal["peer_review", "federation", "trust_group", "local_network", "subject_network"]
    area: BodyRef | None = Field(None, description="the local authority that it works in")
    ground_rules: GroundRules


class GroundRulesAgreed(Answer):
    """Members agree on new ground rules, which each head ratifies or declines.

    A school is bound by the last version that it joined under or ratified.
    """

    sentence = "{partnership} agreed version {version} of its ground rules, from {effective_on}."
    audience = "parties"
    example = {
        "partnership": "partnership:estuary",
        "version": 2,
        "effective_on": "2025-09-01",
        "ground_rules": {**_GROUND_RULES, "visits_per_year": 4, "help_days": "5.0"},
        "schools": ["school:900001", "school:900002", "school:900003"],
        "obligations": [examples.opened("appointment", "ratification/partnership:estuary")],
    }

    partnership: PartnershipRef
    version: Version
    effective_on: Day = Field(description="first day on which it can bind anybody")
    ground_rules: GroundRules
    schools: tuple[SchoolRef, ...] = Field(
        (), description="the members on that day, whose heads ratify it; sorted"
    )


class ContingencyAccepted(Answer):
    """A party that ground rules name as contingency agrees to be it, for a version of them.

    It takes at once what is orphaned by then, and later whatever would be.
    """

    sentence = "{party} agreed to take over from {partnership} if it ends, under version {version}."
    audience = "parties"
    example = {
        "party": "body:northwick",
        "partnership": "partnership:estuary",
        "version": 1,
        "obligations": [examples.opened("partnership", "contingency_answer/body:northwick")],
    }

    party: PartyRef
    partnership: PartnershipRef
    version: Version
    instead_of: tuple[PartyRef, ...] = Field(
        (), description="whose debts and claims it takes at once, for they are gone; sorted"
    )


class ContingencyDeclined(Answer):
    """A party that ground rules name as contingency does not agree to be it."""

    sentence = (
        "{party} declined to take over from {partnership} if it ends, under version {version}."
    )
    audience = "parties"
    example = {
        "party": "school:900001",
        "partnership": "partnership:estuary",
        "version": 1,
        "reason": "We have nobody who could keep accounts of it.",
        "obligations": [examples.opened("partnership", "contingency_answer/school:900001")],
    }

    party: PartyRef
    partnership: PartnershipRef
    version: Version
    reason: Sealed | None = None


class MembershipSought(Event):
    """A school asks to join a partnership under a version of its ground rules."""

    creates = "application"
    sentence = "{school} sought to join {partnership}."
    audience = "parties"
    example = {
        "school": "school:900001",
        "partnership": "partnership:estuary",
        "version": 1,
    }

    school: SchoolRef
    partnership: PartnershipRef
    version: Version


class SchoolAdmitted(Answer):
    """A partnership admits a school that sought membership."""

    affirms = "application"
    sentence = "{school} joined {partnership} from {effective_on}."
    audience = "parties"
    example = {
        "application": examples.thing("application"),
        "school": "school:900001",
        "partnership": "partnership:estuary",
        "effective_on": "2024-09-09",
        "obligations": [examples.opened("application", "admission_answer")],
    }

    application: ApplicationRef
    school: SchoolRef
    partnership: PartnershipRef
    effective_on: Day = Field(description="first day of membership")
    version: Version | None = Field(
        None, description="the version of the ground rules that it applied under, if not the first"
    )
    year: YearRef | None = Field(None, description="the partnership year that it joins within")
    later_years: tuple[YearRef, ...] = Field(
        (), description="the years that begin later and are open already"
    )


class AdmissionRefused(Answer):
    """A partnership does not admit a school that sought membership, and says why."""

    sentence = "{partnership} refused {school} membership."
    audience = "parties"
    example = {
        "application": examples.thing("application"),
        "school": "school:900001",
        "partnership": "partnership:estuary",
        "reason": "Our visits are full until next September; please ask again then.",
        "obligations": [examples.opened("application", "admission_answer")],
    }

    application: ApplicationRef
    school: SchoolRef
    partnership: PartnershipRef
    reason: Sealed


class MemberExcluded(Answer):
    """A partnership ends a school's membership, and says why."""

    sentence = "{partnership} excluded {school}, last day {effective_on}."
    audience = "parties"
    example = {
        "school": "school:900003",
        "partnership": "partnership:estuary",
        "effective_on": "2025-03-31",
        "reason": "It has made no visit in two years, and answered no letter.",
        "obligations": [examples.opened("year", "peer_visit/school:900003")],
    }

    school: SchoolRef
    partnership: PartnershipRef
    effective_on: Day = Field(description="last day of membership")
    reason: Sealed


class MembershipLeft(Answer):
    """A school leaves a partnership, with the notice that the ground rules ask for."""

    sentence = "{school} leaves {partnership}, last day {effective_on}."
    audience = "parties"
    example = {
        "school": "school:900003",
        "partnership": "partnership:estuary",
        "effective_on": "2025-03-31",
        "reason": "We work with the schools of our trust from Easter.",
        "obligations": [examples.opened("year", "peer_visit/school:900003")],
    }

    school: SchoolRef
    partnership: PartnershipRef
    effective_on: Day = Field(description="last day of membership, at least the notice away")
    reason: Sealed | None = None


class MembershipRatified(Answer):
    """A head, new in office or facing a change, takes on what the school owes and is owed."""

    sentence = "The head of {school} ratified its membership of {partnership}."
    audience = "parties"
    example = {
        "school": "school:900001",
        "partnership": "partnership:estuary",
        "version": 1,
        "rows": [
            {
                "obligation": examples.opened("year", "peer_visit/school:900001"),
                "outstanding": "2",
                "unit": "visit",
            },
        ],
        "at": f"69:{examples.ROOT}",
        "obligations": [examples.opened("appointment", "ratification/partnership:estuary")],
    }

    school: SchoolRef
    partnership: PartnershipRef
    version: Version
    rows: tuple[OwedRow, ...] = ()
    at: SizeRoot = Field(description="the place in history at which the rows stood so")


class MembershipDeclined(Answer):
    """A head does not take on new terms: the school stays under its version, or leaves."""

    sentence = (
        "The head of {school} declined to ratify with {partnership}",
        ", and it leaves after {leaves_on}",
        ".",
    )
    audience = "parties"
    example = {
        "school": "school:900003",
        "partnership": "partnership:estuary",
        "version": 2,
        "leaves_on": "2025-12-31",
        "obligations": [examples.opened("appointment", "ratification/partnership:estuary")],
    }

    school: SchoolRef
    partnership: PartnershipRef
    version: Version = Field(description="the version that was declined")
    leaves_on: Day | None = Field(None, description="last day of membership, if it leaves")


class PartnershipDissolved(Answer):
    """A partnership ends, and with it every membership.

    What it owes and is owed goes to the party that its ground rules name, if that has agreed or
    once it does. Money that is not accounted for stays with whoever keeps it.
    """

    sentence = "{partnership} was dissolved, last day {effective_on}."
    audience = "parties"
    example = {
        "partnership": "partnership:estuary",
        "effective_on": "2026-08-31",
        "reason": "Its schools have joined three trusts, and work with those.",
        "schools": ["school:900001", "school:900002", "school:900003"],
        "contingency": "body:northwick",
        "obligations": [examples.opened("year", "peer_visit/school:900002")],
    }

    partnership: PartnershipRef
    effective_on: Day = Field(description="last day, inclusive")
    reason: Sealed
    schools: tuple[SchoolRef, ...] = Field(
        (), description="all that ever belonged to it, whose membership ends; sorted"
    )
    contingency: PartyRef = Field(description="who takes over, by the ground rules in force")


class PartnershipYearOpened(Event):
    """A year begins in which every member owes the visits of the ground rules."""

    creates = "year"
    counts_from = "starts"
    sentence = "{partnership} opened its year {name}, {starts} to {ends}."
    audience = "parties"
    example = {
        "partnership": "partnership:estuary",
        "name": "2024-25",
        "starts": "2024-09-09",
        "ends": "2025-07-22",
        "schools": ["school:900001", "school:900002", "school:900003"],
    }

    partnership: PartnershipRef
    name: YearName
    starts: Day
    ends: Day = Field(description="last day, inclusive")
    schools: tuple[SchoolRef, ...] = Field(
        (), description="the members within the year, who owe its visits; sorted"
    )


class JointPublicationAgreed(Event):
    """A head agrees that results of the school are published jointly with those of others.

    It is a consent, and is withdrawn at any time.
    """

    sentence = (
        "{school} agreed that {partnership} publishes its {measures} jointly, from {effective_on}."
    )
    audience = "public"
    example = {
        "school": "school:900003",
        "partnership": "partnership:estuary",
        "measures": ["phonics-check-pass-rate", "hours-in-class"],
        "effective_on": "2025-09-01",
    }

    school: SchoolRef
    partnership: PartnershipRef
    measures: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=40)] = Field(
        description="the measures that are published jointly"
    )
    effective_on: Day = Field(description="first day on which they may be")
