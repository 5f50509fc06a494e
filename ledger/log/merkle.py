"""The Merkle tree over the ledger's entries: append, prove and check (RFC 9162 section 2.1).

Whoever holds an earlier root can demand proof that nothing below it has changed, and whoever
holds one entry that it is in the tree. The tree knows hashes only; entries stay with the caller.

    >>> tree = Tree(MemoryNodes())
    >>> added = tree.append([leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(b"three")])
    >>> verify_inclusion(1, 3, leaf_hash(b"two"), tree.inclusion_proof(1, 3), tree.root())
    >>> verify_consistency(2, 3, tree.consistency_proof(2, 3), tree.root(2), tree.root(3))

Only complete subtrees are stored: node (level, idx) covers the leaves from idx * 2**level up to
(idx + 1) * 2**level, so a stored node never changes, whatever is appended later. The few hashes
on the tree's right edge that do change are computed when asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain, islice
from typing import Protocol

from ledger.errors import ProofError

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "MAX_SIZE",
    "Key",
    "MemoryNodes",
    "Node",
    "Nodes",
    "Tree",
    "brief",
    "check_hash",
    "check_hashes",
    "check_number",
    "leaf_hash",
    "node_hash",
    "verify_consistency",
    "verify_inclusion",
]

HASH_SIZE = 32
MAX_SIZE = 2**63 - 1
"""Every database's integer column holds it, and so does every other reader of these formats."""

EMPTY_ROOT = sha256(b"").digest()

_ROOTS_KEPT = 1024
_PROVED_AT_ONCE = 256

Key = tuple[int, int]
"""Where a node stands: level, idx."""

Node = tuple[int, int, bytes]
"""A node as stored: level, idx, hash."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry, marked as a leaf so that no inner node passes for one (section 2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (section 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class Nodes(Protocol):
    """Where the hashes of complete subtrees are kept; level 0 holds the leaf hashes."""

    def get(self, level: int, idx: int) -> bytes | None:
        """Return one node, or None where it is not stored."""
        ...

    def get_many(self, keys: Sequence[Key]) -> Sequence[bytes | None]:
        """Return the nodes at `keys`, in that order, None for each that is not stored."""
        ...

    def put(self, nodes: Iterable[Node]) -> None:
        """Store new nodes; within a level they come in ascending order, without gaps."""
        ...

    def size(self) -> int:
        """Return the number of leaves stored."""
        ...


class MemoryNodes:
    """Nodes in memory, for verifiers and tests: one list a level."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = []

    def get(self, level: int, idx: int) -> bytes | None:
        """Return one node, or None where it is not stored."""
        if level >= len(self._levels) or idx >= len(self._levels[level]):
            return None
        return self._levels[level][idx]

    def get_many(self, keys: Sequence[Key]) -> list[bytes | None]:
        """Return the nodes at `keys`, in that order, None for each that is not stored."""
        return [self.get(level, idx) for level, idx in keys]

    def put(self, nodes: Iterable[Node]) -> None:
        """Store new nodes; a node that is not its level's next one raises ProofError."""
        for level, idx, node in nodes:
            if level == len(self._levels):
                self._levels.append([])
            if level > len(self._levels) or idx != len(self._levels[level]):
                raise ProofError(
                    "Internal error: a node was stored out of its turn",
                    got=f"level {level}, number {idx}",
                    expected="each level's nodes in order, without gaps",
                    todo="Build the tree again from its entries.",
                )
            self._levels[level].append(node)

    def size(self) -> int:
        """Return the number of leaves stored."""
        return len(self._levels[0]) if self._levels else 0


