"""What is doubtful and what is unvouched, as the tables tell it: plain closures, at any depth."""

from __future__ import annotations

import sqlite3

from examples import some
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.domain.registers.offices import SPEAKING_OF
from projections.reports.marks import doubtful, unvouched
from projections.tables.layouts import HISTORY
from projections.tables.views import Moment

KEYS = ("k0", "k1", "k2")
TYPES = ("VisitMade", "VisitAttested", "Vouched", "EventWithdrawn")


class Tables:
    """The tables of a history, filled by hand; the n-th entry is the event `e<n>`."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript(HISTORY.tables + HISTORY.indices)
        self.entries: list[dict] = []
        self.grounds: dict[str, tuple] = {}
        self.vouched: list[tuple[str, str]] = []

    def insert(self, table: str, *values) -> None:
        marks = ", ".join("?" for _ in values)
        sql = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - constants
        self.connection.execute(sql, values)

    def entry(self, key="k0", type_name="VisitMade", at="", names=(), rests_on=("", "")) -> str:
        position = len(self.entries) + 1
        event = f"e{position}"
        told = {"event": event, "key": key, "type": type_name, "at": at, "names": set(names)}
        self.entries.append({**told, "rests_on": rests_on})
        plain = (event, type_name, "", at, at, "person:x", "office", key, *rests_on, "", None)
        self.insert("entries", position, *plain)
        for one in {f"event:{name}" for name in names}:
            self.insert("mentions", one, position)
        return event

    def ground(self, event: str, enrolment=None, appointment=None) -> None:
        self.grounds[event] = (enrolment, appointment)
        self.insert("grounds", event, enrolment, appointment, int(event[1:]))

    def vouch(self, subject: str, by: str) -> None:
        self.vouched.append((subject, by))
        self.insert("vouched", subject, by, int(by[1:]))

    def compromise(self, key: str, since: str) -> None:
        self.insert("compromises", "c", key, "person:x", since, "person:r", "registrar@ledger", 1)

    @property
    def now(self) -> Moment:
        return Moment("2026-12-31", len(self.entries))


def doubtful_slowly(tables: Tables, since: dict[str, str]) -> set[str]:
    found = {e["event"] for e in tables.entries if e["key"] in since and e["at"] >= since[e["key"]]}
    while True:
        more = {
            entry["event"]
            for entry in tables.entries
            if (entry["names"] & found and entry["type"] not in SPEAKING_OF)
            or any(one in found and one in tables.grounds for one in entry["rests_on"])
        }
        if more <= found:
            return found
        found |= more


def unvouched_slowly(tables: Tables, in_doubt: set[str]) -> set[str]:
    good = {subject for subject, by in tables.vouched if by not in in_doubt}
    bad = {
        subject
        for subject, grounds in tables.grounds.items()
        if subject not in good and grounds == (None, None)
    }
    while True:
        more = {
            subject
            for subject, grounds in tables.grounds.items()
            if subject not in good and not bad.isdisjoint(grounds)
        }
        if more <= bad:
            return bad
        bad |= more


NUMBER = st.integers(0, 30)
ROWS = st.lists(st.tuples(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER), max_size=18)


@settings(max_examples=some(200), deadline=None)
@examples(ROWS, st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9)))
def test_the_tables_tell_what_plain_closures_tell(rows, moments):
    tables = Tables()
    for kind, a, b, c, d in rows:
        earlier = [entry["event"] for entry in tables.entries] or ["e0"]
        pick = [earlier[n % len(earlier)] for n in (a, b, c)]
        grounds = [one for one in tables.grounds if one in pick]
        rests_on = (grounds[:1] or ["x"])[0], (grounds[-1:] or ["x"])[0]
        event = tables.entry(KEYS[a % 3], TYPES[b % 4], str(d % 10), pick[: c % 3], rests_on)
        if kind % 3 == 0:
            tables.ground(event, *[(None, None), (pick[0], None), (pick[1], pick[2])][d % 3])
        elif kind % 3 == 1:
            tables.vouch(pick[0], event)
    since = {key: str(moment) for key, moment in moments.items()}
    for key, moment in since.items():
        tables.compromise(key, moment)
    if not tables.entries:
        return
    in_doubt = doubtful(tables.connection, tables.now)
    assert in_doubt == doubtful_slowly(tables, since)
    lacking = unvouched_slowly(tables, in_doubt)
    everything = [entry["event"] for entry in tables.entries]
    assert unvouched(tables.connection, tables.now, everything, in_doubt) == lacking
    for event in everything:
        asked = unvouched(tables.connection, tables.now, [event], in_doubt)
        assert asked == lacking & {event}


def test_a_chain_of_appointments_is_followed_once_however_many_are_asked_about():
    """Each that was asked about used to be followed by itself: 3,000 made 4.5 million rows."""
    many = 3_000
    tables = Tables()
    before = tables.entry()
    tables.ground(before)
    events = [before]
    for _ in range(many):
        event = tables.entry()
        tables.ground(event, None, before)
        events.append(event)
        before = event
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    tables.connection.set_progress_handler(count, 1_000)
    assert unvouched(tables.connection, tables.now, events) == set(events)
    assert unvouched(tables.connection, tables.now, events[-1:]) == {events[-1]}
    assert steps < many


def test_many_keys_and_many_doubtful_appointments_are_followed_in_one_go():
    """Each key and each ground used to go through all entries."""
    tables = Tables()
    grounds = [tables.entry(key=f"k{number}") for number in range(500)]
    for ground in grounds:
        tables.ground(ground)
    visits = [tables.entry(key="good", rests_on=("x", grounds[n % 500])) for n in range(5_000)]
    for number in range(500):
        tables.compromise(f"k{number}", "")
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    tables.connection.set_progress_handler(count, 1_000)
    assert doubtful(tables.connection, tables.now) == {*grounds, *visits}
    assert steps < 1_000
