"""Days along a line: in order, within its ends, and named where there is room."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import parsed

from projections.pictures.days import Days, names
from projections.pictures.letters import SMALL, width

DAYS = st.dates(date(1870, 1, 1), date(2199, 12, 31))


def words(days):
    return [element.text for element in parsed(f"<g>{names(days, 0)}</g>")]


@given(st.lists(DAYS, min_size=2).map(sorted))
def test_days_stand_in_order_from_end_to_end(found):
    days = Days(found[0], found[-1], 10.0, 100.0)
    places = [days.at(day) for day in found]
    assert places == sorted(places)
    assert places[0] == 10.0
    assert places[-1] == (100.0 if found[0] != found[-1] else 10.0)


@given(st.lists(DAYS, min_size=2, max_size=2).map(sorted), st.integers(120, 960))
def test_names_never_meet_nor_leave_the_line(found, room):
    days = Days(*found, 0.0, float(room))
    elements = list(parsed(f"<g>{names(days, 0)}</g>"))
    ends = [(float(e.attrib["x"]), width(e.text, SMALL)) for e in elements]
    assert all(x + wide <= room for x, wide in ends) or "to" in elements[0].text
    assert all(x + wide <= after for (x, wide), (after, _) in pairwise(ends))


CASES = [
    (date(2024, 9, 2), date(2024, 12, 20), ["Oct 2024", "Nov 2024"]),
    (date(2024, 9, 2), date(2026, 7, 31), ["Mar 2025", "Sep 2025", "Mar 2026"]),
    (date(2020, 1, 1), date(2026, 7, 31), ["Sep 2020", "Sep 2022", "Sep 2024"]),
    (date(2024, 9, 2), date(2024, 9, 9), ["2024-09-02 to 2024-09-09"]),
    (date(2024, 9, 2), date(2024, 9, 2), ["2024-09-02"]),
]


@pytest.mark.parametrize(("first", "last", "expected"), CASES)
def test_school_years_begin_at_a_name(first, last, expected):
    assert words(Days(first, last, 0.0, 320.0))[: len(expected)] == expected
