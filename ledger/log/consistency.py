r"""A checkpoint and the proof that it extends an older one (c2sp.org/tlog-witness).

What a log sends a witness, and what anyone who holds an older checkpoint asks of the log: the
older size, the hashes, an empty line, the newer checkpoint::

    old 172
    0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=
    …

    northwick.example/support
    175
    …
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import NoteError, ProofError
from ledger.log.merkle import MAX_SIZE, check_hashes, check_number
from ledger.log.note import MAX_NOTE_BYTES, decode_base64

__all__ = ["Extension", "format_extension", "is_extension", "parse_extension"]

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_MAX_HASHES = 63
"""The specification's limit, section "add-checkpoint"."""
_MAX_BYTES = 2 * MAX_NOTE_BYTES


@dataclass(frozen=True, slots=True)
class Extension:
    """The older size, the hashes from it, and the newer checkpoint as a signed note."""

    old: int
    hashes: tuple[bytes, ...]
    note: bytes


def format_extension(old: int, hashes: Sequence[bytes], note: bytes) -> bytes:
    """Write an extension, or raise ProofError for parts that no file can hold."""
    check_number("The older size", old, 0, MAX_SIZE)
    check_hashes("hashes in the proof", hashes)
    lines = [f"old {old}", *(base64.b64encode(node).decode() for node in hashes), ""]
    written = "".join(f"{line}\n" for line in lines).encode() + note
    # What is written can be read, with the same limits.
    parse_extension(written)
    return written


def is_extension(data: bytes) -> bool:
    """Tell an extension from a bare checkpoint, whose origin has no space in it."""
    return data.startswith(b"old ")


def parse_extension(data: bytes) -> Extension:
    """Read an extension, or raise ProofError; nothing is verified, nor is the note opened."""
    if len(data) > _MAX_BYTES:
        raise _not_an_extension(f"{len(data)} bytes", f"at most {_MAX_BYTES}")
    head, separator, note = data.partition(b"\n\n")
    if not separator or not note or not head.isascii():
        raise _not_an_extension(
            "no empty line with a checkpoint after it",
            "lines of ASCII, an empty line and a signed checkpoint",
        )
    first, *lines = head.decode("ascii").split("\n")
    old = _OLD.fullmatch(first)
    if old is None:
        raise _not_an_extension(f"{first!r:.60}", "a first line 'old N' without leading zeros")
    check_number("The older size", int(old[1]), 0, MAX_SIZE)
    if len(lines) > _MAX_HASHES:
        raise _not_an_extension(f"{len(lines)} hashes", f"at most {_MAX_HASHES}")
    hashes = tuple(_decode(line) for line in lines)
    check_hashes("hashes in the proof", hashes)
    return Extension(int(old[1]), hashes, note)


def _decode(line: str) -> bytes:
    try:
        return decode_base64("hash in the proof", line)
    except NoteError as error:
        raise ProofError(
            error.what, got=error.got, expected=error.expected, todo=error.todo
        ) from error


def _not_an_extension(got: str, expected: str) -> ProofError:
    return ProofError(
        "This is not a checkpoint with its consistency proof",
        got=got,
        expected=expected,
        todo="Ask the log for it: `school-ledger log checkpoint --since SIZE` writes one.",
    )
