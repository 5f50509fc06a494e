"""A merger that makes the sides of an agreement one ends it, for whoever commissioned it."""

import pytest
from given import (
    BEN,
    FOUR,
    NORTHWICK,
    NORTHWICK_BODY,
    ONE,
    agreed,
    decided,
    given,
    offered,
    schools_merged,
    support_ended,
)

REVIEWED = ["2024-12-13", "2025-03-21"]
APPROVED = given(
    NORTHWICK,
    offered(commissioner=NORTHWICK_BODY),
    decided(offer="offer:o", decision="approve", on="2024-09-03"),
    agreed(review_dates=REVIEWED),
)
TO_ONE = {"on": "2025-01-10", "effective_on": "2025-01-10"}
BECAME_ONE = given(APPROVED, schools_merged(**TO_ONE))


def owed(history, kind, on=None):
    return [row.partition(": ")[2] for row in history.owed(on, kind)]


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("review", f"{NORTHWICK_BODY} owes {ONE} 1 item by"),
        ("progress_report", f"{ONE} owes {NORTHWICK_BODY} 1 item by"),
    ],
)
def test_what_was_to_be_reviewed_later_is_void_and_what_is_overdue_stays(kind, row):
    assert {*owed(BECAME_ONE, kind)} == {f"{row} 2024-12-13"}
    assert {*owed(BECAME_ONE, kind, "2025-01-09")} == {*owed(APPROVED, kind)}


def test_accounts_of_impact_fall_due_from_that_day():
    owes = f"{ONE} owes {NORTHWICK_BODY} 1 item by"
    assert owed(BECAME_ONE, "impact_account") == [f"{owes} 2025-02-21"] * 2
    assert owed(BECAME_ONE, "followup_account", "2025-01-10") == [f"{owes} 2026-01-10"]


def test_a_plan_that_is_overdue_stays_owed_and_one_due_later_is_void():
    early = given(
        NORTHWICK,
        offered(),
        agreed(commissioner=NORTHWICK_BODY),
        schools_merged(on="2024-09-10", effective_on="2024-09-10"),
    )
    assert owed(early, "plan") == []
    assert owed(BECAME_ONE, "plan") == [f"{ONE} owes {NORTHWICK_BODY} 1 item by 2024-09-18"]


def test_nothing_ends_where_only_one_side_merges_or_the_support_is_over():
    with_four = given(APPROVED, schools_merged(predecessors=[ONE, FOUR], school=FOUR, **TO_ONE))
    assert len(owed(with_four, "review")) == 2
    over = given(APPROVED, support_ended(on="2024-12-20", by=BEN))
    merged = given(over, schools_merged(**TO_ONE))
    assert {row[-10:] for row in owed(merged, "impact_account")} == {"2025-01-31"}


def test_with_nobody_who_commissioned_it_nothing_is_owed_any_more():
    history = given(NORTHWICK, offered(), agreed(review_dates=REVIEWED), schools_merged(**TO_ONE))
    assert [row for row in history.owed() if not row.startswith("handover")] == []
