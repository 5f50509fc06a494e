"""What a user reads when something goes wrong, and the exit code that scripts read."""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import click

from cli.terminal.lazy import ReaderGoneError
from ledger.errors import BundleError, LedgerError, NoteError, PackError, UnverifiedError
from ledger.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_EXTRA = re.compile(r"unexpected extra argument \((.+)\)$")

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))

REFUSED: Final = 1
USAGE: Final = 2
UNVERIFIED: Final = 3
FOUND: Final = 4
INTERRUPTED: Final = 130
READER_GONE: Final = 141
"""As the shell says of a program that ends because nobody reads what it writes (SIGPIPE)."""


class CommandError(LedgerError):
    """The command line cannot do what it was asked to, whatever the record says."""


class StoppedHalfwayError(CommandError):
    """Somebody pressed Ctrl-C after a part was done, which stays done."""


@contextmanager
def naming(path: object) -> Iterator[None]:
    """Let what is wrong with a file say of which file it is; None names none."""
    try:
        yield
    except (BundleError, PackError, NoteError) as error:
        name = str(path)
        if path is not None and name not in str(error):
            error.put(lambda what: f"{name}: {what}")
        raise


def report(error: BaseException, *, debug: bool, done: str | None = None) -> int:
    """Say on stderr what went wrong, and return the exit code.

    `done` says what was recorded before: then the command did what it was asked to, whatever
    failed since, and nobody must be led to do it again.
    """
    if done is not None:
        return _after(error, done, debug=debug)
    if _of_reader(error):
        return _nobody_reads()
    code = _said(error)
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    return code


def _after(error: BaseException, done: str, *, debug: bool) -> int:
    """Say what was done, and what failed afterwards, as far as anything can be said at all."""
    if _of_reader(error):
        _nobody_reads()
        with suppress(OSError, ValueError):
            say(f"{done} Nobody read the rest of what it printed.")
        return 0
    with suppress(OSError, ValueError):
        say(f"{done} Only what follows from it could not be told:")
        if isinstance(error, Exception):
            _said(error)
        if debug:
            traceback.print_exception(error, file=sys.stderr)
    return 0


def _said(error: BaseException) -> int:
    if isinstance(error, click.UsageError):
        _usage(error)
        return USAGE
    if isinstance(error, click.Abort):
        return _stopped(error)
    if isinstance(error, StoppedHalfwayError):
        say(f"Stopped: {error}")
        return INTERRUPTED
    if isinstance(error, LedgerError):
        say(f"Error: {error}")
        return UNVERIFIED if isinstance(error, UnverifiedError) else REFUSED
    if isinstance(error, UnicodeEncodeError):
        say("Error: something that was typed is not text in UTF-8. Check the terminal's encoding.")
    elif isinstance(error, click.ClickException):
        say(f"Error: {error.format_message()}")
    elif isinstance(error, OSError):
        say(f"Error: {_of_system(error)}")
    else:
        say(
            f"Error: internal error: {type(error).__name__}: {error}; nothing that was said to be"
            " recorded is lost. Please report it; --debug shows more."
        )
    return REFUSED


def _of_system(error: OSError) -> str:
    """Say what the system refused; of a file that is not known, where it may have been."""
    why = error.strerror or error
    if error.filename is None and error.errno in _FULL:
        return (
            f"what was to be written has no room: {why}. Make room where it goes, and in the folder"
            " for temporary files (TMPDIR)."
        )
    return f"{error.filename or 'what was to be written'}: {why}."


def say(text: str) -> None:
    """Say something on stderr; what it repeats of files and arguments cannot steer a terminal."""
    from cli.terminal.screen import shown  # noqa: PLC0415 - only when something failed

    click.echo(shown(text), err=True)


def _usage(error: click.UsageError) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.format_message())
        return
    ctx = error.ctx
    message = _unknown(error) if isinstance(error, click.NoSuchOption) else error.format_message()
    # click lists choices one a line, each behind a tab.
    message = " ".join(message.split())
    say(f"Error: {message[:1].lower()}{message[1:]}")
    if ctx is None:
        return
    extra = _EXTRA.search(message)
    if extra and any("--about" in param.opts for param in ctx.command.get_params(ctx)):
        say(f"To ask about one party: `{ctx.command_path} --about {extra[1]}`.")
    examples: Sequence[str] = getattr(ctx.command, "examples", ())
    if examples:
        say(f"Example: {examples[0]}")
    say(f"`{ctx.command_path} --help` explains it.")


def _unknown(error: click.NoSuchOption) -> str:
    """Suggest the options nearest to one that there is not; releases of click do so differently."""
    params = error.ctx.command.get_params(error.ctx) if error.ctx else []
    names = [name for param in params for name in (*param.opts, *param.secondary_opts)]
    return f"no option {error.option_name}. {did_you_mean(error.option_name, names)}".rstrip()


def _stopped(error: click.Abort) -> int:
    # click turns both Ctrl-C and the end of input into Abort; what it came from tells which.
    interrupted = isinstance(error.__cause__ or error.__context__, KeyboardInterrupt)
    say("Stopped." if interrupted else "Error: stopped: an answer was needed, and none came.")
    return INTERRUPTED if interrupted else REFUSED


def _of_reader(error: BaseException) -> bool:
    """Whether whoever read stdout went away."""
    return isinstance(error, (ReaderGoneError, BrokenPipeError))


def _nobody_reads() -> int:
    """Whoever read stdout went away, as `head` does: there is nobody to complain to."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return READER_GONE
