"""The fold behind histories: what happened to whom, signed by whom, and what parties are called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ledger.days import date_of
from ledger.domain.registers import offices, schools
from ledger.domain.registers.delegations import DELEGATIONS, delegation
from ledger.events import CATALOGUE
from ledger.format.entry import Entry
from ledger.recording.clock import CLOCK_CORRECTED, correction_vouched_for
from ledger.values import REGISTRAR
from ledger.withdrawals import DISOWNED, WITHDRAWN, taken_back
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import HISTORY
from projections.tables.sentences import written

_ENTRY = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_GROUND = "INSERT OR IGNORE INTO grounds VALUES (?, ?, ?, ?)"
_MENTION = "INSERT INTO mentions VALUES (?, ?)"
_NAME = "INSERT INTO names VALUES (?, ?, ?, ?)"
_VOUCHED = "INSERT INTO vouched VALUES (?, ?, ?)"
_URN = "INSERT INTO urns VALUES (?, ?, ?, ?, ?)"
_BODY = "INSERT INTO bodies VALUES (?, ?, ?, ?)"
_AREA = "INSERT INTO areas VALUES (?, ?, ?, ?, ?)"
_NAMED = "INSERT INTO people VALUES (?, ?, ?, ?)"
_TENURE = "INSERT INTO tenures VALUES (?, ?, ?, ?, ?, ?)"
_MENTIONED = ("school:", "body:", "partnership:", "person:", "event:")
_CREATES = {event.__name__: event.creates for event in CATALOGUE}
_NAMING = {event.__name__: event.names for event in CATALOGUE if event.names is not None}


def _apply(entry: Entry[Any], tables: Tables) -> None:
    record = _RECORDS.get(entry.name)
    if record is not None:
        record(entry, tables)
    moment = effective_at(entry, tables)
    enrolment, appointment = _rests_on(entry, moment, tables)
    row = (
        entry.position,
        entry.id,
        entry.name,
        entry.occurredon,
        entry.recorded_at,
        moment,
        entry.signedby,
        entry.office,
        entry.key,
        enrolment,
        appointment,
        written(entry.name, entry.data),
        _CREATES.get(entry.name),
    )
    tables.insert(_ENTRY, row)
    ground = _GROUNDS.get(entry.name)
    if ground is not None:
        by = ground(entry, enrolment, appointment)
        tables.insert(_GROUND, (entry.id, *by, entry.position))
    own = f"event:{entry.id}"
    mentioned = [tag for tag in entry.tags if tag.startswith(_MENTIONED) and tag != own]
    tables.insert_all(_MENTION, [(tag, entry.position) for tag in mentioned])
    named = _NAMING.get(entry.name)
    if named is not None:
        said = entry.data
        called = (said[named], said["name"], said.get("effective_on"), entry.position)
        tables.insert(_NAME, called)


def effective_at(entry: Entry[Any], tables: Tables) -> str:
    """Return the latest time of recording so far, restarted where a correction is vouched for."""
    last: str | None = tables.memory.get("effective_at")
    if last is None:
        sql = "SELECT effective_at FROM entries ORDER BY position DESC LIMIT 1"
        rows = [] if tables.complete else tables.fetch(sql)
        last = rows[0][0] if rows else ""
    if entry.recorded_at >= last or _restarts(entry, tables):
        last = entry.recorded_at
    tables.memory["effective_at"] = last
    return last


def _restarts(entry: Entry[Any], tables: Tables) -> bool:
    """Whether an entry is the first to vouch for a correction of the clock."""
    event = correction_vouched_for(entry.name, entry.data)
    if event is None:
        return False
    is_one = tables.fetch("SELECT 1 FROM entries WHERE event=? AND type=?", event, CLOCK_CORRECTED)
    return bool(is_one) and len(tables.fetch("SELECT 1 FROM vouched WHERE subject=?", event)) == 1


Ground = tuple[str | None, str | None]


def _enrolled_by(entry: Entry[Any], enrolment: str, _appointment: str) -> Ground:
    """Return what a further key stands by, if the person enrolled it: the key they did it with."""
    own = entry.signedby == entry.data["person"]
    return (enrolment, None) if own else (None, None)


def _appointed_by(entry: Entry[Any], enrolment: str, appointment: str) -> Ground:
    """Return what an appointment by others stands by: the key and the office of who made it."""
    alone = entry.office == REGISTRAR or entry.signedby == entry.data["person"]
    return (None, None) if alone else (enrolment, appointment)


def _stands_alone(_entry: Entry[Any], _enrolment: str, _appointment: str) -> Ground:
    return None, None


_GROUNDS: dict[str, Callable[[Entry[Any], str, str], Ground]] = {
    "LedgerFounded": _stands_alone,
    "KeyEnrolled": _enrolled_by,
    "Appointed": _appointed_by,
    "AuthorityDelegated": _appointed_by,
}


def _rests_on(entry: Entry[Any], moment: str, tables: Tables) -> tuple[str, str]:
    """Return the enrolment and the appointment by which the entry's signer could sign."""
    standing = tables.look(offices.key(entry.key))
    tenures = tables.look(offices.office(entry.office))
    enrolment = standing.enrolment if standing else entry.id
    day = date_of(moment)
    # The office as held that day; where the signer did not hold it, as they ever held it.
    held = offices.held_by(entry.office, tenures, entry.signedby, day)
    own = next(held, None)
    if own is None:
        by = delegation(tables.look, entry.office, entry.signedby, entry.name, day)
        if by is not None:
            return enrolment, by.id
        own = next(tenures.of(entry.signedby), None)
    return enrolment, own.appointment if own is not None else entry.id


