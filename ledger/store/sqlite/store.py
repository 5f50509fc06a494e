"""The ledger in one SQLite file, and a recorder that serves any `DCBApplication`.

The library is loaded where its recorder is asked for, and not by whoever only reads: that takes a
fifth of a whole answer (`ledger/store/sqlite/factory` for what configures an application).

`:memory:` names a database in memory. A decision reads and appends within `writing()`, which is
BEGIN IMMEDIATE: nobody else can change what it has read, so it never has to be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

import orjson

from ledger.store.base import LAST, PAGE, EntryStore, Row, Selector, as_bytes
from ledger.store.matching import storable
from ledger.store.sqlite.database import IN_MEMORY, TIMEOUT, Database, failing_clearly
from ledger.store.sqlite.indices import (
    AT_ONCE,
    BY_TYPES,
    FIRST_BY_TAG,
    MISFILED,
    is_at_once,
)
from ledger.store.sqlite.indices import by_tag as indexed_by_tag
from ledger.store.sqlite.opening import misdeclared, open_database
from ledger.store.sqlite.queries import HEAD
from ledger.store.sqlite.tables import SQLiteLog, SQLiteMeta, SQLiteVault

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBEvent

    from ledger.store.sqlite.recorder import SQLiteDCBRecorder

__all__ = ["SQLiteEntryStore"]

_MOST_FOUND: Final = 20
_MANY: Final = 100
_TYPES: Final = {
    "events": {"position": "integer", "type": "text", "data": "blob", "tags": "text"},
    "tags": {"tag": "text", "type": "text", "position": "integer"},
    "vault": {"number": "integer", "event": "text", "pointer": "text", "salt": "blob"}
    | {"value": "text", "salt_digest": "blob"},
    "types": {"type": "text", "position": "integer"},
    "indexed": {"position": "integer"},
    "log": {"idx": "integer", "hashes": "blob"},
    "meta": {"name": "text", "value": "text"},
}
_MISTYPED: Final = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM {table} WHERE "  # noqa: S608 - constants
    + " OR ".join(f"typeof({column}) != '{kind}'" for column, kind in columns.items())
    for table, columns in _TYPES.items()
)
_AHEAD: Final = (
    "SELECT position FROM indexed WHERE position > (SELECT ifnull(max(position), 0) FROM events)"
)
_AFTER_ALL: Final = "\U0010ffff"


class SQLiteEntryStore(EntryStore):
    """Entries, vault and log in one database, and so in one transaction."""

    vault: SQLiteVault
    log: SQLiteLog

    def __init__(self, database: Database) -> None:
        self._database = database
        self.vault = SQLiteVault(database)
        self.log = SQLiteLog(database)
        self.meta = SQLiteMeta(database)

    @classmethod
    def open(
        cls,
        path: str,
        *,
        create: bool = False,
        read_only: bool = False,
        timeout: float = TIMEOUT,
    ) -> Self:
        """Open the ledger at a path, waiting `timeout` seconds at most for other writers."""
        store = cls(open_database(path, create=create, read_only=read_only, timeout=timeout))
        store.path = None if path == IN_MEMORY else path
        return store

    @cached_property
    def recorder(self) -> SQLiteDCBRecorder:
        """The library's recorder over the same database."""
        from ledger.store.sqlite.recorder import SQLiteDCBRecorder  # noqa: PLC0415 - see above

        return SQLiteDCBRecorder(self._database)

    @contextmanager
    def writing(self) -> Iterator[Self]:
        """Begin to write alone."""
        with self._database.writing():
            yield self

    @contextmanager
    def writing_lazily(self) -> Iterator[Callable[[], None]]:
        """Begin to write alone what can be made anew."""
        with self._database.writing(lazily=True):
            yield self._database.sync_after_commit

    def append_entries(self, events: Sequence[DCBEvent], ids: Sequence[str]) -> int:
        """Append entries already decided within this `writing()`."""
        connection = self._database.in_writing()
        if len(set(ids)) != len(events) or self.named(ids):
            from eventsourcing.persistence import IntegrityError  # noqa: PLC0415 - see above

            raise IntegrityError("an entry is recorded a second time")
        with failing_clearly():
            self._database.expect(many=len(events) >= _MANY)
            return self.recorder.insert_after(connection, events, self.head())

    def named(self, ids: Sequence[str]) -> list[str]:
        """Return which of these event ids some entry names."""
        if len(ids) == 1:
            # Said plainly, in half the time: what every single append asks, twice.
            own = self._database.fetch(
                "SELECT 1 FROM tags WHERE tag = ? LIMIT 1", (AT_ONCE + ids[0],)
            )
            return list(ids) if own else []
        rows = self._database.fetch(
            "SELECT own.value FROM json_each(?) AS own"
            " WHERE EXISTS (SELECT 1 FROM tags WHERE tag = own.value)",
            (orjson.dumps([AT_ONCE + event for event in ids]).decode(),),
        )
        return [tag.removeprefix(AT_ONCE) for (tag,) in rows]

    def head(self) -> int:
        """Return the last entry's position."""
        return int(self._database.fetch(HEAD)[0][0])

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Go through the entries that are there now."""
        rows = self._database.scan(
            "SELECT position, data FROM events"
            " WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",
            after,
            self.head(),
            PAGE if limit is None else max(1, min(PAGE, limit)),
        )
        return ((position, as_bytes(data)) for position, data in islice(rows, limit))

    def by_tag(
        self, tag: str, types: Sequence[str] = (), after: int = 0, before: int | None = None
    ) -> list[Row]:
        """Return the entries with this tag and one of these types."""
        return self._database.fetch(*_by_tag(tag, types, after, before))

    def first_by_tag(self, tag: str) -> Row | None:
        """Return the first entry with this tag, looked up by each type that has it."""
        rows = self._database.fetch(FIRST_BY_TAG, {"tag": tag})
        if rows or is_at_once(tag):
            return rows[0] if rows else None
        return super().first_by_tag(tag)

    def by_tags(
        self, selectors: Sequence[Selector], after: int = 0, before: int | None = None
    ) -> list[list[Row]]:
        """Return `by_tag` for each selector."""
        return self._database.fetch_each(
            [_by_tag(tag, types, after, before) for tag, types in selectors]
        )

    def by_types(
        self, types: Sequence[str], after: int = 0, before: int | None = None
    ) -> list[Row]:
        """Return the entries of one of these types."""
        listed = orjson.dumps(sorted(set(types))).decode()
        return self._database.fetch(BY_TYPES, (listed, after, LAST if before is None else before))

    def filed(self, first: int, last: int) -> dict[int, tuple[str, list[str]]]:
        """Return the type and tags kept beside the entries from a first to a last position."""
        rows = self._database.fetch(
            "SELECT position, type, tags FROM events WHERE position BETWEEN ? AND ?", (first, last)
        )
        return {position: (name, orjson.loads(tags)) for position, name, tags in rows}

    def misfiled(self) -> list[int]:
        """Return the positions whose rows of the tag table differ from their tags."""
        rows = self._database.fetch(MISFILED)
        return sorted({int(position) for (position,) in rows})

    def damage(self) -> Iterator[str]:
        """Say what SQLite's integrity check finds, and which numbers and digests are not right."""
        for (found,) in self._database.fetch(f"PRAGMA integrity_check({_MOST_FOUND})"):
            if found != "ok":
                yield f"the database finds its file damaged: {found}"
        for name in misdeclared(self._database):
            yield f"{name} is not declared in the file as this software declares it"
        for table, count in self._database.fetch(_MISTYPED):
            if count:
                yield f"{count} rows of {table} hold a value of another type than its column's"
        for (position,) in self._database.fetch(_AHEAD):
            yield f"entries are said to be indexed up to {position}, and they end before that"
        for idx in self.log.misshapen():
            yield f"row {idx} of the log does not hold as many hashes as entry {idx + 1} completes"
        for number in self.vault.misnoted():
            yield f"text {number} of the vault is kept under the digest of another salt"

    def event_ids(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the first ids that begin so."""
        if not storable([prefix]):
            return []
        rows = self._database.fetch(
            "SELECT DISTINCT tag FROM tags WHERE tag >= ? AND tag < ? ORDER BY tag LIMIT ?",
            (AT_ONCE + prefix, AT_ONCE + prefix + _AFTER_ALL, limit),
        )
        return [tag.removeprefix(AT_ONCE) for (tag,) in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _by_tag(
    tag: str, types: Sequence[str], after: int, before: int | None
) -> tuple[str, tuple[object, ...]]:
    sql = indexed_by_tag(len(types), at_once=is_at_once(tag))
    return sql, (tag, after, LAST if before is None else before, *types)
