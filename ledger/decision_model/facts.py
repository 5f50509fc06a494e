"""Fact families, facts, and the book that answers them.

A family says how entries of some tag prefix fold into a value; a fact is a family at one tag. The
selector of a fact is its tag and the names of the events that it folds, so a set of facts is a
consistency boundary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from ledger.decision_model.recent import Recent
from ledger.events.base import Event
from ledger.format.entry import Entry
from ledger.withdrawals import TAKING_BACK, taken_back

V = TypeVar("V")
Fold = Callable[[V, Entry[Any], str], V]
_NOTHING: dict[Any, Any] = {}
_UNKNOWN: Any = object()
_MOST_TAGS = 50_000
_MOST_THREADS = 5_000
_MOST_EVENTS = 10_000
_MOST_OWN = 10_000
_FEW_LEADING = 64
"""More events than so many are read with all else under their tag: each takes a look-up."""
_EVENT = "event"
_ABOUT_PARTIES, _ABOUT_EVENTS, _SAID = range(3)


class Family(Generic[V]):
    """How the entries under tags of one prefix fold into a value, from a start value.

    `folds` maps each event to its fold, a function of the value so far, the entry and the tag:
    an entry carries the tags of its signer and office too, so a fold about an office or a person
    looks whether it is the one spoken of. Folds are total and never change a value in place.
    Withdrawn entries are left out before folding, and withdrawals themselves; a family that is
    `whole` folds both. A family that is `own` folds each entry at the tag of its own event only,
    `event:<id>`, whatever else the entry names, so that no fold looks whether it is that. Of one
    that only some events `begin`, every fold leaves the start value as it is but for theirs.
    What only says something of an event folded before it, and names that, may be `following`: in
    the thread of whoever signs most of these, it is mostly about others, and found by that event.
    """

    def __init__(  # noqa: PLR0913 - these are what a family is
        self,
        name: str,
        prefix: str,
        start: V,
        folds: Mapping[type[Event], Fold[V]],
        *,
        whole: bool = False,
        own: bool = False,
        begin: Iterable[str] | None = None,
        following: Iterable[type[Event]] = (),
    ) -> None:
        """Index the folds by event name; `begin` names events too."""
        self.whole = whole
        self.own = own
        self.name = name
        self.prefix = prefix
        #: Among what a book keeps its facts: of parties, which stay few, of events, of which there
        #: are ever more, or of what single events said.
        self.place = _SAID if own else _ABOUT_EVENTS if prefix == _EVENT else _ABOUT_PARTIES
        self.start = start
        self.events = tuple(folds)
        self.folds: dict[str, Fold[V]] = {event.__name__: fold for event, fold in folds.items()}
        self.begin = frozenset(self.folds if begin is None else begin)
        self.types = sorted({*self.folds, *TAKING_BACK})
        self.following = sorted(event.__name__ for event in following)
        self.leading = sorted(self.folds.keys() - set(self.following))

    def at(self, tag: str) -> Fact[V]:
        """Return this family's fact about one tag."""
        return tuple.__new__(Fact, (self, tag))  # what Fact(self, tag) does, in half the time


class Noting(Protocol):
    """What was worked out from facts, and takes note of each entry that they fold."""

    def note(self, entry: Entry[Any]) -> None:
        """Take note of an entry that was just folded into the facts."""
        ...


N = TypeVar("N", bound=Noting)


_Held = Recent[str, dict[Family[Any], Any]]


class Drawn(Family[N]):
    """What follows from facts of many tags together; a book has one of each, for all tags.

    `draw` makes it from what answers facts; it then takes note of the events named, and of
    withdrawals of them.
    """

    def __init__(self, name: str, draw: Callable[[Look], N], events: Iterable[type[Event]]) -> None:
        """Index the events by name, as if they were folded."""
        self.draw = draw
        folds: dict[type[Event], Fold[Any]] = dict.fromkeys(events, _as_it_is)
        super().__init__(name, "", cast("N", None), folds)


def _as_it_is(value: Any, _entry: Entry[Any], _tag: str) -> Any:
    return value


class Fact(NamedTuple, Generic[V]):
    """What the record says about one tag, in one respect."""

    family: Family[V]
    tag: str


class Reader(Protocol):
    """Reads entries by tag and types, in order, before a position if one is given."""

    def __call__(self, tag: str, types: Sequence[str], before: int | None) -> Iterable[Entry[Any]]:
        """Return the matching entries in order of position; no types mean any type."""
        ...


class First(Protocol):
    """Reads the first entry with a tag, of any type."""

    def __call__(self, tag: str, before: int) -> Entry[Any] | None:
        """Return it if it stands before a position; None if there is none."""
        ...


