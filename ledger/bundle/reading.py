"""The entries and the texts of a bundle, each read in its order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

import orjson

from ledger.audit.by_entry import Finding, Row
from ledger.bundle.archive import Archive
from ledger.bundle.line_index import Rereading
from ledger.bundle.manifest import Manifest
from ledger.errors import BundleError, LedgerError
from ledger.format.sealed import Disclosure, parse_disclosure

__all__ = ["Lines", "ShownTexts", "disclosures_in", "entries_in"]

_DISCLOSED = "disclosures.jsonl"
_INDEXED = re.compile(rb"(0|[1-9][0-9]{0,15})\t(.+)", re.DOTALL)


class Lines(Rereading):
    """The entries of a bundle, kept in a temporary file to be read again."""

    def __init__(self, archive: Archive, manifest: Manifest) -> None:
        super().__init__(TemporaryFile(), "bundle")  # noqa: SIM115 - closed by __exit__
        self._archive = archive
        self._manifest = manifest

    def rows(self) -> Iterator[Row]:
        """Go through the entries, keeping them for later."""
        write, note = self._file.write, self._note
        for position, data in entries_in(self._archive, self._manifest):
            write(data)
            note(position, len(data))
            yield position, data


def entries_in(archive: Archive, manifest: Manifest) -> Iterator[Row]:
    """Go through a bundle's entries, each at its position in the record."""
    is_part, last = manifest.kind == "part", 0
    name = manifest.entries_file
    for number, line in enumerate(archive.lines(name), 1):
        position, data = _indexed(line, number) if is_part else (number, line)
        if position <= last:
            raise BundleError(f"line {number} of {name} is out of order")
        last = position
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


def disclosures_in(archive: Archive) -> Iterator[Disclosure]:
    """Go through the texts that a bundle shows."""
    for (event, pointer), (salt, value) in _fields(archive, _DISCLOSED, _disclosure):
        yield Disclosure(event, pointer, salt, value)


class ShownTexts:
    """The disclosures and what is withheld: in the order of entries, so each is read once."""

    def __init__(self, archive: Archive) -> None:
        self._disclosed = _fields(archive, _DISCLOSED, _disclosure)
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
            (_DISCLOSED, self._next),
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
    said = parse_disclosure(orjson.loads(line))
    if orjson.dumps(said.as_json(), option=orjson.OPT_SORT_KEYS) != line:
        raise ValueError("it is not canonical JSON")
    return (said.event, said.pointer), (said.salt, said.value)


def _withheld(line: bytes) -> tuple[tuple[str, str], None]:
    event, tab, pointer = line.decode("ascii").partition("\t")
    if not tab or "\t" in pointer:
        raise ValueError("expected an event, a tab and a pointer")
    return (event, pointer), None
