r"""Signed notes: a text and the keys that vouch for it (c2sp.org/signed-note).

A note is a text ending in a newline, an empty line, and one line per signature::

    northwick.example/support
    2
    T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=

    — northwick.example/support FqyHGclCSwyG4coN7Yw9nBSIaz8crZPmrwIG+8Lz2n…

A key goes by its verifier key, `name+hash+key`, where key is base64 of one byte for the algorithm
and the 32-byte point, and hash is the start of SHA-256 over name and key. Signatures by unknown
keys are kept but count for nothing; one bad signature by a known key spoils the whole note.

    >>> signer = NoteSigner("northwick.example/support", bytes(32))
    >>> note = sign_note(b"A text.\n", signer)
    >>> open_note(note, [signer.verifier]).text
    b'A text.\n'
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from nacl import bindings
from nacl.exceptions import BadSignatureError

from ledger.errors import NoteError

__all__ = [
    "MAX_NOTE_BYTES",
    "MAX_SIGNATURES",
    "Algorithm",
    "Note",
    "NoteSigner",
    "Signature",
    "Verifier",
    "check_name",
    "decode_base64",
    "open_note",
    "parse_verifier",
    "sign_note",
    "split_note",
    "verifier_key",
    "write_note",
]

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
"""The specification asks for a limit of at least 16; a signature may be 5 kB long."""

MAX_TIMESTAMP = 2**63 - 1

_LAYOUT = "a text, an empty line and signature lines, each ended by a newline"
_DASH = "\u2014 "
_SEED_SIZE = 32
_POINT_SIZE = 32
_SIGNATURE_SIZE = 64
_TIMESTAMP_SIZE = 8
_KEY_HASH_SIZE = 4

# L, the order of Ed25519's base point (RFC 8032 section 5.1).
_ORDER = 2**252 + 27742317777372353535851937790883648493

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")
# Spaces and plus by the specification; controls and bidirectional controls because a name is
# shown to people. A fixed list: Python's own grows with each version of Unicode.
_NOT_IN_NAMES = re.compile(
    r"[\s+\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_KEY_HASH = re.compile(r"[0-9a-f]{8}")


class Algorithm(IntEnum):
    """The signature types that this ledger reads and writes."""

    ED25519 = 0x01
    """A signature over the text: how a log signs."""

    COSIGNATURE_V1 = 0x04
    """A signature over time and text (c2sp.org/tlog-cosignature): how a witness signs."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key whose signatures count, as read from its `name+hash+key` form."""

    name: str
    key_hash: str
    algorithm: Algorithm
    point: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: `value` is what follows the key hash.

    `algorithm` is None for a key that the reader does not know; `timestamp`, in seconds since
    1970, is what a verified cosignature states.
    """

    name: str
    key_hash: str
    value: bytes
    algorithm: Algorithm | None = None
    timestamp: int | None = None

    def line(self) -> str:
        """Write the line, newline included."""
        encoded = base64.b64encode(bytes.fromhex(self.key_hash) + self.value).decode()
        return f"{_DASH}{self.name} {encoded}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note: at least one signature was verified, and none by a known key is bad."""

    text: bytes
    signatures: tuple[Signature, ...]
    unverified: tuple[Signature, ...]


