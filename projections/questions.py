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

#: What the marks in a report mean.
NOTES = {
    "withdrawn": "disregarded since, and kept: a later event withdrew it.",
    "doubtful": "signed with a key that may have been in other hands, or resting on what was.",
    "unvouched": "signed with a key, or in an appointment, that nobody else has vouched for.",
}


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
        SELECT subject FROM grounds WHERE position <= :known
        AND subject NOT IN (SELECT subject FROM vouched WHERE position <= :known)
    """
    rows: list[Any] = connection.execute(sql, {"known": at.known_at}).fetchall()
    return {row[0] for row in rows}


def doubtful(connection: sqlite3.Connection, at: Moment) -> set[str]:
    """Return the events that a compromised key signed since, and all that rest on them.

    An event rests on those that it names, on the enrolment of its key and on the appointment of
    its signer (format.md, *Vouching*).
    """
    since = _compromised(connection, at)
    found: set[str] = set()
    for key, moment in since.items():
        found |= _resting(connection, key, moment, at)
    return found


def _resting(connection: sqlite3.Connection, key: str, moment: str, at: Moment) -> set[str]:
    sql = """
        WITH RECURSIVE doubtful (event) AS (
            SELECT event FROM entries
            WHERE key = :key AND recorded_at >= :moment AND position <= :known
            UNION
            SELECT e.event FROM doubtful d
            JOIN mentions m ON m.party = 'event:' || d.event
            JOIN entries e ON e.position = m.position AND e.position <= :known
            UNION
            SELECT e.event FROM doubtful d
            JOIN entries e ON (e.enrolment = d.event OR e.appointment = d.event)
            WHERE e.position <= :known
        )
        SELECT event FROM doubtful
    """
    asked = {"key": key, "moment": moment, "known": at.known_at}
    return {row[0] for row in connection.execute(sql, asked)}


def _compromised(connection: sqlite3.Connection, at: Moment) -> dict[str, str]:
    """Return the compromised keys, each with the first doubtful moment."""
    sql = """
        SELECT c.*, EXISTS (SELECT 1 FROM vouched v
                            WHERE v.subject = c.event AND v.position <= :known) AS is_vouched,
               EXISTS (SELECT 1 FROM tenures t
                       WHERE t.office = 'registrar@ledger' AND t.person = c.person
                         AND t.position <= :known) AS is_registrar
        FROM compromises c WHERE c.position <= :known ORDER BY c.position
    """
    rows = connection.execute(sql, {"known": at.known_at}).fetchall()
    if not rows:
        return {}
    # Only now: hardly any ledger has compromised keys, and the rule stands with the vocabulary.
    from ledger.facts.offices import Compromise, first_doubtful  # noqa: PLC0415

    found = {}
    for key in {row["key"] for row in rows}:
        own = [row for row in rows if row["key"] == key]
        said = [
            Compromise(r["event"], r["since"], r["said_by"], r["office"], bool(r["is_vouched"]))
            for r in own
        ]
        moment = first_doubtful(said, is_registrar=bool(own[0]["is_registrar"]))
        if moment is not None:
            found[key] = moment
    return found
