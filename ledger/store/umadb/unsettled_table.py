"""Texts on their way, where the side is a PostgreSQL database: a table of one row."""

from __future__ import annotations

from typing import Final

from ledger.store.postgres.database import TO_WRITE, Database, failing_clearly
from ledger.store.umadb.unsettled import Unsettled

_TABLE: Final = "CREATE TABLE IF NOT EXISTS unsettled (written bytea NOT NULL)"


class UnsettledTable(Unsettled):
    """A table that is emptied, and with it its file, once the row is settled."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self) -> None:
        """Make the table; whoever does so at once takes turns."""
        with self._database.joining() as connection:
            connection.execute(_TABLE)

    def _read(self) -> bytes | None:
        # Not within the transaction of who writes: emptying the table would wait for its end.
        with self._database.plain() as connection, failing_clearly():
            row = connection.execute("SELECT written FROM unsettled").fetchone()
        return row[0] if row else None

    def _put(self, written: bytes) -> None:
        with self._database.plain() as connection, failing_clearly():
            connection.execute(TO_WRITE)
            with connection.transaction():
                connection.execute("DELETE FROM unsettled")
                connection.execute("INSERT INTO unsettled VALUES (%s)", (written,))

    def clear(self) -> None:
        """Empty the table."""
        with self._database.plain() as connection, failing_clearly():
            connection.execute("TRUNCATE unsettled")
