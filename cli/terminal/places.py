"""Where a command writes to: what is asked, or said, where a file is there already.

On a terminal somebody is asked whether it may be replaced, as programs ask that save a file;
elsewhere, as in a script that runs each week, it is replaced, and that is said on stderr. `--force`
replaces it without asking. What must never be lost is not replaced at all (`ledger.precious`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import click

from cli.terminal import asking
from cli.terminal.failures import CommandError
from cli.terminal.session import Session
from ledger.files import check_place


class Kind(NamedTuple):
    """What a file is, for whoever opens it by its name; one without an ending says nothing."""

    what: str
    endings: tuple[str, ...]

    def named(self, path: Path) -> Path:
        """Return a path with the ending that says so."""
        return path.with_suffix(self.endings[0])


def claimed(name: str, *, checkpoint: bool = False, kind: Kind | None = None) -> Path:
    """Return where to write, once that is settled; before anything is done for it.

    Raises CommandError for a file that somebody would keep, and FileError for what is no place to
    write to.
    """
    path = Path(name)
    if path.is_dir() or name.endswith(("/", os.sep)):
        raise _wrong(f"{name} is a folder. Name a file in it: {path / 'NAME'}.")
    check_place(path, over_checkpoint=checkpoint)
    if kind is not None and path.suffix and path.suffix.lower() not in kind.endings:
        raise _wrong(f"{kind.what} is no {path.suffix} file. Name it {kind.named(path)}.")
    if path.is_file() and path.stat().st_size:
        _settle(path)
    return path


def _wrong(said: str) -> click.UsageError:
    return click.UsageError(said, click.get_current_context(silent=True))


def _settle(path: Path) -> None:
    """Ask whether a file may be replaced, where somebody can be asked; else note that it is."""
    ctx = click.get_current_context(silent=True)
    session = None if ctx is None else ctx.find_object(Session)
    if session is None or session.force:
        return
    if not asking.interactive():
        session.replaced.append(path)
    elif not asking.confirm(f"{path} is there already. Replace it?"):
        raise CommandError(
            f"{path} is left as it is", todo="Nothing was written. Name another file with -o."
        )