class Look(Protocol):
    """Answers facts, as they stand before the entry in question."""

    def __call__(self, fact: Fact[V]) -> V:
        """Return the value of a fact."""
        ...


class Derive(Protocol):
    """Keeps what was worked out from facts for as long as they cannot have changed."""

    def __call__(self, about: Hashable, work: Callable[[Look], V]) -> V:
        """Return what `work` makes of the facts that it looks at."""
        ...


class Book:
    """Keeps the facts that were asked for, and keeps them current as entries are applied.

    A fact not yet in the book is folded from the record up to the last entry applied. A book that
    is `complete` from position 0 folds every fact of its families as entries come, and reads the
    record only where a withdrawal makes it read a thread again, and where somebody asks about an
    event that nobody asked about for long: parties are kept for good, events are not.

    With `first`, what an event said is read by itself, however many others name it.
    """

    def __init__(
        self,
        read: Reader,
        position: int = 0,
        complete: Iterable[Family[Any]] = (),
        first: First | None = None,
    ) -> None:
        """Start at a position: entries up to it are in the record, later ones will be applied."""
        self._read = read
        self._first = first
        self._complete = frozenset(complete)
        # By tag: what is known of parties and the like; of events, by what names them; and what
        # single events said. Of events the latest, for all of it is most of the record.
        self._values: _Held = Recent(_NOTHING)
        self._events: _Held = Recent(_NOTHING)
        self._own: _Held = Recent(_NOTHING)
        self._places = self._values, self._events, self._own
        # Events that somebody named, or asked about, and that are not recorded yet.
        self._ahead: set[str] = set()
        self._known: set[Family[Any]] = set()
        # The families that fold an event, by its name and the prefix of their tags.
        self._folding: dict[str, dict[str, list[Family[Any]]]] = defaultdict(dict)
        # The same of those that fold it at its own tag only.
        self._folding_own: dict[str, list[Family[Any]]] = defaultdict(list)
        # Whole threads of events that were applied here, for nothing names an event before it is
        # recorded, and most that does name it comes soon after.
        self._threads: dict[str, list[Entry[Any]]] = {}
        # What was worked out from facts, and the events that may change any of those facts.
        self._derived: dict[Hashable, Any] = {}
        self._upsetting: set[str] = set()
        self._drawn: dict[Drawn[Any], Any] = {}
        self.position = position
        for family in self._complete:
            self._know(family)

    def _know(self, family: Family[Any]) -> None:
        self._known.add(family)
        for name in family.folds:
            if family.own:
                self._folding_own[name].append(family)
            else:
                self._folding[name].setdefault(family.prefix, []).append(family)

    def look(self, fact: Fact[V]) -> V:
        """Return the value of a fact after the last entry applied."""
        family, tag = fact
        held = self._places[family.place][tag]
        kept: V = held.get(family, _UNKNOWN)
        if kept is not _UNKNOWN:
            return kept
        if isinstance(family, Drawn):
            drawn: V = self._draw(family)
            return drawn
        if family in self._complete and not family.own:
            if held is _NOTHING and family.place == _ABOUT_EVENTS:
                held = self._read_thread(tag)
            known: V = held.get(family, family.start)
            return known
        if family not in self._known:
            self._know(family)
        value = self._folded(fact)
        self._keep(family, tag, value)
        return value

    def _draw(self, family: Drawn[N]) -> N:
        if family not in self._drawn:
            self._drawn[family] = family.draw(self.look)
        value: N = self._drawn[family]
        return value

    def derived(self, about: Hashable, work: Callable[[Look], V]) -> V:
        """Return what `work` makes of the facts that it looks at, kept until one may change.

        `about` names the question: the work must depend on that and on facts alone.
        """
        if about not in self._derived:
            if len(self._derived) >= _MOST_TAGS:
                self._forget_derived()
            self._derived[about] = work(self._look_and_watch)
        value: V = self._derived[about]
        return value

    @property
    def upsetting(self) -> set[str]:
        """The types of entries that may change what was derived."""
        return {*self._upsetting, *TAKING_BACK}

    def _look_and_watch(self, fact: Fact[V]) -> V:
        self._upsetting.update(fact.family.folds)
        return self.look(fact)

    def _forget_derived(self) -> None:
        self._derived.clear()
        self._upsetting.clear()

    def _keep(self, family: Family[V], tag: str, value: V) -> dict[Family[Any], Any]:
        place = self._places[family.place]
        most = _MOST_OWN if family.own else _MOST_TAGS
        if len(place) >= most and (family.own or not self._complete):
            place.forget()  # what is still wanted is read again
        held = place[tag]
        if held is _NOTHING:
            held = place[tag] = {}
        held[family] = value
        return held

    def _folded(self, fact: Fact[V]) -> V:
        family, tag = fact
        thread = self._threads.get(tag)
        if thread is not None:
            return fold(fact, [entry for entry in thread if entry.name in family.types])
        if family.own and self._first is not None:
            return fold(fact, self._read_own(family, tag, self._first))
        if family.following:
            return fold(fact, self._read_what_follows(family, tag))
        return fold(fact, list(self._read(tag, family.types, self.position + 1)))

    def _read_what_follows(self, family: Family[Any], tag: str) -> list[Entry[Any]]:
        """Read few events by their tag, and what follows or takes back each by that event."""
        before = self.position + 1
        waiting = list(self._read(tag, family.leading, before))
        if len(waiting) > _FEW_LEADING:
            return list(self._read(tag, family.types, before))
        found: dict[int, Entry[Any]] = {}
        types = [*family.following, *sorted(TAKING_BACK)]
        while waiting:
            entry = waiting.pop()
            if entry.position not in found and tag in entry.tags:
                found[entry.position] = entry
                waiting += self._read(f"event:{entry.id}", types, before)
        return [found[position] for position in sorted(found)]

    def _read_own(self, family: Family[Any], tag: str, first: First) -> list[Entry[Any]]:
        """Read an event by its tag, and what takes it back: not all else that names it."""
        own = first(tag, self.position + 1)
        if own is None:
            return []
        if not is_own(own, tag):
            # Somebody appended past the rules what names an event before that is recorded.
            return list(self._read(tag, family.types, self.position + 1))
        back = () if family.whole else self._read(tag, sorted(TAKING_BACK), self.position + 1)
        return [own, *back]

    def _read_thread(self, tag: str) -> dict[Family[Any], Any]:
        """Read all that names an event, and keep every fact of the book about it."""
        thread = list(self._read(tag, (), self.position + 1))
        if not any(is_own(entry, tag) for entry in thread):
            self._ahead.add(tag)
        names = dict.fromkeys(entry.name for entry in thread)
        families = {f: None for name in names for f in self._folding[name].get(_EVENT, ())}
        told = {f: fold(Fact(f, tag), thread) for f in families if f in self._complete}
        held = {family: value for family, value in told.items() if value != family.start}
        self._events[tag] = held
        return held

    def expect(self, entry: Entry[Any]) -> None:
        """Take note that an entry is the next: nothing is known of it, and nothing need be read."""
        tag = f"event:{entry.id}"
        # Somebody can append past the rules what names an event before that is recorded.
        if self._complete and tag not in self._ahead and self._events[tag] is _NOTHING:
            self._events[tag] = {}

    def apply(self, entry: Entry[Any]) -> None:
        """Fold one more entry into every fact of the book that it touches."""
        if self._complete:
            if len(self._events) >= _MOST_EVENTS:
                self._events.forget()
            self.expect(entry)
        else:
            self._lengthen(entry)
        self.position = entry.position
        name = entry.name
        if name in self._upsetting:
            self._forget_derived()
        changed: str | None = name
        if name in TAKING_BACK:
            changed = self._reread(entry)
        else:
            self._fold(entry)
        self._ahead.discard(f"event:{entry.id}")
        for family, drawn in self._drawn.items():
            if changed is None or changed in family.folds:
                drawn.note(entry)

    def _fold(self, entry: Entry[Any]) -> None:
        name = entry.name
        self._fold_own(self._folding_own.get(name, ()), entry)
        folding = self._folding.get(name)
        if folding is None:
            return
        for tag in entry.tags:
            prefix = tag.partition(":")[0]
            families = folding.get(prefix)
            if families is not None:
                place = self._events if prefix == _EVENT else self._values
                self._fold_at(tag, families, entry, place)

    def _fold_own(self, families: Sequence[Family[Any]], entry: Entry[Any]) -> None:
        tag = f"event:{entry.id}"
        asked = self._own[tag]
        for family in families:
            if family in asked or family in self._complete:
                self._keep(family, tag, family.folds[entry.name](family.start, entry, tag))

    def _fold_at(
        self, tag: str, families: Sequence[Family[Any]], entry: Entry[Any], place: _Held
    ) -> None:
        name, complete = entry.name, self._complete
        held = place[tag]
        if held is _NOTHING:
            if not complete:
                return  # nobody asked about it
            if place is self._events:
                self._read_thread(tag)  # this entry included
                return
        for family in families:
            before = held.get(family, _UNKNOWN)
            if before is not _UNKNOWN:
                held[family] = family.folds[name](before, entry, tag)
            elif name in family.begin and family in complete:
                value = family.folds[name](family.start, entry, tag)
                if value != family.start:
                    held = self._keep(family, tag, value)

    def _lengthen(self, entry: Entry[Any]) -> None:
        """Add an entry to the threads at hand, and begin its own."""
        if len(self._threads) >= _MOST_THREADS:
            self._threads.clear()
        self._threads[f"event:{entry.id}"] = []
        for thread in map(self._threads.get, entry.tags):
            if thread is not None:
                thread.append(entry)

    def _reread(self, entry: Entry[Any]) -> str | None:
        """Take withdrawn events out of every fact that they were folded into; return their name.

        None where they are of several, or where nothing tells of which.
        """
        withdrawn = {f"event:{event}" for event in taken_back(entry.name, entry.data)}
        names = {self._name_of(event) for event in withdrawn}
        if None in names or not names.isdisjoint(self._upsetting):
            self._forget_derived()
        for said in map(self._own.__getitem__, withdrawn):
            for family in said:
                if not family.whole:
                    said[family] = family.start
        upset = names | {entry.name}
        for tag in entry.tags:
            held = (self._events if tag.startswith("event:") else self._values)[tag]
            for family in [one for one in held if None in names or not upset.isdisjoint(one.folds)]:
                if family in self._complete:
                    held[family] = self._folded(Fact(family, tag))
                else:
                    del held[family]
            self._begin_whole(tag, entry, held)
        whole = [family for family in self._folding_own[entry.name] if family.whole]
        self._fold_own(whole, entry)
        return names.pop() if len(names) == 1 else None

    def _begin_whole(self, tag: str, entry: Entry[Any], held: dict[Family[Any], Any]) -> None:
        """Keep what a family that folds withdrawals as well begins with one, of those kept all.

        Of an event of which nothing is kept all is read once somebody asks.
        """
        if held is _NOTHING and tag.startswith("event:"):
            return
        for family in self._folding[entry.name].get(tag.partition(":")[0], ()):
            if family.whole and family in self._complete and family not in held:
                value = self._folded(Fact(family, tag))
                if value != family.start:
                    self._keep(family, tag, value)

    def _name_of(self, reference: str) -> str | None:
        thread = self._threads.get(reference)
        if thread is None:
            thread = list(self._read(reference, (), self.position + 1))
        # None where the reader does not tell: then no fact is trusted to be without the event.
        return next((entry.name for entry in thread if f"event:{entry.id}" == reference), None)


