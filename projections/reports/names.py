"""What parties and people are called at a moment, and sentences with those names in them.

Names are those of the day that is asked for: a school that converts next year is called by the
name and the URN that it has now. People's names come from the vault, as far as they are not erased.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from ledger.store.base import EntryStore
from projections.reports.short_ids import short_id, short_person
from projections.reports.standing import among, standing
from projections.tables.extract import extract_of
from projections.tables.views import Moment, rows_of

#: The kinds of things that people call by a name.
_CALLED = frozenset({"framework", "programme", "year"})
_MOST_NESTED = 4
"""Of sentences about events whose sentences are about events; deeper ones are named only."""


def names_of(connection: sqlite3.Connection, parties: Iterable[str], at: Moment) -> dict[str, str]:
    """Return what schools, bodies and partnerships were called at a moment."""
    return {party: _name_of(connection, party, at) for party in set(parties)}


def _name_of(connection: sqlite3.Connection, party: str, at: Moment) -> str:
    row = connection.execute(
        "SELECT name FROM names WHERE party = ?1 AND position <= ?2"
        # The latest that held by the day; before any did, the first that was known.
        " ORDER BY coalesce(first, '') > ?3, coalesce(first, '') DESC, position DESC LIMIT 1",
        (party, at.known_at, at.as_of),
    ).fetchone()
    return str(row[0]) if row else party


def urn_of(connection: sqlite3.Connection, school: str, at: Moment) -> str:
    """Return the URN that a school had on the day asked for."""
    row = connection.execute(
        "SELECT urn FROM urns WHERE school = ?1 AND position <= ?2 AND last IS NULL"
        " ORDER BY coalesce(first, '') > ?3, coalesce(first, '') DESC, position DESC LIMIT 1",
        (school, at.known_at, at.as_of),
    ).fetchone()
    return str(row[0] if row else school).partition(":")[2]


#: What a person is called whose name was erased, or was sealed and is not here: by reference.
ERASED_NAME = "(name erased)"
WITHHELD_NAME = "{} (name withheld)"
_NAME_AT = "/data/name"
#: Of what named a person, the latest that held by the day; before any was known, the first.
_NAMED = """
    SELECT event FROM people WHERE person = ?3
    ORDER BY position > ?1, coalesce(first, '') > ?2,
             CASE WHEN position > ?1 THEN position END, coalesce(first, '') DESC, position DESC
    LIMIT 1
"""


def in_words(name: str) -> str:
    """Return the name of an event's type as words: `departure notified`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def refers(text: str) -> bool:
    """Whether a message of ours refers to a party, an office, a thing, an event or what is owed."""
    return _whatever().search(text) is not None


def _references() -> re.Pattern[str]:
    # Only for messages: the grammars stand with the vocabulary.
    from ledger.values import OFFICE, PARTY  # noqa: PLC0415

    return re.compile(rf"\b(?:{OFFICE}|{PARTY})")


def _whatever() -> re.Pattern[str]:
    from ledger.values import OFFICE, PARTY, SLOT, URN, UUID7  # noqa: PLC0415 - as above

    return re.compile(
        rf"\b(?:(?P<known>{OFFICE}|{PARTY})|urn:(?P<urn>{URN})"
        rf"|(?P<opener>{UUID7})/(?P<slot>{SLOT})"
        rf"|(?:(?P<kind>[a-z][a-z_]*):|(?P<type>[A-Z][A-Za-z]+) )?(?P<event>{UUID7}))"
    )


