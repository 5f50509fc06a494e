"""Parties and people: their names, former ones too, numbers, area and offices."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ledger.store.base import EntryStore
from projections.reports.asking import Everything, Question
from projections.reports.base import Report, heading
from projections.reports.columns import (
    EVENTS,
    LAST_POSITION,
    MARKS,
    REGION,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.finding import found, near
from projections.reports.marks import MarksOfSeveral, explained
from projections.reports.names import Names, naming_events, people, people_at
from projections.reports.places import region_name
from projections.reports.said_by import SaidBy
from projections.tables.views import Moment

COLUMNS = (
    Column("name", "Name", "What it is called on the day asked for."),
    Column("former_names", "Other names", "What it was or will be called on other days."),
    Column("kind", "Kind", "School, body, partnership or person."),
    Column("urns", "URNs", "Every number that the school has or had, the latest last.", "code"),
    Column("reference", "Reference", "What the record calls it.", "party"),
    Column("la_name", "Local authority", "The authority whose area it is in."),
    REGION,
    Column("offices", "Offices held", "The offices that a person holds on that day."),
    Column("since", "Since", "The day from which it is known.", "date"),
    MARKS,
    *hidden(
        Column("la", "Local authority's reference", "What the record calls it.", "party"),
        Column("numbers", "Other numbers", "LAESTAB, UKPRN and others.", "code"),
        EVENTS,
        LAST_POSITION,
        SAID_BY,
    ),
)
NONE_SO_CALLED = "Nothing is called so; these come near."


def parties(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, text: str | None = None
) -> Report:
    """Return every party and person known by a moment; of a text, those found by it, best first.

    Where nothing is called so, those that come near.
    """
    matching = None if text is None else found(connection, store, at, text)
    close = near(connection, store, at, text or "") if matching == [] else []
    chosen = None if matching is None else [*matching, *close]
    about = _About(connection, store, at, chosen)
    rows = [about.row(party) for party in about.parties]
    return Report(
        name="parties",
        title="Parties and people" if text is None else f"Parties and people found by {text}",
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty="Nobody is called so, and nothing comes near." if text else "Nobody is registered.",
        notes=[*([NONE_SO_CALLED] if close else []), *explained(rows)],
        asked=f"found by {text}" if text else "",
    )


class _About:
    """What is known of parties by a moment, of those chosen or of all; each table is read once."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        store: EntryStore,
        at: Moment,
        chosen: Sequence[str] | None,
    ) -> None:
        read = partial(_by_party, connection, at, chosen)
        self._connection = connection
        self._names = Names(connection, store, at)
        self._people = people_at(connection, at)
        self._called = read(_CALLED)
        self._urns = read(_URNS)
        self._numbers = read(_NUMBERS)
        self._registered = read(_REGISTERED)
        self._areas = read(_AREAS)
        self._tenures = read(_TENURES)
        self._shared = {row[0] for row in connection.execute("SELECT role FROM shared_roles")}
        self._terms: dict[str, list[Any]] = defaultdict(list)
        for row in (term for terms in self._tenures.values() for term in terms):
            self._terms[row["office"]].append(row)
        self._at = at
        told = [row["event"] for rows in self._called.values() for row in rows]
        sql = "SELECT event FROM people WHERE position <= ?"
        told += [row["event"] for row in connection.execute(sql, (at.known_at,))]
        self._said = SaidBy(connection, at, told)
        self._marks = MarksOfSeveral(connection, at, told)
        if chosen is None:
            for person, name in people(connection, store, at).items():
                self._names.learn(person, name)
        self.parties = self._everybody() if chosen is None else chosen

    def _everybody(self) -> list[str]:
        """Return schools, bodies, partnerships and people, each in the order of their names."""
        order = {"school": 0, "body": 1, "partnership": 2, "person": 3}
        named = {party: self._names.party(party) for party in (*self._called, *self._people)}
        return sorted(named, key=lambda party: (order[party.partition(":")[0]], named[party]))

    def row(self, party: str) -> dict[str, Any]:
        """Return what is known of a party or person."""
        if party.startswith("person:"):
            return self._person(party)
        called, registered = self._called[party], self._registered.get(party, ())
        areas = self._areas.get(party, ())
        area = areas[-1]["la"] if areas else None
        region = areas[-1]["region"] if areas else _latest(registered, "region")
        name = self._names.plain(party)
        kind, _, reference = party.partition(":")
        first = called[0]
        return {
            "name": name,
            "former_names": list(dict.fromkeys(r["name"] for r in called if r["name"] != name)),
            "kind": _kind(kind, _latest(registered, "kind") or ""),
            "urns": self._urns_of(party),
            "reference": reference,
            "la": area,
            "la_name": self._names.plain(area) if area else None,
            "region": region_name(region),
            "offices": [],
            "since": first["first"] or first["occurred_on"],
            "numbers": [f"{r['scheme']} {r['value']}" for r in self._numbers.get(party, ())],
            "events": [r["event"] for r in called],
            "position": called[-1]["position"],
            "said_by": self._said.of(r["event"] for r in called),
            "marks": self._marks.of([r["event"] for r in called]),
        }

    def _person(self, person: str) -> dict[str, Any]:
        enrolled = self._people.get(person, {})
        events = naming_events(self._connection, self._at, person) if enrolled else []
        return {
            "name": self._names.person(person),
            "former_names": self._names.former(person),
            "kind": "person",
            "urns": [],
            "reference": person,
            "la": None,
            "la_name": None,
            "region": None,
            "offices": list(self._offices(person)),
            "since": enrolled.get("occurred_on"),
            "numbers": [],
            "events": events,
            "position": enrolled.get("position"),
            "said_by": self._said.of(events),
            "marks": self._marks.of(events),
        }

    def _urns_of(self, school: str) -> list[str]:
        found = (row["urn"].partition(":")[2] for row in self._urns.get(school, ()))
        return list(dict.fromkeys(found))

    def _offices(self, person: str) -> Iterator[str]:
        """Go through the offices that a person holds on the day asked for, each with since when."""
        for row in self._tenures.get(person, ()):
            if row["basis"] != "ended" and row["first"] <= self._at.as_of and not self._over(row):
                yield f"{self._names.office(row['office'])} from {row['first']}"

    def _over(self, held: Mapping[str, Any]) -> bool:
        """Tell whether a term was ended by the day asked for, or somebody followed in it."""
        alone = held["office"].partition("@")[0] not in self._shared
        for row in self._terms[held["office"]]:
            if row["basis"] == "ended" and row["person"] == held["person"]:
                over = held["first"] <= row["last"] < self._at.as_of
            else:
                follows = alone and row["basis"] != "ended"
                over = follows and held["first"] < row["first"] <= self._at.as_of
            if over:
                return True
        return False


