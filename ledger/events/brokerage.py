"""Brokerage: what could be given, what is offered, agreed, varied, planned, and how it ends."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.regions import Region
from ledger.values import (
    AgreementRef,
    AreaCode,
    CapacityRef,
    Day,
    Days,
    DaysCount,
    Money,
    OfferRef,
    PartnershipRef,
    PartyRef,
    PersonRef,
    Phase,
    Sealed,
    Slug,
    TriggerRef,
    Value,
    VariationRef,
)

Route = Literal["partnership", "group", "local_authority", "rise", "hub", "private"]


class CapacityDeclared(Event):
    """A provider says how many days it could give in a time; several declarations add up."""

    creates = "capacity"
    sentence = "{provider} declared that it could give {days} from {starts} to {ends}."
    audience = "public"
    example = {
        "provider": "school:900001",
        "starts": "2024-09-01",
        "ends": "2025-08-31",
        "days": "20.0",
        "areas": ["inclusion"],
        "phases": ["primary"],
        "route": "local_authority",
        "price": "350.00",
    }

    provider: PartyRef
    starts: Day
    ends: Day = Field(description="last day, inclusive; days count in the time in which they end")
    replaces: CapacityRef | None = Field(
        None, description="the declaration that it takes the place of; else they add up"
    )
    days: Days
    areas: tuple[AreaCode, ...] = ()
    phases: tuple[Phase, ...] = ()
    regions: tuple[Region, ...] = ()
    route: Route | None = None
    price: Money | None = Field(None, description="pounds for a day")


class SupportOffered(Answer):
    """A provider pledges days of support to a receiver; not binding yet."""

    creates = "offer"
    sentence = "{provider} offered {receiver} {days} of support."
    audience = "parties"
    example = {
        "provider": "school:900001",
        "receiver": "school:900002",
        "trigger": examples.thing("need"),
        "areas": ["inclusion"],
        "route": "local_authority",
        "days": "6.0",
        "starts": "2024-10-07",
        "ends": "2025-03-31",
        "review_dates": ["2024-12-13", "2025-03-21"],
        "people": [examples.person("head")],
        "price": "2100.00",
        "payer": "body:northwick",
        "commissioner": "body:northwick",
        "notice_days": 28,
        "valid_until": "2024-12-31",
    }

    provider: PartyRef
    receiver: PartyRef
    trigger: TriggerRef | None = Field(None, description="the need or judgement that it is for")
    areas: tuple[AreaCode, ...] = ()
    route: Route
    days: Days
    starts: Day | None = None
    ends: Day | None = Field(None, description="last day, inclusive")
    review_dates: tuple[Day, ...] = ()
    people: tuple[PersonRef, ...] = Field((), description="who would come")
    price: Money | None = Field(None, description="pounds for all of it")
    payer: PartyRef | None = None
    commissioner: PartyRef | None = None
    notice_days: DaysCount | None = Field(None, description="notice to end it")
    valid_until: Day
    answers_for: tuple[PartnershipRef, ...] = Field(
        (), description="the partnerships of both that are asked, and so answer; sorted"
    )


class OfferClosed(Answer):
    """An offer is declined by whom it was made to, or withdrawn by whoever made it."""

    sentence = "The offer of {days} by {provider} to {receiver} was {how}."
    audience = "parties"
    example = {
        "offer": examples.thing("offer"),
        "provider": "school:900001",
        "receiver": "school:900002",
        "days": "6.0",
        "how": "declined",
        "reason": "Another school of the trust has begun already.",
    }

    offer: OfferRef
    provider: PartyRef
    receiver: PartyRef
    days: Days = Field(description="the days that were offered")
    how: Literal["declined", "withdrawn"] = Field(
        description="declined by the receiver, or withdrawn by the provider"
    )
    pledged_by: tuple[PartnershipRef, ...] = Field(
        (), description="the partnerships whose pledge of help was so kept, though declined; sorted"
    )
    reason: Sealed | None = None


class SupportAgreed(Answer):
    """The receiver accepts an offer: from now on the provider owes the days.

    It is accepted as it stands or for fewer days; other terms are another offer. A commissioner or
    payer is bound only if its own decision approved the offer.
    """

    creates = "agreement"
    affirms = "offer"
    counts_from = "starts"
    sentence = "{provider} and {receiver} agreed {days} of support by {ends}."
    audience = "parties"
    example = {
        "offer": examples.thing("offer"),
        "provider": "school:900001",
        "receiver": "school:900002",
        "trigger": examples.thing("need"),
        "starts": "2024-10-07",
        "ends": "2025-03-31",
        "days": "6.0",
        "review_dates": ["2024-12-13", "2025-03-21"],
        "commissioner": "body:northwick",
        "price": "2100.00",
        "payer": "body:northwick",
        "notice_days": 28,
    }

    offer: OfferRef
    provider: PartyRef
    receiver: PartyRef
    trigger: TriggerRef | None = None
    starts: Day = Field(description="first day; visits from then on count, whenever it is agreed")
    ends: Day = Field(description="last day, inclusive; the days are due by then")
    days: Days
    review_dates: tuple[Day, ...] = ()
    commissioner: PartyRef | None = None
    broker: PartyRef | None = None
    price: Money | None = Field(None, description="pounds for all of it; for fewer days, less")
    payer: PartyRef | None = None
    approved_by: tuple[PartyRef, ...] = Field(
        (), description="the commissioner and the payer, if its own decision approved the offer"
    )
    notice_days: DaysCount | None = Field(None, description="notice to end it")
    related_party: bool | None = Field(
        None, description="whether the sides have an interest in common"
    )
    replaces: AgreementRef | None = Field(
        None, description="the agreement that ends as replaced, the rest of it void"
    )
    plan_days: DaysCount | None = Field(
        None, description="the days that the receiver has to agree to a plan, if one is owed"
    )
    pledged_by: tuple[PartnershipRef, ...] = Field(
        (), description="the partnerships of both whose pledge of help is so kept; sorted"
    )


class Objective(Value):
    """In which area something is to be better, how that is told, and by when."""

    area: AreaCode
    measure: Slug | None = None
    due: Day | None = None


class PlanAgreed(Answer):
    """What support is to achieve, as a side of it says; with an agreement or without one."""

    creates = "plan"
    sentence = "{planner} agreed to a plan for {school}."
    audience = "parties"
    example = {
        "agreement": examples.thing("agreement"),
        "school": "school:900002",
        "provider": "school:900001",
        "planner": "school:900002",
        "objectives": [{"area": "inclusion", "measure": "hours-in-class", "due": "2025-03-21"}],
        "what": "Every pupil with a plan is taught with the others.",
        "obligations": [examples.opened("agreement", "plan")],
    }

    agreement: AgreementRef | None = None
    school: PartyRef = Field(description="whom the plan is for: the receiver of the agreement")
    provider: PartyRef | None = Field(None, description="of the agreement, if it is under one")
    planner: PartyRef = Field(description="whose office signs")
    objectives: Annotated[tuple[Objective, ...], Field(min_length=1, max_length=40)]
    what: Sealed = Field(description="what is to be better, objective by objective")


class SupportVaried(Event):
    """A side proposes other terms of an agreement; they count once the other has accepted."""

    creates = "variation"
    sentence = (
        "{proposer} proposed to vary the support of {receiver} by {provider}",
        ": {days} in all",
        ", by {ends}",
        ", for {price} in all",
        ", paused until {paused_until}",
        ".",
    )
    audience = "parties"
    example = {
        "agreement": examples.thing("agreement"),
        "provider": "school:900001",
        "receiver": "school:900002",
        "proposer": "school:900001",
        "days": "8.0",
        "ends": "2025-06-30",
        "review_dates": ["2025-03-21", "2025-06-20"],
    }

    agreement: AgreementRef
    provider: PartyRef
    receiver: PartyRef
    proposer: PartyRef = Field(description="the side whose office signs")
    days: Days | None = Field(None, description="days in all, those given among them")
    ends: Day | None = Field(None, description="last day, inclusive")
    review_dates: tuple[Day, ...] = Field((), description="all that are still to come")
    price: Money | None = Field(None, description="pounds for all of it")
    paused_until: Day | None = Field(
        None, description="what falls due before that day falls due on it"
    )


class SupportVariationAccepted(Answer):
    """The other side accepts other terms, or the payer that it pays more.

    They count once all have accepted who must.
    """

    affirms = "variation"
    sentence = "{acceptor} accepted to vary the support of {receiver} by {provider}."
    audience = "parties"
    example = {
        "variation": examples.thing("variation"),
        "agreement": examples.thing("agreement"),
        "provider": "school:900001",
        "receiver": "school:900002",
        "acceptor": "school:900002",
        "days_before": "6.0",
        "days": "8.0",
        "ends": "2025-06-30",
        "review_dates": ["2025-03-21", "2025-06-20"],
        "commissioner": "body:northwick",
        "takes_effect": True,
        "obligations": [examples.opened("agreement", "support")],
    }

    variation: VariationRef
    agreement: AgreementRef
    provider: PartyRef
    receiver: PartyRef
    acceptor: PartyRef = Field(description="the side, or payer, whose office signs")
    days_before: Days | None = Field(None, description="days in all before, if they change")
    days: Days | None = None
    ends: Day | None = None
    review_dates: tuple[Day, ...] = ()
    price_before: Money | None = Field(None, description="pounds in all before, if they change")
    price: Money | None = None
    paused_until: Day | None = None
    commissioner: PartyRef | None = None
    approved_by: tuple[PartyRef, ...] = ()
    takes_effect: bool | None = Field(
        None, description="whether all have accepted with it who must"
    )


class SupportEnded(Answer):
    """An agreement ends: completed, with nothing left to give, or stopped.

    What is left stays owed until it is given, waived or replaced.
    """

    sentence = "The support of {receiver} by {provider} was {how}, from {effective_on} on."
    audience = "parties"
    example = {
        "agreement": examples.thing("agreement"),
        "provider": "school:900001",
        "receiver": "school:900002",
        "commissioner": "body:northwick",
        "how": "stopped",
        "effective_on": "2025-02-28",
        "why": "The teachers who were to be helped have moved on.",
        "obligations": [examples.opened("agreement", "review/2025-03-21")],
    }

    agreement: AgreementRef
    provider: PartyRef
    receiver: PartyRef
    commissioner: PartyRef | None = None
    how: Literal["completed", "stopped"] = Field(
        description="completed with nothing left to give, or stopped"
    )
    effective_on: Day = Field(description="last day of the agreement")
    why: Sealed | None = None
