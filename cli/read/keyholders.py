"""`keys`: every key that could ever sign for each office, who enrolled it and who vouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.terminal.failures import CommandError
from cli.terminal.formats import write
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, from_bundle, moments, report_output
from cli.terminal.parties import party_named
from cli.terminal.session import Session

if TYPE_CHECKING:
    import sqlite3

    from ledger.store.base import EntryStore


@click.command(
    cls=Command,
    columns="projections.reports.keyholders",
    examples=(
        "school-ledger keys",
        "school-ledger keys 900003",
        "school-ledger keys head@900003 --known-at 2025-12-31",
        "school-ledger keys registrar --format json",
    ),
)
@click.argument("who", metavar="[OFFICE|PARTY|PERSON]", required=False)
@moments
@report_output
@from_bundle
@about_the_run
@click.pass_obj
def keys(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    who: str | None,
    as_of: str | None,
    known_at: str | None,
    form: str,
    path: str | None,
) -> None:
    """Show every key that could ever sign for each office, and by whose word.

    For each time that a person held an office: their keys, from when to when each could sign, who
    enrolled it, who appointed them, and who else vouched for both. A head whom nobody but the
    registrar speaks for is seen here. Name an office, a party or a person to see theirs only.
    """
    from projections.reports.keyholders import keyholders  # noqa: PLC0415 - loads the vocabulary

    with session.tables() as (store, connection):
        at = session.moment(connection, as_of, known_at)
        about = None if who is None else _named(connection, store, who)
        write(keyholders(connection, store, at, about), form, path, session)


def _named(connection: sqlite3.Connection, store: EntryStore, text: str) -> str:
    """Return the reference of an office, party or person, by what people type."""
    if text in ("registrar", "registrar@ledger"):
        return "registrar@ledger"
    role, at, party = text.partition("@")
    if at and not role:
        raise CommandError(
            "there is no such office", got=text, expected="a role at a party, as head@900003"
        )
    found = party_named(connection, store, party if at else text)
    return f"{role}@{found}" if at else found
