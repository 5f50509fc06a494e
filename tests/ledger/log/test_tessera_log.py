"""A log that another implementation wrote (transparency-dev/tessera) opens and proves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.errors import NoteError
from ledger.log.checkpoint import advance, open_checkpoint
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash, verify_consistency, verify_inclusion
from ledger.log.proof import TlogProof, format_proof, parse_proof, verify_proof

DATA = Path(__file__).parents[3] / "../shared/data"
GOLDEN = DATA / "vectors/tessera-log"
SIZE = 15

pytestmark = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason=f"the golden log is not at {GOLDEN}: nothing was compared with it"
)


def verifier():
    """Read the log's key from the page that says where the data is from."""
    return re.search(r"`(example\.com/log/testdata\+[^`]+)`", (DATA / "SOURCES.md").read_text())[1]


def checkpoint(size):
    return (GOLDEN / f"checkpoint.{size}").read_bytes()


def entries():
    """Split the entry bundle: each entry follows its length, two bytes (tlog-tiles)."""
    bundle = (GOLDEN / f"tile/entries/000.p/{SIZE}").read_bytes()
    found = []
    while bundle:
        end = 2 + int.from_bytes(bundle[:2], "big")
        found.append(bundle[2:end])
        bundle = bundle[end:]
    return found


@pytest.fixture(scope="module")
def tree():
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(entry) for entry in entries()])
    return tree


@pytest.fixture(scope="module")
def opened():
    return [open_checkpoint(checkpoint(size), verifier()).checkpoint for size in range(SIZE + 1)]


def test_every_checkpoint_opens_with_the_root_of_its_entries(tree, opened):
    assert [each.size for each in opened] == list(range(SIZE + 1))
    assert [each.root for each in opened] == [tree.root(size) for size in range(SIZE + 1)]
    assert (GOLDEN / "checkpoint").read_bytes() == checkpoint(SIZE)


def test_the_leaves_are_those_of_the_tiles(tree):
    tile = (GOLDEN / f"tile/0/000.p/{SIZE}").read_bytes()
    assert tile == b"".join(tree._nodes.get_many([(0, idx) for idx in range(SIZE)]))


def test_every_entry_is_in_every_checkpoint(tree, opened):
    for size in range(1, SIZE + 1):
        for index, entry in enumerate(entries()[:size]):
            proof = tree.inclusion_proof(index, size)
            verify_inclusion(index, size, leaf_hash(entry), proof, opened[size].root)
            written = format_proof(TlogProof(index, tuple(proof), checkpoint(size)))
            assert verify_proof(parse_proof(written), entry, verifier()).checkpoint.size == size


def test_every_checkpoint_extends_every_earlier_one(tree, opened):
    for size2 in range(1, SIZE + 1):
        for size1 in range(1, size2 + 1):
            proof = tree.consistency_proof(size1, size2)
            verify_consistency(size1, size2, proof, opened[size1].root, opened[size2].root)
            advance(opened[size1], opened[size2], proof)


def test_every_altered_byte_of_a_checkpoint_is_noticed():
    note = checkpoint(SIZE)
    for at in range(len(note)):
        for bit in range(8):
            altered = note[:at] + bytes([note[at] ^ 1 << bit]) + note[at + 1 :]
            with pytest.raises(NoteError):
                open_checkpoint(altered, verifier())
