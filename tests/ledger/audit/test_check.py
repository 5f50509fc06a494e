"""Whatever is done to a ledger's database, `check` finds it, says where, and never fails."""

from __future__ import annotations

import pickle
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from weakref import WeakSet

import pytest
from two_years import tell

from ledger import keys
from ledger.audit import processes
from ledger.audit import source as chunks
from ledger.audit.by_entry import inspect_rows, inspect_with_tags
from ledger.audit.check import StoreSource, VaultTexts, check, check_store, inspect_here
from ledger.audit.in_order import Judge
from ledger.audit.processes import inspecting
from ledger.errors import StoreError
from ledger.recording.application import Ledger
from ledger.store import open_store
from ledger.store.sqlite import database as sqlite_database
from ledger.store.sqlite import indices
from ledger.verification.verify import verify_store

pytestmark = pytest.mark.sampled(3)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The demo's ledger, wholly indexed, made once and not to be changed."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    tell(folder, 7, lambda _: None).close()
    with closing(sqlite3.connect(folder / "demo.db")) as connection:
        indices.index(connection)
        connection.commit()
    return folder / "demo.db"


@pytest.fixture
def database(told, tmp_path):
    """A copy of the ledger's file, for one attack."""
    return shutil.copy(told, tmp_path / "demo.db")


def attacked(database, *statements):
    """Do to the database what its owner can, and return what `check` then finds."""
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            sql, values = statement if isinstance(statement, tuple) else (statement, ())
            changed = connection.execute(sql, values).rowcount
            assert changed != 0, sql
        connection.commit()
    with open_store(str(database), read_only=True) as store:
        return check_store(store)


def found(findings):
    return {(finding.check, finding.position) for finding in findings}


def test_nothing_is_found_in_a_record_that_verifies(told):
    with Ledger.open(str(told), read_only=True) as ledger:
        progress = []
        assert check(ledger, lambda *now: progress.append(now)) == []
        assert progress[-1] == (ledger.head().size,) * 2


def test_processes_find_the_same_as_one(database):
    alone = attacked(database, "UPDATE events SET data = replace(data, '1.5', '2.5')")
    assert alone
    with (
        inspecting(1, 2, with_tags=True) as two,
        open_store(str(database), read_only=True) as store,
    ):
        assert check_store(store, inspect_chunks=two) == alone


@pytest.mark.sweep
def test_processes_are_no_copies_of_one_that_has_a_store_open(database, monkeypatch):
    monkeypatch.setattr(sqlite_database, "_open", WeakSet())
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    asked = []

    def context(kind):
        asked.append(kind)
        return get_context(kind)

    monkeypatch.setattr(processes, "get_context", context)
    with (
        inspecting(1, 1),
        open_store(str(database), read_only=True) as store,
        inspecting(1, 1, with_tags=True) as one,
    ):
        assert check_store(store, inspect_chunks=one) == []
    with inspecting(1, 1):
        assert asked == ["fork", "spawn", "fork"]


@pytest.mark.parametrize("verifying", [check_store, verify_store])
def test_what_others_record_and_erase_meanwhile_is_no_fault(told, database, verifying):
    registrar, day = keys.load(told.parent / "keys" / "registrar"), date(2026, 7, 10)
    with Ledger.open(str(database), clock=lambda: datetime(2026, 7, 10, 9, tzinfo=UTC)) as ledger:
        (before, *_) = ledger.entries_of("PersonEnrolled")

        def record():
            for number in range(9):
                person = f"person:0197f200-0000-7000-8000-00000000000{number}"
                said = {"person": person, "name": "Mx Meanwhile"}
                ledger.say("PersonEnrolled", said, registrar, "registrar@ledger", day)
            erased = {"event": f"event:{before.id}", "pointer": "/data/name"}
            erased |= {"authority": "court", "reason": "ordered"}
            ledger.say("DetailErased", erased, registrar, "registrar@ledger", day)

        def inspect(chunks):
            for chunk in chunks:
                record()
                yield inspect_with_tags(chunk)

        with open_store(str(database), read_only=True) as store:
            size = store.head()
            assert list(ask(verifying, store, inspect)) == []
            assert store.head() == size + 10
    with open_store(str(database), read_only=True) as store:
        assert list(ask(verifying, store, inspect_here)) == []


def ask(verifying, store, inspect):
    if verifying is check_store:
        return check_store(store, None, inspect)
    return verify_store(store, inspect_chunks=inspect).findings


