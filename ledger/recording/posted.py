"""What a whole record posts, written down in a table as it is made, and read back from there.

Whoever goes through a record from its first entry holds what was asked for lately, however long
the record is; what was posted long ago is read again (`ledger.decision_model.postings_table`)::

    posted = Posted(book.look, rows)
    for entry in entries:
        posted.post(entry)
        book.apply(entry)
    owed_in(rows)("school:900001", 69, day)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from ledger.decision_model.facts import Look
from ledger.domain.post import Journal, Posting, postings
from ledger.format.entry import Entry
from ledger.recording.cited import Owed, OwedThere
from ledger.rows import Rows

__all__ = ["Posted", "hundredths", "owed_in"]

_INSERT = f"INSERT INTO postings VALUES ({', '.join('?' * 15)})"  # noqa: S608 - only marks
_COLUMNS = (
    "obligation, kind, debtor, creditor, amount, unit, effective_on, reason, claim, due_on,"
    " beyond, per, about"
)
_OWED = """
    SELECT obligation, unit, sum(amount) FROM postings
    WHERE (debtor = ? OR creditor = ?) AND position <= ? AND effective_on <= ?
    GROUP BY obligation, unit HAVING sum(amount) <> 0
"""
_ABOUT = "SELECT obligation FROM postings WHERE about=? ORDER BY position, rowid"
_OF_PARTY = """
    SELECT obligation FROM postings WHERE debtor=? UNION
    SELECT obligation FROM postings WHERE creditor=?
"""
_HUNDRED = 100
#: To how much an amount is said exactly, of each unit that is not counted in ones.
_EXACTLY = {"day": Decimal("0.1"), "GBP": Decimal("0.01")}
_ONE = Decimal(1)
_MOST_KEPT = 4_096
"""The same amounts and days are written again and again."""


class Posted:
    """The postings of a record, made entry by entry and written down."""

    def __init__(self, look: Look, rows: Rows) -> None:
        """Go on after what is written down already, by the facts as they stand."""
        self.journal = Journal(look, _Earlier(rows))
        self._rows = rows

    def post(self, entry: Entry[Any]) -> list[Posting]:
        """Write down what the next entry posts, and return it."""
        if self.journal.is_full:
            self._rows.flush()
            self.journal.forget()
        made = postings(entry, self.journal)
        self._rows.insert_all(_INSERT, [_row(entry, one) for one in made])
        return made


class _Earlier:
    """What was posted before the entry at hand, read from the table.

    Of an obligation, an event or a thing the journal holds what is not written yet, so that rows
    need not be written before it asks; of a party it holds nothing.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def of_obligation(self, obligation: str) -> Iterator[Posting]:
        return self._lines("obligation", obligation)

    def of_claim(self, event: str) -> Iterator[Posting]:
        return self._lines("claim", event)

    def about(self, tag: str) -> Iterable[str]:
        return dict.fromkeys(row[0] for row in self._rows.written(_ABOUT, tag))

    def of_party(self, party: str) -> Iterator[str]:
        return (row[0] for row in self._rows.fetch(_OF_PARTY, party, party))

    def _lines(self, column: str, value: str) -> Iterator[Posting]:
        sql = f"SELECT {_COLUMNS} FROM postings WHERE {column}=? ORDER BY position, rowid"  # noqa: S608 - constants
        return map(_posting, self._rows.written(sql, value))


def owed_in(rows: Rows) -> OwedThere:
    """Return what tells what parties owe and are owed at places of the history so far."""
    return partial(_owed, rows)


def _owed(rows: Rows, party: str, size: int, day: date) -> dict[str, Owed]:
    found = rows.fetch(_OWED, party, party, size, _text(day))
    return {one: Owed(one, _amount(owed, unit), unit) for one, unit, owed in found}


def _amount(amount: int, unit: str) -> Decimal:
    """Return an amount with the places that statements say it with."""
    return (Decimal(amount) / _HUNDRED).quantize(_EXACTLY.get(unit, _ONE))


def _posting(row: Sequence[Any]) -> Posting:
    obligation, kind, debtor, creditor, amount, unit, effective, reason, claim, due, *rest = row
    return Posting(
        obligation,
        kind,
        debtor,
        creditor,
        Decimal(amount) / _HUNDRED,
        unit,
        date.fromisoformat(effective),
        reason,
        claim,
        date.fromisoformat(due) if due else None,
        Decimal(rest[0]) / _HUNDRED,
        *rest[1:],
    )


def _row(entry: Entry[Any], one: Posting) -> Sequence[Any]:
    obligation, kind, debtor, creditor, amount, unit, day, reason, claim, due, *rest = one
    beyond, per, about = rest
    return (
        entry.position,
        entry.id,
        obligation,
        kind,
        debtor,
        creditor,
        hundredths(amount),
        unit,
        _text(day),
        due and _text(due),
        reason,
        claim,
        hundredths(beyond) if beyond else 0,
        per,
        about,
    )


@lru_cache(_MOST_KEPT)
def hundredths(amount: Decimal) -> int:
    """Return how many hundredths of its unit an amount is."""
    return int(amount * _HUNDRED)


_text = lru_cache(_MOST_KEPT)(date.isoformat)
