"""Handover: a head goes, and what the school owes does not go with them."""

from __future__ import annotations

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    Day,
    EventRef,
    HandoverRef,
    Number,
    ObligationRef,
    OfficeRef,
    OwedRow,
    PartyRef,
    PersonRef,
    Sealed,
    SizeRoot,
)


class DepartureNotified(Event):
    """The holder of an office will leave it."""

    creates = "departure"
    sentence = "{holder} will leave the office of {office}, last day {effective_on}."
    audience = "parties"
    example = {
        "office": "head@school:900001",
        "holder": examples.person("head"),
        "effective_on": "2025-04-21",
    }

    office: OfficeRef
    holder: PersonRef
    effective_on: Day = Field(description="last day in office, inclusive")


class HandoverGiven(Answer):
    """What an office owes and is owed is handed over in writing."""

    creates = "handover"
    sentence = "{outgoing} handed over the office of {office}."
    audience = "parties"
    example = {
        "office": "head@school:900001",
        "outgoing": examples.person("head"),
        "incoming": examples.person("successor"),
        "rows": [
            {
                "obligation": examples.opened("agreement", "support"),
                "outstanding": "2.5",
                "unit": "day",
            },
        ],
        "at": f"58:{examples.ROOT}",
        "obligations": [examples.opened("departure", "handover/body:northwick")],
    }

    office: OfficeRef
    outgoing: PersonRef
    incoming: PersonRef | None = None
    rows: tuple[OwedRow, ...] = ()
    at: SizeRoot = Field(description="the place in history at which the rows stood so")


class HandoverAccepted(Answer):
    """The person who comes into an office acknowledges what was handed over."""

    affirms = "handover"
    sentence = "{incoming} accepted the handover of {office}."
    audience = "parties"
    example = {
        "handover": examples.thing("handover"),
        "office": "head@school:900001",
        "incoming": examples.person("successor"),
        "exceptions": "The half day in March was not agreed with governors.",
        "obligations": [examples.opened("handover", "handover_acceptance/body:northwick")],
    }

    handover: HandoverRef
    office: OfficeRef
    incoming: PersonRef
    exceptions: Sealed | None = None


class ObligationWaived(Event):
    """Whoever is owed something releases part or all of it, and says why.

    What a commissioner pays for is released by the commissioner.
    """

    sentence = (
        "{waiver} released {debtor} from what it owed {creditor}: {obligation}",
        ", {amount} of it",
        ".",
    )
    audience = "parties"
    example = {
        "obligation": examples.opened("agreement", "support"),
        "waiver": "school:900002",
        "debtor": "school:900001",
        "creditor": "school:900002",
        "amount": "1.5",
        "reason": "Our own lead came back from leave in March.",
    }

    obligation: ObligationRef
    waiver: PartyRef = Field(
        description="who releases it: the creditor, or who commissions and pays for it"
    )
    debtor: PartyRef
    creditor: PartyRef
    about: EventRef | None = Field(None, description="what it is about, if not its opener")
    amount: Number | None = Field(None, description="how much of it; else all that is left")
    reason: Sealed


class ObligationAssumed(Event):
    """A party takes over what somebody who is gone owes or is owed, or what was left with it.

    It is whom ground rules name for a member that closed or a partnership that was dissolved, one
    of several bodies that took the place of one, or the former body with which a conversion left
    it.
    """

    sentence = "{party} took over from {instead_of} what it owed or was owed: {obligation}."
    audience = "parties"
    example = {
        "obligation": examples.opened("year", "peer_visit/school:900009"),
        "party": "body:northwick",
        "instead_of": "school:900009",
    }

    obligation: ObligationRef
    party: PartyRef
    instead_of: PartyRef = Field(description="the side whose place it takes")
