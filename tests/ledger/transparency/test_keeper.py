"""The log's keeper signs one history only, whatever happens to the database or to its memory."""

from __future__ import annotations

import base64
import os
import re
import shutil
import tempfile
from itertools import chain
from pathlib import Path

import pytest
from at_once import at_once
from logs import (
    CLOCK,
    LOG,
    LOG_SEED,
    NEW_LOG,
    NEW_LOG_SEED,
    ORIGIN,
    Kept,
    change_log_key,
    found,
    write_key,
)

from ledger.errors import InconsistentError, KeyFileError, NoteError, ProofError, StoreError
from ledger.log.checkpoint import Checkpoint, format_checkpoint, open_checkpoint, sign
from ledger.recording.founding import new_log_key
from ledger.store.sqlite.store import SQLiteEntryStore
from ledger.transparency.keeper import Logkeeper, log_key_path


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return found(tmp_path_factory.mktemp("log") / "northwick")


@pytest.fixture
def kept(template, tmp_path):
    return template.copy(tmp_path / "northwick")


def refused(kept, kind, match, **how):
    """Expect that nothing is signed; return the message."""
    before = kept.last.read_bytes() if kept.last.is_file() else None
    with pytest.raises(kind, match=match) as error:
        kept.checkpoint(**how)
    assert (kept.last.read_bytes() if kept.last.is_file() else None) == before
    assert not list(kept.folder.glob("*.part"))
    return str(error.value)


def sides(message):
    """Return what the evidence says of each side: its words, size and root."""
    found = re.findall(rf"^  ([a-z ]+):\s+{re.escape(ORIGIN)} (\d+) (\S+)$", message, re.MULTILINE)
    return {words: (int(size), root) for words, size, root in found}


# -- signing -------------------------------------------------------------------------------


def test_the_head_is_signed_with_the_log_key_and_remembered(kept):
    signed = kept.checkpoint()
    with kept.open() as ledger:
        head = ledger.head()
    opened = open_checkpoint(signed.note, LOG.verifier)
    assert opened.checkpoint == signed.checkpoint == Checkpoint(ORIGIN, head.size, head.root)
    assert kept.last.read_bytes() == signed.note
    assert signed.first


def test_signing_again_gives_the_same_note_and_growth_a_new_one(kept):
    first = kept.checkpoint()
    assert kept.checkpoint() == first._replace(first=False)
    kept.add(3)
    second = kept.checkpoint()
    assert second.checkpoint.size == first.checkpoint.size + 3
    assert kept.last.read_bytes() == second.note


def test_the_memory_is_a_note_that_people_can_read_and_others_may(kept):
    kept.checkpoint()
    lines = kept.last.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == [ORIGIN, "5"]
    assert kept.last.stat().st_mode & 0o777 == 0o644


def test_a_preview_is_the_text_that_would_be_signed_and_signs_nothing(kept):
    with kept.open() as ledger:
        preview = Logkeeper(kept.key).preview(ledger)
    assert not kept.last.exists()
    assert kept.checkpoint().note.startswith(format_checkpoint(preview) + b"\n")


def test_the_log_key_lies_beside_the_ledger_by_path_or_url():
    assert log_key_path("d/demo.db") == log_key_path("sqlite:///d/demo.db")
    assert log_key_path("d/demo.db") == Path("d/demo.db.log-key")


def test_progress_is_told_of_new_entries_only(kept):
    told = []
    kept.checkpoint(progress=lambda done, total: told.append((done, total)))
    kept.add(2)
    kept.checkpoint(progress=lambda done, total: told.append((done, total)))
    assert told == [(5, 5), (7, 7)]
    kept.checkpoint(progress=lambda *_: told.append("nothing was new"))
    assert len(told) == 2


# -- histories that contradict -------------------------------------------------------------


def test_a_restored_backup_cannot_fork_unnoticed(kept):
    """Copied, added to, signed, restored, added to otherwise: there are two histories now."""
    restore = kept.back_up()
    kept.add(2)
    signed = kept.checkpoint()
    restore()
    kept.add(3)
    message = refused(kept, InconsistentError, "not the one that was signed at size 7")
    evidence = sides(message)
    root = base64.b64encode(signed.checkpoint.root).decode()
    assert evidence["signed before"] == (7, root)
    assert evidence["here then"][0] == 7
    assert evidence["here then"][1] != root
    assert evidence["here now"][0] == 8


