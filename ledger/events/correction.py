"""Correction: what was said in error is disregarded from a day on, and stays in the record."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import Day, EventRef, EvidenceRef, Pointer, Reference, Sealed, Source


class EventWithdrawn(Answer):
    """An earlier event is disregarded from a day on.

    It repeats every reference of the event that it withdraws, so that whatever that event touched
    can be replayed without it.
    """

    sentence = "Withdrawn from {effective_on} ({code}): {event}"
    audience = "parties"
    example = {
        "event": f"event:{examples.event_id('visit')}",
        "effective_on": "2024-11-11",
        "code": "entered_in_error",
        "text": "It was made to the school next door.",
        "references": [examples.thing("agreement"), "school:900001", "school:900002"],
    }

    event: EventRef
    effective_on: Day
    code: Literal["entered_in_error", "duplicate", "wrong_party", "superseded"]
    text: Sealed | None = None
    replaced_by: EventRef | None = None
    references: tuple[Reference, ...] = ()
    source: Source | None = None
    evidence: EvidenceRef | None = Field(
        None, description="the document that shows the other side's consent, or the error"
    )


class DetailErased(Event):
    """A sealed text is erased: salt and value are gone, the commitment stays and proves nothing."""

    sentence = "A sealed text was erased ({reason}), of: {event}"
    audience = "public"
    example = {
        "event": f"event:{examples.event_id('visit')}",
        "pointer": "/data/note",
        "authority": "data_subject",
        "reason": "no_longer_needed",
    }

    event: EventRef
    pointer: Pointer
    # Who asks for it; nothing erased is recorded for another, so no document stands here.
    authority: Literal["data_subject", "controller", "court", "retention_schedule"]
    reason: Literal["no_longer_needed", "consent_withdrawn", "unlawful", "ordered"] = Field(
        description="why it is erased, in a word"
    )
