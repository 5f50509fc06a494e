"""The fold behind histories: what happened to whom, signed by whom, and what parties are called."""

from __future__ import annotations

from typing import Any

from ledger.entry import Entry
from ledger.facts import offices
from projections.fold import Projection, Tables
from projections.layouts import HISTORY
from projections.summaries import summary

_ENTRY = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_MENTION = "INSERT INTO mentions VALUES (?, ?)"
_NAME = "INSERT INTO names VALUES (?, ?, ?)"
_VOUCHED = "INSERT INTO vouched VALUES (?, ?)"
_URN = "INSERT INTO urns VALUES (?, ?, ?, ?, ?)"
_BODY = "INSERT INTO bodies VALUES (?, ?, ?, ?, ?)"
_TENURE = "INSERT INTO tenures VALUES (?, ?, ?, ?, ?, ?)"
_MENTIONED = ("school:", "body:", "partnership:", "person:", "event:")
_NAMING = {
    "BodyRegistered": "body",
    "SchoolRegistered": "school",
    "SchoolConverted": "school",
    "PartnershipFormed": "partnership",
}


def _apply(entry: Entry[Any], tables: Tables) -> None:
    record = _RECORDS.get(entry.name)
    if record is not None:
        record(entry, tables)
    names = _names(tables)
    enrolment, appointment = _rests_on(entry, tables)
    row = (
        entry.position,
        entry.id,
        entry.name,
        entry.occurredon,
        entry.recorded_at,
        entry.signedby,
        entry.office,
        entry.key,
        enrolment,
        appointment,
        summary(entry.name, entry.data, lambda party: _called(party, names)),
    )
    tables.insert(_ENTRY, row)
    _ground(tables, enrolment, entry.position)
    _ground(tables, appointment, entry.position)
    own = f"event:{entry.id}"
    for tag in entry.tags:
        if tag.startswith(_MENTIONED) and tag != own:
            tables.insert(_MENTION, (tag, entry.position))
    named = _NAMING.get(entry.name)
    if named is not None:
        party = entry.data[named]
        names[party] = entry.data["name"]
        tables.insert(_NAME, (party, entry.data["name"], entry.position))


def _called(party: str, names: dict[str, str]) -> str:
    """Return what a party was called; a school with its number, for many share a name."""
    name = names.get(party, party)
    return f"{name} ({party[7:]})" if party.startswith("school:") else name


def _ground(tables: Tables, subject: str, position: int) -> None:
    seen: set[str] = tables.memory.setdefault("grounds", set())
    if subject not in seen:
        seen.add(subject)
        tables.insert("INSERT OR IGNORE INTO grounds VALUES (?, ?)", (subject, position))


def _names(tables: Tables) -> dict[str, str]:
    names: dict[str, str] | None = tables.memory.get("names")
    if names is None:
        rows = (
            []
            if tables.complete
            else tables.fetch("SELECT party, name FROM names ORDER BY position")
        )
        names = tables.memory["names"] = dict(rows)
    return names


def _rests_on(entry: Entry[Any], tables: Tables) -> tuple[str, str]:
    """Return the enrolment and the appointment by which the entry's signer could sign."""
    standing = tables.look(offices.key(entry.key))
    tenures = tables.look(offices.office(entry.office))
    holders = offices.holders(entry.office, tenures, entry.recorded_on)
    own = [tenure.appointment for tenure in holders if tenure.person == entry.signedby]
    before = [tenure.appointment for tenure in tenures if tenure.person == entry.signedby]
    appointment = (own or before[-1:] or [entry.id])[-1]
    return (standing.enrolment if standing else entry.id), appointment


def _founded(entry: Entry[Any], tables: Tables) -> None:
    tables.insert("INSERT OR REPLACE INTO facts VALUES (?, ?)", ("origin", entry.data["origin"]))
    tables.insert("INSERT OR REPLACE INTO facts VALUES (?, ?)", ("title", entry.data["title"]))
    tables.insert(_VOUCHED, (entry.id, entry.position))
    for registrar in entry.data["registrars"]:
        person = registrar["person"]
        row = (entry.office, person, "substantive", entry.occurredon, None, entry.position)
        tables.insert(_TENURE, row)


def _person(entry: Entry[Any], tables: Tables) -> None:
    tables.insert("INSERT OR REPLACE INTO people VALUES (?, ?)", (entry.data["person"], entry.id))


def _key(entry: Entry[Any], tables: Tables) -> None:
    """Note a further key that a person enrolled with a vouched key of their own as vouched for."""
    own = entry.signedby == entry.data["person"]
    if own and offices.is_vouched(tables.look, entry.key):
        tables.insert(_VOUCHED, (entry.id, entry.position))


def _vouch(entry: Entry[Any], tables: Tables) -> None:
    tables.insert(_VOUCHED, (entry.data["subject"].partition(":")[2], entry.position))


def _appoint(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    row = (
        said["office"],
        said["person"],
        said["basis"],
        said["effective_on"],
        None,
        entry.position,
    )
    tables.insert(_TENURE, row)
    if entry.office != "registrar@ledger":
        tables.insert(_VOUCHED, (entry.id, entry.position))


def _end(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    row = (said["office"], said["person"], "ended", said["effective_on"], said["effective_on"])
    tables.insert(_TENURE, (*row, entry.position))


def _register(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    tables.insert(_URN, (said["urn"], said["school"], said.get("opened_on"), None, entry.position))
    row = (said["school"], said.get("responsible_body"), said["la"], None, entry.position)
    tables.insert(_BODY, row)


def _convert(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    school, last = said["school"], said["old_urn_closes_on"]
    tables.insert(_URN, (said["old_urn"], school, None, last, entry.position))
    tables.insert(_URN, (said["new_urn"], school, said["new_urn_opens_on"], None, entry.position))
    _pass_on(entry, tables)


def _pass_on(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    body = said.get("responsible_body")
    row = (said["school"], body, None, said["effective_on"], entry.position)
    tables.insert(_BODY, row)


def _member(entry: Entry[Any], tables: Tables) -> None:
    row = (entry.data["school"], entry.data["partnership"], entry.position)
    tables.insert("INSERT INTO members VALUES (?, ?, ?)", row)


def _compromise(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    row = (entry.id, said["key"], said["person"], said["since"], entry.signedby, entry.office)
    sql = "INSERT INTO compromises VALUES (?, ?, ?, ?, ?, ?, ?)"
    tables.insert(sql, (*row, entry.position))


def _withdraw(entry: Entry[Any], tables: Tables) -> None:
    row = (entry.data["event"].partition(":")[2], entry.id, entry.position)
    tables.insert("INSERT INTO withdrawals VALUES (?, ?, ?)", row)


_RECORDS = {
    "LedgerFounded": _founded,
    "PersonEnrolled": _person,
    "KeyEnrolled": _key,
    "Vouched": _vouch,
    "Appointed": _appoint,
    "AppointmentEnded": _end,
    "SchoolRegistered": _register,
    "SchoolConverted": _convert,
    "ResponsibleBodyChanged": _pass_on,
    "SchoolAdmitted": _member,
    "KeyCompromised": _compromise,
    "EventWithdrawn": _withdraw,
}

PROJECTION = Projection(HISTORY, (offices.KEY, offices.OFFICE), _apply)
