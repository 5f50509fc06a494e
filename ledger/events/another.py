"""For another: what was recorded for an office without a key is confirmed by it, or disowned."""

from __future__ import annotations

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer
from ledger.values import EventRef, OfficeRef, Reference, Sealed

MOST = 500
"""So many events may one answer name; a statement has room for no more."""


class RecordConfirmed(Answer):
    """An office says itself what others had recorded for it."""

    sentence = "Confirmed by the {office}, as it was recorded for that office: {events}"
    audience = "public"
    example = {
        "office": "head@school:900002",
        "events": [examples.event("visit")],
        "obligations": [examples.opened("visit", "record_confirmation")],
    }

    office: OfficeRef
    events: tuple[EventRef, ...] = Field(
        min_length=1, max_length=MOST, description="what was recorded for this office"
    )


class RecordDisowned(Answer):
    """An office says that what others had recorded for it is none of its words.

    It counts as withdrawn from its own day, whoever relies on it: a visit takes along what was
    confirmed of it. Every reference of what is
    disowned is repeated, so that whatever that touched can be replayed without it.
    """

    sentence = "Disowned by the {office}, for which it was recorded: {events}"
    audience = "parties"
    example = {
        "office": "head@school:900002",
        "events": [examples.event("visit")],
        "why": "I never saw the letter.",
        "references": [examples.thing("agreement"), "school:900001", "school:900002"],
        "obligations": [examples.opened("visit", "record_confirmation")],
    }

    office: OfficeRef
    events: tuple[EventRef, ...] = Field(
        min_length=1, max_length=MOST, description="what was recorded for this office"
    )
    why: Sealed | None = None
    references: tuple[Reference, ...] = ()
