"""What stands on a day: memberships up to their last day, and days so many months before."""

import pytest

from projections.reports.school_facts import months_before
from projections.reports.standing import Membership


@pytest.mark.parametrize(
    ("last", "day", "covers"),
    [
        ("2026-06-30", "2026-01-09", False),
        ("2026-06-30", "2026-01-10", True),
        ("2026-06-30", "2026-06-30", True),
        ("2026-06-30", "2026-07-01", False),
        (None, "2026-07-01", True),
    ],
)
def test_a_membership_covers_its_days_the_first_and_the_last_among_them(last, day, covers):
    member = Membership("school:900001", "partnership:estuary", "2026-01-10", last, [])
    assert member.covers(day) == covers


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-03-15", 12, "2025-03-15"),
        ("2026-03-15", 15, "2024-12-15"),
        ("2026-05-31", 3, "2026-02-28"),
        ("2024-05-31", 3, "2024-02-29"),
        ("0001-03-01", 12, ""),
    ],
)
def test_a_day_so_many_months_before_is_a_day_of_that_month(day, months, before):
    assert months_before(day, months) == before
