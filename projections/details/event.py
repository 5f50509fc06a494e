"""Everything about one event, obligation or party, on a page of titled sections.

A page is data, as a report is: no page knows a format. Facts are asked of the record as it was at
the position known; the rest comes from the views.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.decision_model.facts import Book, Look
from ledger.domain.decide import judge_authority
from ledger.domain.partnership import facts as parties
from ledger.domain.registers import offices, schools
from ledger.errors import LedgerError, NotFoundError
from ledger.format import sshsig
from ledger.format.entry import Entry, parse_entry, read_entry, read_signature
from ledger.format.statement import NAMESPACE
from ledger.store.base import EntryStore
from projections.reports.base import Column, Heading
from projections.reports.changes import COLUMNS as CHANGED
from projections.reports.changes import changes
from projections.reports.history import COLUMNS as HAPPENED
from projections.reports.history import history
from projections.reports.marks import NOTES, Marks
from projections.reports.names import Names, erasures, names_of
from projections.reports.owes import COLUMNS as OWED
from projections.reports.owes import Asked, amount, owes, titles
from projections.tables.views import Moment, heading, rows_of

_LATEST = 10


@dataclass(frozen=True)
class Section:
    """A titled part of a page: facts by name, or rows under columns."""

    name: str
    title: str
    facts: Mapping[str, Any] | None = None
    columns: Sequence[Column] = ()
    rows: Sequence[dict[str, Any]] = ()
    empty: str = ""


@dataclass(frozen=True)
class Page:
    """What there is to know of one thing: its kind, a title, and sections."""

    kind: str
    title: str
    heading: Heading
    sections: Sequence[Section]


class Reading:
    """What pages read: the store, the tables, and the moment that is asked for."""

    def __init__(self, store: EntryStore, connection: sqlite3.Connection, at: Moment) -> None:
        """Read the record as it was known at a moment."""
        self.store = store
        self.connection = connection
        self.at = at
        self.names = Names(connection, store, at)
        self.heading = heading(connection, store, at)

    def marks(self, rows: Iterable[Mapping[str, Any]]) -> Marks:
        """Return what, of these rows, was withdrawn or rests on what is in doubt."""
        return Marks(self.connection, self.at, rows)

    def look(self, position: int | None = None) -> Look:
        """Return what answers facts as they stood at a position, else at the one known."""

        def read(tag: str, types: Sequence[str], before: int | None) -> Iterable[Entry[Any]]:
            return [read_entry(*row) for row in self.store.by_tag(tag, types, before=before)]

        return Book(read, self.at.known_at if position is None else position).look

    def called(self, reference: str) -> str:
        """Return a party's name with its reference, where it has one."""
        if reference.startswith("person:"):
            name = self.names.person(reference)
        else:
            name = names_of(self.connection, [reference], self.at)[reference]
        return name if name == reference else f"{name} ({reference})"


# -- an event ------------------------------------------------------------------------------------


def event_page(reading: Reading, event: str) -> Page:
    """Return an event: its statement, signature, what it changed, and what refers to it."""
    row = _entry_row(reading, event)
    data = next(data for _, data in reading.store.entries(row["position"] - 1, 1))
    entry = read_entry(row["position"], data)
    rows = changes(reading.connection, entry.position, reading.at)
    return Page(
        "event",
        f"{entry.name} {entry.id}",
        reading.heading,
        (
            Section("event", "Event", _event_facts(reading, entry, row)),
            Section("says", "What it says", _said(reading, entry)),
            Section("signature", "Signature", _signature(reading, entry, data)),
            Section("changes", "What it changed", None, CHANGED, rows, "Nothing that is owed."),
            *_opened(reading, entry.id, rows),
            _referring(reading, entry.id),
        ),
    )


def _entry_row(reading: Reading, event: str) -> dict[str, Any]:
    rows = rows_of(
        reading.connection,
        "SELECT *, (SELECT by_event FROM withdrawals w WHERE w.event = e.event"
        " AND w.position <= ?2) AS withdrawn_by FROM entries e"
        " WHERE event = ?1 AND position <= ?2",
        event,
        reading.at.known_at,
    )
    if not rows:
        raise NotFoundError(
            f"the event {event} was not recorded by then",
            got=f"known at position {reading.at.known_at}",
            todo="Ask as known at a later position.",
        )
    return rows[0]


