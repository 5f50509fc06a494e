"""Killed at any system call while it erases or founds: done or not done, and it can be done again.

What is erased is in no file once the ledger was opened and closed again, if it was recorded that
it is; and a ledger is founded whole, with the key of its log beside it, or not at all.

By default every thirteenth call is the last; with `-m sweep` each is.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from recording import ROOT, Clock, Head, found, visit

from cli.main import main
from cli.terminal.session import Session
from ledger import keys
from ledger.audit.check import check
from ledger.recording.application import Ledger

KILLED = -9
CALLS = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,unlinkat,link,linkat,rename,openat,close"
SECRET = "Zebra crossing, left unsaid"  # noqa: S105 - what is erased
REGISTRAR = Head(0)

#: Starts one process after another, each with everything imported, that waits to be told to go.
NURSERY = """
import ctypes, os, sys, traceback
from datetime import UTC, datetime
from recording import *
from cli.main import main
from cli.terminal.session import Session
import ledger.audit.check, ledger.transparency.last_signed, ledger.transparency.proofs
import projections.tables.views
import cli.keep.init, cli.record.drafting
import cli.terminal.asking, cli.terminal.settings, cli.terminal.streams, cli.terminal.table
import cryptography.hazmat.primitives.serialization

ANYBODY_MAY_TRACE = (0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
REGISTRAR_0 = Head(0)


def heard():
    return sys.stdin.buffer.raw.readline().decode().strip()


def erase(folder, event):
    with Ledger.open(folder + "/a.db", clock=Clock()) as ledger:
        said = {"event": "event:" + event, "pointer": "/data/note"}
        said |= {"authority": "court", "reason": "ordered"}
        ledger.say("DetailErased", said, REGISTRAR_0.signer, REGISTRAR, DAY)


def init(folder, _):
    os.chdir(folder)
    given = ["init", "--origin", ORIGIN, "--title", "Northwick", "--key", "registrar.key"]
    main.main(given, standalone_mode=False, obj=Session(Clock()))


ctypes.CDLL(None).prctl(*ANYBODY_MAY_TRACE)
while line := heard():
    task, folder, event = line.split(" ")
    child = os.fork()
    if not child:
        try:
            os.write(1, f"{os.getpid()}\\n".encode())
            heard()
            with open(os.devnull, "w") as nothing:
                sys.stdout = sys.stderr = nothing
                {"erase": erase, "init": init}[task](folder, event)
        except BaseException:
            os.write(2, traceback.format_exc().encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    os.write(1, f"ended {os.waitstatus_to_exitcode(status)}\\n".encode())
"""


class Nursery:
    """Processes under strace, each in a folder of its own that is a copy of a template."""

    def __init__(self, folder):
        self._folder = folder
        self._numbers = itertools.count()
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-W", "error", "-c", NURSERY],
            env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def live(self, task, template, event, *options):
        """Let a process do its task; return its folder, its exit code and its system calls."""
        folder = self._folder / str(next(self._numbers))
        shutil.copytree(template, folder)
        trace = self._folder / "trace"
        self._tell(f"{task} {folder} {event}")
        pid = self._process.stdout.readline().strip()
        with subprocess.Popen(
            ["strace", "-p", pid, "-o", trace, *options], stderr=subprocess.PIPE, text=True
        ) as strace:
            attached = strace.stderr.readline()
            self._tell("go")
            ended = self._process.stdout.readline().split()
            strace.communicate(timeout=60)
        if "attached" not in attached:
            pytest.skip(f"strace may not look into other processes here: {attached.strip()}")
        calls = [line.partition("(")[0] for line in trace.read_text().splitlines()]
        return folder, int(ended[1]), calls

    def _tell(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def nursery(tmp_path_factory):
    if shutil.which("strace") is None:
        pytest.skip("strace, which kills processes at a system call, is not on this machine")
    nursery = Nursery(tmp_path_factory.mktemp("lives"))
    yield nursery
    nursery.close()


LONG = [pytest.mark.sweep, pytest.mark.long]
EVERY = [pytest.param(13, id="sample"), pytest.param(1, id="all", marks=LONG)]


def killed(nursery, task, template, event, stride):
    """Go through what is left of processes that were killed at one call after another."""
    # What a first run compiles, the next need not: the calls are those of every later run.
    first, _, _ = nursery.live(task, template, event, "-e", f"trace={CALLS}")
    shutil.rmtree(first)
    _, code, calls = nursery.live(task, template, event, "-e", f"trace={CALLS}")
    assert code == 0
    numbers = Counter()
    places = []
    for name in calls:
        if name in CALLS.split(","):
            numbers[name] += 1
            places.append((name, numbers[name]))
    assert len(places) > 20
    for name, number in places[::stride]:
        fault = f"inject={name}:signal=KILL:when={number}"
        folder, code, _ = nursery.live(task, template, event, "-e", f"trace={name}", "-e", fault)
        assert code in (KILLED, 0), fault
        # Other runs may make a call less of a kind, and are then through before it.
        if code == KILLED:
            yield folder, fault
        shutil.rmtree(folder)


# -- erasing -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A ledger with a secret, and the id of the event that seals it."""
    folder = tmp_path_factory.mktemp("written")
    with found(folder / "a.db") as ledger:
        event = ledger.append(visit(ledger, note=SECRET)).event
        ledger.append(visit(ledger, note="Something else."))
    return folder, event


def files_with_secret(folder):
    return [path.name for path in folder.iterdir() if SECRET.encode() in path.read_bytes()]


@pytest.mark.parametrize("stride", EVERY)
def test_killed_while_erasing_it_is_erased_or_not_and_can_be(nursery, written, stride):
    template, event = written
    outcomes = set()
    for folder, fault in killed(nursery, "erase", template, event, stride):
        with Ledger.open(str(folder / "a.db"), clock=Clock()) as ledger:
            is_recorded = bool(ledger.entries_of("DetailErased"))
            assert (event in ledger.store.vault.get_many([event])) != is_recorded, fault
            assert check(ledger) == [], fault
        assert bool(files_with_secret(folder)) != is_recorded, fault
        outcomes.add(is_recorded)
        if not is_recorded:
            erase(folder, event)
            assert files_with_secret(folder) == [], fault
    assert outcomes == {True, False}


def erase(folder, event):
    with Ledger.open(str(folder / "a.db"), clock=Clock()) as ledger:
        said = {"event": f"event:{event}", "pointer": "/data/note"}
        said |= {"authority": "court", "reason": "ordered"}
        day = ledger.today()
        ledger.say("DetailErased", said, REGISTRAR.signer, "registrar@ledger", day)


# -- founding ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    """A folder with a registrar's key, and no ledger."""
    folder = tmp_path_factory.mktemp("nothing")
    keys.generate(folder / "registrar.key", "", "")
    return folder


def init(folder, monkeypatch):
    monkeypatch.chdir(folder)
    given = ["init", "--origin", "northwick.example/support", "--title", "Northwick"]
    main.main([*given, "--key", "registrar.key"], standalone_mode=False, obj=Session(Clock()))


@pytest.mark.sweep
@pytest.mark.parametrize("stride", EVERY)
def test_killed_while_founding_there_is_a_whole_ledger_or_none(
    nursery, nothing, stride, monkeypatch, capsys
):
    outcomes = set()
    for folder, fault in killed(nursery, "init", nothing, "-", stride):
        path, key = folder / "school-ledger.db", folder / "school-ledger.db.log-key"
        # The file is there, its owner's alone, before anything is in it.
        founded = path.exists() and path.stat().st_size > 0
        outcomes.add(founded)
        if not founded:
            # A key that the log of no ledger has may be left; it is never written over.
            if key.exists():
                with pytest.raises(Exception, match="founding was cut short"):
                    init(folder, monkeypatch)
                key.unlink()
            init(folder, monkeypatch)
        assert key.exists(), fault
        with Ledger.open(str(path), read_only=True) as ledger:
            assert ledger.head().size == 3, fault
            assert check(ledger) == [], fault
        monkeypatch.chdir(nothing)
    assert outcomes == {True, False}
    assert "founded" in capsys.readouterr().out
