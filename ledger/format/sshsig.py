"""SSH signatures, exactly as the record accepts them (OpenSSH PROTOCOL.sshsig, narrowed).

Everything is as `ssh-keygen -Y sign` writes it, so stock OpenSSH signs for the ledger and checks
it. Where others are lax this is strict, so that two verifiers can never differ: one version, one
hash, two key types, exact lengths, nothing before, between or after::

    >>> key = verify(b"what was signed", armored, STATEMENT)
    >>> key.fingerprint
    'SHA256:…'

Which bare Ed25519 signatures hold, `ledger.format.ed25519` says.
"""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256, sha512
from typing import NamedTuple

from ledger.errors import SignatureError
from ledger.format.ed25519 import POINT_SIZE, RAW_SIZE, SIGN_AGAIN, USE_ED25519, verify_raw

__all__ = [
    "KEY",
    "MANIFEST",
    "MAX_BLOB",
    "PLAIN",
    "SECURITY_KEY",
    "STATEMENT",
    "PublicKey",
    "Reader",
    "Signature",
    "armor",
    "blob_from_raw",
    "signed_data",
    "split",
    "unarmor",
    "verify",
    "verify_blob",
]

STATEMENT = "statement@school-ledger"
KEY = "key@school-ledger"
MANIFEST = "manifest@school-ledger"

PLAIN = "ssh-ed25519"
SECURITY_KEY = "sk-ssh-ed25519@openssh.com"

MAX_BLOB = 768
"""Bytes of a binary signature: 1,024 characters of base64, the most that an entry holds."""

_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = "sha512"
_PRESENCE_SIZE = 5
"""What a security key adds: one byte of flags, four of its counter (PROTOCOL.u2f)."""
_USER_PRESENT = 0x01
_MAX_TYPE_SHOWN = 64

_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_END = b"\n-----END SSH SIGNATURE-----"
_LINE = 70
_MAX_ARMORED = 16_384
"""Room for a signature by any type of key, so that what is wrong with it can be said."""

_FETCH_AGAIN = "It was cut short or altered: fetch it again."


def _string(value: bytes) -> bytes:
    """Write an SSH string: its length in four bytes, then itself (RFC 4251 section 5)."""
    return struct.pack(">I", len(value)) + value


def _text(value: bytes) -> str:
    """Read bytes that should be ASCII; whatever else they are, no two read the same."""
    return value.decode("latin-1")


