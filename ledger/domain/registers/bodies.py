"""Facts about responsible bodies: authorities, trusts and whoever else answers for schools."""

from __future__ import annotations

from ledger.decision_model.facts import Fact, Family
from ledger.events.registers import BodyRegistered
from ledger.format.entry import Entry


def _body(
    value: BodyRegistered | None, entry: Entry[BodyRegistered], tag: str
) -> BodyRegistered | None:
    return entry.event if value is None and entry.data["body"] == tag else value


BODY: Family[BodyRegistered | None] = Family("body", "body", None, {BodyRegistered: _body})


def body(reference: str) -> Fact[BodyRegistered | None]:
    """Return how a body was registered; None if it was not."""
    return BODY.at(reference)
