"""What is recorded, as far as whoever records knows it: the facts, the log, and the last time.

::

    record = Record(store)
    record.catch_up()
    record.book.look(fact), record.tree.root()

What others record is taken in before anything is told or decided. What is accepted and not written
yet is known as well, so that a chunk is decided in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

from ledger.decision_model.facts import Book, Fact
from ledger.errors import NotFoundError, StoreError
from ledger.format.entry import Entry, read_entry
from ledger.format.tags import speaks_of
from ledger.log.merkle import Tree, leaf_hash
from ledger.recording.cited import Before, OwedAt
from ledger.store.base import EntryStore, Row

__all__ = ["Record"]

V = TypeVar("V")

_LONG_WAY_BEHIND = 20_000


class Record:
    """What is recorded in a store, and what is about to be.

    `book` answers facts and `tree` is the log, both as of the last entry taken in; `last_time` is
    when that was recorded, empty if there is none.
    """

    book: Book
    last_time: str
    is_in_doubt: bool
    """Whether what is known here may differ from what is recorded: it is read anew, then."""

    def __init__(self, store: EntryStore) -> None:
        """Know nothing but how far the record goes."""
        self.store = store
        self.tree = Tree(store.log)
        self.is_writing = False
        self._unwritten: dict[str, list[Entry[Any]]] = defaultdict(list)
        self._start_at(store.head())

    # -- asking ----------------------------------------------------------------------------

    def look(self, fact: Fact[V]) -> V:
        """Return the value of a fact now."""
        self.catch_up()
        return self.book.look(fact)

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Entry[Any]]:
        """Go through the entries after a position, in order."""
        for position, data in self.store.entries(after, limit):
            yield read_entry(position, data)

    def entries_of(self, *names: str) -> list[Entry[Any]]:
        """Return the entries of the events of these names, in order."""
        return [read_entry(*row) for row in self.store.by_types(names)]

    def raw(self, position: int) -> bytes:
        """Return the bytes of the entry at a position; raise NotFoundError if there is none."""
        for _, data in self.store.entries(position - 1, 1):
            return data
        raise NotFoundError("no entry at that position", got=position)

    def recorded_at(self, position: int) -> str:
        """Return when the entry at a position was recorded."""
        return read_entry(position, self.raw(position)).recorded_at

    def read(self, tag: str, types: Sequence[str], before: int | None) -> list[Entry[Any]]:
        """Read a thread: what is recorded, then what this chunk is about to record."""
        rows = self.store.by_tag(tag, types, before=before)
        found = [read_entry(*row) for row in rows if speaks_of(tag, row[1])]
        if tag in self._unwritten:
            unwritten = self._unwritten[tag]
            found += [entry for entry in unwritten if not types or entry.name in types]
        return found

    def _first(self, tag: str, before: int) -> Entry[Any] | None:
        """Read the first entry with a tag, recorded or about to be."""
        row = self.store.first_by_tag(tag)
        first = (
            read_entry(*row) if row is not None else next(iter(self._unwritten.get(tag, ())), None)
        )
        return first if first is not None and first.position < before else None

    def unwritten(self) -> Iterator[Entry[Any]]:
        """Go through what this chunk is about to record, each entry once for each of its tags."""
        for entries in self._unwritten.values():
            yield from entries

    def before(self) -> Before:
        """Return what stands before whatever is recorded next, but for what is not written yet."""
        return Before(self.tree.size, self.tree.root, OwedAt(self.store))

    # -- keeping up ------------------------------------------------------------------------

    def _start_at(self, head: int) -> None:
        """Know nothing but how far the record goes; facts are read again as they are asked for."""
        self.book = Book(self.read, head, first=self._first)
        self.last_time = self.recorded_at(head) if head else ""
        self._unwritten.clear()
        self.is_in_doubt = False

    def catch_up(self) -> None:
        """Take in what others recorded: into the book, and into the log where it lags.

        Raises StoreError where somebody is about to write and the log goes on after the entries.
        """
        head = self.store.head()
        if self.is_in_doubt:
            self._start_at(head)
            self.tree.refresh()
        if self.book.position != head:
            self._go_on_to(head)
        if self.tree.size != head:
            self.tree.refresh()
        if self.tree.size < head:
            self._log_what_lags()
        if self.is_writing and self.tree.size > head:
            raise StoreError(
                "the log goes on where the entries end: the ledger's file is damaged",
                got=f"{self.tree.size} leaves, {head} entries",
                todo="Nothing was recorded. Run `school-ledger check`, or restore it from a copy.",
            )

    def _go_on_to(self, head: int) -> None:
        if not 0 < head - self.book.position <= _LONG_WAY_BEHIND:
            self._start_at(head)
        self.take_in(self.store.entries(self.book.position))

    def take_in(self, rows: Iterable[Row]) -> None:
        """Take in entries that others recorded, in order."""
        for row in rows:
            self.take(read_entry(*row))

    def take(self, entry: Entry[Any]) -> None:
        """Take in the next entry, which is recorded."""
        self.book.apply(entry)
        self.last_time = entry.recorded_at

    def _log_what_lags(self) -> None:
        with nullcontext() if self.is_writing else self.store.writing():
            self.tree.refresh()  # somebody else may have been faster
            rows = self.store.entries(self.tree.size)
            self.tree.append([leaf_hash(data) for _, data in rows])

    def take_unwritten(self, entry: Entry[Any], tags: Iterable[str]) -> None:
        """Take in the next entry, which is accepted and not written yet."""
        for tag in tags:
            self._unwritten[tag].append(entry)
        self.book.apply(entry)

    def note_written(self, last_time: str) -> None:
        """Take note that all that was accepted is written, the last of it at a time."""
        self._unwritten.clear()
        self.last_time = last_time
