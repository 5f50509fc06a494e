"""Control totals at the head of a file: what is left by kind, and columns that are added up."""

import pytest

from projections.exports.base import Tally
from projections.reports.base import Heading, Report
from projections.reports.columns import KIND_TITLE, LEFT, UNIT, Column

_HEADING = Heading("northwick.example/support", 1, "", "2026-01-01", 1)
_VISITS = Column("visits", "Visits made", "How many.", "number", summed="visit")
_LEFT = {"kind_title": "answer to a visit", "outstanding": "1", "unit": "item"}
_PAID = {"kind_title": "payment", "outstanding": "1400.00", "unit": "GBP"}


@pytest.mark.parametrize(
    ("columns", "rows", "said"),
    [
        ([_VISITS], [{"visits": 2}, {"visits": None}, {"visits": 3}], ["Visits made: 5 visits"]),
        ([_VISITS], [], ["Visits made: 0 visits"]),
        ([Column("visits", "Visits", "How many.", "number")], [{"visits": 2}], []),
        ([KIND_TITLE, LEFT, UNIT], [_LEFT, _LEFT], ["answer to a visit: 2 items"]),
        ([KIND_TITLE, LEFT, UNIT], [_LEFT], ["answer to a visit: 1 item"]),
        ([KIND_TITLE, LEFT, UNIT], [_PAID, _PAID], ["payment: £2,800.00"]),
    ],
)
def test_what_a_column_adds_up_to_is_told_in_its_unit(columns, rows, said):
    report = Report("told", "Told", _HEADING, columns, rows, "Nothing.")
    tally = Tally(report)
    assert list(tally.of(rows)) == rows
    assert [total.words for total in tally.totals] == said
