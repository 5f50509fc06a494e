"""A witness cosigns one history of each log only, and never with a key that signs anything else."""

from __future__ import annotations

import base64
import stat
from itertools import chain

import pytest
from at_once import at_once
from nacl.bindings import crypto_sign_open

from ledger.errors import InconsistentError, KeyFileError, NoteError, ProofError
from ledger.log.checkpoint import Checkpoint, open_checkpoint, sign
from ledger.log.consistency import Extension
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash
from ledger.log.note import Algorithm, NoteSigner, parse_verifier, sign_note
from ledger.transparency.last_signed import new_witness_key, read_witness_key
from ledger.transparency.witness import (
    Presented,
    Witness,
    cosigned_bytes,
    extended_by,
    log_verifier_in,
    unproved,
)

ORIGIN = "northwick.example/support"
NAME = "harbour.example/witness"
LOG = NoteSigner(ORIGIN, b"\x01" * 32)
NEXT_LOG = NoteSigner(ORIGIN, b"\x02" * 32)


def grown(*entries):
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(entry) for entry in entries])
    return tree


TREE = grown(*(b"%d" % n for n in range(20)))
FORK = grown(*(b"%d" % n for n in range(9)), *(b"other %d" % n for n in range(11)))


def at(size, tree=TREE, origin=ORIGIN):
    return Checkpoint(origin, size, tree.root(size))


def note_at(size, tree=TREE, log=LOG):
    return sign(at(size, tree, log.name), log)


def proof(old, size, tree=TREE, log=LOG):
    hashes = tree.consistency_proof(old, size) if old else []
    return extended_by(Extension(old, tuple(hashes), note_at(size, tree, log)))


def presented(size, tree=TREE, log=LOG, **more):
    return Presented(note_at(size, tree, log), log.verifier, **more)


@pytest.fixture
def witness(tmp_path):
    new_witness_key(tmp_path / "w.key", NAME)
    return Witness(tmp_path / "w.key")


@pytest.fixture
def standing(witness):
    """A witness that has cosigned the tree of 9."""
    witness.cosign(presented(9), 100, unproved)
    return witness


def refused(witness, kind, match, what, *, time=200, prove=unproved):  # noqa: PLR0913 - a table
    """Expect that nothing is signed; return the message."""
    memory = witness.memory(ORIGIN)
    before = memory.read_bytes() if memory.is_file() else None
    with pytest.raises(kind, match=match) as error:
        witness.cosign(what, time, prove)
    assert (memory.read_bytes() if memory.is_file() else None) == before
    return str(error.value)


# -- the key -------------------------------------------------------------------------------


def test_a_new_key_is_secret_and_tells_its_verifier_key(tmp_path):
    path = tmp_path / "w.key"
    verifier = new_witness_key(path, NAME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith(f"PRIVATE+KEY+{NAME}+")
    assert parse_verifier(verifier).algorithm is Algorithm.COSIGNATURE_V1
    assert Witness(path).verifier == read_witness_key(path).verifier == verifier


def test_a_key_is_never_overwritten(tmp_path):
    path = tmp_path / "w.key"
    new_witness_key(path, NAME)
    before = path.read_text()
    with pytest.raises(KeyFileError, match="is there already"):
        new_witness_key(path, NAME)
    assert path.read_text() == before


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u202eb"])
def test_a_name_that_notes_cannot_carry_makes_no_key(tmp_path, name):
    with pytest.raises(NoteError, match="is not a name for a key"):
        new_witness_key(tmp_path / "w.key", name)
    assert not (tmp_path / "w.key").exists()


def test_a_key_cannot_be_made_where_there_is_no_folder(tmp_path):
    with pytest.raises(KeyFileError, match="cannot be written: got No such file or directory"):
        new_witness_key(tmp_path / "nowhere" / "w.key", NAME)


def _line(name=NAME, algorithm=4, seed=bytes(32), of=None):
    signer = NoteSigner(of or name, bytes(32), Algorithm(algorithm))
    encoded = base64.b64encode(bytes([algorithm]) + seed).decode()
    return f"PRIVATE+KEY+{name}+{signer.key_hash}+{encoded}\n"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "is not a witness's key"),
        ("hunter2", "is not a witness's key"),
        (_line().replace("PRIVATE+KEY+", ""), "is not a witness's key"),
        (_line(seed=bytes(31)), "is not a witness's key"),
        (_line(seed=bytes(33)), "is not a witness's key"),
        (_line(seed=b"\x01" * 32), "is not a witness's key"),
        (_line(of="other.example"), "is not a witness's key"),
        (_line().replace("BAAA", "BQAA"), "is not a witness's key"),
        (_line(algorithm=1), "is a log's key, not a witness's"),
    ],
    ids=["empty", "text", "bare", "short", "long", "hash", "wrong name", "algorithm", "log's"],
)
def test_what_is_no_witness_key_is_refused_and_not_repeated(tmp_path, text, match):
    path = tmp_path / "w.key"
    path.touch(mode=0o600)
    path.write_text(text)
    with pytest.raises(KeyFileError, match=match) as error:
        Witness(path)
    assert "hunter2" not in str(error.value)


