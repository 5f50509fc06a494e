r"""What reaches a terminal: the one way on which all text goes there, whoever wrote it.

A name in the record may have been loaded from elsewhere, and a file or an argument may hold
anything. So whatever could steer a terminal is written as a visible escape, `\x1b`, and so is
what the terminal's encoding does not have: no answer fails because of a letter.
"""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, cast

__all__ = [
    "flush",
    "guarded",
    "harmless",
    "is_utf8",
    "printable",
    "shown",
    "steer",
]


def printable(text: str) -> str:
    """Return text on one line: whatever could steer a terminal, or end the line, as an escape."""
    if text.isprintable():
        return text
    return "".join(char if _is_plain(char) else _escaped(char) for char in text)


def shown(text: str) -> str:
    """Return lines of text as they may be shown on a terminal, whoever wrote them."""
    return "\n".join(map(printable, text.split("\n")))


def harmless(text: str) -> str:
    """Return lines as `shown` does, with tabs and the line ends of CSV as they are."""
    if text.isprintable():
        return text
    return "\n".join(map(_harmless_line, text.split("\n")))


def _harmless_line(line: str) -> str:
    if line.isprintable():
        return line
    end = "\r" if line.endswith("\r") else ""
    return "\t".join(map(printable, line.removesuffix("\r").split("\t"))) + end


def _is_plain(char: str) -> bool:
    # Python calls no blank printable but the usual one; names are written with others too.
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def is_utf8(stream: IO[str]) -> bool:
    """Tell whether a stream can take any letter; one that does not say so is taken for text."""
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name == "utf-8"
    except LookupError:
        return False


class _Guarded(io.TextIOWrapper):
    """A stream to what may be a terminal; what it stands before is not closed with it."""

    def __init__(self, before: io.TextIOWrapper) -> None:
        super().__init__(
            before.buffer,
            encoding=before.encoding,
            errors="backslashreplace",
            line_buffering=before.line_buffering,
            write_through=before.write_through,
        )
        self._is_terminal = before.isatty()

    def write(self, text: str) -> int:
        """Write text, on a terminal so that it steers nothing."""
        return super().write(harmless(text) if self._is_terminal else text)

    def steer(self, text: str) -> None:
        """Write what is meant to steer the terminal."""
        super().write(text)

    @property
    def buffer(self) -> Any:
        """What takes bytes: as they are, but on a terminal, which is shown them as text."""
        return _AsText(self) if self._is_terminal else super().buffer

    def close(self) -> None:
        """Leave what it stands before open: that is somebody else's."""


class _AsText(io.RawIOBase):
    """Takes the bytes of text, and writes the text."""

    def __init__(self, stream: _Guarded) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Write bytes as text."""
        self._stream.write(self._decoder.decode(bytes(data)))
        return len(data)

    def flush(self) -> None:
        """Let all that was written appear."""
        self._stream.flush()


@contextmanager
def guarded() -> Iterator[None]:
    """Stand before stdout and stderr for as long as a command runs."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_before, before)
    if cast("Any", before[1]) is None:
        # To print to None is to print to stdout, where only results go.
        sys.stderr = io.StringIO()
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            # Whoever read it may have gone, which was told already; or nobody ever did.
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        sys.stdout, sys.stderr = before


def _before(stream: Any) -> Any:
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, _Guarded):
        return stream
    with suppress(OSError, ValueError):
        stream.flush()
    return _Guarded(stream)


def flush() -> None:
    """Let what was written to stdout appear, if there is a stdout."""
    if cast("Any", sys.stdout) is not None:
        sys.stdout.flush()


def steer(text: str) -> None:
    """Write what is meant to steer the terminal, such as a bar that is drawn again, to stderr."""
    write = getattr(sys.stderr, "steer", None) or cast("Any", sys.stderr).write
    write(text)
    sys.stderr.flush()
