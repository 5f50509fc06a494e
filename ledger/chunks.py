"""A record in chunks: where entries are read from, and what each chunk told beside its rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from ledger.inspection import Inspected, Row

__all__ = ["CHUNK", "InspectChunks", "Source", "chunked", "paired"]

InspectChunks = Callable[[Iterable[list[Row]]], Iterable[Inspected]]

CHUNK = 2_000


class Source(Protocol):
    """Where entries are read from: a ledger's store, or the lines of a file."""

    def raw(self, position: int) -> bytes:
        """Return the bytes of one entry that was read already."""
        ...

    def thread(self, tag: str, types: Sequence[str], before: int) -> Iterable[Row]:
        """Return the entries with a tag and of some types, before a position, in order."""
        ...


def chunked(rows: Iterable[Row], size: int = CHUNK) -> Iterator[list[Row]]:
    """Cut rows into chunks."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


def paired(
    chunks: Iterable[list[Row]], inspect_chunks: InspectChunks
) -> Iterator[tuple[list[Row], Inspected]]:
    """Go through chunks beside what their inspection told, in order."""
    held: deque[list[Row]] = deque()

    def kept() -> Iterator[list[Row]]:
        for chunk in chunks:
            held.append(chunk)
            yield chunk

    for told in inspect_chunks(kept()):
        yield held.popleft(), told
