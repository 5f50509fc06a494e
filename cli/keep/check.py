"""`check` and `rebuild`: whether the record verifies, and the tables behind the answers."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cli.terminal.failures import FOUND, UNVERIFIED
from cli.terminal.formats import write
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, output
from cli.terminal.progress import Progress
from cli.terminal.session import Session
from projections.reports.base import Heading, Report
from projections.reports.columns import EVENT, POSITION, Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.audit.check import Finding, Kept
    from ledger.recording.application import Ledger

_COLUMNS = (
    Column(
        "severity",
        "How grave",
        "A fault breaks what was promised; advice is to look at, a note to know.",
    ),
    Column("check", "Check", "Which check found it."),
    POSITION,
    replace(EVENT, title="Event"),
    Column("sentence", "What was found", "What was found, in a sentence."),
)
_CHECKED = (
    "bytes, signatures, form, filing, authority, rules, what each signer saw of the record, the"
    " log, sealed text, and the tables behind the answers"
)


@click.command(
    cls=Command, examples=("school-ledger check", "school-ledger check --format json -o found.json")
)
@click.option(
    "--checkpoint",
    "held",
    multiple=True,
    metavar="FILE",
    help="A checkpoint of the log that you kept: is it still part of this history?",
)
@output
@about_the_run
@click.pass_context
def check(ctx: click.Context, *, held: tuple[str, ...], form: str, path: str | None) -> None:
    """Check the whole record, and list everything found.

    The checkpoint that the log signed last is kept beside the log key, and the record must go on
    from it, and from any that you name: else the newest entries could be cut off unseen.

    A fault means that the record does not verify, and the exit code is 3. Advice means that
    somebody should look, and the exit code is 4. Where neither is found it is 0: a note tells of
    an entry that kept the rules of its day, and of the release since which it would be refused.
    """
    session: Session = ctx.obj
    findings = _in_record(session, held)
    if any(finding.severity == "fault" for finding in findings):
        report = _report_of_faults(session, findings)
    else:
        # A record that does not verify may not even open; one that does is asked for more.
        with session.open(read_only=True) as ledger:
            in_views = list(_in_views(session, ledger))
            findings = [*_in_words(session, ledger, findings), *in_views]
            findings += _advice(session, ledger)
            report = _report(ledger, findings)
    write(report, form, path, session)
    if any(finding.severity == "fault" for finding in findings):
        ctx.exit(UNVERIFIED)
    if any(finding.severity != "note" for finding in findings):
        ctx.exit(FOUND)


def _in_record(session: Session, held: tuple[str, ...]) -> list[Finding]:
    from ledger.audit.check import check_store  # noqa: PLC0415 - loads the vocabulary
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - as above

    kept = list(_kept(session, held))  # before anything else: of nothing recorded meanwhile
    progress = Progress("Checking the record", quiet=session.quiet)
    entries = session.head()
    with inspecting(entries, with_tags=True) as inspect_chunks, session.store() as store:
        return check_store(store, progress, inspect_chunks, kept)


def _kept(session: Session, held: tuple[str, ...]) -> Iterator[Kept]:
    """Return the checkpoints that the record must go on from: the one signed last, and those named.

    The log key may lie elsewhere, and with it what it signed last.
    """
    from cli.terminal import streams  # noqa: PLC0415 - as above
    from ledger.audit.check import Kept  # noqa: PLC0415 - as above
    from ledger.transparency.keeper import log_key_path  # noqa: PLC0415 - as above
    from ledger.transparency.last_signed import Held  # noqa: PLC0415 - as above

    key = log_key_path(session.url())
    memory = key.with_name(f"{key.name}.last")
    note = Held(memory).read()
    if note is not None:
        yield Kept(f"the checkpoint signed last, in {memory}", note)
    origin = _origin(session) if held else None
    for name in held:
        named = streams.read_note(name)
        if origin is not None:
            streams.refuse_of_another(name, named, origin)
        yield Kept(f"the checkpoint in {name}", named)


def _origin(session: Session) -> str | None:
    """Return the name of the ledger; None where its first entry cannot be read."""
    from ledger.format.entry import read_entry  # noqa: PLC0415 - as above

    with session.store() as store:
        try:
            founded = read_entry(*next(store.entries(limit=1)))
            return str(founded.data["origin"])
        except (ArithmeticError, LookupError, StopIteration, TypeError, ValueError):
            return None  # the check says what is wrong with it


def _in_views(session: Session, ledger: Ledger) -> Iterator[Finding]:
    from ledger.audit.check import Finding  # noqa: PLC0415 - as above
    from projections.tables.catalogue import views  # noqa: PLC0415 - as above
    from projections.tables.comparison import differences_from_rebuild  # noqa: PLC0415 - as above

    progress = Progress("Building views to compare", quiet=session.quiet)
    used = session.views(ledger.store)
    damage = used.damage()
    # What is damaged is no use to compare: it is made anew before anything else is asked.
    found = (
        [f"the views: {damage}; look after the disk"]
        if damage
        else differences_from_rebuild(
            used, ledger.store, lambda store, folder: views(store, folder, progress)
        )
    )
    for difference in found:
        sentence = f"{difference}; `school-ledger rebuild` makes the views anew"
        yield Finding("views", None, None, sentence)


def _in_words(session: Session, ledger: Ledger, findings: list[Finding]) -> list[Finding]:
    """Return findings with names in the place of references."""
    from projections.reports.names import Names  # noqa: PLC0415 - as above
    from projections.tables.views import moment  # noqa: PLC0415 - as above

    if not findings:
        return []
    with session.views(ledger.store).open() as connection:
        called = Names(connection, ledger.store, moment(connection))
        return [one._replace(sentence=called.told(one.sentence)) for one in findings]


def _advice(session: Session, ledger: Ledger) -> Iterator[Finding]:
    from ledger.audit.check import Finding  # noqa: PLC0415 - as above
    from projections.reports.advice import advice  # noqa: PLC0415 - as above
    from projections.reports.keyholders import offices_at  # noqa: PLC0415 - as above
    from projections.reports.names import Names  # noqa: PLC0415 - as above
    from projections.reports.standing import contingencies  # noqa: PLC0415 - as above
    from projections.reports.support_advice import support_advice  # noqa: PLC0415 - as above
    from projections.tables.views import moment  # noqa: PLC0415 - as above

    with session.views(ledger.store).open() as connection:
        at = moment(connection)
        called = Names(connection, ledger.store, at)
        formed = sorted(contingencies(connection, at))
        for one in (
            *advice(ledger.look, offices_at(connection, at), ledger.today(), formed),
            *support_advice(connection, ledger.store, at),
        ):
            sentence = called.in_words(one.sentence)
            yield Finding(one.check, None, one.event, sentence, "advice")


def _report_of_faults(session: Session, findings: list[Finding]) -> Report:
    """Report on a record that does not verify: its origin and root are nobody's word."""
    with session.store() as store:
        size = store.head()
    today = session.today().isoformat()
    heading = Heading("not verified", size, "not verified", today, size)
    return _report_with(heading, "bytes, signatures, filing, the log, sealed text", findings)