def _founded(entry: Entry[Any], tables: Tables) -> None:
    tables.insert("INSERT OR REPLACE INTO facts VALUES (?, ?)", ("origin", entry.data["origin"]))
    tables.insert("INSERT OR REPLACE INTO facts VALUES (?, ?)", ("title", entry.data["title"]))
    tables.insert(_VOUCHED, (entry.id, entry.id, entry.position))
    for registrar in entry.data["registrars"]:
        person = registrar["person"]
        row = (entry.office, person, "substantive", entry.occurredon, None, entry.position)
        tables.insert(_TENURE, row)


def _person(entry: Entry[Any], tables: Tables) -> None:
    tables.insert(_NAMED, (entry.data["person"], entry.id, None, entry.position))


def _rename(entry: Entry[Any], tables: Tables) -> None:
    tables.insert(_NAMED, (entry.data["person"], entry.id, entry.occurredon, entry.position))


def _vouch(entry: Entry[Any], tables: Tables) -> None:
    subject = entry.data["subject"].partition(":")[2]
    tables.insert(_VOUCHED, (subject, entry.id, entry.position))


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
    if said["office"] == REGISTRAR:
        _found_with(entry, tables)


def _found_with(entry: Entry[Any], tables: Tables) -> None:
    """Note that the first further registrar of one who founded alone counts as founding."""
    before = tables.look(offices.office(REGISTRAR))
    after = offices.OFFICE.folds[entry.name](before, entry, f"office:{REGISTRAR}")
    second = offices.second_founder(after)
    if second is None or second.appointment != entry.id:
        return
    tables.insert(_VOUCHED, (entry.id, entry.id, entry.position))
    for key in tables.look(offices.keys(second.person))[:1]:
        standing = tables.look(offices.key(key))
        if standing and second.signed and standing.enrolled_by == second.signed.person:
            tables.insert(_VOUCHED, (standing.enrolment, entry.id, entry.position))


def _enrol(entry: Entry[Any], tables: Tables) -> None:
    second = offices.second_founder(tables.look(offices.office(REGISTRAR)))
    person = entry.data["person"]
    if second is None or second.signed is None or person != second.person:
        return
    by_founder = (entry.signedby, entry.office) == second.signed[:2]
    if by_founder and not tables.look(offices.keys(person)):
        tables.insert(_VOUCHED, (entry.id, entry.id, entry.position))


