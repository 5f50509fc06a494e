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
from projections.reports.names import Names, day_in_words
from projections.reports.part import chosen_by
from projections.tables.extract import Extract, extract_of
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture


@dataclass(frozen=True)
class Bundle:
    """The bundle that an answer is told from: what it is, in words, and what that shows."""

    kind: str
    size: int
    entries: int
    holds: str
    shows: str
    withheld: str

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What to say of it, each with its title."""
        said = [("From", self.holds), ("Complete", self.shows), ("Withheld", self.withheld)]
        return [(title, text) for title, text in said if text]


@dataclass(frozen=True)
class Heading:
    """What a report's answer rests on: the ledger, its tree head, and the two dates asked for.

    `known_at` is the last position that the answer knows, `known_on` the day when it was recorded.
    Told from a part, size and root are those of its checkpoint.
    `begins_on` is the day of the record's first entry; empty where there is none.
    `audience` is for whom it was made, if that was said; `left_out` how many rows they may not see.
    """

    origin: str
    size: int
    root: str
    as_of: str
    known_at: int
    known_on: str = ""
    bundle: Bundle | None = None
    audience: str = ""
    left_out: int = 0
    begins_on: str = ""

    @property
    def before(self) -> str:
        """That the day asked for, or what is known, lies before the record begins; else empty."""
        if self.begins_on and (self.as_of < self.begins_on or not self.known_at):
            return f"the record begins on {day_in_words(self.begins_on)}"
        return ""


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


def as_far_as_asked(nothing: str, asked: str) -> str:
    """Return the sentence that there is nothing, of no more than was asked for."""
    return f"{nothing[:-1]}, as far as is asked for here: {asked}." if asked else nothing


def heading(connection: sqlite3.Connection, store: EntryStore, at: Moment) -> Heading:
    """Return a report's heading: the ledger's origin, and the tree at the position known."""
    row = connection.execute("SELECT value FROM facts WHERE name='origin'").fetchone()
    extract = extract_of(connection)
    is_part = extract is not None and extract.kind == "part"
    root = extract.root if extract and is_part else Tree(store.log).root(at.known_at).hex()
    size = extract.size if extract and is_part else at.known_at
    last = connection.execute(
        "SELECT effective_at FROM entries WHERE position=?", (at.known_at,)
    ).fetchone()
    known_on = day_of(last[0]) if last else ""
    first = connection.execute(
        "SELECT effective_at FROM entries ORDER BY position LIMIT 1"
    ).fetchone()
    begins_on = day_of(first[0]) if first else ""
    bundle = None if extract is None else _bundle(extract, Names(connection, store, at))
    origin = row[0] if row else ""
    return Heading(origin, size, root, at.as_of, at.known_at, known_on, bundle, begins_on=begins_on)


def _bundle(extract: Extract, names: Names) -> Bundle:
    by = f"{names.person(extract.person)}, {names.office(extract.office)}"
    if extract.kind == "whole":
        holds = f"a bundle of the whole record, {extract.size:,} entries"
        shows = "nothing is missing up to its checkpoint"
    else:
        holds = (
            f"a part of the record, {chosen_by(extract, names)}: {extract.entries:,} of its"
            f" {extract.size:,} entries"
        )
        shows = (
            "presence proved, completeness claimed by whoever exported it; of the rules only"
            " authority is judged"
        )
    kept = f"{extract.withheld:,} texts; who has no name here is told by reference"
    exported = f"{holds}; exported at {extract.exported_at} by {by}"
    return Bundle(
        extract.kind,
        extract.size,
        extract.entries,
        exported,
        shows,
        kept if extract.withheld else "",
    )