def test_a_key_that_others_may_read_or_that_is_not_there_is_refused(witness, tmp_path):
    witness.path.chmod(0o644)
    with pytest.raises(KeyFileError, match="other people may read the witness key"):
        Witness(witness.path)
    with pytest.raises(KeyFileError, match="there is no witness key "):
        Witness(tmp_path / "other")
    with pytest.raises(KeyFileError, match="Is a directory"):
        Witness(tmp_path)


def test_the_logs_own_key_does_not_witness_the_log(tmp_path):
    new_witness_key(tmp_path / "w.key", NAME, seed=b"\x01" * 32)
    message = refused(Witness(tmp_path / "w.key"), KeyFileError, "the log signs", presented(9))
    assert "A witness has a key of its own" in message


def test_a_persons_key_does_not_witness_the_log(witness):
    personal = {parse_verifier(witness.verifier).point: "person:ann"}
    refused(witness, KeyFileError, "person:ann signs with it", presented(9, personal=personal))


# -- cosigning -----------------------------------------------------------------------------


def test_the_first_checkpoint_is_taken_on_trust_and_remembered(witness):
    cosigned = witness.cosign(presented(9), 100, unproved)
    assert (cosigned.held, cosigned.checkpoint) == (None, at(9))
    opened = open_checkpoint(cosigned.note, LOG.verifier, [witness.verifier])
    assert [(c.name, c.timestamp) for c in opened.cosigners] == [(NAME, 100)]
    assert witness.memory(ORIGIN).read_bytes() == cosigned.note


def test_the_memory_is_one_file_for_each_log_beside_the_key(witness, tmp_path):
    other = NoteSigner("other.example", b"\x05" * 32)
    witness.cosign(presented(9), 100, unproved)
    witness.cosign(presented(12, FORK, other), 100, unproved)
    assert witness.memory(ORIGIN) == tmp_path / "w.key.northwick.example%2Fsupport.last"
    names = {path.name for path in tmp_path.glob("*.last")}
    assert names == {
        "w.key.northwick.example%2Fsupport.last",
        "w.key.other.example.last",
    }


@pytest.mark.parametrize("origin", ["UPPER.example", "a/../b/", "é.example", "a" * 101])
def test_an_origin_that_is_none_names_no_file(witness, origin):
    log = NoteSigner(origin, b"\x01" * 32)
    refused(witness, NoteError, "is of no ledger of this kind", presented(9, log=log))


def test_an_origin_that_looks_like_a_path_stays_in_the_folder(witness, tmp_path):
    witness.cosign(presented(9, log=NoteSigner("../../etc", b"\x05" * 32)), 100, unproved)
    assert [path.name for path in tmp_path.glob("*.last")] == ["w.key...%2F..%2Fetc.last"]


def test_a_witness_follows_a_log_that_grows(standing):
    for old, size in ((9, 10), (10, 10), (10, 20)):
        cosigned = standing.cosign(presented(size), 100 + size, proof(old, size))
        assert cosigned.held == at(old)
    assert open_checkpoint(standing.memory(ORIGIN).read_bytes(), LOG.verifier).checkpoint == at(20)


