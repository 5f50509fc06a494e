"""`owes` and `history`: questions answered from the views, without loading the vocabulary."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

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
from cli.terminal.parties import OWING, party_if_named, party_named
from cli.terminal.session import Session
from ledger.near import did_you_mean
from projections.reports.history import Narrowed
from projections.reports.history import history as timeline
from projections.reports.owes import Asked
from projections.reports.owes import owes as who_owes

_WHICH = "Which obligations"
_WHICH_EVENTS = "Which events"
_PARTY = "PARTY"


class _Kind(click.ParamType[str]):
    """A kind of obligation, by its name: what kinds there are, the rules tell where they post."""

    name = "kind"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or fail with the names that there are."""
        names = self._names()
        if value not in names:
            said = f"{value!r} is no kind of obligation; the kinds are {', '.join(names)}."
            self.fail(f"{said} {did_you_mean(str(value), names)}".rstrip(), param, ctx)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so."""
        del ctx, param
        return [CompletionItem(name) for name in self._names() if name.startswith(incomplete)]

    @staticmethod
    def _names() -> list[str]:
        # Only when a kind is named: it takes the vocabulary.
        from ledger.domain.post import KINDS  # noqa: PLC0415

        return sorted(kind.name for kind in KINDS)


@click.command(
    cls=ReportCommand,
    columns="projections.reports.owes",
    examples=(
        "school-ledger owes --overdue",
        "school-ledger owes --by 900003 --as-of 2025-12-31",
        "school-ledger owes --about estuary --known-at 2025-12-31 --format json",
        "school-ledger owes --kind attestation -f csv -o answers-due.csv",
        "school-ledger owes --by 900003 -o duties.ics",
    ),
)
@click.option(
    "--by",
    cls=Option,
    section=_WHICH,
    metavar=_PARTY,
    help="What this party owes: URN or short name.",
)
@click.option("--to", cls=Option, section=_WHICH, metavar=_PARTY, help="What this party is owed.")
@click.option(
    "--about",
    cls=Option,
    section=_WHICH,
    metavar=_PARTY,
    help="What this party owes and what it is owed.",
)
@click.option(
    "--kind", cls=Option, section=_WHICH, type=_Kind(), metavar="KIND", help="One kind only."
)
@click.option(
    "--overdue", cls=Option, section=_WHICH, is_flag=True, help="Only what is overdue on the day."
)
@click.option(
    "--settled",
    cls=Option,
    section=_WHICH,
    is_flag=True,
    help="Also what is settled: nothing of it is left.",
)
@moments
@report_output
@from_bundle
@about_the_run
@click.pass_obj
def owes(session: Session, /, **asked: Any) -> None:
    """Show who owes what to whom, what is overdue, since when and by which events.

    What is due first is listed first. JSON, CSV and JSON lines carry every column, the events
    behind each figure among them.
    """
    form, path = asked.pop("form"), asked.pop("path")
    as_of, known_at = asked.pop("as_of"), asked.pop("known_at")
    # A calendar that had it must be told to cancel it.
    asked["settled"] = asked["settled"] or form == "calendar"
    with session.tables() as (store, connection):
        at = session.moment(connection, as_of, known_at)
        for side in ("by", "to", "about"):
            asked[side] = party_if_named(connection, store, asked[side], OWING)
        write(who_owes(connection, store, at, Asked(**asked)), form, path, session)


@click.command(
    cls=ReportCommand,
    columns="projections.reports.history",
    examples=(
        "school-ledger history 900003",
        "school-ledger history northwick --from 2025-09-01 --to 2025-12-31",
        "school-ledger history 900003 --under 0193ab12 --format csv -o under-her.csv",
    ),
)
@click.argument("party")
@click.option(
    "--under",
    cls=Option,
    section=_WHICH_EVENTS,
    metavar="PERSON",
    help="Only while this person was head of the school.",
)
@click.option(
    "--from",
    "since",
    cls=Option,
    section=_WHICH_EVENTS,
    metavar="DATE",
    callback=optional_day,
    help="Only what happened on that day or later.",
)
@click.option(
    "--to",
    "to",
    cls=Option,
    section=_WHICH_EVENTS,
    metavar="DATE",
    callback=optional_day,
    help="Only what happened on that day or before.",
)
@moments
@report_output
@from_bundle
@about_the_run
@click.pass_obj
def history(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    party: str,
    under: str | None,
    since: str | None,
    to: str | None,
    as_of: str | None,
    known_at: str | None,
    form: str,
    path: str | None,
) -> None:
    """Show everything that concerns a PARTY, in time order.

    PARTY is a name, a URN that a school has or ever had, the short name of a body or partnership,
    or the first characters of a person's reference. A school's history runs on through conversions
    and is told by the head in office and the URN at the time. A partnership's has what happened
    under its years, what its members agreed with one another, and judgements of them.
    """
    refuse_backwards(since, to)
    with session.tables() as (store, connection):
        at = session.moment(connection, as_of, known_at)
        found = party_named(connection, store, party)
        head = None if under is None else party_named(connection, store, under, ("person",))
        report = timeline(connection, store, found, at, Narrowed(head, since, to))
        write(report, form, path, session)
