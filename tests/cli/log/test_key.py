"""`log key new`: another log key, in an order that loses neither, whatever stops the command."""

import json
import os

import pytest

from cli.log import key
from ledger.errors import StoreError
from ledger.log.checkpoint import open_checkpoint
from ledger.recording.application import Ledger
from ledger.recording.founding import new_log_key, parse_log_key, write_log_key

ORIGIN = "northwick.example/support"


@pytest.fixture
def desk(world):
    """A world whose log key is at hand: it is changed once to one that is known."""
    seed = b"k" * 32
    signer = new_log_key(ORIGIN, seed)
    file = world.folder / "northwick.db.log-key"
    with Ledger.open(str(world.ledger)) as ledger:
        former = ledger.entries_of("LedgerFounded")[0].data["log_key"]
    said = {"former": former, "log_key": signer.verifier}
    (world.folder / "change.json").write_text(json.dumps(said))
    world.done("record", "LogKeyChanged", "--from", "change.json")
    file.touch(mode=0o600)
    file.write_text(write_log_key(ORIGIN, signer.key_hash, seed))
    return world


def key_in(world, suffix=""):
    return parse_log_key((world.folder / f"northwick.db.log-key{suffix}").read_text()).verifier


def test_the_former_key_signs_the_checkpoint_that_covers_the_change(desk):
    former = key_in(desk)
    result = desk.run("log", "key", "new")
    assert result.exit_code == 0, result.output
    checkpoint = open_checkpoint(result.stdout_bytes, former).checkpoint
    assert checkpoint.size == 20
    assert key_in(desk, ".former") == former
    assert key_in(desk) != former
    assert "record Vouched --subject log_key:" in result.stderr
    assert "--log-key-changed" in result.stderr
    mode = (desk.folder / "northwick.db.log-key").stat().st_mode
    assert mode & 0o077 == 0


def test_the_new_key_signs_what_comes_after(desk):
    desk.done("log", "key", "new")
    note = desk.run("log", "checkpoint").stdout_bytes
    assert open_checkpoint(note, key_in(desk)).checkpoint.size == 20


def test_again_keeps_every_key_that_there_was(desk):
    first = key_in(desk)
    desk.done("log", "key", "new")
    second = key_in(desk)
    desk.done("log", "key", "new")
    assert [key_in(desk, suffix) for suffix in (".former", ".former.2")] == [first, second]


class Stopped(BaseException):
    """The machine stops here."""


STEPS = {
    "before anything is recorded": (key, "_recorded"),
    "before the former key has signed": (key, "_covered"),
    "before the new key has its place": (key, "_put_in_place"),
    "between the two names": (key.Path, "replace"),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_stopped_half_way_it_goes_on_from_there(desk, monkeypatch, step):
    former = key_in(desk)

    def stop(*_args):
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(*step, stop)
        with pytest.raises(Stopped):
            desk.run("log", "key", "new", catch_exceptions=False)
    assert key_in(desk) == former
    made = key_in(desk, ".next")
    result = desk.run("log", "key", "new")
    assert result.exit_code == 0, result.output
    assert key_in(desk) == made
    assert key_in(desk, ".former") == former
    assert open_checkpoint(result.stdout_bytes, former).checkpoint.size == 20
    with Ledger.open(str(desk.ledger), read_only=True) as ledger:
        assert len(ledger.entries_of("LogKeyChanged")) == 2


def test_where_no_file_may_have_two_names_a_copy_is_kept(desk, monkeypatch):
    former = key_in(desk)

    def refuse(*_args):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    desk.done("log", "key", "new")
    assert key_in(desk, ".former") == former


def test_another_logs_key_changes_nothing(desk):
    seed = b"o" * 32
    file = desk.folder / "northwick.db.log-key"
    file.write_text(write_log_key(ORIGIN, new_log_key(ORIGIN, seed).key_hash, seed))
    assert "is not the log key in use" in desk.error("log", "key", "new")
    assert not (desk.folder / "northwick.db.log-key.next").exists()


def test_only_a_registrar_changes_it(desk):
    error = desk.error("log", "key", "new", "--key", desk.key("alder"))
    assert "LogKeyChanged is not for head of Alder School (900001) to sign" in error


def test_a_store_that_fails_keeps_the_key_that_was_made(desk, monkeypatch):
    def fail(*_args):
        raise StoreError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(key, "_recorded", fail)
        assert "the disk is full" in desk.error("log", "key", "new")
    made = key_in(desk, ".next")
    desk.done("log", "key", "new")
    assert key_in(desk) == made


def test_a_key_that_is_lost_is_replaced_and_the_new_one_signs(desk):
    desk.done("log", "checkpoint", "-o", "c1")
    (desk.folder / "northwick.db.log-key").unlink()
    assert "--former-key-lost" in desk.error("log", "checkpoint")
    assert "--former-key-lost" in desk.error("log", "key", "new")
    result = desk.run("log", "key", "new", "--former-key-lost")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    assert "the former one is lost." in result.stderr
    assert "school-ledger log checkpoint --former-key-lost" in result.stderr
    assert not (desk.folder / "northwick.db.log-key.former").exists()
    assert "has not yet signed" in desk.error("log", "checkpoint")
    note = desk.run("log", "checkpoint", "--former-key-lost").stdout_bytes
    assert open_checkpoint(note, key_in(desk)).checkpoint.size == 20


def test_a_key_that_is_there_is_not_called_lost(desk):
    before = key_in(desk)
    said = desk.error("log", "key", "new", "--former-key-lost")
    assert said.startswith("Error: northwick.db.log-key is there, so the log key is not lost.")
    assert key_in(desk) == before
    assert not (desk.folder / "northwick.db.log-key.next").exists()


def test_another_key_that_was_lost_before_is_not_taken_for_this_one(desk):
    desk.done("log", "key", "new")
    (desk.folder / "northwick.db.log-key").unlink()
    desk.done("log", "key", "new", "--former-key-lost")
    assert (desk.folder / "northwick.db.log-key.former").exists()
    assert not (desk.folder / "northwick.db.log-key.former.2").exists()
