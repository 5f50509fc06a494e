"""Who stands in a side's place of one obligation by now, where that is not told by the party alone.

A school goes on as another line, a body as its successor. Of a body that was split one successor
has what goes with a school and another what was named to it; and who took an obligation over has
that one.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family, Look
from ledger.domain.registers import bodies, schools
from ledger.events.handover import ObligationAssumed
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind


class Assumed(NamedTuple):
    """That a party took a side's place in an obligation."""

    obligation: str
    party: str
    instead_of: str


def _assumed(
    value: tuple[Assumed, ...], entry: Entry[ObligationAssumed], tag: str
) -> tuple[Assumed, ...]:
    said = entry.event
    if tag != f"event:{event_id(said.obligation)}":
        return value
    return (*value, Assumed(said.obligation, said.party, said.instead_of))


ASSUMED: Family[tuple[Assumed, ...]] = Family("assumed", "event", (), {ObligationAssumed: _assumed})


def assumed(event: str) -> Fact[tuple[Assumed, ...]]:
    """Return who took a side's place in what the event of this id opened."""
    return ASSUMED.at(f"event:{event}")


def in_place_for(look: Look, obligation: str, side: str, other: str, day: date) -> str:
    """Return who has a side's place in an obligation with another on a day: itself if nobody has.

    Where nobody said to which successor of a body it goes, that body still stands there.
    """
    passed = [side]
    while (after := _next(look, obligation, passed[-1], other, day)) is not None:
        if after in passed:
            break
        passed.append(after)
    return passed[-1]


def _next(look: Look, obligation: str, side: str, other: str, day: date) -> str | None:
    taken = (one for one in look(assumed(event_id(obligation))) if one.obligation == obligation)
    by_name = next((one.party for one in taken if one.instead_of == side), None)
    if by_name is not None:
        return by_name
    if party_kind(side) == "school":
        handed_on = schools.line_of(look, side, obligation)
        return handed_on if handed_on != side else schools.in_place_of(look, side, day)
    over = look(bodies.ended(side)) if party_kind(side) == "body" else None
    if over is None or over.on > day:
        return None
    return over.goes_to(look, obligation, other)
