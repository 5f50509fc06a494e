"""The vocabulary: what can be said in this ledger, one module for each theme of the domain.

The themes are listed here, and nowhere an event: each is found by name and version::

    >>> find("VisitMade", 1)
    <class 'ledger.events.visits.VisitMade'>
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from ledger.errors import StatementError
from ledger.events import (
    another,
    brokerage,
    concerns,
    correction,
    fulfilment,
    handover,
    judgements,
    money,
    needs,
    partnership,
    programmes,
    registers,
    review,
    targets,
    visits,
)
from ledger.events.base import Answer, Audience, Event

__all__ = ["CATALOGUE", "CREATORS", "THEMES", "Answer", "Audience", "Event", "find"]

#: Each theme may name what those before it bring into being.
THEMES: tuple[ModuleType, ...] = (
    registers,
    programmes,
    partnership,
    judgements,
    needs,
    brokerage,
    money,
    targets,
    visits,
    concerns,
    fulfilment,
    review,
    handover,
    correction,
    another,
)


def _events_of(theme: ModuleType) -> Iterator[type[Event]]:
    """Go through the events that a module defines, in its order."""
    for one in vars(theme).values():
        if isinstance(one, type) and issubclass(one, Event) and one.__module__ == theme.__name__:
            yield one


CATALOGUE: tuple[type[Event], ...] = tuple(one for theme in THEMES for one in _events_of(theme))

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
