"""`import gias`: what the published register says of schools, as events signed by a registrar."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

from cli.keep.import_told import Done, findings_rows, in_words, tell
from cli.terminal import asking
from cli.terminal.failures import REFUSED, CommandError, StoppedHalfwayError, say
from cli.terminal.formats import dumps, target
from cli.terminal.lazy import Command, Lazy, LazyGroup, Option
from cli.terminal.options import about_the_run, day, output, signing
from cli.terminal.progress import Progress
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.events.base import Event
    from ledger.imports.gias import Known, Plan
    from ledger.keys import Signer
    from ledger.recording.admission import Refused
    from ledger.recording.application import By, Ledger

group = LazyGroup(
    "import",
    {"gias": Lazy("cli.keep.imports:gias", "Schools, authorities and trusts, from GIAS files.")},
    help="Record what published registers say, as events signed by a registrar.",
    examples=(
        (
            "school-ledger import gias --establishments edubasealldata.csv"
            " --links links_edubasealldata.csv --groups allgroupsdata.csv"
        ),
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
    help="Only this authority's: code, name or slug. Repeat for several.",
)
@click.option(
    "--trust",
    "trusts",
    multiple=True,
    help="Only this trust's: UID, ID or slug. Repeat for several.",
)
@click.option(
    "--urn", "urns", multiple=True, help="Only this school, by any URN. Repeat for several."
)
@click.option(
    "--downloaded-on",
    metavar="DATE",
    help="Dates a change of responsible body that the files do not date.",
)
@signing
@click.option(
    "--dry-run",
    "dry",
    cls=Option,
    section="Signing",
    flag_value="words",
    help="Record nothing; say in words what would be recorded, with the findings.",
)
@click.option(
    "--statements",
    "dry",
    cls=Option,
    section="Signing",
    flag_value="statements",
    help="Record nothing; print the exact bytes to be signed, one statement a line.",
)
@click.option(
    "--yes", cls=Option, section="Signing", is_flag=True, help="Record without asking first."
)
@output
@about_the_run
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
    session: Session = ctx.obj
    chosen = _Chosen(**given)
    signer = session.signer()
    with session.open(read_only=dry is not None) as ledger:
        by = _by(ledger, signer)
        before = known(ledger)
        plan = _planned(session, chosen, before)
        if dry is not None:
            with target(path) as stream:
                if dry == "statements":
                    _print_statements(ledger, plan, by, stream)
                else:
                    tell(session, ledger, Done(plan, before, None), form, stream)
            session.remark("Nothing was recorded.")
            return
        if plan.events and not yes:
            _confirm(plan, before)
        with target(path) as stream:
            refused = _record(session, ledger, plan.events, signer, by)
            session.done = f"{len(plan.events) - len(refused):,} events are recorded."
            ledger.store.meta.put(_name_of_findings(), dumps(findings_rows(plan.findings)))
            tell(session, ledger, Done(plan, before, refused), form, stream)
    if refused:
        ctx.exit(REFUSED)


def _by(ledger: Ledger, signer: Signer) -> By:
    from ledger.recording.application import By  # noqa: PLC0415 - loads the vocabulary
    from ledger.values import REGISTRAR  # noqa: PLC0415 - as above

    return By(ledger.person_of(f"key:{signer.public.fingerprint}"), REGISTRAR)


def _confirm(plan: Plan, before: Known) -> None:
    """Say what would be recorded, and ask on a terminal; elsewhere only --yes will do."""
    for line in in_words(plan, before):
        say(line)
    if not asking.interactive():
        raise CommandError(
            "nothing was recorded: there is nobody to ask whether to go on",
            todo="What is recorded stays for good. If you are sure, say --yes.",
        )
    if not asking.confirm("Record them? What is recorded stays for good."):
        raise CommandError("nothing was recorded")


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
    from ledger.format.entry import read_entry  # noqa: PLC0415 - as above
    from ledger.imports.gias import EVENTS, Known  # noqa: PLC0415 - as above

    names = tuple(event.__name__ for event in EVENTS)
    rows = ledger.store.by_types((*names, "EventWithdrawn"))
    entries = [read_entry(*row) for row in rows]
    withdrawn = {
        entry.data["event"].partition(":")[2] for entry in entries if entry.name == "EventWithdrawn"
    }
    return Known().after(
        entry.event for entry in entries if entry.name in names and entry.id not in withdrawn
    )


# -- recording -----------------------------------------------------------------------------------


def _record(
    session: Session, ledger: Ledger, events: tuple[Event, ...], signer: Signer, by: By
) -> list[Refused]:
    """Record events in bulk; what is refused is drafted anew, for earlier ones may change it.

    Stopped half way, it says how far it came; what is recorded stays, and is not planned again.
    """
    before = ledger.head().size
    try:
        return list(_recorded(session, ledger, events, signer, by))
    except KeyboardInterrupt:
        raise StoppedHalfwayError(
            f"{ledger.store.head() - before:,} of {len(events):,} events are recorded",
            todo="Import the same files again: it goes on from there.",
        ) from None


def _recorded(
    session: Session, ledger: Ledger, events: tuple[Event, ...], signer: Signer, by: By
) -> Iterator[Refused]:
    from ledger.recording.admission import Refused  # noqa: PLC0415 - as above
    from ledger.recording.bulk import WORTH_SHARING, admitting  # noqa: PLC0415 - as above

    progress = Progress("Recording", quiet=session.quiet)
    days = happened_on(events, ledger.today())
    lines = (_line(ledger, event, days[number], signer, by) for number, event in enumerate(events))
    processes = None if len(events) >= WORTH_SHARING else 0
    again: list[int] = []
    with admitting(processes) as admit_chunks:
        for number, told in enumerate(ledger.append_many(lines, admit_chunks)):
            progress(number + 1, len(events))
            if isinstance(told, Refused):
                again.append(number)
    second = (_line(ledger, events[number], days[number], signer, by) for number in again)
    retold = (next(iter(ledger.append_many([line]))) for line in second)
    yield from (told for told in retold if isinstance(told, Refused))


def _line(ledger: Ledger, event: Event, on: date, signer: Signer, by: By) -> bytes:
    from ledger.recording.application import sign  # noqa: PLC0415 - as above

    return sign(ledger.draft(type(event).__name__, event.as_json(), by, on), signer).as_line()


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


def _print_statements(ledger: Ledger, plan: Plan, by: By, stream: IO[str]) -> None:
    days = happened_on(plan.events, ledger.today())
    for event, on in zip(plan.events, days, strict=True):
        draft = ledger.draft(type(event).__name__, event.as_json(), by, on)
        print(draft.statement.decode(), file=stream)


def _name_of_findings() -> str:
    from ledger.store.base import FINDINGS  # noqa: PLC0415 - loads the library

    return FINDINGS


def kept(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the findings of the last import, as they were kept."""
    found: list[dict[str, Any]] = json.loads(ledger.store.meta.get(_name_of_findings()) or "[]")
    return found
