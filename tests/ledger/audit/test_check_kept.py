"""What `check` finds with a checkpoint that was kept elsewhere, and what it cannot find without."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from logs import CLOCK, LOG, ORIGIN, found

from ledger.audit.check import Kept, check_store
from ledger.log.checkpoint import cosign, cosigned_at
from ledger.log.merkle import Tree, leaf_hash
from ledger.log.note import Algorithm, NoteSigner
from ledger.store import open_store
from ledger.verification.verify import verify_store

WITNESS = NoteSigner("harbour.example/witness", b"w" * 32, Algorithm.COSIGNATURE_V1)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    kept = found(tmp_path_factory.mktemp("kept") / "northwick")
    kept.add(5)
    return kept


@pytest.fixture
def kept(template, tmp_path):
    return template.copy(tmp_path / "northwick")


def checked(kept, *notes):
    """Return what `check` finds of a ledger and of checkpoints kept of it, and `verify` of one."""
    with open_store(str(kept.path), read_only=True) as store:
        found = check_store(store, kept=[Kept("the checkpoint kept", note) for note in notes])
        for note in notes:
            verdict = verify_store(store, note)
            assert verdict.verified == (found == [])
    return [one.sentence for one in found]


def rebuild_log(kept):
    """Make the log fit the entries again, as whoever owns the database can."""
    with open_store(str(kept.path)) as store, store.writing():
        store.log.clear()
        Tree(store.log).append([leaf_hash(data) for _, data in store.entries()])


def cut(kept, entries=1):
    last = "(SELECT max(position) FROM events)"
    kept.sql(*[f"DELETE FROM events WHERE position = {last}"] * entries)  # noqa: S608 - a constant
    kept.sql("DELETE FROM tags WHERE position > (SELECT max(position) FROM events)")
    kept.sql("DELETE FROM vault WHERE event NOT IN (SELECT substr(tag, 7) FROM tags)")
    rebuild_log(kept)


def date(kept, time=None, back=0):
    """Say of one of the last entries that it was recorded at another time: nobody signed that."""
    with closing(sqlite3.connect(kept.path)) as connection:
        position, data = connection.execute(
            "SELECT position, data FROM events ORDER BY position DESC LIMIT 1 OFFSET ?", (back,)
        ).fetchone()
        # By default one second later than it was.
        time = time or f"{data[16:35].decode()[:-1]}1Z"
        data = data[:16] + time.encode() + data[36:]
        connection.execute("UPDATE events SET data=? WHERE position=?", (data, position))
        connection.commit()
    rebuild_log(kept)


def test_what_goes_on_from_what_was_signed_is_found_to(kept):
    note = kept.checkpoint().note
    assert checked(kept, note) == []
    kept.add(2)
    assert checked(kept, note) == []


def test_the_newest_entries_cut_off_are_found(kept):
    note = kept.checkpoint().note
    cut(kept, 2)
    _, sentence = checked(kept, note)[:2]
    assert any(
        one.startswith("the checkpoint kept is of 10 entries, and here are 8: the end was cut off")
        for one in checked(kept, note)
    ), sentence


def test_the_last_entry_dated_anew_is_found(kept):
    note = kept.checkpoint().note
    date(kept, "2099-01-01T00:00:00Z")
    assert any("is not of this history: an entry up to 10" in one for one in checked(kept, note))


@pytest.mark.parametrize("attack", [cut, lambda kept: date(kept, "2099-01-01T00:00:00Z")])
def test_neither_is_found_of_what_was_recorded_since(kept, attack):
    """What trust.md concedes: nobody has signed upon the newest entries, and nothing holds them."""
    note = kept.checkpoint().note
    kept.add(1)
    attack(kept)
    assert checked(kept, note) == []


def test_an_entry_dated_anew_is_found_once_somebody_signed_upon_it(kept):
    kept.add(1)
    date(kept)
    assert checked(kept) == []
    kept.add(1)
    assert checked(kept) == []
    date(kept, "2024-09-02T12:00:00Z", back=1)
    assert any(one.startswith("its signer saw another history") for one in checked(kept))


def test_a_checkpoint_of_another_log_is_none_of_this_ledger(kept):
    other = NoteSigner(ORIGIN, b"o" * 32)
    note = kept.checkpoint().note
    text, _, _ = note.partition(b"\n\n")
    forged = text + b"\n\n" + other.sign(text + b"\n").line().encode()
    (sentence,) = checked(kept, forged)
    assert sentence.startswith("the checkpoint kept is not one of this ledger: No key that you")
    assert f"expected {ORIGIN}+{LOG.key_hash}" in sentence


# -- named values ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE meta SET name='log.signee'",
            "a value is kept under a name that nothing has here: 'log.signee'",
        ),
        (
            "UPDATE meta SET value=replace(value, ':', ';')",
            "log.signed names a place that is not in this history: 10;",
        ),
        ("UPDATE meta SET value='11' || substr(value, 3)", "log.signed names a place that is not"),
        ("UPDATE meta SET value='9' || substr(value, 3)", "log.signed names a place that is not"),
        ("INSERT INTO meta VALUES ('log.cosigned', '3:x 5')", "log.cosigned names a place that is"),
    ],
)
def test_named_values_that_are_not_of_this_history_are_found(kept, statement, sentence):
    kept.checkpoint()
    assert checked(kept) == []
    kept.sql(statement)
    (said,) = checked(kept)
    assert said.startswith(sentence)


# -- the clock, and what a witness cosigned ----------------------------------------------------


def cosigned(kept, at):
    return cosign(kept.checkpoint().note, WITNESS, int(at.timestamp()))


def test_what_was_cosigned_last_tells_when():
    text = f"{ORIGIN}\n1\n{'A' * 43}=\n".encode()
    signed = text + b"\n" + LOG.sign(text).line().encode()
    assert cosigned_at(signed) is None
    one = cosign(signed, WITNESS, 1_700_000_000)
    other = NoteSigner("pier.example/witness", b"p" * 32, Algorithm.COSIGNATURE_V1)
    assert cosigned_at(cosign(one, other, 1_600_000_000)) == 1_700_000_000
    assert cosigned_at(cosign(signed, WITNESS, 2**63 - 1)) is None


@pytest.fixture
def registry(tmp_path):
    from registry import Registry  # noqa: PLC0415 - another ledger than those of this module

    with Registry(tmp_path / "a.db") as registry:
        registry.vouch("olive")
        registry.log = NoteSigner(ORIGIN, b"l" * 32)
        yield registry


def signed_at(registry, at):
    """Return a checkpoint of the registry's ledger, cosigned then."""
    from ledger.log.checkpoint import Checkpoint, sign  # noqa: PLC0415 - as above

    head = registry.ledger.head()
    note = sign(Checkpoint(ORIGIN, *head), registry.log)
    return cosign(note, WITNESS, int(at.timestamp()))


