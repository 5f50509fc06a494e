"""Views: the same rows however they came about, and always those of the record at hand."""

import hashlib
import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest
from examples import one_in
from recording import Clock, UpTo, a_year, found, offer, processes, visit

from ledger.recording.application import Ledger
from projections.errors import ProjectionError
from projections.tables import catalogue, views
from projections.tables.views import CURRENT, Layout, Views, folder_for, moment

pytestmark = pytest.mark.sampled(3)


@pytest.fixture
def ledger(tmp_path):
    with found(tmp_path / "a.db") as ledger:
        a_year(ledger)
        yield ledger


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "a.db.views"


def digest(path):
    """Return the SHA-256 of every row of every table, in an order of their own."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
        )
        for (table,) in sorted(tables.fetchall()):
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            found.update(repr((table, sorted(rows, key=repr))).encode())
    return found.hexdigest()


def tables_of(path):
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    return sorted(row for row in rows if not row[1].startswith("sqlite_"))


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_incremental_equals_rebuilt(ledger, tmp_path, batch):
    rebuilt = catalogue.views(ledger.store, tmp_path / "rebuilt").rebuild()
    size = ledger.head().size
    store = UpTo(ledger.store, 0)
    growing = catalogue.views(store, tmp_path / "growing")
    first = growing.caught_up()
    for store.last in [*range(batch, size, batch), size]:
        path = growing.caught_up()
    assert path == first
    assert digest(path) == digest(rebuilt)
    assert tables_of(path) == tables_of(rebuilt)


def test_what_is_forgotten_while_tables_are_made_is_read_again(ledger, tmp_path, monkeypatch):
    rebuilt = catalogue.views(ledger.store, tmp_path / "rebuilt").rebuild()
    for most in ("facts._MOST_EVENTS", "facts._MOST_OWN", "journal._MOST_ACCOUNTS"):
        monkeypatch.setattr(f"ledger.decision_model.{most}", 1)
    forgetful = catalogue.views(ledger.store, tmp_path / "forgetful").rebuild()
    assert digest(forgetful) == digest(rebuilt)


def test_deleted_and_rebuilt_equals_what_was(ledger, folder):
    of = catalogue.views(ledger.store, folder)
    before = digest(of.caught_up())
    shutil.rmtree(folder)
    assert digest(of.caught_up()) == before


CATCH_UP = """
import sys
from recording import *
from projections.tables import catalogue

path, folder = sys.argv[1:]
ledger = Ledger.open(path, clock=Clock())
views = catalogue.views(ledger.store, Path(folder))
print("ready", flush=True)
sys.stdin.readline()
with views.open() as connection:
    print(connection.execute("SELECT count(*) FROM entries").fetchone()[0])