class Reader:
    """Reads SSH's wire format off the front of some bytes; `noun` names them in errors."""

    def __init__(self, data: bytes, noun: str) -> None:
        """Start at the front."""
        self._data = data
        self._at = 0
        self._noun = noun

    def take(self, size: int, what: str) -> bytes:
        """Read `size` bytes."""
        left = len(self._data) - self._at
        if size > left:
            raise SignatureError(
                f"{self._noun} ends inside its {what}",
                got=f"{left} bytes",
                expected=f"{size}",
                todo=_FETCH_AGAIN,
            )
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, what: str) -> int:
        """Read a uint32."""
        return int.from_bytes(self.take(4, what), "big")

    def string(self, what: str) -> bytes:
        """Read a string."""
        return self.take(self.number(f"{what}'s length"), what)

    def sized(self, size: int, what: str) -> bytes:
        """Read a string that has only one right length."""
        value = self.string(what)
        if len(value) != size:
            raise SignatureError(
                f"{self._noun}'s {what} has the wrong length",
                got=f"{len(value)} bytes",
                expected=f"{size}",
                todo=_FETCH_AGAIN,
            )
        return value

    def finish(self) -> None:
        """Refuse anything left over."""
        left = len(self._data) - self._at
        if left:
            raise SignatureError(
                f"{self._noun} goes on after its end",
                got=f"{left} bytes more",
                expected="none",
                todo=_FETCH_AGAIN,
            )


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 public key, on a computer or on a security key.

    A key is its point, whatever its type (docs/reference/format.md): two values with one point are
    equal.
    """

    point: bytes
    type: str = field(default=PLAIN, compare=False)
    application: str = field(default="", compare=False)
    """What a security key calls the use it was made for, `ssh:` or `ssh:…`."""

    def __post_init__(self) -> None:
        """Refuse what is no such key; whether the point is sound, `ed25519.check_point` says."""
        if len(self.point) != POINT_SIZE:
            raise SignatureError(
                "the key's point has the wrong length",
                got=f"{len(self.point)} bytes",
                expected=f"{POINT_SIZE}",
            )
        if self.type == SECURITY_KEY:
            _check_application(self.application)
        elif self.type != PLAIN:
            raise _unknown_type(self.type)
        elif self.application:
            raise SignatureError(
                "only a security key has an application",
                got=self.application,
                expected=f"type {SECURITY_KEY}, or no application",
            )

    @classmethod
    def parse(cls, line: str) -> PublicKey:
        """Read `type base64`, as a `.pub` file has it; a comment after it is dropped."""
        kind, _, rest = line.partition(" ")
        if kind not in {PLAIN, SECURITY_KEY}:
            # What is no key type may be a secret that was pasted by mistake: it is not repeated.
            named = kind if len(kind) <= _MAX_TYPE_SHOWN else f"{len(kind)} characters"
            raise _unknown_type(named)
        if "\n" in line or "\r" in line:
            raise SignatureError(
                "a public key is one line",
                got="a line break in it",
                todo="Give the one line of the .pub file, without its end.",
            )
        key = cls.from_blob(_decoded(rest.partition(" ")[0], "the public key"))
        if key.type != kind:
            raise SignatureError(
                "the public key is not of the type that its line names",
                got=key.type,
                expected=kind,
                todo="Give the line of the .pub file as ssh-keygen wrote it.",
            )
        return key

    @classmethod
    def from_blob(cls, blob: bytes) -> PublicKey:
        """Read a key as SSH serialises it (RFC 8709 section 4, PROTOCOL.u2f)."""
        reader = Reader(blob, "the public key")
        kind = _text(reader.string("type"))
        if kind not in {PLAIN, SECURITY_KEY}:
            raise _unknown_type(kind)
        point = reader.sized(POINT_SIZE, "point")
        application = _text(reader.string("application")) if kind == SECURITY_KEY else ""
        reader.finish()
        return cls(point, kind, application)

    @cached_property
    def blob(self) -> bytes:
        """The key as SSH serialises it."""
        blob = _string(self.type.encode()) + _string(self.point)
        if self.type == PLAIN:
            return blob
        return blob + _string(self.application.encode())

    @property
    def line(self) -> str:
        """The key as a `.pub` file has it, without a comment."""
        return f"{self.type} {base64.b64encode(self.blob).decode()}"

    @cached_property
    def fingerprint(self) -> str:
        """`SHA256:…`, what `ssh-keygen -l` shows for the point as a plain key.

        A security key's own fingerprint in OpenSSH covers its type and application too; here one
        point has one name.
        """
        plain = _string(PLAIN.encode()) + _string(self.point)
        return "SHA256:" + base64.b64encode(sha256(plain).digest()).decode().rstrip("=")


def _unknown_type(got: str) -> SignatureError:
    return SignatureError(
        "the key is of a type that the record does not accept",
        got=got or "nothing",
        expected=f"{PLAIN} or {SECURITY_KEY}",
        todo=USE_ED25519,
    )


def _check_application(application: str) -> None:
    # Printable ASCII, because what is printable beyond it changes with Unicode's versions.
    if application.startswith("ssh:") and application.isascii() and application.isprintable():
        return
    raise SignatureError(
        "the security key was not made for SSH",
        got=application or "nothing",
        expected="an application that starts with ssh:, in printable ASCII",
        todo="`ssh-keygen -t ed25519-sk` makes one that is.",
    )


@lru_cache(maxsize=4096)
def _plain_key(point: bytes) -> PublicKey:
    """Give one value per point: a record has many signatures and few keys."""
    return PublicKey(point)


class _Layout(NamedTuple):
    """The bytes that are the same in every signature of one namespace."""

    head: bytes
    """Of a plain key's blob, up to the point."""
    middle: bytes
    """Of a plain key's blob, from the point to the raw signature."""
    preamble: bytes
    """Of the signed data, up to the digest."""


