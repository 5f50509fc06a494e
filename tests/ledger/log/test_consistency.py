"""A checkpoint with its consistency proof is written one way, and read strictly."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.log.consistency import Extension, format_extension, is_extension, parse_extension
from ledger.log.merkle import leaf_hash

NOTE = "northwick.example/support\n7\nAAAA\n\n— northwick.example/support AAAA\n".encode()
HASHES = (leaf_hash(b"one"), leaf_hash(b"two"))
LINES = [base64.b64encode(node).decode() for node in HASHES]


def test_it_is_the_older_size_the_hashes_and_the_note():
    written = format_extension(5, HASHES, NOTE)
    assert written == "\n".join(["old 5", *LINES, "", ""]).encode() + NOTE
    assert parse_extension(written) == Extension(5, HASHES, NOTE)
    assert is_extension(written)
    assert not is_extension(NOTE)


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_whatever_is_written_is_read(old, hashes):
    assert parse_extension(format_extension(old, hashes, NOTE)) == Extension(
        old, tuple(hashes), NOTE
    )


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "no empty line"),
        (b"old 5\n", "no empty line"),
        (b"old 5\n\n", "no empty line"),
        (b"old 05\n\n" + NOTE, "without leading zeros"),
        (b"old -1\n\n" + NOTE, "without leading zeros"),
        (b"old 5 \n\n" + NOTE, "without leading zeros"),
        (b"Old 5\n\n" + NOTE, "without leading zeros"),
        (b"old 5\r\n\r\n" + NOTE, "without leading zeros"),
        (b"old 9223372036854775808\n\n" + NOTE, "out of range"),
        (b"old 18446744073709551616\n\n" + NOTE, "without leading zeros"),
        (b"old 5\n" + LINES[0].encode() * 2 + b"\n\n" + NOTE, "not canonical base64"),
        (b"old 5\n" + LINES[0].rstrip("=").encode() + b"\n\n" + NOTE, "not canonical base64"),
        (b"old 5\nAAAA\n\n" + NOTE, "is not a hash"),
        (b"old 5\n" + f"{LINES[0]}\n".encode() * 64 + b"\n" + NOTE, "64 hashes"),
        ("old 5é\n\n".encode() + NOTE, "lines of ASCII"),
        (b"old 5\n\n" + b"x" * 2_000_001, "at most"),
    ],
)
def test_anything_else_is_refused(data, match):
    with pytest.raises(ProofError, match=match):
        parse_extension(data)


@given(st.binary(max_size=300))
def test_whatever_comes_it_is_read_or_refused(data):
    with suppress(ProofError):
        parse_extension(b"old " + data)


@pytest.mark.parametrize(
    ("old", "hashes", "match"),
    [(-1, (), "out of range"), (5, (b"short",), "is not a hash"), (5, HASHES * 32, "64 hashes")],
)
def test_what_cannot_be_read_is_not_written(old, hashes, match):
    with pytest.raises(ProofError, match=match):
        format_extension(old, hashes, NOTE)
