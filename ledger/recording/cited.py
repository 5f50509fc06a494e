"""A place in history that a statement cites, and what it says was owed there: both are derived.

Whoever hands over, or ratifies, repeats what their school owes and is owed, as known at a place.
Nobody is believed: the place must be this history's own, and the rows what the entries up to it
make owed. The ledger asks when it records, and `check`, `verify` and the views ask again::

    before = Before(size=69, root=tree.root, owed=OwedAt(store))
    reasons = cited_faults(entry, before)

Whoever reads a whole record has written its postings down, and asks those
(`ledger.recording.posted`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.decision_model.facts import Book
from ledger.domain.post import Journal, Posting, postings
from ledger.events.handover import HandoverGiven
from ledger.events.partnership import MembershipRatified
from ledger.format.entry import Entry, read_entry
from ledger.format.statement import tree_head
from ledger.format.tags import speaks_of
from ledger.selection import Threads, concerning
from ledger.values import office_party

__all__ = [
    "CITING",
    "Before",
    "Owed",
    "OwedAt",
    "OwedThere",
    "cited_faults",
    "told_there",
]

#: The events that cite a place in `at`, with `rows` of what was owed there; which member names
#: the party, or the office of it.
CITING = {HandoverGiven.__name__: "office", MembershipRatified.__name__: "school"}

_MOST_FOLDED = 64
"""Parties whose journals are kept: most cite once in years, and each holds all its entries."""


@dataclass(frozen=True)
class Before:
    """What stands before an entry: how many, the root over the first so many, what was owed there.

    The root is asked for no size above that, and for none below 1.
    """

    size: int
    root: Callable[[int], bytes]
    owed: OwedThere


class Owed(NamedTuple):
    """What is left of an obligation that a party owes or is owed, as a row says it."""

    obligation: str
    outstanding: Decimal
    unit: str


OwedThere = Callable[[str, int, date], Mapping[str, Owed]]
"""What a party owes and is owed on a day, as known at a size, by obligation."""


def cited_faults(entry: Entry[Any], before: Before) -> Iterator[str]:
    """Say what is wrong with the place that an entry cites, or with what it says was owed there."""
    if entry.name not in CITING:
        return
    at = entry.data["at"]
    size = int(at.partition(":")[0])
    if not 1 <= size <= before.size:
        yield f"at names a history of {size} entries, and {before.size} stand before it"
        return
    here = tree_head(size, before.root(size))
    if at != here:
        yield f"at is not this ledger's head at size {size}: got {at}, expected {here}"
        return
    party = _party(entry.name, entry.data)
    expected = {} if party is None else before.owed(party, size, entry.occurred_on)
    yield from _row_faults(entry, size, expected)


def _row_faults(entry: Entry[Any], size: int, expected: Mapping[str, Owed]) -> Iterator[str]:
    said = [
        Owed(row["obligation"], Decimal(row["outstanding"]), row["unit"])
        for row in entry.data.get("rows", ())
    ]
    names = [row.obligation for row in said]
    for row in dict.fromkeys(said):
        there = expected.get(row.obligation)
        if there is None:
            yield f"rows name {row.obligation}, of which nothing is left at size {size}"
        elif row != there or names.count(row.obligation) > 1:
            yield (
                f"rows say that {row.outstanding} {row.unit} is left of {row.obligation}; at size"
                f" {size} it is {there.outstanding} {there.unit}, once"
            )
    for obligation, there in sorted(expected.items()):
        if obligation not in names:
            yield (
                f"rows leave out {obligation}, of which {there.outstanding} {there.unit} is left at"
                f" size {size}"
            )


def told_there(name: str, data: dict[str, Any], day: date, before: Before) -> dict[str, Any]:
    """Return what the record tells of `at` and `rows`, where an event that cites leaves them out.

    The place is the newest, unless another is given.
    """
    if name not in CITING:
        return {}
    at = data.get("at") or tree_head(before.size, before.root(before.size))
    size, party = int(at.partition(":")[0]), _party(name, data)
    if "rows" in data or party is None or not 1 <= size <= before.size:
        return {"at": at}
    rows = [
        {"obligation": row.obligation, "outstanding": str(row.outstanding), "unit": row.unit}
        for row in before.owed(party, size, day).values()
    ]
    return {"at": at, "rows": rows} if rows else {"at": at}


def _party(name: str, data: dict[str, Any]) -> str | None:
    named = data.get(CITING[name], "")
    return office_party(named) if "@" in named else named or None


class OwedAt:
    """What parties owe and are owed at places of one history, each told on from the one before.

    Folded from the entries that concern a party, so that it costs as much as there are of those,
    and asking again costs little more.
    """

    def __init__(self, threads: Threads) -> None:
        """Begin with nothing read."""
        self._threads = threads
        self._folded: dict[str, _Folded] = {}

    def __call__(self, party: str, size: int, day: date) -> dict[str, Owed]:
        """Return what a party owes and is owed on a day, as known at a size, by obligation."""
        rows = concerning(self._threads, party, size)
        folded = self._folded.get(party)
        if folded is None or not folded.goes_on_with(rows):
            if len(self._folded) >= _MOST_FOLDED:
                self._folded.clear()  # whoever cites again is read again
            folded = self._folded[party] = _Folded(self._threads)
        folded.take(rows)
        return _left(party, size, day, folded.lines)


def _left(
    party: str, size: int, day: date, lines: Iterable[tuple[int, Posting]]
) -> dict[str, Owed]:
    """Return what is left by lines, each with its position, that were known at a size."""
    left: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for position, line in lines:
        known = position <= size and line.effective_on <= day
        if known and party in (line.debtor, line.creditor):
            left[line.obligation, line.unit] += line.amount
    return {
        obligation: Owed(obligation, amount, unit)
        for (obligation, unit), amount in left.items()
        if amount
    }


class _Folded:
    """The journal of what concerns one party, as far as it was read."""

    def __init__(self, threads: Threads) -> None:
        def read(tag: str, types: Sequence[str], before: int | None) -> list[Entry[Any]]:
            rows = threads.by_tag(tag, types, before=before)
            return [read_entry(*row) for row in rows if speaks_of(tag, row[1])]

        self.lines: list[tuple[int, Posting]] = []
        self._book = Book(read)
        self._journal = Journal(self._book.look)
        self._taken: set[int] = set()
        self._last = 0

    def goes_on_with(self, rows: Mapping[int, bytes]) -> bool:
        """Return whether all of these were read, or come after what was."""
        return all(position > self._last for position in rows.keys() - self._taken)

    def take(self, rows: Mapping[int, bytes]) -> None:
        """Read those that were not, in order."""
        for position in sorted(rows.keys() - self._taken):
            entry = read_entry(position, rows[position])
            # What lies between concerns others: only what is asked anew is read up to here.
            self._book.position = position - 1
            self.lines += [(position, line) for line in postings(entry, self._journal)]
            self._book.apply(entry)
            self._taken.add(position)
            self._last = position
