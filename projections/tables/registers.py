"""The fold behind `find`: what each party is registered as, and by which names and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.registers.offices import SHARED_ROLES
from ledger.events import CATALOGUE
from ledger.events.registers import LedgerFounded
from ledger.format.entry import Entry
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import REGISTERS
from projections.tables.spelling import folded

_CALLED = "INSERT INTO called VALUES (?, ?, ?)"
_NUMBERED = "INSERT INTO numbered VALUES (?, ?, ?, ?)"
_REGISTERED = "INSERT INTO registered VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_CHANGED = "SchoolChanged"
_SCHOOL = "school:"
_NAMING = {event.__name__: event.names for event in CATALOGUE if event.names is not None}


def _apply(entry: Entry[Any], tables: Tables) -> None:
    if entry.name == LedgerFounded.__name__:
        rows = [(role,) for role in sorted(SHARED_ROLES)]
        tables.insert_all("INSERT OR IGNORE INTO shared_roles VALUES (?)", rows)
    said = entry.data
    named = _NAMING.get(entry.name)
    if named is not None:
        party = said[named]
        tables.insert(_CALLED, (party, folded(said["name"]), entry.position))
        for scheme, value in _numbers(said):
            tables.insert(_NUMBERED, (party, scheme, value, entry.position))
        if "kind" in said or "phase" in said:
            _register(party, None, entry, tables)
    elif entry.name == _CHANGED:
        _register(said["school"], said["effective_on"], entry, tables)


def _register(party: str, first: str | None, entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    kind, place = said.get("kind") or said.get("phase"), said.get("place") or {}
    where = (
        said.get("area"),
        None if party.startswith(_SCHOOL) else said.get("region"),
        place.get("easting"),
        place.get("northing"),
    )
    tables.insert(_REGISTERED, (party, kind, *where, first, entry.position))


def _numbers(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Go through the numbers by which other registers know a party, as digits and letters only."""
    for scheme, value in (said.get("identifiers") or {}).items():
        yield scheme, value.replace("/", "")


PROJECTION = Projection(REGISTERS, (), _apply)
