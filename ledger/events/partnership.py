"""Partnerships: their ground rules, who belongs to them, and their years."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.events.base import Answer, Event
from ledger.values import (
    ApplicationRef,
    BodyRef,
    Count,
    Day,
    DaysCount,
    OrganisationName,
    OwedRow,
    PartnershipRef,
    PartyRef,
    SchoolRef,
    SizeRoot,
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
    contingency: Contingency


class PartnershipFormed(Event):
    """A group of schools begins under founding ground rules, their version 1."""

    partnership: PartnershipRef
    name: OrganisationName
    kind: Literal["peer_review", "federation", "trust_group", "local_network", "subject_network"]
    area: BodyRef | None = Field(None, description="the local authority that it works in")
    ground_rules: GroundRules


class MembershipSought(Event):
    """A school asks to join a partnership under a version of its ground rules."""

    creates = "application"

    school: SchoolRef
    partnership: PartnershipRef
    version: Version


class SchoolAdmitted(Answer):
    """A partnership admits a school that sought membership."""

    application: ApplicationRef
    school: SchoolRef
    partnership: PartnershipRef
    effective_on: Day = Field(description="first day of membership")
    year: YearRef | None = Field(None, description="the partnership year that it joins within")


class MembershipRatified(Answer):
    """A head, new in office or facing a change, takes on what the school owes and is owed."""

    school: SchoolRef
    partnership: PartnershipRef
    version: Version
    rows: tuple[OwedRow, ...] = ()
    at: SizeRoot = Field(description="the place in history at which the rows stood so")


class MembershipDeclined(Answer):
    """A head does not take on new terms: the school stays under its version, or leaves."""

    school: SchoolRef
    partnership: PartnershipRef
    version: Version = Field(description="the version that was declined")
    leaves_on: Day | None = Field(None, description="last day of membership, if it leaves")


class PartnershipYearOpened(Event):
    """A year begins in which every member owes the visits of the ground rules."""

    creates = "year"

    partnership: PartnershipRef
    name: YearName
    starts: Day
    ends: Day = Field(description="last day, inclusive")


EVENTS: tuple[type[Event], ...] = (
    PartnershipFormed,
    MembershipSought,
    SchoolAdmitted,
    MembershipRatified,
    MembershipDeclined,
    PartnershipYearOpened,
)
