"""What is still said once a party ended: handing over, answering others and waiving.

Answering is to say done what one owes as well, and to send back what was not spent. Offices end
with their party; for a while they do what is left to do. Afterwards whoever stands in its place
signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ledger.decision_model.facts import Look
from ledger.decision_model.rules import Case, Rule
from ledger.domain.registers import bodies, schools, stand_ins
from ledger.domain.registers.offices import SPEAKING_OF
from ledger.domain.registers.who import in_place_of, own_office
from ledger.events import find
from ledger.events.fulfilment import FulfilmentClaimed
from ledger.events.handover import HandoverGiven, ObligationWaived
from ledger.events.money import FundingPaid
from ledger.values import office_party, party_kind

#: So long after its party ended may an office hand over, answer and waive.
GRACE_DAYS = 60
_LEFT_OPEN = frozenset({HandoverGiven, ObligationWaived, FulfilmentClaimed})


def last_day_of(look: Look, party: str) -> date | None:
    """Return the last day of a party: closed, merged, succeeded or dissolved; None if it stands."""
    kind = party_kind(party)
    if kind == "school":
        school = look(schools.school(party))
        return school.closed_on if school else None
    if kind == "partnership":
        return look(stand_ins.stand_ins(party)).last
    over = look(bodies.ended(party)) if kind == "body" else None
    return over.on - timedelta(days=1) if over else None


def _is_left_to_do(case: Case[Any]) -> bool:
    """Return whether an event hands over, waives, answers what is owed, or what another said."""
    event, said = find(case.entry.name), case.entry.data
    sends_back = event is FundingPaid and "returns" in said
    if event in _LEFT_OPEN or sends_back or said.get("obligations"):
        return True
    return event.affirms is not None and event.creates is None


def ended_with_party(rule: Rule[Any], case: Case[Any]) -> Iterator[str]:
    """Say that the office which signs ended with its party, and may not say this any more."""
    office, entry = case.entry.office, case.entry
    party = office_party(office)
    last = last_day_of(case.look, party) if party else None
    if party is None or last is None or case.day <= last or entry.name in SPEAKING_OF:
        return
    days = (case.day - last).days
    left_open = max((by.grace_days for by in rule.by if office in by.offices(case)), default=0)
    if days <= left_open:
        return
    after = in_place_of(case, party)
    if days > GRACE_DAYS:
        signs = "whoever stands in its place" if after == party else own_office(after)
        yield f"{party} ended on {last}, and {office} with it; {signs} signs"
    elif not _is_left_to_do(case):
        yield (
            f"{party} ended on {last}: until {last + timedelta(days=GRACE_DAYS)} {office} hands"
            f" over, answers and waives, and says nothing new{_says(party, after)}"
        )


def answers_itself(rule: Rule[Any], case: Case[Any]) -> Iterator[str]:
    """Say that the side which answers and the one that asked became one."""
    said = case.entry.data
    sides = {str(said[member]) for member in rule.between or () if member in said}
    if len(sides) > 1 and len({in_place_of(case, side) for side in sides}) == 1:
        yield (
            f"{' and '.join(sorted(sides))} are one by now, and nobody answers themselves: withdraw"
            " what was said instead"
        )


def _says(party: str, after: str) -> str:
    return "" if after == party else f"; {own_office(after)} does"
