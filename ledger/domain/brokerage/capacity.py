"""What a provider declared that it could give, and how much of it is given, owed or offered.

Declarations whose times overlap add up to one: days count in it where they end in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family, Fold, Look
from ledger.decision_model.postings import ZERO
from ledger.domain.brokerage import facts
from ledger.domain.brokerage.kinds import SUPPORT
from ledger.events.base import Event
from ledger.events.brokerage import CapacityDeclared, SupportOffered
from ledger.format.entry import Entry
from ledger.values import party_kind


class Declared(NamedTuple):
    """One declaration: its event, its first and last day, and the days that could be given."""

    id: str
    starts: date
    ends: date
    days: Decimal


class Period(NamedTuple):
    """A time for which a provider declared days, and how many."""

    starts: date
    ends: date
    days: Decimal


Offers = tuple[str, "Offers"] | None
"""The offers of a provider, the latest first: one more costs the same however many there are."""


class Supply(NamedTuple):
    """What a provider declared, without what was replaced, and the offers that it made."""

    declared: tuple[Declared, ...] = ()
    offers: Offers = None

    def period(self, day: date) -> Period | None:
        """Return the time in which a day lies for which days were declared; None if none were."""
        first = last = day
        while True:
            own = [one for one in self.declared if one.starts <= last and first <= one.ends]
            if not own:
                return None
            wider = min(one.starts for one in own), max(one.ends for one in own)
            if wider == (first, last):
                return Period(first, last, sum((one.days for one in own), ZERO))
            first, last = wider


def _declared(value: Supply, entry: Entry[CapacityDeclared], tag: str) -> Supply:
    said = entry.event
    if said.provider != tag:
        return value
    others = tuple(one for one in value.declared if f"capacity:{one.id}" != said.replaces)
    one = Declared(entry.id, said.starts, said.ends, said.days)
    return value._replace(declared=(*others, one))


def _offered(value: Supply, entry: Entry[SupportOffered], tag: str) -> Supply:
    if entry.data["provider"] != tag:
        return value
    return value._replace(offers=(entry.id, value.offers))


_FOLDS: dict[type[Event], Fold[Supply]] = {CapacityDeclared: _declared, SupportOffered: _offered}
SCHOOLS_SUPPLY: Family[Supply] = Family("supply", "school", Supply(), _FOLDS)
BODIES_SUPPLY: Family[Supply] = Family("supply", "body", Supply(), _FOLDS)
PARTNERSHIPS_SUPPLY: Family[Supply] = Family("supply", "partnership", Supply(), _FOLDS)
_SUPPLIES = {one.prefix: one for one in (SCHOOLS_SUPPLY, BODIES_SUPPLY, PARTNERSHIPS_SUPPLY)}


def supply(provider: str) -> Fact[Supply]:
    """Return what a provider declared and offered."""
    return _SUPPLIES[party_kind(provider)].at(provider)


class Engaged(NamedTuple):
    """Days that a provider gave, owes or offers, and the day in whose time they count."""

    days: Decimal
    ends: date


def _engaged(look: Look, offers: Offers, day: date, but: str) -> Iterator[Engaged]:
    """Go through what a provider gave, owes and offers on a day, one offer left aside."""
    while offers is not None:
        event, offers = offers
        offer = look(facts.offer(event))
        if offer is None or event == but:
            continue
        if offer.agreement is not None:
            yield from _promised(look, offer.agreement)
        elif offer.closed is None and offer.said.valid_until >= day:
            yield Engaged(offer.said.days, ends_of(offer.said))


def _promised(look: Look, agreement: str) -> Iterator[Engaged]:
    standing = look(facts.arrangement(agreement))
    if standing is not None:
        left = sum((one.left for one in SUPPORT.waiting(look, f"event:{agreement}")), ZERO)
        yield Engaged(facts.given(look, agreement) + left, standing.ends)


def ends_of(offer: SupportOffered) -> date:
    """Return the day in whose time what is offered counts: its last, else that of the offer."""
    return offer.ends or offer.valid_until


def beyond_capacity(
    look: Look, provider: str, asked: Engaged, day: date, but: str = ""
) -> Iterator[str]:
    """Say that days are more than a provider has left of what it declared for when they end.

    Where it declared nothing for then, there is no saying. `but` is the event id of an offer that
    is left aside, for what is asked is in its place.
    """
    own = look(supply(provider))
    period = own.period(asked.ends)
    if period is None:
        return
    engaged = _engaged(look, own.offers, day, but)
    taken = sum((one.days for one in engaged if period.starts <= one.ends <= period.ends), ZERO)
    left = max(ZERO, period.days - taken)
    if asked.days > left:
        yield (
            f"{provider} declared {period.days} days from {period.starts} to {period.ends}, of"
            f" which {left:.1f} are left: {asked.days} are more; declare more first"
        )
