"""Facts about offers and agreements of support."""

from __future__ import annotations

from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family, is_own
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.format.entry import Entry
from ledger.values import party_kind


class Offer(NamedTuple):
    """An offer, who made it, and the agreement that took it up."""

    said: SupportOffered
    signedby: str
    agreement: str | None


def _offered(value: Offer | None, entry: Entry[SupportOffered], tag: str) -> Offer | None:
    return Offer(entry.event, entry.signedby, None) if is_own(entry, tag) else value


def _taken_up(value: Offer | None, entry: Entry[SupportAgreed], _tag: str) -> Offer | None:
    return value and value._replace(agreement=entry.id)


def _agreed(
    _value: SupportAgreed | None, entry: Entry[SupportAgreed], _tag: str
) -> SupportAgreed | None:
    return entry.event


OFFER: Family[Offer | None] = Family(
    "offer", "event", None, {SupportOffered: _offered, SupportAgreed: _taken_up}
)
AGREEMENT: Family[SupportAgreed | None] = Family(
    "agreement", "event", None, {SupportAgreed: _agreed}, own=True
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
