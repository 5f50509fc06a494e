"""`load`: exported entries into a new ledger, all of them or none."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal import streams
from cli.terminal.failures import UNVERIFIED, CommandError, say
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run
from cli.terminal.progress import Progress
from cli.terminal.session import Session
from ledger.files import size_of

if TYPE_CHECKING:
    from ledger.bundle.entries_file import Loaded, Wanted
    from ledger.log.checkpoint import Checkpoint

_HEAD = re.compile(r"(0|[1-9][0-9]{0,15}):([A-Za-z0-9+/]{43}=)")
_SHOWN = 20
_WORTH_SHARING_BYTES = 2**22


@click.command(
    cls=Command,
    examples=(
        "school-ledger --ledger new.db load entries.jsonl --checkpoint c1",
        "school-ledger --ledger new.db load entries.jsonl --texts texts.jsonl",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--root", metavar="SIZE:ROOT", help="The size and root that it must reproduce.")
@click.option("--checkpoint", metavar="FILE", help="A checkpoint that it must reproduce.")
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The sealed text, if you have it.",
)
@about_the_run
@click.pass_context
def load(
    ctx: click.Context,
    *,
    file: Path,
    root: str | None,
    checkpoint: str | None,
    texts: Path | None,
) -> None:
    """Make a ledger of the entries in a FILE, after verifying every one of them.

    The ledger named by --ledger must not be there, or be empty. Nothing is kept of a file that does
    not verify, or does not reproduce the root that you hold; the exit code is then 3. An entry that
    the rules would refuse is named on stderr, and loaded: it is in the record. Text that was erased
    does not come back.
    """
    from ledger.format.statement import tree_head  # noqa: PLC0415 - the vocabulary

    session: Session = ctx.obj
    wanted = _wanted(file, root, checkpoint)
    done = _loaded(session, file, wanted, texts)
    for finding in done.findings[:_SHOWN]:
        where = f"entry {finding.position}: " if finding.position else ""
        say(f"{where}{finding.check}: {finding.sentence}")
    if _faults(done):
        say(f"Error: {file} does not verify; nothing was loaded.")
        ctx.exit(UNVERIFIED)
    session.done = f"Loaded {done.size:,} entries: {tree_head(done.size, done.root)}"
    click.echo(session.done)
    click.echo(f"Texts loaded {done.texts:,}, missing {done.missing:,}.")
    if wanted is None:
        session.remark("Compare size and root with what you hold: nobody said what they must be.")


def _loaded(session: Session, file: Path, wanted: Wanted | None, texts: Path | None) -> Loaded:
    """Load into a ledger that takes its place when all is well; what fails leaves nothing."""
    from cli.keep.placing import placing  # noqa: PLC0415 - as above
    from ledger.audit.processes import WORTH_SHARING, inspecting  # noqa: PLC0415 - as above
    from ledger.bundle.entries_file import load as loaded  # noqa: PLC0415 - as above
    from ledger.store import open_store  # noqa: PLC0415 - as above

    url = session.url()
    _refuse_taken(url)
    size = size_of(file)
    progress = Progress("Verifying", quiet=session.quiet)
    # Of two that load to one path each has a file of its own, and the first to end stays.
    with placing(url) as place:
        with (
            inspecting(WORTH_SHARING if size > _WORTH_SHARING_BYTES else 0) as inspect_chunks,
            open_store(str(place.file), create=True) as store,
        ):
            done = loaded(
                store, file, wanted, texts, progress=progress, inspect_chunks=inspect_chunks
            )
        if not _faults(done):
            place.put()
    return done


def _refuse_taken(url: str) -> None:
    """Refuse a place at which there is more than an empty file, and say what is there."""
    from cli.keep.placing import entries_at, refuse_taken  # noqa: PLC0415 - as above
    from ledger.errors import StoreError  # noqa: PLC0415 - as above
    from ledger.store import is_file, open_store, stem  # noqa: PLC0415 - as above

    path = stem(url)
    if not is_file(url):
        refuse_taken(url, entries_at(url))
        return

    if path.is_dir() or (path.exists() and not path.is_file()) or size_of(path):
        with open_store(str(path), read_only=True) as store:
            raise StoreError(
                "the ledger to load into is not empty",
                got=f"{path}, of {store.head()} entries",
                todo="Load into a new one: name a path at which nothing is.",
            )
    for suffix in ("-wal", "-journal"):
        left = path.with_name(path.name + suffix)
        if size_of(left):
            raise StoreError(
                f"{left} is left of another ledger, whose last entries are in it",
                todo="Load into another path; or restore that ledger, if its file was lost.",
            )


def _faults(done: Loaded) -> bool:
    return any(one.severity == "fault" for one in done.findings)


def _wanted(file: Path, root: str | None, checkpoint: str | None) -> Wanted | None:
    from ledger.bundle.entries_file import Wanted  # noqa: PLC0415 - as above

    if root is not None and checkpoint is not None:
        raise click.UsageError("--root and --checkpoint: give one.")
    if checkpoint is not None:
        opened = _opened(file, streams.read_note(checkpoint))
        return Wanted(opened.size, opened.root)
    if root is None:
        return None
    match = _HEAD.fullmatch(root)
    if match is None:
        raise click.BadParameter(
            f"{root!r} is not as 172:Csjx…=, size and root", param_hint="--root"
        )
    return Wanted(int(match[1]), base64.b64decode(match[2]))


def _opened(file: Path, note: bytes) -> Checkpoint:
    """Open a checkpoint by the log keys that the file's entries name."""
    from ledger.bundle.entries_file import log_terms_in  # noqa: PLC0415 - as above
    from ledger.log.terms import open_in_term  # noqa: PLC0415 - as above

    terms = log_terms_in(file)
    if not terms:
        raise CommandError(f"{file} names no log key", todo="It is no file of entries.")
    return open_in_term(note, terms)[0].checkpoint
