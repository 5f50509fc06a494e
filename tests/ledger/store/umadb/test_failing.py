"""A server that is stopped, a writer killed between the server and its side, a side mixed up."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import engines
import pytest
from eventsourcing.dcb.api import DCBEvent
from recording import DAY, REGISTRAR, ROOT, Clock, Head, found, offer, visit

from ledger.audit.check import check
from ledger.errors import StoreError
from ledger.recording.admission import admit
from ledger.recording.application import By, Ledger, sign
from ledger.store import open_store
from ledger.store.umadb.server import LostError, Server
from ledger.store.umadb.unsettled import SUFFIX, Sent, UnsettledFile

pytest.importorskip("umadb", reason="no UmaDB driver: it comes with an extra")

NOTE = "Zebra crossing, left unsaid"


@pytest.fixture(autouse=True)
def named(request):
    """Run these where the engine is named, as those that start a server of their own."""
    if "umadb" not in (request.config.getoption("engine") or []):
        pytest.skip("UmaDB is not among the engines named: --engine umadb")
    yield
    engines.stop()


@pytest.fixture
def server(tmp_path):
    return engines.umadb(tmp_path)


@pytest.fixture(params=["file", "postgresql"])
def url(request, server, tmp_path):
    """Return a ledger's URL with its side in a file, and where that is named in PostgreSQL."""
    if request.param == "file":
        return server.url(str(tmp_path / "side.db"))
    if "postgresql" not in request.config.getoption("engine"):
        pytest.skip("PostgreSQL is not among the engines named: --engine postgresql")
    return server.url(engines.new_url("postgresql", tmp_path))


@pytest.fixture
def file_url(server, tmp_path):
    return server.url(str(tmp_path / "side.db"))


DIES = """
import os, signal, sys
from recording import *
from ledger.format.entry import parse_submission
from ledger.store.umadb import server, unsettled, unsettled_table, store

url, step, file = sys.argv[1:]

def dies(owner, name, after):
    real = getattr(owner, name)
    def dying(*arguments):
        if after:
            real(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, dying)

with Ledger.open(url, clock=Clock()) as ledger:
    submission = parse_submission(Path(file).read_bytes())
    {
        "before it is written down": lambda: dies(unsettled.Unsettled, "put", False),
        "before it is sent": lambda: dies(unsettled.Unsettled, "put", True),
        "before it is committed": lambda: dies(server.Server, "append", True),
        "before it is forgotten": lambda: [
            dies(one, "clear", False)
            for one in (unsettled.UnsettledFile, unsettled_table.UnsettledTable)
        ],
    }[step]()
    ledger.append(submission)
"""


def killed(url, step, submission, folder):
    """Let another process append a submission, and be killed at a step."""
    file = folder / "said"
    file.write_bytes(submission.as_line())
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", DIES, url, step, file],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


STEPS = {
    "before it is written down": False,
    "before it is sent": False,
    "before it is committed": True,
    "before it is forgotten": True,
}


@pytest.mark.parametrize(("step", "is_there"), STEPS.items())
def test_what_a_writer_killed_at_a_step_said_is_there_whole_or_not_at_all(
    url, tmp_path, step, is_there
):
    with found(url) as ledger:
        submission, size = visit(ledger, note=NOTE), ledger.head().size
    killed(url, step, submission, tmp_path)
    with Ledger.open(url, clock=Clock()) as ledger:
        assert ledger.head().size == size + is_there
        recorded = ledger.append(submission)
        assert (recorded.position, recorded.again) == (size + 1, is_there)
        assert [text for _, text in ledger.store.vault.get(recorded.event).values()] == [NOTE]
        assert ledger.store._unsettled.read() is None
        assert ledger.store.log.size() == size + 1
        assert ledger.store.misfiled() == list(ledger.store.damage()) == []


def test_what_a_killed_writer_left_is_not_there_for_who_only_reads_and_check_says_so(
    file_url, tmp_path
):
    with found(file_url) as ledger:
        submission, size = visit(ledger, note=NOTE), ledger.head().size
    killed(file_url, "before it is committed", submission, tmp_path)
    with Ledger.open(file_url, read_only=True, clock=Clock()) as ledger:
        assert ledger.head().size == size
        assert len(list(ledger.entries())) == size
        assert list(ledger.store.damage()) == [
            "the server holds 1 entries that the next to write takes in"
        ]


