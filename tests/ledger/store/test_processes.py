"""Several processes on one file: none is turned away, none loses anything, some are killed."""

import json
import os
import signal
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

import ledger
from ledger.log.merkle import leaf_hash
from ledger.store import open_store

ROOT = Path(ledger.__file__).parents[1]

COMMON = """
import json, sys
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError
from ledger.log.merkle import Tree, leaf_hash
from ledger.store import open_store

def say(value):
    print(json.dumps(value), flush=True)

url, me = sys.argv[1:]
say("ready")
sys.stdin.readline()
"""


@pytest.fixture
def start(url):
    """Start a process that runs a script, told the ledger's path and its own name."""
    started = []

    def start(script, name=""):
        process = subprocess.Popen(
            [sys.executable, "-c", COMMON + script, url, str(name)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def run_at_once(processes):
    """Let processes go together when all are ready, and return what each said."""
    for process in processes:
        assert json.loads(process.stdout.readline()) == "ready"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = []
    for process in processes:
        out, errors = process.communicate(timeout=60)
        assert errors == ""
        said.append([json.loads(line) for line in out.splitlines()])
    return said


RACE = """
with open_store(url) as store:
    for seat in range(12):
        query = DCBQuery([DCBQueryItem(["Taken", "Given"], [f"seat:{seat}"])])
        taken = DCBEvent("Taken", me.encode(), [f"seat:{seat}", f"by:{me}"])
        try:
            say(["seat", seat, store.recorder.append([taken], DCBAppendCondition(query))])
        except IntegrityError:
            pass
        with store.writing():
            rest = 40 - sum(int(data) for _, data in store.by_tag("quota", ["Spent"]))
            if rest:
                store.recorder.append([DCBEvent("Spent", b"1", ["quota"])])
"""


def test_sixteen_processes_racing_take_each_seat_once_and_spend_no_more_than_there_is(start, url):
    open_store(url, create=True).close()
    said = list(chain.from_iterable(run_at_once([start(RACE, name) for name in range(16)])))
    assert sorted(seat for _, seat, _ in said) == list(range(12))
    with open_store(url) as store:
        assert len(store.by_tag("quota", ["Spent"])) == 40
        assert [position for position, _ in store.entries()] == list(range(1, 53))
        for _, seat, position in said:
            assert [found for found, _ in store.by_tag(f"seat:{seat}")] == [position]


CREATE = """
with open_store(url, create=True) as store:
    say(store.recorder.append([DCBEvent("T", me.encode())]))
"""


def test_eight_processes_create_one_ledger_at_once(start, url):
    said = run_at_once([start(CREATE, number) for number in range(8)])
    assert sorted(position for (position,) in said) == list(range(1, 9))
    with open_store(url) as store:
        assert sorted(data for _, data in store.entries()) == [b"%d" % n for n in range(8)]


APPEND = """
with open_store(url) as store:
    for number in range(40):
        store.recorder.append([DCBEvent(me, str(number).encode()), DCBEvent("Other", b"")])
"""


def test_a_subscription_misses_nothing_that_other_processes_append(start, url):
    wanted = DCBQuery([DCBQueryItem(["one", "two"], [])])
    with open_store(url, create=True) as store:
        with store.recorder.subscribe(wanted) as events:
            processes = [start(APPEND, name) for name in ("one", "two")]
            assert run_at_once(processes) == [[], []]
            found = [next(events) for _ in range(80)]
        assert found == list(store.recorder.read(wanted))
    for name in ("one", "two"):
        mine = [int(one.event.data) for one in found if one.event.type == name]
        assert mine == list(range(40))


WRITE = """
with open_store(url) as store:
    while True:
        with store.writing():
            first = store.head() + 1
            many = range(first, first + 3)
            store.vault.put((f"{n}", "/data/note", str(n).encode(), "text") for n in many)
            events = [DCBEvent("T", b"x" * 2000, [f"event:{n}", "all"]) for n in many]
            store.append_entries(events, [str(n) for n in many])
            Tree(store.log).append([leaf_hash(event.data) for event in events])
        say(many[-1])
"""


def test_what_a_killed_process_had_acknowledged_is_there_and_nothing_is_half(start, url):
    open_store(url, create=True).close()
    for kill in range(5):
        process = start(WRITE)
        process.stdout.readline()
        process.stdin.write("go\n")
        process.stdin.flush()
        for _ in range(10 + 7 * kill):
            acknowledged = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        # Read on: it may have acknowledged more before it died.
        for line in process.communicate()[0].splitlines():
            acknowledged = json.loads(line)
        with open_store(url) as store:
            head = store.head()
            assert head >= acknowledged
            assert head % 3 == 0
            everything = list(range(1, head + 1))
            assert [position for position, _ in store.entries()] == everything
            assert [position for position, _ in store.by_tag("all", ["T"])] == everything
            assert list(store.vault.events()) == sorted(str(n) for n in everything)
            assert list(store.log.leaves(0, head + 9)) == [leaf_hash(b"x" * 2000)] * head
            assert store.misfiled() == []


def test_a_ledger_left_by_a_killed_process_opens_for_reading(start, url):
    open_store(url, create=True).close()
    process = start(WRITE)
    process.stdout.readline()
    process.stdin.write("go\n")
    process.stdin.flush()
    process.stdout.readline()
    process.kill()
    process.communicate()
    with open_store(url, read_only=True) as store:
        assert store.head() >= 3
