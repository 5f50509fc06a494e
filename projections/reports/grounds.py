"""Why each thing is owed: by a promise, by a duty, or as an answer.

A kind has one ground, but for two: a target that a party sets itself is its promise, where
another's is a duty; and that help is found is a duty of the body responsible for a school, and
what a partnership promises its members by its ground rules.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ledger.store.base import EntryStore
from projections.reports.statements import said_about
from projections.tables.views import Moment

_PROMISE = "promise"
_Row = Mapping[str, Any]


def grounds_of(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, rows: Iterable[_Row]
) -> Callable[[_Row], str]:
    """Return what tells the ground of each of these rows, which tell obligations."""
    by_kind = dict(connection.execute("SELECT kind, ground FROM kinds").fetchall())
    targets = {row["opened_by"] for row in rows if row["kind"] == "target"}
    set_by_itself = {
        one.event
        for one in said_about(connection, store, at, ("TargetSet",), sorted(targets))
        if one.data["setter"] == one.data["about"]
    }

    def ground(row: _Row) -> str:
        if row["kind"] == "target" and row["opened_by"] in set_by_itself:
            return _PROMISE
        if row["kind"] == "brokerage" and row["debtor"].startswith("partnership:"):
            return _PROMISE
        return str(by_kind[row["kind"]])

    return ground
