"""Needs and evidence: what a school needs help with, who takes it up, and what shows it."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Audience, Event
from ledger.values import (
    AreaCode,
    Day,
    EventRef,
    MediaType,
    NeedRef,
    ObligationRef,
    PartyRef,
    SchoolRef,
    Sealed,
)

EvidenceKind = Literal[
    "self_evaluation",
    "statement_of_action",
    "strategy",
    "spend_certificate",
    "letter",
    "report",
    "data",
    "other",
]
Level = Literal["school", "responsible_body", "partnership", "outside"]


class NeedIdentified(Event):
    """Somebody says what a school needs help with, and who is to meet it."""

    creates = "need"
    sentence = "{raiser} identified a need of {school} in {area}."
    audience = "parties"
    example = {
        "school": "school:900002",
        "raiser": "body:northwick",
        "area": "inclusion",
        "level": "partnership",
        "grounds": [examples.event("judgement")],
    }

    school: SchoolRef
    raiser: PartyRef = Field(description="whose office says so; the school itself, or another")
    area: AreaCode = Field(description="the evaluation area that help is needed in")
    level: Level = Field(description="who is to meet it")
    grounds: tuple[EventRef, ...] = Field((), description="events that show it")


class NeedAccepted(Answer):
    """The head takes ownership of a need that somebody else identified."""

    affirms = "need"
    sentence = "{school} accepted the need in {need.area} that {raiser} had identified."
    audience = "parties"
    example = {
        "need": examples.thing("need"),
        "school": "school:900002",
        "raiser": "body:northwick",
        "obligations": [examples.opened("need", "need_response")],
    }

    need: NeedRef
    school: SchoolRef
    raiser: PartyRef


class EvidenceLodged(Answer):
    """A document is lodged: what it is, about whom, and by which digest anyone can know it again.

    The document itself stays with whoever lodges it.
    """

    creates = "evidence"
    tells_of_before = True
    sentence = ("A document about {about} was lodged ({kind})", ", for {period_from}", ".")
    audience = "parties"
    example = {
        "about": "school:900002",
        "title": "Letter of the governors of 3 March",
        "kind": "letter",
        "media_type": "application/pdf",
        "size": 48_213,
        "sha256": sha256(b"letter.pdf").hexdigest(),
        "readers": "commissioner",
    }

    about: PartyRef = Field(description="whom it is about")
    title: Sealed
    kind: EvidenceKind
    period_from: Day | None = Field(None, description="first day of the time that it tells of")
    period_to: Day | None = Field(None, description="last day of the time that it tells of")
    media_type: MediaType = Field(description="as text/plain or application/pdf")
    size: Annotated[int, Field(strict=True, ge=1)] = Field(description="bytes")
    sha256: Sealed = Field(description="SHA-256 of the document's bytes, in hexadecimal")
    readers: Audience = Field("parties", description="who may read what it seals")
    obligation: ObligationRef | None = Field(None, description="the obligation that it answers")
