"""Files that appear whole or not at all, and outlive a power cut once they are there.

::

    with appearing(Path("b.zip")) as file:
        file.write(data)
    write_new(Path("w.key"), secret, 0o600)

What is written stands beside its place under another name until all of it is on the disk; then it
takes its place in one step. Whoever reads the file meets the old content or the new, and what fails
half way leaves nothing behind; what a writer that was killed left is taken away by the next. Only
plain files are read: a pipe or a device may never end. Every function raises FileError with what to
do next, unless it says otherwise.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ledger.errors import FileError, KeyFileError
from ledger.precious import TO_READ, refuse_precious

try:
    import fcntl
except ImportError:  # a system that locks files in another way: what was left is not swept there
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "PRIVATE",
    "USUAL",
    "appearing",
    "beside",
    "check_place",
    "check_private",
    "opened",
    "plain",
    "put_new",
    "read",
    "read_key",
    "replace",
    "size_of",
    "write_new",
]

USUAL = 0o666
"""Less what the user's umask takes away, as for any file."""
PRIVATE = 0o600
"""What holds people's names, contacts and notes is its owner's alone."""

_NO_PLACE = "Is there such a folder, and may you write to it?"
_NO_ROOM = "Make room there, or name a file where there is room."
_UNWRITTEN = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    errno.ENXIO: "Nobody reads this pipe: start what reads it first, or name a file.",
}
"""What to do next, by what kept a file from being written."""
_OF_A_DATABASE = ("-wal", "-shm", "-journal")
_LEFT = re.compile(r"\.[0-9a-f]{8}\.part")


def opened(path: Path) -> IO[bytes]:
    """Open a plain file to read its bytes."""
    try:
        return plain(path)
    except FileNotFoundError as error:
        raise FileError(f"there is no file {path}", todo="Check the name.") from error
    except OSError as error:
        raise FileError(
            f"{path} cannot be read", got=error.strerror, todo="Name a file that you may read."
        ) from error


