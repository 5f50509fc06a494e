"""What somebody is about to say, in a sentence, and whether they want to.

::

    You are about to say, as head of Alder Primary School (900001):
      Alder Primary School (900001) offered Cedar Bank Academy (900103) 6 days of support.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from datetime import date
from typing import Any, NamedTuple

import click
import orjson

from cli.terminal import asking
from cli.terminal.failures import CommandError
from cli.terminal.screen import flush, printable
from cli.terminal.session import Session
from ledger.decision_model.created import FOR_OFFICE
from ledger.errors import LedgerError
from ledger.format.statement import Draft
from ledger.recording.application import Ledger
from projections.reports.base import heading
from projections.reports.keyholders import look_at
from projections.reports.names import Names, day_in_words
from projections.reports.warnings import Known, notes, warnings
from projections.tables.sentences import written

QUESTION = "Sign and record it?"
NOT_SAID = "nothing was signed, and nothing recorded"


def in_words(
    session: Session, ledger: Ledger, connection: sqlite3.Connection, *drafts: Draft
) -> str:
    """Return what drafted statements say and in which office, by the names of today.

    All are to be said by one person in one office and on one day.
    """
    names = Names(connection, ledger.store, session.moment(connection, None, None))
    return _in_words(session, drafts, names)


class Foreseen(NamedTuple):
    """What a statement says and what to know of it, and what is warned of before it is signed."""

    said: list[str]
    warned: list[str]


def foreseen(
    session: Session, ledger: Ledger, connection: sqlite3.Connection, draft: Draft
) -> Foreseen:
    """Return what a drafted statement says, in words, and what is foreseen of it."""
    names = Names(connection, ledger.store, session.moment(connection, None, None))
    known = Known(ledger.store, connection, ledger.look)
    said = _in_words(session, [draft], names)
    return Foreseen([said, *_noted(known, draft, names)], _warned(known, draft, ledger.today()))


def offline(session: Session, draft: Draft) -> Foreseen:
    """Return the same of a statement, as far as the ledger that it is for is at hand."""
    with suppress(LedgerError), session.tables() as (store, connection):
        at = session.moment(connection, None, None)
        if heading(connection, store, at).origin == orjson.loads(draft.statement)["source"]:
            names = Names(connection, store, at)
            known = Known(store, connection, look_at(store, at.known_at))
            said = [_in_words(session, [draft], names), *_noted(known, draft, names)]
            return Foreseen(said, _warned(known, draft, session.today()))
    return Foreseen([_in_words(session, [draft], None)], [])


def _in_words(session: Session, drafts: Sequence[Draft], names: Names | None) -> str:
    said = orjson.loads(drafts[0].statement)
    day = said["occurredon"]
    when = "" if day == session.today().isoformat() else f", of {day_in_words(day)}"
    office = names.office(said["office"]) if names else said["office"]
    lines = [f"You are about to say, as {office}{_for(said, names)}{when}:"]
    for draft in drafts:
        lines += _lines(draft, names)
    return "\n".join(map(printable, lines))


def _for(said: dict[str, Any], names: Names | None) -> str:
    """Return for whom a statement is recorded, if for another office."""
    office = said["data"].get(FOR_OFFICE)
    if office is None:
        return ""
    return f", what {names.office(office) if names else office} said"


def _lines(draft: Draft, names: Names | None) -> Iterator[str]:
    """Go through the sentence of a statement and the texts that it seals."""
    said = orjson.loads(draft.statement)
    event = said["type"].partition(".")[0]
    sentence = written(event, said["data"])
    texts = {one.pointer.removeprefix("/data/"): one.value for one in draft.disclosures}
    if names and event == "PersonEnrolled" and "name" in texts:
        # Who is about to be enrolled has no name in the record yet.
        names.learn(said["data"]["person"], texts["name"])
    yield f"  {names.sentence(sentence) if names else _plainly(sentence)}"
    yield from (f"  {name}: {text}" for name, text in texts.items())


def _plainly(sentence: str) -> str:
    """Return a sentence with references where nobody knows names."""
    parts: list[Any] = json.loads(sentence)
    return "".join(part if isinstance(part, str) else part[1] for part in parts)


def warned_of(ledger: Ledger, connection: sqlite3.Connection, draft: Draft) -> list[str]:
    """Return what may not be meant by a statement, a line each."""
    return _warned(Known(ledger.store, connection, ledger.look), draft, ledger.today())


def _noted(known: Known, draft: Draft, names: Names) -> list[str]:
    return [printable(f"Note: {names.told(one)}.") for one in notes(known, draft)]


def _warned(known: Known, draft: Draft, today: date) -> list[str]:
    return [printable(f"Warning: {one}.") for one in warnings(known, draft, today)]


def agree(
    session: Session, said: Sequence[str], question: str = QUESTION, warned: Sequence[str] = ()
) -> None:
    """Show what is about to be said, and on a terminal ask; raise CommandError if it is not meant.

    What is `warned` of is shown however quiet, and then no is what an empty answer means. `--yes`
    answers the question; where there is no terminal there is nobody to ask, and what is warned of
    is not said without it.
    """
    asks = asking.interactive() and not session.yes
    lines = [*(said if asks or not session.quiet else ()), *warned]
    if lines:
        flush()
        # Whoever is not asked may have closed it, and still means what was typed.
        with nullcontext() if asks else suppress(OSError, ValueError):
            print("\n".join(lines), file=sys.stderr, flush=True)  # noqa: T201 - the command line speaks here
    if warned and not asks and not session.yes:
        raise CommandError(
            f"{NOT_SAID}: there is nobody to ask whether it is meant all the same",
            todo="If it is meant, run the same again with --yes.",
        )
    if warned:
        question = f"{question.removesuffix('?')} all the same?"
    if asks and not click.confirm(question, default=not warned, err=True):
        raise CommandError(NOT_SAID)
