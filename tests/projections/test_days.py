"""On which day something is known, and from which day on it is overdue."""

from __future__ import annotations

import pytest
from two_years import tell

from projections.reports.owes import Asked, owes
from projections.tables.catalogue import views
from projections.tables.views import moment

UNANSWERED = ("attestation", "school:900005", "2024-12-18")


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("days")
    (folder / "keys").mkdir()
    with (
        tell(folder, 1, lambda _: None) as ledger,
        views(ledger.store, folder / "v").open() as made,
    ):
        yield ledger, made


@pytest.mark.parametrize(
    ("day", "last"),
    [("2024-09-01", None), ("2024-09-02", "2024-09-02"), ("2024-09-10", "2024-09-09")],
    ids=["the day before the first entry", "the first day", "a day without entries"],
)
def test_a_day_knows_all_that_was_recorded_on_it_and_nothing_later(asked, day, last):
    ledger, made = asked
    known = moment(made, known_at=day).known_at
    entries = list(ledger.entries())
    before = [entry for entry in entries if entry.recorded_at[:10] <= day]
    assert known == len(before)
    assert (before[-1].recorded_at[:10] if before else None) == last


@pytest.mark.parametrize(("day", "overdue"), [("2024-12-18", False), ("2024-12-19", True)])
def test_what_is_due_is_overdue_from_the_next_day_on(asked, day, overdue):
    ledger, made = asked
    at = moment(made, as_of=day)
    rows = [row for row in owes(made, ledger.store, at, Asked()).rows if row["unit"] == "item"]
    found = {(row["kind"], row["debtor"], row["due_on"]): row["overdue"] for row in rows}
    assert found[UNANSWERED] is overdue
    listed = owes(made, ledger.store, at, Asked(overdue=True)).rows
    assert (UNANSWERED in {(r["kind"], r["debtor"], r["due_on"]) for r in listed}) is overdue
