"""No subscriber skips: views caught up while others write are those of the record rebuilt."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from recording import ROOT, found

from projections.tables import catalogue

WRITERS = 3
SCRIPT = """
import random, sys, time
from recording import *

path, number, role = sys.argv[1:]
chance = random.Random(int(number))
ledger = Ledger.open(path, clock=Clock())
if role == "slowly":
    write = ledger.store.append_entries

    def append_entries(events, ids):
        last = write(events, ids)
        time.sleep(chance.random() / 100)  # written, and not committed yet
        return last

    ledger.store.append_entries = append_entries
print("ready", flush=True)
sys.stdin.readline()
a_year(ledger)
ledger.close()
"""


@pytest.fixture
def start(url):
    """Start writers, some of which are slow to commit; end them with the test."""
    started = []

    def start():
        for number in range(WRITERS):
            role = "slowly" if number % 2 == 0 else "at once"
            process = subprocess.Popen(
                [sys.executable, "-W", "error", "-c", SCRIPT, url, str(number), role],
                env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            started.append(process)
        for process in started:
            assert process.stdout.readline() == "ready\n", process.communicate()[1]
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        return started

    yield start
    for process in started:
        process.kill()
        process.communicate()


def rows_of(path):
    """Return a digest of every row of every table, and the positions of the entries."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
        )
        for (table,) in sorted(tables.fetchall()):
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            found.update(repr((table, sorted(rows, key=repr))).encode())
        positions = connection.execute("SELECT position FROM entries ORDER BY position").fetchall()
    return found.hexdigest(), [position for (position,) in positions]


def test_views_caught_up_while_others_write_equal_those_rebuilt(url, start, tmp_path):
    with found(url) as ledger:
        growing = catalogue.views(ledger.store, tmp_path / "growing")
        first = growing.caught_up()
        writers, sizes = start(), set()
        while any(writer.poll() is None for writer in writers):
            assert growing.caught_up() == first
            _, positions = rows_of(first)
            assert positions == list(range(1, len(positions) + 1))
            sizes.add(len(positions))
        for writer in writers:
            assert writer.communicate() == ("", "")
            assert writer.returncode == 0
        rebuilt = catalogue.views(ledger.store, tmp_path / "rebuilt").rebuild()
        assert rows_of(growing.caught_up()) == rows_of(rebuilt)
        assert len(sizes) > 2, "it never caught up while they wrote"
        assert rows_of(rebuilt)[1][-1] == ledger.head().size


def test_a_view_has_nothing_that_was_not_committed(tmp_path):
    path = tmp_path / "a.db"
    with found(path) as ledger:
        views = catalogue.views(ledger.store, tmp_path / "views")
        before = rows_of(views.caught_up())
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute(
                "INSERT INTO events (type, data, tags) SELECT type, data, tags FROM events"
                " WHERE position = 2"
            )
            assert rows_of(views.caught_up()) == before
            other.execute("ROLLBACK")
        assert rows_of(views.caught_up()) == before
