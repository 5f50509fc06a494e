"""What every question asks of the tables: parties by the names people know, people's own names."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
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
            todo="`school-ledger owes --format csv` tells parties' references beside their names.",
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


class Marks:
    """What a reader must know of an event: that it was withdrawn, or what it rests on is in doubt.

    Of a row that tells an event, its enrolment and appointment, and what withdrew it.
    """

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Read what was doubtful at a moment, and unvouched of what these rows rest on."""
        subjects = {row[name] for row in rows for name in ("enrolment", "appointment")}
        self._doubtful = doubtful(connection, at)
        self._unvouched = unvouched(connection, at, subjects, self._doubtful)

    def of(self, row: Mapping[str, Any]) -> list[str]:
        """Return the marks of one of the rows, as in `NOTES`."""
        found = {
            "withdrawn": row["withdrawn_by"] is not None,
            "doubtful": row["event"] in self._doubtful,
            "unvouched": not self._unvouched.isdisjoint((row["enrolment"], row["appointment"])),
        }
        return [mark for mark, is_so in found.items() if is_so]


#: What a person is called whose name was erased, or was sealed and is not here.
ERASED_NAME = "(name erased)"
WITHHELD_NAME = "(name withheld)"


class People:
    """What people are called, from the vault, as far as it is known and not erased."""

    def __init__(self, connection: sqlite3.Connection, store: EntryStore) -> None:
        """Read names as they are asked for."""
        self._connection = connection
        self._store = store
        self._names: dict[str, str] = {}

    def name(self, person: str) -> str:
        """Return a person's name, or why there is none; a person never named is a reference."""
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
        if row is None:
            return person
        if _NAME_AT in erasures(self._connection, row[0]):
            # Whatever the vault holds: a copy that was put back says no more than the record.
            return ERASED_NAME
        texts = self._store.vault.get(row[0])
        return texts[_NAME_AT][1] if _NAME_AT in texts else WITHHELD_NAME


_NAME_AT = "/data/name"


def erasures(connection: sqlite3.Connection, event: str) -> dict[str, dict[str, Any]]:
    """Return by which events the sealed texts of an event were erased, by pointer.

    Whatever day is asked for: the text is gone, so nothing can be answered as if it were known.
    """
    rows = connection.execute("SELECT * FROM erasures WHERE event=?", (event,)).fetchall()
    return {row["pointer"]: dict(row) for row in rows}


def unvouched(
    connection: sqlite3.Connection,
    at: Moment,
    subjects: Iterable[str],
    in_doubt: Collection[str] = (),
) -> set[str]:
    """Return which of these enrolments and appointments nobody else had vouched for.

    One that stands as its signer stands is vouched for if the signer's own are (format.md,
    *Vouching*). What a doubtful event vouches for, of those `in_doubt`, is not vouched for.
    """
    # From each subject up to what it stands by, as far as nobody vouched: not through them all.
    sql = """
        WITH RECURSIVE
        good (subject) AS (
            SELECT v.subject FROM vouched v WHERE v.position <= :known
            AND v.by_event NOT IN (SELECT value FROM json_each(:in_doubt))
        ),
        standing (asked, by_enrolment, by_appointment) AS (
            SELECT g.subject, g.by_enrolment, g.by_appointment
            FROM json_each(:subjects) s JOIN grounds g ON g.subject = s.value
            WHERE g.position <= :known
              AND NOT EXISTS (SELECT 1 FROM good WHERE good.subject = g.subject)
            UNION
            SELECT s.asked, g.by_enrolment, g.by_appointment
            FROM standing s JOIN grounds g ON g.subject IN (s.by_enrolment, s.by_appointment)
            WHERE g.position <= :known
              AND NOT EXISTS (SELECT 1 FROM good WHERE good.subject = g.subject)
        )
        SELECT asked FROM standing WHERE by_enrolment IS NULL AND by_appointment IS NULL
    """
    asked = {
        "known": at.known_at,
        "in_doubt": json.dumps(sorted(in_doubt)),
        "subjects": json.dumps(sorted(set(subjects))),
    }
    return {row[0] for row in connection.execute(sql, asked)}


def doubtful(connection: sqlite3.Connection, at: Moment) -> set[str]:
    """Return the events that a compromised key signed since, and all that rest on them.

    An event rests on those that it names, unless it only speaks of them, on the enrolment of its
    key and on the appointment of its signer (format.md, *Vouching*).
    """
    since = _compromised(connection, at)
    found: set[str] = set()
    for key, moment in since.items():
        found |= _resting(connection, key, moment, at)
    return found


def _resting(connection: sqlite3.Connection, key: str, moment: str, at: Moment) -> set[str]:
    # Only now: hardly any ledger has compromised keys, and the rule stands with the vocabulary.
    from ledger.facts.offices import SPEAKING_OF  # noqa: PLC0415

    # Few events are grounds: entries are gone through for those alone.
    sql = f"""
        WITH RECURSIVE doubtful (event) AS (
            SELECT event FROM entries
            WHERE key = :key AND effective_at >= :moment AND position <= :known
            UNION
            SELECT e.event FROM doubtful d
            JOIN mentions m ON m.party = 'event:' || d.event
            JOIN entries e ON e.position = m.position AND e.position <= :known
            WHERE e.type NOT IN {SPEAKING_OF}
            UNION
            SELECT e.event FROM doubtful d JOIN grounds g ON g.subject = d.event
            JOIN entries e ON (e.enrolment = g.subject OR e.appointment = g.subject)
            WHERE e.position <= :known
        )
        SELECT event FROM doubtful
    """  # noqa: S608 - constants
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
    from ledger.facts.offices import Compromise, first_doubtful  # noqa: PLC0415 - as above

    found = {}
    for key in {row["key"] for row in rows}:
        own = [row for row in rows if row["key"] == key]
        said = [
            Compromise(r["event"], r["since"], r["said_by"], r["office"], bool(r["is_vouched"]))
            for r in own
        ]
        moment = first_doubtful(said, against_registrar=bool(own[0]["is_registrar"]))
        if moment is not None:
            found[key] = moment
    return found
