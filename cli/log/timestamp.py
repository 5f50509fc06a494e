"""`log timestamp`: have an authority outside say when a checkpoint existed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from cli.terminal import streams
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Choice, Command, Option
from cli.terminal.options import about_the_run
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.transparency.timestamp import Stamp

_WAYS = "One of"


@click.command(
    cls=Command,
    examples=(
        "school-ledger log timestamp c1 --request c1.tsq",
        "school-ledger log timestamp c1 --response c1.tsr --roots authority.pem",
        "school-ledger log timestamp c1 --url https://tsa.example/ --roots authority.pem -o c1.tsr",
    ),
)
@click.argument("checkpoint")
@click.option(
    "--request",
    cls=Option,
    section=_WAYS,
    metavar="OUT",
    help="Write the request, to be sent to an authority in your own way.",
)
@click.option(
    "--response", cls=Option, section=_WAYS, metavar="FILE", help="Check the reply that came."
)
@click.option(
    "--url", cls=Option, section=_WAYS, help="Send the request to an authority; needs -o too."
)
@click.option("--roots", metavar="PEM", help="The authority's root certificate, from its own site.")
@click.option(
    "--hash",
    "algorithm",
    type=Choice(["sha256", "sha512"]),
    default="sha512",
    show_default=True,
    help="How the checkpoint is hashed.",
)
@streams.to_file
@about_the_run
@click.pass_obj
def timestamp(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    checkpoint: str,
    request: str | None,
    response: str | None,
    url: str | None,
    roots: str | None,
    algorithm: Literal["sha256", "sha512"],
    path: str | None,
) -> None:
    """Have the file CHECKPOINT timestamped (RFC 3161), and check the timestamp.

    It proves that the checkpoint, and so every entry in it, existed by then. It is over the whole
    file, byte for byte: keep the file, the reply and the authority's root together. Needs
    `pip install 'school-ledger[timestamp]'`.
    """
    from ledger.transparency.timestamp import check_reply, make_query, post  # noqa: PLC0415 - loads to run

    _check_usage(request, response, url, roots, path)
    note = streams.read_note(checkpoint)
    if response is None and checkpoint != "-":
        _check_unchanged(checkpoint, note)
    if request is not None:
        _ask(session, checkpoint, note, request, algorithm)
    elif response is not None:
        _check(session, note, streams.read(response), streams.read(str(roots)))
    else:
        trusted = streams.read(str(roots))
        with streams.out(path) as file:
            query = make_query(note, algorithm)
            reply = post(str(url), query)
            stamp = check_reply(reply, note, trusted, query.nonce)
            file.write(reply)
        _tell(session, note, stamp)


def _check_unchanged(name: str, note: bytes) -> None:
    """Refuse a file that a shell or an editor changed: other tools stamp and check it as it is."""
    if streams.read(name) != note:
        raise CommandError(
            f"{name} is not byte for byte as the log wrote it",
            got="other line ends, or a byte order mark",
            todo="Nothing was asked for. Have it written again with -o FILE in the place of >.",
        )


def _check_usage(
    request: str | None, response: str | None, url: str | None, roots: str | None, path: str | None
) -> None:
    fault = None
    if sum(way is not None for way in (request, response, url)) != 1:
        fault = "say one of '--request', '--response' and '--url'."
    elif request is None and roots is None:
        fault = "missing option '--roots': whom you trust to tell the time."
    elif url is not None and path in (None, "-"):
        fault = "missing option '--output': where to keep the reply."
    if fault is not None:
        raise click.UsageError(fault, click.get_current_context())


def _ask(
    session: Session,
    name: str,
    note: bytes,
    request: str,
    algorithm: Literal["sha256", "sha512"],
) -> None:
    from ledger.transparency.timestamp import make_query  # noqa: PLC0415 - as above

    streams.emit(make_query(note, algorithm).data, request)
    session.remark(
        "Next: send it to an authority as application/timestamp-query, and check what comes back:\n"
        f"  school-ledger log timestamp {name} --response REPLY --roots PEM"
    )


def _check(session: Session, note: bytes, reply: bytes, roots: bytes) -> None:
    from ledger.errors import TimestampError  # noqa: PLC0415 - as above
    from ledger.transparency.timestamp import check_reply  # noqa: PLC0415 - as above

    with streams.verifying(session, TimestampError):
        stamp = check_reply(reply, note, roots)
    _tell(session, note, stamp)


def _tell(session: Session, note: bytes, stamp: Stamp) -> None:
    from ledger.log.checkpoint import parse_checkpoint  # noqa: PLC0415 - as above
    from ledger.log.note import split_note  # noqa: PLC0415 - as above

    checkpoint = parse_checkpoint(split_note(note)[0])
    click.echo(f"checkpoint  {checkpoint}")
    click.echo(f"existed at  {stamp.time.isoformat().replace('+00:00', 'Z')}")
    click.echo(f"authority   {stamp.authority}")
    click.echo(f"serial      {stamp.serial}")
    session.remark(
        "Whether the log signed the checkpoint was not asked: `log cosign`, `log prove` and"
        " `verify` ask that."
    )
