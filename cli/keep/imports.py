"""`import gias`: what the published register says of schools, as events signed by a registrar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.keep.import_told import OF_GIAS
from cli.keep.importing import How, Importing, Planned, about_importing, called, run, standing
from cli.terminal.lazy import Command, Lazy, LazyGroup
from cli.terminal.options import day
from cli.terminal.progress import Progress
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.events.base import Event
    from ledger.imports.gias import Known, Plan
    from ledger.recording.application import Ledger

group = LazyGroup(
    "import",
    {
        "gias": Lazy("cli.keep.imports:gias", "Schools, authorities and trusts, from GIAS files."),
        "ofsted": Lazy("cli.keep.import_ofsted:ofsted", "Inspections, from Ofsted's files."),
    },
    help="Record what published registers say, as events signed by a registrar.",
    examples=(
        (
            "school-ledger import gias --establishments edubasealldata.csv"
            " --links links_edubasealldata.csv --groups allgroupsdata.csv"
        ),
        "school-ledger import ofsted Management_information.csv",
    ),
)


class _Chosen(NamedTuple):
    """The files, and which establishments of them."""

    establishments: Path
    links: Path | None
    groups: Path | None
    las: tuple[str, ...]
    trusts: tuple[str, ...]
    urns: tuple[str, ...]
    downloaded_on: str | None


_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    cls=Command,
    examples=(
        (
            "school-ledger import gias --establishments edubasealldata.csv"
            " --links links_edubasealldata.csv --groups allgroupsdata.csv"
        ),
        "school-ledger import gias --establishments edubasealldata.csv --la northwick --dry-run",
        "school-ledger import gias --establishments edubasealldata.csv --la northwick --yes",
    ),
)
@click.option(
    "--establishments", required=True, metavar="FILE", type=_FILE, help="edubasealldata*.csv."
)
@click.option(
    "--links", metavar="FILE", type=_FILE, help="links_edubasealldata*.csv: who succeeded whom."
)
@click.option("--groups", metavar="FILE", type=_FILE, help="allgroupsdata*.csv: the trusts.")
@click.option(
    "--la",
    "las",
    multiple=True,
    help="Only this authority's: code, name or short name. Repeat for several.",
)
@click.option(
    "--trust",
    "trusts",
    multiple=True,
    help="Only this trust's: UID, ID or short name. Repeat for several.",
)
@click.option(
    "--urn", "urns", multiple=True, help="Only this school, by any URN. Repeat for several."
)
@click.option(
    "--downloaded-on",
    metavar="DATE",
    help="Dates a change of responsible body that the files do not date.",
)
@about_importing
@click.pass_context
def gias(
    ctx: click.Context,
    /,
    *,
    dry: str | None,
    yes: bool,
    form: str,
    path: str | None,
    **given: Any,
) -> None:
    """Record the schools, authorities and trusts of the Get Information About Schools files.

    The files are read as published. --la, --trust and --urn each add to what is chosen; without
    any, everything is. What would be recorded is told first, and recorded once you agree: it stays
    for good. Only what the ledger lacks is recorded, so the same files again add nothing. What is
    ambiguous becomes a finding for a person to settle, not a guess; findings are printed and kept.
    Columns with people's names are never read.
    """
    chosen = _Chosen(**given)
    run(
        ctx,
        Importing(OF_GIAS, lambda ledger: _of_gias(ctx.obj, chosen, ledger)),
        How(dry, yes, form, path),
    )


def _of_gias(session: Session, chosen: _Chosen, ledger: Ledger) -> Planned:
    before = known(ledger)
    return Planned(_planned(session, chosen, before), called(before), happened_on)


def _planned(session: Session, chosen: _Chosen, before: Known) -> Plan:
    from ledger.imports import gias as register  # noqa: PLC0415 - loads the vocabulary

    files = register.Files(chosen.establishments, chosen.links, chosen.groups)
    selection = register.Selection(
        frozenset(chosen.las), frozenset(chosen.trusts), frozenset(chosen.urns)
    )
    as_of = (
        date.fromisoformat(day(chosen.downloaded_on, "--downloaded-on"))
        if chosen.downloaded_on
        else None
    )
    progress = Progress("Reading the files", quiet=session.quiet)
    return register.plan(files, selection, before, as_of=as_of, progress=progress)


def known(ledger: Ledger) -> Known:
    """Return what the ledger holds of schools and bodies, withdrawn events left out."""
    from ledger.imports.gias import EVENTS, Known  # noqa: PLC0415 - as above

    return Known().after(entry.event for entry in standing(ledger, EVENTS))


def happened_on(events: Iterable[Event], today: date) -> list[date]:
    """Return the day on which each event of a register happened, none after today.

    A change happened on the day that it took effect; a school line began on the day that it
    opened, at the latest on the day of its first change; a body, when the register said so.
    """
    events = list(events)
    first: dict[str, date] = {}
    for event in events:
        school, effective = getattr(event, "school", None), getattr(event, "effective_on", None)
        if school and effective:
            first[school] = min(effective, first.get(school, effective))
    return [min(_happened(event, first) or today, today) for event in events]


def _happened(event: Event, first: dict[str, date]) -> date | None:
    effective: date | None = getattr(event, "effective_on", None)
    opened: date | None = getattr(event, "opened_on", None)
    source = getattr(event, "source", None)
    published: date | None = source.published_on if source else None
    changed = first.get(getattr(event, "school", ""))
    return effective or min((d for d in (opened, changed) if d), default=published)
