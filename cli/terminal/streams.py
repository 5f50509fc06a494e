"""What is signed, on its way in and out: exact bytes, in files or the standard streams."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

import click

from cli.terminal.failures import UNVERIFIED, CommandError, say
from cli.terminal.lazy import Option
from cli.terminal.options import forced
from cli.terminal.places import Kind, claimed
from ledger.errors import InconsistentError, LedgerError, NoteError, ProofError
from ledger.files import PRIVATE, USUAL, appearing
from ledger.files import read as read_file
from ledger.texts import as_line, as_written, refuse_misgiven

if TYPE_CHECKING:
    from cli.terminal.session import Session

F = TypeVar("F", bound=Callable[..., Any])

#: After a statement's file name: the file of what opens its sealed text.
DISCLOSURES = ".disclosures"

#: What comes in is refused by its readers above a megabyte or two; nothing is read without end.
_LONGEST = 4_000_000


def to_file(function: F) -> F:
    """Add -o and --force."""
    return click.option(
        "--output", "-o", "path", cls=Option, metavar="FILE", help="Write it to a file."
    )(forced(function))


def read(name: str) -> bytes:
    """Return the bytes of a file, or of stdin where it is called `-`."""
    if name == "-":
        return sys.stdin.buffer.read(_LONGEST)
    return read_file(Path(name), _LONGEST)


def read_lines(name: str) -> bytes:
    """Return a text of lines as it was written, whatever a shell or an editor did to its ends."""
    return as_written(read(name), name)


def read_line(name: str) -> bytes:
    """Return a line of JSON as it was written, without what may stand before and after it."""
    line = read(name)
    refuse_misgiven(line, name)
    return as_line(line)


def read_note(name: str) -> bytes:
    """Return the bytes of a file that is a signed note; whose it is and if it holds is not asked.

    Raises CommandError that names the file: where it is opened, nobody knows any more which it was.
    """
    from ledger.log.note import split_note  # noqa: PLC0415 - loads when it runs

    note = read_lines(name)
    try:
        split_note(note)
    except NoteError as error:
        raise CommandError(
            f"{name} is no checkpoint",
            got=error.got,
            expected="a file as `school-ledger log checkpoint` writes it",
            todo="Name another file; or have this one written again, with -o FILE in the place of"
            " > FILE, and keep its bytes as they are.",
        ) from error
    return note


def refuse_of_another(name: str, note: bytes, origin: str) -> None:
    """Raise CommandError for a checkpoint of a ledger of another name: the wrong file was given."""
    got = note.partition(b"\n")[0].decode()
    if got != origin:
        raise CommandError(
            f"{name} is a checkpoint of another ledger, so nothing is said of this record",
            got=got,
            expected=origin,
            todo="Name a checkpoint of this ledger; or see whether this is the record that you"
            " mean.",
        )


@contextmanager
def out(
    path: str | None,
    *,
    private: bool = False,
    checkpoint: bool = False,
    kind: Kind | None = None,
) -> Iterator[IO[bytes]]:
    """Lend stdout, or a file that appears whole at the end; a private one is its owner's alone.

    Only a `checkpoint` takes the place of one that was there.

    Begun before anything is signed, so that a place that cannot be written to is found in time.
    """
    if path is None or path == "-":
        stream = cast("Any", results()).buffer
        yield stream
        stream.flush()
        return
    mode = PRIVATE if private else USUAL
    place = claimed(path, checkpoint=checkpoint, kind=kind)
    with appearing(place, mode, over_checkpoint=checkpoint) as file:
        yield file


def apart(**paths: str | None) -> None:
    """Refuse to write two things to one place; options that are not given mean stdout."""
    places = {None if path in (None, "-") else Path(str(path)).resolve() for path in paths.values()}
    if len(places) < len(paths):
        names = " and ".join(f"--{name}" for name in paths)
        raise click.UsageError(
            f"{names} name one place: give each a file of its own.", click.get_current_context()
        )


def emit(data: bytes, path: str | None, *, private: bool = False) -> None:
    """Write bytes as they are to stdout, or to a file that appears whole."""
    with out(path, private=private) as file:
        file.write(data)


def verifier(given: str) -> str:
    """Return the log key given: a verifier key, or a file that holds one, as a trust card does."""
    from ledger.transparency.witness import log_verifier_in  # noqa: PLC0415 - loads when it runs

    if given.count("+") > 1 and not Path(given).exists():
        return log_verifier_in(given)
    return log_verifier_in(read_lines(given).decode("utf-8", "replace"))


@contextmanager
def verifying(session: Session, *kinds: type[LedgerError]) -> Iterator[None]:
    """End with exit code 3 where a record, or what was signed of it, does not hold."""
    try:
        yield
    except LedgerError as error:
        if not isinstance(error, (InconsistentError, ProofError, *kinds)):
            raise
        say(f"Error: {error}")
        if session.debug:
            traceback.print_exception(error, file=sys.stderr)
        click.get_current_context().exit(UNVERIFIED)


def results() -> IO[str]:
    """Return stdout; raise CommandError where it is closed, before anything is done for it."""
    if cast("Any", sys.stdout) is None:
        raise CommandError(
            "the result has nowhere to go, for standard output is closed",
            todo="Nothing was done. Name a file with -o FILE.",
        )
    return sys.stdout