def _event_facts(reading: Reading, entry: Entry[Any], row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "summary": reading.names.sentence(row["summary"]),
        "id": entry.id,
        "type": entry.type,
        "position": entry.position,
        "occurred_on": entry.occurredon,
        "signed_at": entry.time,
        "recorded_at": entry.recorded_at,
        "signed_by": reading.called(entry.signedby),
        "office": entry.office,
        "seen": entry.seen,
    }
    found = [f"{mark}: {NOTES[mark]}" for mark in reading.marks([row]).of(row)]
    marks = {"marks": " ".join(found)} if found else {}
    return facts | ({"withdrawn_by": row["withdrawn_by"]} if row["withdrawn_by"] else {}) | marks


_AUTHORITIES = {
    "data_subject": "at the wish of the person concerned",
    "controller": "by decision of whoever answers for the data",
    "court": "by order of a court",
    "retention_schedule": "by the retention schedule",
}


def _said(reading: Reading, entry: Entry[Any]) -> dict[str, Any]:
    """Return the members of the statement's data, sealed ones by their text if it is there."""
    kept = reading.store.vault.get(entry.id)
    texts = {pointer: text for pointer, (_, text) in kept.items()}
    erased = erasures(reading.connection, entry.id)
    texts.update((pointer, _erased(row)) for pointer, row in erased.items())
    return dict(_flat(entry.data, "", "/data", texts))


def _erased(row: dict[str, Any]) -> str:
    authority = _AUTHORITIES.get(row["authority"], row["authority"])
    reason = str(row["reason"]).replace("_", " ")
    return f"(erased on {row['erased_on']} {authority}, {reason}: event {row['by_event']})"


