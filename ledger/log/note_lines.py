"""The layout of signed notes: a text, an empty line, and signature lines (signed-note, "Format").

Nothing is verified here. What is no note in exactly this form is refused, never repaired.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from ledger.errors import NoteError
from ledger.log.note_keys import KEY_HASH_SIZE, Algorithm, check_name, decode_base64

__all__ = ["MAX_NOTE_BYTES", "MAX_SIGNATURES", "Signature", "split_note"]

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
"""The specification asks for a limit of at least 16; a signature may be 5 kB long."""

_LAYOUT = "a text, an empty line and signature lines, each ended by a newline"
_DASH = "\u2014 "
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")


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
    if len(value) <= KEY_HASH_SIZE:
        raise _bad_note(
            f"a signature of {len(value)} bytes by {name}", "a key hash and a signature after it"
        )
    return Signature(name, value[:KEY_HASH_SIZE].hex(), value[KEY_HASH_SIZE:])


def _bad_note(got: str, expected: str) -> NoteError:
    return NoteError(
        "This is not a signed note",
        got=got,
        expected=expected,
        todo="Fetch the note again and keep its bytes as they are.",
    )
