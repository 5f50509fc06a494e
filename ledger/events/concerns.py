"""Concerns: raised about a party, put to others, and resolved."""

from __future__ import annotations

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import AgreementRef, ConcernRef, PartyRef, SchoolRef, Sealed


class ConcernRaised(Event):
    """Somebody who deals with a party is concerned about it, and asks another to look into it.

    In confidence somebody else signs: who raised it is sealed, and neither school nor agreement is
    named.
    """

    creates = "concern"
    sentence = (
        "A concern about {about} was raised",
        " by {raiser}",
        ", at {school}",
        ", about the {agreement}",
        ", for {to} to look into",
        ".",
    )
    audience = "inspectorate"
    example = {
        "about": "school:900001",
        "raiser": "school:900002",
        "to": "body:northwick",
        "agreement": examples.thing("agreement"),
        "reason": "Nobody has come since October, and nobody answers.",
    }

    about: PartyRef
    raiser: PartyRef | None = Field(
        None, description="whose office says so; left out where a registrar does, in confidence"
    )
    to: PartyRef = Field(description="who is to look into it")
    school: SchoolRef | None = None
    agreement: AgreementRef | None = None
    reason: Sealed
    raised_by: Sealed | None = Field(
        None, description="in confidence: who raised it, where somebody else signs"
    )


class ConcernEscalated(Answer):
    """A concern is put to another party."""

    sentence = "The concern about {about} was put to {to}, before with {former}."
    audience = "inspectorate"
    example = {
        "concern": examples.thing("concern"),
        "about": "school:900001",
        "raiser": "school:900002",
        "former": "body:northwick",
        "to": "body:regional-team",
        "why": "The council says that it can do nothing.",
        "obligations": [examples.opened("concern", "concern_answer")],
    }

    concern: ConcernRef
    about: PartyRef
    raiser: PartyRef | None = None
    former: PartyRef = Field(description="who was to look into it until now")
    to: PartyRef
    why: Sealed


class ConcernResolved(Answer):
    """A concern is settled, by the steps that were taken."""

    sentence = "The concern about {about} was resolved."
    audience = "inspectorate"
    example = {
        "concern": examples.thing("concern"),
        "about": "school:900001",
        "raiser": "school:900002",
        "to": "body:northwick",
        "steps": "The days were agreed anew with both heads.",
        "obligations": [examples.opened("concern", "concern_answer")],
    }

    concern: ConcernRef
    about: PartyRef
    raiser: PartyRef | None = None
    to: PartyRef = Field(description="who was to look into it")
    steps: Sealed
