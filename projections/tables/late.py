"""The fold behind the mark *late*: what was recorded many days after it happened."""

from __future__ import annotations

from typing import Any

from ledger.days import date_of
from ledger.domain.registers import ledger
from ledger.format.entry import Entry
from projections.tables.fold import Projection, Tables
from projections.tables.history import effective_at
from projections.tables.layouts import LATE

_INSERT = "INSERT OR IGNORE INTO late VALUES (?, ?)"


def _apply(entry: Entry[Any], tables: Tables) -> None:
    days = (date_of(effective_at(entry, tables)) - entry.occurred_on).days
    if days > ledger.late_days(tables.look):
        tables.insert(_INSERT, (entry.id, days))


PROJECTION = Projection(LATE, (ledger.RULES,), _apply)