def test_two_roots_of_one_size_are_never_signed(kept):
    restore = kept.back_up()
    kept.add(2)
    kept.checkpoint()
    restore()
    kept.add(2)
    evidence = sides(refused(kept, InconsistentError, "not the one that was signed at size 7"))
    assert evidence["here then"] == evidence["here now"]
    assert evidence["signed before"] != evidence["here now"]


def test_a_restored_backup_that_is_merely_older_is_told_to_be_smaller(kept):
    restore = kept.back_up()
    kept.add(2)
    kept.checkpoint()
    restore()
    evidence = sides(refused(kept, InconsistentError, "smaller than what was signed"))
    assert (evidence["signed before"][0], evidence["here now"][0]) == (7, 5)


def test_a_restored_backup_that_holds_all_that_was_signed_goes_on(kept):
    kept.checkpoint()
    restore = kept.back_up()
    kept.add(2)
    restore()
    kept.add(1)
    assert kept.checkpoint().checkpoint.size == 6


REWRITTEN = (
    "UPDATE events SET data = CAST(replace(data, '2024', '2025') AS BLOB) WHERE position = {}"
)
CUT = ("DELETE FROM events WHERE position > 4", "DELETE FROM tags WHERE position > 4")


@pytest.mark.parametrize(
    ("statements", "kind", "match"),
    [
        pytest.param(
            [*CUT, "DELETE FROM log"],
            InconsistentError,
            "smaller than what was signed",
            id="truncated with its log",
        ),
        pytest.param(CUT, InconsistentError, "there are 4", id="truncated under its log"),
        pytest.param(
            [*CUT, "DELETE FROM log WHERE idx >= 4"],
            InconsistentError,
            "smaller than what was signed",
            id="truncated with its leaves",
        ),
        pytest.param(
            [
                REWRITTEN.format(3),
                "DELETE FROM log",
            ],
            InconsistentError,
            "not the one that was signed",
            id="rewritten and recomputed",
        ),
        pytest.param(
            ["DELETE FROM events WHERE position = 2", "DELETE FROM log"],
            InconsistentError,
            "not the one that was signed",
            id="one removed",
        ),
        pytest.param(
            ["UPDATE log SET hashes = randomblob(32) WHERE idx = 4"],
            InconsistentError,
            "not the one that was signed",
            id="a signed leaf changed",
        ),
        pytest.param(
            ["UPDATE log SET hashes = substr(hashes, 1, 65) WHERE idx = 3"],
            ProofError,
            "damaged",
            id="a short hash",
        ),
        pytest.param(
            ["UPDATE log SET hashes = substr(hashes, 1, 64) WHERE idx = 3"],
            ProofError,
            "damaged",
            id="a hole",
        ),
    ],
)
def test_what_was_signed_cannot_be_changed_unnoticed(kept, statements, kind, match):
    kept.checkpoint()
    kept.sql(*statements)
    refused(kept, kind, match)


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        (
            REWRITTEN.format(7),
            "Entry 7 is the first that differs",
        ),
        (
            "UPDATE log SET hashes = randomblob(32) WHERE idx = 8",
            "Entry 9 is the first that differs",
        ),
        (
            """UPDATE log SET hashes = CAST(substr(hashes, 1, 96) || randomblob(32) AS BLOB)
            WHERE idx = 7""",
            "Every entry is in it",
        ),
        ("DELETE FROM events WHERE position = 9", "it holds 9 entries(.|\n)*there are 8"),
    ],
)
def test_a_log_that_is_not_that_of_the_new_entries_is_not_signed(kept, statement, match):
    kept.checkpoint()
    kept.add(4)
    kept.sql(statement)
    message = refused(kept, InconsistentError, match)
    assert "by the log:" in message
    assert "by the entries:" in message


def test_before_anything_was_signed_every_entry_is_compared(kept):
    kept.sql("UPDATE log SET hashes = randomblob(32) WHERE idx = 4")
    refused(kept, InconsistentError, "Entry 5 is the first that differs")


def test_a_hole_among_new_entries_is_not_signed(kept):
    kept.checkpoint()
    kept.add(3)
    kept.sql("DELETE FROM events WHERE position = 7")
    refused(kept, (InconsistentError, StoreError), "not that of its entries")


def test_a_further_checkpoint_must_be_continued_too(kept):
    """What a witness holds is newer than what the folder, restored whole, remembers."""
    kept.checkpoint()
    older = kept.copy(kept.folder.with_name("older"))
    kept.add(2)
    theirs = kept.checkpoint().note
    older.add(3)
    refused(older, InconsistentError, "not the one that was signed at size 7", last=theirs)
    assert older.checkpoint().checkpoint.size == 8


