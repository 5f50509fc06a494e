"""Rows on their way into a database: kept back, and written many at once."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

__all__ = ["Rows"]

_FLUSH_ROWS = 1_000
_AT_ONCE = 32
"""Rows that one statement writes: each then costs a fifth less than by itself."""


class Rows:
    """The tables behind a connection; whoever calls `fetch` reads what was kept back as well."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Write to a connection within its transaction."""
        self._connection = connection
        self._rows: dict[str, list[Sequence[Any]]] = defaultdict(list)
        self._pending = 0

    def insert(self, sql: str, row: Sequence[Any]) -> None:
        """Keep a row for a statement `INSERT … VALUES (…)`."""
        self._rows[sql].append(row)
        self._pending += 1
        if self._pending >= _FLUSH_ROWS:
            self.flush()

    def insert_all(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Keep rows for one statement."""
        if not rows:
            return
        self._rows[sql].extend(rows)
        self._pending += len(rows)
        if self._pending >= _FLUSH_ROWS:
            self.flush()

    def execute(self, sql: str, *parameters: Any) -> None:
        """Change rows at once, those kept back included."""
        self.flush()
        self._connection.execute(sql, parameters)

    def fetch(self, sql: str, *parameters: Any) -> list[Any]:
        """Read rows, those kept back included."""
        self.flush()
        return self.written(sql, *parameters)

    def written(self, sql: str, *parameters: Any) -> list[Any]:
        """Read rows, those kept back left out."""
        return self._connection.execute(sql, parameters).fetchall()

    def flush(self) -> None:
        """Write the rows kept back."""
        for sql, rows in self._rows.items():
            whole = len(rows) - len(rows) % _AT_ONCE
            # Statements are prepared once and kept by the connection, found by this very text.
            many = _many(sql)
            for first in range(0, whole, _AT_ONCE):
                values = list(chain.from_iterable(rows[first : first + _AT_ONCE]))
                self._connection.execute(many, values)
            self._connection.executemany(sql, rows[whole:])
        self._rows.clear()
        self._pending = 0


@cache
def _many(sql: str) -> str:
    """Return a statement `INSERT … VALUES (…)` that writes many rows."""
    start, values, marks = sql.rpartition("VALUES ")
    return start + values + ", ".join([marks] * _AT_ONCE)
