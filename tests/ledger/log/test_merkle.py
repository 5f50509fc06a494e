"""The tree against an independent, recursive reading of RFC 9162, then proofs under attack."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.log import merkle
from ledger.log.merkle import (
    EMPTY_ROOT,
    MAX_SIZE,
    MemoryNodes,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 130
PROVED = 64
ENTRIES = tuple(b"entry %d" % n for n in range(LARGEST))


def sha(data):
    return hashlib.sha256(data).digest()


def below(length):
    """Return the largest power of two smaller than `length` (RFC 9162 section 2.1.1)."""
    power = 1
    while power * 2 < length:
        power *= 2
    return power


@cache
def naive_root(start, end):
    """MTH(D[start:end]), word by word from the specification."""
    if start == end:
        return sha(b"")
    if end - start == 1:
        return sha(b"\x00" + ENTRIES[start])
    k = start + below(end - start)
    return sha(b"\x01" + naive_root(start, k) + naive_root(k, end))


def naive_path(m, start, end):
    """PATH(m, D[start:end]), m counted from `start`."""
    if end - start == 1:
        return []
    k = below(end - start)
    if m < k:
        return [*naive_path(m, start, start + k), naive_root(start + k, end)]
    return [*naive_path(m - k, start + k, end), naive_root(start, start + k)]


def naive_subproof(m, start, end, whole):
    """SUBPROOF(m, D[start:end], whole)."""
    if m == end - start:
        return [] if whole else [naive_root(start, end)]
    k = below(end - start)
    if m <= k:
        return [*naive_subproof(m, start, start + k, whole), naive_root(start + k, end)]
    return [*naive_subproof(m - k, start + k, end, False), naive_root(start, start + k)]


@pytest.fixture(scope="module")
def tree():
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(entry) for entry in ENTRIES])
    return tree


class CountingNodes(MemoryNodes):
    """Nodes that say how often they were read."""

    def __init__(self):
        super().__init__()
        self.reads = 0

    def get_many(self, keys):
        self.reads += 1
        return super().get_many(keys)


def test_the_root_at_every_size_is_the_naive_one(tree):
    assert [tree.root(size) for size in range(LARGEST + 1)] == [
        naive_root(0, size) for size in range(LARGEST + 1)
    ]


def test_known_hashes_of_the_specification():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert node_hash(b"l" * 32, b"r" * 32) == sha(b"\x01" + b"l" * 32 + b"r" * 32)


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 64, LARGEST])
def test_appending_in_batches_of_any_size_stores_the_same_nodes(tree, batch):
    other = Tree(MemoryNodes())
    stored = []
    for start in range(0, LARGEST, batch):
        stored += other.append([leaf_hash(entry) for entry in ENTRIES[start : start + batch]])
    assert other.root() == tree.root()
    assert len(stored) == len({(level, idx) for level, idx, _ in stored})
    for level, idx, node in stored:
        assert node == naive_root(idx << level, (idx + 1) << level)
    complete = sum(LARGEST >> level for level in range(LARGEST.bit_length()))
    assert len(stored) == complete


def test_every_leaf_is_proved_in_every_size(tree):
    for size in range(1, PROVED + 1):
        for index in range(size):
            proof = tree.inclusion_proof(index, size)
            assert proof == naive_path(index, 0, size)
            verify_inclusion(index, size, leaf_hash(ENTRIES[index]), proof, naive_root(0, size))


def test_many_leaves_are_proved_as_each_by_itself_is_and_read_together(monkeypatch):
    monkeypatch.setattr("ledger.log.merkle._PROVED_AT_ONCE", 50)
    nodes = CountingNodes()
    tree = Tree(nodes)
    tree.append([leaf_hash(entry) for entry in ENTRIES])
    for size in (1, 77, len(ENTRIES)):
        indices = [index for index in range(size) if index % 3 != 1]
        before = nodes.reads
        assert list(tree.inclusion_proofs(indices, size)) == [
            tree.inclusion_proof(index, size) for index in indices
        ]
        assert nodes.reads - before <= -(-len(indices) // 50) + len(indices)


def test_no_leaf_is_proved_in_a_size_that_lacks_it(tree):
    with pytest.raises(ProofError, match="index of the leaf"):
        list(tree.inclusion_proofs([0, 5], 5))


def test_every_pair_of_sizes_is_proved_consistent(tree):
    for size2 in range(1, PROVED + 1):
        for size1 in range(1, size2 + 1):
            proof = tree.consistency_proof(size1, size2)
            assert proof == naive_subproof(size1, 0, size2, True)
            verify_consistency(size1, size2, proof, naive_root(0, size1), naive_root(0, size2))


def test_one_append_reads_nothing_and_stores_what_it_completes():
    nodes = CountingNodes()
    tree = Tree(nodes)
    tree.append([leaf_hash(entry) for entry in ENTRIES[:127]])
    before = nodes.reads
    assert [(level, idx) for level, idx, _ in tree.append([leaf_hash(ENTRIES[127])])] == [
        (0, 127), (1, 63), (2, 31), (3, 15), (4, 7), (5, 3), (6, 1), (7, 0),
    ]  # fmt: skip
    assert tree.root() == naive_root(0, 128)
    assert nodes.reads == before


def test_a_proof_reads_once_and_a_root_taken_again_reads_nothing(tree):
    nodes = CountingNodes()
    tree = Tree(nodes)
    tree.append([leaf_hash(entry) for entry in ENTRIES])
    before = nodes.reads
    tree.inclusion_proof(77, 101)
    tree.consistency_proof(77, 101)
    tree.root(101)
    assert nodes.reads == before + 3
    tree.root(101)
    assert nodes.reads == before + 3


def test_only_so_many_roots_are_kept(tree, monkeypatch):
    monkeypatch.setattr(merkle, "_ROOTS_KEPT", 4)
    other = Tree(MemoryNodes())
    other.append([leaf_hash(entry) for entry in ENTRIES])
    for size in range(LARGEST):
        assert other.root(size) == tree.root(size)
    assert len(other._roots) == 4


def test_a_tree_finds_what_another_process_appended_after_refresh():
    nodes = MemoryNodes()
    mine, theirs = Tree(nodes), Tree(nodes)
    theirs.append([leaf_hash(entry) for entry in ENTRIES[:5]])
    assert mine.size == 0
    mine.refresh()
    assert (mine.size, mine.root()) == (5, naive_root(0, 5))
    mine.append([leaf_hash(ENTRIES[5])])
    theirs.refresh()
    assert theirs.root() == naive_root(0, 6)


def test_a_tree_takes_in_what_it_is_told_that_others_stored_without_reading_it():
    nodes = MemoryNodes()
    mine, theirs = Tree(nodes), Tree(nodes)
    for size in range(1, PROVED):
        theirs.append([leaf_hash(ENTRIES[size - 1])])
        if size % 3 == 0:
            mine.extend([leaf_hash(entry) for entry in ENTRIES[size - 3 : size]])
            assert (mine.size, mine.root()) == (size, naive_root(0, size))
            assert mine._peaks == theirs._peaks
            assert mine.root(size - 1) == naive_root(0, size - 1)


def test_refresh_forgets_roots_that_a_rollback_undid():
    nodes = MemoryNodes()
    tree = Tree(nodes)
    tree.append([leaf_hash(entry) for entry in ENTRIES[:2]])
    undone = [list(level) for level in nodes._levels]
    tree.append([leaf_hash(b"never recorded")])
    forgotten = tree.root(3)
    nodes._levels = undone
    tree.refresh()
    tree.append([leaf_hash(ENTRIES[2]), leaf_hash(ENTRIES[3])])
    assert tree.root(3) == naive_root(0, 3) != forgotten


def test_refresh_forgets_roots_when_others_appended_as_many_after_a_rollback():
    nodes = MemoryNodes()
    tree = Tree(nodes)
    tree.append([leaf_hash(b"never recorded")])
    forgotten = tree.root()
    nodes._levels = []
    Tree(nodes).append([leaf_hash(ENTRIES[0])])
    tree.refresh()
    assert tree.root() == naive_root(0, 1) != forgotten


def test_refresh_keeps_roots_when_nothing_changed(tree):
    kept = tree.root(99)
    tree.refresh()
    assert tree._roots[99] is kept


def test_a_failed_write_leaves_the_tree_as_it_was():
    class FullDisk(MemoryNodes):
        def put(self, nodes):  # noqa: ARG002 - the protocol's signature
            raise OSError(28, "No space left on device")

    tree = Tree(FullDisk())
    with pytest.raises(OSError, match="No space"):
        tree.append([leaf_hash(b"x")])
    assert (tree.size, tree.root()) == (0, EMPTY_ROOT)


def test_a_node_missing_from_the_store_is_named():
    nodes = MemoryNodes()
    Tree(nodes).append([leaf_hash(entry) for entry in ENTRIES[:7]])
    nodes._levels[2] = []
    with pytest.raises(ProofError, match="damaged at level 2, number 0: got nothing"):
        Tree(nodes)
    nodes._levels[2] = [b"short"]
    with pytest.raises(ProofError, match="got 5 bytes, expected a hash of 32 bytes"):
        Tree(nodes)


def test_memory_nodes_refuse_gaps_and_rewriting():
    nodes = MemoryNodes()
    nodes.put([(0, 0, b"a" * 32)])
    assert nodes.get(0, 0) == b"a" * 32
    assert nodes.get_many([(0, 1), (1, 0)]) == [None, None]
    for level, idx in [(0, 0), (0, 2), (2, 0)]:
        with pytest.raises(ProofError, match="out of its turn"):
            nodes.put([(level, idx, b"b" * 32)])


@pytest.mark.parametrize("leaf", [b"", b"x" * 31, b"x" * 33, "x" * 32, None, bytearray(32)])
def test_what_is_no_hash_is_not_appended(leaf):
    tree = Tree(MemoryNodes())
    with pytest.raises(ProofError, match="Number 2 of the leaf hashes to append is not a hash"):
        tree.append([leaf_hash(b"x"), leaf])
    assert tree.size == 0


@pytest.mark.parametrize(
    ("index", "size"),
    [(0, 0), (5, 5), (6, 5), (-1, 5), (0, LARGEST + 1), (0, 2**64), (True, 5), (0, True), (0, 5.0)],
)
def test_no_inclusion_proof_is_made_out_of_range(tree, index, size):
    with pytest.raises(ProofError, match="is out of range"):
        tree.inclusion_proof(index, size)


@pytest.mark.parametrize(
    ("size1", "size2"),
    [(0, 0), (0, 5), (6, 5), (-1, 5), (5, LARGEST + 1), (5, 2**64), (2**64, 2**64), (True, 5)],
)
def test_no_consistency_proof_is_made_out_of_range(tree, size1, size2):
    with pytest.raises(ProofError, match="is out of range"):
        tree.consistency_proof(size1, size2)


@pytest.mark.parametrize("size", [-1, LARGEST + 1, 2**64, True, "1"])
def test_no_root_is_taken_out_of_range(tree, size):
    with pytest.raises(ProofError, match="The size to take a root at is out of range"):
        tree.root(size)


def flips(data):
    """Return `data` with one bit turned in each of its bytes."""
    return [data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :] for at in range(len(data))]


def altered(proof):
    """Yield every small change of a proof."""
    for at in range(len(proof)):
        yield proof[:at] + proof[at + 1 :]
        yield [*proof[:at], b"\0" * 32, *proof[at:]]
        yield [*proof[:at], proof[at], *proof[at:]]
        for flipped in flips(proof[at]):
            yield [*proof[:at], flipped, *proof[at + 1 :]]
        yield [*proof[:at], proof[at][:-1], *proof[at + 1 :]]
        yield [*proof[:at], proof[at].hex(), *proof[at + 1 :]]
    for at in range(len(proof) - 1):
        yield [*proof[:at], proof[at + 1], proof[at], *proof[at + 2 :]]
    yield [*proof, b"\0" * 32]
    yield [*proof, *proof, b"\0" * 32]


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (2, 3), (4, 7), (6, 7), (63, 64)])
def test_an_altered_inclusion_proof_is_refused(tree, index, size):
    leaf, root = leaf_hash(ENTRIES[index]), tree.root(size)
    proof = tree.inclusion_proof(index, size)
    for changed in altered(proof):
        with pytest.raises(ProofError):
            verify_inclusion(index, size, leaf, changed, root)
    for flipped in flips(leaf):
        with pytest.raises(ProofError, match="does not place this entry"):
            verify_inclusion(index, size, flipped, proof, root)
    for flipped in flips(root):
        with pytest.raises(ProofError, match="does not place this entry"):
            verify_inclusion(index, size, leaf, proof, flipped)


@pytest.mark.parametrize(
    ("size1", "size2"), [(1, 2), (3, 3), (4, 7), (6, 7), (7, 13), (8, 64), (63, 64)]
)
def test_an_altered_consistency_proof_is_refused(tree, size1, size2):
    root1, root2 = tree.root(size1), tree.root(size2)
    proof = tree.consistency_proof(size1, size2)
    for changed in altered(proof):
        with pytest.raises(ProofError):
            verify_consistency(size1, size2, changed, root1, root2)
    for flipped in flips(root1):
        with pytest.raises(ProofError, match="does not extend"):
            verify_consistency(size1, size2, proof, flipped, root2)
    for flipped in flips(root2):
        with pytest.raises(ProofError, match="does not extend"):
            verify_consistency(size1, size2, proof, root1, flipped)
    if size1 != size2:
        with pytest.raises(ProofError, match="does not extend"):
            verify_consistency(size1, size2, proof, root2, root1)


def test_a_proof_holds_for_no_other_index(tree):
    for size in (5, 8, 13):
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion_proof(index, size)
            for other in range(size):
                if other != index:
                    with pytest.raises(ProofError):
                        verify_inclusion(other, size, leaf_hash(ENTRIES[index]), proof, root)


def test_a_proof_holds_for_no_other_older_size(tree):
    for size2 in (5, 8, 13):
        for size1 in range(1, size2):
            proof = tree.consistency_proof(size1, size2)
            for other in range(1, size2 + 1):
                if other != size1:
                    with pytest.raises(ProofError):
                        verify_consistency(other, size2, proof, tree.root(size1), tree.root(size2))


def test_a_node_presented_as_a_leaf_is_refused(tree):
    """Its two children, as an entry, hash with a leaf's prefix; its hash makes a short proof."""
    left, right = leaf_hash(ENTRIES[0]), leaf_hash(ENTRIES[1])
    root, rest = tree.root(4), tree.inclusion_proof(0, 4)[1:]
    with pytest.raises(ProofError, match="wrong length: got 1 hashes, expected 2 hashes"):
        verify_inclusion(0, 4, node_hash(left, right), rest, root)
    with pytest.raises(ProofError, match="does not place"):
        verify_inclusion(0, 2, leaf_hash(left + right), rest, root)
    with pytest.raises(ProofError, match="does not place"):
        verify_inclusion(0, 2, leaf_hash(b"\x01" + left + right), rest, root)


