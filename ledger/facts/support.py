"""Facts about offers, agreements, visits and the accounts owed of their impact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.entry import Entry
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.events.visits import (
    ImpactReported,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitMade,
)
from ledger.facts.base import Fact, Family


class Offer(NamedTuple):
    """An offer, who made it, and the agreement that took it up."""

    said: SupportOffered
    signedby: str
    agreement: str | None


class Agreement(NamedTuple):
    """An agreement and the attestations under it, in the order of recording."""

    id: str
    said: SupportAgreed
    attested: tuple[str, ...]


class Visit(NamedTuple):
    """A visit as it stands: figures last given, and the answers that are open.

    `attestation` and `dispute` are the obligations that wait for the host and for the visitor.
    """

    said: VisitMade
    made_on: date
    days: Decimal
    claimed_by: str
    attestation: str | None
    dispute: str | None
    answered: bool
    attested: str | None


#: The slots of what visits make owed: answers, and an account of impact by each side.
ATTESTATION = "attestation"
DISPUTE_ANSWER = "dispute_answer"
IMPACT_ACCOUNTS = {"visitor": "impact_account/visitor", "host": "impact_account/host"}


def attestation_of(event: str) -> str:
    """Return the obligation to attest that a VisitMade or VisitCorrected opens."""
    return f"{event}/{ATTESTATION}"


def dispute_answer_of(event: str) -> str:
    """Return the obligation to answer that a VisitDisputed opens."""
    return f"{event}/{DISPUTE_ANSWER}"


def impact_accounts_of(event: str) -> dict[str, str]:
    """Return the obligations to account for impact that a VisitAttested opens, by side."""
    return {side: f"{event}/{slot}" for side, slot in IMPACT_ACCOUNTS.items()}


def _is_own(entry: Entry[Any], tag: str) -> bool:
    """Return whether a thread is the entry's own; it also lies in that of each thing it names."""
    return tag == f"event:{entry.id}"


def _offered(value: Offer | None, entry: Entry[SupportOffered], tag: str) -> Offer | None:
    return Offer(entry.event, entry.signedby, None) if _is_own(entry, tag) else value


def _taken_up(value: Offer | None, entry: Entry[SupportAgreed], _tag: str) -> Offer | None:
    return value and value._replace(agreement=entry.id)


def _agreed(value: Agreement | None, entry: Entry[SupportAgreed], tag: str) -> Agreement | None:
    return Agreement(entry.id, entry.event, ()) if _is_own(entry, tag) else value


def _attested_under(
    value: Agreement | None, entry: Entry[VisitAttested], _tag: str
) -> Agreement | None:
    if value is None or entry.data.get("under") != f"agreement:{value.id}":
        return value
    return value._replace(attested=(*value.attested, entry.id))


def _made(value: Visit | None, entry: Entry[VisitMade], tag: str) -> Visit | None:
    if not _is_own(entry, tag):
        return value
    said = entry.event
    attestation = attestation_of(entry.id) if said.under else None
    return Visit(
        said,
        entry.occurred_on,
        said.days,
        entry.signedby,
        attestation,
        None,
        answered=False,
        attested=None,
    )


def _corrected(value: Visit | None, entry: Entry[VisitCorrected], _tag: str) -> Visit | None:
    return value and value._replace(
        days=entry.event.days,
        claimed_by=entry.signedby,
        attestation=attestation_of(entry.id) if value.said.under else None,
        dispute=None,
        answered=False,
    )


def _disputed(value: Visit | None, entry: Entry[VisitDisputed], _tag: str) -> Visit | None:
    return value and value._replace(
        attestation=None, dispute=dispute_answer_of(entry.id), answered=True
    )


def _attested(value: Visit | None, entry: Entry[VisitAttested], _tag: str) -> Visit | None:
    return value and value._replace(attestation=None, answered=True, attested=entry.id)


def _accounts_due(value: frozenset[str], entry: Entry[VisitAttested], tag: str) -> frozenset[str]:
    if not _is_own(entry, tag) or entry.event.purpose == "inspection":
        return value
    return frozenset(impact_accounts_of(entry.id).values())


def _accounted(value: frozenset[str], entry: Entry[ImpactReported], _tag: str) -> frozenset[str]:
    return value - set(entry.event.obligations)


def _day_made(_value: date | None, entry: Entry[VisitMade], _tag: str) -> date:
    return entry.occurred_on


def _commissioned(_value: str | None, entry: Entry[SupportAgreed], _tag: str) -> str | None:
    commissioner: str | None = entry.data.get("commissioner")
    return commissioner


OFFER: Family[Offer | None] = Family(
    "offer", "event", None, {SupportOffered: _offered, SupportAgreed: _taken_up}
)
AGREEMENT: Family[Agreement | None] = Family(
    "agreement", "event", None, {SupportAgreed: _agreed, VisitAttested: _attested_under}
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
IMPACT: Family[frozenset[str]] = Family(
    "impact", "event", frozenset(), {VisitAttested: _accounts_due, ImpactReported: _accounted}
)
MADE_ON: Family[date | None] = Family("made on", "event", None, {VisitMade: _day_made}, own=True)
COMMISSIONER: Family[str | None] = Family(
    "commissioner", "event", None, {SupportAgreed: _commissioned}, own=True
)


def offer(event: str) -> Fact[Offer | None]:
    """Return the offer of this event id."""
    return OFFER.at(f"event:{event}")


def agreement(event: str) -> Fact[Agreement | None]:
    """Return the agreement of this event id, with the attestations under it."""
    return AGREEMENT.at(f"event:{event}")


def visit(event: str) -> Fact[Visit | None]:
    """Return the visit of this event id, as it stands after answers and corrections."""
    return VISIT.at(f"event:{event}")


def made_on(visit_made: str) -> Fact[date | None]:
    """Return the day of the visit of this event id; None if there is none."""
    return MADE_ON.at(f"event:{visit_made}")


def commissioner(agreed: str) -> Fact[str | None]:
    """Return who commissioned the agreement of this event id; None if nobody did."""
    return COMMISSIONER.at(f"event:{agreed}")


def impact_accounts(attested: str) -> Fact[frozenset[str]]:
    """Return the accounts of impact still open after the VisitAttested of this event id."""
    return IMPACT.at(f"event:{attested}")
