"""Parts of a row: how events open, answer and change the items of a kind of obligation.

A string is a member of the event; what no member says is a function. `EACH` is the key of each of
several items that one event opens: a party, or a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.decision_model.journal import Reason
from ledger.decision_model.kinds import OBLIGATION
from ledger.decision_model.postings import ONE, ZERO, Sheet
from ledger.format.entry import Entry
from ledger.values import obligation_slot

EACH = "each"

Below = tuple[Any, ...]
"""What the families that a row stands on told of the same party before the entry."""
Told = str | Callable[[Entry[Any], str], Any]
"""A member, or what an entry and a key tell."""
Each = Callable[[Entry[Any], Below], Iterable[str]]


class Open(NamedTuple):
    """One item as it was opened, how much is left of it, and how much was given beyond."""

    obligation: str
    debtor: str
    creditor: str
    since: date
    left: Decimal
    beyond: Decimal = ZERO

    def less(self, taken: Decimal) -> Open:
        """Return it once so much is given; what is more than was left was given beyond."""
        beyond = self.beyond + max(ZERO, taken - self.left)
        return self._replace(left=max(ZERO, self.left - taken), beyond=beyond)

    def changed(self, by: Decimal) -> Open:
        """Return it once so much more is owed, or less; what was given beyond fills a rise."""
        if by < 0:
            return self.less(-by)
        filled = min(by, self.beyond)
        return self._replace(left=self.left + by - filled, beyond=self.beyond - filled)

    @property
    def key(self) -> str:
        """What tells it from the others that the same event opened."""
        return obligation_slot(self.obligation).partition("/")[2]


Due = Callable[[Entry[Any], Open, Sheet], date | None]
"""When what an entry opened is due; None if it waits and falls due on no day."""


@dataclass(frozen=True)
class Opens:
    """How an event opens an item, if a member is `given` something; or one for `each` key.

    `at` names what they are about, `since` the day from which they are owed. `done` tells whether
    it was answered before it was asked for; what `replaces` voids what is open between the two.
    Where one event opens items about several things, the `others` are a member that names the
    further ones: what is about such a one has its id for a key.
    """

    debtor: Told
    creditor: Told
    due: Due
    amount: Told | Decimal = ONE
    at: str | None = None
    others: str | None = None
    given: str | None = None
    each: Each | None = None
    since: str | Callable[[Entry[Any], Below], date] | None = None
    done: Callable[[Entry[Any], Below], bool] | None = None
    replaces: bool = False


@dataclass(frozen=True)
class Answers:
    """How an event answers what `at` names: an obligation, or all that is open about something.

    `of` is the member that names the one that is meant of those about something; `when` is a
    member and what it must say.
    `debtor` and `creditor` are members that tell which of several, `only` is what tells it
    otherwise. `amount` is the member that says how much, and without a word there nothing; if no
    member does, all that is left; with `beyond`, more than is left is welcome. `on` is the member
    that tells from which day it counts. One that `voids` leaves nothing to be done, for the reason
    in `because`. It speaks of one, the `first` of those that are meant by their keys, or of all.
    One that may come `early` answers what is owed only later, from the day on which it is.
    """

    at: str | None = None
    debtor: str | None = None
    creditor: str | None = None
    only: Callable[[Entry[Any], Open, Below], bool] | None = None
    of: str | None = None
    when: tuple[str, str] | None = None
    amount: str | None = None
    beyond: bool = False
    on: str | None = None
    voids: bool = False
    because: Reason = "voided"
    first: bool = False
    early: bool = False

    def meant(
        self, entry: Entry[Any], items: Iterable[Open], below: Below
    ) -> Iterator[tuple[Open, Decimal]]:
        """Go through those of some items that an entry speaks of, each with how much of it."""
        found = self._each(entry, items, below)
        yield from sorted(found, key=lambda meant: meant[0].key)[:1] if self.first else found

    def _each(
        self, entry: Entry[Any], items: Iterable[Open], below: Below
    ) -> Iterator[tuple[Open, Decimal]]:
        rest = None if self.amount is None else Decimal(entry.data.get(self.amount, 0))
        for item in items:
            taken = item.left if rest is None else rest if self.beyond else min(item.left, rest)
            if taken > 0 and self._is_meant(entry, item, below):
                yield item, taken
                rest = None if rest is None else rest - taken

    def _is_meant(self, entry: Entry[Any], item: Open, below: Below) -> bool:
        said = entry.data
        return (
            (self.voids or self.early or item.since <= entry.recorded_on)
            and (self.debtor is None or said.get(self.debtor) == item.debtor)
            and (self.creditor is None or said.get(self.creditor) == item.creditor)
            and (self.when is None or said.get(self.when[0]) == self.when[1])
            and (self.of is None or said.get(self.of) == item.obligation)
            and (self.at != OBLIGATION or said[OBLIGATION] == item.obligation)
            and (self.only is None or self.only(entry, item, below))
        )


@dataclass(frozen=True)
class Changes:
    """How an event changes what it neither opens nor answers, about what `at` names.

    `by` tells how much more is owed, or how much less below nothing; `due` when it falls due then,
    if on another day; and `since` from which day it is owed then, if it falls due on another.
    """

    at: str
    by: Told | None = None
    due: Due | None = None
    since: Due | None = None

    def more(self, entry: Entry[Any]) -> Decimal:
        """Return how much more is owed by what an entry says."""
        return ZERO if self.by is None else Decimal(told(self.by, entry, "") or 0)


def told(what: Told | Decimal, entry: Entry[Any], key: str) -> Any:
    """Return what a member says, or what an entry and a key tell; an amount tells itself."""
    if callable(what):
        return what(entry, key)
    if isinstance(what, Decimal):
        return what
    return key if what == EACH else entry.data.get(what)
