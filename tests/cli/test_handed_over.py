"""Files that went through shells, editors and mail are read; wrong ones say nothing of a record."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from click.testing import CliRunner
from two_years import tell

from cli.main import main
from cli.terminal.session import Session
from ledger.transparency.proofs import trust_card

pytestmark = pytest.mark.sampled(3)

MARK = b"\xef\xbb\xbf"
CHANGES = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "a byte order mark": lambda data: MARK + data,
    "no newline at the end": lambda data: data.removesuffix(b"\n"),
    "all of it": lambda data: MARK + data.replace(b"\n", b"\r\n").removesuffix(b"\r\n"),
}


def run(*words):
    return CliRunner().invoke(main, ["--quiet", *words], obj=Session())


def done(*words):
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A folder with the demo's ledger, and everything that people hand each other."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        (folder / "card.txt").write_text(f"Trust card:\n{trust_card(ledger).text()}")
        visit = next(e.id for e in ledger.entries() if e.name == "VisitMade")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SCHOOL_LEDGER", "demo.db")
        done("log", "checkpoint", "-o", "c1")
        done("log", "prove", visit, "--checkpoint", "c1", "--entry", "e.json", "-o", "proof")
        done("log", "witness", "new", "w.key", "--name", "harbour.example", "-o", "w.pub")
        done("log", "checkpoint", "--since", "0", "-o", "since")
        key = ("--key", "keys/registrar")
        done("export", "bundle", "-o", "b.zip", "--checkpoint", "c1", *key)
        done("export", "entries", "-o", "e.jsonl", "--texts", "t.jsonl")
        said = ("--body", "one", "--kind", "trust", "--name", "One Trust", *key)
        done("draft", "BodyRegistered", *said, "-o", "d.json")
        done("sign", "d.json", *key, "-o", "signed.jsonl")
        done("draft", "PersonEnrolled", "--name", "Robin Vale", *key, "-o", "p.json")
        words = [
            "ssh-keygen",
            "-Y",
            "sign",
            "-n",
            "statement@school-ledger",
            "-f",
            "keys/registrar",
        ]
        subprocess.run([*words, "d.json"], check=True, capture_output=True)
    return folder


@pytest.fixture
def own(told, tmp_path, monkeypatch):
    folder = shutil.copytree(told, tmp_path / "own")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCHOOL_LEDGER", "demo.db")
    return folder


KEY = ("--key", "keys/registrar")
READ = {
    "a checkpoint, to verify a bundle by": ("c1", ("verify", "b.zip", "--checkpoint", "c1")),
    "a checkpoint, to verify the ledger by": ("c1", ("verify", "--checkpoint", "c1")),
    "a trust card": ("card.txt", ("verify", "b.zip", "--trust", "card.txt")),
    "a checkpoint, to check by": ("c1", ("log", "checkpoint", "--since", "c1")),
    "a checkpoint that was signed last": ("c1", ("log", "checkpoint", "--last", "c1")),
    "a proof": ("proof", ("log", "verify", "proof", "e.json", "--log", "card.txt")),
    "an entry": ("e.json", ("log", "verify", "proof", "e.json", "--log", "card.txt")),
    "a card with the log's key": (
        "card.txt",
        ("log", "verify", "proof", "e.json", "--log", "card.txt"),
    ),
    "a checkpoint to cosign": (
        "c1",
        ("log", "cosign", "c1", "--witness-key", "w.key", "--log", "card.txt"),
    ),
    "a checkpoint with its proof": (
        "since",
        ("log", "cosign", "since", "--witness-key", "w.key", "--log", "card.txt"),
    ),
    "a checkpoint to export up to": (
        "c1",
        ("export", "bundle", "-o", "c.zip", "--checkpoint", "c1", *KEY),
    ),
    "a checkpoint that the receiver holds": (
        "c1",
        ("export", "bundle", "-o", "c.zip", "--held", "c1", *KEY),
    ),
    "entries": ("e.jsonl", ("--ledger", "new.db", "load", "e.jsonl", "--checkpoint", "c1")),
    "texts": ("t.jsonl", ("--ledger", "new.db", "load", "e.jsonl", "--texts", "t.jsonl")),
    "a checkpoint to load by": (
        "c1",
        ("--ledger", "new.db", "load", "e.jsonl", "--checkpoint", "c1"),
    ),
    "signed statements": ("signed.jsonl", ("append", "signed.jsonl", "--clock-confirmed")),
    "a statement": ("d.json", ("sign", "d.json", *KEY)),
    "disclosures": ("p.json.disclosures", ("sign", "p.json", *KEY)),
    "a signature": ("d.json.sig", ("sign", "d.json", "--signature", "d.json.sig")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(("file", "words"), READ.values(), ids=READ)
def test_what_a_shell_or_an_editor_did_to_a_file_says_nothing_else(own, file, words, change):
    path = own / file
    path.write_bytes(change(path.read_bytes()))
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert "DOES NOT VERIFY" not in result.stdout


@pytest.mark.parametrize(("file", "words"), READ.values(), ids=READ)
def test_utf_16_is_a_fault_of_the_file_and_says_how_to_write_it(own, file, words):
    path = own / file
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    result = run(*words)
    assert result.exit_code == 1, result.output
    assert f"{file} is written in UTF-16, as PowerShell's `>` writes files" in result.stderr
    assert "with -o FILE in the place of > FILE" in result.stderr
    assert "VERIF" not in result.stdout


@pytest.mark.parametrize(("file", "words"), READ.values(), ids=READ)
def test_a_file_of_something_else_says_nothing_of_the_record(own, file, words):
    (own / file).write_text("Dear head,\n\nplease find it attached.\n")
    result = run(*words)
    assert result.exit_code == 1, result.output
    assert "VERIF" not in result.stdout
    assert "does not verify" not in result.stderr


def test_a_checkpoint_of_another_ledger_says_nothing_of_this_one(own):
    own_lines = (own / "c1").read_bytes().split(b"\n", 1)
    (own / "c1").write_bytes(b"southwick.example\n" + own_lines[1])
    result = run("verify", "b.zip", "--checkpoint", "c1")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "got southwick.example, expected northwick.example" in result.stderr


def test_only_what_is_byte_for_byte_as_it_was_written_is_timestamped(own):
    (own / "c1").write_bytes((own / "c1").read_bytes().replace(b"\n", b"\r\n"))
    result = run("log", "timestamp", "c1", "--request", "c1.tsq")
    assert result.exit_code == 1
    assert "c1 is not byte for byte as the log wrote it" in result.stderr
    assert not (own / "c1.tsq").exists()
