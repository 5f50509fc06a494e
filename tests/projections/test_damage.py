"""No answer from damaged tables: the right one, or tables made anew; never a wrong one."""

import os
import random
import shutil
import sqlite3
from contextlib import closing

import pytest
from recording import Clock, a_year, found, offer, processes

from ledger.recording.application import Ledger
from projections.errors import ProjectionError
from projections.reports.history import history
from projections.reports.owes import Asked, owes
from projections.tables import catalogue, sums, views
from projections.tables.views import CURRENT, LOCK, moment

pytestmark = pytest.mark.sampled(3)

DAY = "2026-03-05"
PAGE = 8192
INDICES = """
    SELECT name, rootpage FROM sqlite_master WHERE type = 'index'
    UNION ALL SELECT name, rootpage FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'
    ORDER BY name
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A ledger with its views caught up once, closed."""
    folder = tmp_path_factory.mktemp("damage")
    with found(folder / "a.db") as ledger:
        a_year(ledger)
        of = catalogue.views(ledger.store, folder / "a.db.views")
        of.caught_up()
        offer(ledger)
        of.caught_up()
    return folder


@pytest.fixture(scope="module")
def right(template):
    with Ledger.open(str(template / "a.db"), read_only=True) as ledger:
        return answers(ledger.store, catalogue.views(ledger.store, template / "a.db.views"))


@pytest.fixture
def ledger(template, tmp_path):
    shutil.copytree(template, tmp_path / "own")
    with Ledger.open(str(tmp_path / "own" / "a.db"), clock=Clock()) as ledger:
        yield ledger


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "own" / "a.db.views"


@pytest.fixture
def of(ledger, folder):
    return catalogue.views(ledger.store, folder)


def answers(store, of):
    """Return what the tables answer, by every index that questions use."""
    with of.open() as connection:
        at = moment(connection, DAY)
        schools = [f"school:{900_000 + number}" for number in (1, 2, 3)]
        asked = [Asked(settled=True), *(Asked(about=school, settled=True) for school in schools)]
        found = [list(owes(connection, store, at, one).rows) for one in asked]
        return found + [list(history(connection, store, one, at).rows) for one in schools]


def file_of(folder):
    (path,) = folder.glob("*.db")
    return path


