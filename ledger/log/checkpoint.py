r"""Checkpoints: the root of a log at one size, signed and witnessed (c2sp.org/tlog-checkpoint).

The text has three lines: the log's origin, the number of entries, the root in base64. The log
signs it under its origin; witnesses who hold it to its own past cosign it under their own names
(c2sp.org/tlog-cosignature).

    >>> from ledger.log.merkle import EMPTY_ROOT
    >>> from ledger.log.note import NoteSigner
    >>> log = NoteSigner("northwick.example/support", bytes(32))
    >>> note = sign(Checkpoint(log.name, 0, EMPTY_ROOT), log)
    >>> open_checkpoint(note, log.verifier).checkpoint.size
    0
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import NoteError, ProofError
from ledger.log.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, brief, verify_consistency
from ledger.log.note import (
    Algorithm,
    NoteSigner,
    Signature,
    Verifier,
    check_name,
    decode_base64,
    open_note,
    parse_verifier,
    sign_note,
    split_note,
    write_note,
)

__all__ = [
    "Checkpoint",
    "OpenedCheckpoint",
    "advance",
    "cosign",
    "cosigned_at",
    "format_checkpoint",
    "open_checkpoint",
    "parse_checkpoint",
    "sign",
]

_LINES = 3
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LATEST = 9_999_999_999
"""In seconds since 1970: nobody cosigned anything after the year 2286."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size; one that no log can have raises NoteError."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """Refuse what could not be written, or could not be true of any tree."""
        check_name("origin of a checkpoint", self.origin)
        if type(self.size) is not int or not 0 <= self.size <= MAX_SIZE:
            raise _not_a_checkpoint(f"size {brief(self.size)}", f"a size from 0 to {MAX_SIZE}")
        if type(self.root) is not bytes or len(self.root) != HASH_SIZE:
            raise _not_a_checkpoint(f"root {brief(self.root)}", f"a root of {HASH_SIZE} bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise _not_a_checkpoint(
                f"size 0 with root {_encode(self.root)}", f"the empty tree's {_encode(EMPTY_ROOT)}"
            )

    def __str__(self) -> str:
        """Write origin, size and root on one line, as evidence for a person."""
        return f"{self.origin} {self.size} {_encode(self.root)}"


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint whose log's signature holds, and the witnesses whose cosignatures hold."""

    checkpoint: Checkpoint
    cosigners: tuple[Signature, ...]


def format_checkpoint(checkpoint: Checkpoint) -> bytes:
    """Write the text of a checkpoint, as it is signed."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{_encode(checkpoint.root)}\n".encode()


def parse_checkpoint(text: bytes, *, extensions: bool = False) -> Checkpoint:
    """Read the text of a checkpoint, or raise NoteError.

    With `extensions`, further lines are passed over: this ledger's checkpoints have none, other
    logs' may, and nobody audits them.
    """
    origin, size, root, *further = _lines(text)
    if further and (not extensions or not all(further)):
        raise _not_a_checkpoint(
            f"{len(further)} more lines, {further[0]!r} first",
            "no empty extension line" if extensions else "no extension lines",
        )
    if not _SIZE.fullmatch(size):
        raise _not_a_checkpoint(
            f"size {size!r}", f"a decimal number from 0 to {MAX_SIZE} without leading zeros"
        )
    return Checkpoint(origin, int(size), decode_base64("root of a checkpoint", root))


def sign(checkpoint: Checkpoint, signer: NoteSigner) -> bytes:
    """Sign a checkpoint as the log that it is of.

    The caller makes sure that it is consistent with all that the log has signed before.
    """
    _check_log_key(signer.verifier, checkpoint.origin)
    return sign_note(format_checkpoint(checkpoint), signer)


def open_checkpoint(
    text: bytes, log_verifier: str, witnesses: Sequence[str] = (), *, extensions: bool = False
) -> OpenedCheckpoint:
    """Verify a signed checkpoint by the log's key, and each cosignature by a known witness.

    Raises NoteError unless the log has signed, and on any bad signature by a key given. How many
    witnesses are enough is for the caller to say: each is returned once.
    """
    for witness in witnesses:
        _check_witness_key(parse_verifier(witness))
    note = open_note(text, [log_verifier, *witnesses])
    checkpoint = parse_checkpoint(note.text, extensions=extensions)
    _check_log_key(log_verifier, checkpoint.origin)
    if not any(each.algorithm is Algorithm.ED25519 for each in note.signatures):
        raise NoteError(
            "Witnesses have signed this checkpoint, but the log has not",
            got="signatures by " + ", ".join(signature.name for signature in note.signatures),
            expected=f"one by {log_verifier}",
            todo="Fetch the checkpoint from the log itself.",
        )
    return OpenedCheckpoint(
        checkpoint,
        tuple(each for each in note.signatures if each.algorithm is Algorithm.COSIGNATURE_V1),
    )


def cosign(note: bytes, witness: NoteSigner, time: int) -> bytes:
    """Add a witness's cosignature at `time`, in place of an earlier one by the same key.

    A cosignature says that the witness knows of no larger and of no other tree of this log: the
    caller has opened the checkpoint by the log's key, and `advance` has let it pass.
    """
    _check_witness_key(parse_verifier(witness.verifier))
    text, signatures = split_note(note)
    parse_checkpoint(text, extensions=True)
    own = (witness.name, witness.key_hash)
    others = [each for each in signatures if (each.name, each.key_hash) != own]
    return write_note(text, [*others, witness.sign(text, time)])


def cosigned_at(note: bytes) -> int | None:
    """Return when a checkpoint was last cosigned, in seconds since 1970; None if it never was.

    Whose the cosignatures are is not asked: that is for whoever holds the checkpoint to know.
    """
    _, signatures = split_note(note)
    # A timestamp of eight bytes, then a signature (tlog-cosignature, "Format").
    stamps = [each.value[:8] for each in signatures if len(each.value) == 8 + 64]
    times = [int.from_bytes(stamp, "big") for stamp in stamps]
    return max((time for time in times if time <= _LATEST), default=None)


def advance(held: Checkpoint | None, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Return if whoever holds `held` may hold `new` in its place: a witness's rule.

    Raises NoteError for another log or a smaller tree, ProofError for two roots of one size and
    for a tree that does not extend the one held. With nothing held, or the empty tree, everything
    extends it, and the proof is empty.
    """
    if held is None:
        _check_no_proof(proof)
        return
    _check_may_extend(held, new)
    if held.size == 0:
        _check_no_proof(proof)
        return
    try:
        verify_consistency(held.size, new.size, proof, held.root, new.root)
    except ProofError as error:
        raise ProofError(
            _evidence(
                "The newer checkpoint is not shown to extend the one held",
                held,
                new,
                f"{error} If no proof can be given, both signed notes are the evidence.",
            )
        ) from error


