"""A bit flipped anywhere in the ledger's file: found by `check`, refused, or without effect.

By hand in every column of every table, so that nothing kept is forgotten; and in the file itself
on every page, as a disk does it: some bits by default, one of each byte with `-m hours`, which
takes more than an hour.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing

import pytest
from recording import DAY, Clock, Head, a_year, found, visit

from ledger.audit.check import check_store
from ledger.errors import LedgerError
from ledger.recording.application import Ledger
from ledger.store import open_store
from ledger.store.sqlite import indices

pytestmark = pytest.mark.sampled(4)

PAGE = 4096
REGISTRAR = Head(0)
NOTE = "Read with the oldest."


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A ledger with everything that a file keeps: an erased text, and that it was signed."""
    path = tmp_path_factory.mktemp("bits") / "a.db"
    patched = pytest.MonkeyPatch()
    patched.setattr(indices, "TOGETHER", 10)  # so that most is indexed, and some is not
    with found(path) as ledger:
        a_year(ledger)
        ledger.append(visit(ledger, note=NOTE))
        texts = list(ledger.store.vault.all())
        with ledger.store.writing():
            ledger.store.meta.put("log.signed", str(ledger.head_at(5)))
            ledger.store.meta.put("log.cosigned", f"{ledger.head_at(7)} 1772442000")
        event, pointer = texts[3][:2]
        said = {"event": f"event:{event}", "pointer": pointer}
        said |= {"authority": "court", "reason": "ordered"}
        ledger.say("DetailErased", said, REGISTRAR.signer, "registrar@ledger", DAY)
    patched.undo()
    return path


@pytest.fixture
def path(template, tmp_path):
    return shutil.copy(template, tmp_path / "a.db")


def looked_at(path):
    """Return what `check` finds, or why the ledger cannot be opened or read; nothing else."""
    try:
        with open_store(str(path), read_only=True) as store:
            return [one.sentence for one in check_store(store)]
    except LedgerError as error:
        return [str(error)]


def answered(path):
    """Return all that a file keeps, but for what is made from it: entries, texts, log, values."""
    with open_store(str(path), read_only=True) as store:
        return (
            list(store.entries()),
            sorted(store.vault.all()),
            list(store.log.leaves(0, store.head())),
            store.meta.all(),
            [store.by_tag("school:900001"), store.by_types(["VisitMade"])],
        )


def test_nothing_is_found_in_a_file_that_is_sound(path):
    assert looked_at(path) == []


# -- every column ------------------------------------------------------------------------------

COLUMNS = [
    ("events", "position"),
    ("events", "type"),
    ("events", "data"),
    ("events", "tags"),
    ("tags", "tag"),
    ("tags", "type"),
    ("tags", "position"),
    ("vault", "number"),
    ("vault", "event"),
    ("vault", "pointer"),
    ("vault", "salt"),
    ("vault", "value"),
    ("vault", "salt_digest"),
    ("types", "type"),
    ("types", "position"),
    ("indexed", "position"),
    ("log", "idx"),
    ("log", "hashes"),
    ("meta", "name"),
    ("meta", "value"),
]

#: What no bit of changes any answer: texts are found by event and pointer, in whatever order.
HARMLESS = {("vault", "number")}


def test_there_is_no_other_column(path):
    sql = """
        SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table'
    """
    with closing(sqlite3.connect(path)) as connection:
        assert sorted(connection.execute(sql).fetchall()) == sorted(COLUMNS)


def flipped(value, chance):
    """Return a value with one bit flipped, of the same type."""
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(20)
    data = bytearray(value.encode() if isinstance(value, str) else value)
    at = chance.randrange(len(data))
    # Of text, a bit that leaves it text.
    data[at] ^= 1 << chance.randrange(5 if isinstance(value, str) else 8)
    return data.decode() if isinstance(value, str) else bytes(data)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_bit_flipped_in_any_column_is_found_or_changes_nothing(path, table, column):
    chance = random.Random(f"{table}.{column}")  # noqa: S311 - which bits, does not matter
    before = answered(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        live = " WHERE salt != zeroblob(32)" if table == "vault" else ""
        rows = connection.execute(f"SELECT {column} FROM {table}{live}").fetchall()  # noqa: S608
        for _ in range(4):
            (value,) = chance.choice(rows)
            other = flipped(value, chance)
            if (other,) in rows:
                continue  # what stands there already could not be told from it afterwards
            change = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"  # noqa: S608
            try:
                connection.execute("BEGIN")
                connection.execute(change, (other, value))
                connection.execute("COMMIT")
            except sqlite3.IntegrityError:
                connection.execute("ROLLBACK")  # stands there already
                continue
            said = looked_at(path)
            if (table, column) in HARMLESS:
                assert (said, answered(path)) == ([], before), (value, other)
            else:
                assert said, (value, other)
            connection.execute(change, (value, other))
    assert looked_at(path) == []


ERASED = [
    ("event", "'0' || substr(event, 2)"),
    ("pointer", "'/data/other'"),
    ("salt_digest", "zeroblob(32)"),
    ("value", "'   '"),
]


@pytest.mark.parametrize(("column", "value"), ERASED)
def test_what_is_left_of_an_erased_text_answers_nothing(path, column, value):
    before = answered(path)
    with closing(sqlite3.connect(path)) as connection:
        sql = f"UPDATE vault SET {column} = {value} WHERE salt = zeroblob(32)"  # noqa: S608
        assert connection.execute(sql).rowcount == 1
        connection.commit()
    assert looked_at(path) == []
    assert answered(path) == before


# -- every index -------------------------------------------------------------------------------

INDICES = """
    SELECT name, rootpage FROM sqlite_master WHERE type = 'index'
    UNION ALL SELECT name, rootpage FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'
    ORDER BY name
"""
NAMES = [
    "meta",
    "sqlite_autoindex_vault_1",
    "sqlite_autoindex_vault_2",
    "tags",
    "types",
]


def test_there_is_no_other_index(path):
    with closing(sqlite3.connect(path)) as connection:
        assert [name for name, _ in connection.execute(INDICES)] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_index_emptied_is_found(path, name):
    with closing(sqlite3.connect(path)) as connection:
        root = dict(connection.execute(INDICES).fetchall())[name]
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        # A leaf, no free block, no cell, and the cells' area begins at the end of the page.
        file.write((b"\x0a\0\0\0\0" + PAGE.to_bytes(2, "big") + b"\0").ljust(PAGE, b"\0"))
    assert looked_at(path) or name == "meta"
    # What `meta` keeps, the files beside the log key keep as well: that checkpoints were signed.


# -- every page --------------------------------------------------------------------------------


def flip(path, at, bit):
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))


