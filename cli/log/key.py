"""`log key`: put a new log key in the place of the one in use, in an order that loses neither.

The new key is on the disk before the ledger speaks of it, the former one signs a checkpoint that
covers the change before it is set aside, and nothing is ever overwritten. Whatever stops the
command, running it again goes on from there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from cli.log.command import KEY_OPTION
from cli.terminal import streams
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Command, Group
from cli.terminal.options import about_the_run, signing
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.log.note import NoteSigner
    from ledger.recording.application import Ledger

_NEXT = ".next"
_FORMER = ".former"


@click.group(cls=Group, examples=("school-ledger log key new -o c9",))
def key() -> None:
    """Put a new log key in the place of the one in use."""


@key.command(
    cls=Command,
    examples=(
        "school-ledger log key new -o c9",
        "school-ledger log key new --log-key safe/northwick.log-key -o c9",
        "school-ledger log key new --former-key-lost",
    ),
)
@KEY_OPTION
@click.option(
    "--former-key-lost",
    "lost",
    is_flag=True,
    help="The log key in use is lost: change it without a last checkpoint by it.",
)
@streams.to_file
@signing
@about_the_run
@click.pass_obj
def new(session: Session, *, log_key: Path | None, lost: bool, path: str | None) -> None:
    """Make a new log key, record LogKeyChanged, and let the former key sign its last checkpoint.

    A registrar signs. The new key takes the former one's place, which is kept as FILE.former; the
    checkpoint that covers the change is printed. Stopped half way, the command goes on from there
    when run again.
    """
    from ledger.transparency.keeper import log_key_path  # noqa: PLC0415 - the vocabulary

    file = log_key or log_key_path(session.url())
    with streams.out(path, checkpoint=True) as stream:
        with streams.verifying(session), session.open() as ledger:
            change = _changed(session, ledger, file, lost=lost)
            note = None if lost else _covered(session, ledger, file)
        former = _put_in_place(file)
        session.done = f"The log's key is {change.verifier}, in {file}, and that is recorded."
        stream.write(note or b"")
    where = "lost" if former is None else f"in {former}"
    sign = "  sign with it: school-ledger log checkpoint --former-key-lost\n" if lost else ""
    session.remark(
        f"The log's key is now {change.verifier}, in {file}; the former one is {where}.\n"
        f"Left to do:\n{sign}"
        f"  have it vouched for: school-ledger record Vouched --subject log_key:{change.event}\n"
        "  keep a copy of the new key safe, and give the checkpoint and the new key to everyone\n"
        "  who relies on the ledger; witnesses cosign on with --log-key-changed"
    )


class _Change(NamedTuple):
    """The event by which the log took another key, and that key's verifier."""

    event: str
    verifier: str


def _changed(session: Session, ledger: Ledger, file: Path, *, lost: bool) -> _Change:
    """Record that the log takes a new key, unless a run that was stopped did so already."""
    from ledger.domain.registers import ledger as ledgers  # noqa: PLC0415 - as above
    from ledger.transparency.proofs import log_keys  # noqa: PLC0415 - as above

    waiting = _beside(file, _NEXT)
    begun = _read(waiting) if waiting.exists() else None
    in_use = log_keys(ledger)[-1]
    if begun is not None and begun.verifier == in_use:
        return _Change(ledger.look(ledgers.log_key_changes())[-1], in_use)
    _check_former(file, in_use, lost=lost)
    following = begun or _made(ledger, waiting)
    return _Change(_recorded(session, ledger, in_use, following.verifier), following.verifier)


def _check_former(file: Path, in_use: str, *, lost: bool) -> None:
    """Refuse another key than the one in use, and to call a key lost that is there."""
    if lost and file.exists():
        raise CommandError(
            f"{file} is there, so the log key is not lost",
            todo="Nothing was recorded. Leave --former-key-lost away; or, if the file is damaged,"
            " move it away.",
        )
    former = in_use if lost else _read(file).verifier
    if former != in_use:
        raise CommandError(
            f"{file} is not the log key in use",
            got=former,
            expected=in_use,
            todo="Nothing was recorded. Name the file of the key in use with --log-key FILE.",
        )


