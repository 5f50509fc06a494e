"""The fold behind `said_by`: which events state a thing, affirm what another party stated, publish.

What counts is judged when it is asked for: whether the other side affirmed it by then, and whether
that was withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.events import CATALOGUE
from ledger.format.entry import Entry
from ledger.values import REGISTRAR
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import SAID

STATES, AFFIRMS, PUBLISHES = "states", "affirms", "publishes"
_INSERT = "INSERT INTO said VALUES (?, ?, ?, ?)"
_AFFIRMING = {event.__name__: event.affirms for event in CATALOGUE if event.affirms is not None}
_DENYING = {event.__name__: event.denies for event in CATALOGUE if event.denies is not None}
_CORRECTING = {event.__name__: event.corrects for event in CATALOGUE if event.corrects is not None}
_STATING = {
    event.__name__: event.creates
    for event in CATALOGUE
    if event.creates in set(_AFFIRMING.values())
}


def _apply(entry: Entry[Any], tables: Tables) -> None:
    amount = entry.data.get("days", entry.data.get("pounds"))
    for thing, how in _said(entry):
        tables.insert(_INSERT, (entry.id, thing, how, amount))


def _said(entry: Entry[Any]) -> Iterator[tuple[str, str]]:
    name, said = entry.name, entry.data
    if name in _STATING:
        yield f"{_STATING[name]}:{entry.id}", STATES
    if name in _CORRECTING:
        yield said[_CORRECTING[name]], STATES
    affirmed = said.get(_AFFIRMING.get(name, ""))
    if affirmed and not _denies(name, said):
        yield affirmed, AFFIRMS
    if "source" in said and entry.office == REGISTRAR:
        yield "", PUBLISHES


def _denies(name: str, said: Mapping[str, Any]) -> bool:
    member, word = _DENYING.get(name, ("", ""))
    return bool(member) and said.get(member) == word


PROJECTION = Projection(SAID, (), _apply)
