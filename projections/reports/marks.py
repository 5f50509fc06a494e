"""What a reader must know of an event: withdrawn, irregular, in doubt, unvouched, unconfirmed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.moderations import MARKS as FOUND
from projections.reports.moderations import moderations
from projections.reports.nearness import marks_of_nearness
from projections.tables.views import Moment

#: What the marks in a report mean.
NOTES = {
    "withdrawn": "disregarded since, and kept: a later event withdrew it.",
    "doubtful": "signed with a key that may have been in other hands, or resting on what was.",
    "irregular": "past the rules, as this release judges them; `show` and `check` say why.",
    "late": "recorded many days after it happened: more than the ledger's rules allow.",
    "unvouched": "signed with a key, or in an appointment, that nobody else has vouched for.",
    "unconfirmed": "recorded by another for an office without a key, which has not answered yet.",
    "disowned": "recorded for an office that says it never said so; disregarded from its own day.",
    "rests on disowned": "resting on what an office says that it never said.",
    "one hand": "both halves were written by one recorder, and neither side has confirmed its own.",
    "within group": "between schools of one trust or federation, or by it: parties all the same.",
    "related party": "between parties with an interest in common, as they said themselves.",
    "no need": "from outside the group and partnerships of a school, for no need that is named.",
    "challenged": "not accepted by a side, and moderated by nobody yet.",
    "upheld": "challenged, and found right by a moderator of neither side.",
    "changed": (
        "challenged, and changed or set aside by a moderator of neither side; help owed by it stays"
        " owed until it is found, or whoever owes it decides to leave it alone."
    ),
    "left with former body": (
        "by the transfer agreement of a conversion; the school owes it, or is owed it, until that"
        " body assumes it."
    ),
}


def explained(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the marks of rows mean, a sentence for each mark that is there."""
    present = {mark for row in rows for mark in row["marks"].split(", ")}
    return [f"{mark}: {said}" for mark, said in NOTES.items() if mark in present]


class Marks:
    """What a reader must know of an event: that it was withdrawn, or what it rests on is in doubt.

    Of a row that tells an event, its enrolment and appointment, and what withdrew it.
    """

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Read what was doubtful at a moment, and unvouched of what these rows rest on."""
        rows = list(rows)
        subjects = {row[name] for row in rows for name in ("enrolment", "appointment")}
        self._late = late(connection, (row["event"] for row in rows))
        self._doubtful = doubtful(connection, at)
        self._irregular = irregular(connection, at)
        self._unvouched = unvouched(connection, at, subjects, self._doubtful)
        self._recorded = recorded_for(connection, at, (row["event"] for row in rows))
        self._found = moderations(connection, at, (row["event"] for row in rows))
        self._near = marks_of_nearness(connection, at, (row["event"] for row in rows))
        self._related = related(connection, (row["event"] for row in rows))

    def of(self, row: Mapping[str, Any]) -> list[str]:
        """Return the marks of one of the rows, as in `NOTES`."""
        recorded = self._recorded.of(row["event"])
        found = {
            "withdrawn": row["withdrawn_by"] is not None and "disowned" not in recorded,
            "doubtful": row["event"] in self._doubtful,
            "irregular": row["event"] in self._irregular,
            "late": row["event"] in self._late,
            "unvouched": not self._unvouched.isdisjoint((row["enrolment"], row["appointment"])),
        }
        challenged = self._found.get(row["event"])
        settled = [FOUND[challenged.finding]] if challenged else []
        near = [mark for mark, marked in self._near.items() if row["event"] in marked]
        related = ["related party"] if row["event"] in self._related else []
        told = (mark for mark, is_so in found.items() if is_so)
        return [*told, *recorded, *near, *related, *settled]


class MarksOfSeveral:
    """What a reader must know of any of the events that a row rests on; they stand, all of them."""

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, events: Iterable[str] = ()
    ) -> None:
        """Read what was doubtful at a moment, and what is to be known of these events."""
        self._connection, self._at = connection, at
        self._in_doubt = doubtful(connection, at)
        self._irregular = irregular(connection, at)
        self.look_up(events)

    def look_up(self, events: Iterable[str]) -> None:
        """Read what is to be known of these events, in the place of those before."""
        cited = sorted(set(events))
        recorded = recorded_for(self._connection, self._at, cited)._asdict()
        self._marked: dict[str, Collection[str]] = {
            "doubtful": self._in_doubt,
            "irregular": self._irregular,
            "late": late(self._connection, cited),
            "unvouched": _resting_on_unvouched(self._connection, self._at, cited, self._in_doubt),
            **{name.replace("_", " "): marked for name, marked in recorded.items()},
            **marks_of_nearness(self._connection, self._at, cited),
            "related party": related(self._connection, cited),
            **_settled(self._connection, self._at, cited),
        }

    def of(self, events: Collection[str]) -> str:
        """Return the marks of a row that rests on these events, as a cell has them."""
        found = (
            mark
            for mark, marked in self._marked.items()
            if any(event in marked for event in events)
        )
        return ", ".join(found)


def _settled(
    connection: sqlite3.Connection, at: Moment, events: Iterable[str]
) -> dict[str, set[str]]:
    """Return which of these events a side challenged, by the mark of what was found of them."""
    marked: dict[str, set[str]] = {mark: set() for mark in FOUND.values()}
    for event, found in moderations(connection, at, events).items():
        marked[FOUND[found.finding]].add(event)
    return marked


class RecordedFor(NamedTuple):
    """What must be known of events that others recorded for an office, by mark."""

    unconfirmed: Collection[str]
    disowned: Collection[str]
    rests_on_disowned: Collection[str]
    one_hand: Collection[str]

    def of(self, event: str) -> list[str]:
        """Return the marks of an event, as in `NOTES`; what is withdrawn waits for nobody."""
        named = zip(self._fields, self, strict=True)
        return [name.replace("_", " ") for name, events in named if event in events]


def recorded_for(connection: sqlite3.Connection, at: Moment, events: Iterable[str]) -> RecordedFor:
    """Return which of these events wait for the office for which they were recorded, and so on."""
    disowned = _events(connection, _DISOWNED, at)
    resting, waiting = set[str](), disowned
    while waiting:
        further = _naming(connection, at, waiting) - resting - disowned
        resting |= further
        waiting = further
    asked = json.dumps(sorted(set(events)))
    return RecordedFor(
        _events(connection, _UNCONFIRMED, at, asked),
        disowned,
        resting,
        _events(connection, _ONE_HAND, at, asked),
    )


def _events(connection: sqlite3.Connection, sql: str, at: Moment, asked: str = "[]") -> set[str]:
    return {row[0] for row in connection.execute(sql, {"known": at.known_at, "events": asked})}


_DISOWNED = "SELECT event FROM answered WHERE how = 'disowned' AND position <= :known"
_OPEN = """
    NOT EXISTS (SELECT 1 FROM answered a WHERE a.event = r.event AND a.position <= :known)
    AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.event = r.event AND w.position <= :known)