class Names:
    """What parties, people and events are called at a moment; each is read once."""

    def __init__(self, connection: sqlite3.Connection, store: EntryStore, at: Moment) -> None:
        """Read names as they are asked for."""
        self._connection = connection
        self._store = store
        self._at = at
        self._known: dict[str, str] = {}

    def _once(self, about: str, read: Callable[[], str]) -> str:
        name = self._known.get(about)
        if name is None:
            name = self._known[about] = read()
        return name

    def ended(self, party: str) -> str:
        """Return when a party ended, and who goes on from it, to stand behind its name."""
        rows = standing(self._connection, self._at, "closures", *among("party", [party]))
        if not rows:
            return ""
        last, after = rows[-1]["last"], rows[-1]["goes_on"]
        return f", which ended on {last}" + (
            f" and goes on as {self.party(after)}" if after else ""
        )

    def learn(self, about: str, name: str) -> None:
        """Call somebody by a name that the record does not hold yet."""
        self._known[about] = name

    def person(self, person: str) -> str:
        """Return a person's name, or why there is none; a person never named is a reference."""
        return self._once(person, lambda: self._read_person(person))

    def _read_person(self, person: str) -> str:
        row = self._connection.execute(_NAMED, (self._at.known_at, self._at.as_of, person))
        found = row.fetchone()
        return person if found is None else self._named_by(found[0], person)

    def former(self, person: str) -> list[str]:
        """Return the other names that a person has had by the moment, the first one first."""
        now = self.person(person)
        events = naming_events(self._connection, self._at, person)
        names = (self._named_by(event, person) for event in events)
        return [name for name in dict.fromkeys(names) if name != now]

    def _named_by(self, event: str, person: str) -> str:
        """Return the name that an event gave a person, or why there is none."""
        if _NAME_AT in erasures(self._connection, event):
            # Whatever the vault holds: a copy that was put back says no more than the record.
            return ERASED_NAME
        texts = self._store.vault.get(event)
        if _NAME_AT in texts:
            return texts[_NAME_AT][1]
        called = f"person {short_person(self._connection, person)}"
        # Of a bundle the heading says, once for all, that names are withheld.
        return called if extract_of(self._connection) else WITHHELD_NAME.format(called)

    def plain(self, party: str) -> str:
        """Return what a school, body or partnership is called, and nothing beside."""
        return _name_of(self._connection, party, self._at)

    def party(self, party: str) -> str:
        """Return a party's name; a school's with its URN, for many share a name."""
        return self._once(party, lambda: self._read_party(party))

    def _read_party(self, party: str) -> str:
        return self.person(party) if party.startswith("person:") else self._called(party, self._at)

    def _called(self, party: str, at: Moment) -> str:
        name = _name_of(self._connection, party, at)
        if not party.startswith("school:"):
            return name
        return f"{name} ({urn_of(self._connection, party, at)})"

    def _until(self, party: str, first: str) -> str:
        """Return what a party was called until it got another name, or is if it has not yet."""
        before = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
        return self._called(party, self._at._replace(as_of=min(before, self._at.as_of)))

    def in_words(self, text: str) -> str:
        """Return a message of ours with the names of the parties and offices that it refers to."""
        return _references().sub(lambda match: self._referred(match[0]), text)

    def told(self, text: str) -> str:
        """Return a message of ours that names whatever it refers to as people do.

        Parties and offices by name; things, events and what is owed by what they are, their day,
        and the start of their id, by which any command finds them. What is unknown stays as it is.
        """
        return _whatever().sub(self._whichever, text)

    def _whichever(self, match: re.Match[str]) -> str:
        if match["known"]:
            return self._referred(match["known"]) + self._beside(match["known"])
        if match["urn"]:
            return f"URN {match['urn']}"
        if match["opener"]:
            return self._obligation(match["opener"], match["slot"]) or match[0]
        return self._happening(match["event"], match["kind"] or "event") or match[0]

    def _beside(self, reference: str) -> str:
        """Return what tells a person from others of one name."""
        if not reference.startswith("person:"):
            return ""
        several = self._namesakes[self.person(reference)] > 1
        return f" ({short_person(self._connection, reference)})" if several else ""

    @cached_property
    def _namesakes(self) -> Counter[str]:
        """How many people have each name."""
        return Counter(people(self._connection, self._store, self._at).values())

    def _happening(self, event: str, kind: str) -> str | None:
        """Return what an event made, or what it is, its name or day, and the start of its id."""
        sql = "SELECT type, occurred_on FROM entries WHERE event = ? AND position <= ?"
        row = self._connection.execute(sql, (event, self._at.known_at)).fetchone()
        if row is None:
            return None
        name = self._said(event).get("name") if kind in _CALLED else None
        called = name if isinstance(name, str) else f"of {row[1]}"
        what = row[0] if kind == "event" else f"the {kind.replace('_', ' ')}"
        return f"{what} {called} ({short_id(self._connection, event)})"

    def _obligation(self, opener: str, slot: str) -> str | None:
        """Return the short id of something owed, and what it is and who owes it to whom."""
        row = self._connection.execute(
            "SELECT k.title, p.debtor, p.creditor FROM postings p JOIN kinds k ON k.kind = p.kind"
            " WHERE p.obligation = ? AND p.position <= ? ORDER BY p.position DESC LIMIT 1",
            (f"{opener}/{slot}", self._at.known_at),
        ).fetchone()
        if row is None:
            return None
        title, debtor, creditor = row
        start = short_id(self._connection, opener)
        owed = f"owed by {self.party(debtor)} to {self.party(creditor)}"
        return f"{start}/{slot} ({title}, {owed})"

    def _referred(self, reference: str) -> str:
        return self.office(reference) if "@" in reference else self.party(reference)

    # -- sentences -------------------------------------------------------------------------

    def sentence(self, written: str) -> str:
        """Return a sentence of the views in words."""
        return self._sentence(written, 0)

    def _sentence(self, written: str, depth: int) -> str:
        return "".join(
            part if isinstance(part, str) else self._word(part, depth)
            for part in json.loads(written)
        )

    def _word(self, part: list[str], depth: int) -> str:
        kind, value = part[0], part[1]
        if kind == "party":
            return self._until(*part[1:]) if part[2:] else self.party(value)
        own = {
            "person": self.person,
            "office": self.office,
            "thing": self._thing,
            "obligation": self._owed,
        }
        if kind in own:
            return own[kind](value)
        if kind == "event":
            return self._event(value, depth + 1)
        if kind == "member":
            return self._member(*part[1:], depth=depth)
        return _SHOWN[kind](value) if kind in _SHOWN else value

    def _thing(self, reference: str) -> str:
        """Return what kind of thing it is, and of a programme how that is called."""
        kind = reference.partition(":")[0].replace("_", " ")
        name = self._said(_event_id(reference)).get("name") if kind == "programme" else None
        return f"{kind} {name}" if name else kind

    def _owed(self, obligation: str) -> str:
        """Return what is owed in words, by its kind: days of support."""
        kind = obligation.split("/")[1]
        sql = "SELECT title FROM kinds WHERE kind = ?"
        row = self._connection.execute(sql, (kind,)).fetchone()
        return str(row[0]) if row else kind.replace("_", " ")

    def office(self, office: str) -> str:
        """Return an office in words: `head of Alder Primary School (900001)`."""
        role, _, party = office.partition("@")
        whose = "the ledger" if party == "ledger" else self.party(party)
        return f"{role.replace('_', ' ')} of {whose}"

    def _event(self, reference: str, depth: int) -> str:
        row = self._connection.execute(
            "SELECT summary FROM entries WHERE event = ? AND position <= ?",
            (_event_id(reference), self._at.known_at),
        ).fetchone()
        if row is None or depth > _MOST_NESTED:
            return reference
        return f"“{self._sentence(row[0], depth)}”"

    def _member(self, reference: str, member: str, kind: str, *, depth: int) -> str:
        value = self._said(_event_id(reference)).get(member)
        if isinstance(value, str):
            return value if kind == "text" else self._word([kind, value], depth)
        return "not stated" if value is None else str(value)

    def _said(self, event: str) -> dict[str, Any]:
        rows = self._store.by_tag(f"event:{event}", before=self._at.known_at + 1)
        for _, data in rows[:1]:
            said: dict[str, Any] = json.loads(data)["statement"]["data"]
            return said
        return {}


