"""Signed notes on their way in and out: exact bytes, from files or the standard streams."""

from __future__ import annotations

import secrets
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.failures import UNVERIFIED, CommandError
from cli.lazy import Option
from ledger.errors import InconsistentError, LedgerError, ProofError

if TYPE_CHECKING:
    from cli.session import Session

F = TypeVar("F", bound=Callable[..., Any])

#: What comes in is refused by its readers above a megabyte or two; nothing is read without end.
_LONGEST = 4_000_000


def to_file(function: F) -> F:
    """Add -o."""
    return click.option(
        "--output", "-o", "path", cls=Option, metavar="FILE", help="Write it to a file."
    )(function)


def read(name: str) -> bytes:
    """Return the bytes of a file, or of stdin where it is called `-`."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(_LONGEST)
        with Path(name).open("rb") as file:
            return file.read(_LONGEST)
    except FileNotFoundError as error:
        raise CommandError(f"there is no file {name}", todo="Check the name.") from error
    except OSError as error:
        raise CommandError(
            f"{name} cannot be read", got=error.strerror, todo="Name a file that you may read."
        ) from error


def emit(data: bytes, path: str | None) -> None:
    """Write bytes as they are to stdout, or to a file that appears whole."""
    if path is None or path == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    partial = Path(f"{path}.{secrets.token_hex(4)}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise CommandError(
            f"{path} cannot be written",
            got=error.strerror,
            todo="Is there such a folder, and may you write to it?",
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()


def verifier(given: str) -> str:
    """Return the log key given: a verifier key, or a file that holds one, as a trust card does."""
    from ledger.witness import log_verifier_in  # noqa: PLC0415 - loads when it runs

    if given.count("+") > 1 and not Path(given).exists():
        return log_verifier_in(given)
    return log_verifier_in(read(given).decode("utf-8", "replace"))


@contextmanager
def verifying(session: Session, *kinds: type[LedgerError]) -> Iterator[None]:
    """End with exit code 3 where a record, or what was signed of it, does not hold."""
    try:
        yield
    except LedgerError as error:
        if not isinstance(error, (InconsistentError, ProofError, *kinds)):
            raise
        click.echo(f"Error: {error}", err=True)
        if session.debug:
            traceback.print_exception(error, file=sys.stderr)
        click.get_current_context().exit(UNVERIFIED)
