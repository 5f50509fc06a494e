"""Transactions: alone, whole, and with errors that say what to do."""

import os
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from eventsourcing.dcb.api import DCBEvent
from eventsourcing.persistence import IntegrityError, OperationalError

from ledger.errors import StoreError
from ledger.store.sqlite.database import failure
from ledger.store.sqlite.store import SQLiteEntryStore

EVENT = DCBEvent("T", b"data", ["t"])


@pytest.fixture(params=["file", "memory"])
def path(request, tmp_path):
    return ":memory:" if request.param == "memory" else str(tmp_path / "a.ledger")


@pytest.fixture
def store(path):
    with SQLiteEntryStore.open(path, create=True, timeout=0.2) as opened:
        yield opened


def everything(store):
    return (
        list(store.recorder.read()),
        list(store.vault.all()),
        list(store.log.leaves(0, 9)),
        store.meta.get("name"),
        store.by_tag("t"),
    )


def write_everything(store):
    store.vault.put([("e", "/data/note", b"s" * 32, "text")])
    store.recorder.append([EVENT])
    store.log.put([(0, 0, b"h" * 32)])
    store.meta.put("name", "value")


def test_writing_keeps_all_parts_together(store):
    with store.writing() as same:
        assert same is store
        write_everything(store)
    assert all(everything(store))


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_within_writing_leaves_nothing(store, error):
    def fail():
        with store.writing():
            write_everything(store)
            assert all(everything(store))
            raise error

    with pytest.raises(error):
        fail()
    assert not any(everything(store))
    assert store.recorder.append([EVENT]) == 1, "the position is given again"


def test_writing_within_writing_is_an_error_that_leaves_nothing(store):
    def nest():
        with store.writing():
            write_everything(store)
            with store.writing():
                pass

    with pytest.raises(StoreError, match=r"^internal error: writing\(\) within writing\(\)\.$"):
        nest()
    assert not any(everything(store))


def test_closing_within_writing_is_an_error(store):
    with store.writing(), pytest.raises(StoreError, match=r"close\(\) within writing"):
        store.close()


def test_entries_are_appended_within_writing_only(store):
    with pytest.raises(StoreError, match=r"^internal error: not within writing\(\)\.$"):
        store.append_entries([EVENT], ["id"])


def test_others_see_nothing_before_the_end_of_writing(tmp_path):
    path = str(tmp_path / "a.ledger")
    seen = []
    with SQLiteEntryStore.open(path, create=True) as store, SQLiteEntryStore.open(path) as other:
        with store.writing():
            write_everything(store)
            thread = threading.Thread(target=lambda: seen.append(everything(store)))
            thread.start()
            thread.join()
            seen.append(everything(other))
        assert [any(parts) for parts in seen] == [False, False]
        assert all(everything(other))


def test_a_thread_that_waits_too_long_is_told_so(store):
    errors = []

    def write():
        try:
            store.recorder.append([EVENT])
        except StoreError as error:
            errors.append(str(error))

    with store.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert errors == [
        "another thread kept the ledger locked for too long. Nothing was recorded. Try again."
    ]


def test_a_process_that_waits_too_long_is_told_so(tmp_path):
    path = str(tmp_path / "a.ledger")
    with (
        SQLiteEntryStore.open(path, create=True) as store,
        SQLiteEntryStore.open(path, timeout=0.1) as other,
        store.writing(),
        pytest.raises(StoreError) as caught,
    ):
        other.recorder.append([EVENT])
    assert str(caught.value) == (
        "another process kept the ledger locked for too long: got database is locked."
        " Nothing was recorded. See what else has the file open, then try again."
    )
    assert isinstance(caught.value, OperationalError), "what the library expects of a recorder"


def test_reads_do_not_wait_for_a_writer(tmp_path):
    path = str(tmp_path / "a.ledger")
    with (
        SQLiteEntryStore.open(path, create=True) as store,
        SQLiteEntryStore.open(path, timeout=0) as other,
        store.writing(),
    ):
        write_everything(store)
        assert not any(everything(other))


@pytest.fixture
def patient(path):
    """A store whose threads wait for each other as long as they usually do, on a slow disk too."""
    with SQLiteEntryStore.open(path, create=True) as opened:
        yield opened


def test_threads_share_a_store(patient):
    failures = []

    def work(name):
        try:
            for n in range(10):
                position = patient.recorder.append([DCBEvent("T", f"{name} {n}".encode(), [name])])
                assert patient.by_tag(name)[-1] == (position, f"{name} {n}".encode())
        except Exception as error:  # noqa: BLE001 - whatever a thread raises fails the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"thread{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [position for position, _ in patient.entries()] == list(range(1, 81))


