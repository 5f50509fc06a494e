"""Making Ed25519 keys in OpenSSH's files, here or by `ssh-keygen`; none is ever overwritten."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from ledger import files
from ledger.errors import KeyFileError
from ledger.format.sshsig import PublicKey
from ledger.keys.reading import is_there, passphrase_bytes, read_public
from ledger.keys.signers import ssh_keygen

__all__ = ["generate"]


def generate(path: Path, comment: str = "", passphrase: str | None = None) -> PublicKey:
    """Make an Ed25519 key: `path`, which only its owner may read, and `path.pub`.

    Without a passphrase given, `ssh-keygen` makes it and asks for one on the terminal; an empty
    one means none. A passphrase that is given is never passed to another program, whose
    arguments anyone on the machine may read: the file is then written here, in the same format.
    """
    if path.suffix == ".pub":
        raise KeyFileError(
            f"{path} is a name for the public half of a key",
            expected="a name that does not end with .pub",
            todo="FILE.pub is made beside FILE.",
        )
    public_path = path.with_name(path.name + ".pub")
    for taken in (path, public_path):
        if is_there(taken):
            raise _taken(taken)
    if not comment.isprintable():
        raise KeyFileError("a key's comment is one line", got=comment, todo="Give a plain one.")
    if passphrase is None:
        _have_made(path, comment)
    else:
        _make(path, public_path, comment, passphrase)
    return read_public(public_path)


def _taken(path: Path) -> KeyFileError:
    return KeyFileError(
        f"{path} is there already",
        expected="a new name",
        todo="Choose another name: a key that was overwritten cannot be restored.",
    )


def _have_made(path: Path, comment: str) -> None:
    done = subprocess.run(  # noqa: S603 - an argument list, no shell; the user names the file
        [
            ssh_keygen("give a passphrase here"),
            "-q",
            "-t",
            "ed25519",
            "-C",
            comment,
            "-f",
            str(path),
        ],
        check=False,
    )
    if done.returncode:
        raise KeyFileError(
            f"ssh-keygen did not make {path}",
            got=f"exit status {done.returncode}",
            todo="Above is what it said. Is there such a folder, and may you write to it?",
        )


def _make(path: Path, public_path: Path, comment: str, passphrase: str) -> None:
    private = Ed25519PrivateKey.generate()
    public = PublicKey(private.public_key().public_bytes_raw())
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, _encryption(passphrase))
    _write(path, secret, 0o600)
    try:
        _write(public_path, f"{public.line} {comment}".rstrip().encode() + b"\n", 0o644)
    except KeyFileError:
        path.unlink(missing_ok=True)
        raise


def _encryption(passphrase: str) -> KeySerializationEncryption:
    if not passphrase:
        return NoEncryption()
    return BestAvailableEncryption(passphrase_bytes(passphrase))


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a new file that has its permissions from the start."""
    try:
        files.write_new(path, content, mode)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise KeyFileError(
            f"the key file {path} cannot be written",
            got=error.strerror,
            todo="Is there such a folder, and may you write to it?",
        ) from error
