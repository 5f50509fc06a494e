"""`replay` and `diff`: the record event by event, and what differs between two moments."""

from __future__ import annotations

from dataclasses import replace

import click

from cli.read.narrowing import ReportCommand
from cli.read.step import stepped
from cli.terminal.formats import write
from cli.terminal.lazy import Option
from cli.terminal.options import (
    about_the_run,
    from_bundle,
    known_at,
    moments,
    optional_day,
    report_output,
)
from cli.terminal.parties import party_if_named
from cli.terminal.session import Session
from projections.reports.diff import diff as differences
from projections.reports.owes import Asked as WhatIsOwed
from projections.reports.owes import owes
from projections.reports.replay import Asked
from projections.reports.replay import replay as events_told

_WHICH = "Which events"
_ABOUT = "What concerns this party: URN or short name."


@click.command(
    cls=ReportCommand,
    columns="projections.reports.replay",
    examples=(
        "school-ledger replay --about 900003",
        "school-ledger replay --about 900003 --from 2025-09-01 --to 2025-12-31",
        "school-ledger replay --about 900003 --until 2025-12-31",
        "school-ledger replay --about estuary --step",
    ),
)
@click.option("--about", cls=Option, section=_WHICH, metavar="PARTY", help=_ABOUT)
@click.option(
    "--from",
    "since",
    cls=Option,
    section=_WHICH,
    metavar="DATE",
    callback=optional_day,
    help="What was recorded on that day or later.",
)
@click.option(
    "--to",
    cls=Option,
    section=_WHICH,
    metavar="DATE",
    callback=optional_day,
    help="What was recorded on that day or before.",
)
@click.option(
    "--until",
    cls=Option,
    section=_WHICH,
    metavar="DATE|POSITION",
    callback=known_at,
    help="Not the events, but the state after the last of them: what `owes` says known at it.",
)
@click.option(
    "--step",
    cls=Option,
    section=_WHICH,
    is_flag=True,
    help="One event at a time: return or n for the next, p for the one before, a position or a"
    " day, q to end.",
)
@moments
@report_output
@from_bundle
@about_the_run
@click.pass_obj
def replay(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    about: str | None,
    since: str | None,
    to: str | None,
    until: str | None,
    step: bool,
    as_of: str | None,
    known_at: str | None,
    form: str,
    path: str | None,
) -> None:
    """Tell the record again, event by event, each with what it changed in who owes what to whom.

    Events come in the order in which they were recorded. The balances after the last of them are
    what `owes` says.
    """
    if until is not None and (since or to or step or known_at):
        raise click.UsageError(
            "--until asks for the state after the last event; --from, --to, --step and --known-at"
            " choose events. Leave one or the other away."
        )
    with session.tables() as (store, connection):
        party = party_if_named(connection, store, about)
        at = session.moment(connection, as_of, until or known_at)
        if until is not None:
            state = owes(connection, store, at, WhatIsOwed(about=party))
            title = f"Replay until {until}: who owed what to whom after the last event by then"
            write(replace(state, title=title), form, path, session)
            return
        report = events_told(connection, store, at, Asked(party, since, to))
        if step:
            stepped(session.seen(report))
            return
        write(report, form, path, session)


@click.command(
    cls=ReportCommand,
    columns="projections.reports.diff",
    examples=(
        "school-ledger diff 2025-07-31 2026-07-31 --about estuary",
        "school-ledger diff 120 174 --format csv -o between.csv",
    ),
)
@click.argument("a", metavar="A", callback=known_at)
@click.argument("b", metavar="B", callback=known_at)
@click.option("--about", cls=Option, section="Which obligations", metavar="PARTY", help=_ABOUT)
@report_output
@from_bundle
@about_the_run
@click.pass_obj
def diff(  # noqa: PLR0913 - one argument for each option
    session: Session, *, a: str, b: str, about: str | None, form: str, path: str | None
) -> None:
    """Show what differs between A and B, two days or positions, and which events made it so.

    A day is asked as of that day, as the ledger knew it by then; a position as of the day when it
    was recorded. What had happened by A and was recorded after it, is told apart.
    """
    with session.tables() as (store, connection):
        party = party_if_named(connection, store, about)
        first, second = (session.moment(connection, None, text) for text in (a, b))
        if (first.known_at, first.as_of) > (second.known_at, second.as_of):
            raise click.UsageError(
                f"{a} lies after {b}. Name the earlier first: `school-ledger diff {b} {a}`."
            )
        write(differences(connection, store, first, second, party), form, path, session)
