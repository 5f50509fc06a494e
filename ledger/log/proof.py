r"""Proofs that an entry is in the log, in one file to keep (c2sp.org/tlog-proof).

The file holds the entry's index, the hashes up to the root, and the signed checkpoint with that
root; with the entry and the log's key it can be checked for ever, offline::

    c2sp.org/tlog-proof@v1
    index 1
    0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=

    northwick.example/support
    2
    …
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ledger.errors import NoteError, ProofError
from ledger.log.checkpoint import OpenedCheckpoint, open_checkpoint
from ledger.log.merkle import MAX_SIZE, check_hashes, check_number, leaf_hash, verify_inclusion
from ledger.log.note import MAX_NOTE_BYTES, decode_base64

__all__ = ["TlogProof", "format_proof", "parse_proof", "verify_proof"]

_HEADER = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MAX_HASHES = MAX_SIZE.bit_length()
_MAX_BYTES = 2 * MAX_NOTE_BYTES


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The proof's parts; `extra` is unauthenticated, and None where the file has none."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def format_proof(proof: TlogProof) -> bytes:
    """Write a proof, or raise ProofError for parts that no file can hold."""
    check_number("The index in the proof", proof.index, 0, MAX_SIZE - 1)
    check_hashes("hashes in the proof", proof.hashes)
    lines = [_HEADER]
    if proof.extra is not None:
        lines.append(_EXTRA + base64.b64encode(proof.extra).decode())
    lines.append(f"index {proof.index}")
    lines.extend(map(_line, proof.hashes))
    written = "".join(f"{line}\n" for line in lines).encode() + b"\n" + proof.checkpoint
    # What is written can be read.
    _check_limits(len(written), len(proof.hashes))
    if proof.extra == b"" or not proof.checkpoint:
        raise _not_a_proof("an empty part", "extra data and a checkpoint that say something")
    return written


@lru_cache(maxsize=1 << 12)
def _line(node: bytes) -> str:
    """Return a hash as it is written; proofs that are made one after another share most."""
    return base64.b64encode(node).decode()


def parse_proof(proof: bytes) -> TlogProof:
    """Read a proof, or raise ProofError; nothing is verified, nor is the checkpoint opened."""
    if type(proof) is not bytes:
        raise _not_a_proof(f"a {type(proof).__name__}", f"at most {_MAX_BYTES} bytes")
    _check_limits(len(proof), 0)
    head, separator, checkpoint = proof.partition(b"\n\n")
    if not separator or not checkpoint or not head.isascii():
        raise _not_a_proof(
            "no empty line with a checkpoint after it",
            "lines of ASCII, an empty line and a signed checkpoint",
        )
    header, *lines = head.decode("ascii").split("\n")
    if header != _HEADER:
        raise _not_a_proof(f"first line {header!r:.60}", repr(_HEADER))
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = _decode("extra data", lines.pop(0).removeprefix(_EXTRA))
    if not lines or not (index := _INDEX.fullmatch(lines[0])):
        raise _not_a_proof(
            f"{lines[0]!r:.60}" if lines else "no index", "a line 'index N' without leading zeros"
        )
    _check_limits(len(proof), len(lines) - 1)
    hashes = tuple(_decode("hash", line) for line in lines[1:])
    check_number("The index in the proof", int(index[1]), 0, MAX_SIZE - 1)
    check_hashes("hashes in the proof", hashes)
    return TlogProof(int(index[1]), hashes, checkpoint, extra)


def verify_proof(
    proof: TlogProof, entry: bytes, log_verifier: str, witnesses: Sequence[str] = ()
) -> OpenedCheckpoint:
    """Verify that `entry` is in the log, and return the checkpoint that says so.

    Raises NoteError when the checkpoint does not open by these keys (`open_checkpoint`), and
    ProofError when the entry is not at that index under its root. The extra data proves nothing.
    """
    opened = open_checkpoint(proof.checkpoint, log_verifier, witnesses)
    checkpoint = opened.checkpoint
    verify_inclusion(proof.index, checkpoint.size, leaf_hash(entry), proof.hashes, checkpoint.root)
    return opened


def _check_limits(size: int, hashes: int) -> None:
    if size > _MAX_BYTES:
        raise _not_a_proof(f"{size} bytes", f"at most {_MAX_BYTES} bytes")
    if hashes > _MAX_HASHES:
        raise _not_a_proof(f"{hashes} hashes", f"at most {_MAX_HASHES}")


def _decode(what: str, line: str) -> bytes:
    try:
        decoded = decode_base64(f"{what} in the proof", line)
    except NoteError as error:
        raise ProofError(
            error.what, got=error.got, expected=error.expected, todo=error.todo
        ) from error
    if not decoded:
        raise _not_a_proof(f"an empty line of {what}", "base64")
    return decoded


def _not_a_proof(got: str, expected: str) -> ProofError:
    return ProofError(
        "This is not a proof in the tlog-proof format",
        got=got,
        expected=expected,
        todo="Ask for the proof again and keep its bytes as they are.",
    )
