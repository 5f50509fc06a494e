"""What is neither a bundle nor a pack is said to be what it is, with what to do with it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ledger.bundle import open_archive
from ledger.bundle.pack_files import open_pack
from ledger.errors import BundleError, PackError

CHECKPOINT = b"northwick.example\n174\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 northwick.example AAAA\n"
CARD = b"origin   northwick.example\nlog key  northwick.example+00\nleaf 0   00\n"
FILES = {
    "nothing": (b"", "an empty file", "It did not arrive. Fetch it again, whole."),
    "text": (b"hello\n", "text", "Name the .zip file that you were sent."),
    "text cut within a letter": ("é".encode() * 1_001, "text", "Name the .zip file"),
    "other bytes": (b"\x89PNG\r\n", "something else", "Name the .zip file"),
    "a ledger": (
        b"SQLite format 3\0" + bytes(99),
        "a database, as a ledger is",
        "To verify a ledger: `school-ledger --ledger f verify`.",
    ),
    "a zip archive cut short": (
        b"PK\x03\x04" + bytes(99),
        "the beginning of a zip archive that was cut short",
        "Fetch it again, whole. Compare its SHA-256 with that of whoever sent it.",
    ),
    "a checkpoint": (CHECKPOINT, "a checkpoint", "`school-ledger verify BUNDLE --checkpoint f`."),
    "a trust card": (CARD, "a trust card", "`school-ledger verify BUNDLE --trust f`."),
    "a trust card as it was mailed": (
        b"Our card:\r\n" + CARD.replace(b"\n", b"\r\n"),
        "a trust card",
        "--trust f",
    ),
    "a proof": (b"c2sp.org/tlog-proof@v1\n", "the proof of one entry", "log verify --help`."),
    "entries": (
        b'{"recorded_at":"2026',
        "exported entries",
        "`school-ledger --ledger NEW load f`.",
    ),
    "a page to sign in": (b"\n<!DOCTYPE html>", "a web page", "Sign in at the website"),
    "a key": (b"-----BEGIN OPENSSH PRIVATE KEY-----", "a private key", "Give it to nobody."),
    "a log key": (b"PRIVATE+KEY+", "a private key", "Give it to nobody."),
}


def said_of(path, opening, kind):
    with pytest.raises(kind) as caught, opening(path):
        pass
    return caught.value


@pytest.mark.parametrize(("data", "seems", "todo"), FILES.values(), ids=FILES)
def test_a_wrong_file_is_said_to_be_what_it_is(tmp_path, monkeypatch, data, seems, todo):
    monkeypatch.chdir(tmp_path)
    path = Path("f")
    path.write_bytes(data)
    error = said_of(path, open_archive, BundleError)
    assert error.what == "f is neither a bundle nor a pack"
    assert error.got == seems
    assert error.expected == "what `school-ledger export bundle` or `export pack` wrote"
    assert todo in str(error.todo)
    assert said_of(path, open_pack, PackError).got == seems


@pytest.mark.parametrize(
    ("names", "seems"),
    [
        ([], "a zip archive with nothing in it"),
        (["notes.txt", "b.txt"], "a zip archive of other files, as notes.txt"),
        (["mimetype", "content.xml"], "a zip archive of other files, as mimetype"),
    ],
)
def test_so_is_a_zip_archive_of_other_files(tmp_path, names, seems):
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    assert said_of(path, open_archive, BundleError).got == seems
