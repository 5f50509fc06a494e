"""Sums over the blocks of a file of tables: whether it still is what was written into it.

SQLite notices damage to the shape of its pages, and none to what stands in them: one bit less in
an amount, or an index that lost its rows, is an answer like any other. So whoever writes tables
leaves their sums in a file beside them, and whoever asks holds the file against those first.

CRC-32 finds every flipped bit and every run of up to 32 of them. It is meant for disks, not for
people: whoever may write the tables may write sums as well, and is found by `check`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, NamedTuple
from zlib import crc32

__all__ = ["Sums", "holds", "read", "sums_path", "taken", "write"]

BLOCK = 1 << 20
MOST_BLOCKS = 64
"""So many blocks are read before a question is answered, in some 25 ms: all of most files."""

_LOG_HEADER = 32
_FRAME_HEADER = 24
_FORM = "sums-1"


class Sums(NamedTuple):
    """The sums of a file's blocks and of its write-ahead log, and when the file was changed.

    `changed` is its modification time in nanoseconds.
    """

    changed: int
    size: int
    log: int
    blocks: tuple[int, ...]


def sums_path(path: Path) -> Path:
    """Return where the sums of a file lie."""
    return path.with_name(f"{path.name}.sums")


def taken(path: Path, before: Sums | None = None, dirty: Collection[int] = ()) -> Sums:
    """Return the sums of a file as it is.

    With sums of `before`, only those blocks are read that are `dirty`, or new.
    """
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        count = -(-about.st_size // BLOCK)
        known = dict(enumerate(before.blocks)) if before else {}
        stale = set(dirty) | {number for number in range(count) if number not in known}
        known |= dict(_read(file, (number for number in sorted(stale) if number < count)))
        blocks = tuple(known[number] for number in range(count))
    return Sums(about.st_mtime_ns, about.st_size, _sum_of_log(path), blocks)


def dirty_blocks(path: Path) -> set[int]:
    """Return the blocks whose pages stand in a file's write-ahead log, and so may be written."""
    try:
        log = _log(path).read_bytes()
    except FileNotFoundError:
        return set()
    page = int.from_bytes(log[8:12], "big")
    if not page:
        return set()
    frames = range(_LOG_HEADER, len(log) - _FRAME_HEADER, _FRAME_HEADER + page)
    pages = {int.from_bytes(log[at : at + 4], "big") for at in frames}
    return {(number - 1) * page // BLOCK for number in pages if number}


def holds(path: Path, sums: Sums, *, whole: bool = False) -> bool:
    """Whether a file is what was written into it, as far as that is asked.

    Of a file that has more than `MOST_BLOCKS`, the size, the time of its last change and so many
    blocks, others each time, are compared; unless it is to be read as a `whole`.
    """
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        if about.st_size != sums.size or _sum_of_log(path) != sums.log:
            return False
        wanted: Iterable[int] = range(len(sums.blocks))
        if len(sums.blocks) > MOST_BLOCKS and not whole:
            if about.st_mtime_ns != sums.changed:
                return False
            wanted = random.sample(range(len(sums.blocks)), MOST_BLOCKS)
        return all(found == sums.blocks[number] for number, found in _read(file, sorted(wanted)))


def _read(file: IO[bytes], numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    for number in numbers:
        file.seek(number * BLOCK)
        yield number, crc32(file.read(BLOCK))


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _sum_of_log(path: Path) -> int:
    """Return the sum of the write-ahead log; none and an empty one are the same."""
    try:
        return crc32(_log(path).read_bytes())
    except FileNotFoundError:
        return 0


def write(path: Path, sums: Sums) -> None:
    """Leave the sums of a file beside it, in one step."""
    numbers = (sums.changed, sums.size, sums.log, *sums.blocks)
    text = " ".join((_FORM, *map(str, numbers)))
    place = sums_path(path)
    part = place.with_name(f"{place.name}.{token_hex(4)}")
    try:
        # Its owner's alone, as the views are.
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(f"{text} {crc32(text.encode())}\n")
        part.replace(place)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def read(path: Path) -> Sums | None:
    """Return the sums that were left beside a file; None where none are, or they are damaged."""
    try:
        text, _, own = sums_path(path).read_text("ascii").strip().rpartition(" ")
        form, *numbers = text.split(" ")
        changed, size, log, *blocks = map(int, numbers)
        whole = form == _FORM and crc32(text.encode()) == int(own)
    except (OSError, ValueError):
        return None
    return Sums(changed, size, log, tuple(blocks)) if whole else None
