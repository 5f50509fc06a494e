"""Files given to commands: what never ends is refused, what is precious is not written over."""

from __future__ import annotations

import os
from itertools import cycle
from pathlib import Path

import click
import pytest

from cli.main import main

pytestmark = pytest.mark.sampled(5)

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
    make_other_keys(world)
    result = world.run(*words)
    assert result.exit_code in (1, 2, 3), result.output
    assert "Traceback" not in result.stderr
    assert PIPE in result.stderr or "log key" in result.stderr, result.stderr


def make_other_keys(world):
    """Make a witness's key and the log's, as far as it takes to come to the file that is given."""
    world.done("log", "witness", "new", "w.key", "--name", "w.example")
    (world.folder / "northwick.db.log-key").write_bytes((world.folder / "w.key").read_bytes())
    (world.folder / "northwick.db.log-key").chmod(0o600)


SAID = ("draft", "BodyRegistered", "--body", "one", "--kind", "trust", "--name", "One")


def exported(world):
    return [world.run("export", "entries").stdout_bytes]


#: Commands that are there to read keys say what is wrong with one in their own words.
OF_KEYS = {"a key", "a key to sign with", "a witness's key"}
SECRETS = {
    "an OpenSSH key": "-----BEGIN OPENSSH PRIVATE KEY-----\nYWxkZXI=\nZm94\n-----END OPENSSH",
    "a log's key": "PRIVATE+KEY+northwick.example/support+16ac871c+YWxkZXIZm94YWxkZXIZm94",
    "one below an empty line": "\n-----BEGIN RSA PRIVATE KEY-----\nYWxkZXI=\nZm94\n-----END RSA",
    "PuTTY's": "PuTTY-User-Key-File-3: ssh-ed25519\nYWxkZXI=\nPrivate-Lines: 1\nZm94\n",
}


READS_NO_KEY = {name: words for name, words in READS.items() if name not in OF_KEYS}


@pytest.mark.parametrize(
    ("secret", "words"),
    list(zip(cycle(SECRETS.values()), READS_NO_KEY.values(), strict=False)),
    ids=READS_NO_KEY,
)
def test_a_private_key_given_by_mistake_is_called_so_and_never_repeated(world, secret, words):
    for name in ("pipe", "e.jsonl", "statement"):
        (world.folder / name).write_text(secret)
    make_other_keys(world)
    result = world.run(*words)
    assert result.exit_code in (1, 2, 3), result.output
    assert "a private key" in result.stderr or "log key" in result.stderr, result.stderr
    for part in ("YWxkZXI", "Zm94", "BEGIN"):
        assert part not in result.output


def test_a_private_key_is_no_text_of_an_event_from_standard_input_either(world):
    secret = SECRETS["an OpenSSH key"]
    said = world.error("record", "PersonEnrolled", "--name", "-", input=secret)
    assert said.startswith("Error: standard input is a private key, which is for its holder alone")


@pytest.mark.parametrize("words", READS_NO_KEY.values(), ids=READS_NO_KEY)
def test_utf_16_is_called_so_by_every_command_that_reads_a_file(world, words):
    for name in ("pipe", "e.jsonl", "statement"):
        (world.folder / name).write_bytes("URN,LA (code)\r\n900001,340\r\n".encode("utf-16"))
    make_other_keys(world)
    result = world.run(*words)
    assert result.exit_code in (1, 2, 3), result.output
    assert "UTF-16" in result.stderr or "log key" in result.stderr, result.stderr


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
    "school-ledger.toml",
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


ANY_FILE = {
    "an answer": ("owes", "-o", "t.txt"),
    "an answer as a file of its own kind": ("owes", "-o", "t.ods"),
    "one thing in full": ("show", "900001", "-o", "t.json"),
    "entries": ("export", "entries", "-o", "t.jsonl"),
    "texts": ("export", "entries", "--texts", "t.jsonl"),
    "a bundle": ("export", "bundle", "-o", "t.zip"),
    "a pack": ("export", "pack", "--school", "900001", "-o", "t.zip"),
    "the page that checks": ("check-page", "-o", "t.html"),
    "a draft": (*SAID, "-o", "t"),
    "a template": ("draft", "BodyRegistered", "--template", "-o", "t"),
    "signed statements": ("sign", "statement", "--yes", "-o", "t"),
    "a proof": ("log", "prove", "01", "-o", "t"),
    "a checkpoint": ("log", "checkpoint", "-o", "t"),
    "who is new": (
        *("key", "prove", "keys/alder"),
        *("--name", "A", "--office", "head@900001", "-o", "t"),
    ),
}


