"""`sign` and `append`: the second and third of three steps, for people who sign elsewhere."""

from __future__ import annotations

import base64
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import IO, NamedTuple

import click

from cli.record import receipt
from cli.record.preview import agree, offline
from cli.terminal import streams
from cli.terminal.failures import REFUSED, CommandError, say
from cli.terminal.formats import target
from cli.terminal.lazy import Command, Option
from cli.terminal.options import about_the_run, signing, unasked
from cli.terminal.progress import Progress
from cli.terminal.session import Session
from cli.terminal.streams import DISCLOSURES
from ledger.errors import LedgerError, RefusedError
from ledger.files import opened
from ledger.format import sshsig
from ledger.format.entry import Submission, parse_submission
from ledger.format.sealed import Disclosure, mismatches, parse_disclosures
from ledger.format.statement import NAMESPACE, Draft, parse
from ledger.keys import Signer
from ledger.recording.admission import Refused
from ledger.recording.application import Ledger, Recorded
from ledger.recording.bulk import WORTH_SHARING, admitting
from ledger.texts import as_line, refuse_misgiven

_LONGEST = 4_000_000
"""More bytes than any statement has, with the texts that it seals."""


@click.command(
    cls=Command,
    examples=(
        "school-ledger sign visit.json | school-ledger append -",
        "school-ledger sign *.json --key my.key -o signed.jsonl",
        "school-ledger sign visit.json --signature visit.json.sig -o signed.jsonl",
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--signature",
    "signature",
    cls=Option,
    section="Signing",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take this signature, by `ssh-keygen -Y sign -n statement@school-ledger`, and sign not.",
)
@signing
@unasked
@streams.to_file
@about_the_run
@click.pass_obj
def sign(
    session: Session, *, files: tuple[Path, ...], signature: Path | None, path: str | None
) -> None:
    """Sign the statements that `school-ledger draft` wrote, and write a line for each.

    What each says is shown first, and on a terminal you are asked. A line holds the statement, its
    signature, and what opens its sealed text (read from FILE.disclosures): give it to
    `school-ledger append`. The key is one in a file, in ssh-agent, or on a security key.
    """
    if signature is not None and len(files) > 1:
        raise click.UsageError("--signature is of one file.", click.get_current_context())
    signer = None if signature is not None else session.signer()
    drafts = [_draft(file) for file in files]
    if signer is not None:
        found = [offline(session, draft) for draft in drafts]
        warned = [line for one in found for line in one.warned]
        question = "Sign it?" if len(found) == 1 else f"Sign all {len(found)}?"
        agree(session, [line for one in found for line in one.said], question, warned)
    # It holds the texts that the statements seal.
    with target(path, private=True) as stream:
        for draft in drafts:
            line = _signed(draft, signer, signature)
            stream.write(f"{line.decode()}\n")


def _draft(file: Path) -> Draft:
    """Return the statement in a file, and what opens the text that it seals."""
    statement = streams.read_line(str(file))
    try:
        said = parse(statement)
    except LedgerError as error:
        raise CommandError(
            f"{file} is not a statement: {error.what}",
            got=error.got,
            expected=error.expected,
            todo=error.todo or "`school-ledger draft` writes one.",
        ) from error
    beside = file.with_name(file.name + DISCLOSURES)
    disclosures: tuple[Disclosure, ...] = ()
    if said.sealed:
        disclosures = parse_disclosures(streams.read_line(str(beside)))
    faults = mismatches(said.id, said.sealed, disclosures)
    if faults:
        raise CommandError(f"{beside} does not open what {file} seals", got="; ".join(faults))
    return Draft(statement, disclosures)


def _signed(draft: Draft, signer: Signer | None, signature: Path | None) -> bytes:
    if signer is not None:
        blob = signer.sign(draft.statement, NAMESPACE)
    else:
        assert signature is not None  # noqa: S101 - one of the two is given
        blob = sshsig.unarmor(streams.read_lines(str(signature)))
        sshsig.verify_blob(draft.statement, blob, NAMESPACE)
    return Submission(draft.statement, base64.b64encode(blob).decode(), draft.disclosures).as_line()


# -- appending -----------------------------------------------------------------------------------


class _Place(NamedTuple):
    """Where a line came from."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


class _Counts:
    """How many lines were recorded, were there already, and were refused."""

    def __init__(self) -> None:
        self.recorded = self.again = self.refused = 0
        self.last: Recorded | None = None

    def __str__(self) -> str:
        return f"{self.recorded:,} recorded, {self.again:,} there already, {self.refused:,} refused"


@click.command(
    cls=Command,
    examples=(
        "school-ledger append signed.jsonl",
        "school-ledger sign visit.json | school-ledger append -",
    ),
)
@click.argument("files", nargs=-1, required=True)
@signing
@click.option(
    "--dry-run",
    cls=Option,
    section="Signing",
    is_flag=True,
    help="Record nothing; print the exact bytes that were signed, a statement a line.",
)
@about_the_run
@click.pass_context
def append(ctx: click.Context, *, files: tuple[str, ...], dry_run: bool) -> None:
    """Record signed statements, one JSON line each, from files or - for standard input.

    Each is recorded or refused by itself; the reasons go to stderr with file and line. Repeating
    is safe: what was recorded before is told and not recorded twice. The exit code is 1 if any
    was refused.
    """
    session: Session = ctx.obj
    places: deque[_Place] = deque()
    with ExitStack() as stack:
        lines = _lines(stack, session, files, places)
        if dry_run:
            _show_dry(session, lines, places)
            return
        with session.open() as ledger:
            counts = _append(session, ledger, lines, places)
    if counts.refused:
        ctx.exit(REFUSED)


def _lines(
    stack: ExitStack, session: Session, files: Iterable[str], places: deque[_Place]
) -> Iterator[bytes]:
    """Open every file before any line is read, then go through their lines that hold anything."""
    inputs = [(name, _opened(stack, name)) for name in files]
    total = sum(os.fstat(stream.fileno()).st_size for name, stream in inputs if name != "-")
    progress = Progress("Recording", quiet=session.quiet)

    def read() -> Iterator[bytes]:
        done = 0
        for name, stream in inputs:
            for number, line in enumerate(_limited(stream, name), 1):
                done += len(line)
                progress(done, total or done)
                if line.strip():
                    places.append(_Place("standard input" if name == "-" else name, number))
                    yield as_line(line)

    return read()


def _limited(stream: IO[bytes], name: str) -> Iterator[bytes]:
    """Go through the lines of a stream, which may never end one."""
    begun = False
    while line := stream.readline(_LONGEST + 1):
        if not begun:
            refuse_misgiven(line, "standard input" if name == "-" else name)
            begun = bool(line.strip())
        if len(line) > _LONGEST:
            raise CommandError(
                f"{'standard input' if name == '-' else name} has a line that is too long",
                got=f"over {_LONGEST:,} bytes",
                expected="signed statements, one a line",
            )
        yield line


def _opened(stack: ExitStack, name: str) -> IO[bytes]:
    if name == "-":
        return sys.stdin.buffer
    return stack.enter_context(opened(Path(name)))


def _append(
    session: Session, ledger: Ledger, lines: Iterator[bytes], places: deque[_Place]
) -> _Counts:
    first = list(islice(lines, WORTH_SHARING))
    if not first:
        raise CommandError(
            "there is nothing to record",
            got="no line",
            expected="signed statements, one a line",
            todo="`school-ledger sign FILE` writes them.",
        )
    if len(first) == 1 and next(lines, None) is None:
        return _append_one(session, ledger, first[0], places[0])
    processes = None if len(first) == WORTH_SHARING else 0
    counts = _Counts()
    try:
        with admitting(processes) as admit_chunks, session.wording(ledger.store) as put:
            for told in ledger.append_many(chain(first, lines), admit_chunks):
                error = _count(counts, told)
                place = places.popleft()
                if error is not None:
                    # Of very many lines names are looked up once, at the first refusal.
                    if processes is None:
                        put(error)
                    else:
                        session.put_in_words(error, ledger.store)
                    say(f"Error: {place}: {error}")
    except BaseException:
        say(f"{counts}, before this happened; what is recorded stays, and repeating is safe:")
        raise
    session.done = None if counts.refused else f"{counts}."
    click.echo(f"{counts}.")
    head = ledger.head()
    click.echo(f"record    {head.size} entries, root {head.root.hex()}")
    if counts.recorded:
        session.remark("Next: school-ledger owes")
    return counts


def _append_one(session: Session, ledger: Ledger, line: bytes, place: _Place) -> _Counts:
    counts = _Counts()
    try:
        recorded = receipt.append(ledger, parse_submission(line))
    except LedgerError as error:
        counts.refused = 1
        session.put_in_words(error, ledger.store)
        say(f"Error: {place}: {error}")
        return counts
    receipt.tell(session, ledger, recorded)
    return counts


def _count(counts: _Counts, told: Recorded | Refused) -> RefusedError | None:
    """Count what became of a line, and return its refusal if it was refused."""
    if isinstance(told, Refused):
        counts.refused += 1
        return RefusedError(told.event, told.reasons)
    if told.again:
        counts.again += 1
    else:
        counts.recorded += 1
    return None


def _show_dry(session: Session, lines: Iterable[bytes], places: deque[_Place]) -> None:
    for line in lines:
        place = places.popleft()
        try:
            click.echo(parse_submission(line).statement)
        except LedgerError as error:
            raise CommandError(f"{place}: {error}") from error
    session.remark("Nothing was recorded. These are the bytes that were signed.")
