"""Who owes what to whom, over all parties: told as it is looked up, however much there is."""

import sqlite3

import pytest

from projections.reports import owes as module
from projections.reports.marks import NOTES
from projections.reports.owes import Asked, owes

EVERYTHING = Asked(settled=True)


@pytest.fixture
def told(northwick):
    """Return the answer of a question on the demo."""
    return lambda asked: owes(northwick.connection, northwick.store, northwick.at(), asked)


@pytest.mark.parametrize(("first", "most"), [(1, 1), (1, 4), (7, 2_000)])
def test_it_is_the_same_however_many_rows_are_looked_up_together(told, monkeypatch, first, most):
    whole = told(EVERYTHING)
    expected = list(whole.rows)
    monkeypatch.setattr(module, "_FIRST", first)
    monkeypatch.setattr(module, "_MOST", most)
    parted = told(EVERYTHING)
    assert list(parted.rows) == expected
    assert parted.notes == whole.notes
    assert "unvouched: " + NOTES["unvouched"] in whole.notes


def test_the_first_rows_are_told_before_the_others_are_looked_up(told, monkeypatch):
    monkeypatch.setattr(module, "_FIRST", 3)
    looked_up, look_up = [], module._look_up
    monkeypatch.setattr(
        module,
        "_look_up",
        lambda connection, store, at, rows, marks: (
            looked_up.append(len(rows)),
            look_up(connection, store, at, rows, marks),
        ),
    )
    rows = iter(told(EVERYTHING).rows)
    assert next(rows)["debtor_name"]
    assert looked_up == [3]
    assert len(list(rows)) > 60
    assert looked_up[:3] == [3, 6, 12]


@pytest.mark.parametrize("together", [1, 20, 10_000])
@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        EVERYTHING,
        Asked(overdue=True),
        Asked(kind="impact_account", settled=True),
    ],
    ids=["what is left", "everything", "what is overdue", "one kind"],
)
def test_summed_by_due_day_it_is_the_same_in_the_same_order(
    northwick, monkeypatch, asked, together
):
    """On every tenth position of the demo, as of that day and as of others."""
    monkeypatch.setattr(module, "_FIRST", together)
    moments = [northwick.at(known_at=str(each)) for each in range(10, northwick.last, 10)]
    for at in (*moments, northwick.at("2025-06-30"), northwick.at("2199-12-31")):
        whole = list(module.balances(northwick.connection, at, asked))
        assert list(module._by_due_day(northwick.connection, at, asked)) == whole


def test_what_never_falls_due_comes_last(northwick):
    """No kind of today is without a day; one that came to be must be told all the same."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    northwick.connection.backup(connection)
    connection.execute("UPDATE postings SET due_on = NULL WHERE kind = 'impact_account'")
    at = northwick.at()
    whole = list(module.balances(connection, at, EVERYTHING))
    assert whole[-1]["due_on"] is None
    assert list(module._by_due_day(connection, at, EVERYTHING)) == whole


def test_the_first_rows_are_told_before_those_due_later_are_summed(northwick, monkeypatch):
    monkeypatch.setattr(module, "_FIRST", 1)
    summed, balances = [], module.balances
    monkeypatch.setattr(
        module, "balances", lambda *args: summed.append(args[-1].parameters) or balances(*args)
    )
    rows = module._by_due_day(northwick.connection, northwick.at(), EVERYTHING)
    due = next(rows)["due_on"]
    assert summed == [{"first": due, "last": due}]
    assert len(list(rows)) > 60
    assert len(summed) > 5
