"""Correction: what was said in error is disregarded from a day on, and stays in the record."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from ledger.events.base import Answer
from ledger.values import Day, EventRef, Public, Sealed, Source

Reference = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z_]*[:@/].{1,150}$|^[0-9a-f-]{36}/.{1,150}$"),
    Public("reference"),
]


class EventWithdrawn(Answer):
    """An earlier event is disregarded from a day on.

    It repeats every reference of the event that it withdraws, so that whatever that event touched
    can be replayed without it.
    """

    event: EventRef
    effective_on: Day
    code: Literal["entered_in_error", "duplicate", "wrong_party", "superseded"]
    text: Sealed | None = None
    replaced_by: EventRef | None = None
    references: tuple[Reference, ...] = ()
    source: Source | None = None
