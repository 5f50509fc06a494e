"""Which entries a part of the record holds: what was chosen, and what it takes to judge that.

The registers whole, with what took any of them back, every erasure, and where a key was ever said
to be compromised, what the chosen entries rest on: so no doubt is lost.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from ledger.bundle.manifest import Selection
from ledger.events import CATALOGUE, registers
from ledger.format.entry import Entry, read_entry
from ledger.recording.application import Ledger

__all__ = ["IN_EVERY_PART", "Chosen", "choose"]

_WITHDRAWN = "EventWithdrawn"
_ERASED = "DetailErased"
_COMPROMISED = "KeyCompromised"
#: The events by which authority is told: they are in every part, and every erasure is.
IN_EVERY_PART = frozenset(
    (_ERASED, *(event.__name__ for event in CATALOGUE if event.__module__ == registers.__name__))
)


class Chosen(NamedTuple):
    """The positions of a part: what was chosen with the registers, and what that rests on.

    Texts of what the rest rests on are never shown: nobody chose them.
    """

    own: frozenset[int]
    rested_on: frozenset[int]


def choose(ledger: Ledger, selection: Selection, size: int) -> Chosen:
    """Return the positions of a part: what is chosen, and what it takes to judge it."""
    rows = (
        ledger.store.by_tag(selection.party, before=size + 1)
        if selection.party is not None
        else ledger.store.entries(limit=size)
    )
    found: dict[int, Entry[Any]] = {}
    for row in rows:
        entry = read_entry(*row)
        if _is_within(selection, entry.occurred_on):
            found[entry.position] = entry
    positions = set(found)
    for entry in found.values():
        positions |= _needed(ledger, entry)
    registers = {n for n, _ in ledger.store.by_types(sorted(IN_EVERY_PART), before=size + 1)}
    positions |= registers | _withdrawals(ledger, registers)
    rested_on = _rested_on(ledger, list(found.values())) if _doubts(ledger, size) else set()
    return Chosen(*(frozenset(n for n in each if n <= size) for each in (positions, rested_on)))


def _withdrawals(ledger: Ledger, registers: set[int]) -> set[int]:
    """Return what took back an entry of a register: without it the rest is judged wrongly."""
    return {
        position
        for position, data in ledger.store.by_types([_WITHDRAWN])
        if not registers.isdisjoint(_event_of(ledger, read_entry(position, data).data["event"]))
    }


def _doubts(ledger: Ledger, size: int) -> bool:
    return bool(ledger.store.by_types([_COMPROMISED], before=size + 1))


def _rested_on(ledger: Ledger, entries: list[Entry[Any]]) -> set[int]:
    """Return what entries name, and what that names: a doubt about it is one about them."""
    found: set[int] = set()
    looked: set[str] = set()
    left = list(entries)
    while left:
        entry = left.pop()
        named = {tag for tag in entry.tags if tag.startswith("event:")} - looked
        looked |= named  # whatever else names it: its thread may be long
        for tag in named - {f"event:{entry.id}"}:
            rows = _event_of(ledger, tag)
            left += [read_entry(*row) for row in rows.items()]
            found |= rows.keys()
    return found


def _event_of(ledger: Ledger, reference: str) -> dict[int, bytes]:
    """Return the entry of an event; nothing for an event that is none."""
    rows = ledger.store.by_tag(reference)
    return {n: data for n, data in rows if f"event:{read_entry(n, data).id}" == reference}


def _is_within(selection: Selection, day: date) -> bool:
    return (selection.first is None or selection.first <= day) and (
        selection.last is None or day <= selection.last
    )


def _needed(ledger: Ledger, entry: Entry[Any]) -> set[int]:
    """Return what withdrew an event, and the event that a withdrawal withdraws."""
    own = f"event:{entry.id}"
    withdrawals = [read_entry(*row) for row in ledger.store.by_tag(own, (_WITHDRAWN,))]
    # Those of events that name this one carry its tag as well.
    found = {one.position for one in withdrawals if one.data["event"] == own}
    if entry.name == _WITHDRAWN:
        found |= _event_of(ledger, entry.data["event"]).keys()
    return found
