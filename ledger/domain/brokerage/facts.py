"""Facts about offers and agreements of support, as they stand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.decision_model import created
from ledger.decision_model.facts import Fact, Family, Look, is_own
from ledger.decision_model.postings import ZERO
from ledger.events.brokerage import (
    OfferClosed,
    PlanAgreed,
    SupportAgreed,
    SupportEnded,
    SupportOffered,
    SupportVariationAccepted,
    SupportVaried,
)
from ledger.events.judgements import JudgementModerated
from ledger.events.needs import DecisionRecorded
from ledger.events.visits import VisitAttested
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind


class Offer(NamedTuple):
    """An offer, who made it, what became of it, and whose decision approved it.

    `closed` is how and on which day it was declined or withdrawn.
    """

    said: SupportOffered
    signedby: str
    agreement: str | None = None
    closed: tuple[str, date] | None = None
    approved_by: tuple[str, ...] = ()


class Over(NamedTuple):
    """How an agreement came to an end: completed, stopped or replaced, and its last day."""

    how: str
    on: date
    event: str


class Arrangement(NamedTuple):
    """An agreement as it stands: as it was agreed, varied and paused, and how it ended.

    `pauses` are first days and the days on which each pause is over; `plan_by` is by when a plan
    was to be agreed, if that is told; `planned` are the areas of the plan that was agreed last.
    """

    said: SupportAgreed
    days: Decimal
    ends: date
    price: Decimal | None
    review_dates: tuple[date, ...]
    pauses: tuple[tuple[date, date], ...] = ()
    over: Over | None = None
    plan_by: date | None = None
    planned: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """The last day: that on which it ended, else that until which it goes."""
        return self.over.on if self.over else self.ends

    def paused(self, first: date, until: date) -> Arrangement:
        """Return it with one more pause, from a first day to the day on which it is over."""
        return self._replace(pauses=(*self.pauses, (first, until)))

    def put_off(self, day: date) -> date:
        """Return when something falls due that was to on a day: after any pause that covers it."""
        for first, until in self.pauses:
            if first <= day < until:
                day = until
        return day


class Variation(NamedTuple):
    """Other terms of an agreement as they were proposed, and who has accepted them."""

    said: SupportVaried
    signedby: str
    recorded_on: date
    accepted_by: tuple[str, ...] = ()
    in_force: bool = False


def _offered(value: Offer | None, entry: Entry[SupportOffered], tag: str) -> Offer | None:
    return Offer(entry.event, entry.signedby) if is_own(entry, tag) else value


def _taken_up(value: Offer | None, entry: Entry[SupportAgreed], tag: str) -> Offer | None:
    if value is None or tag != f"event:{event_id(entry.data['offer'])}":
        return value
    return value._replace(agreement=entry.id)


def _closed(value: Offer | None, entry: Entry[OfferClosed], _tag: str) -> Offer | None:
    return value and value._replace(closed=(entry.event.how, entry.occurred_on))


def _decided(value: Offer | None, entry: Entry[DecisionRecorded], tag: str) -> Offer | None:
    said = entry.data
    if value is None or tag != f"event:{event_id(said.get('offer', ''))}":
        return value
    if said["decision"] != "approve":
        return value
    return value._replace(approved_by=(*value.approved_by, said["decider"]))


def _agreed(
    _value: SupportAgreed | None, entry: Entry[SupportAgreed], _tag: str
) -> SupportAgreed | None:
    return entry.event


def _arranged(
    value: Arrangement | None, entry: Entry[SupportAgreed], tag: str
) -> Arrangement | None:
    said = entry.event
    if is_own(entry, tag):
        plan_by = _plan_by(entry)
        return Arrangement(
            said, said.days, said.ends, said.price, said.review_dates, plan_by=plan_by
        )
    if value is None or tag != f"event:{event_id(said.replaces or '')}":
        return value
    return value._replace(over=Over("replaced", entry.occurred_on, entry.id))


def _plan_by(entry: Entry[SupportAgreed]) -> date | None:
    days = entry.event.plan_days
    if days is None:
        return None
    return max(entry.occurred_on, entry.recorded_on) + timedelta(days)


def _varied(
    value: Arrangement | None, entry: Entry[SupportVariationAccepted], _tag: str
) -> Arrangement | None:
    said = entry.event
    if value is None or not said.takes_effect:
        return value
    if said.paused_until is not None:
        value = value.paused(entry.occurred_on, said.paused_until)
    ends, dates = said.ends or value.ends, said.review_dates or value.review_dates
    return value._replace(
        days=value.days if said.days is None else said.days,
        ends=ends,
        price=value.price if said.price is None else said.price,
        review_dates=dates if said.ends is None else tuple(day for day in dates if day <= ends),
    )


def _ended(value: Arrangement | None, entry: Entry[SupportEnded], _tag: str) -> Arrangement | None:
    said = entry.event
    return value and value._replace(over=Over(said.how, said.effective_on, entry.id))


def _planned(value: Arrangement | None, entry: Entry[PlanAgreed], _tag: str) -> Arrangement | None:
    areas = tuple(dict.fromkeys(one.area for one in entry.event.objectives))
    return value and value._replace(planned=areas)


def _proposed(value: Variation | None, entry: Entry[SupportVaried], tag: str) -> Variation | None:
    if not is_own(entry, tag):
        return value
    return Variation(entry.event, entry.signedby, entry.recorded_on)


def _accepted(
    value: Variation | None, entry: Entry[SupportVariationAccepted], _tag: str
) -> Variation | None:
    said = entry.event
    return value and value._replace(
        accepted_by=(*value.accepted_by, said.acceptor), in_force=bool(said.takes_effect)
    )


def _given(
    value: Confirmed, entry: Entry[VisitAttested | JudgementModerated], tag: str
) -> Confirmed:
    said, days = entry.data, entry.event.days
    if tag != f"event:{event_id(said.get('under', ''))}" or "visit" not in said or not days:
        return value
    return (*value, (said["visit"], days))


OFFER: Family[Offer | None] = Family(
    "offer",
    "event",
    None,
    {
        SupportOffered: _offered,
        SupportAgreed: _taken_up,
        OfferClosed: _closed,
        DecisionRecorded: _decided,
    },
)
AGREEMENT: Family[SupportAgreed | None] = Family(
    "agreement", "event", None, {SupportAgreed: _agreed}, own=True
)
ARRANGEMENT: Family[Arrangement | None] = Family(
    "arrangement",
    "event",
    None,
    {
        SupportAgreed: _arranged,
        SupportVariationAccepted: _varied,
        SupportEnded: _ended,
        PlanAgreed: _planned,
    },
)
VARIATION: Family[Variation | None] = Family(
    "variation",
    "event",
    None,
    {SupportVaried: _proposed, SupportVariationAccepted: _accepted},
)
Confirmed = tuple[tuple[str, Decimal], ...]
"""Visits of which days were confirmed, and how many."""
GIVEN: Family[Confirmed] = Family(
    "given", "event", (), {VisitAttested: _given, JudgementModerated: _given}
)


def _with_receiver(
    value: tuple[str, ...], entry: Entry[SupportAgreed], tag: str
) -> tuple[str, ...]:
    return (*value, entry.id) if entry.data["receiver"] == tag else value


def _agreements(prefix: str) -> Family[tuple[str, ...]]:
    return Family(f"agreements of a {prefix}", prefix, (), {SupportAgreed: _with_receiver})


#: The agreements that a party is supported by, by its own tag.
OF_SCHOOL = _agreements("school")
OF_BODY = _agreements("body")
OF_PARTNERSHIP = _agreements("partnership")
_OF = {family.prefix: family for family in (OF_SCHOOL, OF_BODY, OF_PARTNERSHIP)}


def agreements_of(receiver: str) -> Fact[tuple[str, ...]]:
    """Return the agreements by which a party is supported, by the ids of their events."""
    return _OF[party_kind(receiver)].at(receiver)


def offer(event: str) -> Fact[Offer | None]:
    """Return the offer of this event id."""
    return OFFER.at(f"event:{event}")


def agreement(event: str) -> Fact[SupportAgreed | None]:
    """Return what was agreed by the event of this id."""
    return AGREEMENT.at(f"event:{event}")


def arrangement(event: str) -> Fact[Arrangement | None]:
    """Return the agreement of this event id as it stands: varied, paused, ended."""
    return ARRANGEMENT.at(f"event:{event}")


def variation(event: str) -> Fact[Variation | None]:
    """Return the variation that was proposed by the event of this id."""
    return VARIATION.at(f"event:{event}")


def given(look: Look, agreement: str) -> Decimal:
    """Return the days confirmed under the agreement of this event id, those beyond it among them.

    Of a visit that was disowned there are none, whoever confirmed it.
    """
    confirmed = look(GIVEN.at(f"event:{agreement}"))
    return sum((days for visit, days in confirmed if look(created.thing(visit)) is not None), ZERO)


def accounted_to(entry: Entry[Any], side: str) -> str:
    """Return to whom a side of an agreement accounts for it: the commissioner, else the other."""
    said = entry.data
    other: str = said["receiver"] if side == said["provider"] else said["provider"]
    asks: str = said.get("commissioner") or other
    return other if asks == side else asks