def test_the_same_tree_is_cosigned_again_with_the_time(standing):
    cosigned = standing.cosign(presented(9), 300, unproved)
    opened = open_checkpoint(cosigned.note, LOG.verifier, [standing.verifier])
    assert [c.timestamp for c in opened.cosigners] == [300]


def test_a_witness_counts_once_however_often_it_cosigns(standing):
    first = standing.memory(ORIGIN).read_bytes()
    again = Presented(first, LOG.verifier)
    cosigned = standing.cosign(again, 300, unproved)
    assert cosigned.note.count(NAME.encode()) == 1
    twice = cosigned.note + first.splitlines(keepends=True)[-1]
    opened = open_checkpoint(twice, LOG.verifier, [standing.verifier])
    assert len(opened.cosigners) == 1


def test_one_key_under_two_names_is_not_two_witnesses(witness, tmp_path):
    raw = base64.b64decode(witness.path.read_text().strip().split("+", 4)[4])
    new_witness_key(tmp_path / "v.key", "other.example/witness", seed=raw[1:])
    second = Witness(tmp_path / "v.key")
    note = witness.cosign(presented(9), 100, unproved).note
    note = second.cosign(Presented(note, LOG.verifier), 100, unproved).note
    with pytest.raises(NoteError, match="cannot be told apart"):
        open_checkpoint(note, LOG.verifier, [witness.verifier, second.verifier])


def test_others_cosignatures_are_kept_and_not_remembered(witness, tmp_path):
    new_witness_key(tmp_path / "v.key", "other.example/witness")
    other = Witness(tmp_path / "v.key")
    theirs = other.cosign(presented(9), 100, unproved).note
    cosigned = witness.cosign(Presented(theirs, LOG.verifier), 100, unproved)
    opened = open_checkpoint(cosigned.note, LOG.verifier, [other.verifier, witness.verifier])
    assert len(opened.cosigners) == 2
    assert b"other.example" not in witness.memory(ORIGIN).read_bytes()


def test_the_bytes_shown_are_those_signed(witness):
    cosigned = witness.cosign(presented(9), 100, unproved)
    raw = base64.b64decode(cosigned.note.decode().splitlines()[-1].rsplit(" ", 1)[1])
    point = parse_verifier(witness.verifier).point
    assert crypto_sign_open(raw[12:] + cosigned_bytes(at(9), 100), point)


# -- what is refused, with both sides ------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "prove", "match"),
    [
        (presented(8), unproved, "smaller tree than the one held"),
        (presented(9, grown(*(b"x%d" % n for n in range(9)))), unproved, "Two roots of one size"),
        (presented(12, FORK), proof(9, 12), "not shown to extend|proof is of another"),
        (
            presented(12, grown(*(b"x%d" % n for n in range(12)))),
            lambda *_: grown(*(b"x%d" % n for n in range(12))).consistency_proof(9, 12),
            "not shown to extend",
        ),
        (presented(12), lambda *_: (), "not shown to extend"),
        (presented(12), lambda *_: [*TREE.consistency_proof(9, 12), bytes(32)], "not shown"),
    ],
    ids=["smaller", "two roots", "another's proof", "forked", "no proof", "a hash too many"],
)
def test_what_does_not_extend_what_it_holds_is_refused(standing, what, prove, match):
    message = refused(standing, (InconsistentError, ProofError), match, what, prove=prove)
    if "Nothing was signed" in message:
        new = open_checkpoint(what.note, LOG.verifier).checkpoint
        assert f"held: {at(9)}" in message
        assert f"new:  {new}" in message


def test_growth_without_a_proof_says_from_where(standing):
    message = refused(standing, ProofError, "Nothing shows that", presented(12))
    assert "log checkpoint --since 9" in message


@pytest.mark.parametrize("old", [0, 8, 10])
def test_a_proof_begins_where_the_witness_stands(standing, old):
    message = refused(
        standing, ProofError, "does not begin where", presented(12), prove=proof(old, 12)
    )
    assert "log checkpoint --since 9" in message


def test_a_first_checkpoint_takes_no_proof_but_the_empty_one(witness):
    refused(witness, ProofError, "expected one from size 0", presented(12), prove=proof(9, 12))
    assert witness.cosign(presented(12), 100, proof(0, 12)).held is None


