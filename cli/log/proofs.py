"""`log prove` and `log verify`: that an event is in the log, for anyone, offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.log.command import KEY_OPTION, head_bytes, keeper_of, sign_head
from cli.terminal import streams
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, dry_run
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.log.checkpoint import OpenedCheckpoint
    from ledger.log.note import Verifier


@click.command(
    cls=Command,
    examples=(
        "school-ledger log prove 0193ab12 -o visit.tlog-proof --entry visit.json",
        "school-ledger log prove 0193ab12 --checkpoint c1.cosigned -o visit.tlog-proof",
    ),
)
@click.argument("event")
@click.option(
    "--checkpoint", "held", metavar="FILE", help="Prove it in this checkpoint; else sign a new one."
)
@click.option(
    "--entry", "entry_path", metavar="FILE", help="Write the entry too: the bytes that are proved."
)
@KEY_OPTION
@streams.to_file
@dry_run
@about_the_run
@click.pass_obj
def prove(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    event: str,
    held: str | None,
    entry_path: str | None,
    log_key: Path | None,
    path: str | None,
    dry_run: bool,
) -> None:
    """Write the proof that an EVENT is in the log, in a checkpoint that the log signed.

    EVENT is an event's id, or its first characters. With the proof, the entry and the log's
    verifier key anyone can check it offline for ever, without this ledger.
    """
    from ledger.transparency.proofs import prove as proved_in  # noqa: PLC0415 - as above

    if entry_path is not None:
        streams.apart(output=path, entry=entry_path)
    # With a checkpoint given, nothing of the ledger is written: a copy on other media will do.
    with (
        streams.verifying(session),
        session.open(read_only=held is not None) as ledger,
        streams.out(path) as file,
    ):
        position = ledger.find(event).position
        if dry_run and held is None:
            file.write(head_bytes(ledger, keeper_of(session, log_key), None, lost=False))
            session.remark("Nothing was signed. These are the bytes that would be.")
            return
        if held is None:
            keeper = keeper_of(session, log_key)
            note = sign_head(session, ledger, keeper, None, lost=False).note
        else:
            note = streams.read_note(held)
        proved = proved_in(ledger, event, note)
        if entry_path is not None:
            streams.emit(proved.entry, entry_path)
        file.write(proved.proof)
    _how_to_verify(session, position, path, entry_path)


def _how_to_verify(
    session: Session, position: int, path: str | None, entry_path: str | None
) -> None:
    entry = entry_path or "ENTRY"
    wanted = "" if entry_path else "\nENTRY is what --entry FILE writes."
    session.remark(
        f"It is entry {position}. Verify it offline, with the trust card's log key:\n"
        f"  school-ledger log verify {path or 'PROOF'} {entry} --log CARD{wanted}"
    )


@click.command(
    cls=Command,
    examples=(
        "school-ledger log verify visit.tlog-proof visit.json --log card.txt",
        "school-ledger log verify visit.tlog-proof visit.json --log card.txt --witness KEY",
    ),
)
@click.argument("proof")
@click.argument("entry")
@click.option(
    "--log",
    required=True,
    metavar="KEY|CARD",
    help="The log's verifier key, or a file with it, such as the trust card.",
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="KEY",
    help="The verifier key of a witness who must have cosigned; as often as there are.",
)
@about_the_run
@click.pass_obj
def verify(
    session: Session, *, proof: str, entry: str, log: str, witnesses: tuple[str, ...]
) -> None:
    """Check a PROOF that an ENTRY is in the log, offline: no ledger, no settings, no network."""
    from ledger.errors import NoteError  # noqa: PLC0415 - loads when it runs
    from ledger.log.note import parse_verifier, split_note  # noqa: PLC0415 - as above
    from ledger.log.proof import parse_proof, verify_proof  # noqa: PLC0415 - as above

    key = streams.verifier(log)
    wanted = tuple(map(parse_verifier, witnesses))
    # What is no proof at all is a wrong file, and says nothing of the record.
    parsed = parse_proof(streams.read_lines(proof))
    split_note(parsed.checkpoint)
    data = _entry(entry)
    with streams.verifying(session, NoteError):
        opened = verify_proof(parsed, data, key, witnesses)
        _check_all_cosigned(wanted, opened)
    checkpoint = opened.checkpoint
    click.echo(f"Verified: entry {parsed.index + 1} of {checkpoint.size} of {checkpoint.origin}.")
    for each in opened.cosigners:
        click.echo(f"Witnessed by {each.name} at {_moment(each.timestamp or 0)}.")


def _entry(name: str) -> bytes:
    """Return the bytes of an entry; raise CommandError for a file that is none at all."""
    data = streams.read_line(name)
    try:
        said = json.loads(data)
    except ValueError:
        said = None
    if not isinstance(said, dict) or "statement" not in said:
        raise CommandError(
            f"{name} is no entry",
            expected="the file that `school-ledger log prove --entry FILE` wrote",
            todo="Name the entry that came with the proof.",
        )
    return data


def _check_all_cosigned(witnesses: tuple[Verifier, ...], opened: OpenedCheckpoint) -> None:
    from ledger.errors import NoteError  # noqa: PLC0415 - as above

    cosigned = {(each.name, each.key_hash) for each in opened.cosigners}
    wanted = {(key.name, key.key_hash) for key in witnesses}
    if wanted - cosigned:
        raise NoteError(
            "Not every witness has cosigned",
            got=", ".join(sorted(name for name, _ in cosigned)) or "none of them",
            expected="also " + ", ".join(sorted(name for name, _ in wanted - cosigned)),
            todo="Ask for a proof in a checkpoint that they cosigned.",
        )


def _moment(seconds: int) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):  # beyond the year 9999
        return f"{seconds} seconds since 1970"
