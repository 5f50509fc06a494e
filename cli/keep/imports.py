"""`import gias`: what the published register says of schools, as events signed by a registrar."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

from cli.terminal.failures import REFUSED, say
from cli.terminal.formats import SCHEMA, dumps, ledger_members, target, write_to
from cli.terminal.lazy import Command, Lazy, LazyGroup
from cli.terminal.options import about_the_run, day, dry_run, output, signing
from cli.terminal.progress import Progress
from cli.terminal.screen import printable
from cli.terminal.session import Session
from projections.reports.base import Heading, Report
from projections.reports.columns import URN, Column

if TYPE_CHECKING:
    from ledger.events.base import Event
    from ledger.imports.gias import Finding, Known, Plan
    from ledger.keys import Signer
    from ledger.recording.admission import Refused
    from ledger.recording.application import By, Ledger

_SHOWN_PER_CODE = 3
_REGISTER_EVENTS = (
    "BodyRegistered",
    "SchoolRegistered",
    "SchoolConverted",
    "ResponsibleBodyChanged",
    "SchoolClosed",
)
_COLUMNS = (
    Column("code", "Kind", "The kind of finding.", "code"),
    URN,
    Column("sentence", "What was found", "What was found, in a sentence."),
    Column("ask", "What to do", "What somebody who knows should do."),
    Column("rows", "Where", "In which rows of which file.", shown=False),
)

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
@dry_run
@output
@about_the_run
@click.pass_context
def gias(
    ctx: click.Context, /, *, dry_run: bool, form: str, path: str | None, **given: Any
) -> None:
    """Record the schools, authorities and trusts of the Get Information About Schools files.

    The files are read as published. Only what the ledger lacks is recorded, so the same files
    again add nothing. What is ambiguous becomes a finding for a person to settle, not a guess;
    findings are printed and kept. Columns with people's names are never read.
    """
    session: Session = ctx.obj
    chosen = _Chosen(**given)
    signer = session.signer()
    with session.open(read_only=dry_run) as ledger:
        by = _by(ledger, signer)
        plan = _planned(session, ledger, chosen)
        if dry_run:
            _show_dry(session, ledger, plan, by)
            return
        with target(path) as stream:
            refused = _record(session, ledger, plan.events, signer, by)
            session.done = f"{len(plan.events) - len(refused):,} events are recorded."
            ledger.store.meta.put(_name_of_findings(), dumps(_findings(plan.findings)))
            _tell(session, ledger, _Done(plan, refused), form, stream)
    if refused:
        ctx.exit(REFUSED)


def _by(ledger: Ledger, signer: Signer) -> By:
    from ledger.recording.application import By  # noqa: PLC0415 - loads the vocabulary
    from ledger.values import REGISTRAR  # noqa: PLC0415 - as above

    return By(ledger.person_of(f"key:{signer.public.fingerprint}"), REGISTRAR)


def _planned(session: Session, ledger: Ledger, chosen: _Chosen) -> Plan:
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
    return register.plan(files, selection, known(ledger), as_of=as_of, progress=progress)


def known(ledger: Ledger) -> Known:
    """Return what the ledger holds of schools and bodies, withdrawn events left out."""
    from ledger.format.entry import read_entry  # noqa: PLC0415 - as above
    from ledger.imports.gias import Known  # noqa: PLC0415 - as above

    rows = ledger.store.by_types((*_REGISTER_EVENTS, "EventWithdrawn"))
    entries = [read_entry(*row) for row in rows]
    withdrawn = {
        entry.data["event"].partition(":")[2] for entry in entries if entry.name == "EventWithdrawn"
    }
    return Known().after(
        entry.event
        for entry in entries
        if entry.name in _REGISTER_EVENTS and entry.id not in withdrawn
    )


# -- recording -----------------------------------------------------------------------------------


def _record(
    session: Session, ledger: Ledger, events: tuple[Event, ...], signer: Signer, by: By
) -> list[Refused]:
    """Record events in bulk; what is refused is drafted anew, for earlier ones may change it."""
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
    refused = [next(iter(ledger.append_many([line]))) for line in second]
    return [told for told in refused if isinstance(told, Refused)]


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


def _show_dry(session: Session, ledger: Ledger, plan: Plan, by: By) -> None:
    days = happened_on(plan.events, ledger.today())
    for event, on in zip(plan.events, days, strict=True):
        click.echo(ledger.draft(type(event).__name__, event.as_json(), by, on).statement)
    session.remark(
        f"Nothing was recorded. These are the {len(plan.events):,} statements that would be"
        f" signed; there are {len(plan.findings):,} findings."
    )


# -- telling -------------------------------------------------------------------------------------


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.code,
            "urn": finding.urn,
            "sentence": finding.sentence,
            "ask": finding.ask,
            "rows": [f"{row.file}:{row.row}" for row in finding.rows],
        }
        for finding in findings
    ]


class _Done(NamedTuple):
    """What was planned, and what of it the ledger refused."""

    plan: Plan
    refused: list[Refused]

    @property
    def added(self) -> int:
        """How many events were added."""
        return len(self.plan.events) - len(self.refused)


def _tell(session: Session, ledger: Ledger, done: _Done, form: str, stream: IO[str]) -> None:
    for told in done.refused:
        reasons = "".join(f"\n  - {reason}" for reason in told.reasons)
        say(f"Error: {told.event} is refused:{reasons}")
    head = ledger.head()
    today = ledger.today().isoformat()
    heading = Heading(ledger.origin, head.size, head.root.hex(), today, head.size)
    rows = _findings(done.plan.findings)
    if form == "table":
        for line in _lines(done, rows, heading):
            print(line, file=stream)
    elif form == "json":
        stream.write(dumps(_document(done, rows, heading)) + "\n")
    else:
        write_to(
            Report("import-gias", "Findings", heading, _COLUMNS, rows, ""), form, stream, session
        )


def _document(done: _Done, rows: list[dict[str, Any]], heading: Heading) -> dict[str, Any]:
    return {
        "schema": SCHEMA.format("import-gias"),
        "ledger": ledger_members(heading),
        "added": done.added,
        "events": dict(done.plan.events_by_type),
        "counts": asdict(done.plan.counts),
        "rows": rows,
    }


def _lines(done: _Done, rows: list[dict[str, Any]], heading: Heading) -> Iterator[str]:
    plan, added, counts = done.plan, done.added, done.plan.counts
    yield (
        f"{counts.establishments:,} establishments in the file, {counts.selected:,} selected:"
        f" {counts.unchanged:,} as the ledger has them; left out are {counts.closed:,} closed,"
        f" {counts.proposed:,} proposed, and {counts.no_schools:,} that are no schools."
    )
    yield f"{added:,} events recorded{':' if added else '.'}"
    for name, count in plan.events_by_type.items():
        yield f"  {count:>8,}  {name}"
    yield f"tree  {heading.size} entries, root {heading.root}"
    yield f"{len(rows):,} findings{', for a person to settle:' if rows else '.'}"
    yield from _by_code(rows)


def _by_code(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Return the findings by kind, the first few of each in words."""
    for code, count in Counter(row["code"] for row in rows).most_common():
        of_code = [row for row in rows if row["code"] == code]
        yield f"  {count:>8,}  {code}: {of_code[0]['ask']}"
        for row in of_code[:_SHOWN_PER_CODE]:
            yield f"              {printable(row['sentence'])}."
        if count > _SHOWN_PER_CODE:
            yield f"              and {count - _SHOWN_PER_CODE:,} more; --format csv lists all."


def _name_of_findings() -> str:
    from ledger.store.base import FINDINGS  # noqa: PLC0415 - loads the library

    return FINDINGS


def kept(ledger: Ledger) -> list[dict[str, Any]]:
    """Return the findings of the last import, as they were kept."""
    found: list[dict[str, Any]] = json.loads(ledger.store.meta.get(_name_of_findings()) or "[]")
    return found
