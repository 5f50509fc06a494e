"""Whoever kills a load or an export at any step finds all of it or nothing, and nothing to read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.audit.check import check_store
from ledger.store import open_store
from ledger.verification.verify import verify_bundle

KILLING = Path(__file__).parents[1] / "killing.py"
LEFT = re.compile(r"(?:new\.db|b\.zip)\.[0-9a-f]{8}\.part(?:-wal|-shm|-journal)?")


def runs(folder, *words):
    """Run a command, killed a step later each time; yield what each run left in a folder."""
    command = [sys.executable, str(KILLING), str(folder), *words]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(KILLING.parents[1])},
    ) as process:
        for line in process.stdout:
            yield json.loads(line)
            process.stdin.write("\n")
            process.stdin.flush()


@pytest.fixture
def place(tmp_path):
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def looked_at(left, own):
    """Assert that only its owner may read what was left; return whether ours is there."""
    for name, mode in left["files"].items():
        assert name == own or LEFT.fullmatch(name) or name.startswith(f"{own}-"), name
        assert mode == 0o600, (left["step"], name, oct(mode))
    return own in left["files"]


@pytest.mark.sweep
def test_a_load_that_is_killed_leaves_a_whole_ledger_or_none(at, tmp_path, place):
    at("export", "entries", "-o", "e.jsonl", "--texts", "t.jsonl")
    entries, texts = str(tmp_path / "e.jsonl"), str(tmp_path / "t.jsonl")
    killed = done = 0
    for left in runs(place, "--ledger", "new.db", "load", entries, "--texts", texts):
        killed += left["code"] is None
        assert left["code"] in (None, 0)
        if looked_at(left, "new.db") and (place / "new.db").stat().st_size:
            with open_store(str(place / "new.db"), read_only=True) as store:
                assert store.head() == 174
                assert check_store(store) == []
            for path in place.glob("new.db*"):
                path.unlink()
            done += 1
    assert killed > 10
    assert done >= 1
    assert not list(place.glob("*.part*")), "what was left was taken away by the next"


@pytest.mark.sweep
def test_an_export_that_is_killed_leaves_a_whole_bundle_or_none(at, demo, tmp_path, place):
    shutil.copytree(demo, tmp_path / "demo")
    note = tmp_path / "c1"
    note.write_bytes(at("log", "checkpoint", ledger=tmp_path / "demo" / "demo.db").stdout_bytes)
    ledger, key = str(tmp_path / "demo" / "demo.db"), str(tmp_path / "demo" / "keys" / "registrar")
    words = ("export", "bundle", "--text", "all", "-o", "b.zip", "--checkpoint", str(note))
    killed = done = 0
    for left in runs(place, "--ledger", ledger, *words, "--key", key):
        killed += left["code"] is None
        assert left["code"] in (None, 0)
        if looked_at(left, "b.zip"):
            assert verify_bundle(place / "b.zip").verified
            (place / "b.zip").unlink()
            done += 1
    assert killed > 3
    assert done >= 1
    assert list(place.iterdir()) == []
