"""Admission shared out among processes: the same record, in order, and nothing left running."""

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from recording import ROOT, found, visit

from ledger.errors import StoreError
from ledger.recording import bulk
from ledger.recording.application import Ledger, Recorded
from ledger.recording.bulk import admitting


@pytest.fixture
def ledger(tmp_path):
    with found(tmp_path / "a.db") as ledger:
        yield ledger


def lines_for(ledger, count):
    return [visit(ledger, note=f"Note {n}.").as_line() for n in range(count)]


def no_children():
    return not multiprocessing.active_children()


@pytest.mark.sweep
def test_record_is_the_same_as_by_one_process(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr("ledger.recording.application.CHUNK", 30)
    monkeypatch.setattr(bulk, "_PIECE", 7)
    ledger.store._database._main.execute(f"VACUUM INTO '{tmp_path / 'b.db'}'")
    lines = lines_for(ledger, 200)
    lines[57:57] = [b"not a line", lines[3]]
    with admitting(2) as admit_chunks:
        shared = list(ledger.append_many(lines, admit_chunks))
    assert no_children()
    with Ledger.open(str(tmp_path / "b.db"), clock=ledger.clock) as other:
        alone = list(other.append_many(lines))
        assert other.head() == ledger.head()
    assert [type(each) for each in shared] == [type(each) for each in alone]
    assert [each.position for each in shared if isinstance(each, Recorded)] == [
        each.position for each in alone if isinstance(each, Recorded)
    ]


def test_no_processes_for_few_lines(ledger):
    with admitting(0) as admit_chunks:
        outcomes = list(ledger.append_many(lines_for(ledger, 3), admit_chunks))
        assert no_children()
    assert all(isinstance(each, Recorded) for each in outcomes)


def test_reads_only_as_far_ahead_as_is_worth_it():
    read = []

    def chunks():
        for number in range(50):
            read.append(number)
            yield [b"not a line"]

    with admitting(1) as admit_chunks:
        next(iter(admit_chunks(chunks())))
    assert len(read) <= bulk._AHEAD + 1


def test_failing_reader_ends_the_processes(ledger):
    def lines():
        yield from lines_for(ledger, 10)
        raise OSError("the file ends in the middle")

    with pytest.raises(OSError, match="in the middle"), admitting(1) as admit_chunks:
        list(ledger.append_many(lines(), admit_chunks))
    assert no_children()


def interrupted():
    yield [b"not a line"]
    raise KeyboardInterrupt


def test_interrupt_ends_the_processes():
    with pytest.raises(KeyboardInterrupt), admitting(1) as admit_chunks:
        list(admit_chunks(interrupted()))
    assert no_children()


def test_ended_process_is_a_clear_error(ledger):
    lines = lines_for(ledger, 5)
    with admitting(1) as admit_chunks:
        assert all(isinstance(each, Recorded) for each in ledger.append_many(lines, admit_chunks))
        (child,) = multiprocessing.active_children()
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        with pytest.raises(StoreError, match="Run it again: repeating is safe"):
            list(ledger.append_many(lines, admit_chunks))
    assert all(each.again for each in ledger.append_many(lines))


def test_collector_is_as_before():
    before = gc.get_threshold()
    with admitting(1):
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before


ORPHANS = """
import multiprocessing, os, signal
from ledger.recording.bulk import admitting

if __name__ == "__main__":
    with admitting(1) as admit_chunks:
        next(iter(admit_chunks([[b"not a line"]])))
        (child,) = multiprocessing.active_children()
        print(child.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.sweep
def test_processes_end_with_the_one_that_decides(tmp_path):
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    done = subprocess.run(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 60
    while is_running(int(done.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
