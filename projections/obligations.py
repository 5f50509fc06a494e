"""The journal: every posting that the record makes, and nothing else.

Who owes what to whom, on any day, as known at any position, is a sum over this table. The rules
are `ledger.obligations`; here they are only stored. Amounts are whole hundredths of their unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ledger.entry import Entry
from ledger.obligations import FAMILIES, KINDS, Posting, postings
from projections.fold import Projection, Tables
from projections.layouts import OBLIGATIONS

_INSERT = f"INSERT INTO postings VALUES ({', '.join('?' * 14)})"  # noqa: S608 - only marks
_COLUMNS = (
    "obligation, kind, debtor, creditor, amount, unit, effective_on, reason, claim, due_on,"
    " beyond, per"
)
_HUNDRED = 100
_MOST_KEPT = 4_096
"""The same amounts and days are written again and again."""


class _Journal:
    """What posting rules look up: facts from the book, postings from memory or the table."""

    def __init__(self, tables: Tables) -> None:
        self.look = tables.look
        self._tables = tables
        # By obligation, from its opening on; where it was opened before the fold, once asked for.
        self._lines: dict[str, list[Posting]] = {}
        # By event: what it posted itself, and what others posted later that counts for it.
        self._made: dict[str, Sequence[Posting]] = {}
        self._claims: dict[str, list[Posting]] = defaultdict(list)

    def lines(self, obligation: str) -> Sequence[Posting]:
        lines = self._lines.get(obligation)
        if lines is not None:
            return lines
        if self._tables.complete:
            return ()
        lines = self._lines[obligation] = self._read("obligation", obligation)
        return lines

    def claimed(self, event: str) -> Sequence[Posting]:
        if not self._tables.complete:
            return self._read("claim", event)
        own = [posting for posting in self._made.get(event, ()) if posting.claim == event]
        return own + self._claims.get(event, [])

    def _read(self, column: str, value: str) -> list[Posting]:
        sql = f"SELECT {_COLUMNS} FROM postings WHERE {column}=? ORDER BY position, rowid"  # noqa: S608 - constants
        return [_posting(row) for row in self._tables.fetch(sql, value)]

    def keep(self, event: str, made: Sequence[Posting]) -> None:
        if self._tables.complete:
            self._made[event] = made
        for posting in made:
            if posting.claim != event:
                self._claims[posting.claim].append(posting)
            lines = self._lines.get(posting.obligation)
            if lines is not None:
                lines.append(posting)
            elif posting.reason == "opened":
                self._lines[posting.obligation] = [posting]


def _posting(row: Sequence[Any]) -> Posting:
    obligation, kind, debtor, creditor, amount, unit, effective, reason, claim, due, *beyond = row
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
        Decimal(beyond[0]) / _HUNDRED,
        beyond[1],
    )


def _apply(entry: Entry[Any], tables: Tables) -> None:
    journal = tables.memory.get("journal")
    if journal is None:
        journal = tables.memory["journal"] = _Journal(tables)
        kinds = [(kind.name, kind.title) for kind in KINDS]
        tables.insert_all("INSERT OR REPLACE INTO kinds VALUES (?, ?)", kinds)
    made = postings(entry, journal)
    if made:
        journal.keep(entry.id, made)
        tables.insert_all(_INSERT, _rows(entry, made))


def _rows(entry: Entry[Any], made: Sequence[Posting]) -> list[Sequence[Any]]:
    position, event = entry.position, entry.id
    rows: list[Sequence[Any]] = []
    for one in made:
        obligation, kind, debtor, creditor, amount, unit, day, reason, claim, due, beyond, per = one
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
        )
        rows.append(row)
    return rows


@lru_cache(_MOST_KEPT)
def _hundredths(amount: Decimal) -> int:
    return int(amount * _HUNDRED)


_text = lru_cache(_MOST_KEPT)(date.isoformat)


PROJECTION = Projection(OBLIGATIONS, FAMILIES, _apply)