def _check_may_extend(held: Checkpoint, new: Checkpoint) -> None:
    """Refuse what no proof could make good: another log, a smaller tree, another root."""
    if new.origin != held.origin:
        raise NoteError(
            _evidence(
                "The checkpoint is of another log than the one held",
                held,
                new,
                "Hold each log's checkpoints apart; one says nothing of another.",
            )
        )
    if new.size < held.size:
        raise NoteError(
            _evidence(
                "The newer checkpoint is of a smaller tree than the one held",
                held,
                new,
                "If it was signed later, the log was cut: keep both signed notes as evidence.",
            )
        )
    if new.size == held.size and new.root != held.root:
        raise ProofError(
            _evidence(
                "Two roots of one size: the log was forked or rewritten",
                held,
                new,
                "Keep both signed notes: together they prove it to anyone.",
            )
        )


def _lines(text: bytes) -> list[str]:
    try:
        lines = text.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise _not_a_checkpoint(f"byte {text[error.start]:#04x}", "UTF-8") from None
    if len(lines) <= _LINES or lines.pop():
        raise _not_a_checkpoint(
            f"{len(lines)} lines", "three lines: origin, size and root, each ended by a newline"
        )
    return lines


def _check_log_key(verifier: str, origin: str) -> None:
    key = parse_verifier(verifier)
    if key.algorithm is not Algorithm.ED25519 or key.name != origin:
        raise NoteError(
            "The key is not that of the log whose checkpoint this is",
            got=f"{key.name}, algorithm {key.algorithm.value}",
            expected=f"{origin}, algorithm {Algorithm.ED25519.value} (Ed25519)",
            todo="Take the log key from the trust card of that log.",
        )


def _check_witness_key(key: Verifier) -> None:
    if key.algorithm is not Algorithm.COSIGNATURE_V1:
        raise NoteError(
            f"The key of {key.name} is not a witness's",
            got=f"algorithm {key.algorithm.value}",
            expected=f"algorithm {Algorithm.COSIGNATURE_V1.value} (cosignature/v1)",
            todo="Give each witness a key of its own, made for cosigning.",
        )


def _check_no_proof(proof: Sequence[bytes]) -> None:
    if len(proof) != 0:
        raise ProofError(
            "There is nothing to be consistent with, yet a proof was given",
            got=f"{len(proof)} hashes",
            expected="none with a first checkpoint, or after the empty tree",
            todo="Check the first root by the trust card instead.",
        )


def _evidence(what: str, held: Checkpoint, new: Checkpoint, todo: str) -> str:
    """Set both sides down whole, each on its line: an error's `got` would cut them."""
    return f"{what}:\n  held: {held}\n  new:  {new}\n{todo}"


def _encode(root: bytes) -> str:
    return base64.b64encode(root).decode()


def _not_a_checkpoint(got: str, expected: str) -> NoteError:
    return NoteError(
        "This is not a checkpoint",
        got=got,
        expected=expected,
        todo="Fetch the checkpoint again and keep its bytes as they are.",
    )
