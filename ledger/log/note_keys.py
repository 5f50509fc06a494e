"""The keys of signed notes, as `name+hash+key` (c2sp.org/signed-note, "Verifier keys").

Key is base64 of one byte for the algorithm and the 32-byte point, and hash is the start of SHA-256
over name and key: a right key under a wrong name is another key.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from nacl import bindings

from ledger.errors import NoteError

__all__ = [
    "KEY_HASH_SIZE",
    "Algorithm",
    "Verifier",
    "check_name",
    "decode_base64",
    "parse_verifier",
    "verifier_key",
]

KEY_HASH_SIZE = 4
_POINT_SIZE = 32

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


def _key_hash(name: str, key: bytes) -> str:
    return sha256(name.encode() + b"\n" + key).digest()[:KEY_HASH_SIZE].hex()


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


def _bad_verifier(text: str, expected: str) -> NoteError:
    return NoteError(
        "This is not a verifier key",
        got=text,
        expected=expected,
        todo="Copy the whole line from the trust card, or ask the log or witness for it.",
    )
