"""What a person reads after recording: where it stands, what it changed, what comes next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from cli.terminal import asking
from cli.terminal.failures import say
from cli.terminal.formats import SCHEMA, dumps
from cli.terminal.screen import flush, printable
from projections.reports.changes import changes, sentence
from projections.reports.short_ids import short_id

if TYPE_CHECKING:
    from cli.terminal.session import Session
    from ledger.format.entry import Entry, Submission
    from ledger.recording.application import Ledger, Recorded


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
    from ledger.errors import LedgerError  # noqa: PLC0415 - as above
    from ledger.recording.application import Recorded  # noqa: PLC0415 - as above

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
        today = session.moment(connection, None, None)
        rows = changes(connection, recorded.position, today)
        entry = ledger.find(recorded.event)
        start = short_id(connection, recorded.event)
        if form == "json":
            click.echo(dumps({**_members(recorded, entry.name, rows), "data": entry.data}))
            return
        for line in _lines(recorded, entry.name, start, rows):
            click.echo(printable(line))
        flush()
        following = "\n  or".join(_next(entry, start, owed=bool(rows)))
        session.remark(f"Next{following}")


def _lines(recorded: Recorded, name: str, start: str, rows: list[dict[str, Any]]) -> list[str]:
    how = "was recorded already" if recorded.again else "is recorded"
    return [
        f"{name} {start} {how}, at position {recorded.position}.",
        f"event     {recorded.event}",
        f"record    {recorded.size} entries, root {recorded.root.hex()}",
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


def _next(entry: Entry[Any], start: str, *, owed: bool) -> list[str]:
    """Return the commands that usually follow, each with who is to sign it."""
    from cli.record.following import naming  # noqa: PLC0415 - the vocabulary, only to record

    found = naming(type(entry.event).creates, owed=owed)
    if not found:
        return [f": school-ledger show {start}"]
    return [
        f", by {one.by}: school-ledger record {one.event.__name__} --{one.option} {start}"
        for one in found
    ]
