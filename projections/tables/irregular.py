"""The fold behind the mark *irregular*: what the rules of this release would refuse, and why.

Whoever runs a ledger can append past the rules. So each entry is judged again by those that
stood before it, authority included, as `ledger.audit` judges it for `check` and `verify`.
What was owed where an entry cites a place is told by the journal, whose fold comes before this.
What kept the rules of its day is not marked.
"""

from __future__ import annotations

from typing import Any

from ledger.days import date_of
from ledger.decision_model.stricter import lasting
from ledger.domain.decide import FAMILIES, judge_again
from ledger.errors import LedgerError
from ledger.format.entry import Entry
from ledger.log.merkle import Tree
from ledger.recording.cited import CITING, Before, cited_faults
from ledger.recording.posted import owed_in
from projections.tables.fold import Projection, Tables
from projections.tables.history import effective_at
from projections.tables.layouts import IRREGULAR

_INSERT = "INSERT INTO irregular VALUES (?, ?, ?)"


def _apply(entry: Entry[Any], tables: Tables) -> None:
    book = tables.book
    recorded_at = effective_at(entry, tables)
    reasons = judge_again(entry, recorded_at, book.look, book.derived)
    reasons += _cited(entry, tables)
    irregular = lasting(reasons, date_of(recorded_at))
    tables.insert_all(_INSERT, [(entry.position, entry.id, str(one)) for one in irregular])


def _cited(entry: Entry[Any], tables: Tables) -> list[str]:
    """Return what is wrong with the place that an entry cites, as far as the log tells."""
    if entry.name not in CITING:
        return []
    try:
        tree = Tree(tables.store.log)
        before = Before(min(entry.position - 1, tree.size), tree.root, owed_in(tables))
        return list(cited_faults(entry, before))
    except LedgerError:
        # The log is damaged, as `check` says: what is owed does not hang on it.
        return []


PROJECTION = Projection(IRREGULAR, FAMILIES, _apply)
