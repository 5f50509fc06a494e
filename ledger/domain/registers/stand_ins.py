"""Who stands in the place of a school that closed or a partnership that was dissolved.

It is whom the ground rules in force named, once that has agreed to them: their office signs where
an event asks for the office of who is gone.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family, Look
from ledger.events.partnership import (
    ContingencyAccepted,
    GroundRulesAgreed,
    PartnershipDissolved,
)
from ledger.events.registers import SchoolClosed
from ledger.format.entry import Entry


class StandIns(NamedTuple):
    """Who agreed to the latest ground rules of a partnership; and, once dissolved, who follows."""

    version: int = 1
    agreed: frozenset[str] = frozenset()
    after: str | None = None
    last: date | None = None


class Closed(NamedTuple):
    """The last day of a school, its partnerships, and whom their ground rules name."""

    last: date
    partnerships: tuple[str, ...]
    named: tuple[str, ...]


def _rules(value: StandIns, entry: Entry[GroundRulesAgreed], _tag: str) -> StandIns:
    return value._replace(version=entry.event.version, agreed=frozenset())


def _agreed(value: StandIns, entry: Entry[ContingencyAccepted], tag: str) -> StandIns:
    said = entry.event
    if said.partnership != tag or said.version != value.version:
        return value
    return value._replace(agreed=value.agreed | {said.party})


def _dissolved(value: StandIns, entry: Entry[PartnershipDissolved], tag: str) -> StandIns:
    said = entry.event
    if said.partnership != tag:
        return value
    return value._replace(after=said.contingency, last=said.effective_on)


def _closed(value: Closed | None, entry: Entry[SchoolClosed], tag: str) -> Closed | None:
    said = entry.event
    if said.school != tag:
        return value
    return Closed(said.effective_on, said.partnerships, said.contingencies)


STAND_INS: Family[StandIns] = Family(
    "stand-ins",
    "partnership",
    StandIns(),
    {
        GroundRulesAgreed: _rules,
        ContingencyAccepted: _agreed,
        PartnershipDissolved: _dissolved,
    },
)
CLOSED: Family[Closed | None] = Family("closed", "school", None, {SchoolClosed: _closed})


def stand_ins(partnership: str) -> Fact[StandIns]:
    """Return who agreed to stand in for a partnership, and who follows it."""
    return STAND_INS.at(partnership)


def in_place_of(look: Look, party: str, day: date) -> frozenset[str]:
    """Return who stands in the place of a party that is gone by a day; nobody while it stands."""
    if party.startswith("partnership:"):
        told = look(stand_ins(party))
        is_gone = told.last is not None and told.last < day
        return told.agreed & {told.after} if is_gone else frozenset()
    closed = look(CLOSED.at(party)) if party.startswith("school:") else None
    if closed is None or closed.last >= day:
        return frozenset()
    agreed = (look(stand_ins(one)).agreed for one in closed.partnerships)
    return frozenset(closed.named).intersection(*[frozenset[str]().union(*agreed)])
