"""Files beside a note key: its one secret line, and the last checkpoint that it signed.

::

    held = Held(Path("northwick.db.log-key.last"))
    with held.alone():
        last = held.read()
        …
        held.replace(note)

A log or a witness that forgets what it signed can be made to sign a fork, so the last signed note
is on the disk before anyone gets it (c2sp.org/tlog-witness), whole or not at all, and no two
processes sign at once.
"""

from __future__ import annotations

import base64
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger import files
from ledger.errors import KeyFileError, NoteError
from ledger.log.note import MAX_NOTE_BYTES, Algorithm, NoteSigner

__all__ = ["MAKE_ONE", "Held", "new_witness_key", "read_secret", "read_witness_key", "write_secret"]

MAKE_ONE = "`school-ledger log witness new FILE --name NAME` makes one."
_PREFIX = "PRIVATE+KEY"
_SEED_BYTES = 32
_LONGEST_SECRET = 2_000
_SECONDS = 60.0
"""How long to wait for another process that signs; checking a million new entries takes less."""


class Held:
    """The last note that a key signed, in a file of its own: a signed note, to be read by people.

    Every method raises KeyFileError for a file that cannot be read, written or locked.
    """

    def __init__(self, path: Path) -> None:
        """Look after the file at a path; there need be none yet."""
        self.path = path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process in until the end; wait for one that is."""
        # SQLite locks a file on every system and waits for it, which Python's own library does
        # not; the note's file itself is replaced, so it is not what can be locked.
        lock = self.path.with_name(f"{self.path.name}.lock")
        with closing(_locked(lock)):
            yield

    def read(self) -> bytes | None:
        """Return the note that is kept, None where there is no file."""
        try:
            with files.plain(self.path) as file:
                return file.read(MAX_NOTE_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyFileError(
                f"{self.path}, which keeps what was signed last, cannot be read",
                got=error.strerror,
                todo="Nothing was signed. Make it a file that you may read.",
            ) from error

    def replace(self, note: bytes) -> None:
        """Keep a note in place of the one before; it outlives a power cut from here on."""
        try:
            files.replace(self.path, note)
        except OSError as error:
            raise KeyFileError(
                f"{self.path}, which keeps what was signed last, cannot be written",
                got=error.strerror,
                todo="Nothing was signed. Make room there, and see that you may write.",
            ) from error


def _locked(lock: Path) -> sqlite3.Connection:
    try:
        file = sqlite3.connect(lock, timeout=_SECONDS, isolation_level=None)
        try:
            file.execute("BEGIN EXCLUSIVE")
        except BaseException:
            file.close()
            raise
    except sqlite3.Error as error:
        raise KeyFileError(
            f"{lock} cannot be locked",
            got=str(error),
            todo="Nothing was signed. Is another process signing, and may you write there?",
        ) from error
    return file


def read_secret(path: Path, what: str, todo: str) -> str:
    """Return the text of a secret file, or raise KeyFileError; `what` and `todo` word it.

    Refuses, as ssh does, one that other people may read; another user's file is not judged.
    """
    content, about = files.read_key(path, what, todo, _LONGEST_SECRET)
    files.check_private(path, about, what)
    # What it holds instead may be a secret of another kind: it is never repeated.
    return content.decode("utf-8", "replace")


def write_secret(path: Path, text: str) -> None:
    """Write a new file that only its owner may read, or raise KeyFileError."""
    try:
        files.write_new(path, text.encode(), 0o600)
    except FileExistsError as error:
        raise KeyFileError(
            f"{path} is there already",
            expected="a new name",
            todo="Choose another name: a key that was overwritten cannot be restored.",
        ) from error
    except OSError as error:
        raise KeyFileError(
            f"the key file {path} cannot be written",
            got=error.strerror,
            todo="Is there such a folder, and may you write to it?",
        ) from error


def new_witness_key(path: Path, name: str, seed: bytes | None = None) -> str:
    """Make a witness's key, which only its owner may read; return its verifier key.

    The name should be an address without scheme that tells whose witness it is, such as
    `harbour.example/witness` (tlog-cosignature, "Format").
    """
    seed = secrets.token_bytes(_SEED_BYTES) if seed is None else seed
    signer = NoteSigner(name, seed, Algorithm.COSIGNATURE_V1)
    encoded = base64.b64encode(bytes([signer.algorithm]) + seed).decode()
    write_secret(path, f"{_PREFIX}+{name}+{signer.key_hash}+{encoded}\n")
    return signer.verifier


def read_witness_key(path: Path) -> NoteSigner:
    """Return the witness's key in a file; raise KeyFileError if it holds none."""
    text = read_secret(path, "witness key", MAKE_ONE)
    # Base64 has plus signs of its own, names have none.
    parts = text.strip().removeprefix(f"{_PREFIX}+").split("+", 2)
    try:
        raw = base64.b64decode(parts[2], validate=True)
        signer = NoteSigner(parts[0], raw[1:], Algorithm(raw[0]))
    except (IndexError, ValueError, NoteError) as error:
        raise _no_witness_key(path) from error
    if not text.startswith(f"{_PREFIX}+") or signer.key_hash != parts[1]:
        raise _no_witness_key(path)
    if signer.algorithm is not Algorithm.COSIGNATURE_V1:
        raise KeyFileError(
            f"{path} is a log's key, not a witness's",
            got=signer.verifier,
            todo=f"A witness has a key of its own: {MAKE_ONE}",
        )
    return signer


def _no_witness_key(path: Path) -> KeyFileError:
    return KeyFileError(
        f"{path} is not a witness's key",
        expected=f"one line {_PREFIX}+<name>+<hash>+<key>",
        todo=MAKE_ONE,
    )
