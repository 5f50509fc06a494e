"""What every question asks of the tables: parties by the names people know, people's own names."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

from ledger.errors import NotFoundError
from ledger.store.base import EntryStore
from projections.views import Moment

_URN = re.compile(r"(?:school:|urn:)?([1-9][0-9]{5})")
_PERSON = re.compile(r"person:[0-9a-f-]{36}")


def find_party(connection: sqlite3.Connection, text: str) -> str:
    """Return the reference of a party named by reference, URN, slug or start of a person's id.

    Raises NotFoundError, which lists what it might have been.
    """
    urn = _URN.fullmatch(text)
    if urn is not None:
        row = connection.execute(
            "SELECT school FROM urns WHERE urn=?", (f"urn:{urn[1]}",)
        ).fetchone()
        if row is None:
            raise NotFoundError(
                f"no school in this ledger has or had the URN {urn[1]}",
                todo="Look it up in GIAS, or register it: `school-ledger import gias`.",
            )
        return str(row[0])
    found = _parties_like(connection, text)
    if len(found) != 1:
        raise NotFoundError(
            f"no party is called {text}" if not found else f"{text} may be any of several",
            got=", ".join(found[:8]) or None,
            expected="a URN, or a reference such as body:northwick or partnership:estuary",
        )
    return found[0]


def _parties_like(connection: sqlite3.Connection, text: str) -> list[str]:
    named = "SELECT DISTINCT party FROM names WHERE party IN (?, ?, ?)"
    exact = connection.execute(named, (text, f"body:{text}", f"partnership:{text}")).fetchall()
    if exact:
        return [row[0] for row in exact]
    start = text if text.startswith("person:") else f"person:{text}"
    people = "SELECT person FROM people WHERE person >= ? AND person < ? LIMIT 9"
    return [row[0] for row in connection.execute(people, (start, f"{start}~"))]


def names_of(connection: sqlite3.Connection, parties: Iterable[str], at: Moment) -> dict[str, str]:
    """Return what schools, bodies and partnerships were called at a moment."""
    found = {}
    for party in set(parties):
        row = connection.execute(
            "SELECT name FROM names WHERE party=? AND position<=? ORDER BY position DESC LIMIT 1",
            (party, at.known_at),
        ).fetchone()
        found[party] = str(row[0]) if row else party
    return found


class People:
    """What people are called, from the vault; a person whose name is erased is their reference."""

    def __init__(self, connection: sqlite3.Connection, store: EntryStore) -> None:
        """Read names as they are asked for."""
        self._connection = connection
        self._store = store
        self._names: dict[str, str] = {}

    def name(self, person: str) -> str:
        """Return a person's name, else the start of their reference."""
        if person not in self._names:
            self._names[person] = self._read(person)
        return self._names[person]

    def in_text(self, text: str) -> str:
        """Return a sentence with people's references replaced by their names."""
        return _PERSON.sub(lambda match: self.name(match[0]), text)

    def _read(self, person: str) -> str:
        row = self._connection.execute(
            "SELECT event FROM people WHERE person=?", (person,)
        ).fetchone()
        texts = self._store.vault.get(row[0]) if row else {}
        return texts["/data/name"][1] if "/data/name" in texts else person


def unvouched(connection: sqlite3.Connection, at: Moment) -> set[str]:
    """Return the enrolments and appointments that entries rest on and nobody had vouched for."""
    sql = """
        WITH resting AS (SELECT DISTINCT enrolment AS subject FROM entries WHERE position <= :known
                         UNION SELECT DISTINCT appointment FROM entries WHERE position <= :known)
        SELECT subject FROM resting
        WHERE subject NOT IN (SELECT subject FROM vouched WHERE position <= :known)
    """
    rows: list[Any] = connection.execute(sql, {"known": at.known_at}).fetchall()
    return {row[0] for row in rows}
