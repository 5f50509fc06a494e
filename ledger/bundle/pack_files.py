"""The files of a pack that anyone may have made: nothing is extracted by name, nothing believed.

A pack may be unpacked and packed again by another program on its way: what its files say is signed,
how they are packed is not. So any zip archive of one folder is read, within limits, and every file
in it is looked at by whoever verifies it. The bundle inside is as strict as every bundle.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, NoReturn

from ledger.bundle.pack import LISTING
from ledger.bundle.packing import Member, differs, in_order, packed
from ledger.bundle.seeming import neither
from ledger.errors import FileError, PackError
from ledger.files import opened

__all__ = ["MOST_BYTES", "PackFiles", "is_pack", "open_pack", "write_files"]

_MOST_FILES = 1_000
MOST_BYTES = 2**32 - 2**24
"""A little less than what a plain zip archive can hold."""
_SMALL = 2**30
_PIECE = 2**20
_LISTING = re.compile(rf"([^/]+)/{re.escape(LISTING)}")
_TODO = "Do not open it with other programs; ask whoever sent it to export it again."


def write_files(file: IO[bytes], folder: str, files: Mapping[str, Iterable[bytes]]) -> None:
    """Write files into a folder of an archive: the same files are the same bytes."""
    with packed(file) as packing:
        for name in in_order(f"{folder}/{each}" for each in files):
            packing.add(name, files[name.partition("/")[2]])


def is_pack(path: Path) -> bool:
    """Tell whether a file is a pack, or one that was tampered with, rather than a bundle."""
    try:
        with opened(path) as file, zipfile.ZipFile(file) as zipped:
            return any(_LISTING.fullmatch(name) for name in zipped.namelist())
    except (FileError, zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError):
        return False
    except NotImplementedError:
        return False


@contextmanager
def open_pack(path: Path) -> Iterator[PackFiles]:
    """Open a pack and judge its table of contents; raise PackError if it is none."""
    with opened(path) as file:
        try:
            zipped = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError) as error:
            raise neither(path, PackError) from error
        yield PackFiles(zipped, file)


class PackFiles:
    """A pack's files by name, each without the folder that all are in."""

    def __init__(self, zipped: zipfile.ZipFile, file: IO[bytes]) -> None:
        """Judge the table of contents."""
        self._zipped = zipped
        infos = [info for info in zipped.infolist() if not info.is_dir()]
        if len(infos) > _MOST_FILES:
            _refuse(f"it has {len(infos)} files; {_MOST_FILES} are the most")
        if sum(info.file_size for info in infos) > MOST_BYTES:
            _refuse(f"it would unpack to more than {MOST_BYTES:,} bytes")
        folders = {info.filename.partition("/")[0] for info in infos}
        if len(folders) != 1:
            _refuse(f"its files are not in one folder, but in {_listed(folders)}")
        (self.folder,) = folders
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = info.filename.partition("/")[2]
            _check(info, name)
            if name in self._infos:
                _refuse(f"it has two files named {name}")
            self._infos[name] = info
        members = [Member(one.filename, one.file_size, one.CRC) for one in zipped.infolist()]
        self.as_written = differs(file, members) is None
        """Whether the archive around the files is as `write_files` writes it."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the files."""
        return frozenset(self._infos)

    def read(self, name: str) -> bytes:
        """Return a file's bytes; raise PackError if it is not there, too large, or damaged."""
        info = self._infos.get(name)
        if info is None:
            _refuse(f"it has no {name}")
        if info.file_size > _SMALL:
            _refuse(f"its {name} is {info.file_size:,} bytes; {_SMALL:,} are the most")
        return b"".join(self._pieces(name))

    def size(self, name: str) -> int:
        """Return how many bytes a file has, none where it is not there."""
        return self._infos[name].file_size if name in self._infos else 0

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file."""
        digest = sha256()
        for piece in self._pieces(name):
            digest.update(piece)
        return digest.hexdigest()

    def copy(self, name: str, place: Path) -> None:
        """Write a file to a place of our own; raise PackError if it is not there."""
        if name not in self._infos:
            _refuse(f"it has no {name}")
        with place.open("xb") as file:
            file.writelines(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._zipped.open(self._infos[name]) as file:
                while piece := file.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
            raise PackError(
                f"the pack's {name} is damaged", got=str(error), todo="Fetch the pack again, whole."
            ) from error


def _check(info: zipfile.ZipInfo, name: str) -> None:
    shown = ascii(info.filename[:100])
    kind = stat.S_IFMT(info.external_attr >> 16)
    if ".." in name.split("/") or "\\" in name or ":" in name or not name:
        _refuse(f"it has a file whose name leads elsewhere: {shown}")
    if not (name.isascii() and name.isprintable()):
        _refuse(f"it has a file whose name is not plain: {shown}")
    if kind not in (0, stat.S_IFREG):
        _refuse(f"it has something that is no file: {shown}")
    if info.flag_bits & 0x1:
        _refuse(f"its {name} is encrypted")


def _listed(folders: set[str]) -> str:
    return ", ".join(ascii(each[:40]) for each in sorted(folders)[:5]) or "none"


def _refuse(what: str) -> NoReturn:
    raise PackError(f"this is no pack to be trusted: {what}", todo=_TODO)
