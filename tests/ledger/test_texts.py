"""Text files as they were written, whatever shells, editors and mail did to them since."""

from __future__ import annotations

import pytest

from ledger.errors import FileError
from ledger.texts import as_line, as_written, is_private_key, refuse_misgiven

MARK = b"\xef\xbb\xbf"
WRITTEN = {
    "as it was": (b"a\nb\n", b"a\nb\n"),
    "CRLF": (b"a\r\nb\r\n", b"a\nb\n"),
    "a byte order mark": (MARK + b"a\nb\n", b"a\nb\n"),
    "no newline at the end": (b"a\nb", b"a\nb\n"),
    "all of it": (MARK + b"a\r\nb", b"a\nb\n"),
    "nothing": (b"", b""),
    "a mark within stays": (b"a" + MARK + b"\n", b"a" + MARK + b"\n"),
    "a carriage return alone stays": (b"a\rb\n", b"a\rb\n"),
    "empty lines stay": (b"a\n\n\nb\n\n", b"a\n\n\nb\n\n"),
}


@pytest.mark.parametrize(("data", "written"), WRITTEN.values(), ids=WRITTEN)
def test_a_text_is_read_as_it_was_written(data, written):
    assert as_written(data, "c1") == written


@pytest.mark.parametrize("data", [b"{}", b"{}\n", b"{}\r\n", MARK + b"{}\r\n", MARK + b"{}"])
def test_a_line_is_read_without_what_stands_around_it(data):
    assert as_line(data) == b"{}"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("read", [as_written, refuse_misgiven])
def test_utf_16_is_refused_by_name_and_with_what_to_do(read, encoding):
    with pytest.raises(FileError) as refused:
        read("northwick.example\n".encode(encoding), "c1")
    assert str(refused.value) == (
        "c1 is written in UTF-16, as PowerShell's `>` writes files: expected UTF-8, as the command"
        " gave it. Let the command write the file itself, with -o FILE in the place of > FILE."
    )


@pytest.mark.parametrize(
    "key",
    [
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n",
        b"\r\n-----BEGIN PRIVATE KEY-----\n",
        MARK + b"-----BEGIN RSA PRIVATE KEY-----\n",
        b"PRIVATE+KEY+northwick.example+16ac871c+AQ==\n",
        b"PuTTY-User-Key-File-3: ssh-ed25519\n",
    ],
)
@pytest.mark.parametrize("read", [as_written, refuse_misgiven])
def test_a_private_key_is_refused_and_nothing_of_it_repeated(read, key):
    with pytest.raises(FileError) as refused:
        read(key, "alder")
    assert str(refused.value) == (
        "alder is a private key, which is for its holder alone; nothing of it was read. Name the"
        " file that you mean; a key to sign with goes to --key."
    )


@pytest.mark.parametrize("text", [b"-----BEGIN SSH SIGNATURE-----", b"ssh-ed25519 AAAA", b""])
def test_what_is_no_private_key_is_read(text):
    assert not is_private_key(text)
