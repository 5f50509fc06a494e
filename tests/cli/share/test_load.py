"""Entries go into a new ledger, all of them or none, and the same record comes of them."""

from pathlib import Path

import pytest

from ledger.bundle import entries_file

REFUSED = {
    "nothing to load": (("load", "nowhere.jsonl"), 1, "there is no file nowhere.jsonl"),
    "a head that is none": (("load", "e.jsonl", "--root", "174"), 2, "is not as 172:Csjx"),
    "two heads": (
        ("load", "e.jsonl", "--root", "1:x", "--checkpoint", "c"),
        2,
        "--root and --checkpoint: give one.",
    ),
}


@pytest.mark.parametrize(("args", "code", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_loaded_is_said_in_words(at, tmp_path, args, code, sentence):
    assert sentence in at(*args, code=code, ledger=tmp_path / "new.db").stderr
    assert list(tmp_path.iterdir()) == []


def test_entries_go_out_and_in_again_and_the_record_is_the_same(at, tmp_path):
    out = at("export", "entries", "-o", "e.jsonl", "--texts", "t.jsonl")
    head = out.stderr.splitlines()[0].removeprefix("Size and root: ")
    new = tmp_path / "new.db"
    loaded = at("load", "e.jsonl", "--root", head, "--texts", "t.jsonl", ledger=new)
    assert loaded.stdout == f"Loaded 174 entries: {head}\nTexts loaded 24, missing 0.\n"
    assert "0 faults, " in at("check", ledger=new, code=4).stdout
    again = at("export", "entries", ledger=new)
    assert again.stdout_bytes == Path("e.jsonl").read_bytes()


def test_a_checkpoint_tells_which_record_it_must_be(at, tmp_path):
    at("export", "entries", "-o", "e.jsonl")
    Path("c1").write_bytes(at("log", "checkpoint").stdout_bytes)
    at("load", "e.jsonl", "--checkpoint", "c1", ledger=tmp_path / "new.db")
    Path("c2").write_bytes(b"nonsense")
    at("load", "e.jsonl", "--checkpoint", "c2", ledger=tmp_path / "other.db", code=1)
    assert not (tmp_path / "other.db").exists()


def test_an_altered_file_is_not_loaded_and_leaves_nothing(at, tmp_path):
    at("export", "entries", "-o", "e.jsonl")
    lines = Path("e.jsonl").read_bytes().splitlines(keepends=True)
    Path("e.jsonl").write_bytes(b"".join([*lines[:90], *lines[91:]]))
    found = at("load", "e.jsonl", ledger=tmp_path / "new.db", code=3).stderr
    assert "entry 91: seen: its signer saw 91 entries, and 90 stand before it" in found
    assert "e.jsonl does not verify; nothing was loaded." in found
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.jsonl"]


def test_a_ledger_that_is_there_is_not_loaded_into(at, demo):
    at("export", "entries", "-o", "e.jsonl")
    before = (demo / "demo.db").read_bytes()
    assert "the ledger to load into is not empty" in at("load", "e.jsonl", code=1).stderr
    assert (demo / "demo.db").read_bytes() == before


@pytest.mark.parametrize("before", [None, b""], ids=["no file", "an empty file"])
def test_where_nothing_is_loaded_no_ledger_is_left(at, tmp_path, before):
    at("export", "bundle", "-o", "whole.zip")
    new = tmp_path / "new.db"
    if before is not None:
        new.write_bytes(before)
    said = at("load", "whole.zip", code=1, ledger=new).stderr
    assert said == (
        "Error: whole.zip is a bundle, or another zip archive: expected a file of lines. A bundle"
        " of a whole record holds one: `unzip whole.zip entries.jsonl`.\n"
    )
    assert (new.read_bytes() if new.exists() else None) == before
    assert not list(tmp_path.glob("new.db-*"))


def test_of_two_that_load_to_one_path_the_first_to_end_stays(at, tmp_path, monkeypatch):
    """The second is refused, and takes nothing of the first away."""
    at("export", "entries", "-o", "e.jsonl", "--texts", "t.jsonl")
    new, load = tmp_path / "new.db", entries_file.load
    first = []

    def meanwhile(*args, **how):
        monkeypatch.setattr(entries_file, "load", load)
        first.append(at("load", "e.jsonl", "--texts", "t.jsonl", ledger=new).stdout)
        return load(*args, **how)

    monkeypatch.setattr(entries_file, "load", meanwhile)
    said = at("load", "e.jsonl", ledger=new, code=1).stderr
    assert f"{new} is there already: it came while this was made" in said
    assert first[0].startswith("Loaded 174 entries")
    at("check", ledger=new, code=4)
    assert "Texts loaded 24" in first[0]
    assert not list(tmp_path.glob("*.part*"))


def test_the_last_entries_of_a_ledger_that_was_lost_are_not_mixed_in(at, tmp_path):
    at("export", "entries", "-o", "e.jsonl")
    (tmp_path / "new.db-wal").write_bytes(b"entries")
    said = at("load", "e.jsonl", ledger=tmp_path / "new.db", code=1).stderr
    assert "new.db-wal is left of another ledger, whose last entries are in it" in said
    assert not (tmp_path / "new.db").exists()


def test_what_is_loaded_is_its_owner_s_alone(at, tmp_path):
    at("export", "entries", "-o", "e.jsonl", "--texts", "t.jsonl")
    at("load", "e.jsonl", "--texts", "t.jsonl", ledger=tmp_path / "new.db")
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "t.jsonl").stat().st_mode & 0o777 == 0o600