def set_back(registry, now, since):
    registry.clock.now = now
    place = str(registry.ledger.head_at(since))
    correction = registry.say("rita", "ClockCorrected", since=place)
    registry.say("olive", "Vouched", subject=f"clock_correction:{correction}")


def times(registry, note):
    findings = verify_store(registry.ledger.store, note).findings
    assert {one.check for one in findings} <= {"times"}
    return [one.sentence for one in findings]


RIGHT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def test_no_correction_goes_behind_what_a_witness_cosigned(registry, monkeypatch):
    """Only the registrar itself signed anything since: no statement of others stands against it."""
    registry.clock.now = RIGHT
    registry.say("rita", "BodyRegistered", body="body:beacon", kind="provider", name="Beacon")
    note = signed_at(registry, RIGHT + timedelta(minutes=9))
    size = registry.ledger.head().size
    place = f"{registry.ledger.head()} {int((RIGHT + timedelta(minutes=9)).timestamp())}"
    registry.ledger.store.meta.put("log.cosigned", place)
    with pytest.raises(Exception, match="and a witness cosigned a checkpoint that holds entry"):
        set_back(registry, RIGHT - timedelta(days=5), size - 1)
    monkeypatch.setattr("ledger.recording.corrections.RecordClock._cosigned_after", lambda *_: ())
    set_back(registry, RIGHT - timedelta(days=5), size - 1)
    (sentence,) = times(registry, note)
    assert sentence.startswith("the clock was set back to 2026-03-05T09:0")
    assert "which a witness cosigned, holds entry" in sentence
    # A verifier to whom nobody gave that checkpoint cannot tell.
    assert times(registry, None) == []


def test_a_witness_who_cosigned_what_lay_ahead_shows_that_the_clock_was_wrong(registry):
    size = registry.ledger.head().size
    registry.clock.now = RIGHT + timedelta(days=300)
    registry.say("rita", "BodyRegistered", body="body:beacon", kind="provider", name="Beacon")
    cosigned = RIGHT + timedelta(days=1)
    note = signed_at(registry, cosigned)
    place = f"{registry.ledger.head()} {int(cosigned.timestamp())}"
    registry.ledger.store.meta.put("log.cosigned", place)
    set_back(registry, RIGHT, size)
    assert times(registry, note) == []


def test_what_comes_back_cosigned_is_kept_in_mind(kept):
    now = CLOCK.now
    with kept.open() as ledger:
        head = str(ledger.head())
    note = cosigned(kept, now)
    kept.checkpoint(last=note)
    with kept.open() as ledger:
        assert ledger.store.meta.get("log.cosigned") == f"{head} {int(now.timestamp())}"
    kept.add(1)
    kept.checkpoint(last=cosigned(kept, now + timedelta(hours=1)))
    kept.checkpoint(last=note)
    with kept.open() as ledger:
        assert ledger.store.meta.get("log.cosigned").startswith("11:")
    assert checked(kept) == []
