"""Folding entries into tables: what every projection is given, and the loop over the record.

A projection is a plain fold, `apply(entry, tables)`: total, without a clock, refusing nothing.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from ledger.decision_model.facts import Book, Family
from ledger.errors import StatementError, StoreError
from ledger.format.entry import Entry, parse_event, read_validated_entry
from ledger.format.tags import speaks_of
from ledger.rows import Rows
from ledger.store.base import EntryStore
from projections.tables.views import Layout

_MISREAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Tables(Rows):
    """The tables that a fold writes, and the facts as they stand before the entry at hand.

    `complete` says that the fold began with the first entry, so that what is
    not in `memory` is nowhere.
    """

    def __init__(
        self, connection: sqlite3.Connection, store: EntryStore, book: Book, *, complete: bool
    ) -> None:
        """Write to a connection within its transaction."""
        super().__init__(connection)
        self.store = store
        self.book = book
        self.look = book.look
        self.complete = complete
        self.memory: dict[str, Any] = {}


class Projection(NamedTuple):
    """A fold with its tables and the families of facts that it asks for."""

    layout: Layout
    families: tuple[Family[Any], ...]
    apply: Callable[[Entry[Any], Tables], None]


def fold_with(
    projections: Sequence[Projection], progress: Callable[[int, int], None] | None = None
) -> Callable[[sqlite3.Connection, EntryStore, int, bool], None]:
    """Return the fold that applies every entry after a position to all projections.

    `progress(done, total)` is called every now and then.
    """

    def fold(
        connection: sqlite3.Connection,
        store: EntryStore,
        after: int,
        complete: bool,  # noqa: FBT001 - the shape that views ask for
    ) -> None:
        def read(tag: str, types: Sequence[str], before: int | None) -> Iterable[Entry[Any]]:
            rows = store.by_tag(tag, types, before=before)
            return [read_validated_entry(*row) for row in rows if speaks_of(tag, row[1])]

        def first(tag: str, before: int) -> Entry[Any] | None:
            row = store.first_by_tag(tag)
            return read_validated_entry(*row) if row is not None and row[0] < before else None

        def folded() -> int:
            families = [family for projection in projections for family in projection.families]
            book = Book(read, after, families if complete else (), first)
            tables = Tables(connection, store, book, complete=complete)
            last = _apply_all(projections, tables, store, after, progress)
            tables.flush()
            tables.memory.clear()  # what is kept there may refer to the tables
            return last

        with _without_collecting():
            last = folded()
        connection.execute("INSERT OR REPLACE INTO state VALUES ('folded', ?)", (str(last),))

    return fold


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare the collector a fold's objects: many, without cycles, gone when it is over."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _apply_all(
    projections: Sequence[Projection],
    tables: Tables,
    store: EntryStore,
    after: int,
    progress: Callable[[int, int], None] | None,
) -> int:
    applies = [projection.apply for projection in projections]
    total, last = store.head() - after, after
    for position, data in store.entries(after):
        entry = read_validated_entry(position, data)
        try:
            tables.book.expect(entry)
            for apply in applies:
                apply(entry, tables)
            tables.book.apply(entry)
        except _MISREAD:
            # Nothing was validated again; if the file was changed, the model tells it better.
            _refuse_changed(entry)
            raise
        last = position
        if progress is not None and not position & 0x1FF:
            progress(position - after, total)
    return last


def _refuse_changed(entry: Entry[Any]) -> None:
    """Raise StoreError for an entry that the models do not accept: nobody recorded it so."""
    try:
        parse_event(entry.type, entry.data)
    except StatementError as error:
        raise StoreError(
            f"entry {entry.position} is not as anybody recorded it: {error.what}",
            got=error.got,
            expected=error.expected,
            todo="The ledger's file was changed or damaged: run `school-ledger check`.",
        ) from error
