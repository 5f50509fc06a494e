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
_HASH: Final = 32


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
    """The log's nodes as a table with a row for each leaf.

    A row holds the leaf and, one after the other, the nodes above it that it completes, upwards:
    node i of level k is completed by leaf (i + 1) * 2**k - 1.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, nodes: Iterable[Node]) -> None:
        """Keep nodes: leaves, each with all that it completes."""
        completed: dict[int, list[bytes]] = {}
        for level, index, node in nodes:
            row = completed.setdefault(_leaf_of(level, index), [])
            if len(row) != level:
                raise StoreError("internal error: a node of the log comes without those below it")
            row.append(node)
        rows = [(leaf, b"".join(row)) for leaf, row in completed.items()]
        if any(len(row) != _height(leaf) for leaf, row in completed.items()):
            raise StoreError("internal error: a leaf of the log comes without what it completes")
        with self._database.joining() as connection:
            connection.executemany("INSERT INTO log (idx, hashes) VALUES (?, ?)", rows)

    def get(self, level: int, index: int) -> bytes | None:
        """Return a node's hash."""
        return self.get_many([(level, index)])[0]

    def get_many(self, places: Sequence[tuple[int, int]]) -> list[bytes | None]:
        """Return the hashes at (level, index)."""
        found = [(min(_leaf_of(level, index), LAST), 1 + _HASH * level) for level, index in places]
        rows = self._database.fetch(
            f"SELECT substr(log.hashes, json_extract(place.value, '$[1]'), {_HASH})"  # noqa: S608
            " FROM json_each(?) AS place LEFT JOIN log"
            " ON log.idx = json_extract(place.value, '$[0]')"
            " ORDER BY place.key",
            (orjson.dumps(found).decode(),),
        )
        return [node or None for (node,) in rows]

    def size(self) -> int:
        """Return the number of leaves."""
        (size,) = self._database.fetch("SELECT ifnull(max(idx), -1) + 1 FROM log")[0]
        return int(size)

    def leaves(self, start: int, stop: int) -> Iterator[bytes]:
        """Go through some leaves."""
        rows = self._database.scan(
            f"SELECT idx, substr(hashes, 1, {_HASH}) FROM log"  # noqa: S608 - a constant
            " WHERE idx > ? AND idx <= ? ORDER BY idx LIMIT ?",
            start - 1,
            stop - 1,
        )
        return (leaf for _, leaf in rows)

    def misshapen(self) -> Iterator[int]:
        """Go through the rows that hold more or fewer hashes than their leaf completes."""
        rows = self._database.scan(
            "SELECT idx, length(hashes) FROM log WHERE idx > ? AND idx <= ? ORDER BY idx LIMIT ?",
            -1,
            LAST,
        )
        return (idx for idx, length in rows if length != _HASH * _height(idx))

    def clear(self) -> None:
        """Drop every node."""
        with self._database.joining() as connection:
            connection.execute("DELETE FROM log")


def _leaf_of(level: int, index: int) -> int:
    """Return the leaf that completes a node."""
    return ((index + 1) << level) - 1


def _height(leaf: int) -> int:
    """Return how many nodes a leaf completes, itself among them."""
    return ((leaf + 1) & -(leaf + 1)).bit_length()


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