ledger.close()
"""


@pytest.mark.parametrize("begun", one_in(2, [(True,), (False,)]))
def test_processes_that_catch_up_at_once_apply_nothing_twice(ledger, folder, tmp_path, begun):
    of = catalogue.views(ledger.store, folder)
    if begun:
        of.caught_up()
    for _ in range(3):
        a_year(ledger)
    said = processes(CATCH_UP, [(tmp_path / "a.db", folder)] * 6)
    assert said == [[str(ledger.head().size)]] * 6
    rebuilt = catalogue.views(ledger.store, tmp_path / "rebuilt").rebuild()
    assert digest(of.caught_up()) == digest(rebuilt)


def test_view_of_another_record_is_rebuilt(ledger, folder, tmp_path):
    of = catalogue.views(ledger.store, folder)
    old = of.caught_up()
    with found(tmp_path / "b.db") as other:
        a_year(other)
        offer(other)
        theirs = catalogue.views(other.store, folder)
        path = theirs.caught_up()
        assert path != old
        assert digest(path) == digest(catalogue.views(other.store, tmp_path / "c").rebuild())


def test_view_ahead_of_the_record_is_rebuilt(ledger, folder):
    path = catalogue.views(ledger.store, folder).caught_up()
    store = UpTo(ledger.store, 10)
    rebuilt = catalogue.views(store, folder).caught_up()
    assert rebuilt != path
    with closing(sqlite3.connect(rebuilt)) as connection:
        assert connection.execute("SELECT max(position) FROM entries").fetchone() == (10,)


@pytest.mark.parametrize(
    "pointer",
    [b"", b"nothing.db\n", b"../a.db\n", b"\xff\xfe\x00", b"\0", b"0123456789abcdef.db\n"],
)
def test_pointer_to_nothing_is_replaced(ledger, folder, pointer):
    of = catalogue.views(ledger.store, folder)
    before = digest(of.caught_up())
    (folder / CURRENT).write_bytes(pointer)
    assert digest(of.caught_up()) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"garbage, and no database at all" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: change(path, "DELETE FROM state"),
        lambda path: change(path, "DROP TABLE state"),
        lambda path: change(path, "UPDATE state SET value='x' WHERE name='position'"),
        lambda path: change(path, "UPDATE state SET value='5' WHERE name='position'"),
        lambda path: change(path, "UPDATE state SET value='00' WHERE name='leaf'"),
    ],
)
def test_damaged_file_is_rebuilt(ledger, folder, damage):
    of = catalogue.views(ledger.store, folder)
    path = of.caught_up()
    before = digest(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    damage(path)
    assert digest(of.caught_up()) == before


def change(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
        connection.commit()


def note_entries(connection, store, after, complete):  # noqa: ARG001
    rows = [(position,) for position, _ in store.entries(after)]
    connection.executemany("INSERT INTO noted VALUES (?)", rows)
    connection.execute("INSERT OR REPLACE INTO state VALUES ('folded', ?)", (store.head(),))


def layout(version):
    return Layout("noted", version, "CREATE TABLE noted (position INTEGER);", "")


def test_old_version_is_rebuilt_beside_and_read_on(ledger, folder):
    old = Views(ledger.store, folder, [layout(1)], note_entries)
    with old.open() as connection:
        new = Views(ledger.store, folder, [layout(2)], note_entries)
        assert new.caught_up() != old.folder
        size = ledger.head().size
        assert connection.execute("SELECT count(*) FROM noted").fetchone()[0] == size
    assert len(list(folder.glob("*.db"))) == 1


def test_reading_goes_on_while_rebuilding(ledger, folder):
    of = catalogue.views(ledger.store, folder)
    with of.open() as connection:
        before = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
        offer(ledger)
        of.rebuild()
        assert connection.execute("SELECT count(*) FROM entries").fetchone()[0] == before
    with of.open() as connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone()[0] == before + 1


def test_view_is_on_the_disk_before_it_is_named(ledger, folder, monkeypatch):
    named = []
    monkeypatch.setattr(os, "fsync", lambda _: named.append((folder / CURRENT).exists()))
    path = catalogue.views(ledger.store, folder).rebuild()
    assert named == [False]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_failed_build_leaves_the_old_one_in_use(ledger, folder):
    Views(ledger.store, folder, [layout(1)], note_entries).caught_up()

    def fail(*_):
        raise sqlite3.OperationalError("database or disk is full")

    broken = Views(ledger.store, folder, [layout(1)], fail)
    with pytest.raises(ProjectionError, match="disk is full"):
        broken.rebuild()
    with Views(ledger.store, folder, [layout(1)], note_entries).open() as connection:
        assert connection.execute("SELECT count(*) FROM noted").fetchone()[0]


def test_build_of_another_process_is_left_alone_and_what_it_abandoned_goes(ledger, folder):
    of = catalogue.views(ledger.store, folder)
    of.caught_up()
    building, abandoned = folder / f"{'1' * 16}.db", folder / f"{'2' * 16}.db"
    building.write_bytes(b"")
    abandoned.write_bytes(b"")
    os.utime(abandoned, (0, time.time() - 100_000))
    path = of.rebuild()
    assert set(folder.glob("*.db")) == {path, building}


def test_views_taken_away_while_opening_are_opened_anew(ledger, folder, monkeypatch):
    of = catalogue.views(ledger.store, folder)
    caught_up, taken = of.caught_up, []

    def taken_away():
        path = caught_up()
        if not taken:
            taken.append(path)
            path.unlink()
        return path

    monkeypatch.setattr(of, "caught_up", taken_away)
    with of.open() as connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    assert taken


def test_views_cannot_be_written_by_who_asks(ledger, folder):
    with catalogue.views(ledger.store, folder).open() as connection:  # noqa: SIM117
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM postings")


def test_folder_is_beside_the_ledger(tmp_path):
    assert folder_for(str(tmp_path / "a.db")) == tmp_path / "a.db.views"
    assert folder_for(f"sqlite:///{tmp_path}/a.db") == tmp_path / "a.db.views"
    assert folder_for(":memory:") is None


def test_folder_that_cannot_be_written_is_not_used(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(views.os, "access", lambda *_: False)
    assert folder_for(str(tmp_path / "a.db")) is None
    of = catalogue.views(ledger.store, None)
    with of.open() as connection:
        at = moment(connection)
    assert at.known_at == ledger.head().size
    assert tmp_path not in of.folder.parents


def test_folder_that_is_a_file_is_a_clear_error(ledger, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ProjectionError, match="can be deleted at any time"):
        catalogue.views(ledger.store, tmp_path / "file").caught_up()


def test_read_only_ledger_has_views(ledger, tmp_path):
    with Ledger.open(str(tmp_path / "a.db"), read_only=True, clock=Clock()) as reader:
        of = catalogue.views(reader.store, None)
        assert digest(of.caught_up()) == digest(
            catalogue.views(ledger.store, tmp_path / "b").rebuild()
        )


def test_ledger_with_nothing_in_it_has_views(tmp_path):
    with Ledger.open(str(tmp_path / "empty.db"), create=True) as ledger:
        of = catalogue.views(ledger.store, tmp_path / "views")
        with of.open() as connection:
            assert moment(connection).known_at == 0
        assert of.caught_up() == of.caught_up()


def test_no_persons_name_or_sealed_text_in_any_view(ledger, folder):
    ledger.append(visit(ledger, note="Spoke of Rosalind Ashgrove."))
    of = catalogue.views(ledger.store, folder)
    of.rebuild()
    ledger.append(visit(ledger, note="Spoke of Rosalind Ashgrove again."))
    of.caught_up()
    texts = {text for _, _, _, text in ledger.store.vault.all()}
    assert any("Ashgrove" in text for text in texts)
    for file in folder.iterdir():
        content = file.read_bytes()
        assert not [text for text in texts if text.encode() in content], file
        assert b"Ashgrove" not in content


# -- what lies in their folder -----------------------------------------------------------------


OLD = time.time() - 10 * 24 * 60 * 60
LEDGER = "other.db"


def aged(path, content=b"SQLite format 3\0 somebody's"):
    path.write_bytes(content)
    os.utime(path, (OLD, OLD))
    return path


@pytest.mark.parametrize("name", ["northwick.db", "a.db", "0123456789ABCDEF.db", "0123.db", "x.db"])
def test_what_was_not_built_there_is_left_whatever_its_age(ledger, folder, name):
    folder.mkdir()
    others = aged(folder / name)
    catalogue.views(ledger.store, folder).rebuild()
    assert others.exists()


def test_views_that_were_abandoned_are_taken_away(ledger, folder):
    folder.mkdir()
    abandoned = aged(folder / "0123456789abcdef.db")
    fresh = folder / "fedcba9876543210.db"
    fresh.touch()
    catalogue.views(ledger.store, folder).rebuild()
    assert not abandoned.exists()
    assert fresh.exists()


def test_no_link_is_followed_or_taken_for_a_view(ledger, folder, tmp_path):
    folder.mkdir()
    other = aged(tmp_path / LEDGER)
    link = folder / "0123456789abcdef.db"
    link.symlink_to(other)
    os.utime(link, (OLD, OLD), follow_symlinks=False)
    (folder / CURRENT).write_text(f"{link.name}\n")
    with catalogue.views(ledger.store, folder).open() as connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone()[0] > 0
    assert other.read_bytes() == b"SQLite format 3\0 somebody's"
    assert link.is_symlink()


def test_a_folder_of_views_that_is_a_link_is_not_used(tmp_path):
    (tmp_path / "others.views").mkdir()
    (tmp_path / "a.db.views").symlink_to("others.views")
    assert folder_for(str(tmp_path / "a.db")) is None


def test_views_are_their_owner_s_alone(ledger, folder):
    with catalogue.views(ledger.store, folder).open() as connection:
        connection.execute("SELECT * FROM entries").fetchall()
        modes = {path.stat().st_mode & 0o777 for path in folder.iterdir() if path.name != CURRENT}
    assert modes == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_names_the_views_in_use_is_a_file_or_nothing(ledger, folder):
    folder.mkdir()
    os.mkfifo(folder / CURRENT)
    with catalogue.views(ledger.store, folder).open() as connection:
        assert connection.execute("SELECT count(*) FROM entries").fetchone()[0] > 0
    assert (folder / CURRENT).is_file()
