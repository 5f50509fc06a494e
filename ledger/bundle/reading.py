"""The entries and the texts of a bundle, each read in its order."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, Self

import orjson

from ledger.bundle.archive import Archive
from ledger.bundle.manifest import Manifest
from ledger.entry import read_entry
from ledger.errors import BundleError, LedgerError
from ledger.inspection import Finding, Row
from ledger.sealed import read_disclosure

__all__ = ["Lines", "ShownTexts"]

_INDEXED = re.compile(rb"(0|[1-9][0-9]{0,15})\t(.+)", re.DOTALL)


class Lines:
    """The entries of a bundle: read once in order, and again by position from a temporary file."""

    def __init__(self, archive: Archive, manifest: Manifest) -> None:
        self._archive = archive
        self._is_part = manifest.kind == "part"
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._starts = array("Q", [0])
        self._at: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """Go through the entries, keeping them for later."""
        name = "entries.tsv" if self._is_part else "entries.jsonl"
        end, last = 0, 0
        starts, write = self._starts, self._file.write
        for number, line in enumerate(self._archive.lines(name), 1):
            position, data = _indexed(line, number) if self._is_part else (number, line)
            if position <= last:
                raise BundleError(f"line {number} of {name} is out of order")
            if self._is_part:
                self._at[position] = number
            last = position
            write(data)
            end += len(data)
            starts.append(end)
            yield position, data

    def raw(self, position: int) -> bytes:
        """Return the bytes of one entry that was read already."""
        number = self._at.get(position, 0) if self._is_part else position
        if not 0 < number < len(self._starts):
            raise BundleError(f"entry {position} is not in the bundle")
        start, end = self._starts[number - 1], self._starts[number]
        self._file.seek(start)
        data = self._file.read(end - start)
        self._file.seek(0, 2)
        return data

    def again(self) -> Iterator[Row]:
        """Go through the entries once more."""
        positions = list(self._at) if self._is_part else range(1, len(self._starts))
        return ((position, self.raw(position)) for position in positions)

    def thread(self, tag: str, types: Sequence[str], before: int) -> Iterable[Row]:
        """Look through every entry: nothing that authority asks usually comes here."""
        wanted = frozenset(types)
        for position, data in self.again():
            if position < before:
                entry = read_entry(position, data)
                if entry.name in wanted and tag in {*entry.tags, entry.key}:
                    yield position, data


def _indexed(line: bytes, number: int) -> Row:
    match = _INDEXED.fullmatch(line)
    if match is None:
        raise BundleError(
            f"line {number} of entries.tsv is malformed",
            got=line[:80].decode("utf-8", "backslashreplace"),
            expected="an index, a tab and an entry",
        )
    return int(match[1]) + 1, match[2]


class ShownTexts:
    """The disclosures and what is withheld: in the order of entries, so each is read once."""

    def __init__(self, archive: Archive) -> None:
        self._disclosed = _fields(archive, "disclosures.jsonl", _disclosure)
        self._withheld = _fields(archive, "withheld.tsv", _withheld)
        self._next = next(self._disclosed, None)
        self._next_withheld = next(self._withheld, None)

    def begin(self, events: Sequence[str]) -> None:
        """Nothing is read ahead."""

    def find(self, event: str, pointer: str) -> tuple[bytes, str] | None:
        """Return the next disclosure if it is of this field."""
        if self._next is None or self._next[0] != (event, pointer):
            return None
        found: tuple[bytes, str] = self._next[1]
        self._next = next(self._disclosed, None)
        return found

    def is_withheld(self, event: str, pointer: str) -> bool:
        """Tell whether the next field withheld is this one."""
        if self._next_withheld is None or self._next_withheld[0] != (event, pointer):
            return False
        self._next_withheld = next(self._withheld, None)
        return True

    def left(self) -> Iterator[Finding]:
        """Find what opens or withholds no sealed field, or stands out of order."""
        for name, one in (
            ("disclosures.jsonl", self._next),
            ("withheld.tsv", self._next_withheld),
        ):
            if one is not None:
                event, pointer = one[0]
                sentence = f"{name} names {pointer}, which this event does not seal there"
                yield Finding("sealed text", None, event, sentence)


def _fields(
    archive: Archive, name: str, read: Callable[[bytes], tuple[tuple[str, str], Any]]
) -> Iterator[tuple[tuple[str, str], Any]]:
    for number, line in enumerate(archive.lines(name), 1):
        try:
            yield read(line)
        except (LedgerError, ValueError) as error:
            raise BundleError(f"line {number} of {name} cannot be read", got=str(error)) from error


def _disclosure(line: bytes) -> tuple[tuple[str, str], tuple[bytes, str]]:
    said = read_disclosure(orjson.loads(line))
    if orjson.dumps(said.as_json(), option=orjson.OPT_SORT_KEYS) != line:
        raise ValueError("it is not canonical JSON")
    return (said.event, said.pointer), (said.salt, said.value)


def _withheld(line: bytes) -> tuple[tuple[str, str], None]:
    event, tab, pointer = line.decode("ascii").partition("\t")
    if not tab or "\t" in pointer:
        raise ValueError("expected an event, a tab and a pointer")
    return (event, pointer), None
