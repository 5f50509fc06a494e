"""Proofs in the tlog-proof format: kept in a file, verified with the entry and the log's key."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NoteError, ProofError
from ledger.log import proof as module
from ledger.log.checkpoint import Checkpoint, cosign, sign
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash
from ledger.log.note import MAX_NOTE_BYTES, Algorithm, NoteSigner
from ledger.log.proof import TlogProof, format_proof, parse_proof, verify_proof

LOG = NoteSigner("northwick.example/support", b"\x01" * 32)
WITNESS = NoteSigner("witness.example/w1", b"\x02" * 32, Algorithm.COSIGNATURE_V1)
ENTRIES = [b"entry %d" % n for n in range(13)]
TREE = Tree(MemoryNodes())
TREE.append([leaf_hash(entry) for entry in ENTRIES])
NOTE = cosign(sign(Checkpoint(LOG.name, 13, TREE.root()), LOG), WITNESS, 100)


def proving(index):
    return TlogProof(index, tuple(TREE.inclusion_proof(index, 13)), NOTE)


PROOF = proving(5)
WRITTEN = format_proof(PROOF)
HASHES = "".join(f"{base64.b64encode(each).decode()}\n" for each in PROOF.hashes)


def test_a_proof_is_written_as_specified():
    assert f"c2sp.org/tlog-proof@v1\nindex 5\n{HASHES}\n".encode() + NOTE == WRITTEN


def test_extra_data_stands_before_the_index():
    proof = replace(PROOF, extra=b"more")
    written = format_proof(proof)
    assert written.startswith(b"c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 5\n")
    assert parse_proof(written) == proof
    verify_proof(proof, ENTRIES[5], LOG.verifier)


@pytest.mark.parametrize("index", range(13))
def test_every_entry_is_proved_through_its_file(index):
    proof = parse_proof(format_proof(proving(index)))
    opened = verify_proof(proof, ENTRIES[index], LOG.verifier, [WITNESS.verifier])
    assert opened.checkpoint == Checkpoint(LOG.name, 13, TREE.root())
    assert [(w.name, w.timestamp) for w in opened.cosigners] == [(WITNESS.name, 100)]


def test_the_only_entry_of_a_log_needs_no_hashes():
    root = leaf_hash(b"first")
    note = sign(Checkpoint(LOG.name, 1, root), LOG)
    written = format_proof(TlogProof(0, (), note))
    assert written == b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + note
    verify_proof(parse_proof(written), b"first", LOG.verifier)


def test_another_entry_or_index_is_not_proved():
    with pytest.raises(ProofError, match="does not place this entry at index 5 of 13"):
        verify_proof(PROOF, ENTRIES[6], LOG.verifier)
    for other in (4, 7, 12, 13, 2**63 - 2):
        with pytest.raises(ProofError):
            verify_proof(replace(PROOF, index=other), ENTRIES[5], LOG.verifier)


def test_a_node_presented_as_an_entry_is_not_proved():
    node = leaf_hash(ENTRIES[4]) + leaf_hash(ENTRIES[5])
    for entry in (node, b"\x01" + node):
        for index in (2, 5):
            with pytest.raises(ProofError):
                verify_proof(TlogProof(index, PROOF.hashes[1:], NOTE), entry, LOG.verifier)


def test_a_checkpoint_by_another_key_proves_nothing():
    other = NoteSigner(LOG.name, b"\x09" * 32)
    with pytest.raises(NoteError, match="No key that you trust"):
        verify_proof(PROOF, ENTRIES[5], other.verifier)
    with pytest.raises(NoteError, match="not a signed note"):
        verify_proof(replace(PROOF, checkpoint=b"x"), ENTRIES[5], LOG.verifier)


HEAD = "c2sp.org/tlog-proof@v1\n"
NOT_PROOFS = {
    "empty": ("", "no empty line"),
    "header alone": (HEAD, "no empty line"),
    "no checkpoint": (f"{HEAD}index 5\n\n", "no empty line with a checkpoint after it"),
    "no blank line": (f"{HEAD}index 5\n{HASHES}x\n", "no empty line"),
    "wrong header": ("c2sp.org/tlog-proof@v2\nindex 5\n\nx", "expected 'c2sp.org/tlog-proof@v1'"),
    "CRLF": (f"{HEAD}index 5\n{HASHES}\nx".replace("\n", "\r\n"), "no empty line"),
    "CR in a line": (f"{HEAD}index 5\r\n\nx", "without leading zeros"),
    "no index": (f"{HEAD}\nx", "got no index"),
    "extra but no index": (f"{HEAD}extra AA==\n\nx", "got no index"),
    "leading zero": (f"{HEAD}index 05\n\nx", "without leading zeros"),
    "minus": (f"{HEAD}index -5\n\nx", "without leading zeros"),
    "no number": (f"{HEAD}index \n\nx", "without leading zeros"),
    "trailing space": (f"{HEAD}index 5 \n\nx", "without leading zeros"),
    "2^63 - 1": (f"{HEAD}index {2**63 - 1}\n\nx", "The index in the proof is out of range"),
    "2^64": (f"{HEAD}index {2**64}\n\nx", "without leading zeros"),
    "two indices": (f"{HEAD}index 5\nindex 5\n\nx", "canonical base64"),
    "extra after index": (f"{HEAD}index 5\nextra AA==\n\nx", "canonical base64"),
    "two extras": (f"{HEAD}extra AA==\nextra AA==\nindex 5\n\nx", "a line 'index N'"),
    "empty extra": (f"{HEAD}extra \nindex 5\n\nx", "got an empty line of extra data"),
    "extra not base64": (f"{HEAD}extra A\nindex 5\n\nx", "extra data in the proof is not"),
    "hash not base64": (f"{HEAD}index 5\n!\n\nx", "hash in the proof is not canonical base64"),
    "hash of 31 bytes": (
        f"{HEAD}index 5\n{base64.b64encode(bytes(31)).decode()}\n\nx",
        "Number 1 of the hashes in the proof is not a hash",
    ),
    "64 hashes": (f"{HEAD}index 5\n{HASHES.splitlines()[0]}".replace(
        HASHES.splitlines()[0], f"{HASHES.splitlines()[0]}\n" * 64) + "\nx",
        "got 64 hashes, expected at most 63"),
    "not ASCII": (f"{HEAD}index 5\n\u2014\n\nx", "lines of ASCII"),
    "too large": (f"{HEAD}index 5\n\n{'x' * 2 * MAX_NOTE_BYTES}", "expected at most 2000000"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), NOT_PROOFS.values(), ids=NOT_PROOFS)
def test_what_is_no_proof_says_why(text, message):
    with pytest.raises(ProofError, match=message):
        parse_proof(text.encode())


@pytest.mark.parametrize(("proof", "got"), [("text", "got a str"), (None, "got a NoneType")])
def test_only_bytes_are_read(proof, got):
    with pytest.raises(ProofError, match=got):
        parse_proof(proof)


@pytest.mark.parametrize(
    "change",
    [
        {"index": -1}, {"index": 2**63 - 1}, {"index": True}, {"hashes": (b"short",)},
        {"hashes": (bytes(32),) * 64}, {"checkpoint": b""}, {"extra": b""},
    ],
)  # fmt: skip
def test_parts_that_no_file_can_hold_are_not_written(change):
    with pytest.raises(ProofError):
        format_proof(replace(PROOF, **change))


def test_every_altered_byte_is_noticed():
    """Any bit changed: an error, or a cosignature that no longer counts."""
    for at in range(len(WRITTEN)):
        altered = WRITTEN[:at] + bytes([WRITTEN[at] ^ 1 << at % 8]) + WRITTEN[at + 1 :]
        try:
            proof = parse_proof(altered)
            opened = verify_proof(proof, ENTRIES[5], LOG.verifier, [WITNESS.verifier])
        except (ProofError, NoteError):
            continue
        assert opened.cosigners == ()
        assert (proof.index, proof.hashes) == (PROOF.index, PROOF.hashes)


@given(st.one_of(st.binary(), st.binary().map(lambda tail: WRITTEN[:60] + tail)))
def test_only_the_documented_errors_escape(data):
    try:
        proof = parse_proof(data)
        assert format_proof(proof) == data
        verify_proof(proof, ENTRIES[5], LOG.verifier)
    except (ProofError, NoteError):
        return
    pytest.fail("random bytes proved an entry")


@given(
    st.integers(0, 2**63 - 2),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(min_size=1),
    st.one_of(st.none(), st.binary(min_size=1)),
)
def test_what_is_written_is_read(index, hashes, checkpoint, extra):
    proof = TlogProof(index, tuple(hashes), checkpoint, extra)
    assert parse_proof(format_proof(proof)) == proof


def test_the_public_names_exist():
    assert all(hasattr(module, name) for name in module.__all__)
