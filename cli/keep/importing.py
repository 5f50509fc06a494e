"""How any published register is recorded: planned, told, asked about, then recorded in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from cli.keep.import_told import Done, Telling, findings_rows, in_words, tell
from cli.terminal import asking
from cli.terminal.failures import REFUSED, CommandError, StoppedHalfwayError, say
from cli.terminal.formats import dumps, target
from cli.terminal.lazy import Option
from cli.terminal.options import about_the_run, output, signing
from cli.terminal.progress import Progress
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.events.base import Event
    from ledger.format.entry import Entry
    from ledger.imports.gias import Known
    from ledger.imports.plan import Finding, Plan
    from ledger.keys import Signer
    from ledger.recording.admission import Refused
    from ledger.recording.application import By, Ledger

F = TypeVar("F", bound=Callable[..., Any])

#: Says on which day events happened, given today.
Dated = Callable[[Iterable["Event"], date], list[date]]


class Planned(NamedTuple):
    """What is planned; what parties are called before it; on which days its events happened."""

    plan: Plan[Finding, Any]
    called: Mapping[str, str]
    dated: Dated


class Importing(NamedTuple):
    """An import: how it is planned on what the ledger holds, and how it is told."""

    telling: Telling
    plan: Callable[[Ledger], Planned]


class How(NamedTuple):
    """What was said of the run: try it only, do not ask, and where to write the answer how."""

    dry: str | None
    yes: bool
    form: str
    path: str | None


def about_importing(function: F) -> F:
    """Add what every import takes: how to sign, to try it only, where to write the answer."""
    for decorate in (
        about_the_run,
        output,
        _how("--yes", is_flag=True, help="Record without asking first."),
        _how(
            "--statements",
            "dry",
            flag_value="statements",
            help="Record nothing; print the exact bytes to be signed, one statement a line.",
        ),
        _how(
            "--dry-run",
            "dry",
            flag_value="words",
            help="Record nothing; say in words what would be recorded, with the findings.",
        ),
        signing,
    ):
        function = decorate(function)
    return function


def _how(*names: str, **settings: Any) -> Callable[[F], F]:
    return click.option(*names, cls=Option, section="Signing", **settings)


def run(ctx: click.Context, importing: Importing, how: How) -> None:
    """Plan; say what would be recorded, or record it once that is agreed; tell what was found."""
    session: Session = ctx.obj
    signer = session.signer()
    with session.open(read_only=how.dry is not None) as ledger:
        by = _by(ledger, signer)
        planned = importing.plan(ledger)
        plan, names = planned.plan, planned.called
        if how.dry is not None:
            with target(how.path) as stream:
                if how.dry == "statements":
                    _print_statements(ledger, planned, by, stream)
                else:
                    done = Done(importing.telling, plan, names, None)
                    tell(session, ledger, done, how.form, stream)
            session.remark("Nothing was recorded.")
            return
        if plan.events and not how.yes:
            _confirm(plan, names)
        with target(how.path) as stream:
            refused = _record(session, ledger, planned, signer, by)
            session.done = f"{len(plan.events) - len(refused):,} events are recorded."
            _keep_findings(ledger, importing.telling, plan)
            tell(session, ledger, Done(importing.telling, plan, names, refused), how.form, stream)
    if refused:
        ctx.exit(REFUSED)


def _by(ledger: Ledger, signer: Signer) -> By:
    from ledger.recording.application import By  # noqa: PLC0415 - loads the vocabulary
    from ledger.values import REGISTRAR  # noqa: PLC0415 - as above

    return By(ledger.person_of(f"key:{signer.public.fingerprint}"), REGISTRAR)


def _keep_findings(ledger: Ledger, telling: Telling, plan: Plan[Finding, Any]) -> None:
    from ledger.store.base import FINDINGS  # noqa: PLC0415 - loads the library

    ledger.store.meta.put(FINDINGS[telling.name], dumps(findings_rows(telling, plan.findings)))


def _confirm(plan: Plan[Finding, Any], names: Mapping[str, str]) -> None:
    """Say what would be recorded, and ask on a terminal; elsewhere only --yes will do."""
    for line in in_words(plan, names):
        say(line)
    if not asking.interactive():
        raise CommandError(
            "nothing was recorded: there is nobody to ask whether to go on",
            todo="What is recorded stays for good. If you are sure, say --yes.",
        )
    if not asking.confirm("Record them? What is recorded stays for good."):
        raise CommandError("nothing was recorded")


def standing(ledger: Ledger, events: Iterable[type[Event]]) -> Iterator[Entry[Any]]:
    """Go through the entries of these events in recorded order, withdrawn ones left out."""
    from ledger.format.entry import read_entry  # noqa: PLC0415 - as above

    names = tuple(event.__name__ for event in events)
    entries = [read_entry(*row) for row in ledger.store.by_types((*names, "EventWithdrawn"))]
    withdrawn = {
        entry.data["event"].partition(":")[2] for entry in entries if entry.name == "EventWithdrawn"
    }
    return (entry for entry in entries if entry.name in names and entry.id not in withdrawn)


def called(before: Known) -> dict[str, str]:
    """Return what bodies and schools are called, by reference."""
    names = {body.ref: body.name for body in before.bodies.values()}
    return names | {line.ref: line.name for line in before.schools.values()}


# -- recording -----------------------------------------------------------------------------------


def _record(
    session: Session, ledger: Ledger, planned: Planned, signer: Signer, by: By
) -> list[Refused]:
    """Record events in bulk; what is refused is drafted anew, for earlier ones may change it.

    Stopped half way, it says how far it came; what is recorded stays, and is not planned again.
    """
    before, events = ledger.head().size, planned.plan.events
    try:
        return list(_recorded(session, ledger, planned, signer, by))
    except KeyboardInterrupt:
        raise StoppedHalfwayError(
            f"{ledger.store.head() - before:,} of {len(events):,} events are recorded",
            todo="Import the same files again: it goes on from there.",
        ) from None


def _recorded(
    session: Session, ledger: Ledger, planned: Planned, signer: Signer, by: By
) -> Iterator[Refused]:
    from ledger.recording.admission import Refused  # noqa: PLC0415 - as above
    from ledger.recording.bulk import WORTH_SHARING, admitting  # noqa: PLC0415 - as above

    progress = Progress("Recording", quiet=session.quiet)
    events = planned.plan.events
    days = planned.dated(events, ledger.today())

    def line(number: int) -> bytes:
        return _line(ledger, planned.plan, (events[number], days[number]), signer, by)

    processes = None if len(events) >= WORTH_SHARING else 0
    again: list[int] = []
    with admitting(processes) as admit_chunks:
        for batch in _batches(planned.plan):
            for number, told in zip(
                batch, ledger.append_many(map(line, batch), admit_chunks), strict=True
            ):
                progress(number + 1, len(events))
                if isinstance(told, Refused):
                    again.append(number)
    retold = (next(iter(ledger.append_many([line(number)]))) for number in again)
    yield from (told for told in retold if isinstance(told, Refused))


def _batches(plan: Plan[Finding, Any]) -> list[range]:
    """Return the places of what others name by its id, up to the last, then those of the rest.

    Drafting completes an event from what is recorded, so that what it names must be there.
    """
    named = [number for number, event in enumerate(plan.events) if event in plan.ids]
    first = named[-1] + 1 if named else 0
    return [batch for batch in (range(first), range(first, len(plan.events))) if batch]


def _line(
    ledger: Ledger, plan: Plan[Finding, Any], dated: tuple[Event, date], signer: Signer, by: By
) -> bytes:
    from ledger.recording.application import sign  # noqa: PLC0415 - as above

    event, on = dated
    name, own = type(event).__name__, plan.ids.get(event)
    return sign(ledger.draft(name, event.as_json(), by, on, event=own), signer).as_line()


def _print_statements(ledger: Ledger, planned: Planned, by: By, stream: IO[str]) -> None:
    plan = planned.plan
    days = planned.dated(plan.events, ledger.today())
    for event, on in zip(plan.events, days, strict=True):
        name, own = type(event).__name__, plan.ids.get(event)
        draft = ledger.draft(name, event.as_json(), by, on, event=own)
        print(draft.statement.decode(), file=stream)
