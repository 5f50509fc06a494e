"""What is left of the write-ahead log is a prefix of what was said: an entry is whole or not there.

After a power cut the log may end anywhere, go on with nothing but zeros, or lack a sector in the
middle. Each copy of a ledger damaged so is opened again: it holds every entry that was moved into
the database or lies wholly before the damage, and none other, and checks clean. When what was
lost is said again, the record is what it would have been.

By default the damage is done around each boundary of the log's frames and at some places between
them, in one way of three: in all with `-m sweep`. With `-m hours` it is done at each byte.
"""

import struct
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from recording import Clock, found, visit

from ledger.audit.check import check
from ledger.format.entry import Submission
from ledger.recording.application import Ledger

EVERY = [pytest.param(4_999, id="sample"), pytest.param(1, id="all", marks=pytest.mark.hours)]
APPENDED = 3
HEADER = 32
FRAME_HEADER = 24
SECTOR = 512


class Torn(NamedTuple):
    """A ledger's files while it is open, and what it holds: in the database, and in the log."""

    database: bytes
    log: bytes
    moved: list[str]
    logged: list[str]
    submissions: list[Submission]
    root: bytes

    @property
    def frame(self):
        return FRAME_HEADER + struct.unpack_from(">I", self.log, 8)[0]

    @property
    def boundaries(self):
        return range(HEADER, len(self.log) + 1, self.frame)

    @property
    def commits(self):
        """Where in the log each transaction ends: its last frame tells the database's size."""
        starts = self.boundaries[:-1]
        sizes = [struct.unpack_from(">I", self.log, start + 4)[0] for start in starts]
        return [start + self.frame for start, size in zip(starts, sizes, strict=True) if size]


@pytest.fixture(scope="module")
def torn(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "a.db"
    found(path).close()
    with Ledger.open(str(path), clock=Clock()) as ledger:
        moved = [entry.id for entry in ledger.entries()]
        notes = (f"Visit {number}. " * 20 for number in range(APPENDED))
        submissions = [visit(ledger, note=note) for note in notes]
        logged = [ledger.append(submission).event for submission in submissions]
        log = path.with_name("a.db-wal").read_bytes()
        return Torn(path.read_bytes(), log, moved, logged, submissions, ledger.head().root)


def ends_there(log, place):
    return log[:place]


def goes_on_with_zeros(log, place):
    return log[:place] + bytes(len(log) - place)


def lacks_a_sector(log, place):
    rest = log[place + SECTOR :]
    return log[:place] + bytes(len(log) - place - len(rest)) + rest


def first_damage(log, damaged):
    """Return where the log first differs from what it was; its length if nowhere."""
    differing = (n for n, (was, now) in enumerate(zip(log, damaged, strict=False)) if was != now)
    return next(differing, len(damaged))


def test_the_log_holds_each_append_in_one_transaction(torn):
    assert len(torn.commits) == APPENDED
    assert torn.commits[-1] == len(torn.log)
    assert len(torn.boundaries) > 4 * APPENDED


@pytest.fixture
def damaged(torn, tmp_path):
    """Open a copy whose log is damaged, and check that it holds what lies before the damage."""

    @contextmanager
    def damaged(damage, place):
        path = tmp_path / "a.db"
        log = damage(torn.log, place)
        path.write_bytes(torn.database)
        path.with_name("a.db-wal").write_bytes(log)
        whole = sum(end <= first_damage(torn.log, log) for end in torn.commits)
        with Ledger.open(str(path), clock=Clock()) as ledger:
            expected = [*torn.moved, *torn.logged[:whole]]
            assert [entry.id for entry in ledger.entries()] == expected, place
            assert check(ledger) == [], place
            yield ledger, whole

    return damaged


DAMAGES = [ends_there, goes_on_with_zeros, lacks_a_sector]
every_damage = pytest.mark.parametrize("damage", DAMAGES)
_, *SLOWER = (pytest.param(damage, marks=pytest.mark.sweep) for damage in DAMAGES)


@pytest.mark.sweep
@pytest.mark.parametrize("damage", [ends_there, *SLOWER])
@pytest.mark.parametrize("step", EVERY)
def test_a_torn_log_is_read_up_to_the_last_whole_entry(torn, damaged, damage, step):
    around = {place + by for place in torn.boundaries for by in (-1, 0, 1)}
    for place in sorted(around | set(range(0, len(torn.log), step))):
        if place <= len(torn.log):
            with damaged(damage, place):
                pass


@every_damage
def test_what_was_lost_is_said_again_with_the_same_root(torn, damaged, damage):
    for place in (0, HEADER, *(end + by for end in torn.commits for by in (-1, 0))):
        with damaged(damage, place) as (ledger, whole):
            outcomes = [ledger.append(submission) for submission in torn.submissions]
            assert [one.again for one in outcomes] == [n < whole for n in range(APPENDED)]
            assert ledger.head().root == torn.root
            assert check(ledger) == []