# -- the memory ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"garbage",
        b"\xff" * 100,
        b"x" * 2_000_000,
        b"northwick.example/support\n1\n",
        sign(Checkpoint(ORIGIN, 5, b"\x01" * 32), new_log_key(ORIGIN, b"\x01" * 32)),
    ],
    ids=["empty", "text", "binary", "endless", "cut", "another key's"],
)
def test_a_memory_that_the_log_key_did_not_sign_is_no_memory(kept, garbage):
    kept.checkpoint()
    kept.last.write_bytes(garbage)
    message = refused(kept, KeyFileError, "is not the last checkpoint that this log signed")
    assert "--last FILE" in message


def test_every_altered_byte_of_the_memory_is_noticed_or_means_nothing(kept):
    kept.checkpoint()
    note = kept.last.read_bytes()
    keeper = Logkeeper(kept.key)
    with kept.open() as ledger:
        for position in range(len(note)):
            altered = note[:position] + bytes([note[position] ^ 1]) + note[position + 1 :]
            kept.last.write_bytes(altered)
            with pytest.raises(KeyFileError, match="is not the last checkpoint"):
                keeper.preview(ledger)


def test_a_lost_memory_is_noticed_and_starts_again_from_a_checkpoint_that_anyone_holds(kept):
    held = kept.checkpoint().note
    kept.add(1)
    kept.last.unlink()
    message = refused(kept, KeyFileError, "which keeps the last checkpoint signed, is missing")
    assert "as the ledger itself tells" in message
    signed = kept.checkpoint(last=held)
    assert (signed.checkpoint.size, signed.first) == (6, False)
    assert kept.last.read_bytes() == signed.note


def test_a_lost_memory_does_not_start_again_from_another_logs_checkpoint(kept):
    kept.checkpoint()
    kept.last.unlink()
    other = sign(Checkpoint(ORIGIN, 1, b"\x01" * 32), new_log_key(ORIGIN, b"\x01" * 32))
    refused(kept, NoteError, "No key that you trust has signed", last=other)


def test_a_memory_that_cannot_be_read_stops_the_signing(kept):
    kept.last.mkdir()
    refused(kept, KeyFileError, "which keeps what was signed last, cannot be read")


@pytest.fixture
def as_nobody():
    """Go on as a user who owns nothing; only root can, and every other user is nobody already."""
    root = os.geteuid() == 0

    def become():
        if root:
            os.seteuid(65534)

    yield become
    if root:
        os.seteuid(0)


def test_a_memory_that_cannot_be_written_signs_nothing(as_nobody):
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        kept = found(Path(name) / "northwick")
        kept.checkpoint()
        kept.add(1)
        keeper, before = Logkeeper(kept.key), kept.last.read_bytes()
        with kept.open() as ledger:
            kept.folder.chmod(0o555)
            as_nobody()
            with pytest.raises(KeyFileError, match=r"cannot be (locked|written)"):
                keeper.checkpoint(ledger)
            if os.getuid() == 0:
                os.seteuid(0)
        assert kept.last.read_bytes() == before
        kept.folder.chmod(0o755)


def test_a_disk_that_is_full_signs_nothing(kept, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    kept.checkpoint()
    kept.add(1)
    monkeypatch.setattr("os.fsync", full)
    refused(kept, KeyFileError, "cannot be written: got No space left on device")


def _sign_and_add(folder):
    kept = Kept(folder)
    CLOCK.stop()
    return [_added_and_signed(kept) for _ in range(4)]


def _added_and_signed(kept):
    kept.add(1)
    signed = kept.checkpoint().checkpoint
    return signed.size, signed.root


def test_two_processes_that_sign_at_once_sign_one_history(kept):
    signed = list(chain(*at_once(_sign_and_add, [kept.folder] * 2)))
    with kept.open() as ledger:
        assert all(ledger.head_at(size).root == root for size, root in signed)
        assert ledger.head().size == 13
    remembered = open_checkpoint(kept.last.read_bytes(), LOG.verifier).checkpoint
    assert remembered.size == max(size for size, _ in signed)


def test_who_signs_waits_for_who_is_signing_and_gives_up_with_a_reason(kept, monkeypatch):
    monkeypatch.setattr("ledger.transparency.last_signed._SECONDS", 0.05)
    keeper = Logkeeper(kept.key)
    with (
        keeper._held.alone(),
        kept.open() as ledger,
        pytest.raises(KeyFileError, match="cannot be locked: got database is locked"),
    ):
        Logkeeper(kept.key).checkpoint(ledger)


# -- the log key ---------------------------------------------------------------------------


def test_another_key_than_the_ledgers_does_not_sign(kept):
    write_key(kept.key, new_log_key(ORIGIN, b"\x01" * 32), b"\x01" * 32)
    message = refused(kept, KeyFileError, "is not the log key of this ledger")
    assert LOG.verifier in message


def test_another_ledgers_key_does_not_sign(kept):
    other = new_log_key("other.example", LOG_SEED)
    encoded = base64.b64encode(b"\x01" + LOG_SEED).decode()
    kept.key.write_text(f"PRIVATE+KEY+other.example+{other.key_hash}+{encoded}\n")
    refused(kept, KeyFileError, "is not the log key of this ledger")


def test_a_right_key_under_a_wrong_name_is_no_log_key(kept):
    kept.key.write_text(kept.key.read_text().replace(ORIGIN, "other.example"))
    refused(kept, KeyFileError, "the log key cannot be read")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o644])
