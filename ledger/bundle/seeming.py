"""What a file seems to be that is neither a bundle nor a pack, by how it begins: for a message.

Whoever gave the wrong file to be verified is told which one it was, and what is done with it.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import NamedTuple, TypeVar

from ledger.errors import LedgerError
from ledger.files import plain
from ledger.texts import PRIVATE_KEY, is_utf_16

__all__ = ["neither"]

E = TypeVar("E", bound=LedgerError)

_BEGIN_BYTES = 2_000
_AGAIN = "Fetch it again, whole."


class _Seeming(NamedTuple):
    """What a file seems to be, and what to do with it."""

    what: str
    todo: str


_BEGINNINGS = (
    (
        rb"\Z",
        "an empty file",
        f"It did not arrive. {_AGAIN}",
    ),
    (
        rb"SQLite format 3\0",
        "a database, as a ledger is",
        "To verify a ledger: `school-ledger --ledger {path} verify`.",
    ),
    (
        rb"PK\x03\x04",
        "the beginning of a zip archive that was cut short",
        f"{_AGAIN} Compare its SHA-256 with that of whoever sent it.",
    ),
    (
        rb"[^\n]{1,300}\r?\n(?:0|[1-9][0-9]{0,19})\r?\n[A-Za-z0-9+/]{43}=\r?\n",
        "a checkpoint",
        "To hold a record against it: `school-ledger verify BUNDLE --checkpoint {path}`.",
    ),
    (
        rb"(?:.*\n)?[ \t]*origin[ \t]+[^\n]+\n[ \t]*log key[ \t]",
        "a trust card",
        "To hold a record against it: `school-ledger verify BUNDLE --trust {path}`.",
    ),
    (
        rb"c2sp\.org/tlog-proof@",
        "the proof of one entry",
        "To verify an entry by it: `school-ledger log verify --help`.",
    ),
    (
        rb'\{"recorded_at":',
        "exported entries",
        "To make a ledger of them: `school-ledger --ledger NEW load {path}`.",
    ),
    (
        rb"(?i:\s*<(?:!doctype html|html))",
        "a web page",
        "Sign in at the website that it is fetched from, and fetch it again.",
    ),
    (
        PRIVATE_KEY,
        "a private key",
        "Give it to nobody.",
    ),
)
_UTF_16 = _Seeming(
    "text in UTF-16, as PowerShell's `>` writes files",
    "Name the .zip file that you were sent; what a command writes, let it write with -o FILE.",
)
_TEXT = _Seeming("text", "Name the .zip file that you were sent.")
_FOLDER = _Seeming(
    "a folder", "Name the .zip file; of a pack, the folder that it was unpacked into will do, too."
)
_OTHER = _Seeming("something else", _TEXT.todo)


def neither(path: Path, kind: type[E]) -> E:
    """Return the error, of a kind, that a file is neither a bundle nor a pack but what it seems."""
    seeming = _FOLDER if path.is_dir() else _of_zip(path) or _by_beginning(path)
    return kind(
        f"{path} is neither a bundle nor a pack",
        got=seeming.what,
        expected="what `school-ledger export bundle` or `export pack` wrote",
        todo=seeming.todo.format(path=path),
    )


def _of_zip(path: Path) -> _Seeming | None:
    """Say what a zip archive of other files holds; None where it is no zip archive."""
    try:
        with plain(path) as file, zipfile.ZipFile(file) as zipped:
            names = zipped.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError):
        return None
    if not names:
        return _Seeming("a zip archive with nothing in it", _AGAIN)
    return _Seeming(f"a zip archive of other files, as {names[0]}", _TEXT.todo)


def _by_beginning(path: Path) -> _Seeming:
    with plain(path) as file:
        begin = file.read(_BEGIN_BYTES)
    for mark, what, todo in _BEGINNINGS:
        if re.match(mark, begin):
            return _Seeming(what, todo)
    if is_utf_16(begin):
        return _UTF_16
    try:
        begin.decode()
    except UnicodeDecodeError as error:
        return _OTHER if error.end < len(begin) else _TEXT
    return _OTHER if b"\0" in begin else _TEXT