def _made(ledger: Ledger, waiting: Path) -> NoteSigner:
    """Make the new key, which is on the disk before anything is said of it."""
    import secrets  # noqa: PLC0415 - only here

    from ledger.recording.founding import new_log_key, write_log_key  # noqa: PLC0415 - as above
    from ledger.transparency.last_signed import write_secret  # noqa: PLC0415 - as above

    seed = secrets.token_bytes(32)
    signer = new_log_key(ledger.origin, seed)
    write_secret(waiting, write_log_key(ledger.origin, signer.key_hash, seed))
    return signer


def _recorded(session: Session, ledger: Ledger, former: str, following: str) -> str:
    """Record LogKeyChanged with the registrar's key; return the event's id."""
    from cli.record.drafting import Asked, Signing, drafted  # noqa: PLC0415 - as above
    from cli.record.receipt import append  # noqa: PLC0415 - as above
    from ledger.events.registers import LogKeyChanged  # noqa: PLC0415 - as above
    from ledger.recording.application import sign  # noqa: PLC0415 - as above

    signer = session.signer()
    reference = f"key:{signer.public.fingerprint}"
    data = {"former": former, "log_key": following}
    asked = Asked(LogKeyChanged, data, ledger.today())
    who = Signing(reference, ledger.person_of(reference), session.office(None))
    with session.views(ledger.store).open() as connection:
        draft = drafted(ledger, connection, asked, who)
    return append(ledger, sign(draft, signer)).event


def _covered(session: Session, ledger: Ledger, file: Path) -> bytes | None:
    """Return the checkpoint, by the former key, that covers the change; None if that is over."""
    from cli.terminal.progress import Progress  # noqa: PLC0415 - as above
    from ledger.transparency.keeper import Logkeeper  # noqa: PLC0415 - as above
    from ledger.transparency.proofs import current_log_key, log_keys  # noqa: PLC0415 - as above

    keeper = Logkeeper(file)
    if keeper.verifier == log_keys(ledger)[-1]:
        return None
    last = keeper.last(ledger)
    if last is not None and current_log_key(ledger, last.size) != keeper.verifier:
        return keeper.memory.read_bytes()
    return keeper.checkpoint(
        ledger, progress=Progress("Checking new entries", quiet=session.quiet)
    ).note


def _put_in_place(file: Path) -> Path | None:
    """Give the new key the former one's name, and the former one, if it is there, another."""
    waiting = _beside(file, _NEXT)
    former = _free(_beside(file, _FORMER), file) if file.exists() else None
    try:
        if former is not None and not former.exists():
            _copy(file, former)
        waiting.replace(file)
    except OSError as error:
        raise CommandError(
            f"{waiting}, the new log key, cannot take the place of {file}",
            got=error.strerror,
            todo="It is recorded already. Keep both files, see that you may write there, and run"
            " the same command again.",
        ) from error
    return former


def _copy(file: Path, former: Path) -> None:
    """Give a file a second name, or a copy where the system has no such thing."""
    from ledger.transparency.last_signed import write_secret  # noqa: PLC0415 - as above

    try:
        os.link(file, former)
    except OSError:
        write_secret(former, file.read_text(encoding="ascii"))


def _free(former: Path, file: Path) -> Path:
    """Return the first name, `.former` or `.former.2` and so on, that holds no other key."""
    number, path = 1, former
    while path.exists() and not path.samefile(file):
        number += 1
        path = former.with_name(f"{former.name}.{number}")
    return path


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(f"{file.name}{suffix}")


def _read(file: Path) -> NoteSigner:
    from ledger.recording.founding import parse_log_key  # noqa: PLC0415 - as above
    from ledger.transparency.last_signed import read_secret  # noqa: PLC0415 - as above

    todo = "Name its file with --log-key FILE; if it is lost, say --former-key-lost."
    return parse_log_key(read_secret(file, "log key", todo))
