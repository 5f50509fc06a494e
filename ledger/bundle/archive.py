"""Reading a bundle that anyone may have made: nothing is extracted, and nothing is believed.

Names are compared with those that a bundle may have, sizes with limits before and while reading,
and every byte around the files with what `ledger.bundle.packing` writes there.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, NoReturn

from ledger.bundle.packing import LONG, Member, differs
from ledger.bundle.seeming import neither
from ledger.errors import BundleError, FileError
from ledger.files import opened
from ledger.format.entry import LONGEST

__all__ = ["NAMES", "Archive", "open_archive"]

NAMES = frozenset(
    (
        "SHA256SUMS",
        "VERIFY.md",
        "allowed_signers",
        "checkpoint",
        "consistency",
        "disclosures.jsonl",
        "entries.jsonl",
        "entries.tsv",
        "manifest.json",
        "manifest.json.sig",
        "withheld.tsv",
    )
)
_NUMBERED = re.compile(
    r"(?:proofs/(?:0|[1-9][0-9]{0,15})\.tlog-proof|signed/[1-9][0-9]{0,15}\.json(?:\.sig)?)"
)
_MOST_FILES = 500_000
_MOST_BYTES = 64 * 2**30
_SMALL = 64 * 2**20
_LONGEST_LINE = LONGEST + 100_000
_PIECE = 2**20
_TODO = "Do not open it with other programs; ask whoever sent it to export it again."


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a bundle's file and judge its table of contents; raise BundleError if it is none."""
    if path.is_dir():
        raise neither(path, BundleError)
    try:
        file = opened(path)
    except FileError as error:
        what = error.what if path.exists() else f"there is no bundle {path}"
        raise BundleError(what, got=error.got, todo=error.todo) from error
    with file:
        try:
            yield Archive(_opened(file, path), file)
        except OSError as error:
            raise BundleError(
                f"{path} cannot be read", got=error.strerror, todo="Try again, or fetch it again."
            ) from error


def _opened(file: IO[bytes], path: Path) -> zipfile.ZipFile:
    try:
        zipped = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError) as error:
        raise neither(path, BundleError) from error
    if NAMES.isdisjoint(zipped.namelist()):
        raise neither(path, BundleError)
    return zipped


class Archive:
    """A bundle's files by name; reading notes the digest of each."""

    def __init__(self, zipped: zipfile.ZipFile, file: IO[bytes]) -> None:
        """Judge the table of contents."""
        self._zipped = zipped
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self.digests: dict[str, str] = {}
        size = file.seek(0, 2)
        infos = zipped.infolist()
        if len(infos) > _MOST_FILES:
            _refuse(f"it has {len(infos)} files; {_MOST_FILES} are the most")
        unpacked, packed = 0, 0
        for info in infos:
            _check(info)
            if info.filename in self._infos:
                _refuse(f"it has two files named {info.filename}")
            self._infos[info.filename] = info
            unpacked, packed = unpacked + info.file_size, packed + info.compress_size
        if unpacked > _MOST_BYTES:
            _refuse(f"it would unpack to more than {_MOST_BYTES // 2**30} GiB")
        if packed > size:
            _refuse("its files overlap one another")
        if infos and all(info.header_offset for info in infos):
            _refuse("something else stands before its files")
        members = [Member(info.filename, info.file_size, info.CRC) for info in infos]
        difference = differs(file, members)
        if difference is not None:
            _refuse(difference)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its files, of which there may be hundreds of thousands: made once."""
        return frozenset(self._infos)

    def read(self, name: str) -> bytes:
        """Return a file's bytes; raise BundleError if it is not there, or too large to hold."""
        info = self._infos.get(name)
        if info is None:
            _refuse(f"it has no {name}")
        if info.file_size > _SMALL:
            _refuse(f"its {name} is {info.file_size:,} bytes; {_SMALL:,} are the most")
        with _reading(name), self._zipped.open(info) as file:
            data = file.read()
        self.digests[name] = sha256(data).hexdigest()
        return data

    def lines(self, name: str) -> Iterator[bytes]:
        """Go through a file's lines, each without its newline, and none of them too long."""
        info = self._infos.get(name)
        if info is None:
            _refuse(f"it has no {name}")
        digest, rest = sha256(), b""
        with _reading(name), self._zipped.open(info) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                *lines, rest = (rest + piece).split(b"\n")
                if max(map(len, (rest, *lines))) > _LONGEST_LINE:
                    _refuse(f"its {name} has a line of over {_LONGEST_LINE:,} bytes")
                yield from lines
        if rest:
            _refuse(f"its {name} does not end with a newline: it was cut short")
        self.digests[name] = digest.hexdigest()

    def rest(self) -> None:
        """Note the digest of every file that was not read yet."""
        for name in sorted(self.names - self.digests.keys()):
            digest = sha256()
            with _reading(name), self._zipped.open(self._infos[name]) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
            self.digests[name] = digest.hexdigest()


def _check(info: zipfile.ZipInfo) -> None:
    name = info.filename
    shown = ascii(name[:100])
    kind = stat.S_IFMT(info.external_attr >> 16)
    if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name:
        _refuse(f"it has a file whose name leads elsewhere: {shown}")
    if stat.S_ISLNK(kind):
        _refuse(f"it has a link: {shown}")
    if kind not in (0, stat.S_IFREG):
        _refuse(f"it has something that is no file: {shown}")
    if name not in NAMES and _NUMBERED.fullmatch(name) is None:
        _refuse(f"it has a file that no bundle has: {shown}")
    if info.flag_bits & 0x1:
        _refuse(f"its {name} is encrypted")
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        # Packed bytes can be altered and unpack to the same: a bundle's files stand as they are.
        _refuse(f"its {name} is packed, and the files of a bundle are not")
    if name not in LONG and info.file_size > _SMALL:
        _refuse(f"its {name} is {info.file_size:,} bytes; {_SMALL:,} are the most")


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise BundleError(
            f"the bundle's {name} is damaged", got=str(error), todo="Fetch the bundle again, whole."
        ) from error


def _refuse(what: str) -> NoReturn:
    raise BundleError(f"this is no bundle to be trusted: {what}", todo=_TODO)
