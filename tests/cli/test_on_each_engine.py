"""Founding, recording, asking, moving and erasing, on each engine that is named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from two_years import tell

from cli.main import main
from ledger import keys
from ledger.store import open_store


@pytest.fixture
def run(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    keys.generate(Path("k"), comment="", passphrase="")

    def run(*words, code=0, ledger=url):
        done = CliRunner().invoke(main, ["--ledger", ledger, *words], env={"COLUMNS": "120"})
        assert done.exit_code == code, done.output
        return done

    return run


FOUND = ("init", "--key", "k", "--origin", "northwick.example/support", "--title", "Northwick")
BODY = ("--body", "northwick", "--kind", "local_authority", "--name", "Northwick Council")


def test_a_ledger_is_founded_once_written_read_and_checked(run):
    run(*FOUND, "--name", "Mx Yew")
    said = run("record", "BodyRegistered", *BODY, "--key", "k", "--yes").stdout
    assert "is recorded, at position 4." in said
    assert "Northwick Council" in run("report", "parties").stdout
    assert "0 faults, 1 advice: the record verifies." in run("check", code=4).stdout
    assert "already" in run(*FOUND, "--name", "Mx Yew", code=1).stderr


def test_a_ledger_moves_here_with_the_same_root_and_the_same_answers(run, tmp_path, url):
    (tmp_path / "keys").mkdir()
    tell(tmp_path, 7, lambda _: None).close()
    demo = str(tmp_path / "demo.db")
    run("export", "entries", "-o", "e.jsonl", "--texts", "t.jsonl", ledger=demo)
    there = url if "://" in url else str(tmp_path / "moved.db")
    loaded = run("load", "e.jsonl", "--texts", "t.jsonl", ledger=there).stdout
    with open_store(demo, read_only=True) as one, open_store(there, read_only=True) as other:
        assert list(one.entries()) == list(other.entries())
        assert list(one.vault.all()) == list(other.vault.all())
    assert "Loaded 174 entries: " in loaded
    for question in (("owes", "-f", "json"), ("history", "900003", "-f", "json")):
        told = [json.loads(run(*question, ledger=one).stdout)["rows"] for one in (demo, there)]
        assert told[0] == told[1]
    assert "0 faults" in run("check", ledger=there, code=4).stdout
    assert "not empty" in (taken := run("load", "e.jsonl", ledger=there, code=1).stderr) or (
        "there is a ledger already" in taken
    )


def test_a_name_is_erased_here_and_what_remains_is_said(run, engine):
    run(*FOUND, "--name", "Mx Yew")
    rows = json.loads(run("replay", "-f", "json").stdout)["rows"]
    event = next(row["event"] for row in rows if row["type"] == "PersonEnrolled")
    why = ("--authority", "data_subject", "--reason", "consent_withdrawn")
    said = run("erase", event, "name", *why, "--key", "k", "--yes").stderr
    assert ("write-ahead log" in said) == (engine == "postgresql")
    assert "Mx Yew" not in run("report", "parties").stdout
