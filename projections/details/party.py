"""Everything about one party: in the registers, what it owes and is owed, what happened last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from ledger.domain.partnership import contingency
from ledger.domain.partnership import facts as parties
from ledger.domain.registers import bodies, offices, schools
from ledger.domain.registers.tenures import Tenure
from projections.details.base import Page, Reading, Section, holder, owed
from projections.reports.history import COLUMNS as HAPPENED
from projections.reports.history import history
from projections.reports.names import day_in_words
from projections.reports.owes import COLUMNS as OWED
from projections.reports.owes import Asked
from projections.reports.part import remarks, unsaid
from projections.reports.standing import Bodies

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
        reading.called(party) + _until(reading, party),
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


def _last_day(reading: Reading, party: str) -> date | None:
    """Return the last day of whoever had ended by the day asked for; None while they go on."""
    look, kind = reading.look(), party.partition(":")[0]
    if kind == "body":
        ended = look(bodies.ended(party))
        last = ended.on - timedelta(days=1) if ended else None
    else:
        last = contingency.gone_since(look, party)
    return last if last and last.isoformat() < reading.at.as_of else None


def _until(reading: Reading, party: str) -> str:
    last = _last_day(reading, party)
    return f", until {day_in_words(last.isoformat())}" if last else ""


def _register(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    yield "reference", party
    kind = party.partition(":")[0]
    yield from {
        "school": _school,
        "body": _body,
        "partnership": _partnership,
        "person": _person,
    }[kind](reading, party)
    former = _former_names(reading, party)
    if former:
        yield "former names", former


def _former_names(reading: Reading, party: str) -> list[str]:
    """Return the other names that a party has had by the day asked for, the first one first."""
    if party.startswith("person:"):
        return reading.names.former(party)
    now = reading.names.plain(party)
    rows = reading.connection.execute(
        "SELECT DISTINCT name FROM names WHERE party = ? AND position <= ?"
        " AND coalesce(first, '') <= ? ORDER BY coalesce(first, ''), position",
        (party, reading.at.known_at, reading.at.as_of),
    )
    return [row[0] for row in rows if row[0] != now]


def _in_its_place(reading: Reading, parties_after: Iterable[str]) -> str:
    return " and ".join(map(reading.called, parties_after)) or "nobody"


def _school(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    school = reading.look()(schools.school(party))
    if school is None:
        return
    day = date.fromisoformat(reading.at.as_of)
    body = school.responsible_body(day)
    for span in school.urns:
        last = span.last or school.closed_on
        until = f" to {last}" if last else ""
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
        # Before its last day nobody stands there yet: then it tells who is to.
        is_over = day > school.closed_on
        after = schools.in_place_of(reading.look(), party, day) if is_over else school.goes_on_as
        yield "in its place", _in_its_place(reading, () if after in {None, party} else (after,))
    before = schools.predecessors(reading.look(), party)
    if before:
        yield "stands in the place of", [reading.called(line) for line in before]


def _listed(reading: Reading, party: str, others: Iterable[str]) -> list[str] | str:
    """Return who belongs to a party or to whom it belongs, unless only a part of that is here."""
    if remarks(reading.connection, reading.names, party):
        return "not told by this part"
    return [reading.called(each) for each in others] or "none"


def _partnerships(reading: Reading, school: str) -> tuple[str, ...]:
    memberships = reading.look()(parties.belongs(school))
    return parties.partnerships(memberships, date.fromisoformat(reading.at.as_of))


def _body(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    body, ended = reading.look()(bodies.body(party)), reading.look()(bodies.ended(party))
    if body is not None:
        yield "name", reading.names.plain(party)
        yield "kind", body.kind.replace("_", " ")
    yield "officers", holder(reading, f"officer@{party}")
    if ended is not None:
        yield "ended on", (ended.on - timedelta(days=1)).isoformat()
        yield "in its place", _in_its_place(reading, ended.successors)


def _partnership(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    day, look = date.fromisoformat(reading.at.as_of), reading.look()
    formed = look(parties.formed(party))
    if formed is not None:
        yield "kind", formed.kind.replace("_", " ")
    members = [m.school for m in look(parties.members(party)) if m.covers(day)]
    yield "members", _listed(reading, party, members)
    yield "years", [year.name for year in look(parties.years(party))] or "none"
    yield "chair", holder(reading, f"chair@{party}")
    yield "clerk", holder(reading, f"clerk@{party}")
    last = look(parties.dissolved(party))
    if last is not None:
        yield "dissolved on", last.isoformat()
        yield "in its place", _taking_over(reading, party, last)


def _taking_over(reading: Reading, partnership: str, last: date) -> str:
    """Return who takes over from a partnership that was dissolved, if they have agreed to it."""
    look = reading.look()
    who = contingency.named(look, partnership, partnership, last)
    if who is None:
        return "nobody"
    if contingency.agreed(look, partnership, who):
        return reading.called(who.party)
    return f"nobody: {reading.called(who.party)} is named, and has not agreed to take over"


def _person(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    yield "name", reading.names.person(party)
    look = reading.look()
    for office in look(offices.offices_of(party)):
        tenures = look(offices.office(office))
        for tenure in tenures:
            if tenure.person == party:
                until = _until_when(reading, office, tenure, tenures)
                yield f"{office} from {tenure.first}", f"{tenure.basis}{until}"


def _until_when(reading: Reading, office: str, tenure: Tenure, tenures: Sequence[Tenure]) -> str:
    """Say until when somebody held an office, and who followed; nothing where that goes on."""
    last = offices.last_day(office, tenure, tenures)
    if last is None:
        return ""
    after = offices.holders(office, tenures, last + timedelta(days=1))
    followed = " and ".join(reading.called(one.person) for one in after)
    return f", to {last}" + (f", followed by {followed}" if followed else "")
