"""Once it is recorded nothing makes the command fail, so that nobody records it again."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from examples import one_in

from cli.record import receipt
from ledger.errors import StoreError
from ledger.recording.application import Ledger
from ledger.recording.founding import new_log_key, write_log_key
from ledger.store import open_store
from projections.errors import ProjectionError
from projections.tables.views import Views
from tests.cli.keep.test_imports import HEADER, school

pytestmark = pytest.mark.sampled(4)

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
@pytest.mark.parametrize(
    "into", one_in(2, zip(["> /dev/full", "| true", "> /dev/full 2> /dev/full", ">&-"]))
)
def test_whatever_becomes_of_what_it_prints(world, into):
    """The disk is full, nobody reads, or there is nowhere to print to."""
    before = heads(world)
    done = run(world, f"{{ {typed(*SAID, '--clock-confirmed')}; echo $? > code; }} {into}")
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert (world.folder / "code").read_text() == "0\n", done.stderr
    assert heads(world) == before + 1


def signed(world, *, times):
    (world.folder / "one.json").write_text(world.done("draft", *SAID[1:]))
    (world.folder / "signed.jsonl").write_text(world.done("sign", "one.json") * times)
    return "append", "signed.jsonl", "--clock-confirmed"


def signed_once(world):
    return signed(world, times=1)


def signed_twice(world):
    return signed(world, times=2)


def erasing(world):
    why = ("--authority", "controller", "--reason", "unlawful")
    return "erase", world.visit, "note", *why, "--yes", "--clock-confirmed"


def importing(world):
    path = world.folder / "establishments.csv"
    with path.open("w", newline="", encoding="cp1252") as file:
        csv.writer(file).writerows([HEADER, school(900011)])
    # The authority is registered, and then the school.
    return "import", "gias", "--establishments", path.name, "--clock-confirmed", "--yes"


def enrolling(_world):
    return "record", "PersonEnrolled", "--name", "Robin Vale", "--clock-confirmed"


def appointing(world):
    who = ("--person", world.people["officer"], "--office", "board_chair@900001")
    when = ("--basis", "interim", "--effective-on", "2024-09-02")
    return "record", "Appointed", *who, *when, "--clock-confirmed"


def another_log_key(world):
    path = world.folder / "northwick.db.log-key"
    seed = b"k" * 32
    signer = new_log_key("northwick.example/support", seed)
    with Ledger.open(str(world.ledger)) as ledger:
        former = ledger.entries_of("LedgerFounded")[0].data["log_key"]
    said = {"former": former, "log_key": signer.verifier}
    (world.folder / "change.json").write_text(json.dumps(said))
    world.done("record", "LogKeyChanged", "--from", "change.json")
    path.touch(mode=0o600)
    path.write_text(write_log_key("northwick.example/support", signer.key_hash, seed))
    return "log", "key", "new", "--clock-confirmed"


RECORDING = {
    "append one": (signed_once, 1),
    "append many": (signed_twice, 1),
    "erase": (erasing, 1),
    "import": (importing, 2),
    "enrol a person": (enrolling, 1),
    "appoint a person": (appointing, 1),
    "another log key": (another_log_key, 1),
}
NOWHERE = {"a full disk": "> /dev/full", "nobody": "| true", "nothing": ">&-"}


def recording_into():
    """Each command that records with one place after the other, and with `-m sweep` with all."""
    for number, (name, (words, entries)) in enumerate(RECORDING.items()):
        for turn, (place, into) in enumerate(NOWHERE.items()):
            marks = () if turn == number % len(NOWHERE) else pytest.mark.sweep
            yield pytest.param(words, entries, into, id=f"{name}-{place}", marks=marks)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(("words", "entries", "into"), list(recording_into()))
def test_so_it_is_with_every_command_that_records(world, words, entries, into):
    command = typed(*words(world))
    before = heads(world)
    done = run(world, f"{{ {command}; echo $? > code; }} {into}")
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    code = (world.folder / "code").read_text()
    if "for standard output is closed" in done.stderr:
        assert (code, heads(world)) == ("1\n", before)
        return
    assert code == "0\n", done.stderr
    if into == "> /dev/full":
        assert "No space left on device" in done.stderr
    assert heads(world) == before + entries


@pytest.mark.sweep
def test_that_nobody_read_what_was_printed_is_said_in_one_sentence(world):
    done = run(world, f"{typed(*SAID, '--clock-confirmed')} | true")
    assert re.fullmatch(
        r"You are about to say, as registrar of the ledger:\n"
        r"  The trust One Trust was registered\.\n"
        r"Event [0-9a-f-]{36} is recorded, at position [0-9]+\."
        r" Nobody read the rest of what it printed\.\n",
        done.stderr,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(("_", "into"), one_in(2, NOWHERE.items()))
def test_a_ledger_that_is_founded_is_founded(world, _, into):
    words = ("init", "--origin", "southwick.example", "--title", "Southwick")
    words = ("--ledger", "new.db", *words, "--key", "keys/registrar")
    done = run(world, f"{{ {typed(*words)}; echo $? > code; }} {into}")
    assert (world.folder / "code").read_text() == "0\n", done.stderr
    assert (world.folder / "new.db").exists()
    if into == "> /dev/full":
        assert "The ledger is founded in new.db." in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(("_", "into"), one_in(2, NOWHERE.items()))
def test_a_ledger_that_is_loaded_is_loaded(world, _, into):
    world.done("export", "entries", "-o", "e.jsonl")
    done = run(
        world, f"{{ {typed('--ledger', 'new.db', 'load', 'e.jsonl')}; echo $? > code; }} {into}"
    )
    assert (world.folder / "code").read_text() == "0\n", done.stderr
    with open_store(str(world.folder / "new.db"), read_only=True) as store:
        assert store.head() == heads(world)


NOT_RECORDING = {
    "a signature": ("sign", "one.json", "--yes"),
    "entries": ("export", "entries"),
    "an answer": ("owes",),
}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(("_", "words"), one_in(3, NOT_RECORDING.items()))
def test_what_records_nothing_fails_where_its_result_goes_nowhere(world, _, words):
    """Only what was recorded must not be done again; a result that is cut must not pass for one."""
    (world.folder / "one.json").write_text(world.done("draft", *SAID[1:]))
    done = run(world, f"{typed(*words)} > /dev/full")
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "internal error" not in done.stderr


@pytest.mark.parametrize(("_", "words"), one_in(3, NOT_RECORDING.items()))
def test_a_result_that_has_nowhere_to_go_is_refused_in_words(world, _, words):
    (world.folder / "one.json").write_text(world.done("draft", *SAID[1:]))
    done = run(world, f"{typed(*words)} >&-")
    assert done.returncode == 1
    assert "the result has nowhere to go, for standard output is closed" in done.stderr


@pytest.mark.sweep
def test_without_stderr_nothing_but_results_is_on_stdout(world):
    done = run(world, f"{typed('owes', '--format', 'jsonl')} 2>&-")
    assert done.returncode == 0
    assert [json.loads(line) for line in done.stdout.splitlines()]


def test_many_that_are_stopped_half_way_say_how_many_are_recorded(world, monkeypatch):
    signed_twice(world)
    append_many = Ledger.append_many

    def stopped(ledger, lines, admit_chunks):
        yield from append_many(ledger, lines, admit_chunks)
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "append_many", stopped)
    said = world.error("append", "signed.jsonl", code=130)
    assert "1 recorded, 1 there already, 0 refused" in said
    assert "Stopped." in said