def test_a_log_key_that_others_may_read_is_refused(kept, mode):
    kept.key.chmod(mode)
    message = refused(kept, KeyFileError, "other people may read the log key")
    assert f"chmod 600 {kept.key}" in message


def test_a_missing_log_key_is_told_where_it_should_be(kept):
    kept.key.unlink()
    message = refused(kept, KeyFileError, f"there is no log key {kept.key}")
    assert "--log-key FILE" in message


def test_what_is_no_log_key_is_not_repeated(kept):
    kept.key.write_text("hunter2 is my secret")
    assert "hunter2" not in refused(kept, KeyFileError, "the log key cannot be read")


def test_a_ledger_that_is_not_founded_has_nothing_to_sign(kept):
    kept.path.unlink()
    SQLiteEntryStore.open(str(kept.path), create=True).close()
    refused(kept, Exception, "not founded yet")


def test_after_a_change_the_former_key_covers_it_and_the_new_key_signs_all_later_ones(kept):
    kept.checkpoint()
    with kept.open() as ledger:
        change_log_key(ledger)
    new = kept.folder / "new"
    write_key(new, NEW_LOG, NEW_LOG_SEED)
    former = kept.key.read_text()

    kept.key.write_text(new.read_text())
    message = refused(kept, KeyFileError, "has not yet signed a checkpoint that covers")
    assert "--former-key-lost" in message

    kept.key.write_text(former)
    covering = kept.checkpoint()
    assert open_checkpoint(covering.note, LOG.verifier).checkpoint.size == 6
    refused(kept, KeyFileError, "this log key was replaced")

    kept.key.write_text(new.read_text())
    kept.add(1)
    later = kept.checkpoint()
    assert open_checkpoint(later.note, NEW_LOG.verifier).checkpoint.size == 7


def test_the_former_key_covers_the_change_and_nothing_that_was_recorded_since(kept):
    kept.checkpoint()
    with kept.open() as ledger:
        change_log_key(ledger)
    kept.add(3)
    covering = kept.checkpoint()
    assert open_checkpoint(covering.note, LOG.verifier).checkpoint.size == 6
    with kept.open() as ledger:
        assert covering.checkpoint.root == ledger.head_at(6).root


def test_a_former_key_that_is_lost_is_said_to_be(kept):
    kept.checkpoint()
    with kept.open() as ledger:
        change_log_key(ledger)
    write_key(kept.key, NEW_LOG, NEW_LOG_SEED)
    signed = kept.checkpoint(former_lost=True)
    assert open_checkpoint(signed.note, NEW_LOG.verifier).checkpoint.size == 6
    assert kept.checkpoint().note == signed.note


@pytest.mark.parametrize(("signer", "seed"), [(LOG, LOG_SEED), (NEW_LOG, NEW_LOG_SEED)])
def test_where_nothing_was_signed_either_key_begins(kept, signer, seed):
    with kept.open() as ledger:
        change_log_key(ledger)
    write_key(kept.key, signer, seed)
    assert open_checkpoint(kept.checkpoint().note, signer.verifier).checkpoint.size == 6


def test_moving_the_folder_moves_the_memory(kept, tmp_path):
    first = kept.checkpoint()
    moved = Kept(Path(shutil.move(kept.folder, tmp_path / "elsewhere")))
    assert moved.checkpoint().note == first.note
