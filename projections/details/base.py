"""What details are made of: pages of titled sections, and what they read.

A page is data, as a report is: no page knows a format. Facts are asked of the record as it was at
the position known; the rest comes from the tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.decision_model.facts import Book, Look
from ledger.domain.registers import offices
from ledger.format.entry import Entry, read_entry
from ledger.store.base import EntryStore
from projections.reports.base import Heading, heading
from projections.reports.columns import Column
from projections.reports.marks import Marks
from projections.reports.names import Names, names_of
from projections.reports.owes import Asked, owes
from projections.reports.part import asked_of
from projections.tables.views import Moment


@dataclass(frozen=True)
class Section:
    """A titled part of a page: facts by name, or rows under columns."""

    name: str
    title: str
    facts: Mapping[str, Any] | None = None
    columns: Sequence[Column] = ()
    rows: Sequence[dict[str, Any]] = ()
    empty: str = ""


@dataclass(frozen=True)
class Page:
    """What there is to know of one thing: its kind, a title, and sections."""

    kind: str
    title: str
    heading: Heading
    sections: Sequence[Section]


class Reading:
    """What pages read: the store, the tables, and the moment that is asked for."""

    def __init__(self, store: EntryStore, connection: sqlite3.Connection, at: Moment) -> None:
        """Read the record as it was known at a moment."""
        self.store = store
        self.connection = connection
        self.at = at
        self.names = Names(connection, store, at)
        self.heading = heading(connection, store, at)

    def marks(self, rows: Iterable[Mapping[str, Any]]) -> Marks:
        """Return what, of these rows, was withdrawn or rests on what is in doubt."""
        return Marks(self.connection, self.at, rows)

    def look(self, position: int | None = None) -> Look:
        """Return what answers facts as they stood at a position, else at the one known."""

        def read(tag: str, types: Sequence[str], before: int | None) -> Iterable[Entry[Any]]:
            return [read_entry(*row) for row in self.store.by_tag(tag, types, before=before)]

        return Book(read, self.at.known_at if position is None else position).look

    def called(self, reference: str) -> str:
        """Return a party's name with its reference, where it has one."""
        if reference.startswith("person:"):
            name = self.names.person(reference)
        else:
            name = names_of(self.connection, [reference], self.at)[reference]
        return name if name == reference else f"{name} ({reference})"


def owed(reading: Reading, asked: Asked) -> list[dict[str, Any]]:
    """Return what is owed, as `owes` answers it; of a part, by and to whom it was chosen by."""
    whose = asked_of(reading.connection, reading.names)
    asked = asked._replace(about=asked.about or whose)
    return list(owes(reading.connection, reading.store, reading.at, asked).rows)


def holder(reading: Reading, office: str) -> str:
    """Return in words who holds an office on the day asked for."""
    tenures = reading.look()(offices.office(office))
    holding = offices.holders(office, tenures, date.fromisoformat(reading.at.as_of))
    return ", ".join(f"{reading.called(t.person)}, {t.basis}" for t in holding) or "nobody"
