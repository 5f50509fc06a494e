"""`find`: who there is, found by any part of a name, URN or LAESTAB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.terminal.formats import write
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, from_bundle, moments, report_output
from projections.reports.finding import found
from projections.reports.parties import parties as who_there_is

if TYPE_CHECKING:
    from cli.terminal.session import Session


def _searched(_ctx: click.Context, _param: click.Parameter, text: str) -> str:
    """Return what is searched for; refuse what no name and no number can hold."""
    if not any(map(str.isalnum, text)):
        raise click.BadParameter(
            f"{text} has neither a letter nor a digit. Type a part of a name, or a number."
        )
    return text


@click.command(
    cls=Command,
    examples=(
        'school-ledger find "cedar bank"',
        "school-ledger find 900103",
        "school-ledger find 340/2001",
        "school-ledger find o'brien --format json",
        "school-ledger find needs",
    ),
)
@click.argument("text", callback=_searched)
@moments
@report_output
@from_bundle
@about_the_run
@click.pass_obj
def find(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    text: str,
    as_of: str | None,
    known_at: str | None,
    form: str,
    path: str | None,
) -> None:
    """Find parties and people by a part of a name, present or former, or by a number.

    Case, accents and apostrophes do not matter. A number is a URN, a LAESTAB or a UKPRN, or the
    beginning of one. Where nothing is called so, those that come near are proposed. Where TEXT is a
    kind of thing, as need or visit, and no name holds it, each of them is listed with its id.
    """
    with session.tables() as (store, connection):
        at = session.moment(connection, as_of, known_at)
        kind = None if found(connection, store, at, text) else _kind(text)
        if kind is None:
            report = who_there_is(connection, store, at, text)
        else:
            from projections.reports.things import things  # noqa: PLC0415 - as below

            report = things(connection, store, at, kind)
        write(report, form, path, session)


def _kind(text: str) -> str | None:
    """Return the kind of thing that a text names, if it does."""
    from projections.reports.things import kind_meant  # noqa: PLC0415 - loads the vocabulary

    return kind_meant(text)