class NoteSigner:
    """A key that signs notes, under its name, from a 32-byte seed."""

    def __init__(self, name: str, seed: bytes, algorithm: Algorithm = Algorithm.ED25519) -> None:
        if type(seed) is not bytes or len(seed) != _SEED_SIZE:
            # The seed is a secret: only its length may be shown.
            raise NoteError(
                "The seed of a note key has the wrong length",
                got=f"{len(seed)} bytes" if type(seed) is bytes else type(seed).__name__,
                expected=f"{_SEED_SIZE} bytes",
                todo="Point at the key file that was made for this log or witness.",
            )
        point, self._secret = bindings.crypto_sign_seed_keypair(seed)
        self.verifier = verifier_key(name, point, algorithm)
        self._key = parse_verifier(self.verifier)

    @property
    def name(self) -> str:
        """The key's name: a log's origin, or a witness's own."""
        return self._key.name

    @property
    def key_hash(self) -> str:
        """The 8 hex digits by which signature lines name the key."""
        return self._key.key_hash

    @property
    def algorithm(self) -> Algorithm:
        """Whether the key signs as a log or as a witness."""
        return self._key.algorithm

    def sign(self, text: bytes, time: int | None = None) -> Signature:
        """Sign a note's text; a cosignature needs `time`, any other signature refuses one."""
        _check_time(self.algorithm, time)
        signed = bindings.crypto_sign(_message(text, time), self._secret)
        stamp = b"" if time is None else time.to_bytes(_TIMESTAMP_SIZE, "big")
        value = stamp + signed[:_SIGNATURE_SIZE]
        return Signature(self.name, self.key_hash, value, self.algorithm, time)


def verifier_key(name: str, public_point: bytes, algorithm: Algorithm) -> str:
    """Write a verifier key as `name+hash+key` (signed-note, "Verifier keys")."""
    check_name("key name", name)
    _check_point(name, public_point)
    key = bytes([Algorithm(algorithm)]) + public_point
    return f"{name}+{_key_hash(name, key)}+{base64.b64encode(key).decode()}"


def parse_verifier(text: str) -> Verifier:
    """Read a verifier key, or raise NoteError when any part of it does not fit the others."""
    if type(text) is not str or text.count("+") < 2:  # noqa: PLR2004 - name+hash+key
        raise _bad_verifier(text, "name+hash+key")
    # Base64 has plus signs of its own, names have none.
    name, key_hash, encoded = text.split("+", 2)
    check_name("key name", name)
    if not _KEY_HASH.fullmatch(key_hash):
        raise _bad_verifier(text, "a hash of 8 lower-case hexadecimal digits")
    key = decode_base64("key", encoded)
    if len(key) != 1 + _POINT_SIZE:
        raise _bad_verifier(text, f"a key of one algorithm byte and {_POINT_SIZE} bytes")
    if key[0] not in list(Algorithm):
        raise _bad_verifier(text, "algorithm 1 (Ed25519) or 4 (cosignature/v1)")
    if _key_hash(name, key) != key_hash:
        raise _bad_verifier(text, f"the hash {_key_hash(name, key)} for this name and key")
    _check_point(name, key[1:])
    return Verifier(name, key_hash, Algorithm(key[0]), key[1:])


def sign_note(text: bytes, *signers: NoteSigner, time: int | None = None) -> bytes:
    """Sign a text with every signer; `time` goes into the cosignatures among them."""
    return write_note(
        text,
        [
            signer.sign(text, time if signer.algorithm is Algorithm.COSIGNATURE_V1 else None)
            for signer in signers
        ],
    )


def write_note(text: bytes, signatures: Sequence[Signature]) -> bytes:
    """Write text and signatures as a note, or raise NoteError when nobody could open it."""
    note = text + b"\n" + "".join(signature.line() for signature in signatures).encode()
    if split_note(note) != (text, tuple(map(_as_read, signatures))):
        raise NoteError(
            "This text cannot be signed as a note",
            got=f"{len(text)} bytes and {len(signatures)} signatures",
            expected="lines of text, the last one ended by a newline, and a signature",
            todo="End the text with one newline.",
        )
    return note


def open_note(text: bytes, verifiers: Sequence[str]) -> Note:
    """Verify a signed note by the keys in `verifiers`, or raise NoteError.

    Raises unless at least one of these keys signed, and if any of them signed badly. A key is
    known by name and hash together, so a right key under a wrong name is another key. Several
    signatures by one key count once: the first.
    """
    known = _known(verifiers)
    body, signatures = split_note(text)
    verified: dict[tuple[str, str], Signature] = {}
    unverified = []
    for signature in signatures:
        identity = (signature.name, signature.key_hash)
        if identity in known:
            verified.setdefault(identity, _verify(body, signature, known[identity]))
        else:
            unverified.append(signature)
    if not verified:
        raise NoteError(
            "No key that you trust has signed this note",
            got="signatures by " + ", ".join(f"{s.name}+{s.key_hash}" for s in signatures),
            expected=" or ".join(f"{name}+{key_hash}" for name, key_hash in known)
            or "at least one verifier key to trust",
            todo="Compare the log's key with the trust card before you trust another one.",
        )
    return Note(body, tuple(verified.values()), tuple(unverified))


