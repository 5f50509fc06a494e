"""Who owes what to whom, over all parties: told as it is looked up, however much there is."""

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
