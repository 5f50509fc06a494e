"""The files of a pack that anyone may have made: nothing is extracted by name, nothing believed.

A pack may be unpacked and packed again by another program on its way: what its files say is signed,
how they are packed is not. So any zip archive of one folder is read, within limits, and every file
in it is looked at by whoever verifies it; so is the folder that one was unpacked into. Only what
two programs could read in two ways is refused, as `check.html` does. The bundle inside is as strict
as every bundle.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from abc import ABC, abstractmethod
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
_END = 22
"""So many bytes end an archive without a comment."""
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_LONG = 2**32 - 1
_STREAMED, _IN_UTF_8 = 1 << 3, 1 << 11
_LISTING = re.compile(rf"([^/]+)/{re.escape(LISTING)}")
_OF_SYSTEMS = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))
"""What a system writes into a folder that somebody looks into."""
_TODO = "Do not open it with other programs; ask whoever sent it to export it again."


def write_files(file: IO[bytes], folder: str, files: Mapping[str, Iterable[bytes]]) -> None:
    """Write files into a folder of an archive: the same files are the same bytes."""
    with packed(file) as packing:
        for name in in_order(f"{folder}/{each}" for each in files):
            packing.add(name, files[name.partition("/")[2]])


def is_pack(path: Path) -> bool:
    """Tell whether a file or folder is a pack, tampered with or not, rather than a bundle."""
    if path.is_dir():
        return _unpacked(path) is not None
    try:
        with opened(path) as file, zipfile.ZipFile(file) as zipped:
            return any(_LISTING.fullmatch(name) for name in zipped.namelist())
    except (FileError, zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError):
        return False
    except NotImplementedError:
        return False


@contextmanager
def open_pack(path: Path) -> Iterator[PackFiles]:
    """Open a pack, or the folder of one, and judge its contents; raise PackError if it is none."""
    if path.is_dir():
        folder = _unpacked(path)
        if folder is None:
            raise neither(path, PackError)
        yield _Unpacked(folder)
        return
    with opened(path) as file:
        try:
            zipped = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError) as error:
            raise neither(path, PackError) from error
        yield _Zipped(zipped, file)


class PackFiles(ABC):
    """A pack's files by name, each without the folder that all are in."""

    folder: str | None
    """What the folder is called; None where it is the receiver's, who may call it anything."""
    as_written: bool
    """Whether what is around the files is as `write_files` writes it."""

    @property
    @abstractmethod
    def names(self) -> frozenset[str]:
        """The names of the files."""

    @abstractmethod
    def size(self, name: str) -> int:
        """Return how many bytes a file has, none where it is not there."""

    @abstractmethod
    def _pieces(self, name: str) -> Iterator[bytes]:
        """Go through the bytes of a file; raise PackError if it is damaged."""

    def read(self, name: str) -> bytes:
        """Return a file's bytes; raise PackError if it is not there, too large, or damaged."""
        if name not in self.names:
            _refuse(f"it has no {name}")
        if self.size(name) > _SMALL:
            _refuse(f"its {name} is {self.size(name):,} bytes; {_SMALL:,} are the most")
        return b"".join(self._pieces(name))

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file."""
        digest = sha256()
        for piece in self._pieces(name):
            digest.update(piece)
        return digest.hexdigest()

    def copy(self, name: str, place: Path) -> None:
        """Write a file to a place of our own; raise PackError if it is not there."""
        if name not in self.names:
            _refuse(f"it has no {name}")
        with place.open("xb") as file:
            file.writelines(self._pieces(name))


class _Zipped(PackFiles):
    """A pack as it is sent."""

    def __init__(self, zipped: zipfile.ZipFile, file: IO[bytes]) -> None:
        """Judge the table of contents."""
        self._zipped = zipped
        _refuse_hidden(zipped, file)
        infos = [info for info in zipped.infolist() if not _is_folder(info)]
        _refuse_large(len(infos), sum(info.file_size for info in infos))
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

    @property
    def names(self) -> frozenset[str]:
        """The names of the files."""
        return frozenset(self._infos)

    def size(self, name: str) -> int:
        """Return how many bytes a file has, none where it is not there."""
        return self._infos[name].file_size if name in self._infos else 0

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._zipped.open(self._infos[name]) as file:
                while piece := file.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
            raise PackError(
                f"the pack's {name} is damaged", got=str(error), todo="Fetch the pack again, whole."
            ) from error


class _Unpacked(PackFiles):
    """A pack that was unpacked into a folder."""

    as_written = True

    def __init__(self, folder: Path) -> None:
        """Look at every file; what a system writes into each folder by itself is none of them."""
        self.folder = None
        self._paths: dict[str, Path] = {}
        self._sizes: dict[str, int] = {}
        for path in sorted(folder.rglob("*")):
            about = path.lstat()
            if path.name in _OF_SYSTEMS or stat.S_ISDIR(about.st_mode):
                continue
            name = path.relative_to(folder).as_posix()
            _check_name(name, name)
            if not stat.S_ISREG(about.st_mode):
                _refuse(f"it has something that is no file: {name[:100]!a}")
            self._paths[name], self._sizes[name] = path, about.st_size
            _refuse_large(len(self._sizes), sum(self._sizes.values()))

    @property
    def names(self) -> frozenset[str]:
        """The names of the files."""
        return frozenset(self._paths)

    def size(self, name: str) -> int:
        """Return how many bytes a file has, none where it is not there."""
        return self._sizes.get(name, 0)

    def _pieces(self, name: str) -> Iterator[bytes]:
        with opened(self._paths[name]) as file:
            while piece := file.read(_PIECE):
                yield piece


def _unpacked(path: Path) -> Path | None:
    """Return the folder of a pack that was unpacked there, or into a folder there; else None."""
    try:
        inside = [each for each in path.iterdir() if each.is_dir()]
    except OSError:
        return None
    candidates = [path, *(inside if len(inside) == 1 else [])]
    return next((each for each in candidates if (each / LISTING).is_file()), None)


def _refuse_large(files: int, size: int) -> None:
    if files > _MOST_FILES:
        _refuse(f"it has {files} files; {_MOST_FILES} are the most")
    if size > MOST_BYTES:
        _refuse(f"it would unpack to more than {MOST_BYTES:,} bytes")


def _refuse_hidden(zipped: zipfile.ZipFile, file: IO[bytes]) -> None:
    """Refuse an archive that holds more than its table of contents lists, or tells it otherwise.

    Some programs unpack by that table, others file by file from the front: both must find the same
    (APPNOTE.TXT 6.3.10 of PKWARE, 4.3.7 and 4.3.16).
    """
    end = file.seek(0, 2)
    file.seek(max(end - _END, 0))
    if not file.read(_END).startswith(b"PK\x05\x06") or zipped.comment:
        _refuse("something stands behind its files")
    place = 0
    for info in sorted(zipped.infolist(), key=lambda one: one.header_offset):
        if info.header_offset != place:
            _refuse("something stands between its files, or before them")
        place = _end_of(info, file)
    if place != zipped.start_dir:
        _refuse("something stands behind its files")


def _end_of(info: zipfile.ZipInfo, file: IO[bytes]) -> int:
    """Return where a file's bytes end; refuse one of which its own header says otherwise."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        _refuse("a file's header is cut short")
    magic, _, flags, method, _, _, checksum, packed_size, size, named, more = _LOCAL.unpack(head)
    name = file.read(named)
    told = (magic, flags, method, checksum, name)
    listed = (b"PK\x03\x04", info.flag_bits, info.compress_type, info.CRC, _raw(info))
    sizes = {(info.compress_size, info.file_size), (_LONG, _LONG)}
    if told != listed or (packed_size, size) not in sizes or flags & _STREAMED:
        _refuse(f"it tells of {info.filename[:100]!a} in two ways")
    end: int = info.header_offset + _LOCAL.size + named + more + info.compress_size
    return end


