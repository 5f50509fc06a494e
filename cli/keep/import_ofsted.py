"""`import ofsted`: inspections of the ledger's schools, as events signed by a registrar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.keep.import_told import OF_OFSTED
from cli.keep.importing import How, Importing, Planned, about_importing, called, run, standing
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Command
from cli.terminal.options import day
from cli.terminal.progress import Progress
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.events.base import Event
    from ledger.events.judgements import FrameworkAdopted
    from ledger.imports.ofsted import Ground, Known
    from ledger.recording.application import Ledger


class _Chosen(NamedTuple):
    """The file, where and when it was published, and the body that inspects."""

    file: Path
    url: str | None
    published_on: str | None
    judge: str | None


@click.command(
    cls=Command,
    examples=(
        "school-ledger import ofsted Management_information_as_at_31_Jan_2026.csv --dry-run",
        (
            "school-ledger import ofsted inspections.csv --published-on 2026-02-12"
            " --url https://www.gov.uk/inspections.csv --yes"
        ),
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--url", help="Where the file was downloaded, to be cited.")
@click.option(
    "--published-on",
    metavar="DATE",
    help="When the file was published; else the day in its name, as in …_as_at_31_Jan_2026.csv.",
)
@click.option(
    "--judge",
    metavar="BODY",
    help="The inspectorate in the ledger; else body:ofsted, registered if the ledger has none.",
)
@about_importing
@click.pass_context
def ofsted(
    ctx: click.Context,
    /,
    *,
    dry: str | None,
    yes: bool,
    form: str,
    path: str | None,
    **given: Any,
) -> None:
    """Record what Ofsted's management information says of the schools that the ledger has.

    FILE is one of the two sheets as published, saved as CSV: inspections of a year, or schools with
    their most recent inspections. What would be recorded is told first, and recorded once you
    agree: it stays for good. Only inspections that the ledger lacks are recorded, so the same file
    again, or a later one, adds what is new. What no event can say becomes a finding for a person to
    settle; findings are printed and kept. Frameworks that the ledger lacks are adopted.
    """
    chosen = _Chosen(**given)
    run(
        ctx,
        Importing(OF_OFSTED, lambda ledger: _planned(ctx.obj, chosen, ledger)),
        How(dry, yes, form, path),
    )


def _planned(session: Session, chosen: _Chosen, ledger: Ledger) -> Planned:
    from ledger.imports.ofsted import File, plan, read  # noqa: PLC0415 - loads the vocabulary

    # The file first: whatever is wrong with it, it is what was named.
    sheet = read(File(chosen.file, chosen.url, _published_on(chosen.published_on)))
    before = _known(ledger)
    progress = Progress("Reading the file", quiet=session.quiet)
    found = plan(sheet, before, _ground(ledger, before, chosen.judge), progress=progress)
    return Planned(found, called(before.register), happened_on)


def _published_on(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(day(text, "--published-on"))


def _known(ledger: Ledger) -> Known:
    from ledger.imports.ofsted import EVENTS, Known  # noqa: PLC0415 - as above

    return Known().after((entry.id, entry.event) for entry in standing(ledger, EVENTS))


def _ground(ledger: Ledger, before: Known, judge: str | None) -> Ground:
    from ledger.format.statement import new_id  # noqa: PLC0415 - as above
    from ledger.imports.ofsted import Ground  # noqa: PLC0415 - as above

    return Ground(
        _shipped(),
        lambda: new_id(ledger.clock(), ledger.random_bytes),
        _judge(before, judge),
        ledger.today(),
    )


def _judge(before: Known, named: str | None) -> str:
    """Return the inspectorate that is named, else the only one that it can be."""
    from ledger.imports.ofsted import INSPECTORATE  # noqa: PLC0415 - as above

    bodies = before.register.bodies
    inspectorates = [body.ref for body in bodies.values() if body.kind == "inspectorate"]
    if named is None and INSPECTORATE not in inspectorates and inspectorates:
        raise CommandError(
            f"the ledger has an inspectorate, {', '.join(inspectorates)}, and none {INSPECTORATE}",
            todo=f"Say which inspects: --judge {inspectorates[0]}, or --judge {INSPECTORATE}.",
        )
    if named is None:
        return INSPECTORATE
    ref = named if named.startswith("body:") else f"body:{named}"
    if ref not in inspectorates and ref != INSPECTORATE:
        raise CommandError(
            "--judge names no inspectorate of this ledger",
            got=named,
            expected=" or ".join([*inspectorates, INSPECTORATE]),
        )
    return ref


def _shipped() -> Mapping[str, FrameworkAdopted]:
    from cli.record.defaults import shipped_framework  # noqa: PLC0415 - as above
    from ledger.events.judgements import FrameworkAdopted  # noqa: PLC0415 - as above
    from ledger.imports.ofsted import FOUR_POINT, REPORT_CARD  # noqa: PLC0415 - as above

    slugs = (FOUR_POINT, REPORT_CARD)
    return {slug: FrameworkAdopted.model_validate(shipped_framework(slug)) for slug in slugs}


def happened_on(events: Iterable[Event], today: date) -> list[date]:
    """Return the day on which each event happened, none after today.

    A judgement was made known when it was published; what judgements rest on, by the first of them.
    """
    days = [getattr(event, "published_on", None) for event in events]
    first = min((each for each in days if each), default=today)
    return [min(each or first, today) for each in days]
