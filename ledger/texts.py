r"""Text files as they were written, whatever shells, editors and mail did to them since.

::

    as_written(b"\xef\xbb\xbforigin\r\n42", "c1") == b"origin\n42\n"

A byte order mark, CRLF and a last line that is not ended are undone: nothing that the ledger writes
as text holds any of them, so what was meant is beyond doubt. Anything else is as it came, and
judged by whoever reads it.
"""

from __future__ import annotations

import re

from ledger.errors import FileError

__all__ = [
    "BYTE_ORDER_MARK",
    "PRIVATE_KEY",
    "as_line",
    "as_written",
    "is_private_key",
    "is_utf_16",
    "refuse_misgiven",
]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: How private keys begin: OpenSSH's and PEM, a log's or a witness's, PuTTY's.
PRIVATE_KEY = rb"\s*(?:-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|PRIVATE\+KEY\+|PuTTY-User-Key-File-)"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def as_written(data: bytes, name: str) -> bytes:
    """Return the bytes of a text of lines; raise FileError for what was given by mistake."""
    refuse_misgiven(data, name)
    text = data.removeprefix(BYTE_ORDER_MARK).replace(b"\r\n", b"\n")
    return text if text.endswith(b"\n") or not text else text + b"\n"


def as_line(data: bytes) -> bytes:
    """Return a line of JSON without what may stand before and after it: it holds no line end."""
    return data.removeprefix(BYTE_ORDER_MARK).rstrip(b"\r\n")


def is_utf_16(data: bytes) -> bool:
    """Whether bytes begin as text in UTF-16 does."""
    begin = data[:4]
    return begin.startswith(_UTF_16) or b"\0\0" in (begin[0::2], begin[1::2])


def is_private_key(data: bytes) -> bool:
    """Whether bytes begin as a private key does, which nobody is to read, send or record."""
    return re.match(PRIVATE_KEY, data.removeprefix(BYTE_ORDER_MARK)) is not None


def refuse_misgiven(data: bytes, name: str) -> None:
    """Raise FileError, which names the file, for what is no text that anybody meant to give.

    That is UTF-16, in which letters of the text may be lost already, and a private key, of which
    nothing is repeated.
    """
    if is_utf_16(data):
        raise FileError(
            f"{name} is written in UTF-16, as PowerShell's `>` writes files",
            expected="UTF-8, as the command gave it",
            todo="Let the command write the file itself, with -o FILE in the place of > FILE.",
        )
    if is_private_key(data):
        raise FileError(
            f"{name} is a private key, which is for its holder alone; nothing of it was read",
            todo="Name the file that you mean; a key to sign with goes to --key.",
        )
