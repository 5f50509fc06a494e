"""Files that appear whole or not at all, and outlive a power cut once they are there.

::

    with appearing(Path("b.zip")) as file:
        file.write(data)
    write_new(Path("w.key"), secret, 0o600)

What is written stands beside its place under another name until all of it is on the disk; then it
takes its place in one step. Whoever reads the file meets the old content or the new, and what fails
half way leaves nothing behind. Every function raises FileError with what to do next, unless it says
otherwise.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ledger.errors import FileError, KeyFileError

__all__ = [
    "appearing",
    "check_place",
    "check_private",
    "opened",
    "read_key",
    "replace",
    "write_new",
]

_USUAL_MODE = 0o666
"""Less what the user's umask takes away, as for any file."""
_PRECIOUS = {
    b"SQLite format 3\0": "a ledger or another database",
    b"-----BEGIN OPENSSH PRIVATE KEY-----": "a private key",
    b"PRIVATE+KEY+": "a log's or a witness's key",
}
"""What an answer is never written over, by its first bytes."""


def opened(path: Path) -> IO[bytes]:
    """Open a file to read its bytes."""
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise FileError(f"there is no file {path}", todo="Check the name.") from error
    except OSError as error:
        raise FileError(
            f"{path} cannot be read", got=error.strerror, todo="Name a file that you may read."
        ) from error


@contextmanager
def appearing(path: Path, mode: int = _USUAL_MODE) -> Iterator[IO[bytes]]:
    """Lend a file to write, and to read again, that takes its place at a path at the end.

    A file that was there keeps its permissions; a new one has `mode`. What is no plain file, such
    as a pipe or /dev/null, is written to and stays what it is. A database and a secret key are
    never overwritten.
    """
    check_place(path)
    lent = _into_device(path) if _is_device(path) else _beside(path, mode)
    with _in_words(path), lent as file:
        yield file


def check_place(path: Path) -> None:
    """Refuse a path at which `appearing` can write nothing, as far as can be told beforehand."""
    with _in_words(path):
        _refuse_folder(path)
        _refuse_precious(path)
        _kept_mode(path)
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            code = errno.ENOTDIR if folder.exists() else errno.ENOENT
            raise OSError(code, os.strerror(code))


def replace(path: Path, content: bytes) -> None:
    """Write a file, in place of the one that was there; raise OSError if that cannot be done."""
    with _beside(path, _USUAL_MODE) as file:
        file.write(content)


def write_new(path: Path, content: bytes, mode: int = _USUAL_MODE) -> None:
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
        with path.open("rb") as file:
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
            todo="Is there such a folder, and may you write to it?",
        ) from error


@contextmanager
def _beside(path: Path, mode: int) -> Iterator[IO[bytes]]:
    """Lend a new file in the same folder, then rename it."""
    # Through links, as writing to the file itself would go.
    final = Path(os.path.realpath(path))
    kept = _kept_mode(final)
    partial = final.with_name(f"{final.name}.{secrets.token_hex(4)}.part")
    try:
        with _created(partial, mode if kept is None else kept) as file:
            yield file
            _sync(file)
            if kept is not None:
                partial.chmod(kept)
        partial.replace(final)
    finally:
        _remove(partial)
    _sync_folder(final.parent)


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


def _refuse_precious(path: Path) -> None:
    """Refuse to put anything in the place of a ledger or a secret: neither comes back."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        begin = file.read(max(map(len, _PRECIOUS)))
    for mark, what in _PRECIOUS.items():
        if begin.startswith(mark):
            raise FileError(
                f"{path} is {what}, which would be lost",
                expected="another name",
                todo="Nothing was overwritten.",
            )


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
        with path.open("wb") as target:
            shutil.copyfileobj(file, target)


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
