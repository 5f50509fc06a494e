"""What a ledger proves to others holds by itself, and only in checkpoints of its own history."""

from __future__ import annotations

import pytest
from logs import LOG, NEW_LOG, NEW_LOG_SEED, ORIGIN, SIGNER, change_log_key, found, write_key

from ledger.errors import InconsistentError, NoteError, NotFoundError, ProofError
from ledger.log.checkpoint import Checkpoint, advance, open_checkpoint, sign
from ledger.log.consistency import parse_extension
from ledger.log.proof import parse_proof, verify_proof
from ledger.store.sqlite.store import SQLiteEntryStore
from ledger.transparency.proofs import (
    check_root,
    consistency_proof,
    current_log_key,
    extension,
    log_key_of,
    log_keys,
    personal_points,
    prove,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return found(tmp_path_factory.mktemp("proving") / "northwick")


@pytest.fixture
def kept(template, tmp_path):
    return template.copy(tmp_path / "northwick")


def test_every_event_is_proved_and_the_proof_holds_without_the_ledger(kept):
    note = kept.checkpoint().note
    with kept.open() as ledger:
        for entry in ledger.entries():
            proved = prove(ledger, entry.id, note)
            assert proved.position == entry.position
            opened = verify_proof(parse_proof(proved.proof), proved.entry, LOG.verifier)
            assert opened.checkpoint.size == 5


def test_an_event_is_named_by_the_first_characters_of_its_id(kept):
    note = kept.checkpoint().note
    with kept.open() as ledger:
        last = list(ledger.entries())[-1]
        assert prove(ledger, last.id[:18], note).position == 5
        with pytest.raises(NotFoundError, match="no event ffff in this ledger"):
            prove(ledger, "ffff", note)


def test_an_event_recorded_after_the_checkpoint_is_not_in_it(kept):
    note = kept.checkpoint().note
    (event,) = kept.add(1)
    with (
        kept.open() as ledger,
        pytest.raises(NotFoundError, match="got entry 6, a checkpoint of 5 entries"),
    ):
        prove(ledger, event, note)


def test_a_proof_is_of_that_entry_only(kept):
    note = kept.checkpoint().note
    with kept.open() as ledger:
        proved = prove(ledger, next(ledger.entries()).id, note)
        other = ledger.raw(2)
    with pytest.raises(ProofError, match="does not place this entry"):
        verify_proof(parse_proof(proved.proof), other, LOG.verifier)


def test_nothing_is_proved_in_a_checkpoint_of_another_history(kept):
    restore = kept.back_up()
    kept.add(1)
    theirs = kept.checkpoint()
    restore()
    kept.add(1)
    with kept.open() as ledger:
        entry = next(ledger.entries())
        with pytest.raises(InconsistentError, match="one of them was rewritten") as error:
            prove(ledger, entry.id, theirs.note)
        assert f"checkpoint:  {theirs.checkpoint}" in str(error.value)
        with pytest.raises(InconsistentError):
            consistency_proof(ledger, None, theirs.checkpoint)


def test_nothing_is_proved_in_a_checkpoint_that_is_larger_than_the_ledger(kept):
    larger = kept.copy(kept.folder.with_name("larger"))
    larger.add(1)
    theirs = larger.checkpoint()
    with kept.open() as ledger, pytest.raises(InconsistentError, match=r"this ledger: .* 5 "):
        check_root(ledger, theirs.checkpoint)


def test_a_tampered_entry_is_not_proved(kept):
    note = kept.checkpoint().note
    kept.sql("UPDATE events SET data = CAST(replace(data, 'Z', 'Z') || ' ' AS BLOB)")
    with kept.open() as ledger, pytest.raises(ProofError, match="does not place this entry"):
        prove(ledger, next(ledger.entries()).id, note)


def test_a_checkpoint_that_the_log_did_not_sign_proves_nothing(kept):
    note = sign(Checkpoint(NEW_LOG.name, 1, b"\x01" * 32), NEW_LOG)
    with kept.open() as ledger, pytest.raises(NoteError, match="No key that you trust"):
        prove(ledger, next(ledger.entries()).id, note)


@pytest.mark.parametrize("old", range(6))
def test_growth_is_proved_from_every_size(kept, old):
    with kept.open() as ledger:
        held = Checkpoint(ORIGIN, old, ledger.head_at(old).root)
    note = kept.checkpoint().note
    with kept.open() as ledger:
        data = extension(ledger, old, note)
        assert data == extension(ledger, held, note)
    parsed = parse_extension(data)
    assert (parsed.old, parsed.note) == (old, note)
    advance(held, open_checkpoint(note, LOG.verifier).checkpoint, parsed.hashes)


@pytest.mark.parametrize("old", [-1, 6, 10**30])
def test_growth_is_not_proved_from_a_size_that_never_was(kept, old):
    note = kept.checkpoint().note
    with kept.open() as ledger, pytest.raises(NotFoundError, match="never had that size"):
        extension(ledger, old, note)


def test_growth_is_not_proved_from_another_history(kept):
    note = kept.checkpoint().note
    forked = Checkpoint(ORIGIN, 3, b"\x01" * 32)
    with kept.open() as ledger, pytest.raises(InconsistentError, match=f"checkpoint:  {ORIGIN} 3"):
        extension(ledger, forked, note)


def test_both_log_keys_of_a_ledger_open_their_checkpoints(kept):
    first = kept.checkpoint().note
    with kept.open() as ledger:
        change_log_key(ledger)
    kept.checkpoint()
    write_key(kept.key, NEW_LOG, NEW_LOG_SEED)
    later = kept.checkpoint().note
    with kept.open() as ledger:
        assert log_keys(ledger) == (LOG.verifier, NEW_LOG.verifier)
        assert log_key_of(ledger, first) == LOG.verifier
        assert log_key_of(ledger, later) == NEW_LOG.verifier
        event = next(ledger.entries()).id
        proved = prove(ledger, event, later)
        assert verify_proof(parse_proof(proved.proof), proved.entry, NEW_LOG.verifier)
        assert [current_log_key(ledger, size) for size in (0, 5, 6, 7)] == [
            LOG.verifier,
            LOG.verifier,
            NEW_LOG.verifier,
            NEW_LOG.verifier,
        ]


def test_the_keys_of_persons_are_known_by_their_points(kept):
    with kept.open() as ledger:
        points = personal_points(ledger)
    assert list(points) == [SIGNER.public.point]
    assert points[SIGNER.public.point].startswith("person:")


def test_a_ledger_that_is_not_founded_has_no_log_key(kept):
    kept.path.unlink()
    SQLiteEntryStore.open(str(kept.path), create=True).close()
    with kept.open() as ledger, pytest.raises(NotFoundError, match="not founded yet"):
        log_keys(ledger)