@lru_cache(maxsize=64)
def _layout(namespace: str) -> _Layout:
    if not (namespace and namespace.isascii() and namespace.isprintable()):
        raise SignatureError(
            "a namespace cannot be this",
            got=namespace,
            expected="a name in printable ASCII, not empty",
        )
    scope = _string(namespace.encode()) + _string(b"") + _string(_HASH.encode())
    kind = _string(PLAIN.encode())
    size = struct.pack(">I", len(kind) + 4 + POINT_SIZE)
    inner_size = struct.pack(">I", len(kind) + 4 + RAW_SIZE)
    return _Layout(
        _MAGIC + struct.pack(">I", _VERSION) + size + kind + struct.pack(">I", POINT_SIZE),
        scope + inner_size + kind + struct.pack(">I", RAW_SIZE),
        _MAGIC + scope + struct.pack(">I", sha512().digest_size),
    )


_POINT_AT = len(_layout(STATEMENT).head)


def signed_data(message: bytes, namespace: str) -> bytes:
    """Write what the key signs for a message (PROTOCOL.sshsig section 3)."""
    return _layout(namespace).preamble + sha512(message).digest()


def blob_from_raw(point: bytes, raw: bytes, namespace: str) -> bytes:
    """Write the SSHSIG blob of a plain key's raw signature of `signed_data` (section 2)."""
    layout = _layout(namespace)
    return layout.head + point + layout.middle + raw


class Signature(NamedTuple):
    """An SSHSIG blob taken apart; nothing is verified until `check`."""

    key: PublicKey
    raw: bytes
    presence: bytes
    """A security key's flags and counter; nothing for a plain key."""
    namespace: str

    def check(self, message: bytes) -> None:
        """Refuse the signature unless it holds for the message."""
        data = signed_data(message, self.namespace)
        if self.presence:  # PROTOCOL.u2f, "SSH U2F signatures"
            application = sha256(self.key.application.encode()).digest()
            data = application + self.presence + sha256(data).digest()
        verify_raw(self.key.point, self.raw, data)


def verify(message: bytes, armored: bytes, namespace: str) -> PublicKey:
    """Return the key that signed the message, from a signature as `ssh-keygen` writes it."""
    return verify_blob(message, unarmor(armored), namespace)


def verify_blob(message: bytes, blob: bytes, namespace: str) -> PublicKey:
    """Return the key that signed the message, from a binary SSHSIG blob."""
    signature = split(blob, namespace)
    signature.check(message)
    return signature.key


def split(blob: bytes, namespace: str) -> Signature:
    """Take a binary SSHSIG blob apart, strictly, without verifying it."""
    # Nearly every signature is by a plain key, whose blob is 96 bytes in a fixed frame. If the
    # frame rebuilt around them gives the same blob, there is nothing else to check.
    point = blob[_POINT_AT : _POINT_AT + POINT_SIZE]
    raw = blob[-RAW_SIZE:]
    if blob == blob_from_raw(point, raw, namespace):
        return Signature(_plain_key(point), raw, b"", namespace)
    return _read(blob, namespace)


def _read(blob: bytes, namespace: str) -> Signature:
    """Take any blob apart field by field, and say what is wrong with it (section 2)."""
    reader = Reader(blob, "the signature")
    _read_preamble(reader)
    key = PublicKey.from_blob(reader.string("public key"))
    # Only now: a longer signature is by another type of key, and that is what helps to know.
    if len(blob) > MAX_BLOB:
        raise SignatureError(
            "the signature is too long",
            got=f"{len(blob)} bytes",
            expected=f"at most {MAX_BLOB}",
            todo="Make the security key's key with a shorter application.",
        )
    _read_scope(reader, namespace)
    inner = Reader(reader.string("signature field"), "the signature field")
    reader.finish()
    raw, presence = _read_inner(inner, key.type)
    return Signature(key, raw, presence, namespace)


def _read_preamble(reader: Reader) -> None:
    magic = reader.take(len(_MAGIC), "first bytes")
    if magic != _MAGIC:
        raise SignatureError(
            "this is not an SSH signature",
            got=_text(magic),
            expected=f"{_MAGIC.decode()} as its first bytes",
            todo="`ssh-keygen -Y sign` makes one.",
        )
    version = reader.number("version")
    if version != _VERSION:
        raise SignatureError(
            "the signature is of an unknown version",
            got=version,
            expected=f"{_VERSION}",
            todo="Sign with `ssh-keygen -Y sign` of a present OpenSSH.",
        )


