"""Entries that stand one after another in a file: read in order once, and again by position."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Self

from ledger.audit.by_entry import Row
from ledger.errors import BundleError
from ledger.format.entry import read_entry

__all__ = ["Rereading"]


class Rereading:
    """Where each entry of a file stands; a `Source` for judging, closed at the end.

    Whoever reads the file in order notes each entry with `_note`. `between` is how many bytes
    stand between two entries.
    """

    def __init__(self, file: IO[bytes], name: str, between: int = 0) -> None:
        """Begin before the first entry; `name` is what people call the file."""
        self._file = file
        self._name = name
        self._between = between
        self._forget()

    def _forget(self) -> None:
        """Begin again before the first entry."""
        self._positions = array("Q")
        self._starts = array("Q", [0])

    def _note(self, position: int, size: int) -> None:
        """Note where the next entry stands; positions ascend."""
        self._positions.append(position)
        self._starts.append(self._starts[-1] + size + self._between)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def count(self) -> int:
        """How many entries were read."""
        return len(self._positions)

    @property
    def last(self) -> int:
        """The position of the last entry that was read, 0 before the first."""
        return self._positions[-1] if self._positions else 0

    def raw(self, position: int) -> bytes:
        """Return the bytes of one entry that was read already; raise BundleError for another."""
        number = bisect_left(self._positions, position)
        if number == len(self._positions) or self._positions[number] != position:
            raise BundleError(f"entry {position} is not in the {self._name}")
        start, end = self._starts[number], self._starts[number + 1] - self._between
        self._file.seek(start)
        data = self._file.read(end - start)
        # Whoever is still writing the file goes on at its end.
        self._file.seek(0, os.SEEK_END)
        return data

    def again(self) -> Iterator[Row]:
        """Go through the entries once more."""
        return ((position, self.raw(position)) for position in self._positions)

    def thread(self, tag: str, types: Sequence[str], before: int) -> Iterable[Row]:
        """Look through every entry: nothing that authority asks usually comes here."""
        wanted = frozenset(types)
        for position, data in self.again():
            if position >= before:
                return
            entry = read_entry(position, data)
            if entry.name in wanted and tag in {*entry.tags, entry.key}:
                yield position, data
