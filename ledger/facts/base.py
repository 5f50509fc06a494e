"""Fact families, facts, and the book that answers them.

A family says how entries of some tag prefix fold into a value; a fact is a family at one tag. The
selector of a fact is its tag and the names of the events that it folds, so a set of facts is a
consistency boundary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from ledger.entry import Entry
from ledger.events.base import Event
from ledger.events.correction import EventWithdrawn

V = TypeVar("V")
Fold = Callable[[V, Entry[Any], str], V]
_WITHDRAWN = EventWithdrawn.__name__


class Family(Generic[V]):
    """How the entries under tags of one prefix fold into a value, from a start value.

    `folds` maps each event to its fold, a function of the value so far, the entry and the tag:
    an entry carries the tags of its signer and office too, so a fold about an office or a person
    looks whether it is the one spoken of. Folds are total and never change a value in place.
    Withdrawn entries are left out before folding.
    """

    def __init__(
        self, name: str, prefix: str, start: V, folds: Mapping[type[Event], Fold[V]]
    ) -> None:
        """Index the folds by event name."""
        self.name = name
        self.prefix = prefix
        self.start = start
        self.folds: dict[str, Fold[V]] = {event.__name__: fold for event, fold in folds.items()}
        self.types = sorted({*self.folds, _WITHDRAWN})

    def at(self, tag: str) -> Fact[V]:
        """Return this family's fact about one tag."""
        return Fact(self, tag)


class Fact(NamedTuple, Generic[V]):
    """What the record says about one tag, in one respect."""

    family: Family[V]
    tag: str


class Reader(Protocol):
    """Reads entries by tag and types, in order, before a position if one is given."""

    def __call__(self, tag: str, types: Sequence[str], before: int | None) -> Iterable[Entry[Any]]:
        """Return the matching entries in order of position."""
        ...


class Look(Protocol):
    """Answers facts, as they stand before the entry in question."""

    def __call__(self, fact: Fact[V]) -> V:
        """Return the value of a fact."""
        ...


class Book:
    """Keeps the facts that were asked for, and keeps them current as entries are applied.

    A fact not yet in the book is folded from the record up to the last entry applied. A book that
    is `complete` from position 0 folds every fact of its families as entries come, and reads the
    record only where a withdrawal makes it read a thread again.
    """

    def __init__(
        self, read: Reader, position: int = 0, complete: Iterable[Family[Any]] = ()
    ) -> None:
        """Start at a position: entries up to it are in the record, later ones will be applied."""
        self._read = read
        self._complete = frozenset(family.name for family in complete)
        self._values: dict[Fact[Any], Any] = {}
        self._by_event: dict[str, dict[str, list[Family[Any]]]] = defaultdict(dict)
        self._known: set[str] = set()
        self.position = position
        for family in complete:
            self._register(family)

    def _register(self, family: Family[Any]) -> None:
        self._known.add(family.name)
        for name in family.folds:
            self._by_event[name].setdefault(family.prefix, []).append(family)

    def look(self, fact: Fact[V]) -> V:
        """Return the value of a fact after the last entry applied."""
        values = self._values
        if fact in values:
            value: V = values[fact]
            return value
        family = fact.family
        if family.name in self._complete:
            return family.start
        if family.name not in self._known:
            self._register(family)
        value = self._folded(fact)
        values[fact] = value
        return value

    def _folded(self, fact: Fact[V]) -> V:
        family, tag = fact
        return fold(fact, list(self._read(tag, family.types, self.position + 1)))

    def apply(self, entry: Entry[Any]) -> None:
        """Fold one more entry into every fact of the book that it touches."""
        self.position = entry.position
        if entry.name == _WITHDRAWN:
            self._reread(entry)
            return
        by_prefix = self._by_event.get(entry.name)
        if not by_prefix:
            return
        values = self._values
        for tag in entry.tags:
            for family in by_prefix.get(tag.partition(":")[0], ()):
                fact = Fact(family, tag)
                if fact in values:
                    values[fact] = family.folds[entry.name](values[fact], entry, tag)
                elif family.name in self._complete:
                    value = family.folds[entry.name](family.start, entry, tag)
                    if value != family.start:
                        values[fact] = value

    def _reread(self, entry: Entry[Any]) -> None:
        for fact in [fact for fact in self._values if fact.tag in entry.tags]:
            if fact.family.name in self._complete:
                self._values[fact] = self._folded(fact)
            else:
                del self._values[fact]


def fold(fact: Fact[V], entries: Sequence[Entry[Any]]) -> V:
    """Fold a thread of entries in order of position, leaving out what was withdrawn."""
    withdrawn = {
        entry.data["event"].partition(":")[2] for entry in entries if entry.name == _WITHDRAWN
    }
    family, tag = fact
    value = family.start
    for entry in entries:
        if entry.id not in withdrawn and entry.name != _WITHDRAWN:
            value = family.folds[entry.name](value, entry, tag)
    return value