def test_a_proof_of_another_checkpoint_is_refused(standing):
    refused(standing, ProofError, "of another checkpoint", presented(13), prove=proof(9, 12))


def test_a_checkpoint_that_the_log_did_not_sign_is_refused(witness):
    what = Presented(note_at(9, log=NEXT_LOG), LOG.verifier)
    refused(witness, NoteError, "No key that you trust has signed", what)


def test_a_right_key_under_a_wrong_name_is_refused(witness):
    """The log's own key signs under another name, or a checkpoint of another origin."""
    renamed = NoteSigner("other.example", b"\x01" * 32)
    what = Presented(sign(at(9, origin="other.example"), renamed), LOG.verifier)
    refused(witness, NoteError, "No key that you trust has signed", what)
    text = f"other.example\n9\n{base64.b64encode(TREE.root(9)).decode()}\n".encode()
    what = Presented(sign_note(text, LOG), LOG.verifier)
    refused(witness, NoteError, "not that of the log whose checkpoint this is", what)


def test_a_new_log_key_is_refused_until_somebody_made_sure(standing):
    what = presented(12, log=NEXT_LOG)
    message = refused(standing, InconsistentError, "another key", what, prove=proof(9, 12))
    assert f"held: {at(9)}" in message
    sure = what._replace(log_changed=True)
    standing.cosign(sure, 200, proof(9, 12))
    refused(standing, InconsistentError, "another key", presented(12), time=300)


def test_a_clock_that_runs_behind_is_refused(standing):
    refused(standing, NoteError, "clock is behind the last cosignature", presented(9), time=99)


# -- the memory ----------------------------------------------------------------------------


@pytest.mark.parametrize("garbage", [b"", b"garbage", b"\xff", note_at(9)])
def test_a_memory_that_it_did_not_cosign_is_no_memory(standing, garbage):
    standing.memory(ORIGIN).write_bytes(garbage)
    message = refused(standing, KeyFileError, "is not the last checkpoint", presented(9))
    assert "begin again with a new key" in message


def test_a_memory_of_something_else_that_it_cosigned_is_no_memory(standing):
    signer = read_witness_key(standing.path)
    standing.memory(ORIGIN).write_bytes(sign_note(b"Hello.\n", LOG, signer, time=1))
    refused(standing, KeyFileError, "is not the last checkpoint", presented(9))


def test_a_disk_that_is_full_cosigns_nothing(standing, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    refused(standing, KeyFileError, "cannot be written", presented(12), prove=proof(9, 12))


def _cosign(given):
    path, sizes = given
    witness = Witness(path)
    return [_cosigned(witness, size) for size in sizes]


def _cosigned(witness, size):
    def prove(held, new):
        return TREE.consistency_proof(held.size, new.size) if held.size <= new.size else ()

    try:
        witness.cosign(presented(size), 200, prove)
    except InconsistentError:
        return None
    return size


def test_two_processes_never_take_a_witness_back(standing):
    given = [(standing.path, range(start, 20, 2)) for start in (10, 11)]
    done = list(chain(*at_once(_cosign, given)))
    held = open_checkpoint(standing.memory(ORIGIN).read_bytes(), LOG.verifier).checkpoint
    assert held.size == max(size for size in done if size)
    assert held == at(held.size)


# -- the log key that one is told ----------------------------------------------------------


@pytest.mark.parametrize("before", ["", "Trust card\n  origin   northwick\n  log key  "])
@pytest.mark.parametrize("after", ["", "\n  leaf 0   00ff\n"])
def test_a_log_key_is_found_in_a_trust_card(before, after):
    assert log_verifier_in(f"{before}{LOG.verifier}{after}") == LOG.verifier


def test_a_log_key_said_twice_is_one(witness):
    assert log_verifier_in(f"{LOG.verifier} {LOG.verifier} {witness.verifier}") == LOG.verifier


@pytest.mark.parametrize(
    "text",
    ["", "nothing", LOG.verifier[:-4], f"{LOG.verifier} {NEXT_LOG.verifier}"],
    ids=["empty", "words", "cut", "two"],
)
def test_anything_but_one_log_key_is_refused(text):
    with pytest.raises(NoteError, match="does not hold one log key"):
        log_verifier_in(text)