"""
_UNCONFIRMED = f"""
    SELECT r.event FROM json_each(:events) asked JOIN recorded_for r ON r.event = asked.value
    WHERE {_OPEN}
"""  # noqa: S608 - a condition of our own
#: What one recorder said for one side, and affirmed for the other.
_ONE_HAND = f"""
    SELECT r.event FROM json_each(:events) asked JOIN recorded_for r ON r.event = asked.value
    JOIN entries e ON e.event = r.event
    JOIN said own ON own.event = r.event AND own.thing <> ''
    JOIN said other ON other.thing = own.thing AND other.how <> own.how
    JOIN recorded_for o ON o.event = other.event AND o.office <> r.office
    JOIN entries oe ON oe.event = o.event AND oe.signed_by = e.signed_by AND oe.position <= :known
    WHERE {_OPEN} AND {_OPEN.replace("r.event", "o.event")}
"""  # noqa: S608 - as above


def _resting_on_unvouched(
    connection: sqlite3.Connection, at: Moment, cited: Sequence[str], in_doubt: Collection[str]
) -> set[str]:
    """Return which of these events rest on what nobody else has vouched for."""
    sql = """
        SELECT e.event, e.enrolment, e.appointment
        FROM json_each(:cited) c JOIN entries e ON e.event = c.value
    """
    found = [tuple(row) for row in connection.execute(sql, {"cited": json.dumps(cited)})]
    subjects = {subject for _, *resting in found for subject in resting}
    lacking = unvouched(connection, at, subjects, in_doubt)
    return {event for event, *resting in found if not lacking.isdisjoint(resting)}


def irregular(connection: sqlite3.Connection, at: Moment) -> set[str]:
    """Return the events that the rules would refuse, judged where they stand."""
    sql = "SELECT DISTINCT event FROM irregular WHERE position <= ?"
    return {row[0] for row in connection.execute(sql, (at.known_at,))}


def late(connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, int]:
    """Return which of these events were recorded late, each with how many days after it."""
    sql = "SELECT l.event, l.days FROM json_each(?) e JOIN late l ON l.event = e.value"
    rows = connection.execute(sql, (json.dumps(sorted(set(events))),))
    return {row[0]: row[1] for row in rows}


def related(connection: sqlite3.Connection, events: Iterable[str]) -> set[str]:
    """Return by which of these events parties said that they have an interest in common."""
    sql = "SELECT p.event FROM json_each(?) e JOIN passed p ON p.event = e.value WHERE p.related"
    return {row[0] for row in connection.execute(sql, (json.dumps(sorted(set(events))),))}


def why_irregular(connection: sqlite3.Connection, event: str) -> list[str]:
    """Return every reason of the rules against an event; none if it is regular."""
    sql = "SELECT reason FROM irregular WHERE event = ? ORDER BY rowid"
    return [row[0] for row in connection.execute(sql, (event,))]


def unvouched(
    connection: sqlite3.Connection,
    at: Moment,
    subjects: Iterable[str],
    in_doubt: Collection[str] = (),
) -> set[str]:
    """Return which of these enrolments and appointments nobody else had vouched for.

    One that stands as its signer stands is vouched for if the signer's own are
    (docs/reference/format.md, *Vouching*). What a doubtful event vouches for, of those `in_doubt`,
    is not vouched for.
    """
    asked = set(subjects)
    rests_on = _rests_on(connection, at, asked, in_doubt)
    # What rests on nothing is a registrar's word alone; what rests on that is no better.
    resting: dict[str, list[str]] = {}
    for subject, grounds in rests_on.items():
        for ground in grounds:
            resting.setdefault(ground, []).append(subject)
    found = {subject for subject, grounds in rests_on.items() if not grounds}
    waiting = list(found)
    while waiting:
        further = [one for one in resting.get(waiting.pop(), ()) if one not in found]
        found.update(further)
        waiting += further
    return found & asked


def left_with_former_body(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    rows: Iterable[Mapping[str, Any]],
) -> set[str]:
    """Return what conversions of a side leave with a former body, of rows that tell obligations.

    The list moves nothing: a registrar's word makes nobody else a debtor.
    """
    sides: dict[str, set[str]] = {}
    for row in rows:
        sides.setdefault(row["obligation"], set()).update((row["debtor"], row["creditor"]))
    sql = """
        SELECT DISTINCT u.position FROM json_each(:named) n
        JOIN urns u ON u.school = json_extract(n.value, '$[0]') AND u.position <= :known
        JOIN mentions m ON m.party = json_extract(n.value, '$[1]') AND m.position = u.position
    """
    named = {(side, f"event:{one[:36]}") for one, parties in sides.items() for side in parties}
    asked = {"named": json.dumps(sorted(named)), "known": at.known_at}
    conversions = connection.execute(sql, asked).fetchall()
    return _left(store, at, sides, [position for (position,) in conversions])


def _left(
    store: EntryStore, at: Moment, sides: Mapping[str, set[str]], positions: Sequence[int]
) -> set[str]:
    if not positions:
        return set()
    # With the vocabulary: most ledgers have no such conversion, and need not wait for it.
    from ledger.format.entry import read_entry  # noqa: PLC0415

    found: set[str] = set()
    for position in positions:
        said = read_entry(*next(iter(store.entries(position - 1, 1)))).data
        if said["effective_on"] <= at.as_of:
            left = said.get("left_with_former_body", ())
            found.update(one for one in left if said["school"] in sides.get(one, ()))
    return found


def _rests_on(
    connection: sqlite3.Connection, at: Moment, subjects: set[str], in_doubt: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return what subjects rest on, and those in turn, as far as nobody vouched for them.

    Each is read once, however many rest on it.
    """
    sql = """
        SELECT g.subject, g.by_enrolment, g.by_appointment, v.by_event
        FROM json_each(:subjects) s JOIN grounds g ON g.subject = s.value
        LEFT JOIN vouched v ON v.subject = g.subject AND v.position <= :known
        WHERE g.position <= :known
    """
    found: dict[str, tuple[str, ...]] = {}
    seen, waiting = set(subjects), subjects
    while waiting:
        asked = {"known": at.known_at, "subjects": json.dumps(sorted(waiting))}
        rows = connection.execute(sql, asked).fetchall()
        good = {row[0] for row in rows if row[3] is not None and row[3] not in in_doubt}
        grounds_of = {
            subject: tuple(ground for ground in grounds if ground is not None)
            for subject, *grounds, _ in rows
            if subject not in good
        }
        found |= grounds_of
        waiting = {ground for grounds in grounds_of.values() for ground in grounds} - seen
        seen |= waiting
    return found


