"""What need not be typed because the record tells: today's head of a school, its rows, its size.

What the rules themselves complete (obligations, and what an answer repeats) is not here but in
`ledger.decisions.complete`. Whatever is given is kept as given.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from ledger.application import Ledger
from ledger.facts import offices, parties, schools, support, things
from ledger.frameworks import SHIPPED
from ledger.statement import new_id, write_time
from ledger.values import event_id, office_party
from projections.owes import Asked, owes
from projections.views import moment


class Saying(NamedTuple):
    """An event about to be said: by whom, on which day, and where the record is to be read."""

    ledger: Ledger
    connection: sqlite3.Connection
    person: str | None
    occurred_on: date


Prefill = Callable[[Saying, dict[str, Any]], Any]


def fill(name: str, data: dict[str, Any], saying: Saying) -> None:
    """Fill in what an event leaves out and the record tells."""
    for member, prefill in PREFILLS.get(name, {}).items():
        if member not in data:
            value = prefill(saying, data)
            if value is not None:
                data[member] = value


def _new_person(saying: Saying, _data: dict[str, Any]) -> str:
    return f"person:{new_id(saying.ledger.clock(), saying.ledger.random_bytes)}"


def _head(saying: Saying, _data: dict[str, Any]) -> str:
    return str(saying.ledger.head())


def _rows(saying: Saying, data: dict[str, Any]) -> list[dict[str, str]] | None:
    """Return what the school or the office's party owes and is owed, as it stands."""
    party = data.get("school") or office_party(data.get("office", ""))
    if party is None:
        return None
    at = moment(saying.connection, known_at=saying.ledger.head().size)
    at = at._replace(as_of=saying.ledger.today().isoformat())
    report = owes(saying.connection, saying.ledger.store, at, Asked(about=party))
    return [
        {name: row[name] for name in ("obligation", "outstanding", "unit")} for row in report.rows
    ] or None


def _tenures(saying: Saying, data: dict[str, Any]) -> tuple[offices.Tenure, ...]:
    return saying.ledger.look(offices.office(data.get("office", "")))


def _holder(saying: Saying, data: dict[str, Any]) -> str | None:
    """Return who holds the office on the day, if one person does."""
    office = data.get("office", "")
    holding = offices.holders(office, _tenures(saying, data), saying.occurred_on)
    return holding[0].person if len(holding) == 1 else None


def _outgoing(saying: Saying, data: dict[str, Any]) -> str | None:
    """Return who hands an office over: the signer if they held it, else its last holder."""
    tenures = _tenures(saying, data)
    if any(tenure.person == saying.person for tenure in tenures):
        return saying.person
    return tenures[-1].person if tenures else None


def _signer(saying: Saying, _data: dict[str, Any]) -> str | None:
    return saying.person


def _school(saying: Saying, data: dict[str, Any]) -> schools.School | None:
    return saying.ledger.look(schools.school(data.get("school", "")))


def _old_urn(saying: Saying, data: dict[str, Any]) -> str | None:
    school = _school(saying, data)
    return school.urns[-1].urn if school else None


def _name(saying: Saying, data: dict[str, Any]) -> str | None:
    school = _school(saying, data)
    return school.name if school else None


def _former_body(saying: Saying, data: dict[str, Any]) -> str | None:
    school = _school(saying, data)
    day = data.get("effective_on")
    return school.responsible_body(date.fromisoformat(day)) if school and day else None


def _urn_of_school(_saying: Saying, data: dict[str, Any]) -> str | None:
    return str(data["school"]).replace("school:", "urn:") if "school" in data else None


def _school_of_urn(_saying: Saying, data: dict[str, Any]) -> str | None:
    return str(data["urn"]).replace("urn:", "school:") if "urn" in data else None


