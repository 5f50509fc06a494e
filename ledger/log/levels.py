"""A whole Merkle tree in memory, for whoever reads a whole record: grown a chunk at a time."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from ledger.log.merkle import EMPTY_ROOT, node_hash

__all__ = ["Levels"]


class Levels:
    """The complete subtrees of a Merkle tree, one list a level, grown a chunk at a time."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    def size(self) -> int:
        """Return the number of leaves."""
        return len(self._levels[0])

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves, and every subtree that they complete."""
        level = 0
        self._levels[0].extend(leaves)
        while (stop := len(self._levels[level]) & ~1) > 0:
            if level + 1 == len(self._levels):
                self._levels.append([])
            row, above = self._levels[level], self._levels[level + 1]
            start = 2 * len(above)
            lefts, rights = row[start:stop:2], row[start + 1 : stop : 2]
            above.extend(
                sha256(b"\x01" + left + right).digest()
                for left, right in zip(lefts, rights, strict=True)
            )
            level += 1

    def node(self, level: int, index: int) -> bytes:
        """Return a node that is there."""
        return self._levels[level][index]

    def level(self, level: int) -> Sequence[bytes]:
        """Return the nodes of a level; none where there is no such level."""
        return self._levels[level] if level < len(self._levels) else ()

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
