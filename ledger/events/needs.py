"""Identification of needs: what a school needs help with, who says so, and who takes it up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import AreaCode, EventRef, NeedRef, PartyRef, SchoolRef

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
