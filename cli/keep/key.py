"""`key`: make a signing key, show it, prove that you hold it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal import asking, streams
from cli.terminal.failures import CommandError
from cli.terminal.formats import dumps
from cli.terminal.lazy import Command, Group
from cli.terminal.options import about_the_run
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.keys import Signer


@click.group(
    cls=Group,
    examples=(
        "school-ledger key new my.key",
        "school-ledger key show my.key",
        "school-ledger key prove my.key --person 0193ab12 -o proof.json",
    ),
)
def key() -> None:
    """Make a signing key, show it, or prove that you hold it, so that it can be enrolled.

    Keys are OpenSSH's: those that `ssh-keygen -t ed25519` makes serve as well, and so do
    ssh-agent and security keys, named by their .pub file.
    """


@key.command(
    cls=Command,
    examples=("school-ledger key new my.key", "school-ledger key new clerk.key --no-passphrase"),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--comment", default="", help="A note to tell the key by, kept in FILE.pub only.")
@click.option(
    "--no-passphrase", is_flag=True, help="Protect it by nothing but the permissions of its file."
)
@about_the_run
@click.pass_obj
def new(session: Session, *, file: Path, comment: str, no_passphrase: bool) -> None:
    """Make an Ed25519 key: FILE, which only you may read, and FILE.pub, to be shown to anyone."""
    from ledger import keys  # noqa: PLC0415 - cryptography loads slowly

    if not no_passphrase and not asking.interactive():
        raise CommandError(
            "a new key needs a passphrase, and there is nobody to ask for one",
            todo="Run this on a terminal, or say --no-passphrase.",
        )
    passphrase = "" if no_passphrase else asking.new_passphrase()
    public = keys.generate(file, comment, passphrase)
    click.echo(f"key:{public.fingerprint}")
    session.remark(
        f"Next: school-ledger key prove {file} --person PERSON -o proof.json\n"
        f"  or, to found a ledger with it: school-ledger init --help"
    )


@key.command(
    cls=Command, examples=("school-ledger key show my.key", "school-ledger key show my.key.pub")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@about_the_run
def show(*, file: Path) -> None:
    """Show a key's reference in the ledger, its type, and its public half."""
    public = public_half(file).public
    click.echo(f"key         key:{public.fingerprint}")
    click.echo(f"type        {public.type}")
    click.echo(f"public key  {public.line}")


def public_half(file: Path) -> Signer:
    """Return the key by its public file if that is there: its secret need not be unlocked."""
    from ledger import keys  # noqa: PLC0415 - as above

    public = file.with_name(f"{file.name}.pub")
    return keys.load(public if public.is_file() else file, asking.passphrase())


@key.command(
    cls=Command,
    examples=(
        "school-ledger key prove my.key --person 0193ab12 -o proof.json",
        (
            "school-ledger key prove my.key --person person:01939f10-7c1a-7d3e-9a55-0f2f4f0f9f11"
            " --origin northwick.example/support"
        ),
        "school-ledger key prove my.key --person new --origin northwick.example -o second.json",
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--person",
    required=True,
    help="Whose key it is: the reference the registrar gave; `new` for a founding registrar.",
)
@click.option("--origin", help="The ledger's origin, if the ledger itself is not at hand.")
@streams.to_file
@about_the_run
@click.pass_obj
def prove(
    session: Session, *, file: Path, person: str, origin: str | None, path: str | None
) -> None:
    """Prove that you hold a key, so that a registrar can enrol it as yours.

    Send what is written to the registrar, who records it:
    `school-ledger record KeyEnrolled --from proof.json`. It holds no secret.
    """
    from ledger import keys  # noqa: PLC0415 - as above
    from ledger.recording.founding import key_members  # noqa: PLC0415 - as above

    if origin is None:
        with session.open(read_only=True) as ledger:
            origin = ledger.origin
            person = _known(session, person)
    else:
        from cli.keep.init import check_origin  # noqa: PLC0415 - as above

        check_origin(origin)
    founds = person == "new"
    reference = _new_person() if founds else _reference(person)
    signer = keys.load(file, asking.passphrase())
    proof = dumps({"person": reference, **key_members(origin, reference, signer)})
    streams.emit(f"{proof}\n".encode(), path)
    session.remark(_FOUNDING if founds else _ENROLLING)


_ENROLLING = "Next, by the registrar: school-ledger record KeyEnrolled --from proof.json"
_FOUNDING = "Next, by who founds the ledger: school-ledger init --registrar second.json …"


def _new_person() -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    from ledger.format.statement import new_id  # noqa: PLC0415 - as above

    return f"person:{new_id(datetime.now(UTC))}"


def _known(session: Session, person: str) -> str:
    from cli.terminal.parties import party_named  # noqa: PLC0415 - as above

    with session.tables() as (store, connection):
        return party_named(connection, store, person, ("person",))


def _reference(person: str) -> str:
    import re  # noqa: PLC0415 - as above

    from ledger.values import UUID7  # noqa: PLC0415 - as above

    reference = f"person:{person.removeprefix('person:')}"
    if re.fullmatch(f"person:{UUID7}", reference) is None:
        raise CommandError(
            "this is no person's reference",
            got=person,
            expected="person:<id>, as the registrar was told when enrolling the person",
        )
    return reference
