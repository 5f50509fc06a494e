"""`log`: sign, prove, witness and timestamp the log, so that nobody can rewrite the past unseen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal import streams
from cli.terminal.lazy import Command, Lazy, LazyGroup, Option
from cli.terminal.options import about_the_run, dry_run
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.log.checkpoint import Checkpoint
    from ledger.recording.application import Ledger
    from ledger.transparency.keeper import Logkeeper, Signed

COMMANDS = {
    "checkpoint": Lazy("cli.log.command:checkpoint", "Sign the log as it stands: size and root."),
    "prove": Lazy("cli.log.proofs:prove", "Prove that an event is in the log."),
    "verify": Lazy("cli.log.proofs:verify", "Check such a proof, offline."),
    "cosign": Lazy("cli.log.witness:cosign", "Witness a checkpoint: it extends the last one seen."),
    "witness": Lazy("cli.log.witness:witness", "Make a witness's key, or show it."),
    "key": Lazy("cli.log.key:key", "Put a new log key in the place of the one in use."),
    "timestamp": Lazy("cli.log.timestamp:timestamp", "Have a checkpoint timestamped (RFC 3161)."),
}

log = LazyGroup(
    "log",
    COMMANDS,
    help="""Tamper evidence: sign, prove, witness and timestamp the log.

    A checkpoint is the log's size and root, signed with the log key. Whoever holds one can tell
    whether anything up to it was changed since; witnesses and timestamps show it to others.
    """,
    examples=(
        "school-ledger log checkpoint -o c1",
        "school-ledger log prove 0193ab12 -o visit.tlog-proof",
        "school-ledger log cosign c1 --witness-key w.key --log card.txt -o c1.cosigned",
        "school-ledger log timestamp c1 --request c1.tsq",
    ),
)

KEY_OPTION = click.option(
    "--log-key",
    cls=Option,
    section="Signing",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The log key; else the file beside the ledger, LEDGER.log-key.",
)
_LAST_OPTION = click.option(
    "--last",
    cls=Option,
    section="Signing",
    metavar="FILE",
    help="A checkpoint that must be continued too, such as one that a witness holds.",
)
_LOST_OPTION = click.option(
    "--former-key-lost",
    cls=Option,
    section="Signing",
    is_flag=True,
    help="After LogKeyChanged: the former log key is lost, and cannot sign once more.",
)


def keeper_of(session: Session, path: Path | None) -> Logkeeper:
    """Return the keeper of the ledger's log, or of the one whose key file is named."""
    from ledger.transparency.keeper import Logkeeper, log_key_path  # noqa: PLC0415 - the vocabulary

    return Logkeeper(path or log_key_path(session.url()))


def sign_head(
    session: Session, ledger: Ledger, keeper: Logkeeper, last: str | None, *, lost: bool
) -> Signed:
    """Sign the log as it stands; say so where nothing is known to have been signed before."""
    from cli.terminal.progress import Progress  # noqa: PLC0415 - only to sign

    given = None if last is None else streams.read_note(last)
    signed = keeper.checkpoint(
        ledger,
        last=given,
        former_lost=lost,
        progress=Progress("Checking new entries", quiet=session.quiet),
    )
    if signed.first:
        session.remark(
            "No checkpoint was signed with this key before, as far as can be told here. What is"
            f" signed from now on is remembered in {keeper.memory}: keep that file beside the log"
            " key, for because of it two histories are never both signed."
        )
    return signed


def head_bytes(ledger: Ledger, keeper: Logkeeper, last: str | None, *, lost: bool) -> bytes:
    """Return the bytes that would be signed, after the same checks."""
    from ledger.log.checkpoint import format_checkpoint  # noqa: PLC0415 - as above

    given = None if last is None else streams.read_note(last)
    return format_checkpoint(keeper.preview(ledger, last=given, former_lost=lost))


@click.command(
    cls=Command,
    examples=(
        "school-ledger log checkpoint -o c1",
        "school-ledger log checkpoint --since c1 -o for-the-witness",
        "school-ledger log checkpoint --last c1.cosigned -o c2",
    ),
)
@click.option(
    "--since",
    metavar="SIZE|FILE",
    help="Put a proof before it: that the log goes on from that size, or from the checkpoint in"
    " that file.",
)
@_LAST_OPTION
@KEY_OPTION
@_LOST_OPTION
@streams.to_file
@dry_run
@about_the_run
@click.pass_obj
def checkpoint(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    since: str | None,
    last: str | None,
    log_key: Path | None,
    former_key_lost: bool,
    path: str | None,
    dry_run: bool,
) -> None:
    """Sign the log as it stands, and print the checkpoint: origin, size, root, signature.

    Refused if it contradicts the last checkpoint signed, which is kept beside the log key, outside
    the database: so an older copy that was restored, or a history that was rewritten, is found
    before anyone is misled. Give checkpoints to others: what they hold, nobody can rewrite.
    """
    from ledger.transparency.proofs import extension  # noqa: PLC0415 - as above

    keeper = keeper_of(session, log_key)
    with (
        streams.verifying(session),
        session.open() as ledger,
        streams.out(path, checkpoint=True) as file,
    ):
        old = None if since is None else _held(ledger, since)
        if dry_run:
            file.write(head_bytes(ledger, keeper, last, lost=former_key_lost))
            session.remark("Nothing was signed. These are the bytes that would be.")
            return
        signed = sign_head(session, ledger, keeper, last, lost=former_key_lost)
        file.write(signed.note if old is None else extension(ledger, old, signed.note))
    session.remark(
        f"Signed a checkpoint of {signed.checkpoint.size} entries with the log key"
        f" {keeper.verifier}; it is remembered in {keeper.memory}.\n"
        "Next: give it to others, or have it witnessed: school-ledger log cosign --help"
    )


def _held(ledger: Ledger, since: str) -> Checkpoint | int:
    """Return the size, or the checkpoint in a file, that the receiver holds and that goes on."""
    from ledger.transparency.proofs import check_root, check_size, open_own  # noqa: PLC0415 - as above

    if since.isascii() and since.isdecimal() and not Path(since).exists():
        return check_size(int(since), ledger.head().size)
    held = open_own(ledger, streams.read_note(since)).checkpoint
    check_root(ledger, held)
    return held
