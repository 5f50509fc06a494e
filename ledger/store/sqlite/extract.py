"""Some entries of a record, each at its position there: what a bundle holds, as a store."""

from __future__ import annotations

from collections.abc import Sequence

from eventsourcing.dcb.api import DCBEvent

from ledger.store.recorder import refuse_odd
from ledger.store.sqlite.indices import index
from ledger.store.sqlite.store import SQLiteEntryStore

__all__ = ["SQLiteExtract"]


class SQLiteExtract(SQLiteEntryStore):
    """A store with gaps: whoever reads it finds what is here, and nothing where nothing is."""

    size = 0
    """How many entries the record has that these are of."""

    def head(self) -> int:
        """Return the last position of the record, whether or not its entry is here."""
        return self.size

    def put_at(self, numbered: Sequence[tuple[int, DCBEvent]]) -> None:
        """Keep entries at their positions, within this `writing()`."""
        refuse_odd(numbered)
        connection = self._database.in_writing()
        self.recorder.insert(connection, numbered)
        index(connection)  # there may be gaps of any length, and nothing comes later
