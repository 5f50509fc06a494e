"""What a reader must know of an event: withdrawn, or resting on what is in doubt or unvouched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from projections.views import Moment

#: What the marks in a report mean.
NOTES = {
    "withdrawn": "disregarded since, and kept: a later event withdrew it.",
    "doubtful": "signed with a key that may have been in other hands, or resting on what was.",
    "unvouched": "signed with a key, or in an appointment, that nobody else has vouched for.",
}


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
