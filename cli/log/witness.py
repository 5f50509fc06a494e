"""`log cosign` and `log witness`: hold a log to its own past, with a key of one's own."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal import streams
from cli.terminal.lazy import Command, Group, Option
from cli.terminal.options import about_the_run, dry_run
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.log.consistency import Extension
    from ledger.recording.application import Ledger
    from ledger.transparency.witness import Cosigned, Presented, Prove


@click.command(
    cls=Command,
    examples=(
        "school-ledger log cosign c1 --witness-key w.key --log card.txt -o c1.cosigned",
        "school-ledger log cosign c2 --witness-key w.key --log card.txt --proof proof-from-172",
        "school-ledger --ledger copy.db log cosign c2 --witness-key w.key -o c2.cosigned",
    ),
)
@click.argument("file")
@click.option(
    "--witness-key",
    cls=Option,
    section="Signing",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The witness's key, as `log witness new` made it.",
)
@click.option(
    "--log",
    metavar="KEY|CARD",
    help="The log's verifier key, or a file with it, such as the trust card;"
    " else that of the ledger that --ledger names.",
)
@click.option(
    "--proof",
    metavar="FILE",
    help="The proof that it extends what this witness holds, if FILE has none.",
)
@click.option(
    "--log-key-changed",
    is_flag=True,
    help="The log signs with a new key, and you made sure that it is right.",
)
@streams.to_file
@dry_run
@about_the_run
@click.pass_obj
def cosign(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    file: str,
    witness_key: Path,
    log: str | None,
    proof: str | None,
    log_key_changed: bool,
    path: str | None,
    dry_run: bool,
) -> None:
    """Cosign the checkpoint in FILE (or -), if it extends the last one that this witness saw.

    FILE is a checkpoint, or what `log checkpoint --since SIZE` writes: a proof and a checkpoint.
    The proof may also be a FILE of its own (--proof), or be computed from a copy of the ledger
    (--ledger). What the witness cosigned last is kept beside its key.
    """
    from ledger.recording.application import utc_now  # noqa: PLC0415 - loads when it runs
    from ledger.transparency.witness import Witness, cosigned_bytes  # noqa: PLC0415 - as above

    witness = Witness(witness_key)
    # What is no checkpoint or proof at all is a wrong file, and says nothing of the log.
    note, proved = _note_and_proof(file, proof)
    with ExitStack() as open_things:
        open_things.enter_context(streams.verifying(session))
        # Only a ledger that is named on the command line: a witness trusts nothing by default.
        named = session.ledger is not None
        ledger = open_things.enter_context(session.open(read_only=True)) if named else None
        stream = open_things.enter_context(streams.out(path, checkpoint=True))
        presented = _presented(note, log, ledger, log_changed=log_key_changed)
        now = int((session.clock or utc_now)().timestamp())
        if dry_run:
            stream.write(cosigned_bytes(witness.preview(presented), now))
            session.remark("Nothing was signed. These are the bytes that would be.")
            return
        cosigned = witness.cosign(presented, now, _prove(proved, ledger))
        stream.write(cosigned.note)
    _tell(session, cosigned, witness.memory(cosigned.checkpoint.origin))


def _note_and_proof(file: str, proof: str | None) -> tuple[bytes, Extension | None]:
    """Return the checkpoint, and the proof that came with it or, counting more, beside it."""
    from ledger.log.consistency import is_extension, parse_extension  # noqa: PLC0415 - as above

    data = streams.read_lines(file)
    came_with = parse_extension(data) if is_extension(data) else None
    given = came_with if proof is None else parse_extension(streams.read_lines(proof))
    return data if came_with is None else came_with.note, given


def _prove(given: Extension | None, ledger: Ledger | None) -> Prove:
    """Return where the proof is had from: as given, from a copy of the ledger, or from nowhere."""
    from ledger.transparency.witness import extended_by, unproved  # noqa: PLC0415 - as above

    if given is not None:
        return extended_by(given)
    if ledger is None:
        return unproved
    from ledger.transparency.proofs import consistency_proof  # noqa: PLC0415 - as above

    return lambda held, new: consistency_proof(ledger, held, new)


def _presented(
    note: bytes, log: str | None, ledger: Ledger | None, *, log_changed: bool
) -> Presented:
    from ledger.transparency.witness import Presented  # noqa: PLC0415 - as above

    if ledger is None:
        if log is None:
            raise click.UsageError(
                "missing option '--log': the log's verifier key, or a file with it.",
                click.get_current_context(),
            )
        return Presented(note, streams.verifier(log), log_changed)
    from ledger.transparency.proofs import log_key_of, personal_points  # noqa: PLC0415 - as above

    key = log_key_of(ledger, note) if log is None else streams.verifier(log)
    return Presented(note, key, log_changed, personal_points(ledger))


def _tell(session: Session, cosigned: Cosigned, memory: Path) -> None:
    if cosigned.held is None:
        session.remark(
            f"This is the first checkpoint of {cosigned.checkpoint.origin} that this witness sees:"
            " it is taken on trust. From now on, each must extend the last."
        )
    else:
        session.remark(
            f"It extends the checkpoint of {cosigned.held.size} entries cosigned before."
        )
    session.remark(
        f"Cosigned a checkpoint of {cosigned.checkpoint.size} entries; it is remembered in"
        f" {memory}.\n"
        "Next: give the cosigned checkpoint back to the log's keeper, and to anyone else."
    )


@click.group(
    cls=Group,
    examples=(
        "school-ledger log witness new w.key --name harbour.example/witness",
        "school-ledger log witness show w.key",
    ),
)
def witness() -> None:
    """Make a witness's key, or show it.

    A witness is somebody whom others trust not to collude with the ledger's operator: another
    authority, a trust, a union, a newspaper. Its key signs nothing but cosignatures.
    """


@witness.command(
    cls=Command, examples=("school-ledger log witness new w.key --name harbour.example/witness",)
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--name", required=True, help="Whose witness it is: a domain you control, and a path."
)
@streams.to_file
@about_the_run
@click.pass_obj
def new(session: Session, *, file: Path, name: str, path: str | None) -> None:
    """Make a witness's key: FILE, which only you may read. Print its verifier key, for anyone."""
    from ledger.transparency.last_signed import new_witness_key  # noqa: PLC0415 - as above

    with streams.out(path) as stream:
        stream.write(f"{new_witness_key(file, name)}\n".encode())
    session.remark(
        "Give this line to those who will rely on the witness; keep the file secret.\n"
        f"Next: school-ledger log cosign CHECKPOINT --witness-key {file} --log CARD"
    )


@witness.command(cls=Command, examples=("school-ledger log witness show w.key",))
@click.argument("file", type=click.Path(path_type=Path))
@about_the_run
def show(*, file: Path) -> None:
    """Print the verifier key of a witness's key."""
    from ledger.transparency.last_signed import read_witness_key  # noqa: PLC0415 - as above

    click.echo(read_witness_key(file).verifier)