def flip(path, at, bit=0):
    """Flip one bit of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))


def empty(path, root):
    """Make the tree of an index an empty one, as SQLite would write it; tell if it had rows."""
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        head = file.read(5)
        assert head[0] in (2, 10)
        file.seek((root - 1) * PAGE)
        # A leaf, no free block, no cell, and the cells' area begins at the end of the page.
        file.write((b"\x0a\0\0\0\0" + PAGE.to_bytes(2, "big") + b"\0").ljust(PAGE, b"\0"))
    return head[3:] != b"\0\0"


def indices_of(path):
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(INDICES).fetchall()


NAMES = [
    "admissions_partnership",
    "admissions_school",
    "answered",
    "bodies_school",
    "called_folded",
    "claims_obligation",
    "confirmed_host",
    "confirmed_under",
    "consents_partnership",
    "courses_agreement",
    "disregarded_event",
    "entries_effective",
    "entries_event",
    "erasures_event",
    "facts",
    "figures_about",
    "grades_judge",
    "grades_judged",
    "grounds",
    "grounds_by_appointment",
    "grounds_by_enrolment",
    "kinds",
    "late",
    "mentions",
    "moderations_about",
    "names_party",
    "numbered_value",
    "passed",
    "people_person",
    "postings_about",
    "postings_claim",
    "postings_creditor",
    "postings_debtor",
    "postings_due",
    "postings_obligation",
    "postings_position",
    "readers",
    "recorded_for",
    "registered_party",
    "said_event",
    "said_thing",
    "scales",
    "shared_roles",
    "state",
    "tenures_office",
    "urns_school",
    "urns_urn",
    "vouched_subject",
    "withdrawals_event",
]


def test_there_is_no_other_index(folder, of):
    assert [name for name, _ in indices_of(of.caught_up())] == NAMES
    assert folder.exists()


@pytest.mark.parametrize("name", NAMES)
def test_with_any_index_emptied_the_right_answer_is_given(ledger, folder, of, right, name):
    path = file_of(folder)
    had_rows = empty(path, dict(indices_of(path))[name])
    damage = "they are not what was written into them"
    assert of.damage() == (damage if had_rows else None)
    assert answers(ledger.store, of) == right
    assert (file_of(folder) != path) == had_rows


@pytest.mark.parametrize("name", NAMES)
def test_emptied_by_somebody_who_makes_the_sums_fit_it_is_found_by_a_check(folder, of, name):
    path = file_of(folder)
    had_rows = empty(path, dict(indices_of(path))[name])
    sums.write(path, sums.taken(path))
    assert bool(of.damage()) == (had_rows and name not in TABLES)


#: Tables without a rowid are their own index: what lacks there, a rebuild shows.
TABLES = (
    *("facts", "grounds", "kinds", "late", "mentions", "passed", "people", "shared_roles"),
    "state",
)


def test_with_a_bit_flipped_on_any_page_the_right_answer_is_given(ledger, folder, of, right):
    chance = random.Random(7)  # noqa: S311 - which bits, does not matter
    pages = file_of(folder).stat().st_size // PAGE
    for page in range(0, pages, 3):
        path = file_of(folder)
        flip(path, page * PAGE + chance.randrange(PAGE), chance.randrange(8))
        assert answers(ledger.store, of) == right, page
        assert file_of(folder) != path


@pytest.mark.parametrize(
    "stride", [pytest.param(41, marks=pytest.mark.sweep), pytest.param(1, marks=pytest.mark.hours)]
)
def test_with_any_byte_changed_the_file_is_not_what_was_written(ledger, folder, stride):
    assert ledger
    path = file_of(folder)
    noted = sums.read(path)
    for at in range(0, path.stat().st_size, stride):
        flip(path, at, at % 8)
        assert not sums.holds(path, noted), at
        flip(path, at, at % 8)
    assert sums.holds(path, noted)


@pytest.mark.parametrize("suffix", ["", ".sums", "-wal"])
def test_what_lies_beside_may_be_damaged_or_gone(ledger, folder, of, right, suffix):
    for damage in (
        lambda place: place.write_bytes(b""),
        lambda place: place.write_bytes(b"garbage" * 99),
        lambda place: place.write_bytes(b"\xff" + place.read_bytes()[1:]),
        lambda place: place.unlink(),
    ):
        place = file_of(folder).with_name(file_of(folder).name + suffix)
        place.touch()
        damage(place)
        assert answers(ledger.store, of) == right


@pytest.mark.parametrize("at", range(0, 50, 7))
def test_sums_with_a_bit_flipped_are_none(folder, of, at):
    path = file_of(folder)
    flip(sums.sums_path(path), at)
    assert sums.read(path) is None
    assert of.caught_up() != path


def test_the_lock_and_the_pointer_hold_nothing_that_is_missed(ledger, folder, of, right):
    for name in (LOCK, CURRENT):
        (folder / name).unlink()
        assert answers(ledger.store, of) == right


# -- sums --------------------------------------------------------------------------------------


@pytest.fixture
def _small_blocks(monkeypatch):
    monkeypatch.setattr(sums, "BLOCK", PAGE)


@pytest.mark.usefixtures("_small_blocks")
def test_after_catching_up_the_sums_are_those_of_the_whole_file(ledger, of):
    of.rebuild()
    for number in range(6):
        if number % 2:
            a_year(ledger)
        else:
            offer(ledger)
        path = of.caught_up()
        assert sums.read(path) == sums.taken(path)


@pytest.mark.usefixtures("_small_blocks")
def test_while_others_read_the_log_stays_and_counts(ledger, of):
    of.rebuild()
    with of.open() as connection:
        connection.execute("BEGIN")
        before = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
        for _ in range(3):
            offer(ledger)
            path = of.caught_up()
            assert sums.read(path) == sums.taken(path)
            assert sums.read(path).log
        assert connection.execute("SELECT count(*) FROM entries").fetchone()[0] == before
    offer(ledger)
    assert of.caught_up() == path
    assert sums.read(path) == sums.taken(path)
    assert not sums.read(path).log


@pytest.mark.usefixtures("_small_blocks")
def test_a_log_with_a_bit_flipped_is_not_what_was_written(ledger, folder, of, right):
    of.rebuild()
    with of.open() as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM entries").fetchone()
        offer(ledger)
        path = of.caught_up()
        wal = path.with_name(f"{path.name}-wal")
        assert wal.stat().st_size > PAGE
        flip(wal, wal.stat().st_size // 2)
        assert of.caught_up() != path
    assert of.damage() is None
    assert right
    assert folder.exists()


@pytest.mark.usefixtures("_small_blocks")
def test_of_a_large_file_other_blocks_are_read_each_time(ledger, folder, monkeypatch):
    assert ledger
    monkeypatch.setattr(sums, "MOST_BLOCKS", 4)
    path = file_of(folder)
    sums.write(path, sums.taken(path))
    noted = sums.read(path)
    assert sums.holds(path, noted)
    about = path.stat()
    flip(path, 5 * PAGE + 100)
    assert not sums.holds(path, noted), "changed at another time"
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert not sums.holds(path, noted, whole=True)
    found = [sums.holds(path, noted) for _ in range(300)]
    assert set(found) == {True, False}


@pytest.mark.usefixtures("_small_blocks")
def test_a_large_file_that_changed_on_the_disk_alone_is_found_by_a_check(folder, of, monkeypatch):
    monkeypatch.setattr(sums, "MOST_BLOCKS", 1)
    path = of.rebuild()
    about = path.stat()
    flip(path, 5 * PAGE + 100)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert of.damage() == "they are not what was written into them"
    assert file_of(folder) == path


# -- ends that were not clean ------------------------------------------------------------------


def test_whoever_dies_before_the_sums_are_left_leaves_views_that_are_made_anew(
    ledger, of, monkeypatch
):
    path = of.caught_up()
    offer(ledger)
    with monkeypatch.context() as patch:
        patch.setattr(sums, "write", die)
        with pytest.raises(KeyboardInterrupt):
            of.caught_up()
    assert of.caught_up() != path
    assert of.damage() is None


def die(*_):
    raise KeyboardInterrupt


def test_views_that_are_damaged_while_somebody_waits_to_catch_up_are_made_anew(
    ledger, of, monkeypatch
):
    path = of.caught_up()
    offer(ledger)
    monkeypatch.setattr(views, "_holds", lambda *_, **__: True)
    flip(path, path.stat().st_size - 1)
    assert of.caught_up() != path


def test_what_the_database_cannot_read_is_a_clear_error_once(ledger, folder, of, right):
    path = file_of(folder)
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'postings'"
        (root,) = connection.execute(sql).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(b"\x99" * PAGE)
    sums.write(path, sums.taken(path))
    with pytest.raises(ProjectionError, match="Ask again: they are then made anew") as caught:
        answers(ledger.store, of)
    assert "cannot be read" in str(caught.value)
    assert answers(ledger.store, of) == right


ASK = """
import sys
from recording import *
from projections.tables import catalogue

path, folder = sys.argv[1:]
ledger = Ledger.open(path, clock=Clock())
of = catalogue.views(ledger.store, Path(folder))
built = []
rebuild = of.rebuild
of.rebuild = lambda: built.append(1) or rebuild()
print("ready", flush=True)
sys.stdin.readline()
for _ in range(5):
    offer(ledger)
    with of.open() as connection:
        connection.execute("SELECT count(*) FROM entries").fetchone()
print(len(built))
ledger.close()
"""


@pytest.mark.sweep
def test_nobody_takes_for_damage_what_others_catch_up(ledger, folder, of, tmp_path):
    of.caught_up()
    ledger.close()
    said = processes(ASK, [(tmp_path / "own" / "a.db", folder)] * 5)
    assert said == [["0"]] * 5
    assert file_of(folder)


def test_what_others_lock_is_no_damage(of):
    path = of.caught_up()
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    with pytest.raises(ProjectionError, match="are in use: database is locked"), of.open():
        raise busy
    assert of.caught_up() == path


def test_views_without_sums_as_an_earlier_release_left_them_are_made_anew(of):
    path = of.caught_up()
    sums.sums_path(path).unlink()
    assert of.damage() is None
    assert of.caught_up() != path
