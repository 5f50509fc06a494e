"""Brokerage and money: offers of support, and what is agreed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events.base import Event
from ledger.values import Day, Days, Money, NeedRef, OfferRef, PartyRef

Route = Literal["partnership", "group", "local_authority", "rise", "hub", "private"]


class SupportOffered(Event):
    """A provider pledges days of support to a receiver; not binding yet."""

    creates = "offer"

    provider: PartyRef
    receiver: PartyRef
    need: NeedRef | None = None
    route: Route
    days: Days
    price: Money | None = None
    payer: PartyRef | None = None
    valid_until: Day


class SupportAgreed(Event):
    """The receiver accepts an offer: from now on the provider owes the days."""

    creates = "agreement"

    offer: OfferRef
    provider: PartyRef
    receiver: PartyRef
    starts: Day
    ends: Day = Field(description="last day, inclusive; the days are due by then")
    days: Days
    review_dates: tuple[Day, ...] = ()
    commissioner: PartyRef | None = None
    broker: PartyRef | None = None


EVENTS: tuple[type[Event], ...] = (
    SupportOffered,
    SupportAgreed,
)
