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

    promised: dict[str, Callable[[_Row], bool]] = {
        "target": lambda row: row["opened_by"] in set_by_itself,
        "brokerage": lambda row: row["debtor"].startswith("partnership:"),
    }

    def ground(row: _Row) -> str:
        is_promise = promised.get(row["kind"])
        if is_promise is not None and is_promise(row):
            return _PROMISE
        return str(by_kind[row["kind"]])

    return ground
