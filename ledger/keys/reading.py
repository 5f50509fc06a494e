"""Reading OpenSSH's key files: the public half first, the secret only where it is a plain file's.

A private key file says in clear what key it holds (PROTOCOL.key section 1), so a key of another
type is refused, and one on a security key is left to it, before anybody is asked for a passphrase.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, cast

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from ledger import files
from ledger.errors import KeyFileError, SignatureError
from ledger.format import sshsig
from ledger.format.sshsig import PublicKey
from ledger.keys.signers import (
    MAKE_ONE,
    AgentSigner,
    FileSigner,
    MemorySigner,
    Signer,
    in_memory,
    of_file,
)

__all__ = ["Ask", "is_there", "load", "passphrase_bytes", "read_public"]

_BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----"
_END = "-----END OPENSSH PRIVATE KEY-----"
_MAGIC = b"openssh-key-v1\0"
_MAX_FILE = 20_000
"""No key file of an accepted type comes near; a wrong file may be of any size."""

Ask = Callable[[str], str]
"""Asks a person for a passphrase, showing a prompt."""


def load(path: Path, ask: Ask | None = None) -> Signer:
    """Return the signer of an OpenSSH key file, asking for its passphrase if it has one.

    A `.pub` file, or one whose private half is not beside it, means ssh-agent or a security key.
    """
    public_path = path.with_name(path.name + ".pub")
    if path.suffix == ".pub":
        return AgentSigner(read_public(path), path)
    if not is_there(path) and is_there(public_path):
        return AgentSigner(read_public(public_path), public_path)
    content, about = _read(path)
    envelope = _open_envelope(content, path)
    files.check_private(path, about, "private key")
    if envelope.public.type == sshsig.SECURITY_KEY:
        return AgentSigner(envelope.public, path)
    return FileSigner(path, _unlock(content, envelope, path, ask))


def is_there(path: Path) -> bool:
    """Whether there is such a file; one that may not be looked at is refused when it is opened."""
    try:
        path.stat()
    except OSError:
        return False
    return True


def read_public(path: Path) -> PublicKey:
    """Return the key of a .pub file, or raise KeyFileError."""
    content, _ = _read(path)
    try:
        return PublicKey.parse(content.decode().removesuffix("\n").removesuffix("\r"))
    except UnicodeDecodeError as error:
        raise KeyFileError(
            f"{path} is not a public key", got="no text", todo="Name the .pub file of a key."
        ) from error
    except SignatureError as error:
        raise of_file(path, error) from error


def _read(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a key file, and whose it is."""
    content, about = files.read_key(path, "key file", f"Check the name. {MAKE_ONE}", _MAX_FILE + 1)
    if len(content) > _MAX_FILE:
        raise KeyFileError(
            f"{path} is too long for a key file",
            got=f"over {_MAX_FILE} bytes",
            todo="Name the file that ssh-keygen made.",
        )
    return content, about


class _Envelope(NamedTuple):
    """What a private key file says without its passphrase."""

    public: PublicKey
    encrypted: bool


def _open_envelope(content: bytes, path: Path) -> _Envelope:
    """Read the clear part of a private key file (PROTOCOL.key section 1)."""
    reader = sshsig.Reader(_private_blob(content, path), "the private key file")
    try:
        reader.take(len(_MAGIC), "first bytes")
        cipher = reader.string("cipher")
        reader.string("key derivation")
        reader.string("key derivation's options")
        keys = reader.number("number of keys")
        public = reader.string("public key")
    except SignatureError as error:
        raise _damaged(path) from error
    if keys != 1:
        raise KeyFileError(f"{path} does not hold one key", got=keys, expected="1", todo=MAKE_ONE)
    try:
        return _Envelope(PublicKey.from_blob(public), cipher != b"none")
    except SignatureError as error:
        raise of_file(path, error) from error


def _private_blob(content: bytes, path: Path) -> bytes:
    lines = content.decode("ascii", "replace").strip().splitlines()
    first = lines[0] if lines else ""
    if first == _BEGIN:
        try:
            blob = base64.b64decode("".join(lines[1:-1]), validate=True)
        except (binascii.Error, ValueError):
            blob = b""
        if lines[-1] == _END and blob.startswith(_MAGIC):
            return blob
        raise _damaged(path)
    # Anything but a marker may be a secret of another kind: it is not repeated.
    raise KeyFileError(
        f"{path} is not an OpenSSH private key",
        got=first if first.startswith("-----BEGIN ") else "something else",
        expected=f"a file that starts with {_BEGIN}",
        todo=MAKE_ONE,
    )


def _damaged(path: Path) -> KeyFileError:
    return KeyFileError(
        f"the private key {path} is damaged",
        got="a file that was cut short or altered",
        todo="Restore it from a copy. " + MAKE_ONE,
    )


def _unlock(content: bytes, envelope: _Envelope, path: Path, ask: Ask | None) -> MemorySigner:
    """Read the secret of a private key file."""
    passphrase = _ask_passphrase(path, ask) if envelope.encrypted else None
    try:
        private = load_ssh_private_key(content, passphrase)
    except UnsupportedAlgorithm as error:
        raise KeyFileError(
            f"{path} is encrypted in a way that cannot be read here",
            got=str(error),
            todo=f"Run `ssh-add {path}` and name {path}.pub, which signs through ssh-agent.",
        ) from error
    except (ValueError, TypeError, InvalidTag) as error:
        raise (_wrong_passphrase(path) if envelope.encrypted else _damaged(path)) from error
    # The loader refuses a secret of another type than the public half, which was read above.
    signer = in_memory(cast("Ed25519PrivateKey", private).private_bytes_raw())
    # It does not derive one half from the other; signing with a false one gives the secret away.
    if signer.public != envelope.public:
        raise _damaged(path)
    return signer


def _ask_passphrase(path: Path, ask: Ask | None) -> bytes:
    if ask is None:
        raise KeyFileError(
            f"the private key {path} needs its passphrase",
            got="nobody to ask",
            todo=f"Run this on a terminal, or run `ssh-add {path}` first and name {path}.pub.",
        )
    return passphrase_bytes(ask(f"Passphrase for {path}: "))


def passphrase_bytes(passphrase: str) -> bytes:
    """Undo how Python reads a terminal, so that any bytes typed are the bytes used."""
    return passphrase.encode("utf-8", "surrogateescape")


def _wrong_passphrase(path: Path) -> KeyFileError:
    return KeyFileError(
        f"the private key {path} does not open",
        got="another passphrase, or a damaged file",
        expected="the passphrase that it was made with",
        todo=f"Try again; `ssh-keygen -y -f {path}` tells whether a passphrase is right.",
    )