@pytest.mark.parametrize(
    ("index", "size"),
    [(0, 0), (1, 1), (2, 1), (-1, 1), (0, 2**63), (0, 2**64), (2**64, 2**64), (0, True),
     (False, 1), (0, "1"), (0, None), (0.0, 1), pytest.param(10**5000, 1, id="huge")],
)  # fmt: skip
def test_inclusion_out_of_range_is_refused(index, size):
    leaf = leaf_hash(ENTRIES[0])
    with pytest.raises(ProofError, match="is out of range"):
        verify_inclusion(index, size, leaf, [], leaf)


@pytest.mark.parametrize(
    ("size1", "size2"),
    [(0, 0), (0, 1), (2, 1), (-1, 1), (1, 2**63), (1, 2**64), (2**64, 2**64), (True, 1),
     (1, True), (1, "1"), (None, 1), (1.0, 1), pytest.param(1, 10**5000, id="huge")],
)  # fmt: skip
def test_consistency_out_of_range_is_refused(size1, size2):
    leaf = leaf_hash(ENTRIES[0])
    with pytest.raises(ProofError, match="is out of range"):
        verify_consistency(size1, size2, [], leaf, leaf)


@pytest.mark.parametrize("proof", [None, b"", b"x" * 32, "x" * 32, {b"x" * 32}, iter(()), 7])
def test_what_is_no_list_of_hashes_is_no_proof(proof):
    leaf = leaf_hash(ENTRIES[0])
    with pytest.raises(ProofError, match="inclusion proof has the wrong length"):
        verify_inclusion(0, 2, leaf, proof, leaf)
    with pytest.raises(ProofError, match="consistency proof has the wrong length"):
        verify_consistency(1, 2, proof, leaf, leaf)