def test_what_whoever_opens_the_ledger_takes_in_is_logged_for_those_who_only_read(
    file_url, tmp_path
):
    with found(file_url) as ledger:
        submission, size = visit(ledger, note=NOTE), ledger.head().size
    killed(file_url, "before it is committed", submission, tmp_path)
    open_store(file_url).close()
    with Ledger.open(file_url, read_only=True, clock=Clock()) as ledger:
        assert ledger.head().size == size + 1
        assert check(ledger) == []


def test_a_request_that_arrives_after_its_writer_was_killed_is_taken_in_with_its_text(
    file_url,
):
    with found(file_url) as ledger:
        submission, late = late_request(ledger)
        ledger.store._server.append(*late)
        recorded = ledger.append(submission)
        assert recorded.again
        assert [text for _, text in ledger.store.vault.get(recorded.event).values()] == [NOTE]


def test_a_request_that_arrives_after_something_else_was_recorded_changes_nothing(
    file_url,
):
    with found(file_url) as ledger:
        submission, late = late_request(ledger)
        assert ledger.store._unsettled.read().texts
        offer(ledger)
        assert ledger.store._unsettled.read() is None
        with pytest.raises(LostError, match="something else was recorded"):
            ledger.store._server.append(*late)
        recorded = ledger.append(submission)
        assert (recorded.position, recorded.again) == (late[1] + 2, False)


def test_a_request_that_arrives_just_before_that_of_another_has_its_text_too(file_url, monkeypatch):
    with found(file_url) as ledger:
        submission, late = late_request(ledger)
        append, times = Server.append, []

        def overtaken(self, events, after):
            times.append(1)
            if len(times) == 1:
                append(self, *late)
            append(self, events, after)

        monkeypatch.setattr(Server, "append", overtaken)
        other = ledger.append(visit(ledger, note="Another."))
        assert (len(times), other.position) == (2, late[1] + 2)
        recorded = ledger.append(submission)
        assert (recorded.again, recorded.position) == (True, late[1] + 1)
        assert [text for _, text in ledger.store.vault.get(recorded.event).values()] == [NOTE]
        assert check(ledger) == []


def late_request(ledger):
    """Return a submission, and what its writer sent when it was killed, which is on its way."""
    submission, sent = visit(ledger, note=NOTE), []
    store = ledger.store

    class KilledError(BaseException):
        pass

    def killed(events, after):
        sent.append((list(events), after))
        raise KilledError

    store._server.append = killed
    with pytest.raises(KilledError):
        ledger.append(submission)
    del store._server.append
    assert store.vault.get(admit(submission).id) == {}
    return submission, sent[0]


def test_what_another_writes_down_just_before_one_forgets_its_own_is_kept(url):
    with found(url) as ledger, Ledger.open(url, clock=Clock()) as other:
        first, second = visit(ledger, note="First."), visit(ledger, note=NOTE)
        unsettled, read = ledger.store._unsettled, ledger.store._unsettled.read
        killed = []

        def overtaken():
            sent = read()
            if sent is not None and not killed:
                killed.append(sent)
                killed_once_sent(other, second)
            return sent

        unsettled.read = overtaken
        ledger.append(first)
        assert len(killed) == 1
        recorded = ledger.append(second)
        assert recorded.again
        assert [text for _, text in ledger.store.vault.get(recorded.event).values()] == [NOTE]
        assert read() is None
        assert check(ledger) == []


def killed_once_sent(ledger, submission):
    """Let a ledger send a submission, and be killed before its side has taken note of it."""
    append = ledger.store._server.append

    class KilledError(BaseException):
        pass

    def killed(events, after):
        append(events, after)
        raise KilledError

    ledger.store._server.append = killed
    with pytest.raises(KilledError):
        ledger.append(submission)
    del ledger.store._server.append


def test_who_is_killed_while_erasing_is_done_with_it_by_whoever_opens_the_ledger_next(
    url, tmp_path
):
    with found(url) as ledger:
        event = ledger.append(visit(ledger, note=NOTE)).event
        said = {"event": f"event:{event}", "pointer": "/data/note"}
        said |= {"authority": "court", "reason": "ordered"}
        draft = ledger.draft("DetailErased", said, By(Head(0).person, REGISTRAR), DAY)
        submission = sign(draft, Head(0).signer)
    killed(url, "before it is committed", submission, tmp_path)
    with Ledger.open(url, clock=Clock()) as ledger:
        assert ledger.store.vault.get(event) == {}
        assert ledger.append(submission).again


