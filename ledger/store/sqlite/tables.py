"""The tables beside the entries: vault, log and a few named values."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import orjson

from ledger.errors import StoreError
from ledger.store.base import LAST, LogNodes, Meta, Node, Text, Vault
from ledger.store.sqlite.database import Database

_LIVE: Final = "salt != zeroblob(length(salt))"
_MOST_AT_ONCE: Final = 500


class SQLiteVault(Vault):
    """The vault as a table whose rows never move and are erased where they lie."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, disclosures: Iterable[Text]) -> None:
        """Keep texts, all or none."""
        rows = [
            (event, pointer, salt, value, _digest(salt))
            for event, pointer, salt, value in disclosures
        ]
        with self._database.joining() as connection:
            if len(rows) == 1:
                _put(connection, rows)  # a statement by itself is kept whole or not at all
                return
            connection.execute("SAVEPOINT put")
            try:
                _put(connection, rows)
            except StoreError:
                connection.execute("ROLLBACK TO put")
                raise
            connection.execute("RELEASE put")

    def get(self, event: str) -> dict[str, tuple[bytes, str]]:
        """Return salt and text by pointer."""
        return self.get_many([event]).get(event, {})

    def get_many(self, events: Iterable[str]) -> dict[str, dict[str, tuple[bytes, str]]]:
        """Return `get` by event."""
        found: dict[str, dict[str, tuple[bytes, str]]] = {}
        for event, pointer, salt, value in self._database.fetch(
            "SELECT event, pointer, salt, value FROM vault"  # noqa: S608 - a constant
            f" WHERE event IN (SELECT value FROM json_each(?)) AND {_LIVE} ORDER BY number",
            (orjson.dumps(list(events)).decode(),),
        ):
            found.setdefault(event, {})[pointer] = (salt, value)
        return found

    def all(self) -> Iterator[Text]:
        """Go through every text that is not erased."""
        rows = self._database.scan(
            "SELECT number, event, pointer, salt, value FROM vault"  # noqa: S608 - a constant
            f" WHERE number > ? AND number <= ? AND {_LIVE} ORDER BY number LIMIT ?",
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
        digests = iter(by_digest)
        used: set[bytes] = set()
        while batch := list(islice(digests, _MOST_AT_ONCE)):
            marks = ", ".join("?" * len(batch))
            rows = self._database.fetch(
                f"SELECT salt_digest FROM vault WHERE salt_digest IN ({marks})",  # noqa: S608
                batch,
            )
            used.update(by_digest[digest] for (digest,) in rows)
        return used

    def misnoted(self) -> Iterator[int]:
        """Go through the rows whose salt is not the one that its digest is kept of."""
        rows = self._database.scan(
            "SELECT number, salt, salt_digest FROM vault"  # noqa: S608 - a constant
            f" WHERE number > ? AND number <= ? AND {_LIVE} ORDER BY number LIMIT ?",
            0,
            LAST,
        )
        return (number for number, salt, digest in rows if _digest(salt) != digest)

    def erase(self, event: str, pointer: str) -> bool:
        """Erase one text for good."""
        with self._database.joining() as connection:
            self._database.truncate_log_after_commit()
            # Blanks of the same length are written over the text itself, in place.
            erased = connection.execute(
                "UPDATE vault SET salt = zeroblob(length(salt)),"  # noqa: S608 - a constant
                " value = printf('%*s', length(CAST(value AS BLOB)), '')"
                f" WHERE event = ? AND pointer = ? AND {_LIVE}",
                (event, pointer),
            )
            return erased.rowcount == 1


def _put(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    try:
        connection.executemany(
            "INSERT INTO vault (event, pointer, salt, value, salt_digest) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
    except sqlite3.IntegrityError as error:
        raise _refusal(error) from error


def _digest(salt: bytes) -> bytes:
    return hashlib.sha256(salt).digest()


def _refusal(error: sqlite3.IntegrityError) -> StoreError:
    if "salt_digest" in str(error):
        return StoreError(
            "a salt is used a second time", todo="Seal the text again with a fresh salt."
        )
    return StoreError("a sealed field is disclosed a second time")


class SQLiteLog(LogNodes):
    """The log's nodes as a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, nodes: Iterable[Node]) -> None:
        """Keep nodes."""
        rows = list(nodes)
        with self._database.joining() as connection:
            connection.executemany("INSERT INTO log (level, idx, hash) VALUES (?, ?, ?)", rows)

    def get(self, level: int, index: int) -> bytes | None:
        """Return a node's hash."""
        return self.get_many([(level, index)])[0]

    def get_many(self, places: Sequence[tuple[int, int]]) -> list[bytes | None]:
        """Return the hashes at (level, index)."""
        rows = self._database.fetch(
            "SELECT log.hash FROM json_each(?) AS place LEFT JOIN log"
            " ON log.level = json_extract(place.value, '$[0]')"
            " AND log.idx = json_extract(place.value, '$[1]')"
            " ORDER BY place.key",
            (orjson.dumps(places).decode(),),
        )
        return [node for (node,) in rows]

    def size(self) -> int:
        """Return the number of leaves."""
        (size,) = self._database.fetch("SELECT ifnull(max(idx), -1) + 1 FROM log WHERE level = 0")[
            0
        ]
        return int(size)

    def leaves(self, start: int, stop: int) -> Iterator[bytes]:
        """Go through some leaves."""
        rows = self._database.scan(
            "SELECT idx, hash FROM log WHERE level = 0 AND idx > ? AND idx <= ?"
            " ORDER BY idx LIMIT ?",
            start - 1,
            stop - 1,
        )
        return (leaf for _, leaf in rows)

    def clear(self) -> None:
        """Drop every node."""
        with self._database.joining() as connection:
            connection.execute("DELETE FROM log")


class SQLiteMeta(Meta):
    """Named values as a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        """Return every value by its name."""
        rows = self._database.fetch("SELECT name, value FROM meta")
        return {str(name): str(value) for name, value in rows}

    def get(self, name: str) -> str | None:
        """Return the value."""
        rows = self._database.fetch("SELECT value FROM meta WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def put(self, name: str, value: str) -> None:
        """Keep the value in place of an earlier one."""
        with self._database.joining() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
