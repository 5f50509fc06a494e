"""Intervals: each figure has a dot, and a line from bound to bound, on the scale of its group."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import shapes, texts

from projections.pictures.base import HIGH, NARROW, WIDE
from projections.pictures.intervals import Group, Interval, intervals

ONE = Interval("Alder: 74.5", Decimal("74.5"), Decimal(70), Decimal(80))
APART = Interval("Birch: 61.0", Decimal(61), Decimal(60), Decimal(62), apart=True)
ALONE = Interval("Cedar: 75", Decimal(75))


def test_a_group_of_three_is_this():
    (panel,) = intervals([Group("raw", "phonics", [ONE, APART, ALONE])], WIDE)
    said = ["phonics", "raw", "Alder: 74.5", "Birch: 61.0", "Cedar: 75", "60", "80"]
    assert texts([panel]) == said
    one, alone = shapes([panel], "circle")
    assert one["class"] == alone["class"] == "fill-mark"
    (apart,) = shapes([panel], "rect")
    assert apart["class"] == "fill-late"
    lines = shapes([panel], "line")
    assert len(lines) == 2 * 3 + 1, "a line and two ends for each with bounds, and the scale"
    assert panel.height == 24 + 3 * 34 + 20 + 12


def test_a_figure_is_told_whole_with_its_bounds_on_a_telephone_too():
    told = "Cedar Bank Academy (900103): 74.1 (61.6 to 83.7; 58 pupils)"
    long = ONE._replace(word=told)
    (panel,) = intervals([Group("raw", "phonics", [long, APART])], NARROW)
    assert " ".join(texts([panel])[2:4]) == told
    (short,) = intervals([Group("raw", "phonics", [ONE, APART])], NARROW)
    assert panel.height == pytest.approx(short.height + 15.6), "a line more"
    dots = [
        (each["cy"], other["y"])
        for each, other in zip(shapes([panel], "circle"), shapes([panel], "rect"), strict=True)
    ]
    assert all(float(circle) < float(square) for circle, square in dots)


NUMBERS = st.decimals(-999, 999, places=1)
TRIPLES = st.lists(NUMBERS, min_size=3, max_size=3).map(sorted)


@given(st.lists(TRIPLES, min_size=1, max_size=6), st.sampled_from([NARROW, WIDE]))
def test_every_figure_lies_between_its_bounds_and_within_the_picture(found, wide):
    drawn = [Interval("one", value, lower, upper) for lower, value, upper in found]
    panels = intervals([Group("raw", "phonics", drawn)], wide)
    bounds = [one for one in shapes(panels, "line") if one["class"] == "stroke-mark"][::3]
    for dot, line in zip(shapes(panels, "circle"), bounds, strict=True):
        assert float(line["x1"]) - 0.1 <= float(dot["cx"]) <= float(line["x2"]) + 0.1
        assert 0 <= float(line["x1"]) <= float(line["x2"]) <= wide


@pytest.mark.parametrize("groups", [[], [Group("raw", "phonics", [])]])
def test_nothing_is_no_panel(groups):
    assert intervals(groups, WIDE) == []


@pytest.mark.parametrize("wide", [NARROW, WIDE])
def test_many_are_drawn_in_parts_that_fit(wide):
    groups = [Group(f"School {n}", "phonics", [ONE, APART]) for n in range(30)]
    panels = intervals(groups, wide)
    assert len(panels) > 2
    assert all(panel.height <= HIGH[wide] for panel in panels)
    assert all(texts([panel])[0] == "phonics" for panel in panels)