def test_an_answer_that_is_lost_is_found_by_its_id(file_url, monkeypatch):
    with found(file_url) as ledger:
        submission = visit(ledger, note=NOTE)
        append, times = Server.append, []

        def unheard(self, events, after):
            append(self, events, after)
            times.append(1)
            if len(times) == 1:
                raise LostError("the connection broke before the answer came")

        monkeypatch.setattr(Server, "append", unheard)
        recorded = ledger.append(submission)
        assert (len(times), recorded.again) == (1, True)
        assert [text for _, text in ledger.store.vault.get(recorded.event).values()] == [NOTE]


def test_what_is_written_past_the_ledger_is_taken_in_and_found(file_url):
    with found(file_url) as ledger:
        submission, size = visit(ledger), ledger.head().size
        entry = ledger.raw(size)
        ledger.store._server._recorder.append([DCBEvent("Appointed", entry, ["event:none"])])
        assert ledger.append(submission).position == size + 2
        assert ledger.store.misfiled() == [size + 1]
    with Ledger.open(file_url, read_only=True, clock=Clock()) as ledger:
        assert {finding.position for finding in check(ledger)} >= {size + 1}


def test_a_stub_that_names_another_event_than_its_entry_is_found(file_url, tmp_path):
    found(file_url).close()
    with sqlite3.connect(tmp_path / "side.db") as side:
        side.execute("UPDATE events SET tags = '[]' WHERE position = 5")
    side.close()
    with Ledger.open(file_url, read_only=True, clock=Clock()) as ledger:
        assert ledger.store.misfiled() == [5]
        assert 5 in {finding.position for finding in check(ledger)}


def test_a_server_that_was_restarted_is_found_again(server, file_url):
    with found(file_url) as ledger:
        size = ledger.head().size
        server.stop()
        server.start()
        assert len(list(ledger.entries())) == size
        assert ledger.find(offer(ledger)).position == size + 1


def test_a_server_that_stays_away_is_an_error_that_says_so(server, file_url, monkeypatch):
    monkeypatch.setattr("ledger.recording.writing._PAUSES", (0.0, 0.0))
    with found(file_url) as ledger:
        submission = visit(ledger)
        server.stop()
        with pytest.raises(StoreError, match=r"UmaDB server at http://127\.0\.0\.1:\d+ does not"):
            ledger.append(submission)
    with pytest.raises(StoreError, match="what was recorded already is not recorded twice"):
        open_store(file_url)


def test_a_server_restored_from_an_older_copy_is_not_written_to(file_url, tmp_path):
    found(file_url).close()
    other = engines.umadb(Path(tmp_path / "older"))
    moved = other.url(str(tmp_path / "side.db"))
    with open_store(file_url) as store:
        first = next(iter(store.recorder.read(limit=1))).event
    Server(f"http://{other.address}").append([first], 0)
    with pytest.raises(StoreError, match="the server has lost entries: got 1 entries"):
        open_store(moved)
    with open_store(moved, read_only=True) as store:
        assert next(store.damage()).startswith("the server holds 1 entries, of ")


def test_a_side_of_its_own_or_of_another_ledger_is_refused(server, file_url, tmp_path):
    found(file_url).close()
    found(tmp_path / "alone.db").close()
    with pytest.raises(StoreError, match="the side named is a ledger by itself"):
        open_store(server.url(str(tmp_path / "alone.db")))
    for opening in (open_store, Ledger.open):
        with pytest.raises(StoreError, match="this is the side of a ledger whose entries lie on"):
            opening(str(tmp_path / "side.db"))
    with pytest.raises(StoreError, match="entries whose texts are kept elsewhere"):
        open_store(server.url(str(tmp_path / "new.db")), create=True)
    other = engines.umadb(Path(tmp_path / "other"))
    found(other.url(str(tmp_path / "others.db"))).close()
    with pytest.raises(StoreError, match="of two ledgers"):
        open_store(server.url(str(tmp_path / "others.db")))
    with pytest.raises(StoreError, match=r"no ledger at .*absent\.db"):
        open_store(server.url(str(tmp_path / "absent.db")))


URLS = {
    "umadb://host": "keeps its texts and its log in another database",
    "umadb://host?side=": "keeps its texts and its log in another database",
    "umadb://host?side=umadb://host?side=a.db": "keeps its texts and its log in another database",
    "umadb://?side=a.db": "the ledger's URL cannot be read",
    "umadb://host:port?side=a.db": "the ledger's URL cannot be read",
    "umadb://me:secret@host?side=a.db": "without a user or a password",
    "umadb://host/path?side=a.db": "the ledger's URL cannot be read",
    "umadb://127.0.0.1:1?side=a.db": r"the UmaDB server at http://127\.0\.0\.1:1 does not answer",
}


