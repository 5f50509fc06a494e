"""A whole Merkle tree in memory, for whoever reads a whole record: grown a chunk at a time."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from ledger.log.merkle import EMPTY_ROOT, HASH_SIZE, node_hash

__all__ = ["Levels"]


class Levels:
    """The complete subtrees of a Merkle tree, grown a chunk at a time.

    The hashes of each level stand one after the other: two for each leaf, and nothing else.
    """

    def __init__(self) -> None:
        self._levels = [bytearray()]

    def size(self) -> int:
        """Return the number of leaves."""
        return self.length(0)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves, and every subtree that they complete."""
        level = 0
        self._levels[0] += b"".join(leaves)
        while (stop := self.length(level) & ~1) > 0:
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            above = self._levels[level + 1]
            pairs = self._levels[level][2 * len(above) : stop * HASH_SIZE]
            above += b"".join(
                sha256(b"\x01" + pairs[start : start + 2 * HASH_SIZE]).digest()
                for start in range(0, len(pairs), 2 * HASH_SIZE)
            )
            level += 1

    def node(self, level: int, index: int) -> bytes:
        """Return a node that is there."""
        (node,) = self.nodes(level, index, index + 1)
        return node

    def length(self, level: int) -> int:
        """Return how many nodes a level has; 0 where there is no such level."""
        return len(self._levels[level]) // HASH_SIZE if level < len(self._levels) else 0

    def nodes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return nodes of a level, from one index up to another."""
        part = bytes(self._levels[level][start * HASH_SIZE : stop * HASH_SIZE])
        return [part[at : at + HASH_SIZE] for at in range(0, len(part), HASH_SIZE)]

    def root(self, size: int) -> bytes:
        """Return the root over the first leaves, as many as `size`."""
        if size == 0:
            return EMPTY_ROOT
        level = (size & -size).bit_length() - 1
        index = size >> level
        node = self.node
        root = node(level, index - 1)
        while index := index & (index - 1):
            step = (index & -index).bit_length() - 1
            root = node_hash(node(level + step, (index >> step) - 1), root)
        return root
