"""A record in chunks: where entries are read from, and what each chunk told beside its rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from ledger.audit.by_entry import Inspected, Row

__all__ = ["CHUNK", "Chunk", "InspectChunks", "Source", "chunked", "paired", "share_of"]

Chunk = Iterable[Row]
"""Rows at hand in a list, or what reads them wherever it is gone through, in each process again."""

InspectChunks = Callable[[Iterable[Chunk]], Iterable[Inspected]]

CHUNK = 2_000
_SMALLEST = 250
_SHARES = 16


class Source(Protocol):
    """Where entries are read from: a ledger's store, or the lines of a file."""

    def raw(self, position: int) -> bytes:
        """Return the bytes of one entry that was read already."""
        ...

    def thread(self, tag: str, types: Sequence[str], before: int) -> Iterable[Row]:
        """Return the entries with a tag and of some types, before a position, in order."""
        ...


def chunked(rows: Iterable[Row], total: int | None = None) -> Iterator[list[Row]]:
    """Cut rows into chunks; of a `total` that is known, the last ones are the smallest."""
    rows, done = iter(rows), 0
    while chunk := list(islice(rows, CHUNK if total is None else share_of(total - done))):
        yield chunk
        done += len(chunk)


def share_of(left: int) -> int:
    """Return how many of the entries that are left the next chunk should have.

    Whoever inspects chunks beside others is done when the last one is: the smaller the last
    chunks, the less do others wait.
    """
    return max(_SMALLEST, min(CHUNK, left // _SHARES))


def paired(
    chunks: Iterable[Chunk], inspect_chunks: InspectChunks
) -> Iterator[tuple[Chunk, Inspected]]:
    """Go through chunks beside what their inspection told, in order."""
    held: deque[Chunk] = deque()

    def kept() -> Iterator[Chunk]:
        for chunk in chunks:
            held.append(chunk)
            yield chunk

    for told in inspect_chunks(kept()):
        yield held.popleft(), told
