"""Other terms of an agreement: who must accept them before they count, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ledger.decision_model.facts import Look
from ledger.decision_model.postings import ZERO
from ledger.domain.brokerage.facts import Arrangement, Variation, arrangement, variation
from ledger.domain.partnership.days_allowed import days_allowed
from ledger.values import event_id, party_kind

__all__ = ["Proposal", "lapses_on", "must_accept", "proposal"]


class Proposal(NamedTuple):
    """Other terms that wait: what was proposed, who has still to accept, the last day to."""

    proposer: str
    waits_for: tuple[str, ...]
    lapses_on: date


def must_accept(varied: Variation, standing: Arrangement) -> tuple[str, ...]:
    """Return who must accept a variation: the other side, and the payer of more."""
    return tuple(dict.fromkeys(_who(varied, standing)))


def _who(varied: Variation, standing: Arrangement) -> Iterator[str]:
    said, payer = varied.said, standing.said.payer
    yield said.receiver if said.proposer == said.provider else said.provider
    pays_more = said.price is not None and said.price > (standing.price or ZERO)
    if pays_more and payer and payer != said.proposer:
        yield payer


def lapses_on(look: Look, varied: Variation) -> date:
    """Return the last day on which a variation can be accepted."""
    sides = (varied.said.provider, varied.said.receiver)
    side = next((one for one in sides if party_kind(one) == "partnership"), None)
    proposed_on = varied.recorded_on
    return proposed_on + timedelta(days_allowed(look, "response_days", proposed_on, side, sides))


def proposal(look: Look, reference: str) -> Proposal | None:
    """Return what waits of a variation; None once it is in force, or its agreement is over."""
    varied = look(variation(event_id(reference)))
    standing = look(arrangement(event_id(varied.said.agreement))) if varied else None
    if varied is None or standing is None or standing.over or varied.in_force:
        return None
    who = [one for one in must_accept(varied, standing) if one not in varied.accepted_by]
    return Proposal(varied.said.proposer, tuple(who), lapses_on(look, varied))