class Watched:
    """Answers facts from a book, and keeps what entry would change any of the answers."""

    def __init__(self, book: Book) -> None:
        """Begin with nothing asked."""
        self._book = book
        self._facts: set[Fact[Any]] = set()
        self._types: set[str] = set()

    def look(self, fact: Fact[V]) -> V:
        """Return the value of a fact, as the book does."""
        self._facts.add(fact)
        return self._book.look(fact)

    def derived(self, about: Hashable, work: Callable[[Look], V]) -> V:
        """Return what `work` makes of facts, as the book does."""
        value = self._book.derived(about, work)
        self._types.update(self._book.upsetting)
        return value

    def selectors(self) -> list[tuple[str, list[str]]]:
        """Return by which tag and types an entry would change a fact that was asked for."""
        return [(tag, one.types) for one, tag in self._facts if not isinstance(one, Drawn)]

    def types(self) -> set[str]:
        """Return by which types an entry would do so, whatever its tags."""
        drawn = (family.types for family, _ in self._facts if isinstance(family, Drawn))
        return self._types.union(*drawn)


def fold(fact: Fact[V], entries: Sequence[Entry[Any]]) -> V:
    """Fold a thread of entries in order of position, leaving out what was withdrawn."""
    family, tag = fact
    withdrawals = () if family.whole else [e for e in entries if e.name in TAKING_BACK]
    left_out = {event for one in withdrawals for event in taken_back(one.name, one.data)}
    left_out.update(entry.id for entry in withdrawals)
    value = family.start
    for entry in entries:
        if family.own and tag != f"event:{entry.id}":
            continue
        if entry.id not in left_out and entry.name in family.folds:
            value = family.folds[entry.name](value, entry, tag)
    return value


def is_own(entry: Entry[Any], tag: str) -> bool:
    """Return whether a thread is the entry's own; it also lies in that of each thing it names."""
    return tag == f"event:{entry.id}"