@pytest.mark.parametrize("value", [None, b"", b"x" * 31, b"x" * 33, "x" * 32, bytearray(32)])
def test_what_is_no_hash_is_refused(value):
    leaf = leaf_hash(ENTRIES[0])
    for leaf_given, root in ((value, leaf), (leaf, value)):
        with pytest.raises(ProofError, match="is not a hash"):
            verify_inclusion(0, 1, leaf_given, [], root)
    for root1, root2 in ((value, leaf), (leaf, value)):
        with pytest.raises(ProofError, match="is not a hash"):
            verify_consistency(1, 1, [], root1, root2)


def test_one_size_has_one_root_and_needs_no_proof(tree):
    verify_consistency(7, 7, [], tree.root(7), tree.root(7))
    with pytest.raises(ProofError, match="does not extend the tree of 7"):
        verify_consistency(7, 7, [], tree.root(7), tree.root(8))
    with pytest.raises(ProofError, match="got 1 hashes, expected 0 hashes"):
        verify_consistency(7, 7, [tree.root(7)], tree.root(7), tree.root(7))


def test_the_largest_sizes_verify():
    """A proof at 2^63 - 1 is checked like any other: the left spine, of hashes made up."""
    siblings = [sha(b"%d" % n) for n in range(MAX_SIZE.bit_length())]
    root = leaf_hash(b"first")
    for sibling in siblings:
        root = node_hash(root, sibling)
    verify_inclusion(0, MAX_SIZE, leaf_hash(b"first"), siblings, root)
    verify_consistency(1, MAX_SIZE, siblings, leaf_hash(b"first"), root)
    with pytest.raises(ProofError, match="got 62 hashes, expected 63 hashes"):
        verify_inclusion(0, MAX_SIZE, leaf_hash(b"first"), siblings[1:], root)


