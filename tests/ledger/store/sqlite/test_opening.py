"""Whatever lies at a path, opening it works or says what lies there."""

import os
import shutil
import sqlite3
import stat
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.dcb.api import DCBEvent
from eventsourcing.dcb.application import DCBApplication
from eventsourcing.dcb.persistence import DCBInfrastructureFactory

from ledger.errors import StoreError
from ledger.store import open_store, settings
from ledger.store.sqlite.factory import SQLiteDCBFactory
from ledger.store.sqlite.opening import _create_tables
from ledger.store.sqlite.store import SQLiteEntryStore

EVENT = DCBEvent("T", b"data", ["t"])


@pytest.fixture
def ledger(tmp_path):
    """A ledger of one entry, closed."""
    path = tmp_path / "a.ledger"
    with open_store(str(path), create=True) as store:
        store.recorder.append([EVENT])
    return path


@pytest.mark.parametrize("url", ["{}", "sqlite:///{}"])
def test_a_path_and_its_url_open_the_same_ledger(tmp_path, url):
    path = tmp_path / "odd ?#% näme.ledger"
    with open_store(url.format(path), create=True) as store:
        store.recorder.append([EVENT])
    with open_store(url.format(path)) as store:
        assert store.head() == 1
    with open_store(url.format(path), read_only=True) as store:
        assert store.head() == 1
    assert path.exists()


def test_creating_again_opens_what_is_there(ledger):
    with open_store(str(ledger), create=True) as store:
        assert store.head() == 1


