"""Facts about claims that something is done: which wait for an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.format.entry import Entry
from ledger.values import event_id


class Claim(NamedTuple):
    """A claim that waits for an answer: of which obligation, and how much of it."""

    id: str
    obligation: str
    pounds: Decimal | None


Claims = tuple[Claim, ...]


def _claimed(value: Claims, entry: Entry[FulfilmentClaimed], tag: str) -> Claims:
    said = entry.event
    if f"event:{event_id(said.obligation)}" != tag:
        return value
    return (*value, Claim(entry.id, said.obligation, said.pounds))


def _answered(value: Claims, entry: Entry[FulfilmentAnswered], _tag: str) -> Claims:
    claim = event_id(entry.data.get("claim", ""))
    return tuple(one for one in value if one.id != claim)


CLAIMS: Family[Claims] = Family(
    "claims", "event", (), {FulfilmentClaimed: _claimed, FulfilmentAnswered: _answered}
)


def claims(obligation: str) -> Fact[Claims]:
    """Return the claims that wait, of whatever the event opened that opened an obligation."""
    return CLAIMS.at(f"event:{event_id(obligation)}")
