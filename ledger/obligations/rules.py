"""The days allowed for an answer: a partnership's ground rules, else the ledger's own."""

from __future__ import annotations

from typing import Literal

from ledger.facts import ledgers, parties
from ledger.facts.base import Look
from ledger.values import event_id

Days = Literal["attestation_days", "impact_days", "ratification_days", "handover_days"]


def partnership_of(look: Look, under: str | None) -> str | None:
    """Return the partnership of the year that something is under; None if it is under none."""
    if under is None or not under.startswith("year:"):
        return None
    year = look(parties.year(event_id(under)))
    return year.partnership if year else None


def days_allowed(look: Look, name: Days, party: str | None = None) -> int | None:
    """Return the days allowed, by the rules of a partnership if it has any; None if unset."""
    if party is not None and party.startswith("partnership:"):
        formed = look(parties.formed(party))
        if formed is not None:
            return int(getattr(parties.ground_rules(formed), name))
    rules = look(ledgers.rules())
    return None if rules is None else int(getattr(rules, name))
