"""Facts about offers, agreements and visits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.events.visits import VisitAttested, VisitCorrected, VisitDisputed, VisitMade
from ledger.format.entry import Entry


class Offer(NamedTuple):
    """An offer, who made it, and the agreement that took it up."""

    said: SupportOffered
    signedby: str
    agreement: str | None


class Visit(NamedTuple):
    """A visit as it stands: the figures last given, and whether the host has answered them."""

    said: VisitMade
    made_on: date
    days: Decimal
    claimed_by: str
    answered: bool
    attested: str | None


def _is_own(entry: Entry[Any], tag: str) -> bool:
    """Return whether a thread is the entry's own; it also lies in that of each thing it names."""
    return tag == f"event:{entry.id}"


def _offered(value: Offer | None, entry: Entry[SupportOffered], tag: str) -> Offer | None:
    return Offer(entry.event, entry.signedby, None) if _is_own(entry, tag) else value


def _taken_up(value: Offer | None, entry: Entry[SupportAgreed], _tag: str) -> Offer | None:
    return value and value._replace(agreement=entry.id)


def _agreed(
    _value: SupportAgreed | None, entry: Entry[SupportAgreed], _tag: str
) -> SupportAgreed | None:
    return entry.event


def _made(value: Visit | None, entry: Entry[VisitMade], tag: str) -> Visit | None:
    if not _is_own(entry, tag):
        return value
    said = entry.event
    return Visit(said, entry.occurred_on, said.days, entry.signedby, answered=False, attested=None)


def _corrected(value: Visit | None, entry: Entry[VisitCorrected], _tag: str) -> Visit | None:
    return value and value._replace(
        days=entry.event.days, claimed_by=entry.signedby, answered=False
    )


def _disputed(value: Visit | None, _entry: Entry[VisitDisputed], _tag: str) -> Visit | None:
    return value and value._replace(answered=True)


def _attested(value: Visit | None, entry: Entry[VisitAttested], _tag: str) -> Visit | None:
    return value and value._replace(answered=True, attested=entry.id)


OFFER: Family[Offer | None] = Family(
    "offer", "event", None, {SupportOffered: _offered, SupportAgreed: _taken_up}
)
AGREEMENT: Family[SupportAgreed | None] = Family(
    "agreement", "event", None, {SupportAgreed: _agreed}, own=True
)
VISIT: Family[Visit | None] = Family(
    "visit",
    "event",
    None,
    {
        VisitMade: _made,
        VisitCorrected: _corrected,
        VisitDisputed: _disputed,
        VisitAttested: _attested,
    },
)


def offer(event: str) -> Fact[Offer | None]:
    """Return the offer of this event id."""
    return OFFER.at(f"event:{event}")


def agreement(event: str) -> Fact[SupportAgreed | None]:
    """Return what was agreed by the event of this id."""
    return AGREEMENT.at(f"event:{event}")


def visit(event: str) -> Fact[Visit | None]:
    """Return the visit of this event id, as it stands after answers and corrections."""
    return VISIT.at(f"event:{event}")
