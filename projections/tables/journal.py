"""The journal: every posting that the record makes, and nothing else.

Who owes what to whom, on any day, as known at any position, is a sum over this table. The rules
are `ledger.domain.post`; here they are only stored. Amounts are whole hundredths of their unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from ledger.domain.post import FAMILIES, KINDS, Claim, Journal, Posting, claims, postings
from ledger.format.entry import Entry
from ledger.recording.cited import Owed, OwedInAll, OwedThere
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
_KEPT = "journal"
_HUNDRED = 100
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
        journal = tables.memory[_KEPT] = _journal(tables)
        kinds = [(kind.name, kind.title, kind.ground) for kind in KINDS]
        tables.insert_all("INSERT OR REPLACE INTO kinds VALUES (?, ?, ?)", kinds)
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


def _journal(tables: Tables) -> Journal:
    """Return a journal that reads what was posted before the fold, if anything was."""
    if tables.complete:
        return Journal(tables.look)

    def earlier(column: str, value: str) -> list[Posting]:
        sql = f"SELECT {_COLUMNS} FROM postings WHERE {column}=? ORDER BY position, rowid"  # noqa: S608 - constants
        return [_posting(row) for row in tables.fetch(sql, value)]

    return Journal(tables.look, earlier)


def owed_there(tables: Tables) -> OwedThere:
    """Return what tells what parties owe and are owed at places of the history so far."""
    if tables.complete:
        return OwedInAll(tables.memory[_KEPT])
    return partial(_owed_by_rows, tables)


def _owed_by_rows(tables: Tables, party: str, size: int, day: date) -> dict[str, Owed]:
    rows = tables.fetch(_OWED, party, party, size, _text(day))
    return {one: Owed(one, Decimal(amount) / _HUNDRED, unit) for one, unit, amount in rows}


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
