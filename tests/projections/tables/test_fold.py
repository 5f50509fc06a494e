"""Folding: what a fold may rely on, and what is written when."""

import gc
import sqlite3
from contextlib import closing

import pytest
from recording import DAY, ONE, TWO, a_year, agreed, found, offer, say

from ledger.decision_model.facts import Book
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.visits import facts as visits
from ledger.errors import StoreError
from projections.tables import journal
from projections.tables.fold import Projection, Tables, fold_with
from projections.tables.views import Layout


@pytest.fixture
def ledger(tmp_path):
    with found(tmp_path / "a.db") as ledger:
        yield ledger


@pytest.fixture
def connection():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT)")
        connection.execute("CREATE TABLE noted (position INTEGER)")
        yield connection


NOTED = Layout("noted", 1, "", "")


def note(entry, tables):
    tables.insert("INSERT INTO noted VALUES (?)", (entry.position,))


def rows(connection, sql="SELECT position FROM noted ORDER BY rowid"):
    return [row[0] for row in connection.execute(sql)]


def test_every_entry_once_in_order(ledger, connection):
    fold_with([Projection(NOTED, (), note)])(connection, ledger.store, 0, True)
    assert rows(connection) == list(range(1, ledger.head().size + 1))
    assert rows(connection, "SELECT value FROM state") == [str(ledger.head().size)]


def test_only_what_comes_after(ledger, connection):
    fold_with([Projection(NOTED, (), note)])(connection, ledger.store, 12, False)
    assert rows(connection) == list(range(13, ledger.head().size + 1))


def test_nothing_new_changes_nothing(ledger, connection):
    size = ledger.head().size
    fold_with([Projection(NOTED, (), note)])(connection, ledger.store, size, False)
    assert rows(connection) == []
    assert rows(connection, "SELECT value FROM state") == [str(size)]


def test_facts_stand_as_before_the_entry(ledger, connection):
    offered = offer(ledger)
    say(ledger, TWO, "SupportAgreed", **agreed(offered))
    seen = []

    def look(entry, tables):
        value = tables.look(brokerage.offer(offered))
        seen.append((entry.name, value and value.agreement))

    for families in ((brokerage.OFFER,), ()):
        for complete in (True, False):
            seen.clear()
            fold_with([Projection(NOTED, families, look)])(connection, ledger.store, 0, complete)
            assert seen[-2:] == [("SupportOffered", None), ("SupportAgreed", None)]
            assert {value for _, value in seen} == {None}


def test_complete_facts_equal_facts_read_from_the_record(ledger):
    a_year(ledger)
    entries = list(ledger.entries())
    complete = Book(ledger.record.read, 0, [brokerage.AGREEMENT, visits.VISIT, brokerage.OFFER])
    for entry in entries:
        complete.apply(entry)
    for entry in entries:
        for fact in (brokerage.agreement, visits.visit, brokerage.offer):
            assert complete.look(fact(entry.id)) == ledger.look(fact(entry.id))


def test_book_that_drops_what_it_holds_answers_the_same(ledger, monkeypatch):
    a_year(ledger)
    facts = [
        family(entry.id)
        for entry in ledger.entries()
        for family in (brokerage.agreement, visits.visit, brokerage.offer)
    ]
    kept = [ledger.look(fact) for fact in facts]
    monkeypatch.setattr("ledger.decision_model.facts._MOST_TAGS", 2)
    monkeypatch.setattr("ledger.decision_model.facts._MOST_THREADS", 2)
    book = Book(ledger.record.read)
    for entry in ledger.entries():
        book.apply(entry)
    assert [book.look(fact) for fact in facts] == kept


def test_withdrawal_is_folded_out_of_a_held_fact(ledger):
    offered = offer(ledger)
    assert ledger.look(brokerage.offer(offered)) is not None
    withdrawn = {"event": f"event:{offered}", "effective_on": DAY.isoformat()}
    say(ledger, ONE, "EventWithdrawn", code="entered_in_error", **withdrawn)
    assert ledger.look(brokerage.offer(offered)) is None


def test_rows_kept_back_are_seen_by_who_reads(connection):
    tables = Tables(connection, None, Book(lambda *_: ()), complete=True)
    tables.insert("INSERT INTO noted VALUES (?)", (1,))
    assert rows(connection) == []
    assert tables.fetch("SELECT position FROM noted") == [(1,)]
    tables.insert("INSERT INTO noted VALUES (?)", (2,))
    tables.execute("UPDATE noted SET position = position + ?", 10)
    assert rows(connection) == [11, 12]


def test_rows_are_written_before_they_are_too_many(connection, monkeypatch):
    monkeypatch.setattr("ledger.rows._FLUSH_ROWS", 3)
    tables = Tables(connection, None, Book(lambda *_: ()), complete=True)
    for number in range(4):
        tables.insert("INSERT INTO noted VALUES (?)", (number,))
    assert rows(connection) == [0, 1, 2]


def test_progress_is_told(ledger, connection):
    for _ in range(520):
        offer(ledger)
    told = []
    fold = fold_with([Projection(NOTED, (), note)], lambda *each: told.append(each))
    fold(connection, ledger.store, 0, True)
    assert told == [(512, ledger.head().size)]


@pytest.mark.parametrize("enabled", [True, False])
def test_collector_is_as_before(ledger, connection, enabled):
    (gc.enable if enabled else gc.disable)()
    try:
        fold_with([Projection(NOTED, (), note)])(connection, ledger.store, 0, True)
        assert gc.isenabled() == enabled
    finally:
        gc.enable()


def test_entry_that_was_changed_is_told_by_its_place_and_model_and_what_to_run(
    ledger, connection, monkeypatch
):
    offer(ledger)
    position = ledger.head().size
    changed = ledger.raw(position).replace(ONE.school.join('""').encode(), b"7")
    monkeypatch.setattr(ledger.store, "entries", lambda _: [(position, changed)])

    def fail(entry, _tables):
        entry.data["provider"].partition(":")

    said = (
        f"entry {position} is not as anybody recorded it: .*provider: it is not text.*run `school"
    )
    with pytest.raises(StoreError, match=said):
        fold_with([Projection(NOTED, (), fail)])(connection, ledger.store, position - 1, False)


def test_fold_that_fails_by_itself_says_so(ledger, connection):
    def fail(_entry, _tables):
        raise TypeError("not the entry's fault")

    with pytest.raises(TypeError, match="not the entry's fault"):
        fold_with([Projection(NOTED, (), fail)])(connection, ledger.store, 0, True)


def test_obligations_alone_fold_without_other_views(ledger, connection):
    offered = offer(ledger)
    say(ledger, TWO, "SupportAgreed", **agreed(offered))
    connection.executescript(journal.PROJECTION.layout.tables)
    fold_with([journal.PROJECTION])(connection, ledger.store, 0, True)
    assert rows(connection, "SELECT amount FROM postings") == [600, 100, 100, 100]
