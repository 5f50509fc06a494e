"""Reports: a heading, named columns and rows. No report knows a format, no format a report."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.days import day_of
from ledger.log.merkle import Tree
from ledger.store.base import EntryStore
from projections.reports.columns import Column
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture


@dataclass(frozen=True)
class Heading:
    """What a report's answer rests on: the ledger, its tree head, and the two dates asked for.

    `known_at` is the last position that the answer knows, `known_on` the day when it was recorded.
    """

    origin: str
    size: int
    root: str
    as_of: str
    known_at: int
    known_on: str = ""


@dataclass(frozen=True)
class Report:
    """An answer: rows are mappings by column name, in the order to be shown.

    `group` names a column whose value heads the rows that share it. `notes` are sentences to be
    read under the table. `empty` is what to say where there is no row. `asked` says in words what
    the rows were narrowed to; empty if to nothing.
    `picture` draws rows, where there are any, or nothing where nothing of them can be drawn; a
    format shows it with its table.
    """

    name: str
    title: str
    heading: Heading
    columns: Sequence[Column]
    rows: Iterable[dict[str, Any]]
    empty: str
    group: str | None = None
    notes: Sequence[str] = field(default=())
    asked: str = ""
    picture: Callable[[Sequence[dict[str, Any]]], Picture | None] | None = None

    def pictured(self, rows: Sequence[dict[str, Any]]) -> Picture | None:
        """Return the picture of its rows, if it has one and there are any."""
        return self.picture(rows) if self.picture and rows else None


def heading(connection: sqlite3.Connection, store: EntryStore, at: Moment) -> Heading:
    """Return a report's heading: the ledger's origin, and the tree at the position known."""
    row = connection.execute("SELECT value FROM facts WHERE name='origin'").fetchone()
    root = Tree(store.log).root(at.known_at).hex()
    last = connection.execute(
        "SELECT effective_at FROM entries WHERE position=?", (at.known_at,)
    ).fetchone()
    known_on = day_of(last[0]) if last else ""
    return Heading(row[0] if row else "", at.known_at, root, at.as_of, at.known_at, known_on)
