"""`verify`: whether a record, or a bundle of it, is what its signers signed, in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.share.verdict import as_json, pack_as_json, told, told_of_pack
from cli.terminal import streams
from cli.terminal.failures import UNVERIFIED, CommandError, naming
from cli.terminal.formats import dumps
from cli.terminal.lazy import Choice, Command, Option
from cli.terminal.options import about_the_run
from cli.terminal.progress import Progress
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.transparency.trust_card import TrustCard
    from ledger.verification.verify import Verdict
    from projections.pack.verifying import PackVerdict

_LEAST_ENTRY = 2_000
"""So many bytes of a bundle are an entry with its proof, about."""
_HOLD = "What you hold"


@click.command(
    cls=Command,
    examples=(
        "school-ledger verify b.zip",
        "school-ledger verify b.zip --trust card.txt --checkpoint c1",
        "school-ledger verify cedar-pack.zip --trust card.txt",
        "school-ledger --ledger northwick.db verify --checkpoint c1",
    ),
)
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@click.option(
    "--checkpoint",
    "held",
    cls=Option,
    section=_HOLD,
    metavar="FILE",
    help="A checkpoint of the log that you kept: is it still part of this history?",
)
@click.option(
    "--trust",
    cls=Option,
    section=_HOLD,
    metavar="CARD",
    help="The ledger's trust card, as `init` printed it: is this that ledger?",
)
@click.option(
    "--format",
    "-f",
    "form",
    type=Choice(["table", "json"]),
    default="table",
    help="How to write the verdict.",
)
@about_the_run
@click.pass_context
def verify(
    ctx: click.Context, *, bundle: Path | None, held: str | None, trust: str | None, form: str
) -> None:
    """Verify a BUNDLE, a pack, or the ledger itself: signatures, history, who was entitled to sign.

    Of a pack, or the folder that one was unpacked into, every answer is told anew from the bundle
    in it, and what differs is named. Neither needs a ledger, settings or a network. The exit code
    is 0 where the record verifies, 3 where it does not, and 1 where the file cannot be read at all,
    as one that was cut short or damaged on its way.
    """
    from ledger.bundle.pack_files import is_pack  # noqa: PLC0415 - loads when it runs

    session: Session = ctx.obj
    note = None if held is None else streams.read_note(held)
    card = None if trust is None else _card(trust)
    if bundle is not None and is_pack(bundle):
        with naming(bundle):
            found = _of_pack(session, bundle, note, card)
        _of_this_ledger(held, note, found.verdict)
        _end_pack(ctx, found, form)
        return
    with naming(bundle):
        verdict = (
            _of_ledger(session, note, card) if bundle is None else _of(session, bundle, note, card)
        )
    _of_this_ledger(held, note, verdict)
    if form == "json":
        click.echo(dumps(as_json(verdict)))
    else:
        for line in told(verdict):
            click.echo(line)
    if not verdict.verified:
        ctx.exit(UNVERIFIED)


def _of_this_ledger(held: str | None, note: bytes | None, verdict: Verdict | None) -> None:
    if held is not None and note is not None and verdict is not None and verdict.origin:
        streams.refuse_of_another(held, note, verdict.origin)


def _card(name: str) -> TrustCard:
    from ledger.transparency.trust_card import TrustCard  # noqa: PLC0415 - loads when it runs

    try:
        text = streams.read_lines(name).decode()
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not text", todo="Name the trust card's file.") from error
    with naming(name):
        return TrustCard.parse(text)


def _of_ledger(session: Session, note: bytes | None, card: TrustCard | None) -> Verdict:
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - loads the vocabulary
    from ledger.verification.verify import verify_store  # noqa: PLC0415 - as above

    progress = Progress("Verifying", quiet=session.quiet)
    entries = session.head()
    with inspecting(entries) as inspect_chunks, session.store() as store:
        return verify_store(store, note, card, progress=progress, inspect_chunks=inspect_chunks)


def _of(session: Session, path: Path, note: bytes | None, card: TrustCard | None) -> Verdict:
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - as above
    from ledger.bundle import Manifest, open_archive  # noqa: PLC0415 - as above
    from ledger.verification.verify import verify_bundle  # noqa: PLC0415 - as above

    with open_archive(path) as archive:
        entries = Manifest.parse(archive.read("manifest.json")).counts.entries
    progress = Progress("Verifying", quiet=session.quiet)
    with inspecting(entries) as inspect_chunks:
        return verify_bundle(path, note, card, progress=progress, inspect_chunks=inspect_chunks)


def _of_pack(
    session: Session, path: Path, note: bytes | None, card: TrustCard | None
) -> PackVerdict:
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - as above
    from ledger.bundle.pack_files import open_pack  # noqa: PLC0415 - as above
    from projections.pack.verifying import verify_pack  # noqa: PLC0415 - as above

    with open_pack(path) as files:
        # How many entries there are is not known yet; a bundle's size tells if sharing is worth it.
        entries = files.size("data/bundle.zip") // _LEAST_ENTRY
    progress = Progress("Verifying", quiet=session.quiet)
    with inspecting(entries) as inspect_chunks:
        return verify_pack(path, note, card, progress=progress, inspect_chunks=inspect_chunks)


def _end_pack(ctx: click.Context, found: PackVerdict, form: str) -> None:
    if form == "json":
        click.echo(dumps(pack_as_json(found)))
    else:
        for line in told_of_pack(found):
            click.echo(line)
    if not found.verified:
        ctx.exit(UNVERIFIED)
