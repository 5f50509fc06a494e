"""Checkpoints: written one way, signed by the log, held to their own past by witnesses."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NoteError, ProofError
from ledger.log import checkpoint as module
from ledger.log.checkpoint import (
    Checkpoint,
    advance,
    cosign,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign,
)
from ledger.log.merkle import EMPTY_ROOT, MemoryNodes, Tree, leaf_hash
from ledger.log.note import Algorithm, NoteSigner, open_note, sign_note

ORIGIN = "northwick.example/support"
LOG = NoteSigner(ORIGIN, b"\x01" * 32)
WITNESS1 = NoteSigner("witness.example/w1", b"\x02" * 32, Algorithm.COSIGNATURE_V1)
WITNESS2 = NoteSigner("witness.example/w2", b"\x03" * 32, Algorithm.COSIGNATURE_V1)
WITNESSES = [WITNESS1.verifier, WITNESS2.verifier]
ROOT = leaf_hash(b"one")
ROOT64 = base64.b64encode(ROOT).decode()
EMPTY64 = base64.b64encode(EMPTY_ROOT).decode()


def grown(*entries):
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(entry) for entry in entries])
    return tree


def at(tree, size):
    return Checkpoint(ORIGIN, size, tree.root(size))


TREE = grown(*(b"%d" % n for n in range(20)))
FORK = grown(*(b"%d" % n for n in range(9)), *(b"other %d" % n for n in range(11)))


def test_a_checkpoint_is_three_lines():
    checkpoint = Checkpoint(ORIGIN, 7, ROOT)
    written = f"{ORIGIN}\n7\n{ROOT64}\n".encode()
    assert format_checkpoint(checkpoint) == written
    assert parse_checkpoint(written) == checkpoint
    assert str(checkpoint) == f"{ORIGIN} 7 {ROOT64}"


@pytest.mark.parametrize("size", [1, 10, 2**53 + 1, 2**63 - 1])
def test_every_size_is_written_and_read(size):
    checkpoint = Checkpoint(ORIGIN, size, ROOT)
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


def test_the_empty_tree_has_one_root():
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert parse_checkpoint(format_checkpoint(empty)) == empty
    with pytest.raises(NoteError, match="expected the empty tree's"):
        Checkpoint(ORIGIN, 0, ROOT)


NOT_CHECKPOINTS = {
    "empty": ("", "got 1 lines"),
    "two lines": (f"{ORIGIN}\n7\n", "three lines"),
    "no last newline": (f"{ORIGIN}\n7\n{ROOT64}", "three lines"),
    "cut in the root": (f"{ORIGIN}\n7\n{ROOT64[:-1]}\n", "canonical base64"),
    "leading zero": (f"{ORIGIN}\n07\n{ROOT64}\n", "without leading zeros"),
    "two zeros": (f"{ORIGIN}\n00\n{EMPTY64}\n", "without leading zeros"),
    "plus": (f"{ORIGIN}\n+7\n{ROOT64}\n", "without leading zeros"),
    "minus": (f"{ORIGIN}\n-7\n{ROOT64}\n", "without leading zeros"),
    "underscore": (f"{ORIGIN}\n1_0\n{ROOT64}\n", "without leading zeros"),
    "space": (f"{ORIGIN}\n7 \n{ROOT64}\n", "without leading zeros"),
    "hexadecimal": (f"{ORIGIN}\n0x7\n{ROOT64}\n", "without leading zeros"),
    "fraction": (f"{ORIGIN}\n7.0\n{ROOT64}\n", "without leading zeros"),
    "other digits": (f"{ORIGIN}\n\u0667\n{ROOT64}\n", "without leading zeros"),
    "no size": (f"{ORIGIN}\n\n{ROOT64}\n", "without leading zeros"),
    "2^63": (f"{ORIGIN}\n{2**63}\n{ROOT64}\n", "expected a size from 0"),
    "2^64": (f"{ORIGIN}\n{2**64}\n{ROOT64}\n", "without leading zeros"),
    "10^6000": (f"{ORIGIN}\n1{'0' * 6000}\n{ROOT64}\n", "without leading zeros"),
    "root of 31 bytes": (f"{ORIGIN}\n7\n{base64.b64encode(ROOT[:31]).decode()}\n", "32 bytes"),
    "no root": (f"{ORIGIN}\n7\n\n", "32 bytes"),
    "root in base64url": (f"{ORIGIN}\n7\n{'-' * 43}=\n", "canonical base64"),
    "spare bits": (f"{ORIGIN}\n7\n{'A' * 42}B=\n", "canonical base64"),
    "no origin": (f"\n7\n{ROOT64}\n", "origin of a checkpoint is not a name"),
    "space in origin": (f"a b\n7\n{ROOT64}\n", "origin of a checkpoint is not a name"),
    "bidi in origin": (f"a\u202eb\n7\n{ROOT64}\n", "origin of a checkpoint is not a name"),
    "CRLF": (f"{ORIGIN}\r\n7\r\n{ROOT64}\r\n", "without leading zeros"),
    "blank line": (f"{ORIGIN}\n7\n{ROOT64}\n\n", "no extension lines"),
    "extension line": (f"{ORIGIN}\n7\n{ROOT64}\nmore\n", "got 1 more lines, 'more' first"),
}


@pytest.mark.parametrize(("text", "message"), NOT_CHECKPOINTS.values(), ids=NOT_CHECKPOINTS)
def test_what_is_no_checkpoint_says_why(text, message):
    with pytest.raises(NoteError, match=message):
        parse_checkpoint(text.encode())


def test_bytes_that_are_no_text_are_no_checkpoint():
    with pytest.raises(NoteError, match="got byte 0xff, expected UTF-8"):
        parse_checkpoint(b"\xff\n7\n")


def test_extension_lines_are_passed_over_on_request():
    checkpoint = Checkpoint(ORIGIN, 7, ROOT)
    text = format_checkpoint(checkpoint) + b"one\ntwo\n"
    assert parse_checkpoint(text, extensions=True) == checkpoint
    with pytest.raises(NoteError, match="no empty extension line"):
        parse_checkpoint(format_checkpoint(checkpoint) + b"one\n\ntwo\n", extensions=True)
    note = sign_note(text, LOG)
    assert open_checkpoint(note, LOG.verifier, extensions=True).checkpoint == checkpoint
    with pytest.raises(NoteError, match="no extension lines"):
        open_checkpoint(note, LOG.verifier)


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 7, ROOT), ("a\nb", 7, ROOT), (None, 7, ROOT), (ORIGIN, -1, ROOT),
        (ORIGIN, 2**63, ROOT), (ORIGIN, 2**64, ROOT), (ORIGIN, True, ROOT), (ORIGIN, "7", ROOT),
        (ORIGIN, 7, b""), (ORIGIN, 7, ROOT + b"\0"), (ORIGIN, 7, ROOT.hex()), (ORIGIN, 7, None),
        pytest.param(ORIGIN, 10**5000, ROOT, id="huge"),
    ],
)  # fmt: skip
def test_no_impossible_checkpoint_is_made(origin, size, root):
    with pytest.raises(NoteError):
        Checkpoint(origin, size, root)


def test_a_signed_checkpoint_opens_by_the_log_key():
    opened = open_checkpoint(sign(at(TREE, 9), LOG), LOG.verifier, WITNESSES)
    assert opened.checkpoint == at(TREE, 9)
    assert opened.cosigners == ()


def test_only_the_log_signs_its_checkpoints():
    other = NoteSigner("other.example", b"\x01" * 32)
    witness = NoteSigner(ORIGIN, b"\x04" * 32, Algorithm.COSIGNATURE_V1)
    for signer in (other, witness):
        with pytest.raises(NoteError, match="not that of the log whose checkpoint this is"):
            sign(at(TREE, 9), signer)


def test_a_log_key_opens_no_other_logs_checkpoint():
    """The log's key on another origin's text: the key holds, the checkpoint does not."""
    note = sign_note(format_checkpoint(Checkpoint("other.example", 7, ROOT)), LOG)
    assert open_note(note, [LOG.verifier]).signatures
    with pytest.raises(NoteError, match="not that of the log whose checkpoint this is"):
        open_checkpoint(note, LOG.verifier)


def test_witnesses_are_returned_with_the_times_they_state():
    note = cosign(cosign(sign(at(TREE, 9), LOG), WITNESS1, 100), WITNESS2, 200)
    opened = open_checkpoint(note, LOG.verifier, WITNESSES)
    assert [(w.name, w.timestamp) for w in opened.cosigners] == [
        (WITNESS1.name, 100),
        (WITNESS2.name, 200),
    ]
    assert (
        open_checkpoint(note, LOG.verifier, [WITNESS2.verifier]).cosigners == opened.cosigners[1:]
    )
    assert open_checkpoint(note, LOG.verifier).cosigners == ()


def test_a_witness_that_cosigns_again_replaces_its_cosignature():
    note = cosign(cosign(sign(at(TREE, 9), LOG), WITNESS1, 100), WITNESS1, 200)
    assert note == cosign(sign(at(TREE, 9), LOG), WITNESS1, 200)


def test_a_witness_counted_twice_counts_once():
    note = cosign(sign(at(TREE, 9), LOG), WITNESS1, 100)
    note += cosign(sign(at(TREE, 9), LOG), WITNESS1, 200).splitlines(keepends=True)[-1]
    opened = open_checkpoint(note, LOG.verifier, [*WITNESSES, WITNESS1.verifier])
    assert [(w.name, w.timestamp) for w in opened.cosigners] == [(WITNESS1.name, 100)]


def test_witnesses_alone_do_not_make_a_checkpoint():
    text = format_checkpoint(at(TREE, 9))
    note = sign_note(text, WITNESS1, WITNESS2, time=100)
    with pytest.raises(NoteError, match="but the log has not"):
        open_checkpoint(note, LOG.verifier, WITNESSES)


def test_the_log_cannot_witness_itself():
    own = NoteSigner("witness.example/w9", b"\x01" * 32, Algorithm.COSIGNATURE_V1)
    note = cosign(sign(at(TREE, 9), LOG), own, 100)
    with pytest.raises(NoteError, match="cannot be told apart"):
        open_checkpoint(note, LOG.verifier, [own.verifier])


def test_keys_of_the_wrong_kind_are_refused():
    note = sign(at(TREE, 9), LOG)
    plain = NoteSigner("witness.example/w1", b"\x05" * 32)
    with pytest.raises(NoteError, match=r"The key of witness.example/w1 is not a witness's"):
        open_checkpoint(note, LOG.verifier, [plain.verifier])
    with pytest.raises(NoteError, match="is not a witness's"):
        cosign(note, plain, 100)
    with pytest.raises(NoteError, match="No key that you trust"):
        open_checkpoint(note, WITNESS1.verifier)


def test_a_bad_cosignature_by_a_known_witness_spoils_the_checkpoint():
    note = cosign(sign(at(TREE, 9), LOG), WITNESS1, 100)
    moved = sign(at(TREE, 10), LOG) + note.splitlines(keepends=True)[-1]
    assert open_checkpoint(moved, LOG.verifier).checkpoint.size == 10
    with pytest.raises(NoteError, match=r"signature by witness.example/w1 does not hold"):
        open_checkpoint(moved, LOG.verifier, WITNESSES)


def test_only_checkpoints_are_cosigned():
    with pytest.raises(NoteError, match="This is not a checkpoint"):
        cosign(sign_note(b"I owe nothing.\n", LOG), WITNESS1, 100)
    with pytest.raises(NoteError, match="not a signed note"):
        cosign(b"nothing", WITNESS1, 100)


def test_every_altered_byte_of_a_checkpoint_is_noticed():
    note = cosign(sign(at(TREE, 9), LOG), WITNESS1, 100)
    for position in range(len(note)):
        altered = note[:position] + bytes([note[position] ^ 1]) + note[position + 1 :]
        try:
            opened = open_checkpoint(altered, LOG.verifier, WITNESSES)
        except NoteError:
            continue
        assert opened.checkpoint == at(TREE, 9)
        assert opened.cosigners == ()


def test_a_witness_follows_a_growing_log():
    held = None
    for size in range(21):
        new = at(TREE, size)
        proof = TREE.consistency_proof(held.size, size) if held and held.size else []
        advance(held, new, proof)
        held = new
    advance(held, held, [])
    advance(at(TREE, 0), at(TREE, 20), [])


def test_nothing_held_needs_no_proof():
    for held in (None, at(TREE, 0)):
        with pytest.raises(ProofError, match="There is nothing to be consistent with"):
            advance(held, at(TREE, 9), [ROOT])


def refusal(kind, held, new, proof):
    with pytest.raises(kind) as refused:
        advance(held, new, proof)
    text = str(refused.value)
    assert f"\n  held: {held}\n  new:  {new}\n" in text
    assert text.endswith(".")
    return text


def test_another_logs_checkpoint_is_no_newer_one():
    new = Checkpoint("other.example", 20, TREE.root(20))
    proof = TREE.consistency_proof(9, 20)
    assert "another log" in refusal(NoteError, at(TREE, 9), new, proof)


def test_a_smaller_newer_checkpoint_is_refused():
    text = refusal(NoteError, at(TREE, 9), at(TREE, 8), [])
    assert "smaller tree than the one held" in text
    refusal(NoteError, at(TREE, 9), at(TREE, 0), [])


def test_two_roots_of_one_size_are_shown():
    held, new = at(TREE, 20), at(FORK, 20)
    assert refusal(ProofError, held, new, []) == (
        "Two roots of one size: the log was forked or rewritten:\n"
        f"  held: {held}\n"
        f"  new:  {new}\n"
        "Keep both signed notes: together they prove it to anyone."
    )


def test_a_fork_is_refused_whatever_the_proof():
    held, new = at(TREE, 12), at(FORK, 20)
    for proof in (FORK.consistency_proof(12, 20), TREE.consistency_proof(12, 20), []):
        assert "is not shown to extend" in refusal(ProofError, held, new, proof)
    advance(at(TREE, 9), new, FORK.consistency_proof(9, 20))


def test_a_needless_proof_is_refused():
    held = at(TREE, 9)
    refusal(ProofError, held, held, [ROOT])


@given(st.one_of(st.binary(), st.text().map(str.encode)), st.booleans())
def test_only_note_errors_escape_reading(text, extensions):
    try:
        checkpoint = parse_checkpoint(text, extensions=extensions)
    except NoteError:
        return
    assert text.startswith(format_checkpoint(checkpoint))


@given(st.text("ab\n0179=\u2014 \u0661", max_size=30), st.text("0123456789+-_ ", max_size=22))
def test_what_is_read_is_what_would_be_written(origin, size):
    text = f"{origin}\n{size}\n{ROOT64}\n".encode()
    try:
        checkpoint = parse_checkpoint(text)
    except NoteError:
        return
    assert format_checkpoint(checkpoint) == text


def test_the_public_names_exist():
    assert all(hasattr(module, name) for name in module.__all__)
