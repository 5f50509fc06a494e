"""The vocabulary: what can be said in this ledger, one module per heading of the domain.

The catalogue is an explicit tuple; each event is found by name and version::

    >>> find("VisitMade", 1)
    <class 'ledger.events.visits.VisitMade'>
"""

from __future__ import annotations

from ledger.errors import StatementError
from ledger.events.base import Answer, Event
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.events.correction import DetailErased, EventWithdrawn
from ledger.events.handover import DepartureNotified, HandoverAccepted, HandoverGiven
from ledger.events.judgements import FrameworkAdopted, JudgementMade
from ledger.events.partnership import (
    MembershipDeclined,
    MembershipRatified,
    MembershipSought,
    PartnershipFormed,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.registers import (
    Appointed,
    AppointmentEnded,
    BodyRegistered,
    ClockCorrected,
    KeyCompromised,
    KeyEnrolled,
    KeyRetired,
    LedgerFounded,
    LedgerRulesSet,
    LogKeyChanged,
    PersonEnrolled,
    ResponsibleBodyChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolRegistered,
    Vouched,
)
from ledger.events.visits import (
    ImpactReported,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitMade,
)

__all__ = ["CATALOGUE", "CREATORS", "Answer", "Event", "find"]

CATALOGUE: tuple[type[Event], ...] = (
    LedgerFounded,
    LedgerRulesSet,
    PersonEnrolled,
    KeyEnrolled,
    KeyRetired,
    KeyCompromised,
    LogKeyChanged,
    ClockCorrected,
    Vouched,
    Appointed,
    AppointmentEnded,
    BodyRegistered,
    SchoolRegistered,
    SchoolConverted,
    SchoolClosed,
    ResponsibleBodyChanged,
    PartnershipFormed,
    MembershipSought,
    SchoolAdmitted,
    MembershipRatified,
    MembershipDeclined,
    PartnershipYearOpened,
    SupportOffered,
    SupportAgreed,
    VisitMade,
    VisitAttested,
    VisitDisputed,
    VisitCorrected,
    ImpactReported,
    FrameworkAdopted,
    JudgementMade,
    DepartureNotified,
    HandoverGiven,
    HandoverAccepted,
    EventWithdrawn,
    DetailErased,
)

_BY_NAME = {(event.__name__, event.schema_version): event for event in CATALOGUE}

#: The event that brings each kind of thing into being: `visit` → VisitMade.
CREATORS: dict[str, type[Event]] = {
    event.creates: event for event in CATALOGUE if event.creates is not None
}


def find(name: str, version: int = 1) -> type[Event]:
    """Return the event of this name and schema version; raise StatementError if unknown."""
    event = _BY_NAME.get((name, version))
    if event is None:
        raise StatementError(
            "unknown format: this release knows no such event",
            got=f"{name}.v{version}",
            expected="an event of `school-ledger record --help`",
            todo="It may be of a later version of school-ledger; update and try again.",
        )
    return event