def doubtful(connection: sqlite3.Connection, at: Moment) -> set[str]:
    """Return the events that a compromised key signed since, and all that rest on them.

    An event rests on those that it names, unless it only speaks of them, on the enrolment of its
    key and on the appointment of its signer (docs/reference/format.md, *Vouching*).
    """
    since = compromised(connection, at)
    if not since:
        return set()
    found = waiting = _signed_since(connection, at, since)
    resting: Mapping[str, Sequence[str]] | None = None
    while waiting:
        further = _naming(connection, at, waiting)
        grounds = _among_grounds(connection, waiting)
        if grounds and resting is None:
            resting = _resting(connection, at)
        further.update(one for each in grounds for one in (resting or {}).get(each, ()))
        waiting = further - found
        found |= waiting
    return found


def _signed_since(connection: sqlite3.Connection, at: Moment, since: Mapping[str, str]) -> set[str]:
    """Return what keys signed, each from its moment on; entries are gone through once."""
    sql = """
        SELECT event, key, effective_at FROM entries
        WHERE key IN (SELECT value FROM json_each(:keys)) AND position <= :known
    """
    rows = connection.execute(sql, {"keys": json.dumps(sorted(since)), "known": at.known_at})
    return {event for event, key, effective_at in rows if effective_at >= since[key]}


