"""All tenures of one office: a value that grows by an entry at a time, at a cost that does not.

An office may be held by thousands, one after another or together, and every entry asks who held
it. So later values share the parts of earlier ones, and each answer is looked up, not searched::

    >>> tenures = Tenures().with_one(tenure)
    >>> tenures.latest(day)     # of an office with one holder
    >>> tenures.of(person)      # newest first
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, islice
from typing import NamedTuple, overload

__all__ = ["Signed", "Tenure", "Tenures"]


class Signed(NamedTuple):
    """Who signed an event: the person, in which office, with which key."""

    person: str
    office: str
    key: str


class Tenure(NamedTuple):
    """One person's time in an office: first and last day inclusive, last None while it goes on.

    `vouched` by someone else since, or founding; `signed` tells who appointed, None if founding;
    `position` is that of the entry that says so. An adviser advises `for_body`, an acting holder
    may stand in for somebody.
    """

    person: str
    basis: str
    first: date
    last: date | None
    appointment: str
    vouched: bool
    signed: Signed | None = None
    vouched_by: str = ""
    position: int = 0
    for_body: str = ""
    stands_in_for: str = ""

    def covers(self, day: date) -> bool:
        """Whether the tenure includes the day."""
        return self.first <= day and (self.last is None or day <= self.last)


Change = tuple[int, Tenure]
"""Where a tenure stands in the order of recording, and how it reads from then on."""


class _Index:
    """Where to find tenures in the order of recording: by person, appointment and first day."""

    __slots__ = (
        *("by_appointment", "by_first", "ending", "firsts", "lasts"),
        *("open", "own", "standing", "turns"),
    )

    def __init__(self, changes: Iterable[Change]) -> None:
        self.own: dict[str, list[int]] = {}
        self.open: dict[str, dict[int, None]] = {}
        self.by_appointment: dict[str, list[int]] = {}
        self.by_first: dict[date, list[int]] = {}
        self.firsts: list[date] = []
        self.turns: list[date] = []
        self.lasts: dict[int, date] = {}
        self.standing: dict[int, None] = {}
        self.ending: list[tuple[date, int]] = []
        size = 0
        for index, tenure in changes:
            self.note(index, tenure, is_new=index == size)
            size = max(size, index + 1)

    def note(self, index: int, tenure: Tenure, *, is_new: bool) -> None:
        """Take note of one more tenure, or of how one reads from now on."""
        if is_new:
            self._add(index, tenure)
        if tenure.last is None:
            self.open.setdefault(tenure.person, {})[index] = None
            self.standing[index] = None
            return
        self.open.get(tenure.person, {}).pop(index, None)
        self.standing.pop(index, None)
        before = self.lasts.get(index)
        if before == tenure.last:
            return
        self.lasts[index] = tenure.last
        if before is not None:
            self.ending.remove((before, index))
        insort(self.ending, (tenure.last, index))
        if before is not None and before < date.max:
            self.turns.remove(before + timedelta(days=1))
        if tenure.last < date.max:
            insort(self.turns, tenure.last + timedelta(days=1))

    def _add(self, index: int, tenure: Tenure) -> None:
        self.own.setdefault(tenure.person, []).append(index)
        self.by_appointment.setdefault(tenure.appointment, []).append(index)
        if tenure.first not in self.by_first:
            insort(self.firsts, tenure.first)
        self.by_first.setdefault(tenure.first, []).append(index)
        insort(self.turns, tenure.first)


class _Shared:
    """What all values of one history share: the newest state, and every change that led to it."""

    __slots__ = ("_index", "changes", "tenures")

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self.changes: list[Change] = []
        self.tenures: list[Tenure] = []
        self._index: _Index | None = None
        for change in changes:
            self.apply(change)

    @property
    def index(self) -> _Index:
        """The index, made when it is asked for: most offices are hardly ever asked about."""
        if self._index is None:
            self._index = _Index(self.changes)
        return self._index

    def apply(self, change: Change) -> None:
        """Add a tenure at the end, or let one that is there read otherwise from now on."""
        index, tenure = change
        is_new = index == len(self.tenures)
        self.changes.append(change)
        if is_new:
            self.tenures.append(tenure)
        self.tenures[index] = tenure
        if self._index is not None:
            self._index.note(index, tenure, is_new=is_new)


class Tenures(Sequence["Tenure"]):
    """The tenures of one office in the order of recording; never changed, only followed by others.

    Whatever is made from the newest value of a history costs the same however long that is; an
    older value is worked out again when somebody asks it.
    """

    __slots__ = ("_shared", "_version")

    def __init__(self, tenures: Iterable[Tenure] = (), *, shared: _Shared | None = None) -> None:
        """Take tenures in the order of recording; or the newest state of a history."""
        self._shared = _Shared(enumerate(tenures)) if shared is None else shared
        self._version = len(self._shared.changes)

    def _state(self) -> _Shared:
        if self._version != len(self._shared.changes):
            self._shared = _Shared(islice(self._shared.changes, self._version))
        return self._shared

    def _followed_by(self, changes: Iterable[Change]) -> Tenures:
        # What is empty may be the beginning of many histories, in many threads.
        shared = self._state() if self._version else _Shared()
        for change in changes:
            shared.apply(change)
        return Tenures(shared=shared)

    def with_one(self, tenure: Tenure) -> Tenures:
        """Return these and one more."""
        return self._followed_by([(len(self), tenure)])

    def ended(self, person: str, last: date) -> Tenures:
        """Return these, with what a person still holds ended on a day.

        If nothing is open, the day of the one appointed to last is set right.
        """
        shared = self._state()
        still = tuple(shared.index.open.get(person, ())) or shared.index.own.get(person, [])[-1:]
        changes = [(index, shared.tenures[index]._replace(last=last)) for index in still]
        changes = [(index, tenure) for index, tenure in changes if tenure != shared.tenures[index]]
        return self._followed_by(changes) if changes else self

    def changed(self, appointment: str, change: Callable[[Tenure], Tenure]) -> Tenures:
        """Return these, with what an appointment began changed."""
        shared = self._state()
        found = shared.index.by_appointment.get(appointment, ())
        changes = [(index, change(shared.tenures[index])) for index in found]
        changes = [(index, tenure) for index, tenure in changes if tenure != shared.tenures[index]]
        return self._followed_by(changes) if changes else self

    # -- asking ----------------------------------------------------------------------------

    def of(self, person: str) -> Iterator[Tenure]:
        """Go through a person's own, the newest first."""
        shared = self._state()
        return (shared.tenures[index] for index in reversed(shared.index.own.get(person, ())))

    def begun_by(self, appointment: str) -> tuple[Tenure, ...]:
        """Return what an appointment began."""
        shared = self._state()
        found = shared.index.by_appointment.get(appointment, ())
        return tuple(shared.tenures[index] for index in found)

    def still_open(self, person: str) -> tuple[Tenure, ...]:
        """Return a person's own that have no last day."""
        shared = self._state()
        return tuple(shared.tenures[index] for index in shared.index.open.get(person, ()))

    def latest(self, day: date) -> Tenure | None:
        """Return the one holder on a day: of those who began last by then who has not ended."""
        shared, index = self._state(), self._state().index
        at = bisect_right(index.firsts, day)
        group = index.by_first[index.firsts[at - 1]] if at else ()
        covering = (shared.tenures[place] for place in reversed(group))
        return next((tenure for tenure in covering if tenure.covers(day)), None)

    def covering(self, day: date) -> Iterator[Tenure]:
        """Go through those that include a day, however many ended before: those without end first.

        Whoever asks for one of them pays for one, and not for all who hold an office of many.
        """
        shared, index = self._state(), self._state().index
        ending = index.ending[bisect_left(index.ending, (day, 0)) :]
        for place in chain(index.standing, (place for _, place in ending)):
            if shared.tenures[place].covers(day):
                yield shared.tenures[place]

    def next_first(self, day: date) -> date | None:
        """Return the first day after a day on which a tenure begins."""
        firsts = self._state().index.firsts
        at = bisect_right(firsts, day)
        return firsts[at] if at < len(firsts) else None

    def turns_around(self, day: date) -> tuple[date | None, date | None]:
        """Return the last day up to this one, and the first after it, that changed who holds it."""
        turns = self._state().index.turns
        at = bisect_right(turns, day)
        return turns[at - 1] if at else None, turns[at] if at < len(turns) else None

    # -- a sequence ------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._state().tenures)

    @overload
    def __getitem__(self, index: int) -> Tenure: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Tenure, ...]: ...
    def __getitem__(self, index: int | slice) -> Tenure | tuple[Tenure, ...]:
        if isinstance(index, slice):
            return tuple(self._state().tenures[index])
        return self._state().tenures[index]

    def __iter__(self) -> Iterator[Tenure]:
        return iter(tuple(self._state().tenures))

    def __eq__(self, other: object) -> bool:
        """Tell apart by history where it is one, and else by what there is."""
        if not isinstance(other, (Tenures, tuple)):
            return NotImplemented
        if isinstance(other, Tenures) and other._shared is self._shared:
            return other._version == self._version
        return len(self) == len(other) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Refuse: two that are equal may have come about otherwise."""
        raise TypeError("internal error: tenures are no key")

    def __repr__(self) -> str:
        return f"Tenures({list(self)!r})"
