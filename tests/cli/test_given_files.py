"""Files given to commands: what never ends is refused, what is precious is not written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PIPE = "a pipe, which is no file"
READS = {
    "a bundle": ("verify", "pipe"),
    "a trust card": ("verify", "--trust", "pipe"),
    "a checkpoint that is held": ("verify", "--checkpoint", "pipe"),
    "entries": ("load", "pipe", "--ledger", "new.db"),
    "texts": ("load", "e.jsonl", "--texts", "pipe", "--ledger", "new.db"),
    "a checkpoint to load": ("load", "e.jsonl", "--checkpoint", "pipe", "--ledger", "new.db"),
    "signed statements": ("append", "pipe"),
    "a statement": ("sign", "pipe"),
    "a signature": ("sign", "statement", "--signature", "pipe"),
    "a key": ("key", "show", "pipe"),
    "a key to sign with": ("record", "SchoolClosed", "--school", "900001", "--key", "pipe"),
    "an event": ("record", "SchoolClosed", "--from", "pipe"),
    "text of an event": ("record", "PersonEnrolled", "--name", "@pipe"),
    "a checkpoint to cosign": ("log", "cosign", "pipe", "--witness-key", "w.key", "--log", "x"),
    "a witness's key": ("log", "witness", "show", "pipe"),
    "a published register": ("import", "gias", "--establishments", "pipe"),
    "a further registrar": (
        *("init", "--origin", "o.example", "--title", "O", "--registrar", "pipe"),
        *("--ledger", "new.db", "--key", "keys/registrar"),
    ),
    "a checkpoint to export up to": ("export", "bundle", "-o", "b.zip", "--checkpoint", "pipe"),
    "a checkpoint that somebody holds": ("log", "checkpoint", "--since", "pipe"),
}


@pytest.mark.parametrize("words", READS.values(), ids=READS)
def test_no_command_waits_for_what_never_comes(world, words):
    os.mkfifo(world.folder / "pipe")
    (world.folder / "e.jsonl").write_bytes(b"".join(exported(world)))
    (world.folder / "statement").write_text(world.done(*SAID))
    world.done("log", "witness", "new", "w.key", "--name", "w.example")
    (world.folder / "northwick.db.log-key").write_bytes((world.folder / "w.key").read_bytes())
    (world.folder / "northwick.db.log-key").chmod(0o600)
    result = world.run(*words)
    assert result.exit_code in (1, 2, 3), result.output
    assert "Traceback" not in result.stderr
    assert PIPE in result.stderr or "log key" in result.stderr, result.stderr


SAID = ("draft", "BodyRegistered", "--body", "one", "--kind", "trust", "--name", "One")


def exported(world):
    return [world.run("export", "entries").stdout_bytes]


def test_settings_that_never_end_are_refused(empty):
    os.mkfifo(empty.folder / "school-ledger.toml")
    assert PIPE in empty.error("owes")


@pytest.mark.parametrize("words", [("append", "-"), ("record", "PersonEnrolled", "--name", "-")])
def test_standard_input_that_does_not_end_is_refused(world, words):
    said = world.error(*words, input="x" * 5_000_000)
    assert "too long" in said


OWN = (
    "northwick.db",
    "northwick.db-wal",
    "northwick.db-shm",
    "northwick.db.views/current",
    "northwick.db.log-key",
    "northwick.db.log-key.last",
    "keys/registrar",
    "c1",
)
WRITES = {
    "an answer": ("owes", "-f", "csv", "-o"),
    "a page": ("show", "900001", "-f", "csv", "-o"),
    "a verdict's report": ("check", "-f", "csv", "-o"),
    "entries": ("export", "entries", "-o"),
    "texts": ("export", "entries", "-o", "e.jsonl", "--texts"),
    "a bundle": ("export", "bundle", "-o"),
    "a draft": (*SAID, "-o"),
    "signed statements": ("sign", "statement", "-o"),
}


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
def test_no_answer_takes_the_place_of_what_belongs_to_the_ledger(world, words, own):
    note = b"northwick.example\n174\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 northwick.example AAAA\n"
    (world.folder / "northwick.db.log-key.last").write_bytes(note)
    (world.folder / "c1").write_bytes(note)
    (world.folder / "statement").write_text(world.done(*SAID))
    before = {path: path.read_bytes() for path in kept(world)}
    said = world.error(*words, own)
    assert "which would be lost: expected another name. Nothing was overwritten." in said
    assert {path: path.read_bytes() for path in kept(world)} == before


def kept(world):
    changing = ("-wal", "-shm")
    return [
        path
        for path in world.folder.rglob("*")
        if path.is_file() and not path.name.endswith(changing) and ".views" not in str(path)
    ]


def test_what_holds_texts_is_its_owner_s_alone_and_what_holds_none_is_as_any_file(at):
    os.umask(0o022)
    modes = {}
    for text in ("none", "without-contacts", "all"):
        at("export", "bundle", "--text", text, "-o", f"{text}.zip")
        modes[text] = Path(f"{text}.zip").stat().st_mode & 0o777
    assert modes == {"none": 0o644, "without-contacts": 0o600, "all": 0o600}


def test_statements_to_be_sent_with_their_texts_are_private(world):
    world.done("draft", "PersonEnrolled", "--name", "Robin Vale", "-o", "p.json")
    world.done("sign", "p.json", "-o", "p.jsonl")
    for name in ("p.json.disclosures", "p.jsonl"):
        assert "Robin Vale" in (world.folder / name).read_text()
        assert (world.folder / name).stat().st_mode & 0o777 == 0o600
