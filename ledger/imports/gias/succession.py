"""Which establishment goes on as which: clear steps out of the links file, doubts out of the rest.

A step from an old establishment to a new one is **clear** when the old one says `Successor` of the
new and the new one says `Predecessor` of the old; no other succession link leads out of the old or
into the new; the old one is not open; and there are two days to go by. Everything else that tells
of succession (several predecessors, a split, a merger, one direction only, types that contradict
each other, a cycle, no days, days too far apart) is a doubt. Links that are no succession (sixth
form centres, children's centres, expansion, closure, other) are passed over.

**Days.** The Successor link stands with the old establishment and mostly gives its last day, the
Predecessor link stands with the new one and mostly gives its first. Of the 16,218 plain pairs in
the file of 22 April 2025, 12,152 give both days: 9,149 the day after (9,049 of them from the last
of a month to the first), 2,095 the same day, 727 the two days the wrong way round, 69 a gap of two
to 92 days, and 112 are further apart or run backwards by more than a day. 4,032 give neither day
and 34 only one. So:

- both days are kept: the old URN closes on the Successor link's, the new opens on the Predecessor
  link's, and the change takes effect on the first day of the new;
- days that differ by one the wrong way round are exchanged;
- a day that a link lacks is filled by the establishment's own CloseDate or OpenDate;
- the same day for both gives way to CloseDate and OpenDate where the file has both and they fit;
  else it is kept as it is published, the last of the old and the first of the new: no day is
  made up. Of those 2,095, 332 are the last of a month and so probably a day early;
- a missing day, a gap over 92 days (a summer holiday with room to spare) or a change that runs
  backwards is a doubt.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from ledger.imports.gias.findings import Code
from ledger.imports.gias.tables import Establishment, Link

A_DAY = timedelta(days=1)
LONGEST_GAP = timedelta(days=92)

_PLAIN = ("successor", "predecessor")
_FORWARD = frozenset(
    {"successor", "successor - merged", "successor - amalgamated", "successor - split school"}
)
_BACKWARD = frozenset(
    {
        "predecessor",
        "predecessor - merged",
        "predecessor - amalgamated",
        "predecessor - split school",
    }
)
# Said of each other by both sides: they tell of a merger, not of who went on as whom.
_UNDIRECTED = frozenset(
    {
        "result of amalgamation",
        "merged - change in age range",
        "merged - expansion of school capacity",
        "merged - expansion in school capacity and changer in age range",
    }
)
_NO_SUCCESSION = frozenset(
    {
        "children's centre link",
        "closure",
        "expansion",
        "other",
        "sixth form centre link",
        "sixth form centre school",
    }
)


class Step(NamedTuple):
    """A clear step: `old` closed, `new` opened, both days inclusive; the links that say so."""

    old: str
    new: str
    closes_on: date
    opens_on: date
    forward: Link
    backward: Link


class Doubt(NamedTuple):
    """Why the past of an establishment (or its future) is not clear."""

    code: Code
    urn: str
    others: tuple[str, ...]
    links: tuple[Link, ...]


class Lineage(NamedTuple):
    """The clear steps up to an establishment, oldest first, and what stopped the search."""

    steps: tuple[Step, ...]
    doubt: Doubt | None


@dataclass
class _Pair:
    """What the register says of one establishment being followed by another."""

    forward: list[Link] = field(default_factory=list)
    backward: list[Link] = field(default_factory=list)
    undirected: list[Link] = field(default_factory=list)

    @property
    def links(self) -> tuple[Link, ...]:
        return (*self.forward, *self.backward, *self.undirected)


class History:
    """The links of the register, as successions. Pure: built once, asked often."""

    def __init__(self, links: Iterable[Link], establishments: Mapping[str, Establishment]) -> None:
        self._establishments = establishments
        self._before: defaultdict[str, dict[str, _Pair]] = defaultdict(dict)
        self._after: defaultdict[str, dict[str, _Pair]] = defaultdict(dict)
        self.names: dict[str, str] = {}
        #: Link types that this version does not know, with how often they stand in the file.
        self.unknown_types: Counter[str] = Counter()
        for link in links:
            self._add(link)

    def _add(self, link: Link) -> None:
        if link.other_name:
            self.names.setdefault(link.other, link.other_name)
        if link.type in _FORWARD:
            self._pair(link.urn, link.other).forward.append(link)
        elif link.type in _BACKWARD:
            self._pair(link.other, link.urn).backward.append(link)
        elif link.type in _UNDIRECTED:
            self._pair(link.urn, link.other).undirected.append(link)
            self._pair(link.other, link.urn).undirected.append(link)
        elif link.type not in _NO_SUCCESSION:
            self.unknown_types[link.type] += 1

    def _pair(self, old: str, new: str) -> _Pair:
        pair = self._after[old].setdefault(new, _Pair())
        self._before[new][old] = pair
        return pair

    def __contains__(self, urn: str) -> bool:
        """Return whether a link tells of an establishment's predecessors or successors."""
        return urn in self._before or urn in self._after

    def lineage(self, urn: str) -> Lineage:
        """Return the clear steps up to an establishment, and the doubt before them if any.

        A cycle makes none of its steps clear.
        """
        if circle := self._circle(urn):
            return Lineage((), circle)
        steps: tuple[Step, ...] = ()
        while isinstance(found := self._step_to(steps[0].old if steps else urn), Step):
            if steps and not _in_order(found, steps[0]):
                links = (found.forward, found.backward)
                return Lineage(steps, Doubt("dates-apart", found.new, (found.old,), links))
            steps = (found, *steps)
        return Lineage(steps, found)

    def _circle(self, urn: str) -> Doubt | None:
        """Return the doubt if the one predecessor's one predecessor's … is met a second time."""
        path = [urn]
        links: list[Link] = []
        while len(before := self._before.get(path[-1], {})) == 1:
            ((old, pair),) = before.items()
            if not pair.forward and not pair.backward:
                return None
            links += pair.links
            if old in path:
                # A pair that goes both ways is told as a contradiction, which says more; a circle
                # further back has a second way out, which is told as a split.
                circle = old == urn and len(path[1:-1]) > 0
                return Doubt("cycle", urn, (*path[1:],), (*links,)) if circle else None
            path.append(old)
        return None

    def head(self, urn: str) -> str:
        """Return the last establishment of the file that clear steps lead to, perhaps itself.

        Steps may lead by way of establishments that only the links file has.
        """
        head, seen = urn, {urn}
        while len(after := self._after.get(urn, {})) == 1:
            (urn,) = after
            row = self._establishments.get(urn)
            proposed = row is not None and row.status == "proposed"
            if proposed or urn in seen or not isinstance(self._step_to(urn), Step):
                break
            seen.add(urn)
            head = urn if row is not None else head
        return head

    def told(self, old: str, new: str) -> Step | Doubt | None:
        """Return what links say of one establishment going on as another; None if nothing."""
        found = self._step_to(new)
        if isinstance(found, Step):
            return found if found.old == old else None
        return found if found is not None and old in found.others else None

    def successors(self, urn: str) -> Doubt | None:
        """Return what links say about who follows an establishment; None if nothing."""
        after = self._after.get(urn)
        if not after:
            return None
        links = tuple(link for pair in after.values() for link in pair.links)
        return Doubt("successor-unclear", urn, tuple(after), links)

    def _step_to(self, new: str) -> Step | Doubt | None:
        """Return the step into an establishment; None where nothing went before it."""
        before = self._before.get(new)
        if not before:
            return None
        code = self._unclear(new, before)
        if code is None:
            (old,) = before
            return self._dated(old, new, before[old])
        links = tuple(link for pair in before.values() for link in pair.links)
        if code == "split":
            (old,) = before
            links = tuple(link for pair in self._after[old].values() for link in pair.links)
        return Doubt(code, new, tuple(before), links)

    def _unclear(self, new: str, before: Mapping[str, _Pair]) -> Code | None:
        """Return why the step into an establishment is not clear; None if it is."""
        if len(before) > 1:
            return "merged" if _all_undirected(before) else "two-predecessors"
        (old,) = before
        pair = before[old]
        if old == new:
            return "contradictory-links"
        if pair.undirected:
            return "contradictory-links" if pair.forward or pair.backward else "merged"
        if old in self._after.get(new, {}):
            return "contradictory-links"
        if len(self._after[old]) > 1:
            return "split"
        return self._one_sided(pair) or _not_plain(pair) or self._still_open(old)

    @staticmethod
    def _one_sided(pair: _Pair) -> Code | None:
        return None if pair.forward and pair.backward else "no-reverse"

    def _still_open(self, old: str) -> Code | None:
        row = self._establishments.get(old)
        return "predecessor-open" if row is not None and row.status != "closed" else None

    def _dated(self, old: str, new: str, pair: _Pair) -> Step | Doubt:
        forward, backward = pair.forward[0], pair.backward[0]
        closes_on, opens_on = forward.on, backward.on
        old_row, new_row = self._establishments.get(old), self._establishments.get(new)
        own_closes_on = old_row.closed if old_row else None
        own_opens_on = new_row.opened if new_row else None
        if closes_on == opens_on and _fit(own_closes_on, own_opens_on):
            closes_on, opens_on = own_closes_on, own_opens_on
        closes_on, opens_on = closes_on or own_closes_on, opens_on or own_opens_on
        if closes_on is None or opens_on is None:
            return Doubt("dates-missing", new, (old,), pair.links)
        if closes_on - opens_on == A_DAY:
            closes_on, opens_on = opens_on, closes_on
        opened_before = old_row is None or old_row.opened is None or old_row.opened <= closes_on
        if not _fit(closes_on, opens_on) or not opened_before:
            return Doubt("dates-apart", new, (old,), pair.links)
        return Step(old, new, closes_on, opens_on, forward, backward)


def _fit(closes_on: date | None, opens_on: date | None) -> bool:
    """Return whether both days are known and one school can have gone on from one to the other."""
    if closes_on is None or opens_on is None:
        return False
    return timedelta() <= opens_on - closes_on <= LONGEST_GAP


def _in_order(earlier: Step, later: Step) -> bool:
    return earlier.opens_on <= later.closes_on and earlier.opens_on < later.opens_on


def _all_undirected(before: Mapping[str, _Pair]) -> bool:
    return not any(pair.forward or pair.backward for pair in before.values())


def _not_plain(pair: _Pair) -> Code | None:
    """Return why links of both directions are no plain succession; None if they are."""
    forward = {link.type for link in pair.forward}
    backward = {link.type for link in pair.backward}
    if (forward, backward) == ({_PLAIN[0]}, {_PLAIN[1]}):
        return None
    kinds = {_kind(link.type) for link in pair.links}
    if len(kinds) > 1:
        return "contradictory-links"
    return "split" if kinds == {"split school"} else "merged"


def _kind(link_type: str) -> str:
    """Return `merged` of `predecessor - merged`; empty for a plain one."""
    return link_type.partition(" - ")[2]
