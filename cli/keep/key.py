"""`key`: make a signing key, show it, prove that you hold it."""

from __future__ import annotations

from pathlib import Path

import click

from cli.terminal import asking, streams
from cli.terminal.failures import CommandError
from cli.terminal.formats import dumps
from cli.terminal.lazy import Choice, Command, Group, Option
from cli.terminal.options import about_the_run, optional_day
from cli.terminal.session import Session, public_half

_NEWCOMER = "If you are new"


@click.group(
    cls=Group,
    examples=(
        "school-ledger key new my.key",
        "school-ledger key show my.key",
        (
            'school-ledger key prove my.key --name "Mx Elm" --office head@900005'
            " --origin northwick.example/support -o me.json"
        ),
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
        f"Next: school-ledger key prove {file} --name NAME --office OFFICE -o me.json\n"
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


@key.command(
    cls=Command,
    examples=(
        (
            'school-ledger key prove my.key --name "Mx Elm" --office head@900005'
            " --origin northwick.example/support -o me.json"
        ),
        "school-ledger key prove my.key --person 0193ab12 -o proof.json",
        "school-ledger key prove my.key --person new --origin northwick.example -o second.json",
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", cls=Option, section=_NEWCOMER, help="Your name, if you are new here.")
@click.option(
    "--office",
    cls=Option,
    section=_NEWCOMER,
    help="The office that you hold or will hold, as head@900005.",
)
@click.option(
    "--basis",
    cls=Option,
    section=_NEWCOMER,
    type=Choice(["substantive", "acting", "interim", "executive"]),
    help="How you hold it. [default: substantive]",
)
@click.option(
    "--effective-on",
    cls=Option,
    section=_NEWCOMER,
    metavar="DATE",
    callback=optional_day,
    help="Your first day in it. [default: the day on which you are enrolled]",
)
@click.option(
    "--person",
    help="Whose key it is, if you are enrolled already: a name or reference; `new` for a founding"
    " registrar.",
)
@click.option("--origin", help="The ledger's origin, if the ledger itself is not at hand.")
@streams.to_file
@about_the_run
@click.pass_obj
def prove(
    session: Session,
    /,
    *,
    file: Path,
    person: str | None,
    origin: str | None,
    path: str | None,
    **newcomer: str | None,
) -> None:
    """Prove that you hold a key, so that a registrar can enrol it as yours.

    If you are new, say your name and office, and send what is written to the registrar, who
    records all of it by `school-ledger enrol me.json`. If you are enrolled already, say who you
    are with --person; the registrar then says `school-ledger record KeyEnrolled --from proof.json`.
    No secret of yours is in it.
    """
    from ledger import keys  # noqa: PLC0415 - as above
    from ledger.recording.founding import key_members  # noqa: PLC0415 - as above

    told = {name: value for name, value in newcomer.items() if value is not None}
    _check_who(person, told)
    if origin is None:
        with session.open(read_only=True) as ledger:
            origin = ledger.origin
            person = None if person is None else _known(session, person)
    else:
        from cli.keep.init import check_origin  # noqa: PLC0415 - as above

        check_origin(origin)
    reference = _new_person() if person in (None, "new") else _reference(str(person))
    signer = keys.load(file, asking.passphrase())
    said = {"person": reference, **key_members(origin, reference, signer), **told}
    # A newcomer's name is nobody's but who it is sent to.
    streams.emit(f"{dumps(said)}\n".encode(), path, private=bool(told))
    what = path or "what was written"
    todo = _FOUNDING if person == "new" else _ENROLLING if person else _NEW
    session.remark(todo.format(what))


def _check_who(person: str | None, told: dict[str, str]) -> None:
    """Refuse what says neither who is new, nor who is known, or both."""
    if person is not None and told:
        raise click.UsageError(
            "--person is of who is enrolled already; who is new says --name and --office.",
            click.get_current_context(),
        )
    if person is None and not {"name", "office"} <= told.keys():
        raise click.UsageError(
            "say who you are: --name and --office, or --person if you are enrolled already.",
            click.get_current_context(),
        )


_NEW = "Next, by the registrar: school-ledger enrol {}"
_ENROLLING = "Next, by the registrar: school-ledger record KeyEnrolled --from {}"
_FOUNDING = "Next, by who founds the ledger: school-ledger init --registrar {} …"


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