def _raw(info: zipfile.ZipInfo) -> bytes:
    # As zipfile has read it: in UTF-8 where the archive says so, else as old archives are.
    return info.orig_filename.encode("utf-8" if info.flag_bits & _IN_UTF_8 else "cp437")


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder and nothing else, such as a link that is named like one."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    return info.is_dir() and kind in (0, stat.S_IFDIR) and not info.file_size


def _check(info: zipfile.ZipInfo, name: str) -> None:
    _check_name(info.filename, name)
    kind = stat.S_IFMT(info.external_attr >> 16)
    shown = ascii(info.filename[:100])
    if kind not in (0, stat.S_IFREG):
        _refuse(f"it has something that is no file: {shown}")
    if info.flag_bits & 0x1:
        _refuse(f"its {name} is encrypted")


def _check_name(whole: str, name: str) -> None:
    shown = ascii(whole[:100])
    if ".." in name.split("/") or "\\" in name or ":" in name or not name:
        _refuse(f"it has a file whose name leads elsewhere: {shown}")
    if not (name.isascii() and name.isprintable()):
        _refuse(f"it has a file whose name is not plain: {shown}")


def _listed(folders: set[str]) -> str:
    return ", ".join(ascii(each[:40]) for each in sorted(folders)[:5]) or "none"


def _refuse(what: str) -> NoReturn:
    raise PackError(f"this is no pack to be trusted: {what}", todo=_TODO)
