"""A command for each report that says how it is asked for: options, help and refusals."""

from __future__ import annotations

import sqlite3
from typing import Any

import click

from cli.read.narrowing import ReportCommand
from cli.terminal.formats import write
from cli.terminal.lazy import Option
from cli.terminal.options import (
    about_the_run,
    from_bundle,
    moments,
    optional_day,
    refuse_backwards,
    report_output,
)
from cli.terminal.parties import party_named
from cli.terminal.session import Session
from ledger.store.base import EntryStore
from projections.reports.asking import Filter, Question, known_region
from projections.reports.asking_parts import narrowed
from projections.reports.names import Names

_WHICH = "Which rows"
_METAVARS = {"party": "PARTY", "day": "DATE", "code": "WORD", "region": "REGION"}


def command(question: Question) -> click.Command:
    """Return the command that asks a question."""

    @click.pass_obj
    def run(session: Session, /, **given: Any) -> None:
        form, path = given.pop("form"), given.pop("path")
        as_of, known_at = given.pop("as_of"), given.pop("known_at")
        with session.tables() as (store, connection):
            at = session.moment(connection, as_of, known_at)
            asked = _asked(question, given, connection, store)
            names = Names(connection, store, at)
            asked = narrowed(connection, names, at, question, asked)
            write(question.answer(connection, store, at, asked), form, path, session)

    for decorate in (about_the_run, from_bundle, report_output, moments):
        run = decorate(run)
    for name, narrows in reversed(question.filters.items()):
        run = _option(name, narrows)(run)
    typed = [f"school-ledger report {question.name} {each}" for each in question.examples]
    return click.command(
        question.name,
        cls=ReportCommand,
        help=question.tells,
        examples=[each.rstrip() for each in typed],
        columns=question.answer.__module__,
    )(run)


def _option(name: str, narrows: Filter) -> Any:
    return click.option(
        narrows.option,
        name,
        cls=Option,
        section=_WHICH,
        help=narrows.meaning,
        is_flag=narrows.takes == "flag",
        metavar=_METAVARS.get(narrows.takes),
        callback=optional_day if narrows.takes == "day" else None,
    )


def _asked(
    question: Question, given: dict[str, Any], connection: sqlite3.Connection, store: EntryStore
) -> Any:
    """Return what was asked, with parties by their references, and regions by their codes."""
    for name, narrows in question.filters.items():
        if narrows.takes == "party" and given[name] is not None:
            given[name] = party_named(connection, store, given[name], narrows.kinds)
        if narrows.takes == "region" and given[name] is not None:
            given[name] = known_region(given[name])
    refuse_backwards(given.get("since"), given.get("to"))
    return question.asked(**given)