class Tree:
    """An append-only tree over stored nodes, its right edge held in memory.

    One process writes through one Tree at a time. After another process has appended, or after
    the caller's transaction was rolled back, call `refresh`.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._size = 0
        self._peaks: dict[int, bytes] = {}
        self._roots: dict[int, bytes] = {}
        self.refresh()

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    def refresh(self) -> None:
        """Read size and right edge again from the stored nodes."""
        size = self._nodes.size()
        keys = list(_complete(0, size))
        peaks = {level: peak for (level, _), peak in zip(keys, self._read(keys), strict=True)}
        if (size, peaks) != (self._size, self._peaks):
            # A rolled back append may have left roots that were never anyone's.
            self._roots.clear()
        self._size, self._peaks = size, peaks

    def append(self, leaf_hashes: Sequence[bytes]) -> list[Node]:
        """Add leaves, store every subtree that they complete, and return those nodes.

        Nothing is read. When storing fails the tree stays as it was.
        """
        check_hashes("leaf hashes to append", leaf_hashes)
        check_number("The size after appending", self._size + len(leaf_hashes), 0, MAX_SIZE)
        added, peaks = _grow(self._size, self._peaks, leaf_hashes)
        self._nodes.put(added)
        self._size += len(leaf_hashes)
        self._peaks = peaks
        return added

    def extend(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add leaves whose nodes somebody else has stored: what `refresh` does, without reading."""
        check_hashes("leaf hashes to add", leaf_hashes)
        _, self._peaks = _grow(self._size, self._peaks, leaf_hashes)
        self._size += len(leaf_hashes)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves (section 2.1.1), of all when None."""
        size = self._size if size is None else size
        check_number("The size to take a root at", size, 0, self._size)
        if size not in self._roots:
            if len(self._roots) >= _ROOTS_KEPT:
                del self._roots[next(iter(self._roots))]
            self._roots[size] = self._compute_root(size)
        return self._roots[size]

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Return the hashes that lead from leaf `index` to the root at `size` (2.1.3.1)."""
        check_number("The size to prove inclusion in", size, 1, self._size)
        check_number("The index of the leaf to prove", index, 0, size - 1)
        return self._hashes(_inclusion_ranges(index, size))

    def inclusion_proofs(self, indices: Iterable[int], size: int) -> Iterator[list[bytes]]:
        """Go through `inclusion_proof` of many leaves; what neighbours share is hashed once."""
        check_number("The size to prove inclusion in", size, 1, self._size)
        left = iter(indices)
        while some := list(islice(left, _PROVED_AT_ONCE)):
            for index in some:
                check_number("The index of the leaf to prove", index, 0, size - 1)
            asked = [_inclusion_ranges(index, size) for index in some]
            ranges = list(dict.fromkeys(chain.from_iterable(asked)))
            hashes = dict(zip(ranges, self._hashes(ranges), strict=True))
            yield from ([hashes[each] for each in one] for one in asked)

    def consistency_proof(self, size1: int, size2: int) -> list[bytes]:
        """Return the hashes that show size2 to be an extension of size1 (2.1.4.1)."""
        check_number("The newer size to prove consistency of", size2, 1, self._size)
        check_number("The older size to prove consistency of", size1, 1, size2)
        return self._hashes(_consistency_ranges(size1, size2))

    def _compute_root(self, size: int) -> bytes:
        if size == 0:
            return EMPTY_ROOT
        if size == self._size:
            return _join(list(self._peaks.values()))
        return _join(self._read(list(_complete(0, size))))

    def _hashes(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """Hash each range of leaves, reading all stored nodes at once."""
        keys = [list(_complete(start, end)) for start, end in ranges]
        read = iter(self._read([key for each in keys for key in each]))
        return [_join([next(read) for _ in each]) for each in keys]

    def _read(self, keys: Sequence[Key]) -> list[bytes]:
        if not keys:
            return []
        read = self._nodes.get_many(keys)
        for (level, idx), node in zip(keys, read, strict=True):
            # A damaged file may give text for bytes.
            if not isinstance(node, bytes) or len(node) != HASH_SIZE:
                raise ProofError(
                    f"The stored log is damaged at level {level}, number {idx}",
                    got="nothing" if node is None else f"{len(node)} bytes",
                    expected=f"a hash of {HASH_SIZE} bytes",
                    todo="Build the log again from the entries and compare its root with the "
                    "last checkpoint that you hold.",
                )
        return [node for node in read if node is not None]


def _grow(
    size: int, peaks: dict[int, bytes], leaf_hashes: Sequence[bytes]
) -> tuple[list[Node], dict[int, bytes]]:
    """Compute the nodes that new leaves complete, and the right edge that results.

    Leaf by leaf: each pairs with the edge's node of its level, as long as there is one, and what
    results is the new end of the edge.
    """
    nodes: list[Node] = []
    edge = dict(peaks)
    for first, leaf in enumerate(leaf_hashes, size):
        level, index, node = 0, first, leaf
        nodes.append((level, index, node))
        while index % 2:
            node = node_hash(edge.pop(level), node)
            level, index = level + 1, index // 2
            nodes.append((level, index, node))
        edge[level] = node
    return nodes, edge


def _complete(start: int, end: int) -> Iterator[Key]:
    """Split a range of leaves into complete subtrees, the largest and leftmost first.

    `start` is a multiple of the largest power of two within the range, as it always is in
    RFC 9162's recursion.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _join(peaks: Sequence[bytes]) -> bytes:
    """Hash neighbouring complete subtrees, largest first, into their common root."""
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def _split(start: int, end: int) -> int:
    """Return where the left subtree ends: at the largest power of two below the length."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """List the siblings on the way from leaf `index` up to the root (PATH, 2.1.3.1)."""
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _consistency_ranges(size1: int, size2: int) -> list[tuple[int, int]]:
    """List the subtrees from which both roots can be computed (SUBPROOF, 2.1.4.1)."""
    ranges = []
    start, end = 0, size2
    while end != size1:
        middle = _split(start, end)
        if size1 <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        # Otherwise the subtree is the whole older tree, whose root the verifier holds.
        ranges.append((start, end))
    return ranges[::-1]


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Return if `proof` leads from the leaf to the root (2.1.3.2), else raise ProofError."""
    check_number("The size of the tree", size, 1, MAX_SIZE)
    check_number("The index of the leaf", index, 0, size - 1)
    check_hash("The leaf hash", leaf_hash)
    check_hash("The root", root)
    _check_proof("inclusion", proof, len(_inclusion_ranges(index, size)))
    here, last, computed = index, size - 1, leaf_hash
    for sibling in proof:
        if here % 2 or here == last:
            computed = node_hash(sibling, computed)
            here, last = _skip_right_edge(here, last)
        else:
            computed = node_hash(computed, sibling)
        here, last = here >> 1, last >> 1
    if computed != root:
        raise ProofError(
            f"The proof does not place this entry at index {index} of {size}",
            got=f"root {computed.hex()}",
            expected=f"root {root.hex()}",
            todo="Keep the entry, the proof and the root as evidence, and ask for the entry that "
            "the log holds at this index.",
        )


def verify_consistency(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes
) -> None:
    """Return if the newer tree only adds to the older one (2.1.4.2), else raise ProofError.

    An older size of 0 is an error: everything extends the empty tree, so it proves nothing.
    """
    check_number("The newer size", size2, 1, MAX_SIZE)
    check_number("The older size", size1, 1, size2)
    check_hash("The older root", root1)
    check_hash("The newer root", root2)
    _check_proof("consistency", proof, len(_consistency_ranges(size1, size2)))
    shown1, shown2 = _roots_shown(size1, size2, proof, root1)
    for which, size, shown, held in (
        ("older", size1, shown1, root1),
        ("newer", size2, shown2, root2),
    ):
        if shown != held:
            raise ProofError(
                f"The tree of {size2} does not extend the tree of {size1}, or the proof is wrong",
                got=f"{which} root {shown.hex()} at size {size} by the proof",
                expected=f"{held.hex()}",
                todo="Keep both signed checkpoints as evidence and ask for the proof again: if "
                "none can be given, the log was rewritten.",
            )


def _roots_shown(
    size1: int, size2: int, proof: Sequence[bytes], root1: bytes
) -> tuple[bytes, bytes]:
    """Compute the older and the newer root from a proof of the right length (2.1.4.2)."""
    if size1 == size2:
        return root1, root1
    # A complete older tree is itself the first subtree, and its root is left out of the proof.
    complete = size1 & (size1 - 1) == 0
    first, *rest = [root1, *proof] if complete else proof
    here, last = size1 - 1, size2 - 1
    while here % 2:
        here, last = here >> 1, last >> 1
    shown1 = shown2 = first
    for sibling in rest:
        if here % 2 or here == last:
            shown1, shown2 = node_hash(sibling, shown1), node_hash(sibling, shown2)
            here, last = _skip_right_edge(here, last)
        else:
            shown2 = node_hash(shown2, sibling)
        here, last = here >> 1, last >> 1
    return shown1, shown2


def _skip_right_edge(here: int, last: int) -> tuple[int, int]:
    """Climb past the levels on which a node at the right edge has no sibling."""
    while here and not here % 2:
        here, last = here >> 1, last >> 1
    return here, last


def check_number(what: str, value: int, low: int, high: int) -> None:
    """Raise ProofError unless `value` is an int, no bool, from `low` up to `high`."""
    if type(value) is not int or not low <= value <= high:
        raise ProofError(
            f"{what} is out of range",
            got=brief(value),
            expected=f"a whole number from {low} to {high}"
            if low <= high
            else "a tree with at least one leaf",
            todo="Ask for a proof between sizes that both sides hold.",
        )


def check_hash(what: str, value: bytes) -> None:
    """Raise ProofError unless `value` is a SHA-256 hash: exactly 32 bytes."""
    if type(value) is not bytes or len(value) != HASH_SIZE:
        raise ProofError(
            f"{what} is not a hash",
            got=brief(value),
            expected=f"{HASH_SIZE} bytes",
            todo="Ask for it again; it may have been cut or changed on its way.",
        )


def check_hashes(what: str, values: Sequence[bytes]) -> None:
    """Raise ProofError, with its number, for the first value that is not a hash."""
    for number, value in enumerate(values, start=1):
        # Asked here too, so that no sentence is written for each hash of a bulk append.
        if type(value) is not bytes or len(value) != HASH_SIZE:
            check_hash(f"Number {number} of the {what}", value)


def _check_proof(kind: str, proof: Sequence[bytes], length: int) -> None:
    """Refuse a proof of any but the one length that its sizes allow, before hashing anything."""
    if not isinstance(proof, (list, tuple)) or len(proof) != length:
        raise ProofError(
            f"The {kind} proof has the wrong length",
            got=f"{len(proof)} hashes" if isinstance(proof, (list, tuple)) else brief(proof),
            expected=f"{length} hashes",
            todo="Ask for the proof again, for exactly these sizes.",
        )
    check_hashes(f"hashes in the {kind} proof", proof)


def brief(value: object) -> str:
    """Describe any value in one short line, however large it is."""
    if isinstance(value, (bytes, bytearray, str, list, tuple)):
        return f"{type(value).__name__} of length {len(value)}"
    if type(value) is int and value.bit_length() > MAX_SIZE.bit_length() + 1:
        return f"a number of {value.bit_length()} bits"
    return f"{value!r:.60}"
