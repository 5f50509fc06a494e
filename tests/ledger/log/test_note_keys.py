"""A verifier key is read in one form only, and every change to it is noticed."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings

from ledger.errors import NoteError
from ledger.log.note import (
    Algorithm,
    NoteSigner,
    parse_verifier,
    verifier_key,
)

LOG = NoteSigner("northwick.example/support", b"\x01" * 32)
WITNESS = NoteSigner("witness.example/w1", b"\x02" * 32, Algorithm.COSIGNATURE_V1)
BOTH = [LOG.verifier, WITNESS.verifier]


def test_a_verifier_key_is_name_hash_and_key():
    point, _ = bindings.crypto_sign_seed_keypair(b"\x01" * 32)
    for algorithm in Algorithm:
        key = bytes([algorithm]) + point
        key_hash = hashlib.sha256(b"a.example\n" + key).hexdigest()[:8]
        written = verifier_key("a.example", point, algorithm)
        assert written == f"a.example+{key_hash}+{base64.b64encode(key).decode()}"
        parsed = parse_verifier(written)
        assert (parsed.name, parsed.key_hash) == ("a.example", key_hash)
        assert (parsed.algorithm, parsed.point) == (algorithm, point)


@pytest.mark.parametrize("key", BOTH)
def test_every_substring_of_a_verifier_key_is_refused(key):
    for start in range(len(key)):
        for end in range(start, len(key) + 1):
            if (start, end) != (0, len(key)):
                with pytest.raises(NoteError):
                    parse_verifier(key[start:end])


@pytest.mark.parametrize("key", BOTH)
def test_every_altered_character_of_a_verifier_key_is_refused(key):
    for at in range(len(key)):
        for other in "aZ7+/= \n\u2014\u202e\ud800":
            if other != key[at]:
                with pytest.raises(NoteError):
                    parse_verifier(key[:at] + other + key[at + 1 :])


def named(name, key, key_hash=None):
    key_hash = key_hash or hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    return f"{name}+{key_hash}+{base64.b64encode(key).decode()}"


POINT = parse_verifier(LOG.verifier).point
NO_POINTS = {
    "identity": (1).to_bytes(32, "little"),
    "order two": (2**255 - 20).to_bytes(32, "little"),
    "order four": bytes(32),
    "order eight": bytes.fromhex(
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
    ),
    "identity, not canonical": (2**255 - 18).to_bytes(32, "little"),
    "off the curve": (2).to_bytes(32, "little"),
    "above the field": b"\xff" * 32,
}


@pytest.mark.parametrize("point", NO_POINTS.values(), ids=NO_POINTS)
def test_points_that_are_no_keys_are_refused(point):
    with pytest.raises(NoteError, match="is not an Ed25519 public key"):
        parse_verifier(named("a.example", b"\x01" + point))
    with pytest.raises(NoteError, match="is not an Ed25519 public key"):
        verifier_key("a.example", point, Algorithm.ED25519)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (named("a.example", b"\x02" + POINT), r"algorithm 1 \(Ed25519\) or 4"),
        (named("a.example", b"\x01" + POINT + b"\0"), "one algorithm byte and 32 bytes"),
        (named("a.example", b""), "one algorithm byte and 32 bytes"),
        (named("a.example", b"\x01" + POINT, "00000000"), "for this name and key"),
        (LOG.verifier.upper(), "8 lower-case hexadecimal"),
        (named("", b"\x01" + POINT), "at least one character"),
        (named("a b", b"\x01" + POINT), "no space"),
        (named("a\u2003b", b"\x01" + POINT), "no space"),
        (named("a\u202eb", b"\x01" + POINT), "control character"),
        (named("a\nb", b"\x01" + POINT), "control character"),
        (LOG.verifier + "\n", "base64"),
        (" " + LOG.verifier, "no space"),
        ("", r"name\+hash\+key"),
        (b"bytes", r"name\+hash\+key"),
        (None, r"name\+hash\+key"),
    ],
)
def test_what_is_no_verifier_key_says_why(key, expected):
    with pytest.raises(NoteError, match=expected):
        parse_verifier(key)


@given(st.one_of(st.text(), st.text("+/=aA0\n \u2014", max_size=80), st.binary()))
def test_only_note_errors_escape_reading_keys(key):
    with pytest.raises(NoteError):
        parse_verifier(key)
