"""Several writers on one engine: clocks that differ, one that erases, one that dies at any step."""

import itertools
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from recording import DAY, NOW, REGISTRAR, ROOT, Clock, Head, found, visit

from ledger.audit.check import check
from ledger.recording.application import Ledger

WHY = {"authority": "court", "reason": "ordered"}
NOTE = "Zebra crossing, left unsaid"


def texts(ledger, event):
    return [text for _, text in ledger.store.vault.get(event).values()]


def test_writers_whose_clocks_differ_by_a_minute_are_all_recorded_and_time_never_goes_back(url):
    late, early = Clock(NOW + timedelta(minutes=1)), Clock(NOW)
    with found(url) as one, Ledger.open(url, clock=late) as other:
        size = one.head().size
        one.clock = early
        for number in range(6):
            early.now += timedelta(seconds=20)
            late.now += timedelta(seconds=20)
            ledger = (one, other)[number % 2]
            assert ledger.append(visit(ledger, time=f"{ledger.clock():%FT%TZ}")).position == (
                size + number + 1
            )
        times = [entry.recorded_at for entry in one.entries()]
        assert all(earlier <= later for earlier, later in itertools.pairwise(times))
        assert times[-1] == f"{NOW + timedelta(minutes=3):%FT%TZ}"
        assert check(one) == []


def test_what_one_writer_erases_is_gone_for_another_that_has_the_ledger_open(url):
    with found(url) as one, Ledger.open(url, clock=Clock()) as other:
        event = one.append(visit(one, note=NOTE)).event
        assert texts(other, event) == [NOTE]
        said = {"event": f"event:{event}", "pointer": "/data/note", **WHY}
        other.say("DetailErased", said, Head(0).signer, REGISTRAR, DAY)
        assert texts(one, event) == []
        assert check(one) == []


DIES = """
import os, signal, sys
from recording import *
from ledger.format.entry import parse_submission

path, *steps = sys.argv[1:]
lines = sys.stdin.buffer.read().splitlines()

def dies(owner, name, after):
    real = getattr(owner, name)
    def dying(*arguments, **options):
        if after:
            real(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, dying)

def die_at(ledger, step):
    store = ledger.store
    when, _, what = step.partition(" ")
    owner, name = {
        "the-texts": (store.vault, "put"),
        "the-entries": (store, "append_entries"),
        "the-log": (ledger.record.tree, "append"),
        "the-answer": (ledger._writer, "_decide_chunk"),
        "the-call": (store, "append_judged"),
    }[what]
    store.takes_judged = what == "the-call"
    dies(owner, name, when == "after")

for step, line in zip(steps, lines, strict=True):
    child = os.fork()
    if not child:
        ledger = Ledger.open(path, clock=Clock())
        die_at(ledger, step)
        ledger.append(parse_submission(line))
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL, step
"""

STEPS = {
    "before the-texts": False,
    "after the-texts": False,
    "after the-entries": False,
    "after the-log": False,
    "after the-answer": True,
}


CALLS = {"before the-call": False, "after the-call": True}
"""Steps where one statement is judged while others record, and appended by one call."""


def test_a_writer_that_dies_at_any_step_has_recorded_all_or_nothing(engine, url):
    if engine == "sqlite":
        pytest.skip("test_application_faults tries each of its system calls")
    steps = STEPS | (CALLS if engine == "postgresql" else {})
    with found(url) as ledger:
        submissions = [visit(ledger, note=f"{NOTE} {number}") for number in range(len(steps))]
    done = subprocess.run(
        [sys.executable, "-c", DIES, url, *steps],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        input=b"\n".join(submission.as_line() for submission in submissions),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    with Ledger.open(url, clock=Clock()) as ledger:
        for number, (submission, was_heard) in enumerate(
            zip(submissions, steps.values(), strict=True)
        ):
            recorded = ledger.append(submission)
            assert recorded.again == was_heard
            assert texts(ledger, recorded.event) == [f"{NOTE} {number}"]
        assert check(ledger) == []
