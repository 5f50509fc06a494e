"""A server that is restarted, a connection that is cut, a database that holds something else."""

import os
import signal
import subprocess
import sys
import time

import engines
import pytest
from recording import Clock, found, offer, visit

from ledger.errors import StoreError
from ledger.recording.application import Ledger
from ledger.recording.writing import Writer
from ledger.store import open_store
from ledger.store.base import ConnectionLostError

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL driver: it comes with an extra")


@pytest.fixture
def url(request, tmp_path):
    if "postgresql" not in (request.config.getoption("engine") or []):
        pytest.skip("PostgreSQL is not among the engines named: --engine postgresql")
    return engines.new_url("postgresql", tmp_path)


def cut(url, but=0):
    """Cut every connection to a database, as a server that is stopped does; return how many."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
            (but,),
        ).fetchone()[0]


def test_a_connection_cut_between_two_statements_is_made_anew(url):
    with found(url) as ledger:
        size = ledger.head().size
        assert cut(url) >= 1
        offered = offer(ledger)
        assert ledger.find(offered).position == size + 1


def test_one_cut_before_the_commit_leaves_nothing_and_the_statement_is_recorded_once(
    url, monkeypatch
):
    with found(url) as ledger:
        ledger.store.takes_judged = False
        submission = visit(ledger)
        write, times = Writer._write, []

        def cut_first(self, accepted):
            write(self, accepted)
            if not times:
                cut(url)
            times.append(1)

        monkeypatch.setattr(Writer, "_write", cut_first)
        recorded = ledger.append(submission)
        assert (len(times), recorded.again) == (2, False)
        assert recorded.position == ledger.head().size
    with Ledger.open(url, clock=Clock()) as ledger:
        assert [entry.position for entry in ledger.entries_of("VisitMade")] == [recorded.position]


def test_one_cut_after_the_commit_is_found_by_its_id(url, monkeypatch):
    with found(url) as ledger:
        ledger.store.takes_judged = False
        submission = visit(ledger)
        decide, times = Writer._decide_chunk, []

        def unheard(self, chunk):
            outcomes = decide(self, chunk)
            times.append(1)
            if len(times) == 1:
                raise ConnectionLostError("the connection broke before the answer came")
            return outcomes

        monkeypatch.setattr(Writer, "_decide_chunk", unheard)
        recorded = ledger.append(submission)
        assert (len(times), recorded.again) == (2, True)
        assert len(ledger.entries_of("VisitMade")) == 1


def test_a_server_that_stays_away_is_an_error_that_says_so(url, monkeypatch):
    monkeypatch.setattr("ledger.recording.writing._PAUSES", (0.0, 0.0))
    with found(url) as ledger:
        submission = visit(ledger)
        ledger.store._database._url = "host=/nowhere dbname=none"
        cut(url)
        with pytest.raises(StoreError, match="the database server does not answer") as caught:
            ledger.append(submission)
        assert "what was recorded already is not recorded twice" in str(caught.value)


WRITER = """
import sys
from recording import Clock, visit
from ledger.recording.application import Ledger
from ledger.recording.writing import Writer
with Ledger.open(sys.argv[1], clock=Clock()) as ledger:
    while True:
        print(ledger.append(visit(ledger)).position, flush=True)
"""


def test_what_a_killed_writer_had_acknowledged_is_there_and_the_log_goes_on(url):
    found(url).close()
    path = os.pathsep.join([str(engines.__file__).rpartition("/")[0], *sys.path])
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(5):
        acknowledged = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    rest = process.communicate()[0].split()
    acknowledged = int(rest[-1]) if rest else acknowledged
    deadline = time.monotonic() + 30
    with Ledger.open(url, clock=Clock()) as ledger:
        while ledger.store._database.fetch(
            "SELECT 1 FROM pg_locks WHERE mode = 'ExclusiveLock' AND locktype = 'relation'"
        ):
            assert time.monotonic() < deadline, "the killed writer's lock is still held"
        size = ledger.head().size
        assert size in (acknowledged, acknowledged + 1)
        assert [position for position, _ in ledger.store.entries()] == list(range(1, size + 1))
        assert ledger.store.log.size() == size
        assert ledger.append(visit(ledger)).position == size + 1


def test_a_read_only_ledger_writes_nothing(url):
    found(url).close()
    with (
        Ledger.open(url, read_only=True, clock=Clock()) as ledger,
        pytest.raises(StoreError, match="open for reading only"),
    ):
        ledger.append(visit(ledger))
    with open_store(url, read_only=True) as store, pytest.raises(StoreError) as caught:
        store._database.fetch("DELETE FROM meta RETURNING 1")
    assert "cannot be written or read by this user" in str(caught.value)


def test_a_database_without_a_ledger_says_how_to_make_one(url):
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert str(caught.value) == (
        "there is no ledger in this database. Found one with `school-ledger init`, or load one"
        " with `school-ledger load`."
    )


def test_a_database_that_holds_something_else_is_left_as_it_is(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE events (what text)")
    with pytest.raises(StoreError, match="holds something else than a ledger: got a table events"):
        open_store(url, create=True)


SECRETS = ("postgresql://me:secret@host/name", "postgresql://host/name?password=secret")


@pytest.mark.parametrize("named", SECRETS)
def test_a_password_in_a_url_is_refused_and_not_repeated(named):
    with pytest.raises(StoreError, match=r"put it into ~/\.pgpass") as caught:
        open_store(named)
    assert "secret" not in str(caught.value)


def test_erased_text_is_in_no_file_of_the_table_and_what_remains_is_said(url):
    with found(url) as ledger:
        written = "Something that nobody is to read again."
        recorded = ledger.append(visit(ledger, note=written))
        assert _table_holds(url, written)
        assert ledger.store.vault.erase(recorded.event, "/data/note")
        assert not _table_holds(url, written)
        assert "write-ahead log" in ledger.store.erased_remains
        assert ledger.store.vault.get(recorded.event) == {}


def _table_holds(url, text):
    """Tell whether the file of the vault's table holds a text."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (content,) = connection.execute(
            "SELECT pg_read_binary_file(pg_relation_filepath('vault'))"
        ).fetchone()
    return text.encode() in content