def naming_events(connection: sqlite3.Connection, at: Moment, person: str) -> list[str]:
    """Return the events that gave a person a name by a moment, in order."""
    sql = """
        SELECT event FROM people WHERE person = ? AND position <= ? AND coalesce(first, '') <= ?
        ORDER BY coalesce(first, ''), position
    """
    return [row[0] for row in connection.execute(sql, (person, at.known_at, at.as_of))]


def people(connection: sqlite3.Connection, store: EntryStore, at: Moment) -> dict[str, str]:
    """Return the names of everybody enrolled by a moment whose name is here and not erased."""
    names = dict(_named(connection, store, at))
    latest = {row["person"]: row["event"] for row in _naming(connection, at)}
    return {person: names[event] for person, event in latest.items() if event in names}


def ever_called(
    connection: sqlite3.Connection, store: EntryStore, at: Moment
) -> Iterator[tuple[str, str]]:
    """Go through the people enrolled by a moment, each with every name that is here."""
    names = dict(_named(connection, store, at))
    for row in _naming(connection, at):
        if row["event"] in names:
            yield row["person"], names[row["event"]]


def _naming(connection: sqlite3.Connection, at: Moment) -> list[dict[str, Any]]:
    """Return what named people by a moment, each person's in the order of the days."""
    sql = """
        SELECT person, event FROM people WHERE position <= ? AND coalesce(first, '') <= ?
        ORDER BY person, coalesce(first, ''), position
    """
    return rows_of(connection, sql, at.known_at, at.as_of)


