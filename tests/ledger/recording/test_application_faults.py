"""An acknowledged event is never lost, whichever system call of its writer fails or is its last.

A writer opens a ledger that another left without closing, appends statements one by one, prints
what is acknowledged, says once more what failed, and closes. Each time another of its system calls
on files goes wrong: it is killed there, or the call, or each such call from there on, answers that
the disk failed or is full. What this cannot show is a power cut, which also takes what was written
and not yet flushed; that everything is flushed before it is acknowledged has a test of its own.

By default every 23rd write is tried as one that fails. With `-m sweep` every call is, and as the
last before it is killed.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from recording import ONE, ROOT, TWO, Clock, found, visit

from ledger.audit.check import check
from ledger.format.entry import parse_submission
from ledger.recording.application import Ledger

LONG = [pytest.mark.sweep, pytest.mark.long]
EVERY = [pytest.param(23, id="sample"), pytest.param(1, id="all", marks=LONG)]
KILLED = -9
SENTENCE = re.compile(
    r"failed (the disk did not do what was asked of it|the disk is full"
    r"|the ledger's file is damaged|the ledger's file cannot be opened): .*\. [A-Z].*\."
)
WRITING = ("pwrite64", "fdatasync", "fsync", "ftruncate")

#: Starts writers, each a copy of itself that has everything imported and waits to be told to go.
NURSERY = """
import ctypes, os, sys, traceback
from recording import *
from ledger.format.entry import parse_submission
from ledger.errors import StoreError
from ledger.store.sqlite import database

ANYBODY_MAY_TRACE = (0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)


def heard():
    line = b""
    while not line.endswith(b"\\n"):
        got = os.read(0, 1)
        if not got:
            os._exit(0)
        line += got
    return line.decode().strip()


def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())


def append(ledger, submission):
    try:
        recorded = ledger.append(submission)
        say("again" if recorded.again else "recorded", recorded.event, recorded.position)
    except StoreError as error:
        say("failed", error)
        return False
    return True


def write(path, pages, lines):
    database._CHECKPOINT = int(pages)
    with Ledger.open(path, clock=Clock()) as ledger:
        for line in lines:
            submission = parse_submission(line)
            append(ledger, submission) or append(ledger, submission)


def live(path, pages, lines):
    try:
        write(path, pages, lines)
    except StoreError as error:
        say("failed", error)
    say("closed")


with open(sys.argv[1], "rb") as file:
    lines = file.read().splitlines()
ctypes.CDLL(None).prctl(*ANYBODY_MAY_TRACE)
while True:
    pages, path = heard().split(" ", 1)
    child = os.fork()
    if not child:
        try:
            say(os.getpid())
            heard()
            live(path, pages, lines)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    say("ended", os.waitstatus_to_exitcode(status))
"""


class Life(NamedTuple):
    """What a writer said, with which code it ended, and its system calls, by name, in order."""

    said: list[str]
    code: int
    calls: list[str]

    @property
    def acknowledged(self):
        words = [line.split() for line in self.said]
        return [word[1] for word in words if word[0] in {"recorded", "again"}]


class Writers:
    """Writers in processes of their own, each on a copy of one ledger, under strace."""

    def __init__(self, template, lines, folder):
        self._template = template
        self._folder = folder
        self._errors = folder / "errors"
        self._numbers = itertools.count()
        with self._errors.open("w") as errors:
            self._nursery = subprocess.Popen(
                [sys.executable, "-W", "error", "-c", NURSERY, lines],
                env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def live(self, pages, *options):
        """Let a writer live under strace with some options; return its ledger and its life.

        Whenever the write-ahead log is so many pages long, it is moved into the database.
        """
        folder = self._folder / str(next(self._numbers))
        shutil.copytree(self._template, folder)
        path = folder / "a.db"
        self._tell(f"{pages} {path}")
        pid = self._hear()
        trace = folder / "trace"
        with subprocess.Popen(
            ["strace", "-f", "-p", pid, "-o", trace, *options],
            stderr=subprocess.PIPE,
            text=True,
        ) as strace:
            attached = strace.stderr.readline()
            self._tell("go")
            said = []
            while not (line := self._hear()).startswith("ended"):
                said.append(line)
            strace.communicate(timeout=60)
        if "attached" not in attached:
            pytest.skip(f"strace may not look into other processes here: {attached.strip()}")
        assert self._errors.read_text() == ""
        calls = [call.split()[1].partition("(")[0] for call in trace.read_text().splitlines()]
        return path, Life(said, int(line.split()[1]), calls)

    def _tell(self, line):
        self._nursery.stdin.write(line + "\n")
        self._nursery.stdin.flush()

    def _hear(self):
        return self._nursery.stdout.readline().strip()

    def close(self):
        self._nursery.stdin.close()
        self._nursery.wait(timeout=60)
        self._nursery.stdout.close()


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """A ledger as a writer left it that ended without closing it: its last entry is in the log."""
    place, folder = tmp_path_factory.mktemp("place"), tmp_path_factory.mktemp("left")
    found(place / "a.db").close()
    with Ledger.open(str(place / "a.db"), clock=Clock()) as ledger:
        ledger.append(visit(ledger, note="Before."))
        for name in ("a.db", "a.db-wal"):
            shutil.copy(place / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def lines(left, tmp_path_factory):
    """Two statements to be appended to it, always the same."""
    folder = tmp_path_factory.mktemp("lines")
    shutil.copytree(left, folder, dirs_exist_ok=True)
    with Ledger.open(str(folder / "a.db"), clock=Clock()) as ledger:
        made = [visit(ledger, ONE, TWO, note=f"Visit {number}.") for number in range(2)]
    file = folder / "lines"
    file.write_bytes(b"\n".join(submission.as_line() for submission in made))
    return file


@pytest.fixture(scope="module")
def writers(left, lines, tmp_path_factory):
    if shutil.which("strace") is None:
        pytest.skip("strace, which makes system calls fail, is not on this machine")
    writers = Writers(left, lines, tmp_path_factory.mktemp("lives"))
    yield writers
    writers.close()


@pytest.fixture(scope="module", params=[16_000, 1], ids=["at_the_end", "at_each_append"])
def pages(request):
    return request.param


@pytest.fixture(scope="module")
def usual(writers, pages):
    """A life in which nothing goes wrong."""
    _, life = writers.live(pages, "-e", f"trace={','.join(WRITING)},pread64,write")
    assert [line.split()[0] for line in life.said] == ["recorded", "recorded", "closed"]
    return life


def places(life, names):
    """Return the calls of these names that a life made: each with its number among its equals."""
    numbers = Counter()
    for name in life.calls:
        if name in names:
            numbers[name] += 1
            yield name, numbers[name]


@contextmanager
def naming(fault):
    """Say which fault it was if something does not hold."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"strace -e {fault}")
        raise


