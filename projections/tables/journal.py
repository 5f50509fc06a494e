"""The journal: every posting that the record makes, and nothing else.

Who owes what to whom, on any day, as known at any position, is a sum over this table. The rules
are `ledger.domain.post`; here they are only stored. Amounts are whole hundredths of their unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from ledger.domain.post import FAMILIES, KINDS, Claim, Journal, Posting, claims, postings
from ledger.format.entry import Entry
from ledger.recording.cited import Owed, OwedThere
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import OBLIGATIONS

_INSERT = f"INSERT INTO postings VALUES ({', '.join('?' * 15)})"  # noqa: S608 - only marks
_INSERT_CLAIM = f"INSERT INTO claims VALUES ({', '.join('?' * 7)})"  # noqa: S608 - only marks
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
_KEPT = "journal"
_HUNDRED = 100
#: To how much an amount is said exactly, of each unit that is not counted in ones.
_EXACTLY = {"day": Decimal("0.1"), "GBP": Decimal("0.01")}
_ONE = Decimal(1)
_MOST_KEPT = 4_096
"""The same amounts and days are written again and again."""


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


def _apply(entry: Entry[Any], tables: Tables) -> None:
    journal = tables.memory.get(_KEPT)
    if journal is None:
        journal = tables.memory[_KEPT] = Journal(tables.look, _Posted(tables))
        kinds = [(kind.name, kind.title, kind.ground) for kind in KINDS]
        tables.insert_all("INSERT OR REPLACE INTO kinds VALUES (?, ?, ?)", kinds)
    if journal.is_full:
        tables.flush()
        journal.forget()
    made = postings(entry, journal)
    if made:
        tables.insert_all(_INSERT, _rows(entry, made))
        tables.insert_all(_INSERT_CLAIM, _claimed(entry, claims(entry, journal, made)))


def _claimed(entry: Entry[Any], claimed: Iterable[Claim]) -> list[Sequence[Any]]:
    where = entry.position, entry.id
    return [
        (
            *where,
            one.obligation,
            _hundredths(one.amount),
            entry.occurredon,
            one.answer,
            one.per or entry.id,
        )
        for one in claimed
    ]


class _Posted:
    """What was posted before the entry at hand, read from the table.

    Of an obligation, an event or a thing the journal holds what is not written yet, so that rows
    need not be written before it asks; of a party it holds nothing.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def of_obligation(self, obligation: str) -> Iterator[Posting]:
        return self._lines("obligation", obligation)

    def of_claim(self, event: str) -> Iterator[Posting]:
        return self._lines("claim", event)

    def about(self, tag: str) -> Iterable[str]:
        return dict.fromkeys(row[0] for row in self._tables.written(_ABOUT, tag))

    def of_party(self, party: str) -> Iterator[str]:
        return (row[0] for row in self._tables.fetch(_OF_PARTY, party, party))

    def _lines(self, column: str, value: str) -> Iterator[Posting]:
        sql = f"SELECT {_COLUMNS} FROM postings WHERE {column}=? ORDER BY position, rowid"  # noqa: S608 - constants
        return map(_posting, self._tables.written(sql, value))


def owed_there(tables: Tables) -> OwedThere:
    """Return what tells what parties owe and are owed at places of the history so far."""
    return partial(_owed, tables)


def _owed(tables: Tables, party: str, size: int, day: date) -> dict[str, Owed]:
    rows = tables.fetch(_OWED, party, party, size, _text(day))
    return {one: Owed(one, _amount(owed, unit), unit) for one, unit, owed in rows}


def _amount(hundredths: int, unit: str) -> Decimal:
    """Return an amount with the places that statements say it with."""
    return (Decimal(hundredths) / _HUNDRED).quantize(_EXACTLY.get(unit, _ONE))


def _rows(entry: Entry[Any], made: Sequence[Posting]) -> list[Sequence[Any]]:
    position, event = entry.position, entry.id
    rows: list[Sequence[Any]] = []
    for one in made:
        obligation, kind, debtor, creditor, amount, unit, day, reason, claim, due, *rest = one
        beyond, per, about = rest
        row = (
            position,
            event,
            obligation,
            kind,
            debtor,
            creditor,
            _hundredths(amount),
            unit,
            _text(day),
            due and _text(due),
            reason,
            claim,
            _hundredths(beyond) if beyond else 0,
            per,
            about,
        )
        rows.append(row)
    return rows


@lru_cache(_MOST_KEPT)
def _hundredths(amount: Decimal) -> int:
    return int(amount * _HUNDRED)


_text = lru_cache(_MOST_KEPT)(date.isoformat)


PROJECTION = Projection(OBLIGATIONS, FAMILIES, _apply)
