"""Signed notes as the specification shows them, and under attack."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings

from ledger.errors import NoteError
from ledger.log import note as module
from ledger.log.note import (
    Algorithm,
    NoteSigner,
    Signature,
    open_note,
    parse_verifier,
    sign_note,
    split_note,
    write_note,
)

ORDER = 2**252 + 27742317777372353535851937790883648493
TEXT = b"northwick.example/support\n2\nT1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=\n"
LOG = NoteSigner("northwick.example/support", b"\x01" * 32)
WITNESS = NoteSigner("witness.example/w1", b"\x02" * 32, Algorithm.COSIGNATURE_V1)
STRANGER = NoteSigner("stranger.example", b"\x03" * 32)
SIGNED = sign_note(TEXT, LOG, WITNESS, time=1790000000)
BOTH = [LOG.verifier, WITNESS.verifier]
POINT = parse_verifier(LOG.verifier).point


def line(name, key_hash, value):
    return f"\u2014 {name} {base64.b64encode(bytes.fromhex(key_hash) + value).decode()}\n".encode()


def test_a_signed_text_opens_with_every_signature():
    note = open_note(SIGNED, BOTH)
    assert note.text == TEXT
    assert [(s.name, s.algorithm, s.timestamp) for s in note.signatures] == [
        (LOG.name, Algorithm.ED25519, None),
        (WITNESS.name, Algorithm.COSIGNATURE_V1, 1790000000),
    ]
    assert note.unverified == ()


def test_signatures_are_made_over_the_specified_bytes():
    """Ed25519 over the text; cosignature/v1 over header, time and text."""
    plain = LOG.sign(TEXT).value
    stamped = WITNESS.sign(TEXT, 7).value
    assert stamped[:8] == (7).to_bytes(8, "big")
    for signer, signature, message in (
        (LOG, plain, TEXT),
        (WITNESS, stamped[8:], b"cosignature/v1\ntime 7\n" + TEXT),
    ):
        point = parse_verifier(signer.verifier).point
        assert bindings.crypto_sign_open(signature + message, point) == message


def test_signatures_by_unknown_keys_are_kept_and_not_counted():
    note = open_note(sign_note(TEXT, LOG, STRANGER), [LOG.verifier])
    assert [s.name for s in note.signatures] == [LOG.name]
    assert note.unverified == (
        Signature(STRANGER.name, STRANGER.key_hash, STRANGER.sign(TEXT).value),
    )
    with pytest.raises(NoteError, match="No key that you trust has signed this note"):
        open_note(sign_note(TEXT, LOG), [STRANGER.verifier])


def test_trusting_no_key_opens_nothing():
    with pytest.raises(NoteError, match="expected at least one verifier key to trust"):
        open_note(SIGNED, [])


def test_a_bad_signature_by_a_known_key_spoils_the_note():
    bad = Signature(WITNESS.name, WITNESS.key_hash, WITNESS.sign(b"other\n", 7).value)
    note = write_note(TEXT, [LOG.sign(TEXT), bad])
    assert open_note(note, [LOG.verifier]).unverified == (bad,)
    with pytest.raises(NoteError, match=r"signature by witness.example/w1 does not hold"):
        open_note(note, BOTH)


def test_a_right_key_under_a_wrong_name_is_another_key():
    renamed = line(STRANGER.name, LOG.key_hash, LOG.sign(TEXT).value)
    with pytest.raises(NoteError, match="No key that you trust"):
        open_note(TEXT + b"\n" + renamed, [LOG.verifier])
    other = NoteSigner("other.example", b"\x01" * 32)
    with pytest.raises(NoteError, match="No key that you trust"):
        open_note(sign_note(TEXT, other), [LOG.verifier])


def test_a_wrong_key_under_a_right_name_is_another_key():
    impostor = NoteSigner(LOG.name, b"\x04" * 32)
    with pytest.raises(NoteError, match="No key that you trust"):
        open_note(sign_note(TEXT, impostor), [LOG.verifier])
    forged = line(LOG.name, LOG.key_hash, impostor.sign(TEXT).value)
    with pytest.raises(NoteError, match="does not hold"):
        open_note(TEXT + b"\n" + forged, [LOG.verifier])


def test_a_signature_of_one_kind_is_none_of_the_other():
    """The same seed signs as log and as witness: the key hashes and messages keep them apart."""
    witness = NoteSigner(LOG.name, b"\x01" * 32, Algorithm.COSIGNATURE_V1)
    assert witness.key_hash != LOG.key_hash
    crossed = line(LOG.name, LOG.key_hash, witness.sign(TEXT, 7).value[8:])
    with pytest.raises(NoteError, match="does not hold"):
        open_note(TEXT + b"\n" + crossed, [LOG.verifier])


def test_signature_lines_repeated_count_once():
    note = SIGNED + SIGNED.partition(b"\n\n")[2]
    assert open_note(note, BOTH).signatures == open_note(SIGNED, BOTH).signatures


def test_a_witness_counts_once_however_often_it_signs():
    note = write_note(TEXT, [LOG.sign(TEXT), WITNESS.sign(TEXT, 7), WITNESS.sign(TEXT, 8)])
    witnessed = open_note(note, [*BOTH, WITNESS.verifier]).signatures[1:]
    assert [s.timestamp for s in witnessed] == [7]


def test_a_witness_under_two_names_is_refused():
    """A cosignature does not cover the name, so one key could count as two witnesses."""
    again = NoteSigner("witness.example/w2", b"\x02" * 32, Algorithm.COSIGNATURE_V1)
    with pytest.raises(NoteError, match="cannot be told apart"):
        open_note(SIGNED, [WITNESS.verifier, again.verifier])


def test_a_bad_repetition_of_a_good_signature_spoils_the_note():
    bad = line(LOG.name, LOG.key_hash, bytes(64))
    with pytest.raises(NoteError, match="does not hold"):
        open_note(SIGNED + bad, BOTH)


def test_every_altered_byte_is_noticed():
    """Any one byte changed: an error, or a signature less, never another text."""
    for at in range(len(SIGNED)):
        for turned in (1, 0x20, 0x80):
            altered = SIGNED[:at] + bytes([SIGNED[at] ^ turned]) + SIGNED[at + 1 :]
            try:
                note = open_note(altered, BOTH)
            except NoteError:
                continue
            assert note.text == TEXT
            assert len(note.signatures) == len(note.unverified) == 1


def test_every_cut_note_is_noticed():
    for end in range(len(SIGNED)):
        try:
            note = open_note(SIGNED[:end], BOTH)
        except NoteError:
            continue
        assert [s.name for s in note.signatures] == [LOG.name]
    for start in range(1, len(SIGNED)):
        with pytest.raises(NoteError):
            open_note(SIGNED[start:], BOTH)


def test_one_string_is_not_a_list_of_keys():
    with pytest.raises(NoteError, match="is not a verifier key"):
        open_note(SIGNED, LOG.verifier)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u2028b", "a\x7fb", "a\u2066", None])
def test_names_that_no_note_can_hold_are_refused(name):
    with pytest.raises(NoteError, match="is not a name for a key"):
        NoteSigner(name, bytes(32))


GOOD = line(LOG.name, LOG.key_hash, LOG.sign(TEXT).value)


def test_a_hundred_signatures_are_read():
    strangers = [NoteSigner(f"s{n}.example", bytes([n]) * 32) for n in range(99)]
    note = open_note(sign_note(TEXT, *strangers, LOG), [LOG.verifier])
    assert (len(note.signatures), len(note.unverified)) == (1, 99)


def test_a_text_may_have_empty_lines_of_its_own():
    text = "Erste Zeile\n\nfür später\n\n".encode()
    assert open_note(sign_note(text, LOG), [LOG.verifier]).text == text


@pytest.mark.parametrize("text", [b"", b"no newline", b"a\r\n", b"\xff\n", b"tab\t\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text):
    with pytest.raises(NoteError):
        sign_note(text, LOG)


def test_a_text_cannot_smuggle_in_a_signature():
    """Without its last newline this text would end in a line that reads as a signature."""
    text = b"I agree.\n\n" + GOOD[:-1]
    with pytest.raises(NoteError, match="This text cannot be signed as a note"):
        sign_note(text, STRANGER)


def test_a_note_without_a_signer_is_not_written():
    with pytest.raises(NoteError):
        sign_note(TEXT)


@pytest.mark.parametrize(
    ("signer", "time", "got"),
    [
        (LOG, 7, "got a time, expected no time"),
        (WITNESS, None, "got no time, expected seconds"),
        (WITNESS, -1, "got a time out of range"),
        (WITNESS, 2**63, "got a time out of range"),
        (WITNESS, True, "got a time out of range"),
        (WITNESS, 7.0, "got a time out of range"),
    ],
)
def test_times_belong_to_cosignatures_only(signer, time, got):
    with pytest.raises(NoteError, match=got):
        signer.sign(TEXT, time)


def test_a_cosignature_after_the_last_second_is_refused():
    """u64 holds it, the specification forbids it: MUST NOT exceed 2^63 - 1."""
    message = b"cosignature/v1\ntime %d\n" % 2**63 + TEXT
    _, secret = bindings.crypto_sign_seed_keypair(b"\x02" * 32)
    value = (2**63).to_bytes(8, "big") + bindings.crypto_sign(message, secret)[:64]
    with pytest.raises(NoteError, match="does not hold"):
        open_note(TEXT + b"\n" + line(WITNESS.name, WITNESS.key_hash, value), BOTH)
    last = sign_note(TEXT, WITNESS, time=2**63 - 1)
    assert open_note(last, BOTH).signatures[0].timestamp == 2**63 - 1


@pytest.mark.parametrize("seed", [b"", b"x" * 31, b"x" * 64, "x" * 32, None])
def test_a_seed_of_a_wrong_length_is_refused_unseen(seed):
    with pytest.raises(NoteError, match="seed of a note key has the wrong length") as refused:
        NoteSigner("a.example", seed)
    assert "xxx" not in str(refused.value)


def identity_as_r(encoded):
    """Sign TEXT with R = 0, so that S*B = R + h*A holds and only the rule on R refuses it."""
    secret = bytearray(hashlib.sha512(b"\x01" * 32).digest()[:32])
    secret[0] &= 248
    secret[31] = secret[31] & 127 | 64
    challenge = int.from_bytes(hashlib.sha512(encoded + POINT + TEXT).digest(), "little")
    scalar = challenge * int.from_bytes(secret, "little") % ORDER
    return encoded + scalar.to_bytes(32, "little")


def malleated(signature):
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + scalar.to_bytes(32, "little")


SIGNATURE = LOG.sign(TEXT).value
BAD_SIGNATURES = {
    "S + L": malleated(SIGNATURE),
    "all zero": bytes(64),
    "R the identity": identity_as_r((1).to_bytes(32, "little")),
    "R the identity, not reduced": identity_as_r((2**255 - 18).to_bytes(32, "little")),
    "R the identity, x negative": identity_as_r((2**255 + 1).to_bytes(32, "little")),
    "R not canonical": b"\xff" * 31 + b"\x7f" + SIGNATURE[32:],
    "63 bytes": SIGNATURE[:-1],
    "65 bytes": SIGNATURE + b"\0",
    "R and S swapped": SIGNATURE[32:] + SIGNATURE[:32],
    "one byte": b"x",
}


@pytest.mark.parametrize("value", BAD_SIGNATURES.values(), ids=BAD_SIGNATURES)
def test_a_signature_has_one_form_only(value):
    with pytest.raises(NoteError, match=r"does not hold: the note or the signature was changed"):
        open_note(TEXT + b"\n" + line(LOG.name, LOG.key_hash, value), [LOG.verifier])


def test_a_malleated_signature_is_refused_whatever_the_library_says(monkeypatch):
    monkeypatch.setattr(bindings, "crypto_sign_open", lambda signed, _point: signed[64:])
    open_note(TEXT + b"\n" + GOOD, [LOG.verifier])
    with pytest.raises(NoteError, match="does not hold"):
        open_note(TEXT + b"\n" + line(LOG.name, LOG.key_hash, malleated(SIGNATURE)), [LOG.verifier])


def test_two_trusted_keys_of_one_name_and_hash_are_refused(monkeypatch):
    """Key hashes are 32 bits: a collision can be made, so it must not choose the key."""
    monkeypatch.setattr("ledger.log.note_keys._key_hash", lambda _name, _key: "00000000")
    keys = [NoteSigner("a.example", bytes([n]) * 32).verifier for n in (1, 2)]
    with pytest.raises(NoteError, match="cannot be told apart"):
        open_note(SIGNED, keys)


def test_split_and_write_are_inverses():
    text, signatures = split_note(SIGNED)
    assert write_note(text, signatures) == SIGNED


def test_an_error_says_what_to_do_next():
    with pytest.raises(NoteError) as refused:
        open_note(sign_note(TEXT, STRANGER), [LOG.verifier])
    assert str(refused.value) == (
        "No key that you trust has signed this note: got signatures by "
        f"stranger.example+{STRANGER.key_hash}, "
        f"expected northwick.example/support+{LOG.key_hash}. "
        "Compare the log's key with the trust card before you trust another one."
    )


@given(st.text(max_size=60))
def test_any_text_that_is_signed_opens_unchanged(text):
    try:
        note = sign_note(text.encode("utf-8", "surrogatepass"), LOG)
    except NoteError:
        return
    assert open_note(note, [LOG.verifier]).text == text.encode()


def test_the_public_names_exist():
    assert all(hasattr(module, name) for name in module.__all__)
