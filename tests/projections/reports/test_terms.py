"""Terms: each day belongs to one, as the rules tell it or as a third of the year."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from projections.reports.terms import Terms

AUTUMN = (date(2025, 9, 3), date(2025, 12, 19))
SPRING = (date(2026, 1, 6), date(2026, 3, 27))
TOLD = Terms([AUTUMN, SPRING])

DAYS = {
    "within": (date(2025, 10, 1), "Autumn 2025", *AUTUMN),
    "in the holiday before the next": (date(2025, 12, 25), "Autumn 2025", *AUTUMN),
    "the first of the next": (date(2026, 1, 6), "Spring 2026", *SPRING),
    "after the last told": (
        *(date(2026, 4, 2), "Spring 2026"),
        *(date(2026, 3, 28), date(2026, 4, 30)),
    ),
    "before the first told": (
        *(date(2025, 9, 1), "Autumn 2025"),
        *(date(2025, 9, 1), date(2025, 9, 2)),
    ),
    "long before": (date(2025, 8, 31), "Summer 2025", date(2025, 5, 1), date(2025, 8, 31)),
}


@pytest.mark.parametrize("case", DAYS.values(), ids=DAYS)
def test_the_term_of_a_day(case):
    day, name, first, last = case
    term = TOLD.of(day)
    assert (term.name, term.first, term.last) == (name, first, last)


def test_without_any_told_they_are_thirds_of_the_year():
    found = [term.name for term in Terms([]).between(date(2025, 12, 31), date(2026, 9, 1))]
    assert found == ["Autumn 2025", "Spring 2026", "Summer 2026", "Autumn 2026"]


def test_each_day_belongs_to_one_and_they_follow_on_one_another():
    found = list(TOLD.between(date(2025, 6, 1), date(2026, 12, 31)))
    for term, after in pairwise(found):
        assert term.until + timedelta(days=1) == after.first
        assert TOLD.of(term.first) == TOLD.of(term.until) == term


def test_what_is_told_later_counts_where_both_overlap():
    later = (date(2025, 9, 1), date(2025, 12, 12))
    assert Terms([AUTUMN, later]).of(date(2025, 12, 1)).last == date(2025, 12, 12)


def test_a_year_of_which_nothing_is_told_is_no_holiday():
    summer, autumn = (date(2025, 4, 20), date(2025, 7, 20)), (date(2026, 9, 1), date(2026, 12, 1))
    term = Terms([summer, autumn]).of(date(2026, 2, 1))
    assert (term.name, term.told) == ("Spring 2026", False)
