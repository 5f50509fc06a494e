"""What an event changed, in a sentence."""

import pytest

from projections.reports.changes import sentence

ROW = {
    "debtor_name": "Elm",
    "creditor_name": "Northwick",
    "kind_title": "account of spending",
    "unit": "GBP",
    "due_on": "2026-07-31",
    "given_beyond": "",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"before": "0.00", "after": "1250.50"},
            "Elm owes Northwick £1,250.50 account of spending, due 2026-07-31",
        ),
        (
            {"before": "1250.50", "after": "0.50"},
            ("Elm owes Northwick £0.50 account of spending (it was £1,250.50), due 2026-07-31"),
        ),
        (
            {"before": "0.50", "after": "0.00"},
            "Elm owed Northwick £0.50 account of spending; nothing is left of it",
        ),
        (
            {"before": "6.0", "after": "2.5", "unit": "day", "kind_title": "days of support"},
            "Elm owes Northwick 2.5 days of support (it was 6.0), due 2026-07-31",
        ),
    ],
)
def test_pounds_are_told_as_pounds_and_days_as_days(changes, words):
    assert sentence({**ROW, **changes}) == words
