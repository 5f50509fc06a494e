"""The bytes of a bundle's archive around its files: a zip archive that can be written in one way.

A zip archive says most things twice, and has room for what nobody reads: comments, extra fields,
times, gaps between files, streams that unpack to the same in many ways. A bundle has none of it.
Its files stand in a fixed order, one after another, as they are; everything else follows from
their names, lengths and checksums, and is compared byte for byte when a bundle is opened
(APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3 and 4.5.3)::

    with packed(file) as pack:
        digest = pack.add("checkpoint", [note])

So `unzip` reads it, and whoever alters a byte alters a file or makes another kind of archive.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, NamedTuple

__all__ = ["Member", "Packing", "differs", "in_order", "packed"]

#: Told in 64 bits always, for how long it will be is not known when it is begun.
LONG = frozenset({"entries.jsonl", "entries.tsv", "disclosures.jsonl", "withheld.tsv"})
_ORDER = (
    "entries.jsonl",
    "entries.tsv",
    "disclosures.jsonl",
    "withheld.tsv",
    "checkpoint",
    "consistency",
    "proofs/",
    "signed/",
    "allowed_signers",
    "VERIFY.md",
    "manifest.json",
    "manifest.json.sig",
    "SHA256SUMS",
)
_PLACES = {name: place for place, name in enumerate(_ORDER)}
_NUMBER = re.compile(r"(proofs/|signed/)([0-9]{1,16})\.(.*)")

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_LONG_EXTRA = struct.Struct("<HHQQ")
_END = struct.Struct("<IHHHHIIH")
_END_LONG = struct.Struct("<IQHHIIQQQQ")
_LOCATOR = struct.Struct("<IIQI")

_MOST_16, _MOST_32 = 2**16 - 1, 2**32 - 1
_PLAIN_VERSION, _LONG_VERSION = 20, 45
_UNIX = 3 << 8
_FILE = 0o100644 << 16
_DAY = (1 << 5) | 1
"""The first of January 1980, the first day that an archive can tell."""


class Member(NamedTuple):
    """A file of an archive, by what its headers follow from."""

    name: str
    size: int
    checksum: int


class Packing:
    """An archive as it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin at the start of a file that is empty."""
        self._file = file
        self._members: list[Member] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write a file; return its SHA-256 in hexadecimal digits."""
        start, size, checksum, digest = self._file.tell(), 0, 0, sha256()
        self._file.write(_local(Member(name, 0, 0)))
        for piece in pieces:
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            digest.update(piece)
            self._file.write(piece)
        member = Member(name, size, checksum)
        self._file.seek(start)
        self._file.write(_local(member))
        self._file.seek(0, 2)
        self._members.append(member)
        return digest.hexdigest()

    def add_whole(self, name: str, data: bytes) -> str:
        """Write a file that is at hand, without going back; return its SHA-256."""
        member = Member(name, len(data), zlib.crc32(data))
        self._file.write(_local(member))
        self._file.write(data)
        self._members.append(member)
        return sha256(data).hexdigest()

    def close(self) -> None:
        """Write the table of contents."""
        self._file.write(_table(self._members))


@contextmanager
def packed(file: IO[bytes]) -> Iterator[Packing]:
    """Lend an archive to put files into, in their order; it is complete at the end."""
    packing = Packing(file)
    yield packing
    packing.close()


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names of a bundle's files in the order in which they stand."""
    return sorted(names, key=_place)


def _place(name: str) -> tuple[int, int, str]:
    numbered = _NUMBER.fullmatch(name)
    if numbered is None:
        return _PLACES.get(name, len(_ORDER)), 0, name
    return _PLACES[numbered[1]], int(numbered[2]), numbered[3]


def differs(file: IO[bytes], members: Sequence[Member]) -> str | None:
    """Say where an archive of these files differs from what `packed` writes; None if nowhere.

    What the files hold is not looked at.
    """
    if [member.name for member in members] != in_order(member.name for member in members):
        return "its files stand in another order"
    start = 0
    for member in members:
        header = _local(member)
        file.seek(start)
        if file.read(len(header)) != header:
            return f"what stands before its {member.name} is not what a bundle has there"
        start += len(header) + member.size
    table = _table(members)
    file.seek(start)
    if file.read(len(table) + 1) != table:
        return "its table of contents is not that of a bundle, or something stands around it"
    return None


def _local(member: Member) -> bytes:
    name, size = member.name.encode(), member.size
    long = member.name in LONG
    extra = _LONG_EXTRA.pack(1, 16, size, size) if long else b""
    told = _MOST_32 if long else size
    version = _LONG_VERSION if long else _PLAIN_VERSION
    fields = (0, 0, 0, _DAY, member.checksum, told, told, len(name), len(extra))
    return _LOCAL.pack(0x04034B50, version, *fields) + name + extra


def _table(members: Sequence[Member]) -> bytes:
    written, start = bytearray(), 0
    for member in members:
        written += _central(member, start)
        start += len(_local(member)) + member.size
    return bytes(written) + _end(len(members), len(written), start)


def _central(member: Member, start: int) -> bytes:
    name = member.name.encode()
    longs = [number for number in (member.size, member.size, start) if number >= _MOST_32]
    extra = struct.pack(f"<HH{len(longs)}Q", 1, 8 * len(longs), *longs) if longs else b""
    size, start = min(member.size, _MOST_32), min(start, _MOST_32)
    version = _LONG_VERSION if longs or member.name in LONG else _PLAIN_VERSION
    fields = (0, 0, 0, _DAY, member.checksum, size, size, len(name), len(extra), 0, 0, 0)
    return _CENTRAL.pack(0x02014B50, _UNIX | version, version, *fields, _FILE, start) + name + extra


def _end(count: int, size: int, start: int) -> bytes:
    long = b""
    if count >= _MOST_16 or size >= _MOST_32 or start >= _MOST_32:
        version = _LONG_VERSION
        rest = _END_LONG.size - 12
        long = _END_LONG.pack(
            0x06064B50, rest, _UNIX | version, version, 0, 0, count, count, size, start
        ) + _LOCATOR.pack(0x07064B50, 0, start + size, 1)
    few = min(count, _MOST_16)
    return long + _END.pack(
        0x06054B50, 0, 0, few, few, min(size, _MOST_32), min(start, _MOST_32), 0
    )