@pytest.fixture(params=ANY_FILE.values(), ids=ANY_FILE)
def written_over(logged, request):
    """What writes a file that is there already, with something else in it, and that file."""
    words = request.param
    if "sign" in words:
        (logged.folder / "statement").write_text(logged.done(*SAID))
    if "prove" in words and "log" in words:
        words = tuple(logged.visit if word == "01" else word for word in words)
    (mine,) = (logged.folder / word for word in words if word.partition(".")[0] == "t")
    mine.write_text("mine")
    return words, mine


def test_a_file_that_is_replaced_in_a_script_is_named_on_stderr(logged, written_over):
    words, mine = written_over
    result = logged.run(*words)
    assert result.exit_code == 0, result.output
    assert result.stderr.endswith(f"Replaced {mine.name}, which was there before.\n")
    assert mine.read_bytes() != b"mine"


def test_on_a_terminal_somebody_is_asked_before_a_file_is_replaced(
    world, written_over, monkeypatch
):
    monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)
    words, mine = written_over
    said = world.error(*words, input="n\n")
    assert f"{mine.name} is there already. Replace it? [y/N]: " in said
    assert said.endswith(
        f"Error: {mine.name} is left as it is. Nothing was written. Name another file with -o.\n"
    )
    assert mine.read_bytes() == b"mine"
    assert world.run(*words, input="y\n").exit_code == 0
    assert mine.read_bytes() != b"mine"


def test_with_force_a_file_is_replaced_without_a_word(logged, written_over, monkeypatch):
    monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)
    words, mine = written_over
    result = logged.run(*words, "--force")
    assert result.exit_code == 0, result.output
    assert "Replace it?" not in result.stderr
    assert "Replaced" not in result.stderr
    assert mine.read_bytes() != b"mine"


def test_what_fails_replaces_nothing_and_says_so_of_nothing(world):
    (world.folder / "t.txt").write_text("mine")
    assert "Replaced" not in world.error("owes", "--by", "nosuch", "-o", "t.txt")
    assert (world.folder / "t.txt").read_text() == "mine"


def test_a_folder_is_no_place_for_a_file(logged, written_over):
    words, mine = written_over
    mine.unlink()
    mine.mkdir()
    said = f"Error: {mine.name} is a folder. Name a file in it: {Path(mine.name) / 'NAME'}.\n"
    assert f"{said}Example: school-ledger " in logged.error(*words, code=2)


ENDINGS = {
    "a bundle": ("export", "bundle"),
    "a pack": ("export", "pack", "--school", "900001"),
    "a page": ("check-page",),
    "a file of lines": ("export", "entries"),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_an_ending_that_says_something_else_is_refused_with_the_right_one(logged, what):
    right = {"a page": "t.html", "a file of lines": "t.jsonl"}.get(what, "t.zip")
    said = logged.error(*ENDINGS[what], "-o", "t.docx", code=2)
    assert said.startswith(f"Error: {what} is no .docx file. Name it {right}.\nExample: ")
    assert not (logged.folder / "t.docx").exists()
    logged.done(*ENDINGS[what], "-o", right)
    logged.done(*ENDINGS[what], "-o", "without-an-ending")


def test_every_command_that_writes_a_file_can_be_told_to_replace_it():
    writing = [
        (path, {option for param in command.params for option in param.opts})
        for path, command in commands(main)
    ]
    unforced = [path for path, options in writing if "-o" in options and "--force" not in options]
    assert sum("-o" in options for _, options in writing) > 20
    assert unforced == []


def commands(group, path=()):
    """Go through all commands, with the words that name each."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command