@pytest.mark.parametrize("gap", [(100, 100), (60, 170), (2**40, 2**40)])
def test_processes_are_told_where_entries_are_and_read_all_that_are_there(
    database, gap, monkeypatch
):
    monkeypatch.setattr(chunks, "_SMALLEST", 20)
    monkeypatch.setattr(chunks, "CHUNK", 25)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM events WHERE position BETWEEN ? AND ?", gap)
        connection.execute("UPDATE events SET position = 2e15 WHERE position = 173")
        connection.commit()
    with open_store(str(database), read_only=True) as store:
        source = StoreSource(store)
        spans = list(source.chunks())
        sent = [pickle.loads(pickle.dumps(span)) for span in spans]  # noqa: S301 - our own
        assert 3 < len(spans) < 12
        assert [row for span in spans for row in span] == list(source.rows())
        assert [row for span in sent for row in span] == list(source.rows())


def test_what_is_recorded_meanwhile_is_left_out(told, monkeypatch):
    with open_store(str(told), read_only=True) as store:
        size = store.head()
        heads = iter([size - 3])
        monkeypatch.setattr(store, "head", lambda: next(heads, size))
        spans = list(islice(StoreSource(store).chunks(), 10))
        assert [row for span in spans for row in span] == list(store.entries())[:-3]
        assert len(spans) == 1


def test_a_store_in_memory_is_read_here():
    with open_store(":memory:") as store:
        assert store.path is None
        assert list(StoreSource(store).chunks()) == []


def test_an_entry_that_changes_while_it_is_judged_is_not_judged_by_other_bytes(database):
    with open_store(str(database), read_only=True) as store:
        source = StoreSource(store)
        judge = Judge(source)
        (span,) = source.chunks()
        told = inspect_rows(span)
        assert told.kept.keys() == {register.at for register in told.registers} | {
            index for index, number in enumerate(told.by) if number < 0
        }
        # Nobody has any authority, so that every entry is looked at.
        told = told._replace(registers=[], kept={})
        source.raw = lambda position: b" " + StoreSource(store).raw(position)
        with pytest.raises(StoreError, match="entry 1 was changed while the record was read"):
            list(judge.take(span, told))


def test_texts_are_found_in_whatever_order_they_lie(database):
    assert attacked(database, "UPDATE vault SET number = 100000 - number") == []


def test_texts_are_found_though_reading_on_ends_between_those_of_one_event_or_before():
    texts = [
        ("one", "/data/note", b"1" * 32, "A note"),
        ("two", "/data/note", b"2" * 32, "Another"),
        ("two", "/data/reason", b"3" * 32, "A reason"),
    ]
    with open_store(":memory:") as store:
        store.vault.put(texts)
        opening = VaultTexts(store)
        opening.begin(["one", "two"])
        assert [opening.find(event, pointer) for event, pointer, *_ in texts] == [
            (salt, text) for *_, salt, text in texts
        ]
        assert opening.find("two", "/data/nothing") is None
        assert opening.find("nobody's", "/data/note") is None
        later_first = VaultTexts(store)
        later_first.begin(["two"])
        assert later_first.find("two", "/data/reason") == (b"3" * 32, "A reason")
        later_first.begin(["one"])
        assert later_first.find("one", "/data/note") == (b"1" * 32, "A note")


def test_an_altered_statement_is_found_by_its_signature_the_log_and_later_signers(database):
    findings = attacked(
        database,
        """UPDATE events SET data = CAST(replace(data, '"days":"2.0"', '"days":"9.0"') AS BLOB)
        WHERE position = (SELECT min(position) FROM events
                          WHERE instr(CAST(data AS TEXT), '"days":"2.0"'))""",
    )
    signature = next(one for one in findings if one.check == "signature")
    assert "the signature does not hold" in signature.sentence
    assert ("log", signature.position) in found(findings)
    seen = next(one for one in findings if one.check == "seen")
    assert seen.position > signature.position
    assert "its signer saw another history" in seen.sentence


#: What is put in the place of an entry's bytes, and what is then said of it.
RUBBISH = {
    "nothing": (b"", "bytes"),
    "no JSON": (b"not JSON at all", "bytes"),
    "half of it": (b'{"recorded_at":"2025-01-01T00:00:00Z","signature":"', "bytes"),
    "other JSON": (b'{"a":1}', "bytes"),
    "a list": (b"[]", "bytes"),
    "deep nesting": (b"[" * 60_000, "bytes"),
    "too much": (b'{"recorded_at":"' + b"9" * 70_000, "bytes"),
    "no UTF-8": (b"\xff\xfe" * 40, "bytes"),
    "a newline": (b"\n", "bytes"),
    "text for bytes": ("text", "bytes"),
    "a number for bytes": (7, "bytes"),
}


