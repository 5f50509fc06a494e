"""The vocabulary: what can be said in this ledger, one module per heading of the domain.

The catalogue is an explicit tuple, theme by theme; each event is found by name and version::

    >>> find("VisitMade", 1)
    <class 'ledger.events.visits.VisitMade'>
"""

from __future__ import annotations

from ledger.errors import StatementError
from ledger.events import (
    brokerage,
    correction,
    handover,
    judgements,
    partnership,
    registers,
    visits,
)
from ledger.events.base import Answer, Event

__all__ = ["CATALOGUE", "CREATORS", "Answer", "Event", "find"]

CATALOGUE: tuple[type[Event], ...] = (
    *registers.EVENTS,
    *partnership.EVENTS,
    *brokerage.EVENTS,
    *visits.EVENTS,
    *judgements.EVENTS,
    *handover.EVENTS,
    *correction.EVENTS,
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
