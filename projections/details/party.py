"""Everything about one party: in the registers, what it owes and is owed, what happened last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ledger.domain.partnership import facts as parties
from ledger.domain.registers import bodies, schools
from projections.details.base import Page, Reading, Section, holder, owed
from projections.reports.history import COLUMNS as HAPPENED
from projections.reports.history import history
from projections.reports.owes import COLUMNS as OWED
from projections.reports.owes import Asked
from projections.reports.part import remarks, unsaid
from projections.reports.standing import Bodies
from projections.tables.views import rows_of

_LATEST = 10


def party_page(reading: Reading, party: str) -> Page:
    """Return a party: what registers say of it, what it owes and is owed, what happened last."""
    untold = unsaid(reading.connection, reading.names, party)
    owing = [] if untold else owed(reading, Asked(about=party))
    nothing = untold or "Nothing is owed."
    here = ", of what is here" if remarks(reading.connection, reading.names, party) else ""
    happened = list(history(reading.connection, reading.store, party, reading.at).rows)
    return Page(
        party.partition(":")[0],
        reading.called(party),
        reading.heading,
        (
            Section("party", "In the registers", dict(_register(reading, party))),
            Section("owes", "What it owes and is owed", None, OWED, owing, nothing),
            Section(
                "history",
                f"What happened last{here} ({min(len(happened), _LATEST)} of {len(happened)})",
                None,
                HAPPENED,
                happened[-_LATEST:],
                "Nothing by then.",
            ),
        ),
    )


def _register(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    yield "reference", party
    kind = party.partition(":")[0]
    yield from {
        "school": _school,
        "body": _body,
        "partnership": _partnership,
        "person": _person,
    }[kind](reading, party)


def _school(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    school = reading.look()(schools.school(party))
    if school is None:
        return
    day = date.fromisoformat(reading.at.as_of)
    body = school.responsible_body(day)
    for span in school.urns:
        until = f" to {span.last}" if span.last else ""
        since = f" from {span.first}" if span.first else ""
        yield f"URN {span.urn.partition(':')[2]}", f"held{since}{until}"
    yield "phase", school.phase
    authority = Bodies(reading.connection, reading.at).authority(party) or school.la
    yield "local authority", reading.called(authority)
    yield "responsible body", reading.called(body) if body else "not stated"
    yield "partnerships", _listed(reading, party, _partnerships(reading, party))
    yield "head", holder(reading, f"head@{party}")
    if school.closed_on is not None:
        yield "closed on", school.closed_on.isoformat()


def _listed(reading: Reading, party: str, others: Iterable[str]) -> list[str] | str:
    """Return who belongs to a party or to whom it belongs, unless only a part of that is here."""
    if remarks(reading.connection, reading.names, party):
        return "not told by this part"
    return [reading.called(each) for each in others] or "none"


def _partnerships(reading: Reading, school: str) -> tuple[str, ...]:
    memberships = reading.look()(parties.belongs(school))
    return parties.partnerships(memberships, date.fromisoformat(reading.at.as_of))


def _body(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    body = reading.look()(bodies.body(party))
    if body is not None:
        yield "name", body.name
        yield "kind", body.kind.replace("_", " ")
    yield "officers", holder(reading, f"officer@{party}")


def _partnership(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    day = date.fromisoformat(reading.at.as_of)
    members = [m.school for m in reading.look()(parties.members(party)) if m.covers(day)]
    yield "members", _listed(reading, party, members)
    yield "years", [year.name for year in reading.look()(parties.years(party))] or "none"
    yield "chair", holder(reading, f"chair@{party}")
    yield "clerk", holder(reading, f"clerk@{party}")


def _person(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    yield "name", reading.names.person(party)
    rows = rows_of(
        reading.connection,
        "SELECT * FROM tenures WHERE person = ? AND position <= ? ORDER BY position",
        party,
        reading.at.known_at,
    )
    for row in rows:
        when = f"to {row['last']}" if row["basis"] == "ended" else f"from {row['first']}"
        yield f"{row['office']} {when}", row["basis"]