def _read_scope(reader: Reader, namespace: str) -> None:
    found = reader.string("namespace")
    if found != namespace.encode():
        raise SignatureError(
            "the signature was made for another purpose",
            got=f"namespace {_text(found)!r}",
            expected=repr(namespace),
            todo=f"Sign with `ssh-keygen -Y sign -n {namespace}`.",
        )
    reserved = reader.string("reserved field")
    if reserved:
        raise SignatureError(
            "the signature's reserved field is not empty", got=reserved, todo=SIGN_AGAIN
        )
    hashed = _text(reader.string("hash algorithm"))
    if hashed != _HASH:
        raise SignatureError(
            "the signature hashes the message in a way that the record does not accept",
            got=hashed or "nothing",
            expected=_HASH,
            todo=f"Sign with `ssh-keygen -Y sign -O hashalg={_HASH}`.",
        )


def _read_inner(inner: Reader, kind: str) -> tuple[bytes, bytes]:
    """Read the raw signature, and what a security key says of the person's presence."""
    found = _text(inner.string("type"))
    if found != kind:
        raise SignatureError(
            "the signature is not of its key's type", got=found, expected=kind, todo=SIGN_AGAIN
        )
    raw = inner.sized(RAW_SIZE, "Ed25519 signature")
    presence = inner.take(_PRESENCE_SIZE, "flags and counter") if kind == SECURITY_KEY else b""
    inner.finish()
    if presence and not presence[0] & _USER_PRESENT:
        raise SignatureError(
            "the security key signed without anyone touching it",
            got=f"flags 0x{presence[0]:02x}",
            expected="the user presence flag, 0x01",
            todo="Use a key made without `-O no-touch-required`, and touch it when it blinks.",
        )
    return raw, presence


def armor(blob: bytes) -> bytes:
    """Write a blob as `ssh-keygen` does: base64 in lines of 70 between two markers (section 1)."""
    body = base64.b64encode(blob)
    lines = [body[start : start + _LINE] for start in range(0, len(body), _LINE)]
    return _BEGIN + b"\n".join(lines) + _END + b"\n"


def unarmor(armored: bytes) -> bytes:
    """Read the blob of a signature as `ssh-keygen` writes it; only the last newline may lack."""
    whole = armored.removesuffix(b"\n")
    if len(whole) > _MAX_ARMORED:
        raise _bad_armor(f"{len(armored)} bytes", f"at most {_MAX_ARMORED}")
    if b"\r" in whole:
        raise _bad_armor("carriage returns", "lines ended by a newline alone")
    if not whole.startswith(_BEGIN):
        raise _bad_armor(_text(whole[: len(_BEGIN)]), f"{_BEGIN.decode().strip()} as first line")
    if not whole.endswith(_END):
        raise _bad_armor(_text(whole[-len(_END) :]), f"{_END.decode().strip()} as last line")
    body = whole[len(_BEGIN) : -len(_END)]
    blob = _decoded(_text(body.replace(b"\n", b"")), "the signature")
    if armor(blob) != whole + b"\n":
        raise _bad_armor("lines of other lengths", f"lines of {_LINE} characters, the last shorter")
    return blob


def _bad_armor(got: str, expected: str) -> SignatureError:
    return SignatureError(
        "the signature file is not as ssh-keygen writes it",
        got=got or "nothing",
        expected=expected,
        todo="Send the .sig file itself, not a copy of its text.",
    )


def _decoded(text: str, noun: str) -> bytes:
    """Read canonical, padded base64 (RFC 4648 section 4): exactly what encoding gives back."""
    try:
        value = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        value = b""
    if not value or base64.b64encode(value).decode() != text:
        raise SignatureError(
            f"{noun} is not in canonical base64",
            got=f"{len(text)} characters",
            expected="base64 with its padding and nothing else",
            todo=_FETCH_AGAIN,
        )
    return value
