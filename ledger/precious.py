"""What no file is ever written over: a ledger and its settings, a key, what belongs to them.

What somebody holds of a log is kept too.

By how a file begins, and by its name beside a ledger or a key, whatever is in it and whether or not
it is there: what is put in the place of a log's memory is believed to be one.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from ledger.errors import FileError

__all__ = ["SETTINGS", "TO_READ", "refuse_precious"]

SETTINGS = "school-ledger.toml"
"""The settings beside a ledger: every command would fail by what is put in their place."""

_SQLITE = b"SQLite format 3\0"
_NOTE_KEY = b"PRIVATE+KEY+"
_PRECIOUS = {
    re.compile(re.escape(_SQLITE)): "a ledger or another database",
    re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"): "a private key",
    re.compile(re.escape(_NOTE_KEY)): "a log's or a witness's key",
}
"""What nothing is ever written over, by its first bytes."""
_CHECKPOINT = re.compile(
    rb"[^\n]{1,300}\n(?:0|[1-9][0-9]{0,19})\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\n\xe2\x80\x94 "
)
"""A signed checkpoint, which only another may take the place of: it is what somebody holds."""
_BEGIN_BYTES = 2_000
TO_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe that nobody writes to would be waited for; a plain file takes no notice."""
_OF_A_DATABASE = ("-wal", "-shm", "-journal")
_OF_A_KEY = re.compile(r"\.(?:last|last\.lock|next|former(?:\.[0-9]+)?)")


def refuse_precious(path: Path, *, over_checkpoint: bool) -> None:
    """Refuse to put anything in the place of a ledger or a secret: neither comes back."""
    final = Path(os.path.realpath(path))
    what = _belongs_to(final) or _precious(final)
    if what is None and not over_checkpoint and _CHECKPOINT.match(_begin(final)):
        what = "a checkpoint"
    if what is not None:
        raise FileError(
            f"{path} is {what}, which would be lost",
            expected="another name",
            todo="Nothing was overwritten.",
        )


def _precious(path: Path) -> str | None:
    begin = _begin(path)
    return next((what for mark, what in _PRECIOUS.items() if mark.match(begin)), None)


def _belongs_to(path: Path) -> str | None:
    """Say what of a ledger or of a note key has its place there, whether or not it is there."""
    name = path.name
    if name == SETTINGS and path.exists():
        return "a ledger's settings file"
    for suffix in _OF_A_DATABASE:
        if name.endswith(suffix) and _is_database(path, name.removesuffix(suffix)):
            return "a part of the ledger's database"
    for place in (path, path.parent):
        if place.name.endswith(".views") and _is_database(place, place.name[: -len(".views")]):
            return "where the ledger's views are kept"
    base, log_key, _ = name.partition(".log-key")
    if log_key and _is_database(path, base):
        return "where the log's key is kept, and what it signed last"
    for dot in re.finditer(r"\.", name):
        key = path.with_name(name[: dot.start()]) if dot.start() else path
        if _of_a_key(name[dot.start() :]) and _begin(key).startswith(_NOTE_KEY):
            return "what a log's or a witness's key signed last"
    return None


def _of_a_key(rest: str) -> bool:
    """Tell whether a name goes on, after a key's own, as that of a file beside the key."""
    # A witness's has the origin of the log between them.
    return any(_OF_A_KEY.fullmatch(rest, dot.start()) for dot in re.finditer(r"\.", rest))


def _is_database(path: Path, name: str) -> bool:
    return bool(name) and _begin(path.with_name(name)).startswith(_SQLITE)


def _begin(path: Path) -> bytes:
    """Return how a plain file begins; nothing where there is none, or none that may be read."""
    try:
        descriptor = os.open(path, TO_READ)
    except OSError:
        return b""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return b""
    begin = os.read(descriptor, _BEGIN_BYTES)
    # Closing a file lets go of every lock that this process has on it, SQLite's too: a database
    # stays open till the end.
    if not begin.startswith(_SQLITE):
        os.close(descriptor)
    return begin