def _kind(kind: str, registered: str) -> str:
    """Return what a party is in words: primary school, local authority, partnership."""
    words = registered.replace("_", " ")
    if kind == "body":
        return words
    return f"{words} {kind}".strip()


_CALLED = """
    SELECT n.party, n.name, n.first, n.position, e.event, e.occurred_on
    FROM names n JOIN entries e ON e.position = n.position
    WHERE n.position <= :known {AND n.party IN chosen} ORDER BY n.position
"""
_URNS = """
    SELECT school AS party, urn FROM urns
    WHERE position <= :known {AND school IN chosen} ORDER BY position
"""
_NUMBERS = """
    SELECT party, scheme, value FROM numbered
    WHERE position <= :known {AND party IN chosen} ORDER BY position
"""
_REGISTERED = """
    SELECT party, kind, region FROM registered
    WHERE position <= :known AND coalesce(first, '') <= :as_of {AND party IN chosen}
    ORDER BY coalesce(first, ''), position
"""
#: In whose area schools and partnerships are, and in which region: their own, else the area's.
_AREAS = """
    SELECT x.party, x.la, coalesce(x.region, b.region) AS region
    FROM (
        SELECT school AS party, la, region, first, position FROM areas
        UNION ALL
        SELECT party, area, NULL, NULL, position FROM registered WHERE area IS NOT NULL
    ) x LEFT JOIN registered b ON b.party = x.la AND b.position <= :known
    WHERE x.position <= :known AND coalesce(x.first, '') <= :as_of {AND x.party IN chosen}
    ORDER BY coalesce(x.first, ''), x.position
"""
_TENURES = """
    SELECT person AS party, person, office, basis, first, last FROM tenures
    WHERE position <= :known
    {AND office IN (SELECT office FROM tenures WHERE person IN chosen)} ORDER BY first, position
"""
_NARROWED = re.compile(r"\{(.*)\}")
_CHOSEN = "WITH chosen AS (SELECT value FROM json_each(:chosen))"


def _latest(rows: Sequence[Any], member: str) -> str | None:
    """Return what the last of some rows that tells it says."""
    return next((row[member] for row in reversed(rows) if row[member]), None)


def _by_party(
    connection: sqlite3.Connection, at: Moment, chosen: Sequence[str] | None, sql: str
) -> dict[str, list[Any]]:
    """Return rows by their party, of those chosen or of all."""
    narrowed = _NARROWED.sub("" if chosen is None else r"\1", sql)
    asked = {"known": at.known_at, "as_of": at.as_of, "chosen": json.dumps(chosen or [])}
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(_CHOSEN + narrowed, asked):
        grouped[row["party"]].append(dict(row))
    return grouped


def _everybody(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, _asked: Everything
) -> Report:
    return parties(connection, store, at)


QUESTION = Question(
    name="parties",
    tells="Show every school, body, partnership and person: names, numbers, offices, since when.",
    asked=Everything,
    answer=_everybody,
    examples=("", "-f csv -o parties.csv"),
    of_part="every",
)