def _year_joined(saying: Saying, data: dict[str, Any]) -> str | None:
    """Return the partnership's year within which an admission takes effect."""
    application = saying.ledger.look(things.thing(data.get("application", "")))
    partnership = application.data.get("partnership") if application else data.get("partnership")
    if partnership is None or "effective_on" not in data:
        return None
    day = date.fromisoformat(data["effective_on"])
    for year in saying.ledger.look(parties.years(partnership)):
        if year.starts <= day <= year.ends:
            return f"year:{year.id}"
    return None


def _dispute(saying: Saying, data: dict[str, Any]) -> str | None:
    visit = saying.ledger.look(support.visit(event_id(data.get("visit", ""))))
    return f"dispute:{event_id(visit.dispute)}" if visit and visit.dispute else None


def _subject(member: str) -> Prefill:
    """Return what an enrolment or appointment says, for who vouches for it."""

    def found(saying: Saying, data: dict[str, Any]) -> Any:
        thing = saying.ledger.look(things.thing(data.get("subject", "")))
        return thing.data.get(member) if thing else None

    return found


def _keys_person(saying: Saying, data: dict[str, Any]) -> str | None:
    standing = saying.ledger.look(offices.key(data.get("key", "")))
    return standing.person if standing else None


def _last_right(saying: Saying, _data: dict[str, Any]) -> str | None:
    """Return the head after the last entry that was recorded no later than it is now."""
    now = write_time(saying.ledger.clock())
    row = saying.connection.execute(
        "SELECT min(position) FROM entries WHERE effective_at > ?", (now,)
    ).fetchone()
    size = row[0] - 1 if row[0] else 0
    return str(saying.ledger.head_at(size)) if size else None


def _founding_version(_saying: Saying, _data: dict[str, Any]) -> int:
    return 1  # the only one until GroundRulesAgreed is built


def _withdrawn_from(saying: Saying, data: dict[str, Any]) -> str | None:
    """Return the day of the event itself: it is disregarded from the start."""
    event = event_id(data.get("event", ""))
    named = saying.ledger.look(things.thread(event))
    return next((m.occurred_on.isoformat() for m in named if m.id == event), None)


PREFILLS: dict[str, dict[str, Prefill]] = {
    "PersonEnrolled": {"person": _new_person},
    "Vouched": {name: _subject(name) for name in ("person", "key", "office")},
    "KeyRetired": {"person": _keys_person},
    "ClockCorrected": {"since": _last_right},
    "KeyCompromised": {"person": _keys_person},
    "AppointmentEnded": {"person": _holder},
    "SchoolRegistered": {"urn": _urn_of_school, "school": _school_of_urn},
    "SchoolConverted": {
        "old_urn": _old_urn,
        "effective_on": lambda _, data: data.get("new_urn_opens_on"),
        "name": _name,
        "former_body": _former_body,
    },
    "ResponsibleBodyChanged": {"former_body": _former_body},
    "MembershipSought": {"version": _founding_version},
    "SchoolAdmitted": {"year": _year_joined},
    "MembershipRatified": {"version": _founding_version, "at": _head, "rows": _rows},
    "VisitCorrected": {"dispute": _dispute},
    "DepartureNotified": {"holder": _holder},
    "HandoverGiven": {"outgoing": _outgoing, "at": _head, "rows": _rows},
    "HandoverAccepted": {"incoming": _signer},
    "EventWithdrawn": {"effective_on": _withdrawn_from},
}


def shipped_framework(slug: str) -> dict[str, Any]:
    """Return FrameworkAdopted's data for a framework that comes with this software."""
    framework = SHIPPED[slug]
    return {
        "slug": framework.slug,
        "title": framework.title,
        "areas": [{"area": area, "grades": list(grades)} for area, grades in framework.areas],
        "in_force_from": framework.in_force_from.isoformat(),
        **({"action_days": framework.action_days} if framework.action_days else {}),
    }


def filled_members(name: str, agrees: Iterator[str]) -> frozenset[str]:
    """Return the members of an event that are found where they are left out."""
    return frozenset({*PREFILLS.get(name, {}), *agrees})
