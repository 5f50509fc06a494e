"""A note is read in one layout only, and what has another is told why."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NoteError
from ledger.log.note import (
    Algorithm,
    NoteSigner,
    open_note,
    sign_note,
)
from ledger.log.note_lines import MAX_NOTE_BYTES

TEXT = b"northwick.example/support\n2\nT1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=\n"
LOG = NoteSigner("northwick.example/support", b"\x01" * 32)
WITNESS = NoteSigner("witness.example/w1", b"\x02" * 32, Algorithm.COSIGNATURE_V1)
SIGNED = sign_note(TEXT, LOG, WITNESS, time=1790000000)
BOTH = [LOG.verifier, WITNESS.verifier]


def line(name, key_hash, value):
    return f"\u2014 {name} {base64.b64encode(bytes.fromhex(key_hash) + value).decode()}\n".encode()


GOOD = line(LOG.name, LOG.key_hash, LOG.sign(TEXT).value)
NOT_NOTES = {
    "empty": (b"", "no empty line"),
    "a text alone": (TEXT, "no empty line before the signatures"),
    "no blank line": (TEXT + GOOD, "no empty line before the signatures"),
    "CRLF": (SIGNED.replace(b"\n", b"\r\n"), r"control character '\\r' in line 1"),
    "one CR": (TEXT + b"\n" + GOOD[:-1] + b"\r\n", r"control character '\\r' in line 5"),
    "NUL": (b"\0" + SIGNED, "control character"),
    "tab": (TEXT + b"\n" + GOOD.replace(b" ", b"\t"), "control character"),
    "no last newline": (SIGNED[:-1], "no newline at the end"),
    "no signatures": (TEXT + b"\n", "nothing after the last empty line"),
    "a blank line after": (SIGNED + b"\n", "nothing after the last empty line"),
    "two blank lines after": (SIGNED + b"\n\n", "nothing after the last empty line"),
    "a blank line between": (TEXT + b"\n" + GOOD + b"\n" + b"x\n", "a signature line"),
    "hyphen for dash": (TEXT + b"\n-" + GOOD[3:], "a signature line"),
    "en dash for dash": (TEXT + "\n\u2013".encode() + GOOD[3:], "a signature line"),
    "two spaces": (TEXT + b"\n" + GOOD.replace(b" ", b"  ", 1), "a signature line"),
    "trailing space": (TEXT + b"\n" + GOOD[:-1] + b" \n", "a signature line"),
    "no name": (TEXT + b"\n" + line("", LOG.key_hash, b"x"), "not a name for a key"),
    "plus in name": (TEXT + b"\n" + line("a+b", LOG.key_hash, b"x"), "not a name for a key"),
    "bidi in name": (TEXT + b"\n" + line("a\u202eb", LOG.key_hash, b"x"), "not a name for a key"),
    "not base64": (TEXT + "\n\u2014 a !!!!\n".encode(), "not canonical base64"),
    "unpadded": (TEXT + b"\n" + GOOD.rstrip(b"=\n") + b"\n", "not canonical base64"),
    "key hash alone": (TEXT + b"\n" + line("a", LOG.key_hash, b""), "a signature of 4 bytes"),
    "not UTF-8": (b"\xff" + SIGNED, "got byte 0xff at 0, expected UTF-8"),
    "overlong UTF-8": (b"\xc0\xaf" + SIGNED, "expected UTF-8"),
    "surrogate": (b"\xed\xa0\x80" + SIGNED, "expected UTF-8"),
    "101 signatures": (TEXT + b"\n" + GOOD * 101, "got 101 signatures, expected at most 100"),
    "too large": (b"x" * MAX_NOTE_BYTES + SIGNED, "expected at most 1000000"),
    "text": ("text", "got a str, expected bytes"),
    "nothing": (None, "got a NoneType, expected bytes"),
}


@pytest.mark.parametrize(("note", "message"), NOT_NOTES.values(), ids=NOT_NOTES)
def test_what_is_no_note_says_why(note, message):
    with pytest.raises(NoteError, match=message):
        open_note(note, BOTH)


@given(st.one_of(st.binary(), st.text().map(str.encode), st.binary().map(lambda b: TEXT + b)))
def test_only_note_errors_escape_reading(note):
    try:
        opened = open_note(note, BOTH)
    except NoteError as error:
        assert str(error).isprintable()  # noqa: PT017 - passing is allowed too
    else:
        assert opened.signatures


@given(
    st.lists(st.sampled_from([SIGNED[n : n + 9] for n in range(0, len(SIGNED), 3)]), max_size=40)
)
def test_only_note_errors_escape_reading_shuffled_notes(pieces):
    try:
        assert open_note(b"".join(pieces), BOTH).text == TEXT
    except NoteError:
        return
