"""Signing keys: read from a file, held by ssh-agent or on a security key, or made here.

All are OpenSSH's own, in its own files, so a person may use a key that `ssh-keygen` made, and
`ssh-keygen` a key that this made::

    >>> signer = load(Path("~/.ssh/id_ed25519").expanduser(), ask=getpass)
    >>> blob = signer.sign(statement, sshsig.STATEMENT)

A private key that is a plain file is read here; one that ssh-agent or a security key holds never
leaves it: `ssh-keygen -Y sign` asks it to sign. Whatever signs, the signature is verified before
it is handed on.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import NamedTuple, Protocol, cast

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from ledger import files, sshsig
from ledger.errors import KeyFileError, SignatureError, ValueRefused
from ledger.sshsig import PublicKey

__all__ = [
    "AgentSigner",
    "FileSigner",
    "MemorySigner",
    "Signer",
    "allowed_signers_line",
    "check_possession",
    "generate",
    "in_memory",
    "load",
    "possession_message",
    "prove",
]

_BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----"
_END = "-----END OPENSSH PRIVATE KEY-----"
_MAGIC = b"openssh-key-v1\0"
_MAX_FILE = 20_000
"""No key file of an accepted type comes near; a wrong file may be of any size."""
_RAW_SIZE = 64
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_OR_A_FILE = "sign with a private key file, which needs no ssh-keygen"
_MAKE_ONE = "`school-ledger key new` makes a key."

Ask = Callable[[str], str]
"""Asks a person for a passphrase, showing a prompt."""


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
            [_ssh_keygen(_OR_A_FILE), "-Y", "sign", "-f", str(self.path), "-n", namespace],
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
            raise _about(self.path, error) from error
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
            todo="Nothing was recorded. If it happens again, make a new key: " + _MAKE_ONE,
        ) from error
    if made_by.line != public.line:
        raise KeyFileError(
            f"another key signed than the one of {path}",
            got=made_by.line,
            expected=public.line,
            todo="The .pub file belongs to another private key: `ssh-keygen -y` shows whose it is.",
        )
    return blob


def load(path: Path, ask: Ask | None = None) -> Signer:
    """Return the signer of an OpenSSH key file, asking for its passphrase if it has one.

    A `.pub` file, or one whose private half is not beside it, means ssh-agent or a security key.
    """
    public_path = path.with_name(path.name + ".pub")
    if path.suffix == ".pub":
        return AgentSigner(_read_public(path), path)
    if not _is_there(path) and _is_there(public_path):
        return AgentSigner(_read_public(public_path), public_path)
    content = _read_private(path)
    envelope = _open_envelope(content, path)
    if envelope.public.type == sshsig.SECURITY_KEY:
        return AgentSigner(envelope.public, path)
    return FileSigner(path, _unlock(content, envelope, path, ask))


def _is_there(path: Path) -> bool:
    """Whether there is such a file; one that may not be looked at is refused when it is opened."""
    try:
        path.stat()
    except OSError:
        return False
    return True


def _read_public(path: Path) -> PublicKey:
    content, _ = _read(path)
    try:
        return PublicKey.parse(content.decode().removesuffix("\n").removesuffix("\r"))
    except UnicodeDecodeError as error:
        raise KeyFileError(
            f"{path} is not a public key", got="no text", todo="Name the .pub file of a key."
        ) from error
    except SignatureError as error:
        raise _about(path, error) from error


def _read_private(path: Path) -> bytes:
    content, about = _read(path)
    # As ssh-keygen judges: what others may read is no secret. Another user's file is not judged.
    if files.others_may_read(about):
        raise KeyFileError(
            f"other people may read the private key {path}",
            got=f"permissions {stat.S_IMODE(about.st_mode):04o}",
            expected="0600",
            todo=f"Run `chmod 600 {path}`; if others could read it, make a new key instead.",
        )
    return content


def _read(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a key file, and whose it is."""
    try:
        with path.open("rb") as file:
            content, about = file.read(_MAX_FILE + 1), os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise KeyFileError(
            f"there is no key file {path}", todo=f"Check the name. {_MAKE_ONE}"
        ) from error
    except OSError as error:
        raise KeyFileError(
            f"the key file {path} cannot be read",
            got=error.strerror,
            todo="Name a file that you may read.",
        ) from error
    if len(content) > _MAX_FILE:
        raise KeyFileError(
            f"{path} is too long for a key file",
            got=f"over {_MAX_FILE} bytes",
            todo="Name the file that ssh-keygen made.",
        )
    return content, about


def _about(path: Path, error: SignatureError) -> KeyFileError:
    """Say what was said of a key, of its file."""
    return KeyFileError(
        f"{path}: {error.what}", got=error.got, expected=error.expected, todo=error.todo
    )


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
        raise KeyFileError(f"{path} does not hold one key", got=keys, expected="1", todo=_MAKE_ONE)
    try:
        return _Envelope(PublicKey.from_blob(public), cipher != b"none")
    except SignatureError as error:
        raise _about(path, error) from error