def _report(ledger: Ledger, findings: list[Finding]) -> Report:
    head = ledger.head()
    today = ledger.today().isoformat()
    heading = Heading(ledger.origin, head.size, head.root.hex(), today, head.size)
    return _report_with(heading, _CHECKED, findings)


def _report_with(heading: Heading, checked: str, findings: list[Finding]) -> Report:
    return Report(
        name="check",
        title=f"Checked {heading.size:,} entries: {checked}.",
        heading=heading,
        columns=_COLUMNS,
        rows=[finding._asdict() for finding in findings],
        empty="Nothing was found: the record verifies.",
        notes=_counted(findings),
    )


def _counted(findings: list[Finding]) -> list[str]:
    if not findings:
        return []
    faults = sum(finding.severity == "fault" for finding in findings)
    verdict = "the record does not verify" if faults else "the record verifies"
    notes = sum(finding.severity == "note" for finding in findings)
    counted = "1 fault" if faults == 1 else f"{faults} faults"
    noted = f", {notes} {'note' if notes == 1 else 'notes'}" if notes else ""
    return [f"{counted}, {len(findings) - faults - notes} advice{noted}: {verdict}."]


@click.command(cls=Command, examples=("school-ledger rebuild",))
@about_the_run
@click.pass_obj
def rebuild(session: Session) -> None:
    """Build the tables behind the answers anew, beside the old ones, then use the new ones.

    They hold nothing that the record does not: they can be deleted at any time. Nothing in the
    record changes.
    """
    begun = time.monotonic()
    with session.store() as store:
        path = session.views(store).rebuild()
        size = store.head()
    click.echo(f"Rebuilt from {size:,} entries in {time.monotonic() - begun:.1f} s: {path}")
