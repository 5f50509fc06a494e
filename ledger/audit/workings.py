"""What whoever reads a whole record notes down to find again, in a temporary file.

Which entry has which id, which entries name which things and parties, which sealed text is there,
and every posting: most of it is never asked for again, and all of it together is as long as the
record. SQLite makes the file where temporary files go, without a name, as soon as there is more
than it keeps in memory; it is gone when nobody uses it any more.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ledger.audit.sealed_fields import Field
from ledger.decision_model.postings_table import POSTINGS
from ledger.errors import StoreError
from ledger.format.entry import Entry
from ledger.rows import Rows

__all__ = ["Workings"]

_TABLES = f"""
    PRAGMA journal_mode=OFF;
    PRAGMA temp_store=FILE;
    PRAGMA cache_size=-32768;
    CREATE TABLE ids (id TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE named (
        tag TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (tag, name, position)
    ) WITHOUT ROWID;
    CREATE TABLE opened (
        event TEXT NOT NULL, pointer TEXT NOT NULL, PRIMARY KEY (event, pointer)
    ) WITHOUT ROWID;
    {POSTINGS}
    BEGIN;
"""
_NOTE_ID = "INSERT OR IGNORE INTO ids VALUES (?, ?)"
_NAME = "INSERT OR IGNORE INTO named VALUES (?, ?, ?)"
_OPENED = "INSERT OR IGNORE INTO opened VALUES (?, ?)"
_IS_OPENED = "SELECT 1 FROM opened WHERE event=? AND pointer=?"


class Workings(Rows):
    """Tables of what was read so far: ids, threads, sealed fields and postings."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        connection = sqlite3.connect("", isolation_level=None)
        super().__init__(connection)
        weakref.finalize(self, connection.close)
        with _failing_clearly():
            connection.executescript(_TABLES)

    def note_ids(self, ids: Sequence[tuple[str, int]]) -> bool:
        """Note where ids stand, each where it stood first; tell whether all are new."""
        with _failing_clearly():
            noted = self._connection.executemany(_NOTE_ID, ids).rowcount
        return not ids or noted == len(ids)

    def position_of(self, event: str) -> int | None:
        """Return where an id stood first, None where it is not known."""
        found = self.written("SELECT position FROM ids WHERE id=?", event)
        return found[0][0] if found else None

    def positions(self) -> Iterator[int]:
        """Go through the positions at which an id stood first, in order."""
        return (row[0] for row in self.written("SELECT position FROM ids ORDER BY position"))

    def note_tags(self, entry: Entry[Any]) -> None:
        """Note what the next entry names."""
        name, position = entry.name, entry.position
        self.insert_all(_NAME, [(tag, name, position) for tag in entry.tags])

    def thread(self, tag: str, types: Sequence[str], before: int | None) -> list[int]:
        """Return the positions of entries with a tag, in order; no types mean any type."""
        named = f" AND name IN ({', '.join('?' * len(types))})" if types else ""
        until = "" if before is None else " AND position < ?"
        sql = f"SELECT position FROM named WHERE tag=?{named}{until} ORDER BY position"  # noqa: S608 - only marks
        parameters = (tag, *types) if before is None else (tag, *types, before)
        return [row[0] for row in self.fetch(sql, *parameters)]

    def note_opened(self, field: Field) -> None:
        """Note a sealed field whose text is there, and is the text that was sealed."""
        self.insert(_OPENED, field)

    def is_opened(self, field: Field) -> bool:
        """Return whether the text of a sealed field is there, and is the text that was sealed."""
        return bool(self.fetch(_IS_OPENED, *field))

    def written(self, sql: str, *parameters: Any) -> list[Any]:
        """Read rows, those kept back left out."""
        with _failing_clearly():
            return super().written(sql, *parameters)

    def flush(self) -> None:
        """Write the rows kept back."""
        with _failing_clearly():
            super().flush()


@contextmanager
def _failing_clearly() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"what is noted while the record is read cannot be kept in a temporary file: {error}",
            todo="Make room where temporary files go, about as much as the record takes, or name"
            " another folder: `SQLITE_TMPDIR=FOLDER school-ledger verify`.",
        ) from error