def test_a_message_shows_both_roots_and_what_to_do(tree):
    with pytest.raises(ProofError) as refused:
        verify_inclusion(0, 1, leaf_hash(ENTRIES[0]), [], tree.root(2))
    assert str(refused.value) == (
        "The proof does not place this entry at index 0 of 1: "
        f"got root {tree.root(1).hex()}, expected root {tree.root(2).hex()}. "
        "Keep the entry, the proof and the root as evidence, "
        "and ask for the entry that the log holds at this index."
    )


anything = st.one_of(
    st.integers(), st.booleans(), st.none(), st.binary(max_size=40), st.text(max_size=40),
    st.floats(), st.lists(st.binary(min_size=32, max_size=32)), st.binary(min_size=32, max_size=32),
)  # fmt: skip
sizes = st.one_of(st.integers(0, 20), anything)
hashes = st.one_of(st.binary(min_size=32, max_size=32), anything)


@given(sizes, sizes, hashes, st.one_of(st.lists(hashes, max_size=6), anything), hashes)
def test_only_proof_errors_escape_the_verifiers(first, second, hash1, proof, hash2):
    for check, arguments in (
        (verify_inclusion, (first, second, hash1, proof, hash2)),
        (verify_consistency, (first, second, proof, hash1, hash2)),
    ):
        try:
            assert check(*arguments) is None
        except ProofError as error:
            assert str(error).endswith(".")  # noqa: PT017 - passing is allowed too


@given(st.lists(st.integers(0, 40), max_size=6), st.data())
def test_any_batches_give_one_tree(batches, data):
    leaves = [leaf_hash(b"%d" % n) for n in range(sum(batches))]
    at_once, by_batch = Tree(MemoryNodes()), Tree(MemoryNodes())
    at_once.append(leaves)
    for number, batch in enumerate(batches):
        start = sum(batches[:number])
        by_batch.append(leaves[start : start + batch])
    assert by_batch.root() == at_once.root()
    if leaves:
        size2 = data.draw(st.integers(1, len(leaves)))
        size1 = data.draw(st.integers(1, size2))
        proof = by_batch.consistency_proof(size1, size2)
        verify_consistency(size1, size2, proof, at_once.root(size1), at_once.root(size2))
        proof = by_batch.inclusion_proof(size1 - 1, size2)
        verify_inclusion(size1 - 1, size2, leaves[size1 - 1], proof, at_once.root(size2))


def test_the_public_names_exist():
    assert sorted(merkle.__all__) == sorted(set(merkle.__all__))
    assert all(hasattr(merkle, name) for name in merkle.__all__)
