"""One change in who owes what, in words."""

from __future__ import annotations

import pytest

from projections.reports.changes import sentence

ROW = {
    "debtor_name": "Alder School",
    "creditor_name": "Estuary",
    "kind_title": "visits of the year",
    "unit": "visit",
    "due_on": "2026-07-31",
    "given_beyond": "",
}


BEYOND = "1 given beyond what was owed"


@pytest.mark.parametrize(
    ("before", "after", "beyond", "said"),
    [
        ("0", "3", "", "Alder School owes Estuary 3 visits of the year, due 2026-07-31"),
        ("3", "2", "", "Alder School owes Estuary 2 visits of the year (it was 3), due 2026-07-31"),
        ("1", "0", "", "Alder School owed Estuary 1 visit of the year; nothing is left of it"),
        (
            "0",
            "0",
            "1",
            f"Alder School owes Estuary no visits of the year; {BEYOND}",
        ),
        (
            "1",
            "0",
            "1",
            f"Alder School owed Estuary 1 visit of the year; nothing is left of it; {BEYOND}",
        ),
    ],
)
def test_a_change_is_told_with_what_is_left_and_what_was_given_beyond(before, after, beyond, said):
    row = ROW | {"before": before, "after": after, "given_beyond": beyond}
    assert sentence(row) == said


def test_what_was_answered_and_is_asked_no_more_is_said_so():
    asked = {"kind_title": "answer to a need", "unit": "item"}
    row = ROW | asked | {"before": "0", "after": "0", "given_beyond": "1"}
    assert sentence(row) == (
        "Alder School owed Estuary no answer to a need after all, though it was given"
    )


MONEY = {
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
    assert sentence({**MONEY, **changes}) == words
