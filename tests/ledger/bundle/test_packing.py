"""An archive can be written in one way, stock tools read it, and every other way is refused."""

from __future__ import annotations

import io
import struct
import zipfile
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.bundle import packing
from ledger.bundle.archive import open_archive
from ledger.bundle.packing import Member, differs, in_order
from ledger.errors import BundleError

pytestmark = pytest.mark.sampled(3)

FILES = {
    "entries.jsonl": b"one\ntwo\n",
    "disclosures.jsonl": b"",
    "withheld.tsv": b"a\tb\n",
    "checkpoint": b"note",
    "signed/2.json": b"{}",
    "signed/2.json.sig": b"sig",
    "signed/10.json": b"{}",
    "allowed_signers": b"keys",
    "VERIFY.md": b"# How",
    "manifest.json": b"{}",
    "manifest.json.sig": b"sig",
    "SHA256SUMS": b"sums",
}


def made(files=FILES):
    file = io.BytesIO()
    with packing.packed(file) as pack:
        for name, data in files.items():
            pack.add(name, [data[:1], data[1:]])
    return file


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return [Member(one.filename, one.file_size, one.CRC) for one in zipped.infolist()]


def test_what_is_packed_is_read_by_others_and_differs_nowhere():
    data = made().getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == FILES
        assert zipped.testzip() is None
        assert {one.external_attr >> 16 for one in zipped.infolist()} == {0o100644}
    assert differs(io.BytesIO(data), members(data)) is None


def test_what_is_at_hand_is_packed_as_what_comes_piece_by_piece():
    file = io.BytesIO()
    with packing.packed(file) as pack:
        digests = [pack.add_whole(name, data) for name, data in FILES.items()]
    assert file.getvalue() == made().getvalue()
    assert digests == [sha256(data).hexdigest() for data in FILES.values()]


def test_files_stand_in_one_order_numbers_by_their_size():
    assert in_order(reversed(FILES)) == list(FILES)


@given(st.dictionaries(st.sampled_from(sorted(FILES)), st.binary(max_size=300)))
def test_whatever_the_files_hold(files):
    data = made({name: files[name] for name in in_order(files)}).getvalue()
    assert differs(io.BytesIO(data), members(data)) is None


def test_sizes_and_numbers_beyond_32_and_16_bits_are_told_in_64(monkeypatch):
    """The limits are lowered, so that small archives reach them; others read them all the same."""
    monkeypatch.setattr(packing, "_MOST_16", 3)
    with zipfile.ZipFile(made()) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == FILES


# -- altered around the files ------------------------------------------------------------------


def at(data, name, signature, offset, new):
    """Alter a header of a file, by the signature of its kind."""
    start = 0
    while True:
        start = data.index(signature, start)
        length_at = 26 if signature == b"PK\x03\x04" else 28
        (length,) = struct.unpack_from("<H", data, start + length_at)
        name_at = start + (30 if signature == b"PK\x03\x04" else 46)
        if data[name_at : name_at + length] == name.encode():
            break
        start += 4
    return data[: start + offset] + new + data[start + offset + len(new) :]


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def commented(data):
    return data[:-2] + struct.pack("<H", 4) + b"hello"[:4]


def with_gap(data):
    """Put bytes between two files, and move all that tells where things stand."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        third = zipped.infolist()[3].header_offset
        central = zipped.start_dir
        names = [one.filename for one in zipped.infolist()[3:]]
        offsets = {one.filename: one.header_offset for one in zipped.infolist()}
    for name in names:
        data = at(data, name, CENTRAL, 42, struct.pack("<I", offsets[name] + 9))
    data = data[:-6] + struct.pack("<I", central + 9) + data[-2:]
    return data[:third] + b"nobody re" + data[third:]


def deflated(_):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in FILES.items():
            zipped.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data * 100)
    return file.getvalue()


def reordered(_):
    return made({name: FILES[name] for name in reversed(FILES)}).getvalue()


def by_zipfile(_):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, data in FILES.items():
            zipped.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return file.getvalue()


AROUND = {
    "bytes before it": lambda data: b"#!/bin/sh\n" + data,
    "bytes after it": lambda data: data + b"more",
    "a comment": commented,
    "a gap between two files": with_gap,
    "its end cut": lambda data: data[:-1],
    "another order": reordered,
    "packed files": deflated,
    "as another program writes it": by_zipfile,
    "another name before the file": lambda data: at(data, "VERIFY.md", LOCAL, 30, b"verify.md"),
    "another time before the file": lambda data: at(data, "checkpoint", LOCAL, 10, b"\x01"),
    "another checksum before the file": lambda data: at(data, "checkpoint", LOCAL, 14, b"\0\0\0\0"),
    "another length before the file": lambda data: at(data, "checkpoint", LOCAL, 18, b"\x01"),
    "flags before the file": lambda data: at(data, "checkpoint", LOCAL, 6, b"\x08"),
    "a method before the file": lambda data: at(data, "checkpoint", LOCAL, 8, b"\x08"),
    "a program's version": lambda data: at(data, "checkpoint", CENTRAL, 4, b"\x1f"),
    "a time": lambda data: at(data, "checkpoint", CENTRAL, 12, b"\x01"),
    "attributes": lambda data: at(data, "checkpoint", CENTRAL, 38, b"\x01"),
    "permissions": lambda data: at(data, "checkpoint", CENTRAL, 40, b"\xff\x81"),
    "internal attributes": lambda data: at(data, "checkpoint", CENTRAL, 36, b"\x01"),
    "another disk": lambda data: at(data, "checkpoint", CENTRAL, 34, b"\x01"),
    "another checksum": lambda data: at(data, "checkpoint", CENTRAL, 16, b"\0\0\0\0"),
    "the number of files": lambda data: data[:-14] + b"\x05\0" + data[-12:],
    "the number of a disk": lambda data: data[:-18] + b"\x01\0" + data[-16:],
}


@pytest.mark.parametrize("change", AROUND.values(), ids=AROUND)
def test_an_archive_that_differs_anywhere_is_refused(tmp_path, change):
    data = made().getvalue()
    altered = change(data)
    assert altered != data
    (tmp_path / "b.zip").write_bytes(altered)
    with pytest.raises(BundleError), open_archive(tmp_path / "b.zip") as archive:
        archive.rest()


@pytest.mark.parametrize("way", ["flipped", "cut out", "doubled"])
def test_not_one_byte_around_the_files_may_be_another(tmp_path, way):
    """Every byte of a small archive in turn; one of a file is told by its checksum."""
    data = made().getvalue()
    path = tmp_path / "b.zip"
    for place in range(len(data)):
        byte = data[place : place + 1]
        put = {"flipped": bytes([byte[0] ^ 0x20]), "cut out": b"", "doubled": byte * 2}[way]
        path.write_bytes(data[:place] + put + data[place + 1 :])
        with pytest.raises(BundleError), open_archive(path) as archive:
            archive.rest()