def assert_nothing_is_lost(path, life, lines):
    """Check that the ledger holds what was acknowledged and nothing half, and goes on."""
    submissions = [parse_submission(line) for line in lines.read_bytes().splitlines()]
    with Ledger.open(str(path), clock=Clock()) as ledger:
        assert check(ledger) == []
        recorded = [entry.id for entry in ledger.entries()]
        assert [event for event in recorded if event in life.acknowledged] == life.acknowledged
        assert set(ledger.store.vault.events()) <= set(recorded)
        outcomes = [ledger.append(submission) for submission in submissions]
        assert [one.again for one in outcomes] == [one.event in recorded for one in outcomes]
        new = sum(not one.again for one in outcomes)
        assert ledger.append(visit(ledger)).position == len(recorded) + new + 1
        assert check(ledger) == []
    shutil.rmtree(path.parent)


def test_what_is_acknowledged_was_flushed_before(usual):
    acknowledging = [number for number, name in enumerate(usual.calls) if name == "write"][:2]
    for number in acknowledging:
        written = [name for name in usual.calls[:number] if name in WRITING]
        assert written[-1] == "fdatasync"


@pytest.mark.sweep
def test_a_writer_killed_at_any_call_loses_nothing_acknowledged(writers, usual, lines, pages):
    for name, number in places(usual, {*WRITING, "write"}):
        fault = f"inject={name}:signal=KILL:when={number}"
        with naming(fault):
            path, life = writers.live(pages, "-e", f"trace={name}", "-e", fault)
            assert life.code == KILLED
            assert_nothing_is_lost(path, life, lines)


@pytest.fixture
def assert_failing_once_is_a_sentence(writers, lines, pages):
    """Check that a call that fails once is told, and that what failed can be said again."""

    def assert_it(name, number, error):
        fault = f"inject={name}:error={error}:when={number}"
        with naming(fault):
            path, life = writers.live(pages, "-e", f"trace={name}", "-e", fault)
            assert life.code == 0
            failed = [line for line in life.said if line.startswith("failed")]
            assert len(failed) <= 1
            assert all(SENTENCE.fullmatch(line) for line in failed)
            could_open = len(life.said) > 2
            assert len(life.acknowledged) == (2 if could_open else 0)
            assert_nothing_is_lost(path, life, lines)

    return assert_it


@pytest.mark.sampled(4)
@pytest.mark.parametrize("stride", EVERY)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_write_that_fails_once_is_a_sentence_and_loses_nothing(
    usual, assert_failing_once_is_a_sentence, error, stride
):
    for name, number in list(places(usual, WRITING))[::stride]:
        assert_failing_once_is_a_sentence(name, number, error)


@pytest.mark.sweep
def test_a_read_that_fails_once_is_a_sentence_and_loses_nothing(
    usual, assert_failing_once_is_a_sentence
):
    for name, number in places(usual, {"pread64"}):
        assert_failing_once_is_a_sentence(name, number, "EIO")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("stride", EVERY)
@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_disk_that_stays_bad_is_a_sentence_each_time_and_loses_nothing(  # noqa: PLR0913, PLR0917
    writers, usual, lines, pages, error, stride
):
    for name, number in list(places(usual, WRITING))[::stride]:
        fault = f"inject={name}:error={error}:when={number}+"
        with naming(fault):
            path, life = writers.live(pages, "-e", f"trace={name}", "-e", fault)
            assert life.code == 0
            assert life.said[-1] == "closed"
            failed = [line for line in life.said if line.startswith("failed")]
            assert all(SENTENCE.fullmatch(line) for line in failed)
            assert_nothing_is_lost(path, life, lines)