def _naming(connection: sqlite3.Connection, at: Moment, events: Iterable[str]) -> set[str]:
    """Return the events that name one of these, and do not merely speak of it."""
    # Only now: hardly any ledger has compromised keys, and the rule stands with the vocabulary.
    from ledger.domain.registers.offices import SPEAKING_OF  # noqa: PLC0415

    sql = f"""
        SELECT e.event FROM json_each(:events) d
        JOIN mentions m ON m.party = 'event:' || d.value
        JOIN entries e ON e.position = m.position AND e.position <= :known
        WHERE e.type NOT IN {SPEAKING_OF}
    """  # noqa: S608 - constants
    asked = {"events": json.dumps(sorted(events)), "known": at.known_at}
    return {row[0] for row in connection.execute(sql, asked)}


def _among_grounds(connection: sqlite3.Connection, events: Iterable[str]) -> list[str]:
    """Return which of these events enrolled a key or appointed somebody."""
    sql = "SELECT subject FROM json_each(?) d JOIN grounds g ON g.subject = d.value"
    return [row[0] for row in connection.execute(sql, (json.dumps(sorted(events)),))]


def _resting(connection: sqlite3.Connection, at: Moment) -> Mapping[str, Sequence[str]]:
    """Return what was signed by each enrolment and appointment.

    Hardly any doubtful event is one of these; where one is, entries are gone through once for all.
    """
    found: dict[str, list[str]] = {}
    sql = "SELECT event, enrolment, appointment FROM entries WHERE position <= ?"
    for event, enrolment, appointment in connection.execute(sql, (at.known_at,)):
        found.setdefault(enrolment, []).append(event)
        found.setdefault(appointment, []).append(event)
    return found


def compromised(connection: sqlite3.Connection, at: Moment) -> dict[str, str]:
    """Return the compromised keys, each with the first doubtful moment."""
    sql = """
        SELECT c.*, EXISTS (SELECT 1 FROM vouched v
                            WHERE v.subject = c.event AND v.position <= :known) AS is_vouched
        FROM compromises c WHERE c.position <= :known ORDER BY c.position
    """
    rows = connection.execute(sql, {"known": at.known_at}).fetchall()
    if not rows:
        return {}
    from ledger.domain.registers.key_standing import Compromise, first_doubtful  # noqa: PLC0415 - as above

    sql = """
        SELECT person, min(position) FROM tenures
        WHERE office = 'registrar@ledger' AND position <= ? GROUP BY person
    """
    registrars: dict[str, int] = dict(connection.execute(sql, (at.known_at,)).fetchall())
    person_of: dict[str, str] = {}
    said_of: dict[str, list[Compromise]] = {}
    for r in rows:
        said = Compromise(
            *(r["event"], r["since"], r["said_by"], r["office"], bool(r["is_vouched"])),
            position=r["position"],
        )
        said_of.setdefault(r["key"], []).append(said)
        person_of.setdefault(r["key"], r["person"])
    found = {}
    for key, said_of_it in said_of.items():
        moment = first_doubtful(said_of_it, registrars.get(person_of[key]))
        if moment is not None:
            found[key] = moment
    return found
