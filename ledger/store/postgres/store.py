"""The ledger in one PostgreSQL database, and a recorder that serves any `DCBApplication`.

::

    PERSISTENCE_MODULE=ledger.store.postgres.store
    POSTGRES_URL=postgresql://registrar@db.northwick.example/ledger

Whoever decides within `writing()` has the table of entries locked against other writers, so that
nothing has to be decided again; readers are not held up. One statement is judged without the lock,
and appended by one call that looks whether it is to be judged again (`appending`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final, Self

from eventsourcing.dcb.api import DCBEvent
from eventsourcing.dcb.persistence import DCBInfrastructureFactory
from eventsourcing.persistence import IntegrityError, TrackingRecorder
from eventsourcing.utils import Environment, EnvType

from ledger.errors import StoreError
from ledger.store.base import LAST, PAGE, EntryStore, Judged, Row, Selector, Taken
from ledger.store.matching import storable
from ledger.store.postgres.appending import FUNCTION, append_judged
from ledger.store.postgres.database import TIMEOUT, Database, failing_clearly
from ledger.store.postgres.recorder import PostgresDCBRecorder
from ledger.store.postgres.tables import PostgresLog, PostgresMeta, PostgresVault

__all__ = ["PostgresDCBFactory", "PostgresDCBRecorder", "PostgresEntryStore"]

_EVENT: Final = "event:"
_AFTER_ALL: Final = "\U0010ffff"
_VERSION: Final = "2"
_CREATING: Final = 0x4C644772
"""The key of the lock under which tables are made: ASCII "LdGr"."""

# Text is compared by its bytes, as everywhere in the ledger, whatever the database's language.
_TABLES: Final = f"""
CREATE TABLE IF NOT EXISTS events (
    position bigint PRIMARY KEY,
    type text COLLATE "C" NOT NULL,
    data bytea NOT NULL,
    tags text[] NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_type ON events (type, position);
CREATE TABLE IF NOT EXISTS tags (
    tag text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (tag, type, position)
);
CREATE TABLE IF NOT EXISTS vault (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event text COLLATE "C" NOT NULL,
    pointer text COLLATE "C" NOT NULL,
    salt bytea NOT NULL,
    value text NOT NULL,
    salt_digest bytea NOT NULL UNIQUE,
    erased boolean NOT NULL DEFAULT false,
    UNIQUE (event, pointer)
);
CREATE TABLE IF NOT EXISTS log (
    level int NOT NULL,
    idx bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (level, idx)
);
CREATE TABLE IF NOT EXISTS meta (
    name text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
);
CREATE TABLE IF NOT EXISTS school_ledger (version text NOT NULL);
INSERT INTO school_ledger SELECT '{_VERSION}' WHERE NOT EXISTS (SELECT 1 FROM school_ledger);
{FUNCTION}
"""  # noqa: S608 - constants
_THERE: Final = "SELECT to_regclass('school_ledger') IS NOT NULL"
_OTHERS_THERE: Final = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    " AND tablename IN ('events', 'tags', 'vault', 'log', 'meta') LIMIT 1"
)
_FILED: Final = "SELECT DISTINCT tag, type, position FROM events, unnest(tags) AS tag"
_INDEXED: Final = "SELECT tag, type, position FROM tags"
_MISFILED: Final = (
    f"SELECT position FROM (({_FILED}) EXCEPT ({_INDEXED})) AS a"  # noqa: S608 - constants
    f" UNION SELECT position FROM (({_INDEXED}) EXCEPT ({_FILED})) AS b ORDER BY 1"
)
_NAMED: Final = (
    "SELECT own FROM unnest(%s::text[]) AS own"
    " WHERE EXISTS (SELECT 1 FROM tags WHERE tag = 'event:' || own)"
)
_HEAD_AND_NAMED: Final = f"SELECT coalesce(max(position), 0), EXISTS ({_NAMED}) FROM events"  # noqa: S608 - a constant
_BY_TAG: Final = (
    "SELECT e.position, e.data FROM tags AS t JOIN events AS e ON e.position = t.position"
    " WHERE t.tag = %s AND t.position > %s AND t.position < %s ORDER BY t.position"
)
_FIRST_BY_TAG: Final = f"{_BY_TAG} LIMIT 1"
_BY_TAG_AND_TYPE: Final = _BY_TAG.replace("t.tag = %s", "t.tag = %s AND t.type = ANY(%s)")


class PostgresEntryStore(EntryStore):
    """Entries, vault and log in one database, and so in one transaction."""

    vault: PostgresVault
    erased_remains = (
        "Erased text may remain in the server's write-ahead log until it is recycled or archived"
        " copies of it are deleted, on replicas until they have caught up, and in every dump or"
        " backup made before: delete those."
    )

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recorder = PostgresDCBRecorder(database)
        self.vault = PostgresVault(database)
        self.log = PostgresLog(database)
        self.meta = PostgresMeta(database)

    @property
    def recorder(self) -> PostgresDCBRecorder:
        """The library's recorder over the same database."""
        return self._recorder

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = False,
        read_only: bool = False,
        timeout: float = TIMEOUT,
    ) -> Self:
        """Open the ledger in a database, waiting `timeout` seconds at most for other writers.

        Only `create` makes tables. Raises StoreError saying what is there instead of a ledger.
        """
        database = Database(url, read_only=read_only, timeout=timeout)
        try:
            if create and not read_only:
                _create(database)
            _refuse_other(database)
        except BaseException:
            database.close()
            raise
        store = cls(database)
        store.path = url
        return store

    @property
    def database(self) -> Database:
        """The database, for whoever keeps a table of its own beside these."""
        return self._database

    @contextmanager
    def writing(self) -> Iterator[Self]:
        """Begin to write alone."""
        with self._database.writing():
            yield self

    @contextmanager
    def writing_lazily(self) -> Iterator[Callable[[], None]]:
        """Begin to write alone what can be made anew."""
        asked: list[bool] = []
        with self._database.writing() as connection:
            yield lambda: asked.append(True)
            if not asked:
                with failing_clearly():
                    connection.execute("SET LOCAL synchronous_commit = off")

    def append_entries(self, events: Sequence[DCBEvent], ids: Sequence[str]) -> int:
        """Append entries already decided within this `writing()`."""
        connection = self._database.in_writing()
        # Asked for at once: the way to the server and back is a good part of an append.
        [(head, is_named)] = self._database.fetch(_HEAD_AND_NAMED, (list(ids),))
        if is_named or len(set(ids)) != len(events):
            raise IntegrityError("an entry is recorded a second time")
        with failing_clearly():
            return self.recorder.insert_after(connection, events, head)

    takes_judged = True

    def append_judged(self, judged: Judged) -> Taken:
        """Append an entry that was judged without keeping others out."""
        return append_judged(self._database, judged)

    def named(self, ids: Sequence[str]) -> list[str]:
        """Return which of these event ids some entry names."""
        if not ids:
            return []
        return [event for (event,) in self._database.fetch(_NAMED, (list(ids),))]

    def head(self) -> int:
        """Return the last entry's position."""
        return self.recorder.head()

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Go through the entries that are there now."""
        rows = self._database.scan(
            "SELECT position, data FROM events"
            " WHERE position > %s AND position <= %s ORDER BY position LIMIT %s",
            after,
            self.head(),
            PAGE if limit is None else max(1, min(PAGE, limit)),
        )
        return islice(rows, limit)

    def by_tag(
        self, tag: str, types: Sequence[str] = (), after: int = 0, before: int | None = None
    ) -> list[Row]:
        """Return the entries with this tag and one of these types."""
        return self._database.fetch(*_by_tag(tag, types, after, before))

    def first_by_tag(self, tag: str) -> Row | None:
        """Return the first entry with this tag."""
        return next(iter(self._database.fetch(_FIRST_BY_TAG, (tag, 0, LAST))), None)

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
        return self._database.fetch(
            "SELECT position, data FROM events"
            " WHERE type = ANY(%s) AND position > %s AND position < %s ORDER BY position",
            (list(types), after, LAST if before is None else before),
        )

    def filed(self, first: int, last: int) -> dict[int, tuple[str, list[str]]]:
        """Return the type and tags kept beside the entries from a first to a last position."""
        rows = self._database.fetch(
            "SELECT position, type, tags FROM events WHERE position BETWEEN %s AND %s",
            (first, last),
        )
        return {position: (name, tags) for position, name, tags in rows}

    def misfiled(self) -> list[int]:
        """Return the positions whose rows of the tag table differ from their tags."""
        return [int(position) for (position,) in self._database.fetch(_MISFILED)]

    def damage(self) -> Iterator[str]:
        """Say which positions and digests are not right; PostgreSQL looks after its own files."""
        [(count, last)] = self._database.fetch(
            "SELECT count(*), coalesce(max(position), 0) FROM events"
        )
        if count != last:
            yield f"the database holds {count} entries, and the last one's position is {last}"
        for number in self.vault.misnoted():
            yield f"text {number} of the vault is kept under the digest of another salt"

    def event_ids(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the first ids that begin so."""
        if not storable([prefix]):
            return []
        rows = self._database.fetch(
            "SELECT DISTINCT tag FROM tags WHERE tag >= %s AND tag < %s ORDER BY tag LIMIT %s",
            (_EVENT + prefix, _EVENT + prefix + _AFTER_ALL, limit),
        )
        return [tag.removeprefix(_EVENT) for (tag,) in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _by_tag(
    tag: str, types: Sequence[str], after: int, before: int | None
) -> tuple[str, tuple[object, ...]]:
    last = LAST if before is None else before
    if types:
        return _BY_TAG_AND_TYPE, (tag, list(types), after, last)
    return _BY_TAG, (tag, after, last)


def _create(database: Database) -> None:
    """Make the tables; of several that do so at once one does, and the others wait for it."""
    with database.plain() as connection, failing_clearly(), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_CREATING,))
        [(there,)] = connection.execute(_THERE).fetchall()
        other = None if there else connection.execute(_OTHERS_THERE).fetchone()
        if other is not None:
            raise StoreError(
                "the database holds something else than a ledger",
                got=f"a table {other[0]}",
                todo="Make a database for the ledger alone: createdb northwick.",
            )
        if not there:
            connection.execute(_TABLES)