def test_a_closed_store_says_so(path):
    store = SQLiteEntryStore.open(path, create=True)
    store.recorder.append([EVENT])
    store.head()
    store.close()
    store.close()
    for use in (store.head, lambda: store.recorder.append([EVENT])):
        with pytest.raises(StoreError, match=r"^the ledger is closed\.$"):
            use()


def test_a_read_in_progress_when_the_store_closes_lets_go_of_its_connection(tmp_path):
    store = SQLiteEntryStore.open(str(tmp_path / "a.ledger"), create=True)
    with store._database._reader() as connection:
        store.close()
        connection.execute("SELECT 1")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_what_is_written_is_durable_and_erasable(tmp_path):
    with SQLiteEntryStore.open(str(tmp_path / "a.ledger"), create=True) as store, store.writing():
        database = store._database
        for pragma, value in {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}.items():
            assert database.fetch(f"PRAGMA {pragma}") == [(value,)]


SENTENCES = {
    sqlite3.SQLITE_FULL: "the disk is full: got why. Nothing was recorded. {}",
    sqlite3.SQLITE_IOERR_FSYNC: "the disk did not do what was asked of it: got why. {}",
    sqlite3.SQLITE_READONLY_DBMOVED: "the ledger cannot be written: got why. {}",
    sqlite3.SQLITE_CANTOPEN: "the ledger's file cannot be opened: got why. {}",
    sqlite3.SQLITE_CORRUPT: "the ledger's file is damaged: got why. {}",
    sqlite3.SQLITE_TOOBIG: "the database refused: got why.",
}
REMEDIES = {
    sqlite3.SQLITE_FULL: "Make room, then try again.",
    sqlite3.SQLITE_IOERR_FSYNC: "Check the disk. What was acknowledged before is recorded.",
    sqlite3.SQLITE_READONLY_DBMOVED: "See who may write the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "See that it is still there, and who may read it and its folder.",
    sqlite3.SQLITE_CORRUPT: (
        "Try again; if it is so again, check the disk and restore it from a copy."
    ),
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_sqlite_s_errors_become_sentences(code, sentence):
    error = sqlite3.OperationalError("why")
    error.sqlite_errorcode = code
    assert str(failure(error)) == sentence.format(REMEDIES.get(code))


def test_a_full_disk_loses_the_transaction_and_says_so(store):
    store.recorder.append([EVENT])
    with store.writing():
        (pages,) = store._database.fetch("PRAGMA page_count")[0]
        store._database.fetch(f"PRAGMA max_page_count={pages}")

    with pytest.raises(StoreError, match="the disk is full"):
        store.recorder.append([DCBEvent("T", b"x" * 100_000)])
    assert [data for _, data in store.entries()] == [b"data"]


def test_a_damaged_file_is_reported_as_such(tmp_path):
    path = tmp_path / "a.ledger"
    with SQLiteEntryStore.open(str(path), create=True) as store:
        store.recorder.append([EVENT] * 500)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with (
        SQLiteEntryStore.open(str(path)) as store,
        pytest.raises(
            StoreError, match=r"^the ledger's file is damaged: .* restore it from a copy"
        ),
    ):
        list(store.entries())


def synchronous(store):
    [(level,)] = store._database._main.execute("PRAGMA synchronous").fetchall()
    return {1: "NORMAL", 2: "FULL"}[level]


@pytest.fixture
def synced(monkeypatch):
    """Return the names of the files that are synced from Python."""
    names, real = [], os.fsync

    def noted(descriptor):
        names.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return names


@pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc for the file's name")
def test_what_is_written_lazily_waits_for_no_disk_unless_it_is_asked_for(tmp_path, synced):
    with SQLiteEntryStore.open(str(tmp_path / "a.ledger"), create=True) as store:
        with store.writing_lazily():
            assert synchronous(store) == "NORMAL"
            store.recorder.append([EVENT])
        assert (synchronous(store), synced) == ("FULL", [])
        with store.writing_lazily() as durably:
            store.recorder.append([EVENT])
            durably()
        assert (synchronous(store), synced) == ("FULL", ["a.ledger-wal"])
        assert store.head() == 2


def test_after_a_lazy_failure_what_is_written_is_durable_again(store):
    with pytest.raises(IntegrityError), store.writing_lazily():
        store.append_entries([EVENT, EVENT], ["one", "one"])
    assert (synchronous(store), store.head()) == ("FULL", 0)
    with store.writing():
        assert synchronous(store) == "FULL"
