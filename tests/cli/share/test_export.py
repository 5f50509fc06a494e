"""`export`, as an exporter and a receiver type it."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest


def test_a_part_is_exported_and_says_what_is_in_it(at, masked):
    out = at("export", "bundle", "--school", "900003", "-o", "b.zip")
    assert masked(out.stdout) == (
        "Wrote b.zip: a part of the record, 102 of its 174 entries.\n"
        "Left out 72 entries: `school-ledger verify b.zip` lists them.\n"
        "Texts shown 0, withheld 16.\nSHA-256 <hash>\n"
    )
    assert "Next: school-ledger verify b.zip" in out.stderr
    with zipfile.ZipFile("b.zip") as zipped:
        assert "proofs/0.tlog-proof" in zipped.namelist()


def test_a_school_goes_by_any_urn_that_it_ever_had(at):
    for urn in ("900003", "900103"):
        out = at("export", "bundle", "--school", urn, "-o", f"{urn}.zip").stdout
        assert "102 of its 174 entries" in out


def test_the_whole_record_is_exported_with_all_text_if_asked(at):
    out = at("export", "bundle", "--text", "all", "-o", "b.zip").stdout
    assert "the whole record, 174 entries" in out
    assert "Texts shown 24, withheld 0." in out


def test_an_audience_is_shown_what_it_may_read_of_the_text_that_is_asked_for(at):
    out = at("export", "bundle", "--text", "all", "--audience", "public", "-o", "b.zip").stdout
    assert "Texts shown 0, withheld 24." in out
    error = at("export", "bundle", "--audience", "public", "-o", "c.zip", code=2).stderr
    assert "--audience narrows the text that is shown, and --text none shows none." in error


def test_an_export_up_to_a_checkpoint_holds_no_more(at):
    note = at("log", "checkpoint").stdout
    Path("c1").write_text(note, encoding="utf-8")
    out = at("export", "bundle", "--checkpoint", "c1", "--held", "c1", "-o", "b.zip").stdout
    assert "174 entries" in out
    with zipfile.ZipFile("b.zip") as zipped:
        assert zipped.read("checkpoint").decode() == note
        assert zipped.read("consistency").startswith(b"old 174\n")


REFUSED = {
    "no file named": (("export", "bundle"), 2, "missing option '--output' / '-o'"),
    "two parties": (
        ("export", "bundle", "--school", "900003", "--partnership", "estuary", "-o", "b.zip"),
        2,
        "--school and --partnership: choose one.",
    ),
    "a school without a name": (
        ("export", "bundle", "--school", "", "-o", "b.zip"),
        2,
        "invalid value for '--school': it is empty. Name something, or leave it away.",
    ),
    "a school that is none": (
        ("export", "bundle", "--school", "900999", "-o", "b.zip"),
        1,
        "no school in this ledger has or had the URN 900999",
    ),
    "a body for a school": (
        ("export", "bundle", "--school", "northwick", "-o", "b.zip"),
        1,
        "northwick is no school: got body:northwick. Say --body northwick.",
    ),
    "a partnership for a school": (
        ("export", "bundle", "--school", "estuary", "-o", "b.zip"),
        1,
        "estuary is no school: got partnership:estuary. Say --partnership estuary.",
    ),
    "a time that ends before it begins": (
        ("export", "bundle", "--from", "2026-01-01", "--to", "2025-12-31", "-o", "b.zip"),
        2,
        "--from 2026-01-01 is after --to 2025-12-31.",
    ),
    "something that is no checkpoint": (
        ("export", "bundle", "--checkpoint", __file__, "-o", "b.zip"),
        1,
        f"{__file__} is no checkpoint",
    ),
    "something held that is no checkpoint": (
        ("export", "bundle", "--held", __file__, "-o", "b.zip"),
        1,
        f"{__file__} is no checkpoint",
    ),
    "texts into no folder": (
        ("export", "entries", "-o", "e.jsonl", "--texts", "nowhere/t.jsonl"),
        1,
        "nowhere/t.jsonl cannot be written",
    ),
    "a bundle for stdout": (("export", "bundle", "-o", "-"), 2, "a bundle goes to a file."),
    "two answers for stdout": (
        ("export", "entries", "--texts", "-"),
        2,
        "--output and --texts name one place",
    ),
    "two answers for one file": (
        ("export", "entries", "-o", "e", "--texts", "./e"),
        2,
        "--output and --texts name one place",
    ),
    "a proof and its entry for one file": (
        ("log", "prove", "0191", "-o", "e", "--entry", "e"),
        2,
        "--output and --entry name one place",
    ),
    "a day that is none": (
        ("export", "bundle", "--from", "2025-02-30", "-o", "b.zip"),
        2,
        "'2025-02-30' is no day of the calendar.",
    ),
    "an office not held": (
        ("export", "bundle", "--as", "head@900001", "-o", "b.zip"),
        1,
        "does not hold that office: got head@school:900001, expected registrar@ledger",
    ),
    "no such checkpoint": (
        ("export", "bundle", "--checkpoint", "nowhere", "-o", "b.zip"),
        1,
        "there is no file nowhere",
    ),
    "no such folder": (
        ("export", "bundle", "-o", "nowhere/b.zip"),
        1,
        "nowhere/b.zip cannot be written",
    ),
    "entries into no folder": (
        ("export", "entries", "-o", "nowhere/e.jsonl"),
        1,
        "nowhere/e.jsonl cannot be written",
    ),
}


@pytest.mark.parametrize(("args", "code", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_said_in_words(at, tmp_path, args, code, sentence):
    assert sentence in at(*args, code=code).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_key_of_nobody_exports_nothing(at, tmp_path):
    at("key", "new", "stranger", "--no-passphrase")
    found = at("export", "bundle", "-o", "b.zip", "--key", "stranger", code=1).stderr
    assert "is not enrolled in this ledger" in found
    assert not (tmp_path / "b.zip").exists()


def test_an_office_is_named_as_people_know_it_and_a_set_one_is_the_set_key_s_own(at, demo):
    """`school-ledger.toml` says registrar@ledger, which is no office of another person's key."""
    alder = str(demo / "keys" / "alder")
    Path("school-ledger.toml").write_text('as = "registrar@ledger"\n', encoding="utf-8")
    at("export", "bundle", "--as", "registrar", "-o", "b.zip")
    at("export", "bundle", "--as", "head@900001", "--key", alder, "-o", "b.zip")
    at("export", "bundle", "--key", alder, "-o", "b.zip")
    with zipfile.ZipFile("b.zip") as zipped:
        assert b"head@school:900001" in zipped.read("manifest.json")


