"""Brokerage and money: offers of support, and what is agreed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer
from ledger.values import Day, Days, Money, OfferRef, PartyRef, TriggerRef

Route = Literal["partnership", "group", "local_authority", "rise", "hub", "private"]


class SupportOffered(Answer):
    """A provider pledges days of support to a receiver; not binding yet."""

    creates = "offer"
    sentence = "{provider} offered {receiver} {days} of support."
    audience = "parties"
    example = {
        "provider": "school:900001",
        "receiver": "school:900002",
        "route": "local_authority",
        "days": "6.0",
        "price": "2100.00",
        "payer": "body:northwick",
        "valid_until": "2024-12-31",
    }

    provider: PartyRef
    receiver: PartyRef
    trigger: TriggerRef | None = Field(None, description="what asks for the support")
    route: Route
    days: Days
    price: Money | None = None
    payer: PartyRef | None = None
    valid_until: Day


class SupportAgreed(Answer):
    """The receiver accepts an offer: from now on the provider owes the days."""

    creates = "agreement"
    affirms = "offer"
    counts_from = "starts"
    sentence = "{provider} and {receiver} agreed {days} of support by {ends}."
    audience = "parties"
    example = {
        "offer": examples.thing("offer"),
        "provider": "school:900001",
        "receiver": "school:900002",
        "starts": "2024-10-07",
        "ends": "2025-03-31",
        "days": "6.0",
        "review_dates": ["2024-12-13", "2025-03-21"],
        "commissioner": "body:northwick",
    }

    offer: OfferRef
    trigger: TriggerRef | None = None
    provider: PartyRef
    receiver: PartyRef
    starts: Day
    ends: Day = Field(description="last day, inclusive; the days are due by then")
    days: Days
    review_dates: tuple[Day, ...] = ()
    commissioner: PartyRef | None = None
    broker: PartyRef | None = None