def is_no_answer_from_damage(path, at, bit, before):
    """Flip a bit, and look: either something is found, or everything is as it was."""
    flip(path, at, bit)
    if looked_at(path) == []:
        assert answered(path) == before, (at, bit)
    path.with_name("a.db-shm").unlink(missing_ok=True)
    path.with_name("a.db-wal").unlink(missing_ok=True)
    flip(path, at, bit)


def test_a_bit_flipped_on_any_page_is_found_or_changes_nothing(path):
    chance = random.Random(11)  # noqa: S311 - which bits, does not matter
    before = answered(path)
    pages = path.stat().st_size // PAGE
    for page in range(0, pages, 2):
        is_no_answer_from_damage(
            path, page * PAGE + chance.randrange(PAGE), chance.randrange(8), before
        )
    for at in range(0, 100, 3):  # the file's header
        is_no_answer_from_damage(path, at, chance.randrange(8), before)


@pytest.mark.hours
def test_a_bit_flipped_in_any_byte_is_found_or_changes_nothing(path):
    before = answered(path)
    for at in range(path.stat().st_size):
        is_no_answer_from_damage(path, at, at % 8, before)


# -- ends that were not clean ------------------------------------------------------------------


@pytest.fixture
def left(path, tmp_path):
    """A ledger as its writer left it that died: its last entry is in the write-ahead log."""
    folder = tmp_path / "left"
    folder.mkdir()
    with Ledger.open(str(path), clock=Clock()) as ledger:
        ledger.append(visit(ledger))
        for name in ("a.db", "a.db-wal"):
            shutil.copy(tmp_path / name, folder / name)
    return folder / "a.db"


def test_after_an_unclean_end_a_sound_ledger_opens(left):
    assert left.with_name("a.db-wal").stat().st_size
    with Ledger.open(str(left), clock=Clock()) as ledger:
        ledger.append(visit(ledger))


def test_after_an_unclean_end_a_damaged_one_does_not(left):
    with closing(sqlite3.connect(f"{left.as_uri()}?immutable=1", uri=True)) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name='sqlite_autoindex_vault_2'"
        ).fetchone()[0]
    with left.open("r+b") as file:
        file.seek((root - 1) * PAGE + 3)
        file.write(b"\x01\xff")
    with pytest.raises(LedgerError, match="the ledger's file is damaged"):
        Ledger.open(str(left), clock=Clock())


def test_while_others_have_it_open_nothing_is_looked_for(path):
    with Ledger.open(str(path), clock=Clock()) as ledger:
        ledger.append(visit(ledger))
        assert path.with_name("a.db-wal").stat().st_size
        with Ledger.open(str(path), clock=Clock()) as other:
            assert other.head() == ledger.head()


@pytest.mark.parametrize(("table", "column"), COLUMNS[:-2])
def test_a_value_of_another_type_is_found(path, table, column):
    """As one bit makes of it: bytes are text then, and text is bytes."""
    with closing(sqlite3.connect(path)) as connection:
        kind = connection.execute(f"SELECT typeof({column}) FROM {table}").fetchone()[0]  # noqa: S608
        if kind == "integer":
            return  # the columns of the keys take nothing else
        other = "TEXT" if kind == "blob" else "BLOB"
        connection.execute(
            f"UPDATE {table} SET {column} = CAST({column} AS {other}) WHERE {column} ="  # noqa: S608
            f" (SELECT max({column}) FROM {table})"
        )
        connection.commit()
    assert any(f"of {table} hold a value of another type" in one for one in looked_at(path))