def test_with_a_checkpoint_given_a_copy_that_cannot_be_written_will_do(at, demo, tmp_path):
    at("log", "checkpoint", "-o", "c1")
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(demo / "demo.db", copy / "demo.db")
    before = (copy / "demo.db").read_bytes()
    (copy / "demo.db").chmod(0o444)
    at("export", "bundle", "--checkpoint", "c1", "-o", "b.zip", ledger=copy / "demo.db")
    assert (copy / "demo.db").read_bytes() == before


def test_sealed_text_is_for_its_owner_s_eyes_only(at):
    at("export", "entries", "-o", "e.jsonl", "--texts", "t.jsonl")
    assert Path("t.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("part", [(), ("--school", "900003")], ids=["whole", "part"])
def test_entries_that_a_hostile_hand_stored_as_text_go_out_as_bytes(at, demo, tmp_path, part):
    at("log", "checkpoint", "-o", "c1")
    other = tmp_path / "other.db"
    shutil.copy(demo / "demo.db", other)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("UPDATE events SET data = CAST(data AS TEXT)")
        connection.commit()
    at("export", "entries", "-o", "e.jsonl", ledger=other)
    at("export", "entries", "-o", "same.jsonl")
    assert Path("e.jsonl").read_bytes() == Path("same.jsonl").read_bytes()
    at("export", "bundle", "--checkpoint", "c1", *part, "-o", "b.zip", ledger=other)
    assert at("verify", "b.zip", "--checkpoint", "c1").stdout.startswith("VERIFIED")


@pytest.mark.parametrize("place", ["nowhere/b.zip", "folder", "demo.db"])
def test_no_checkpoint_is_signed_for_a_bundle_that_cannot_be_written(at, demo, tmp_path, place):
    for name in ("demo.db", "demo.db.log-key"):
        shutil.copy(demo / name, tmp_path / name)
    (tmp_path / "folder").mkdir()
    code = 2 if place == "folder" else 1
    said = at("export", "bundle", "-o", place, code=code, ledger=tmp_path / "demo.db").stderr
    assert said.startswith(f"Error: {place} ")
    assert not (tmp_path / "demo.db.log-key.last").exists()