@pytest.mark.parametrize(("wrong", "said"), URLS.items())
def test_a_url_that_names_nothing_says_what_it_should_be(wrong, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match=said) as caught:
        open_store(wrong, create=True)
    assert "secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_driver_is_loaded_in_any_thread_and_leaves_ctrl_c_alone(file_url):
    script = (
        "import signal, sys, threading; from ledger.store import open_store\n"
        "before = signal.getsignal(signal.SIGINT)\n"
        "t = threading.Thread(target=lambda: print(open_store(sys.argv[1], create=True).head()))\n"
        "t.start(); t.join(); print(signal.getsignal(signal.SIGINT) is before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, file_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("0\nTrue\n", "")


def test_more_than_the_server_takes_at_once_travels_in_parts(file_url):
    events = [DCBEvent("T", b"x" * 60_000, [f"event:{n}"]) for n in range(150)]
    with open_store(file_url, create=True) as store:
        with store.writing():
            store.append_entries(events, [str(n) for n in range(150)])
        assert [position for position, _ in store.entries()] == list(range(1, 151))


def test_threads_of_one_process_take_turns(file_url):
    with open_store(file_url, create=True) as store:

        def append():
            for _ in range(5):
                store.recorder.append([DCBEvent("T", b"")])

        threads = [threading.Thread(target=append) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert [position for position, _ in store.entries()] == list(range(1, 21))


def test_erased_text_is_in_no_file_of_the_server_or_the_side(server, file_url, tmp_path):
    with found(file_url) as ledger:
        recorded = ledger.append(visit(ledger, note=NOTE))
        assert ledger.store.vault.erase(recorded.event, "/data/note")
        assert ledger.store.vault.get(recorded.event) == {}
    assert not any((tmp_path / f"side.db{SUFFIX}").read_bytes())
    server.stop()
    for file in tmp_path.iterdir():
        assert NOTE.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(("note", "waited"), [(None, 0), (NOTE, 1)])
def test_the_side_waits_for_its_disk_only_where_it_holds_what_the_server_does_not(
    file_url, note, waited
):
    with found(file_url) as ledger:
        side, times = ledger.store._side._database, []
        real = side.sync_after_commit
        side.sync_after_commit = lambda: (times.append(1), real())
        ledger.append(visit(ledger, note=note))
        assert len(times) == waited


def test_what_a_power_cut_takes_back_from_the_side_is_taken_in_again(file_url, tmp_path):
    with found(file_url) as ledger:
        before = {file: file.read_bytes() for file in tmp_path.glob("side.db*")}
        submissions = [visit(ledger), visit(ledger)]
        head = [ledger.append(one) for one in submissions][-1]
    for file in tmp_path.glob("side.db*"):
        file.unlink()
    for file, content in before.items():
        if not file.name.endswith("-shm"):
            file.write_bytes(content)
    with Ledger.open(file_url, clock=Clock()) as ledger:
        assert ledger.head() == (head.size, head.root)
        assert all(ledger.append(one).again for one in submissions)
        assert check(ledger) == []


def test_what_was_written_down_only_in_part_is_nothing(tmp_path):
    one = UnsettledFile(str(tmp_path / "side.db"))
    sent = Sent(7, [("e", "/data/note", b"s" * 32, "text")])
    one.put(sent)
    file = tmp_path / f"side.db{SUFFIX}"
    whole = file.read_bytes()
    assert one.read() == sent
    for length in (0, 20, 39, 41, len(whole.rstrip(bytes(1))) - 1):
        file.write_bytes(whole[:length].ljust(len(whole), bytes(1)))
        assert one.read() is None, length


def test_what_is_settled_is_written_over_in_its_place_and_nothing_else_is(tmp_path):
    one, file = UnsettledFile(str(tmp_path / "side.db")), tmp_path / f"side.db{SUFFIX}"
    long, short = (Sent(7, [("e", "/data/note", b"s" * 32, text)]) for text in ("x" * 5000, "y"))
    one.put(long)
    first = file.stat().st_ino
    one.clear()
    assert not any(file.read_bytes())
    one.put(short)
    assert (one.read(), file.stat().st_ino) == (short, first)
    assert b"xx" not in file.read_bytes()
    one.put(long)
    assert one.read() == long
    assert file.stat().st_ino != first
    assert file.stat().st_mode & 0o77 == 0