def test_an_empty_file_becomes_a_ledger_when_created(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    with open_store(str(path), create=True) as store:
        assert store.head() == 0


def test_opening_while_others_open_and_close_takes_what_they_remove_for_gone(ledger, monkeypatch):
    log = ledger.with_name(f"{ledger.name}-wal")
    exists = Path.exists

    def removed_after(path):
        return path == log or exists(path)

    assert not log.exists()
    monkeypatch.setattr(Path, "exists", removed_after)
    with open_store(str(ledger)) as store:
        assert store.head() == 1


def test_a_copy_in_another_journal_mode_opens(ledger, tmp_path):
    copy = tmp_path / "copy"
    with sqlite3.connect(ledger) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()
    with open_store(str(copy)) as store:
        assert store.recorder.append([EVENT]) == 2
        assert store._database._main.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.fixture
def read_elsewhere(ledger, tmp_path):
    """A ledger in another journal mode, and a connection that is reading it."""
    copy = tmp_path / "copy"
    with open_store(str(ledger)) as store:
        store._database._main.execute("VACUUM INTO ?", (str(copy),))
    reader = sqlite3.connect(copy, isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM events").fetchall()
    yield str(copy), reader
    reader.close()


def test_changing_the_journal_mode_waits_for_readers(read_elsewhere):
    path, reader = read_elsewhere
    timer = threading.Timer(0.1, reader.close)
    timer.start()
    with open_store(path) as store:
        assert store.head() == 1
    timer.join()


def test_changing_the_journal_mode_does_not_wait_for_ever(read_elsewhere):
    path, _ = read_elsewhere
    with pytest.raises(StoreError, match="another process kept the ledger locked for too long"):
        SQLiteEntryStore.open(path, timeout=0.05)


def test_changing_the_journal_mode_is_tried_again_where_sqlite_does_not_wait(ledger):
    answers = [sqlite3.OperationalError("database is locked"), None]
    answers[0].sqlite_errorcode = sqlite3.SQLITE_BUSY

    class Hurried:
        def execute(self, _):
            if (answer := answers.pop(0)) is not None:
                raise answer

    with open_store(str(ledger)) as store:
        real, store._database._main = store._database._main, Hurried()
        store._database.use_write_ahead_log()
        store._database._main = real
    assert answers == []


def test_whoever_comes_second_leaves_the_tables_alone(ledger):
    with open_store(str(ledger)) as store:
        _create_tables(store._database)
        assert store.head() == 1


INIT = "Name the ledger's file, or make one: `school-ledger init --help`."


def absent(_path):
    pass


def empty(path):
    path.touch()


def other_file(path):
    path.write_text("Dear headteacher, …")


def other_database(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE pupils (name)")
    connection.close()


def later_release(path):
    open_store(str(path), create=True).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=3")
    connection.close()


def earlier_release(path):
    later_release(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=1")
    connection.close()


REFUSED = [
    (absent, False, f"no ledger at {{}}. {INIT}"),
    (empty, False, f"no ledger at {{}}. {INIT}"),
    (Path.mkdir, True, "{} is a folder, not a ledger. Name a file in it."),
    (os.mkfifo, True, "{} is not a file."),
    (other_file, True, "{} is not a ledger: got a file that is no SQLite database. " + INIT),
    (other_database, True, "{} is not a ledger: got an SQLite database of something else. " + INIT),
    (
        later_release,
        True,
        (
            "{} was written by a later release of this software:"
            " got version 3 of its tables, expected at most 2. Install that release."
        ),
    ),
    (
        earlier_release,
        True,
        (
            "{} was written by an earlier release of this software:"
            " got version 1 of its tables, expected version 2. With that release"
            " `school-ledger export entries`, with this one `school-ledger load` them:"
            " text and root stay the same."
        ),
    ),
]


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(("make", "create", "sentence"), REFUSED)
def test_what_is_no_ledger_is_called_what_it_is(tmp_path, make, create, sentence, read_only):
    path = tmp_path / "it"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as caught:
        open_store(str(path), create=create and not read_only, read_only=read_only)
    assert str(caught.value) == sentence.format(path)
    if before is not None:
        assert path.read_bytes() == before, "what is no ledger is left as it was"


@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_file_is_not_called_a_ledger_s_absence(ledger, read_only):
    ledger.write_bytes(ledger.read_bytes()[:18] + b"\xff" * 4_078)
    with pytest.raises(StoreError) as caught:
        open_store(str(ledger), read_only=read_only)
    assert str(caught.value) == (
        "the ledger's file is damaged: got file is not a database. Restore it from a copy."
    )


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreError) as caught:
        open_store(str(tmp_path / "no" / "a.ledger"), create=True)
    assert str(caught.value) == f"no folder at {tmp_path / 'no'}. Make it first."


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite:///"])
def test_what_names_no_store_is_refused_with_what_does(url):
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert str(caught.value) == (
        f"no ledger can be kept there: got {url}, expected a file's path, sqlite:/// and its path,"
        " postgresql:// and a database, or umadb:// and a server."
    )


# What is put into a ledger's file beside its own tables.


STRANGE = {
    "a trigger that copies what is erased": (
        (
            "CREATE TABLE kept (value); CREATE TRIGGER copy BEFORE UPDATE ON vault"
            " BEGIN INSERT INTO kept VALUES (old.value); END"
        ),
        "more: table kept; more: trigger copy on vault",
    ),
    "a trigger alone": (
        "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM log; END",
        "more: trigger t on events",
    ),
    "a view": ("CREATE VIEW names AS SELECT value FROM vault", "more: view names"),
    "a table": ("CREATE TABLE pupils (name)", "more: table pupils"),
    "an index, which keeps a copy of its column": (
        "CREATE INDEX by_text ON vault (value)",
        "more: index by_text on vault",
    ),
    "a virtual table": (
        "CREATE VIRTUAL TABLE words USING fts5(value, content='vault')",
        "more: table words",
    ),
    "a table of ours that is another": (
        "DROP TABLE meta; CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
        "altered: table meta",
    ),
    "a view in the place of a table": (
        "ALTER TABLE vault RENAME TO kept; CREATE VIEW vault AS SELECT * FROM kept",
        "altered: view vault",
    ),
    "an index of ours that is not there": (
        "DROP TABLE types",
        "missing: table types",
    ),
    "a table of ours that is not there": ("DROP TABLE meta", "missing: table meta"),
    "a name that would steer the terminal": (
        'CREATE TABLE "a\x1b[2Jb" (c)',
        "more: table a\\x1b[2Jb",
    ),
}


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(("script", "sentence"), STRANGE.values(), ids=STRANGE)
def test_a_file_with_anything_but_our_own_tables_is_not_opened(ledger, script, sentence, read_only):
    with closing(sqlite3.connect(ledger)) as connection:
        connection.executescript(script)
    before = ledger.read_bytes()
    with pytest.raises(StoreError) as caught:
        open_store(str(ledger), read_only=read_only)
    assert str(caught.value).startswith(f"{ledger} is not as this software makes a ledger: got ")
    assert sentence in str(caught.value)
    assert "Nothing was opened" in str(caught.value)
    assert ledger.read_bytes() == before


def test_a_file_that_was_analysed_opens(ledger):
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("ANALYZE")
    with open_store(str(ledger)) as store:
        assert store.head() == 1


# Who may read it.


@pytest.mark.parametrize("before", [None, b""], ids=["no file", "an empty file"])
def test_a_new_ledger_and_what_lies_beside_it_is_its_owner_s_alone(tmp_path, before):
    path = tmp_path / "a.ledger"
    if before is not None:
        path.write_bytes(before)
        path.chmod(0o644)
    with open_store(str(path), create=True) as store:
        store.recorder.append([EVENT])
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("a.ledger", "a.ledger-wal", "a.ledger-shm"), 0o600)


def test_whoever_lets_others_read_a_ledger_is_not_overruled(ledger):
    ledger.chmod(0o640)
    open_store(str(ledger), create=True).close()
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o640


# Permissions, which do not bind root.


@pytest.fixture
def place():
    """A folder that an ordinary user can reach, and for the test's duration being that user."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.getuid() == 0
    if root:
        shutil.chown(folder, 65534)
        os.setresuid(65534, 65534, 0)
    yield folder
    if root:
        os.setresuid(0, 0, 0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def sealed_place(place):
    """A ledger of one entry in a folder where nothing can be written, such as read-only media."""
    path = place / "a.ledger"
    with open_store(str(path), create=True) as store:
        store.recorder.append([EVENT])
    path.chmod(0o444)
    place.chmod(0o555)
    return path


def test_read_only_media_open_for_reading(sealed_place):
    with open_store(str(sealed_place), read_only=True) as store:
        assert [data for _, data in store.entries()] == [b"data"]
        assert store.by_tag("t") == [(1, b"data")]
    assert list(sealed_place.parent.iterdir()) == [sealed_place]


def test_read_only_media_do_not_open_for_writing(sealed_place):
    remedy = "Ask its owner for permission; what only reads, such as `owes`, works all the same."
    with pytest.raises(StoreError) as caught:
        open_store(str(sealed_place))
    assert str(caught.value) == f"{sealed_place.parent} cannot be written. {remedy}"
    sealed_place.parent.chmod(0o755)
    with pytest.raises(StoreError) as caught:
        open_store(str(sealed_place))
    assert str(caught.value) == f"{sealed_place} cannot be written. {remedy}"


def test_a_file_that_cannot_be_read_says_so(sealed_place):
    sealed_place.chmod(0)
    with pytest.raises(StoreError) as caught:
        open_store(str(sealed_place), read_only=True)
    assert str(caught.value) == f"{sealed_place} cannot be read. Ask its owner for permission."


def test_read_only_media_with_a_log_left_over_are_not_read_without_it(place):
    path = place / "live.ledger"
    copy = place / "copy" / "a.ledger"
    copy.parent.mkdir()
    with open_store(str(path), create=True) as store:
        store.recorder.append([EVENT])
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    copy.parent.chmod(0o555)
    with pytest.raises(StoreError) as caught:
        open_store(str(copy), read_only=True)
    copy.parent.chmod(0o755)
    assert str(caught.value) == (
        f"{copy} was not closed, and its write-ahead log cannot be read here."
        " Open the ledger once where it can be written, or copy it from there again."
    )


def test_a_read_only_store_sees_what_others_record_and_records_nothing(ledger):
    with open_store(str(ledger)) as store, open_store(str(ledger), read_only=True) as reader:
        store.recorder.append([EVENT])
        assert reader.head() == 2
        for write in (
            lambda: reader.recorder.append([EVENT]),
            lambda: reader.meta.put("name", "value"),
            lambda: reader.vault.erase("event", "/data/note"),
            reader.log.clear,
        ):
            with pytest.raises(StoreError, match=r"^the ledger is open for reading only\.$"):
                write()


# The library's way of opening.


def test_any_application_of_the_library_is_served(tmp_path):
    env = {
        "PERSISTENCE_MODULE": "ledger.store.sqlite.factory",
        "SQLITE_DBNAME": str(tmp_path / "application.db"),
    }
    with DCBApplication(env) as application:
        assert application.recorder.append([EVENT]) == 1
        store = application.factory.entry_store()
        assert store.recorder is application.recorder
        assert store.by_tag("t") == [(1, b"data")]
    with DCBApplication(env) as application:
        assert [found.event for found in application.recorder.read()] == [EVENT]


def test_settings_open_the_same_as_the_url(ledger, tmp_path):
    with DCBApplication(settings(f"sqlite:///{ledger}", read_only=True)) as application:
        assert list(application.recorder.read())
        with pytest.raises(StoreError, match="for reading only"):
            application.recorder.append([EVENT])
    with pytest.raises(StoreError, match="no ledger at"):
        DCBApplication(settings(str(tmp_path / "none")))
    DCBApplication(settings(str(tmp_path / "none"), create=True)).close()


def test_a_factory_that_opened_nothing_closes():
    factory = DCBInfrastructureFactory.construct(settings(":memory:"))
    assert isinstance(factory, SQLiteDCBFactory)
    factory.close()


WRONG_SETTINGS = [
    (
        {"SQLITE_DBNAME": ""},
        "the environment names no database: expected SQLITE_DBNAME to be a path.",
    ),
    ({"CREATE_TABLE": "perhaps"}, "CREATE_TABLE is wrong: got perhaps, expected yes or no."),
    (
        {"SQLITE_LOCK_TIMEOUT": "soon"},
        "SQLITE_LOCK_TIMEOUT is wrong: got soon, expected a number of seconds.",
    ),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG_SETTINGS)
def test_a_wrong_setting_is_named(wrong, sentence):
    with pytest.raises(StoreError) as caught:
        DCBApplication(settings(":memory:") | wrong)
    assert str(caught.value) == sentence