def _refuse_other(database: Database) -> None:
    [(there,)] = database.fetch(_THERE)
    if not there:
        raise StoreError(
            "there is no ledger in this database",
            todo="Found one with `school-ledger init`, or load one with `school-ledger load`.",
        )
    rows = database.fetch("SELECT version FROM school_ledger")
    if [version for (version,) in rows] != [_VERSION]:
        raise StoreError(
            "the tables of this ledger are of another release",
            got=", ".join(version for (version,) in rows),
            expected=_VERSION,
        )


class PostgresDCBFactory(DCBInfrastructureFactory[TrackingRecorder]):
    """Opens the store that the environment names.

    POSTGRES_URL is where. CREATE_TABLE=yes makes a ledger where there is none, READ_ONLY=yes
    refuses to write.
    """

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._store: PostgresEntryStore | None = None

    def dcb_recorder(self) -> PostgresDCBRecorder:
        """Return the store's recorder."""
        return self.entry_store().recorder

    def entry_store(self) -> PostgresEntryStore:
        """Return the store, opened when first asked for."""
        if self._store is None:
            url = self.env.get("POSTGRES_URL")
            if not url:
                raise StoreError(
                    "the environment names no database", expected="POSTGRES_URL to be a URL"
                )
            self._store = PostgresEntryStore.open(
                url,
                create=self.env.get("CREATE_TABLE") == "yes",
                read_only=self.env.get("READ_ONLY") == "yes",
            ).alone()
        return self._store

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
