"""Once it is recorded nothing makes the command fail, so that nobody records it again."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.record import receipt
from ledger.errors import StoreError
from ledger.recording.application import Ledger
from ledger.store import open_store
from projections.errors import ProjectionError
from projections.tables.views import Views

COMMAND = "import sys; from cli.main import main; sys.argv[0] = 'school-ledger'; main()"
SAID = ("record", "BodyRegistered", "--body", "one", "--kind", "trust", "--name", "One Trust")


def _raise(error):
    def fail(*_, **__):
        raise error

    return fail


@contextmanager
def _no_views(*_):
    raise ProjectionError("the views cannot be used: database or disk is full", todo="Make room.")
    yield


def no_views(monkeypatch):
    """The views are opened to draft, and are full when they are caught up afterwards."""
    opened = iter([Views.open])

    def open_views(views):
        return next(opened, _no_views)(views)

    monkeypatch.setattr(Views, "open", open_views)


def no_changes(monkeypatch):
    full = sqlite3.OperationalError("database or disk is full")
    monkeypatch.setattr(receipt, "changes", _raise(full))


def no_output(monkeypatch):
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(receipt, "_lines", _raise(full))
    monkeypatch.setattr(receipt, "_members", _raise(full))


def interrupted(monkeypatch):
    monkeypatch.setattr(receipt, "changes", _raise(KeyboardInterrupt()))


AFTER = {
    "the disk is full when views are caught up": (no_views, "database or disk is full"),
    "the disk is full when they are read": (no_changes, "database or disk is full"),
    "the disk is full when it is printed": (no_output, "No space left on device"),
    "somebody stops it": (interrupted, "Stopped."),
}


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize(("fail", "sentence"), AFTER.values(), ids=AFTER)
def test_what_fails_afterwards_is_said_and_the_command_succeeds(
    world, monkeypatch, fail, sentence, form
):
    before = heads(world)
    fail(monkeypatch)
    result = world.run(*SAID, "--format", form)
    assert result.exit_code == 0, result.output
    assert re.search(r"Event [0-9a-f-]{36} is recorded, at position [0-9]+\.", result.stderr)
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert heads(world) == before + 1


def heads(world):
    with open_store(str(world.ledger), read_only=True) as store:
        return store.head()


def test_what_failed_before_still_fails(world, monkeypatch):
    monkeypatch.setattr(Ledger, "append", _raise(StoreError("the disk is full")))
    before = heads(world)
    assert world.error(*SAID).endswith("\nError: the disk is full.\n")
    assert heads(world) == before


def test_a_store_that_fails_once_it_has_recorded_is_no_failure_to_record(world, monkeypatch):
    """As where text that is erased is still in use, or a disk fails as it is told to commit."""
    append = Ledger.append

    def fails_afterwards(ledger, submission):
        append(ledger, submission)
        raise StoreError("the disk did not do what was asked of it")

    monkeypatch.setattr(Ledger, "append", fails_afterwards)
    before = heads(world)
    result = world.run(*SAID)
    assert result.exit_code == 0
    assert "It is recorded, and then something failed: the disk did not do" in result.stderr
    assert "BodyRegistered" in result.stdout
    assert heads(world) == before + 1


def run(world, line):
    return subprocess.run(
        ["sh", "-c", line], cwd=world.folder, capture_output=True, text=True, check=False
    )


def typed(*words):
    quoted = " ".join(f"'{word}'" for word in words)
    return f'{sys.executable} -c "{COMMAND}" {quoted}'


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("into", ["> /dev/full", "| true", ">&-", "> /dev/full 2> /dev/full"])
def test_whatever_becomes_of_what_it_prints(world, into):
    """The disk is full, nobody reads, or there is nowhere to print to."""
    before = heads(world)
    done = run(world, f"{{ {typed(*SAID, '--clock-confirmed')}; echo $? > code; }} {into}")
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert (world.folder / "code").read_text() == "0\n", done.stderr
    assert heads(world) == before + 1


def signed_twice(world):
    (world.folder / "one.json").write_text(world.done("draft", *SAID[1:]))
    (world.folder / "two.jsonl").write_text(world.done("sign", "one.json") * 2)
    return "append", "two.jsonl", "--clock-confirmed"


def erasing(world):
    why = ("--authority", "controller", "--reason", "unlawful")
    return "erase", world.visit, "note", *why, "--yes", "--clock-confirmed"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("words", [signed_twice, erasing])
def test_so_it_is_with_every_command_that_records(world, words):
    before = heads(world)
    done = run(world, f"{typed(*words(world))} > /dev/full")
    assert done.returncode == 0, done.stderr
    assert "No space left on device" in done.stderr
    assert heads(world) == before + 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_ledger_that_is_founded_is_founded(world):
    words = ("init", "--origin", "southwick.example", "--title", "Southwick")
    words = ("--ledger", "new.db", *words, "--key", "keys/registrar")
    done = run(world, f"{typed(*words)} > /dev/full")
    assert done.returncode == 0, done.stderr
    assert "The ledger is founded in new.db." in done.stderr