@pytest.mark.parametrize(("data", "check_name"), RUBBISH.values(), ids=RUBBISH)
@pytest.mark.parametrize("position", [1, 40, 174])
def test_bytes_that_are_no_entry_are_found_at_their_place(database, data, check_name, position):
    findings = attacked(
        database, ("UPDATE events SET data = ? WHERE position = ?", (data, position))
    )
    assert (check_name, position) in found(findings)
    assert ("log", position) in found(findings)


@pytest.mark.parametrize("places", [10, pytest.param(200, marks=pytest.mark.sweep)])
def test_each_byte_of_an_entry_counts(database, places):
    """A bit is flipped in so many places of one entry, from its first byte to its last."""
    with closing(sqlite3.connect(database)) as connection:
        data = connection.execute("SELECT data FROM events WHERE position=120").fetchone()[0]
    for at in range(0, len(data), max(1, len(data) // places)):
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        findings = attacked(database, ("UPDATE events SET data=? WHERE position=120", (altered,)))
        assert ("log", 120) in found(findings), at
        if at > 36:  # before it stands when it was recorded, which nobody signed
            kinds = {"bytes", "signature", "model", "times", "authority", "tags"}
            assert {one.check for one in findings if one.position == 120} & kinds, at


MOVED = {
    "one removed": (
        ["DELETE FROM events WHERE position=100"],
        ("positions", 101),
        "entry 101 stands where entry 100 should: one was removed or renumbered",
    ),
    "the first removed": (
        ["DELETE FROM events WHERE position=1"],
        ("positions", 2),
        "entry 2 stands where entry 1 should",
    ),
    "one renumbered": (
        ["UPDATE events SET position=1000 WHERE position=100"],
        ("positions", 1000),
        "entry 1000 stands where entry 175 should",
    ),
    "one hidden below the first": (
        ["UPDATE events SET position=-5 WHERE position=100"],
        ("positions", 101),
        "entry 101 stands where entry 100 should",
    ),
    "one repeated at the end": (
        [
            """INSERT INTO events (type, data, tags)
            SELECT type, data, tags FROM events WHERE position=100"""
        ],
        ("identity", 175),
        "its id stands already at position 100",
    ),
    "two swapped": (
        [
            "UPDATE events SET position=-1 WHERE position=60",
            "UPDATE events SET position=60 WHERE position=61",
            "UPDATE events SET position=61 WHERE position=-1",
        ],
        ("log", 60),
        "its bytes are not those that the log holds a hash of",
    ),
    "the tail cut": (
        ["DELETE FROM events WHERE position>170"],
        ("log", None),
        "the log holds 174 entries, the store 170",
    ),
    "everything removed": (
        ["DELETE FROM events"],
        ("log", None),
        "the log holds 174 entries, the store 0",
    ),
}


@pytest.mark.parametrize(("statements", "where", "sentence"), MOVED.values(), ids=MOVED)
def test_rows_removed_swapped_or_renumbered_are_found(database, statements, where, sentence):
    findings = attacked(database, *statements)
    said = [one.sentence for one in findings if (one.check, one.position) == where]
    assert any(sentence in one for one in said), findings[:5]


FILED = {
    "another type": ("UPDATE events SET type='VisitMade' WHERE position=30", 30),
    "a tag less": (
        "UPDATE events SET tags=json_remove(tags, '$[0]') WHERE position=30",
        30,
    ),
    "a tag more": (
        "UPDATE events SET tags=json_insert(tags, '$[#]', 'school:900006') WHERE position=30",
        30,
    ),
    "tags that are no list": ("UPDATE events SET tags='{}' WHERE position=30", 30),
    "tags that are numbers": ("UPDATE events SET tags='[1, 2]' WHERE position=30", 30),
    "tags that are no JSON": ("UPDATE events SET tags='[' WHERE position=30", 1),
    "an index row less": (
        "DELETE FROM tags WHERE position=30 AND tag LIKE 'event:%'",
        30,
    ),
    "an index row more": ("INSERT INTO tags VALUES ('school:900006', 'VisitMade', 30)", 30),
    "a row of the types less": ("DELETE FROM types WHERE position=30", 30),
    "a row of the types more": ("INSERT INTO types VALUES ('VisitMade', 30)", 30),
    "an entry said to be indexed that is not": (
        "DELETE FROM tags WHERE position=174 AND tag NOT LIKE 'event:%'",
        174,
    ),
    "an index row of nothing": ("INSERT INTO tags VALUES ('school:900006', 'VisitMade', 999)", 999),
}


@pytest.mark.parametrize(("statement", "position"), FILED.values(), ids=FILED)
def test_entries_filed_under_what_they_do_not_say_are_found(database, statement, position):
    assert ("tags", position) in found(attacked(database, statement))


@pytest.mark.parametrize("level", range(8))
def test_a_node_flipped_at_any_level_of_the_stored_log_is_found(database, level):
    findings = attacked(
        database,
        (
            """UPDATE log SET hashes=CAST(substr(hashes, 1, 32 * ?1) || zeroblob(32)
            || substr(hashes, 33 + 32 * ?1) AS BLOB) WHERE idx=(1 << ?1) - 1""",
            (level,),
        ),
    )
    assert {one.check for one in findings} == {"log"}
    if level:
        assert f"the log's node over entries 1 to {1 << level}" in findings[0].sentence


LOG = {
    "a node less": ("UPDATE log SET hashes=substr(hashes, 1, 96) WHERE idx=23", "is missing"),
    "a leaf less": ("DELETE FROM log WHERE idx=173", "the log holds 173 entries"),
    "a leaf more": (
        "INSERT INTO log VALUES (174, zeroblob(32))",
        "the log holds 175 entries, the store 174",
    ),
    "a node more": (
        "UPDATE log SET hashes=CAST(hashes || zeroblob(32) AS BLOB) WHERE idx=172",
        "row 172 of the log does not hold as many hashes as entry 173 completes",
    ),
    "a hash that is none": (
        "UPDATE log SET hashes=CAST(substr(hashes, 1, 64) || 'short' AS BLOB) WHERE idx=7",
        "not the hash",
    ),
}


@pytest.mark.parametrize(("statement", "sentence"), LOG.values(), ids=LOG)
def test_a_stored_log_of_another_shape_is_found(database, statement, sentence):
    findings = attacked(database, statement)
    assert any(sentence in one.sentence for one in findings), findings


VAULT = {
    "a text changed": (
        ["UPDATE vault SET value='something else' WHERE number=3"],
        "is not the text that was sealed",
    ),
    "a salt changed": (
        ["UPDATE vault SET salt=randomblob(32) WHERE number=3"],
        "is not the text that was sealed",
    ),
    "a text moved to another event": (
        ["UPDATE vault SET event='nobody' WHERE number=3"],
        "is missing",
    ),
    "a text removed": (["DELETE FROM vault WHERE number=3"], "is missing"),
    "a text moved to another field": (
        ["UPDATE vault SET pointer='/data/other' WHERE number=3"],
        "is missing",
    ),
}


@pytest.mark.parametrize(("statements", "sentence"), VAULT.values(), ids=VAULT)
def test_sealed_text_that_is_not_what_was_sealed_is_found(database, statements, sentence):
    findings = attacked(database, *statements)
    faults = [one for one in findings if one.severity == "fault"]
    assert faults[-1].check == "sealed text"
    assert [one.check for one in faults[:-1]] == ["database"] * ("salt" in statements[0])
    assert faults[-1].position is not None
    assert sentence in faults[-1].sentence


def test_two_texts_swapped_are_both_found(database):
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT value FROM vault WHERE number IN (3, 4)").fetchall()
    swap = "UPDATE vault SET value=? WHERE number=?"
    findings = attacked(database, (swap, (rows[0][0], 4)), (swap, (rows[1][0], 3)))
    assert [one.check for one in findings] == ["sealed text"] * 2


def test_text_that_opens_nothing_is_pointed_out(database):
    stray = (
        "INSERT INTO vault (event, pointer, salt, value, salt_digest)"
        " VALUES ('nobody', '/data/note', ?1, 'stray', ?2)"
    )
    salt = b"s" * 32
    (finding,) = attacked(database, (stray, (salt, sha256(salt).digest())))
    assert finding.severity == "advice"
    assert "of an event that seals none there" in finding.sentence


def test_erased_text_is_no_fault_and_text_still_kept_is(told, tmp_path):
    folder = shutil.copytree(told.parent, tmp_path / "d")
    database = folder / "demo.db"
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute("SELECT * FROM vault WHERE pointer='/data/note' OR 1").fetchone()
    event, pointer = row[1], row[2]
    erase(folder, event, pointer)
    with open_store(str(database), read_only=True) as store:
        assert check_store(store) == []
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "UPDATE vault SET salt=?, value=? WHERE event=? AND pointer=?",
            (row[3], row[4], event, pointer),
        )
        connection.commit()
    with open_store(str(database), read_only=True) as store:
        (finding,) = check_store(store)
    assert finding.event == event
    assert "was erased by a later event, and is still kept" in finding.sentence


def erase(folder, event, pointer):
    """Record that a text is erased, as the registrar does."""
    signer = keys.load(folder / "keys" / "registrar")
    with Ledger.open(str(folder / "demo.db"), clock_confirmed=True) as ledger:
        said = {"event": f"event:{event}", "pointer": pointer}
        said |= {"authority": "data_subject", "reason": "no_longer_needed"}
        day = ledger.clock().date()
        ledger.say("DetailErased", said, signer, "registrar@ledger", day)