def _private_blob(content: bytes, path: Path) -> bytes:
    lines = content.decode("ascii", "replace").strip().splitlines()
    first = lines[0] if lines else ""
    if first == _BEGIN and lines[-1] == _END:
        try:
            blob = base64.b64decode("".join(lines[1:-1]), validate=True)
        except (binascii.Error, ValueError):
            blob = b""
        if blob.startswith(_MAGIC):
            return blob
        raise _damaged(path)
    # Anything but a marker may be a secret of another kind: it is not repeated.
    raise KeyFileError(
        f"{path} is not an OpenSSH private key",
        got=first if first.startswith("-----BEGIN ") else "something else",
        expected=f"a file that starts with {_BEGIN}",
        todo=_MAKE_ONE,
    )


def _damaged(path: Path) -> KeyFileError:
    return KeyFileError(
        f"the private key {path} is damaged",
        got="a file that was cut short or altered",
        todo="Restore it from a copy. " + _MAKE_ONE,
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
    return _passphrase_bytes(ask(f"Passphrase for {path}: "))


def _passphrase_bytes(passphrase: str) -> bytes:
    """Undo how Python reads a terminal, so that any bytes typed are the bytes used."""
    return passphrase.encode("utf-8", "surrogateescape")


def _wrong_passphrase(path: Path) -> KeyFileError:
    return KeyFileError(
        f"the private key {path} does not open",
        got="another passphrase, or a damaged file",
        expected="the passphrase that it was made with",
        todo=f"Try again; `ssh-keygen -y -f {path}` tells whether a passphrase is right.",
    )


def generate(path: Path, comment: str = "", passphrase: str | None = None) -> PublicKey:
    """Make an Ed25519 key: `path`, which only its owner may read, and `path.pub`.

    Without a passphrase given, `ssh-keygen` makes it and asks for one on the terminal; an empty
    one means none. A passphrase that is given is never passed to another program, whose
    arguments anyone on the machine may read: the file is then written here, in the same format.
    """
    public_path = path.with_name(path.name + ".pub")
    for taken in (path, public_path):
        if _is_there(taken):
            raise _taken(taken)
    if not comment.isprintable():
        raise KeyFileError("a key's comment is one line", got=comment, todo="Give a plain one.")
    if passphrase is None:
        _have_made(path, comment)
    else:
        _make(path, public_path, comment, passphrase)
    return _read_public(public_path)


def _taken(path: Path) -> KeyFileError:
    return KeyFileError(
        f"{path} is there already",
        expected="a new name",
        todo="Choose another name: a key that was overwritten cannot be restored.",
    )


def _have_made(path: Path, comment: str) -> None:
    done = subprocess.run(  # noqa: S603 - an argument list, no shell; the user names the file
        [
            _ssh_keygen("give a passphrase here"),
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
    return BestAvailableEncryption(_passphrase_bytes(passphrase))


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


def _ssh_keygen(otherwise: str) -> str:
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


def possession_message(origin: str, person: str, key: PublicKey) -> bytes:
    """Write what a key signs to show that who enrols it holds it (format.md, "Signature")."""
    _check_word(origin, "an origin")
    _check_word(person, "a person's reference")
    return f"school-ledger key v1\n{origin}\n{person}\n{key.line}\n".encode("ascii")


def prove(signer: Signer, origin: str, person: str) -> bytes:
    """Return the proof, a binary SSHSIG blob, that the person holds the signer's key."""
    return signer.sign(possession_message(origin, person, signer.public), sshsig.KEY)


def check_possession(blob: bytes, origin: str, person: str, key: PublicKey) -> None:
    """Refuse a key that may not be enrolled: unsound, or not shown to be held by the person."""
    sshsig.check_point(key.point)
    made_by = sshsig.verify_blob(possession_message(origin, person, key), blob, sshsig.KEY)
    if made_by.line != key.line:
        raise SignatureError(
            "another key signed the proof of possession",
            got=made_by.line,
            expected=key.line,
            todo="`school-ledger key prove` signs it with the key that is to be enrolled.",
        )


def allowed_signers_line(
    person: str,
    key: PublicKey,
    valid_after: str | None = None,
    valid_before: str | None = None,
) -> str:
    """Write a line for `ssh-keygen -Y verify -f` (ssh-keygen(1), "ALLOWED SIGNERS").

    The times are the record's, `2026-10-05T09:12:44Z`; both ends are part of the period.
    """
    _check_word(person, "a person's reference")
    options = [f'namespaces="{sshsig.STATEMENT}"']
    if valid_after is not None:
        options.append(f'valid-after="{_openssh_time(valid_after)}"')
    if valid_before is not None:
        options.append(f'valid-before="{_openssh_time(valid_before)}"')
    return f"{person} {','.join(options)} {key.line}"


def _check_word(value: str, what: str) -> None:
    """Refuse what would run into the next part of a line; the grammars are `values`' matter."""
    # Commas and wildcards have a meaning in allowed_signers, and in no reference.
    if value.isascii() and value.isprintable() and not set(value) & set(' ",*?!#') and value:
        return
    raise ValueRefused(f"{what} cannot be this", got=value, expected="one word of plain ASCII")


def _openssh_time(time: str) -> str:
    if not _TIME.fullmatch(time):
        raise ValueRefused("a time cannot be this", got=time, expected="as 2026-10-05T09:12:44Z")
    return re.sub(r"[-:T]", "", time)