def read(path: Path, most: int) -> bytes:
    """Return the bytes of a plain file, which may be so many at most."""
    with opened(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise FileError(
            f"{path} is too long for what it should be",
            got=f"over {most:,} bytes",
            todo="Name another file.",
        )
    return content


def plain(path: Path) -> IO[bytes]:
    """Open a plain file to read it; raise OSError for anything else, and wait for nothing."""
    descriptor = os.open(path, TO_READ)
    try:
        _refuse_endless(os.fstat(descriptor).st_mode, path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_endless(mode: int, path: Path) -> None:
    """Raise OSError for what is no plain file."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        kind = "a pipe" if stat.S_ISFIFO(mode) else "a device"
        raise OSError(errno.EINVAL, f"{kind}, which is no file", str(path))


@contextmanager
def appearing(
    path: Path, mode: int = USUAL, *, over_checkpoint: bool = False
) -> Iterator[IO[bytes]]:
    """Lend a file to write, and to read again, that takes its place at a path at the end.

    A file that was there keeps its permissions, less what a private one must not have; a new one
    has `mode`. What is no plain file, such as a pipe or /dev/null, is written to and stays what it
    is. A database, a secret key and what belongs to them are never overwritten, and a checkpoint
    only where one is written.
    """
    check_place(path, over_checkpoint=over_checkpoint)
    lent = _into_device(path) if _is_device(path) else _beside(path, mode)
    with _in_words(path), lent as file:
        yield file


def check_place(path: Path, *, over_checkpoint: bool = False) -> None:
    """Refuse a path at which `appearing` can write nothing, as far as can be told beforehand."""
    with _in_words(path):
        _refuse_folder(path)
        refuse_precious(path, over_checkpoint=over_checkpoint)
        _kept_mode(path)
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            code = errno.ENOTDIR if folder.exists() else errno.ENOENT
            raise OSError(code, os.strerror(code))


def replace(path: Path, content: bytes) -> None:
    """Write a file, in place of the one that was there; raise OSError if that cannot be done."""
    with _beside(path, USUAL) as file:
        file.write(content)


def write_new(path: Path, content: bytes, mode: int = USUAL) -> None:
    """Write a file that was not there, with its permissions from the start.

    Raises FileExistsError if there is one, and OSError if it cannot be written.
    """
    with _created(path, mode) as file:
        try:
            file.write(content)
            _sync(file)
        except BaseException:
            _remove(path)
            raise
    _sync_folder(path.parent)


def read_key(path: Path, what: str, todo: str, most: int) -> tuple[bytes, os.stat_result]:
    """Read a key's file, no more than so many bytes of it, and whose it is.

    Raises KeyFileError; `what` says what it should be, `todo` how to come by one.
    """
    try:
        with plain(path) as file:
            return file.read(most), os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise KeyFileError(f"there is no {what} {path}", todo=todo) from error
    except OSError as error:
        raise KeyFileError(
            f"the {what} {path} cannot be read",
            got=error.strerror,
            todo="Name a file that you may read.",
        ) from error


def check_private(path: Path, about: os.stat_result, what: str) -> None:
    """Refuse, as ssh does, a secret that others may read; another user's file is not judged."""
    if os.name == "posix" and about.st_uid == os.getuid() and about.st_mode & 0o077:
        raise KeyFileError(
            f"other people may read the {what} {path}",
            got=f"permissions {stat.S_IMODE(about.st_mode):04o}",
            expected="0600",
            todo=f"Run `chmod 600 {path}`; if others could read it, make a new key instead.",
        )


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Word what keeps a file from being written."""
    try:
        yield
    except OSError as error:
        raise FileError(
            f"{path} cannot be written",
            got=error.strerror,
            todo=_UNWRITTEN.get(error.errno or 0, _NO_PLACE),
        ) from error


@contextmanager
def _beside(path: Path, mode: int) -> Iterator[IO[bytes]]:
    """Lend a new file in the same folder, then rename it."""
    # Through links, as writing to the file itself would go.
    final = Path(os.path.realpath(path))
    kept = _kept_mode(final)
    if kept is not None:
        mode = kept & 0o700 if mode == PRIVATE else kept
    with _held_beside(final, mode) as (partial, file):
        yield file
        _sync(file)
        if kept is not None:
            partial.chmod(mode)
        partial.replace(final)
    _sync_folder(final.parent)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Lend the name of a new, empty, private file in a path's folder, for `put_new` to place.

    Whatever of it is left at the end is taken away, with what SQLite keeps beside a database.
    """
    with _in_words(path), _held_beside(Path(os.path.realpath(path)), PRIVATE) as (partial, _):
        try:
            yield partial
        finally:
            for suffix in _OF_A_DATABASE:
                _remove(partial.with_name(partial.name + suffix))


def put_new(partial: Path, path: Path) -> None:
    """Let a file take its place at a path where nothing is, or an empty file.

    Of two that are put at one path the first stays, and FileError is raised for the other.
    """
    final = Path(os.path.realpath(path))
    with _in_words(path):
        _claim(final)
        with final.open("rb") as empty:
            if not _is_empty_for_us(empty, final):
                raise FileError(
                    f"{path} is there already: it came while this was made",
                    expected="a path at which nothing is",
                    todo="Nothing was overwritten.",
                )
            with partial.open("rb+") as file:
                _sync(file)
            partial.replace(final)
        _sync_folder(final.parent)


def _is_empty_for_us(empty: IO[bytes], path: Path) -> bool:
    """Lock a file, and tell whether it is empty, and still what stands at its path."""
    if os.fstat(empty.fileno()).st_size:
        return False
    # Whoever comes second waits for the lock of an empty file that is not there any more then.
    _lock(empty)
    return os.path.samestat(os.fstat(empty.fileno()), path.stat())


def _claim(path: Path) -> None:
    with suppress(FileExistsError):
        _created(path, PRIVATE).close()


@contextmanager
def _held_beside(final: Path, mode: int) -> Iterator[tuple[Path, IO[bytes]]]:
    """Lend a new file beside another, locked, so that nobody takes it for one that was left."""
    _sweep(final)
    partial, file = _new_beside(final, mode)
    try:
        with file:
            yield partial, file
    finally:
        _remove(partial)


def _new_beside(final: Path, mode: int) -> tuple[Path, IO[bytes]]:
    while True:
        partial = final.with_name(f"{final.name}.{secrets.token_hex(4)}.part")
        file = _created(partial, mode)
        _lock(file)
        if os.fstat(file.fileno()).st_nlink:
            return partial, file
        file.close()  # taken for one that was left, before it was locked


def _sweep(final: Path) -> None:
    """Take away what writers of a file left beside it when they were killed."""
    if fcntl is None:
        return
    with suppress(OSError), os.scandir(final.parent) as entries:
        left = [
            Path(entry.path)
            for entry in entries
            if entry.name.startswith(final.name)
            and _LEFT.fullmatch(entry.name, len(final.name))
            and entry.is_file(follow_symlinks=False)
        ]
        for path in left:
            _remove_unless_held(path)


def _remove_unless_held(path: Path) -> None:
    with suppress(OSError), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for suffix in ("", *_OF_A_DATABASE):
            _remove(path.with_name(path.name + suffix))


def _lock(file: IO[bytes]) -> None:
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks: there nothing is swept either
            fcntl.flock(file, fcntl.LOCK_EX)


def _kept_mode(path: Path) -> int | None:
    """Return the permissions of a file, None where there is none; refuse one not to be changed."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    # Renaming asks for nothing but the folder's permission: what is protected is not replaced.
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return stat.S_IMODE(about.st_mode)


def _created(path: Path, mode: int) -> IO[bytes]:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, mode), "w+b")


def _refuse_folder(path: Path) -> None:
    if path.is_dir() or not path.name:
        raise FileError(f"{path} is a folder", expected="a file's name")


def size_of(path: Path) -> int:
    """Return a file's bytes, 0 where there is none; raise OSError where that cannot be told.

    One question: what another process removes between two is not asked about again.
    """
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _is_device(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


@contextmanager
def _into_device(path: Path) -> Iterator[IO[bytes]]:
    """Lend a temporary file; what reads a pipe is given nothing before all is written."""
    from tempfile import TemporaryFile  # noqa: PLC0415 - slow to import, and seldom needed

    with TemporaryFile() as file:
        yield file
        file.seek(0)
        with open(path, "wb", opener=_at_once) as target:
            shutil.copyfileobj(file, target)


def _at_once(path: str, flags: int) -> int:
    """Open a pipe or a device; raise OSError for a pipe that nobody reads, and wait for nobody."""
    waiting = getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags & ~os.O_CREAT | waiting)
    if waiting:
        os.set_blocking(descriptor, True)
    return descriptor


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a new name outlive a power cut, where folders can be synced.

    Not every file system can, and the file itself is on the disk: as SQLite does, go on.
    """
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
