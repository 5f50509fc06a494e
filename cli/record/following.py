"""Which event usually follows another: the first that must name what it brought into being."""

from __future__ import annotations

from functools import cache

from cli.record.model_members import events_members
from ledger.events import CATALOGUE
from ledger.events.base import Event


@cache
def naming(kind: str | None) -> tuple[type[Event], str] | None:
    """Return the first event that must name a thing of a kind, and the option that names it."""
    if kind is None:
        return None
    for event in CATALOGUE:
        for member in events_members(event):
            if member.required and kind in member.named:
                return event, member.option
    return None
