"""Facts about concerns, and about who deals with whom."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family, is_own
from ledger.events.base import Event
from ledger.events.brokerage import SupportAgreed
from ledger.events.concerns import ConcernEscalated, ConcernRaised, ConcernResolved
from ledger.events.judgements import JudgementMade
from ledger.events.money import FundingCommitted, SpendRecorded
from ledger.events.partnership import SchoolAdmitted
from ledger.events.targets import TargetSet
from ledger.events.visits import VisitMade
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind


class Concern(NamedTuple):
    """Who is to look into a concern, and whether it is resolved."""

    to: str
    resolved: bool = False


def _raised(value: Concern | None, entry: Entry[ConcernRaised], tag: str) -> Concern | None:
    return Concern(entry.data["to"]) if is_own(entry, tag) else value


def _escalated(value: Concern | None, entry: Entry[ConcernEscalated], _tag: str) -> Concern | None:
    return value and value._replace(to=entry.data["to"])


def _resolved(value: Concern | None, _entry: Entry[ConcernResolved], _tag: str) -> Concern | None:
    return value and value._replace(resolved=True)


CONCERN: Family[Concern | None] = Family(
    "concern raised",
    "event",
    None,
    {ConcernRaised: _raised, ConcernEscalated: _escalated, ConcernResolved: _resolved},
)

#: By what parties deal with one another: the members of events that name them.
_DEALINGS: dict[type[Event], tuple[str, ...]] = {
    SupportAgreed: ("provider", "receiver", "commissioner", "payer", "broker"),
    FundingCommitted: ("commissioner", "payee", "kept_by"),
    SpendRecorded: ("keeper", "paid_to"),
    SchoolAdmitted: ("school", "partnership"),
    VisitMade: ("visitor", "host"),
    JudgementMade: ("about", "judge"),
    TargetSet: ("about", "setter", "agreed_with"),
}
_MEMBERS = {event.__name__: members for event, members in _DEALINGS.items()}


def _dealt(value: frozenset[str], entry: Entry[Any], tag: str) -> frozenset[str]:
    sides = {entry.data[one] for one in _MEMBERS[entry.name] if one in entry.data}
    return value if tag not in sides or sides <= value else value | sides


DEALINGS: dict[str, Family[frozenset[str]]] = {
    kind: Family(f"dealings of a {kind}", kind, frozenset(), dict.fromkeys(_DEALINGS, _dealt))
    for kind in ("school", "body", "partnership")
}


def concern(reference: str) -> Fact[Concern | None]:
    """Return who is to look into a concern; None if there is none."""
    return CONCERN.at(f"event:{event_id(reference)}")


def dealings(party: str) -> Fact[frozenset[str]]:
    """Return the parties with which one deals or dealt, itself among them if there are any."""
    return DEALINGS[party_kind(party)].at(party)
