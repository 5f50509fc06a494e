"""The views in use are compared with a rebuild at one position, whoever records meanwhile."""

import sqlite3
from contextlib import closing

import pytest
from two_years import tell

from projections.tables import catalogue, sums
from projections.tables.comparison import differences_from_rebuild
from projections.tables.views import Views


@pytest.fixture
def ledger(tmp_path):
    (tmp_path / "keys").mkdir()
    with tell(tmp_path, 7, lambda _: None) as told:
        yield told


@pytest.fixture
def used(ledger, tmp_path):
    return catalogue.views(ledger.store, tmp_path / "views")


def compared(ledger, used):
    return differences_from_rebuild(used, ledger.store, catalogue.views)


def test_views_that_are_caught_up_are_as_a_rebuild(ledger, used):
    assert compared(ledger, used) == []


def test_views_that_were_changed_are_not(ledger, used):
    path = used.caught_up()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE postings SET amount = amount + 1 WHERE rowid = 1")
        connection.commit()
    sums.write(path, sums.taken(path))
    assert compared(ledger, used) == [
        "the table postings lacks 1 rows of a rebuild and has 1 that a rebuild has not"
    ]


def test_entries_recorded_after_the_views_were_caught_up_make_no_difference(
    ledger, used, monkeypatch
):
    """As while somebody records: the store has gone on by the time that a rebuild begins."""
    behind = used.caught_up()
    head = ledger.store.head()
    monkeypatch.setattr(ledger.store, "head", lambda: head - 5)
    earlier = catalogue.views(ledger.store, used.folder.with_name("earlier"))
    with monkeypatch.context() as patch:
        rows = list(ledger.store.entries())[: head - 5]
        patch.setattr(ledger.store, "entries", lambda after=0: iter(rows[after:]))
        path = earlier.rebuild()
    monkeypatch.undo()
    assert earlier.position(path) == head - 5
    monkeypatch.setattr(earlier, "caught_up", lambda: path)
    assert compared(ledger, earlier) == []
    assert used.position(behind) == head


def test_views_that_others_catch_up_all_the_while_are_said_not_to_be_compared(
    ledger, used, monkeypatch
):
    position = Views.position
    monkeypatch.setattr(used, "position", lambda path: position(used, path) - 1)
    assert compared(ledger, used) == [
        "others caught the views up all the while, so they could not be compared"
    ]