def _named(
    connection: sqlite3.Connection, store: EntryStore, at: Moment
) -> Iterator[tuple[str, str]]:
    """Go through the events that named people by a moment, each with the name if it is here."""
    sql = "SELECT event FROM erasures WHERE pointer = ?"
    erased = {row[0] for row in connection.execute(sql, (_NAME_AT,))}
    events = [row["event"] for row in _naming(connection, at) if row["event"] not in erased]
    texts = store.vault.get_many(events)
    return ((event, found[_NAME_AT][1]) for event, found in texts.items() if _NAME_AT in found)


def people_at(connection: sqlite3.Connection, at: Moment) -> dict[str, dict[str, Any]]:
    """Return by which event, where and when each person was enrolled, by a moment."""
    sql = """
        SELECT p.person, p.event, e.position, e.occurred_on
        FROM people p JOIN entries e ON e.event = p.event
        WHERE e.position <= ? AND p.first IS NULL
    """
    return {row["person"]: row for row in rows_of(connection, sql, at.known_at)}


def _event_id(reference: str) -> str:
    return reference.partition(":")[2] if ":" in reference[:36] else reference[:36]


def _days(value: str) -> str:
    number = Decimal(value).normalize()
    return f"{number:f} {'day' if number == 1 else 'days'}"


def day_in_words(value: str) -> str:
    """Return a day as people write it: 2 November 2026."""
    day = date.fromisoformat(value)
    return f"{day.day} {day:%B %Y}"


def counted(amount: str, unit: str) -> str:
    """Return an amount as people say it before what it is of: pounds as such, and days as 2.5."""
    return f"£{Decimal(amount):,.2f}" if unit == "GBP" else amount


def counted_of(number: str, what: str) -> str:
    """Return so many of what is owed: 3 visits of the year, 1 visit of the year."""
    first, space, rest = what.partition(" ")
    return f"{number} {first.removesuffix('s') if number == '1' else first}{space}{rest}"


#: How a value of each kind is shown that needs nothing but itself.
_SHOWN: dict[str, Callable[[str], str]] = {
    "urn": lambda value: f"URN {value.removeprefix('urn:')}",
    "days": _days,
    "pounds": lambda value: counted(value, "GBP"),
    "day": day_in_words,
    "code": lambda value: value.replace("_", " ").replace("-", " "),
    "type": in_words,
}


def erasures(connection: sqlite3.Connection, event: str) -> dict[str, dict[str, Any]]:
    """Return by which events the sealed texts of an event were erased, by pointer.

    Whatever day is asked for: the text is gone, so nothing can be answered as if it were known.
    """
    rows = connection.execute("SELECT * FROM erasures WHERE event=?", (event,)).fetchall()
    return {row["pointer"]: dict(row) for row in rows}