def _end(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    row = (said["office"], said["person"], "ended", said["effective_on"], said["effective_on"])
    tables.insert(_TENURE, (*row, entry.position))


def _register(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    tables.insert(_URN, (said["urn"], said["school"], said.get("opened_on"), None, entry.position))
    tables.insert(_BODY, (said["school"], said.get("responsible_body"), None, entry.position))
    area = (said["school"], said["la"], said.get("region"), None, entry.position)
    tables.insert(_AREA, area)


def _change(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    if "la" in said:
        area = (said["school"], said["la"], None, said["effective_on"], entry.position)
        tables.insert(_AREA, area)


def _convert(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    school, last = said["school"], said["old_urn_closes_on"]
    tables.insert(_URN, (said["old_urn"], school, None, last, entry.position))
    tables.insert(_URN, (said["new_urn"], school, said["new_urn_opens_on"], None, entry.position))
    _pass_on(entry, tables)


def _attribute(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    school, former = said["school"], said["former_urn"]
    line = tables.look(schools.school(school))
    spans = {} if line is None else {one.urn: one for one in schools.urns_after(line, entry.event)}
    if former not in spans:
        # Found under the school, and never what it was called by.
        last = said["former_urn_closes_on"]
        tables.insert(_URN, (former, school, None, last, entry.position))
        return
    tables.insert(_URN, (former, school, None, None, entry.position))
    tables.insert(_URN, (said["urn"], school, said["effective_on"], None, entry.position))


def _go_elsewhere(entry: Entry[Any], tables: Tables) -> None:
    """Note under which body, and in whose area, the schools of a body are that ended."""
    said = entry.data
    day = date.fromisoformat(said["effective_on"])
    for goes in said.get("schools", ()):
        school = tables.look(schools.school(goes["school"]))
        to, since = (goes["school"], goes["body"]), (said["effective_on"], entry.position)
        if school is not None and school.responsible_body(day) == said["body"]:
            tables.insert(_BODY, (*to, *since))
        if school is not None and school.authority(day) == said["body"]:
            tables.insert(_AREA, (*to, None, *since))


def _pass_on(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    body = said.get("responsible_body")
    tables.insert(_BODY, (said["school"], body, said["effective_on"], entry.position))


def _member(entry: Entry[Any], tables: Tables) -> None:
    row = (entry.data["school"], entry.data["partnership"], entry.position)
    tables.insert("INSERT INTO members VALUES (?, ?, ?)", row)


def _compromise(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    row = (entry.id, said["key"], said["person"], said["since"], entry.signedby, entry.office)
    sql = "INSERT INTO compromises VALUES (?, ?, ?, ?, ?, ?, ?)"
    tables.insert(sql, (*row, entry.position))


def _withdraw(entry: Entry[Any], tables: Tables) -> None:
    events = taken_back(entry.name, entry.data)
    rows = [(event, entry.id, entry.position) for event in events]
    tables.insert_all("INSERT INTO withdrawals VALUES (?, ?, ?)", rows)


def _erase(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    event = said["event"].partition(":")[2]
    row = (event, said["pointer"], entry.id, said["authority"], said["reason"], entry.occurredon)
    tables.insert("INSERT INTO erasures VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, entry.position))


_RECORDS = {
    "LedgerFounded": _founded,
    "PersonEnrolled": _person,
    "PersonRenamed": _rename,
    "KeyEnrolled": _enrol,
    "Vouched": _vouch,
    "Appointed": _appoint,
    "AppointmentEnded": _end,
    "SchoolRegistered": _register,
    "SchoolConverted": _convert,
    "SchoolChanged": _change,
    "ResponsibleBodyChanged": _pass_on,
    "SuccessionAttributed": _attribute,
    "BodySucceeded": _go_elsewhere,
    "SchoolAdmitted": _member,
    "KeyCompromised": _compromise,
    WITHDRAWN: _withdraw,
    DISOWNED: _withdraw,
    "DetailErased": _erase,
}

PROJECTION = Projection(
    HISTORY,
    (offices.KEY, offices.KEYS, offices.OFFICE, schools.SCHOOL, DELEGATIONS),
    _apply,
)
