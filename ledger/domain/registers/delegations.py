"""What an office has delegated: named events, to a person, until a day or its giver leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family, Look
from ledger.domain.registers import offices
from ledger.domain.registers.tenures import Signed, Tenure
from ledger.events.registers import AuthorityDelegated, DelegationEnded
from ledger.format.entry import Entry
from ledger.values import event_id

DELEGATED = "delegated"
"""The basis on which a delegate signs, where those of holders are told."""

#: What whoever holds an office does in person: joining, ratifying, leaving, handing over, waiving,
#: challenging, delegating. By name, for these stand in themes above, and some in later releases.
NEVER_DELEGATED = frozenset(
    {
        *("MembershipSought", "ProgrammeJoined"),
        *("MembershipRatified", "MembershipDeclined"),
        *("MembershipLeft", "ProgrammeLeft"),
        *("HandoverGiven", "HandoverAccepted"),
        *("ObligationWaived", "JudgementChallenged"),
        *("AuthorityDelegated", "DelegationEnded"),
    }
)


class Delegation(NamedTuple):
    """Events that a person may sign in an office, from the day of recording to a last day."""

    id: str
    person: str
    events: tuple[str, ...]
    first: date
    last: date
    given: Signed
    position: int

    def as_tenure(self, office: str, look: Look) -> Tenure:
        """Return it as a time in the office: it ends with the tenure of its giver."""
        tenures = look(offices.office(office))
        ends = [offices.last_day(office, one, tenures) for one in self._by(office, look)]
        last = min([self.last, *(day for day in ends if day is not None)])
        return Tenure(
            *(self.person, DELEGATED, self.first, last, self.id),
            vouched=False,
            signed=self.given,
            position=self.position,
        )

    def stands(self, office: str, look: Look, day: date) -> bool:
        """Return whether it may be used on a day: in time, and its giver in the same tenure."""
        if not self.first <= day <= self.last:
            return False
        given_in = {one.appointment for one in self._by(office, look)}
        tenures = look(offices.office(office))
        now = offices.held_by(office, tenures, self.given.person, day)
        return any(one.appointment in given_in for one in now)

    def _by(self, office: str, look: Look) -> Iterator[Tenure]:
        """Go through the tenures in which its giver gave it."""
        tenures = look(offices.office(office))
        return offices.held_by(office, tenures, self.given.person, self.first)


Delegations = tuple[Delegation, ...]


def _delegated(value: Delegations, entry: Entry[AuthorityDelegated], tag: str) -> Delegations:
    if f"office:{entry.data['office']}" != tag:
        return value
    said = entry.event
    given = Signed(entry.signedby, entry.office, entry.key)
    first = entry.recorded_on
    one = Delegation(entry.id, said.person, said.events, first, said.until, given, entry.position)
    return (*value, one)


def _ended(value: Delegations, entry: Entry[DelegationEnded], _tag: str) -> Delegations:
    ended = event_id(entry.data["delegation"])
    return tuple(
        one._replace(last=min(one.last, entry.recorded_on)) if one.id == ended else one
        for one in value
    )


DELEGATIONS: Family[Delegations] = Family(
    "delegations", "office", (), {AuthorityDelegated: _delegated, DelegationEnded: _ended}
)


def delegations(office: str) -> Fact[Delegations]:
    """Return every delegation of an office, ended ones included, in the order of recording."""
    return DELEGATIONS.at(f"office:{office}")


def delegation(look: Look, office: str, person: str, event: str, day: date) -> Delegation | None:
    """Return by which delegation a person may sign an event in an office on a day; None if by none.

    The newest, if by several.
    """
    if event in NEVER_DELEGATED:
        return None
    given = look(delegations(office))
    own = (one for one in reversed(given) if one.person == person and event in one.events)
    return next((one for one in own if one.stands(office, look, day)), None)
