"""The fold behind the mark *irregular*: what the rules of this release would refuse, and why.

Whoever runs a ledger can append past the rules. So each entry is judged again by those that
stood before it, authority included, as `ledger.audit` judges it for `check` and `verify`.
What kept the rules of its day is not marked.
"""

from __future__ import annotations

from typing import Any

from ledger.days import date_of
from ledger.decision_model.stricter import lasting
from ledger.domain.decide import FAMILIES, judge_again
from ledger.format.entry import Entry
from projections.tables.fold import Projection, Tables
from projections.tables.history import effective_at
from projections.tables.layouts import IRREGULAR

_INSERT = "INSERT INTO irregular VALUES (?, ?, ?)"


def _apply(entry: Entry[Any], tables: Tables) -> None:
    book = tables.book
    recorded_at = effective_at(entry, tables)
    reasons = judge_again(entry, recorded_at, book.look, book.derived)
    irregular = lasting(reasons, date_of(recorded_at))
    tables.insert_all(_INSERT, [(entry.position, entry.id, str(one)) for one in irregular])


PROJECTION = Projection(IRREGULAR, FAMILIES, _apply)
