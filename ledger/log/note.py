r"""Signed notes: a text and the keys that vouch for it (c2sp.org/signed-note).

A note is a text ending in a newline, an empty line, and one line per signature::

    northwick.example/support
    2
    T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=

    — northwick.example/support FqyHGclCSwyG4coN7Yw9nBSIaz8crZPmrwIG+8Lz2n…

A key goes by its verifier key, `name+hash+key` (`note_keys`); the layout is `note_lines`' matter.
Signatures by unknown keys are kept but count for nothing; one bad signature by a known key spoils
the whole note.

    >>> signer = NoteSigner("northwick.example/support", bytes(32))
    >>> note = sign_note(b"A text.\n", signer)
    >>> open_note(note, [signer.verifier]).text
    b'A text.\n'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nacl import bindings
from nacl.exceptions import BadSignatureError

from ledger.errors import NoteError
from ledger.log.note_keys import (
    Algorithm,
    Verifier,
    check_name,
    decode_base64,
    parse_verifier,
    verifier_key,
)
from ledger.log.note_lines import MAX_NOTE_BYTES, MAX_SIGNATURES, Signature, split_note

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

MAX_TIMESTAMP = 2**63 - 1

_SEED_SIZE = 32
_SIGNATURE_SIZE = 64
_TIMESTAMP_SIZE = 8

# L, the order of Ed25519's base point (RFC 8032 section 5.1).
_ORDER = 2**252 + 27742317777372353535851937790883648493


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
