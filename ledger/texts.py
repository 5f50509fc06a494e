r"""Text files as they were written, whatever shells, editors and mail did to them since.

::

    as_written(b"\xef\xbb\xbforigin\r\n42", "c1") == b"origin\n42\n"

A byte order mark, CRLF and a last line that is not ended are undone: nothing that the ledger writes
as text holds any of them, so what was meant is beyond doubt. Anything else is as it came, and
judged by whoever reads it.
"""

from __future__ import annotations

from ledger.errors import FileError

__all__ = ["BYTE_ORDER_MARK", "as_line", "as_written", "refuse_utf_16"]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def as_written(data: bytes, name: str) -> bytes:
    """Return the bytes of a text of lines; raise FileError, which names the file, for UTF-16."""
    refuse_utf_16(data, name)
    text = data.removeprefix(BYTE_ORDER_MARK).replace(b"\r\n", b"\n")
    return text if text.endswith(b"\n") or not text else text + b"\n"


def as_line(data: bytes) -> bytes:
    """Return a line of JSON without what may stand before and after it: it holds no line end."""
    return data.removeprefix(BYTE_ORDER_MARK).rstrip(b"\r\n")


def refuse_utf_16(data: bytes, name: str) -> None:
    """Raise FileError for UTF-16, in which letters of the text may be lost already."""
    begin = data[:4]
    halves = (begin[0::2], begin[1::2])
    if begin.startswith(_UTF_16) or b"\0\0" in halves:
        raise FileError(
            f"{name} is written in UTF-16, as PowerShell's `>` writes files",
            expected="UTF-8, as the command gave it",
            todo="Let the command write the file itself, with -o FILE in the place of > FILE.",
        )