def split_note(note: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    """Split a note into its text and signature lines; nothing is verified (section "Format")."""
    decoded = _decode(note)
    text, separator, lines = decoded.rpartition("\n\n")
    if not separator:
        raise _bad_note("no empty line before the signatures", _LAYOUT)
    if not lines.endswith("\n"):
        missing = "no newline at the end" if lines else "nothing after the last empty line"
        raise _bad_note(missing, _LAYOUT)
    split = lines[:-1].split("\n")
    if len(split) > MAX_SIGNATURES:
        raise _bad_note(f"{len(split)} signatures", f"at most {MAX_SIGNATURES}")
    return f"{text}\n".encode(), tuple(_parse_signature(line) for line in split)


def check_name(what: str, name: str) -> None:
    """Raise NoteError unless `name` can name a key: no spaces, plus signs or controls."""
    if type(name) is not str or not name or _NOT_IN_NAMES.search(name):
        raise NoteError(
            f"The {what} is not a name for a key",
            got=name,
            expected="at least one character, no space, plus sign or control character",
            todo="Use the name on the trust card, such as northwick.example/support.",
        )


def decode_base64(what: str, encoded: str) -> bytes:
    """Decode padded base64 that has one spelling only, or raise NoteError."""
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError:
        decoded = None
    if decoded is None or base64.b64encode(decoded).decode() != encoded:
        raise NoteError(
            f"The {what} is not canonical base64",
            got=encoded,
            expected="base64 with its padding, without spare bits (RFC 4648 section 4)",
            todo="Copy the line again, whole and unchanged.",
        )
    return decoded


def _decode(note: bytes) -> str:
    if type(note) is not bytes:
        raise _bad_note(f"a {type(note).__name__}", "bytes")
    if len(note) > MAX_NOTE_BYTES:
        raise _bad_note(f"{len(note)} bytes", f"at most {MAX_NOTE_BYTES}")
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad_note(f"byte {note[error.start]:#04x} at {error.start}", "UTF-8") from None
    if control := _CONTROLS.search(decoded):
        raise _bad_note(
            f"control character {control.group()!r} in line "
            f"{decoded.count(chr(10), 0, control.start()) + 1}",
            "no control characters but newline",
        )
    return decoded


def _parse_signature(line: str) -> Signature:
    if not line.startswith(_DASH) or line.count(" ") != 2:  # noqa: PLR2004 - dash name base64
        raise _bad_note(line, "a signature line: em dash, space, key name, space, base64")
    name, encoded = line.removeprefix(_DASH).split(" ")
    check_name("key name in a signature line", name)
    value = decode_base64(f"signature by {name}", encoded)
    if len(value) <= _KEY_HASH_SIZE:
        raise _bad_note(
            f"a signature of {len(value)} bytes by {name}", "a key hash and a signature after it"
        )
    return Signature(name, value[:_KEY_HASH_SIZE].hex(), value[_KEY_HASH_SIZE:])


def _as_read(signature: Signature) -> Signature:
    return Signature(signature.name, signature.key_hash, signature.value)


def _known(verifiers: Sequence[str]) -> dict[tuple[str, str], Verifier]:
    """Index the keys to trust, each once: a key under two names would count as two."""
    known: dict[tuple[str, str], Verifier] = {}
    by_point: dict[bytes, Verifier] = {}
    for verifier in map(parse_verifier, verifiers):
        other = by_point.setdefault(verifier.point, verifier)
        identity = (verifier.name, verifier.key_hash)
        if other != verifier or known.setdefault(identity, verifier) != verifier:
            raise NoteError(
                "Two of the keys to trust cannot be told apart",
                got=f"{verifier.name}+{verifier.key_hash} and {other.name}+{other.key_hash}",
                expected="one key under one name, for one kind of signature",
                todo="Ask each witness for a key of its own.",
            )
    return known


def _verify(text: bytes, signature: Signature, key: Verifier) -> Signature:
    """Return the signature with what it states, or raise NoteError when it does not hold."""
    stamp, raw = b"", signature.value
    if key.algorithm is Algorithm.COSIGNATURE_V1:
        stamp, raw = raw[:_TIMESTAMP_SIZE], raw[_TIMESTAMP_SIZE:]
    time = int.from_bytes(stamp, "big") if stamp else None
    in_range = time is None or time <= MAX_TIMESTAMP
    if not in_range or not _holds(key.point, _message(text, time), raw):
        raise NoteError(
            f"The signature by {key.name} does not hold: the note or the signature was changed",
            got=f"{len(signature.value)} bytes signed as {key.name}+{key.key_hash}",
            expected="a signature of exactly this text by that key",
            todo="Do not rely on this note; keep it as evidence and fetch it again.",
        )
    return Signature(signature.name, signature.key_hash, signature.value, key.algorithm, time)


def _message(text: bytes, time: int | None) -> bytes:
    """Return the bytes signed: with a time, a cosignature's (tlog-cosignature)."""
    return text if time is None else b"cosignature/v1\ntime %d\n" % time + text


def _holds(point: bytes, message: bytes, signature: bytes) -> bool:
    """Verify Ed25519 with one answer everywhere (RFC 8032 section 5.1.7, without cofactor).

    That S is below the order is checked here, as not every build of libsodium does: S + L would
    be a second signature that anyone can make. That R is canonical and of no small order it does
    check, and `_check_point` has seen to the key.
    """
    if len(signature) != _SIGNATURE_SIZE or int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    try:
        bindings.crypto_sign_open(signature + message, point)
    except BadSignatureError:
        return False
    return True


def _key_hash(name: str, key: bytes) -> str:
    return sha256(name.encode() + b"\n" + key).digest()[:_KEY_HASH_SIZE].hex()


def _check_point(name: str, point: bytes) -> None:
    """Refuse points off the curve, not canonical, of small order or outside the main group."""
    if (
        type(point) is not bytes
        or len(point) != _POINT_SIZE
        or not bindings.crypto_core_ed25519_is_valid_point(point)
    ):
        raise NoteError(
            f"The key of {name} is not an Ed25519 public key",
            got=point.hex() if type(point) is bytes else type(point).__name__,
            expected=f"{_POINT_SIZE} bytes, a canonical point of the prime-order group",
            todo="Copy the key from the trust card again; if it is the same there, do not use it.",
        )


def _check_time(algorithm: Algorithm, time: int | None) -> None:
    wanted = algorithm is Algorithm.COSIGNATURE_V1
    if (type(time) is int and 0 <= time <= MAX_TIMESTAMP) if wanted else time is None:
        return
    given = "a time out of range" if wanted else "a time"
    raise NoteError(
        "The time of a signature does not fit its kind",
        got="no time" if time is None else given,
        expected=f"seconds since 1970, 0 to {MAX_TIMESTAMP}" if wanted else "no time",
        todo="Give a time to cosignatures, and to nothing else.",
    )


def _bad_note(got: str, expected: str) -> NoteError:
    return NoteError(
        "This is not a signed note",
        got=got,
        expected=expected,
        todo="Fetch the note again and keep its bytes as they are.",
    )


def _bad_verifier(text: str, expected: str) -> NoteError:
    return NoteError(
        "This is not a verifier key",
        got=text,
        expected=expected,
        todo="Copy the whole line from the trust card, or ask the log or witness for it.",
    )
