"""The tables beside the entries: vault, log and a few named values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from psycopg import errors

from ledger.errors import StoreError
from ledger.store.base import LAST, LogNodes, Meta, Node, Text, Vault
from ledger.store.postgres.database import Database

_LIVE: Final = "NOT erased"
_PUT: Final = (
    "INSERT INTO vault (event, pointer, salt, value, salt_digest) VALUES (%s, %s, %s, %s, %s)"
)


class PostgresVault(Vault):
    """The vault as a table, written anew where text is erased."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, disclosures: Iterable[Text]) -> None:
        """Keep texts, all or none."""
        rows = [
            (event, pointer, salt, value, _digest(salt))
            for event, pointer, salt, value in disclosures
        ]
        if not rows:
            return
        with self._database.joining() as connection:
            try:
                with connection.transaction():
                    connection.cursor().executemany(_PUT, rows)
            except errors.UniqueViolation as error:
                raise _refusal(error) from error

    def get(self, event: str) -> dict[str, tuple[bytes, str]]:
        """Return salt and text by pointer."""
        return self.get_many([event]).get(event, {})

    def get_many(self, events: Iterable[str]) -> dict[str, dict[str, tuple[bytes, str]]]:
        """Return `get` by event."""
        found: dict[str, dict[str, tuple[bytes, str]]] = {}
        for event, pointer, salt, value in self._database.fetch(
            "SELECT event, pointer, salt, value FROM vault"  # noqa: S608 - a constant
            f" WHERE event = ANY(%s) AND {_LIVE} ORDER BY number",
            (list(events),),
        ):
            found.setdefault(event, {})[pointer] = (salt, value)
        return found

    def all(self) -> Iterator[Text]:
        """Go through every text that is not erased."""
        rows = self._database.scan(
            "SELECT number, event, pointer, salt, value FROM vault"  # noqa: S608 - a constant
            f" WHERE number > %s AND number <= %s AND {_LIVE} ORDER BY number LIMIT %s",
            0,
            LAST,
        )
        return ((event, pointer, salt, value) for _, event, pointer, salt, value in rows)

    def events(self) -> Iterator[str]:
        """Go through the events that have any text."""
        rows = self._database.fetch(
            f"SELECT DISTINCT event FROM vault WHERE {_LIVE} ORDER BY event"  # noqa: S608
        )
        return (event for (event,) in rows)

    def used(self, salts: Iterable[bytes]) -> set[bytes]:
        """Return which of these salts were ever used."""
        by_digest = {_digest(salt): salt for salt in salts}
        if not by_digest:
            return set()
        rows = self._database.fetch(
            "SELECT salt_digest FROM vault WHERE salt_digest = ANY(%s)", (list(by_digest),)
        )
        return {by_digest[digest] for (digest,) in rows}

    def misnoted(self) -> Iterator[int]:
        """Go through the rows whose salt is not the one that its digest is kept of."""
        rows = self._database.scan(
            "SELECT number, salt, salt_digest FROM vault"  # noqa: S608 - a constant
            f" WHERE number > %s AND number <= %s AND {_LIVE} ORDER BY number LIMIT %s",
            0,
            LAST,
        )
        return (number for number, salt, digest in rows if _digest(salt) != digest)

    def erase(self, event: str, pointer: str) -> bool:
        """Erase one text for good.

        An update leaves the former row in the table's file, so that is written anew once this is
        committed: the new file holds no row but those that are read.
        """
        with self._database.joining() as connection:
            erased = connection.execute(
                "UPDATE vault SET salt = '', value = '', erased = true"  # noqa: S608 - a constant
                f" WHERE event = %s AND pointer = %s AND {_LIVE}",
                (event, pointer),
            )
            self._database.after_commit("VACUUM FULL vault")
            return erased.rowcount == 1


def _digest(salt: bytes) -> bytes:
    return hashlib.sha256(salt).digest()


def _refusal(error: errors.UniqueViolation) -> StoreError:
    if "salt_digest" in (error.diag.constraint_name or ""):
        return StoreError(
            "a salt is used a second time", todo="Seal the text again with a fresh salt."
        )
    return StoreError("a sealed field is disclosed a second time")


class PostgresLog(LogNodes):
    """The log's nodes as a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, nodes: Iterable[Node]) -> None:
        """Keep nodes, all by one statement."""
        rows = list(nodes)
        if not rows:
            return
        levels, indices, hashes = zip(*rows, strict=True)
        with self._database.joining() as connection:
            connection.execute(
                "INSERT INTO log SELECT * FROM unnest(%s::int[], %s::bigint[], %s::bytea[])",
                (list(levels), list(indices), list(hashes)),
            )

    def get(self, level: int, index: int) -> bytes | None:
        """Return a node's hash."""
        return self.get_many([(level, index)])[0]

    def get_many(self, places: Sequence[tuple[int, int]]) -> list[bytes | None]:
        """Return the hashes at (level, index)."""
        if not places:
            return []
        levels, indices = zip(*places, strict=True)
        rows = self._database.fetch(
            "SELECT log.hash FROM unnest(%s::int[], %s::bigint[])"
            " WITH ORDINALITY AS place(level, idx, number)"
            " LEFT JOIN log ON log.level = place.level AND log.idx = place.idx"
            " ORDER BY place.number",
            (list(levels), list(indices)),
        )
        return [node for (node,) in rows]

    def size(self) -> int:
        """Return the number of leaves."""
        rows = self._database.fetch("SELECT coalesce(max(idx), -1) + 1 FROM log WHERE level = 0")
        return int(rows[0][0])

    def leaves(self, start: int, stop: int) -> Iterator[bytes]:
        """Go through some leaves."""
        rows = self._database.scan(
            "SELECT idx, hash FROM log WHERE level = 0 AND idx > %s AND idx <= %s"
            " ORDER BY idx LIMIT %s",
            start - 1,
            stop - 1,
        )
        return (leaf for _, leaf in rows)

    def clear(self) -> None:
        """Drop every node."""
        with self._database.joining() as connection:
            connection.execute("DELETE FROM log")


class PostgresMeta(Meta):
    """Named values as a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        """Return every value by its name."""
        rows = self._database.fetch("SELECT name, value FROM meta")
        return {str(name): str(value) for name, value in rows}

    def get(self, name: str) -> str | None:
        """Return the value."""
        rows = self._database.fetch("SELECT value FROM meta WHERE name = %s", (name,))
        return rows[0][0] if rows else None

    def put(self, name: str, value: str) -> None:
        """Keep the value in place of an earlier one."""
        with self._database.joining() as connection:
            connection.execute(
                "INSERT INTO meta VALUES (%s, %s)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
