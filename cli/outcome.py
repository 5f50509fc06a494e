"""What a person reads after recording: where it stands, what it changed, what comes next."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import click

from cli import asking
from cli.failures import say
from cli.formats import SCHEMA, dumps
from cli.naming import short
from cli.screen import flush, printable
from projections.changes import changes, sentence

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.application import Ledger, Recorded
    from ledger.entry import Submission

#: What usually follows an event; `{id}` is the start of its id.
NEXT: dict[str, str] = {
    "PersonEnrolled": "school-ledger key prove FILE --person {person}",
    "KeyEnrolled": "school-ledger record Vouched --subject enrolment:{event}",
    "KeyCompromised": "school-ledger keys {person}",
    "LogKeyChanged": "school-ledger record Vouched --subject log_key:{event}",
    "Appointed": "school-ledger record Vouched --subject appointment:{event}",
    "AppointmentEnded": "school-ledger record Appointed --office {office}",
    "SchoolRegistered": "school-ledger history {school}",
    "SchoolConverted": "school-ledger history {school}",
    "PartnershipFormed": "school-ledger record MembershipSought --partnership {partnership}",
    "MembershipSought": "school-ledger record SchoolAdmitted --application {id}",
    "SchoolAdmitted": "school-ledger owes --about {school}",
    "PartnershipYearOpened": "school-ledger owes --to {partnership}",
    "SupportOffered": "school-ledger record SupportAgreed --offer {id}",
    "SupportAgreed": "school-ledger record VisitMade --under {id}",
    "VisitMade": "school-ledger record VisitAttested --visit {id}",
    "VisitAttested": "school-ledger record ImpactReported --visit {visit}",
    "VisitDisputed": "school-ledger record VisitCorrected --visit {visit}",
    "VisitCorrected": "school-ledger record VisitAttested --visit {visit}",
    "FrameworkAdopted": "school-ledger record JudgementMade --framework {id}",
    "DepartureNotified": "school-ledger record HandoverGiven --office {office}",
    "HandoverGiven": "school-ledger record HandoverAccepted --handover {id}",
    "HandoverAccepted": "school-ledger owes --about {party}",
}


def append(ledger: Ledger, submission: Submission) -> Recorded:
    """Record a statement; say so where it is recorded although the store failed afterwards.

    Otherwise somebody would record it again.
    """
    from ledger.errors import StoreError  # noqa: PLC0415 - the vocabulary, only to record

    try:
        return appended(ledger, submission)
    except StoreError as error:
        recorded = _recorded_all_the_same(ledger, submission)
        if recorded is None:
            raise
        say(f"It is recorded, and then something failed: {error}")
        return recorded


def _recorded_all_the_same(ledger: Ledger, submission: Submission) -> Recorded | None:
    from ledger.application import Recorded  # noqa: PLC0415 - as above
    from ledger.errors import LedgerError  # noqa: PLC0415 - as above

    event = json.loads(submission.statement)["id"]
    try:
        entry, head = ledger.find(event), ledger.head()
    except LedgerError:
        return None
    return Recorded(entry.position, entry.id, head.size, head.root, again=False)


def appended(ledger: Ledger, submission: Submission) -> Recorded:
    """Record a statement; where the clock is doubted, ask on a terminal whether it is right.

    StoreError may be raised after it is recorded, where text that it erases is still in use.
    """
    from ledger.errors import RefusedError  # noqa: PLC0415 - the vocabulary, only to record

    try:
        return ledger.append(submission)
    except RefusedError as error:
        doubted = any("--clock-confirmed" in reason for reason in error.reasons)
        if not doubted or ledger.clock_confirmed:
            raise
        now = ledger.clock().strftime("%Y-%m-%d %H:%M UTC")
        if not asking.confirm(f"Nothing was recorded for over 7 days. Is it really {now}?"):
            raise
    ledger.clock_confirmed = True
    return ledger.append(submission)


def tell(session: Session, ledger: Ledger, recorded: Recorded, form: str = "table") -> None:
    """Write what was recorded, what it changed, and the next command."""
    session.done = f"Event {recorded.event} is recorded, at position {recorded.position}."
    with session.views(ledger.store).open() as connection:
        rows = changes(connection, recorded.position)
        entry = ledger.find(recorded.event)
        start = short(connection, recorded.event)
        if form == "json":
            click.echo(dumps({**_members(recorded, entry.name, rows), "data": entry.data}))
            return
        for line in _lines(recorded, entry.name, start, rows):
            click.echo(printable(line))
        flush()
        session.remark(f"Next: {_next(connection, entry.name, recorded.event, entry.data)}")


def _lines(recorded: Recorded, name: str, start: str, rows: list[dict[str, Any]]) -> list[str]:
    how = "was recorded already" if recorded.again else "is recorded"
    return [
        f"{name} {start} {how}, at position {recorded.position}.",
        f"event     {recorded.event}",
        f"tree      {recorded.size} entries, root {recorded.root.hex()}",
        "Changed in who owes what to whom:" if rows else "It changes nothing in who owes what.",
        *(f"  {sentence(row)}" for row in rows),
    ]


def _members(recorded: Recorded, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": SCHEMA.format("recorded"),
        "event": recorded.event,
        "type": name,
        "position": recorded.position,
        "again": recorded.again,
        "size": recorded.size,
        "root": recorded.root.hex(),
        "changes": rows,
    }


def _next(connection: sqlite3.Connection, name: str, event: str, data: dict[str, Any]) -> str:
    known = {
        "id": short(connection, event),
        "event": event,
        "person": data.get("person"),
        "office": str(data.get("office", "")).replace("school:", ""),
        "school": _plain(data.get("school")),
        "partnership": _plain(data.get("partnership")),
        "party": _plain(str(data.get("office", "")).partition("@")[2]),
        "visit": short(connection, str(data.get("visit", "")).partition(":")[2]),
    }
    return NEXT.get(name, "school-ledger show {id}").format(**known)


def _plain(reference: object) -> str:
    return str(reference or "").partition(":")[2]
