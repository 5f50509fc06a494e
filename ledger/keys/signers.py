"""Whatever signs: a key in memory, in a file, in ssh-agent or on a security key.

`ssh-keygen` is asked to sign with a key whose secret is not read here. What it or a file's key
signed is verified before it is handed on: a faulty signature can give the secret away.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import Protocol

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from ledger.errors import KeyFileError, SignatureError
from ledger.format import sshsig
from ledger.format.sshsig import PublicKey

__all__ = [
    "MAKE_ONE",
    "AgentSigner",
    "FileSigner",
    "MemorySigner",
    "Signer",
    "in_memory",
    "of_file",
    "ssh_keygen",
]

MAKE_ONE = "`school-ledger key new` makes a key."
_RAW_SIZE = 64
_OR_A_FILE = "sign with a private key file, which needs no ssh-keygen"


class Signer(Protocol):
    """Whatever signs: a key in memory, in a file, in ssh-agent, on a security key."""

    @property
    def public(self) -> PublicKey:
        """The key that its signatures verify with."""
        ...

    def sign(self, message: bytes, namespace: str) -> bytes:
        """Return a binary SSHSIG blob."""
        ...


@dataclass(frozen=True)
class MemorySigner:
    """A key whose secret is in memory; it signs as fast as libsodium does."""

    public: PublicKey
    _secret: bytes = field(repr=False, compare=False)

    def sign(self, message: bytes, namespace: str) -> bytes:
        """Sign, without verifying what was signed."""
        raw = crypto_sign(sshsig.signed_data(message, namespace), self._secret)[:_RAW_SIZE]
        return sshsig.blob_from_raw(self.public.point, raw, namespace)


def in_memory(seed: bytes | None = None) -> MemorySigner:
    """Make a signer for tests, demonstrations and benchmarks; a seed of 32 bytes repeats a key."""
    point, secret = crypto_sign_seed_keypair(token_bytes(32) if seed is None else seed)
    return MemorySigner(PublicKey(point), secret)


@dataclass(frozen=True)
class FileSigner:
    """A key that was read from its file."""

    path: Path
    _signer: MemorySigner = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The key that its signatures verify with."""
        return self._signer.public

    def sign(self, message: bytes, namespace: str) -> bytes:
        """Sign, and verify what was signed: a faulty signature can give the secret away."""
        blob = self._signer.sign(message, namespace)
        return _verified(blob, message, namespace, self.public, self.path)


@dataclass(frozen=True)
class AgentSigner:
    """A key that ssh-agent or a security key holds; `path` is what `ssh-keygen` knows it by."""

    public: PublicKey
    path: Path

    def sign(self, message: bytes, namespace: str) -> bytes:
        """Have `ssh-keygen` sign; with a security key, until someone touches it."""
        done = subprocess.run(  # noqa: S603 - an argument list, no shell; the user names the file
            [ssh_keygen(_OR_A_FILE), "-Y", "sign", "-f", str(self.path), "-n", namespace],
            input=message,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise KeyFileError(
                f"ssh-keygen did not sign with {self.path}",
                got=_last_words(done.stderr),
                todo=self._todo(),
            )
        try:
            blob = sshsig.unarmor(done.stdout)
        except SignatureError as error:
            raise of_file(self.path, error) from error
        return _verified(blob, message, namespace, self.public, self.path)

    def _todo(self) -> str:
        if self.public.type == sshsig.SECURITY_KEY:
            return "Plug the security key in, and touch it when it blinks."
        private = self.path.with_suffix("")
        return f"Start ssh-agent and run `ssh-add` on the private key, or restore {private}."


def _verified(blob: bytes, message: bytes, namespace: str, public: PublicKey, path: Path) -> bytes:
    """Return the blob if it is a signature of the message by the key."""
    try:
        made_by = sshsig.verify_blob(message, blob, namespace)
    except SignatureError as error:
        raise KeyFileError(
            f"the signature that {path} gave does not verify",
            got=str(error),
            todo="Nothing was recorded. If it happens again, make a new key: " + MAKE_ONE,
        ) from error
    if made_by.line != public.line:
        raise KeyFileError(
            f"another key signed than the one of {path}",
            got=made_by.line,
            expected=public.line,
            todo="The .pub file belongs to another private key: `ssh-keygen -y` shows whose it is.",
        )
    return blob


def ssh_keygen(otherwise: str) -> str:
    """Return where `ssh-keygen` is; where it is not, say how to install it, or what `otherwise`."""
    found = shutil.which("ssh-keygen")
    if found is None:
        raise KeyFileError(
            "ssh-keygen is not installed",
            expected="OpenSSH 8.2 or later",
            todo=f"Install OpenSSH, or {otherwise}.",
        )
    return found


def _last_words(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").splitlines()
    said = [line.strip() for line in lines if not line.startswith("Signing data on")]
    return "; ".join(line for line in said if line) or "no reason"


def of_file(path: Path, error: SignatureError) -> KeyFileError:
    """Say what was said of a key, of its file."""
    return KeyFileError(
        f"{path}: {error.what}", got=error.got, expected=error.expected, todo=error.todo
    )