def _flat(
    value: Any, name: str, pointer: str, texts: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and "sealed" in value:
        yield name, texts.get(pointer, "(sealed text that is not kept here)")
    elif isinstance(value, dict):
        for member, item in value.items():
            yield from _flat(item, f"{name}.{member}".lstrip("."), f"{pointer}/{member}", texts)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            yield from _flat(item, f"{name}.{number + 1}", f"{pointer}/{number}", texts)
    else:
        yield name, value


def _signature(reading: Reading, entry: Entry[Any], data: bytes) -> dict[str, Any]:
    """Verify the signature anew, and judge the signer's authority as it was then."""
    parts = parse_entry(data)
    try:
        blob = read_signature(parts.signature)
        public = sshsig.verify_blob(parts.statement.raw, blob, NAMESPACE)
    except LedgerError as error:
        return {"result": f"does not hold: {error}"}
    key = f"key:{public.fingerprint}"
    faults = judge_authority(entry, reading.look(entry.position - 1))
    return {
        "result": "holds",
        "key": key,
        "authority": "; ".join(faults) or "held at the time",
        "vouched": offices.is_vouched(reading.look(), key),
    }


def _opened(reading: Reading, event: str, rows: Sequence[dict[str, Any]]) -> Iterator[Section]:
    """Return what is left of the obligations that the event opened, if it opened any."""
    debtors = {row["debtor"] for row in rows if row["obligation"].startswith(event)}
    found = [
        row
        for debtor in sorted(debtors)
        for row in _owed(reading, Asked(by=debtor, settled=True))
        if row["opened_by"] == event
    ]
    if found:
        yield Section("opened", "What is left of what it opened", None, OWED, found)


def _owed(reading: Reading, asked: Asked) -> list[dict[str, Any]]:
    return list(owes(reading.connection, reading.store, reading.at, asked).rows)


def _referring(reading: Reading, event: str) -> Section:
    rows = rows_of(
        reading.connection,
        """
        SELECT e.occurred_on, e.type, e.event, e.position, e.summary
        FROM mentions m JOIN entries e ON e.position = m.position
        WHERE m.party = ?1 AND m.position <= ?2 AND e.event <> ?3
        ORDER BY e.position
        """,
        f"event:{event}",
        reading.at.known_at,
        event,
    )
    for row in rows:
        row["summary"] = reading.names.sentence(row["summary"])
    return Section("referring", "What refers to it", None, _REFERRING, rows, "Nothing so far.")


_REFERRING = (
    Column("occurred_on", "Day"),
    Column("summary", "What happened"),
    Column("event", "Event"),
    Column("type", "Type", shown=False),
    Column("position", "Position", shown=False, figure=True),
)


# -- an obligation -------------------------------------------------------------------------------

_POSTED = (
    Column("effective_on", "From"),
    Column("reason", "Why"),
    Column("amount", "Change", figure=True),
    Column("left", "Left", figure=True),
    Column("debtor_name", "Who owes"),
    Column("creditor_name", "To whom"),
    Column("summary", "By what"),
    Column("marks", "Marks"),
    Column("event", "Event", shown=False),
    Column("position", "Position", shown=False, figure=True),
    Column("debtor", "Debtor", shown=False),
    Column("creditor", "Creditor", shown=False),
)


def obligation_page(reading: Reading, obligation: str) -> Page:
    """Return an obligation: who owes whom what, and each posting with what was left after it."""
    rows = rows_of(
        reading.connection,
        """
        SELECT p.*, e.summary, e.enrolment, e.appointment,
               (SELECT by_event FROM withdrawals w
                WHERE w.event = e.event AND w.position <= ?2) AS withdrawn_by
        FROM postings p JOIN entries e ON e.position = p.position
        WHERE p.obligation = ?1 AND p.position <= ?2 ORDER BY p.position, p.rowid
        """,
        obligation,
        reading.at.known_at,
    )
    if not rows:
        raise NotFoundError(
            f"no obligation {obligation} in this ledger",
            expected="<event id>/<slot>",
            todo="`school-ledger owes --format json` lists obligations.",
        )
    title = titles(reading.connection)[rows[0]["kind"]]
    facts = {
        "obligation": obligation,
        "kind": rows[0]["kind"],
        "debtor": reading.called(rows[-1]["debtor"]),
        "creditor": reading.called(rows[-1]["creditor"]),
        "left": amount(sum(row["amount"] for row in rows), rows[0]["unit"]),
        "unit": rows[0]["unit"],
        "due_on": max((row["due_on"] for row in rows if row["due_on"]), default=None),
        "opened_by": obligation[:36],
    }
    return Page(
        "obligation",
        f"Obligation: {title}",
        reading.heading,
        (
            Section("obligation", "As it stands", facts),
            Section("postings", "How it came to that", None, _POSTED, _posted(reading, rows)),
        ),
    )


def _posted(reading: Reading, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    parties_named = [row[side] for row in rows for side in ("debtor", "creditor")]
    names = names_of(reading.connection, parties_named, reading.at)
    marks = reading.marks(rows)
    left, found = Decimal(0), []
    for row in rows:
        left += row["amount"]
        found.append(
            {
                "effective_on": row["effective_on"],
                "reason": row["reason"],
                "amount": amount(row["amount"], row["unit"]),
                "left": amount(int(left), row["unit"]),
                "debtor": row["debtor"],
                "debtor_name": names[row["debtor"]],
                "creditor": row["creditor"],
                "creditor_name": names[row["creditor"]],
                "summary": reading.names.sentence(row["summary"]),
                "marks": ", ".join(marks.of(row)),
                "event": row["event"],
                "position": row["position"],
            }
        )
    return found


# -- a party -------------------------------------------------------------------------------------


def party_page(reading: Reading, party: str) -> Page:
    """Return a party: what registers say of it, what it owes and is owed, what happened last."""
    owed = _owed(reading, Asked(about=party))
    happened = list(history(reading.connection, reading.store, party, reading.at).rows)
    return Page(
        party.partition(":")[0],
        reading.called(party),
        reading.heading,
        (
            Section("party", "In the registers", dict(_register(reading, party))),
            Section("owes", "What it owes and is owed", None, OWED, owed, "Nothing is owed."),
            Section(
                "history",
                f"What happened last ({min(len(happened), _LATEST)} of {len(happened)})",
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


def _holder(reading: Reading, office: str) -> str:
    tenures = reading.look()(offices.office(office))
    holding = offices.holders(office, tenures, date.fromisoformat(reading.at.as_of))
    return ", ".join(f"{reading.called(t.person)}, {t.basis}" for t in holding) or "nobody"


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
    yield "local authority", reading.called(school.la)
    yield "responsible body", reading.called(body) if body else "not stated"
    yield "partnerships", [reading.called(each) for each in _partnerships(reading, party)] or "none"
    yield "head", _holder(reading, f"head@{party}")
    if school.closed_on is not None:
        yield "closed on", school.closed_on.isoformat()


def _partnerships(reading: Reading, school: str) -> tuple[str, ...]:
    memberships = reading.look()(parties.belongs(school))
    return parties.partnerships(memberships, date.fromisoformat(reading.at.as_of))


def _body(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    body = reading.look()(parties.body(party))
    if body is not None:
        yield "name", body.name
        yield "kind", body.kind.replace("_", " ")
    yield "officers", _holder(reading, f"officer@{party}")


def _partnership(reading: Reading, party: str) -> Iterator[tuple[str, Any]]:
    day = date.fromisoformat(reading.at.as_of)
    members = [m.school for m in reading.look()(parties.members(party)) if m.covers(day)]
    yield "members", [reading.called(school) for school in members] or "none"
    yield "years", [year.name for year in reading.look()(parties.years(party))] or "none"
    yield "chair", _holder(reading, f"chair@{party}")
    yield "clerk", _holder(reading, f"clerk@{party}")


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
