"""School terms: as the ledger's rules tell them, else thirds of the calendar year."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import zip_longest
from typing import NamedTuple

from ledger.days import LAST
from ledger.store.base import EntryStore
from projections.reports.statements import said_by_types
from projections.tables.views import Moment

_DAY = timedelta(days=1)
_MOST_HOLIDAY = timedelta(days=60)
_SEASONS = ("Spring", "Summer", "Autumn")
_MONTHS = 4
_THIRDS = ((1, 1), (5, 1), (9, 1))
#: What to say where terms are guessed.
GUESSED = (
    "Where the ledger's rules tell no terms, each is a third of the calendar year: from January,"
    " from May, and from September on."
)


class Term(NamedTuple):
    """A term: its first and last day, and until when days count for it, as after its end.

    It is `told` by the ledger's rules, or else a third of the calendar year.
    """

    first: date
    last: date
    until: date
    told: bool

    @property
    def name(self) -> str:
        """What it is called: `Autumn 2025`."""
        return f"{_SEASONS[(self.first.month - 1) // _MONTHS]} {self.first.year}"


class Terms:
    """To which term each day belongs."""

    def __init__(self, told: Iterable[tuple[date, date]]) -> None:
        """Take the terms that are told; of two that overlap, the one told later counts."""
        found: list[tuple[date, date]] = []
        for first, last in told:
            found = [one for one in found if one[1] < first or one[0] > last]
            found.append((first, last))
        found.sort()
        after = (first for first, _ in found[1:])
        self._told = [
            Term(first, last, _until(last, following), told=True)
            for (first, last), following in zip_longest(found, after)
        ]

    def of(self, day: date) -> Term:
        """Return the term that a day belongs to."""
        within = (term for term in self._told if term.first <= day <= term.until)
        return next(within, None) or self._third(day)

    def _third(self, day: date) -> Term:
        """Return the third of the year that a day lies in, less what terms that are told take."""
        bounds = [date(day.year, month, first) for month, first in _THIRDS]
        begun = max(bound for bound in bounds if bound <= day)
        ends = [bound - _DAY for bound in bounds if bound > day] or [date(day.year, 12, 31)]
        before = (term.until + _DAY for term in self._told if term.until < day)
        after = (term.first - _DAY for term in self._told if term.first > day)
        first, last = max((begun, *before)), min((ends[0], *after))
        return Term(first, last, last, told=False)

    def between(self, first: date, last: date) -> Iterator[Term]:
        """Go through the terms from that of one day to that of another."""
        day = first
        while day <= last:
            term = self.of(day)
            yield term
            if term.until >= LAST:
                return
            day = term.until + _DAY


def _until(last: date, following: date | None) -> date:
    """Return until when a holiday counts for the term before: while the next term is told."""
    return last if following is None else min(following - _DAY, last + _MOST_HOLIDAY)


def terms(connection: sqlite3.Connection, store: EntryStore, at: Moment) -> Terms:
    """Return the terms that the ledger's rules told by a moment."""
    rules = said_by_types(connection, store, at, ("LedgerRulesSet",))
    told = (term for one in rules for term in one.data.get("terms", ()))
    return Terms(
        (date.fromisoformat(term["first"]), date.fromisoformat(term["last"])) for term in told
    )
