"""Handover: a head goes, and what the school owes does not go with them."""

from __future__ import annotations

from pydantic import Field

from ledger.events.base import Answer, Event
from ledger.values import Day, HandoverRef, OfficeRef, OwedRow, PersonRef, Sealed, SizeRoot


class DepartureNotified(Event):
    """The holder of an office will leave it."""

    creates = "departure"

    office: OfficeRef
    holder: PersonRef
    effective_on: Day = Field(description="last day in office, inclusive")


class HandoverGiven(Answer):
    """What an office owes and is owed is handed over in writing."""

    creates = "handover"

    office: OfficeRef
    outgoing: PersonRef
    incoming: PersonRef | None = None
    rows: tuple[OwedRow, ...] = ()
    at: SizeRoot = Field(description="the place in history at which the rows stood so")


class HandoverAccepted(Answer):
    """The person who comes into an office acknowledges what was handed over."""

    handover: HandoverRef
    office: OfficeRef
    incoming: PersonRef
    exceptions: Sealed | None = None


EVENTS: tuple[type[Event], ...] = (
    DepartureNotified,
    HandoverGiven,
    HandoverAccepted,
)
