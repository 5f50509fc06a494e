"""A map: north up, the same scale both ways, no label on another, everybody counted."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import name, shapes, texts

from projections.pictures.base import HIGH, NARROW, WIDE
from projections.pictures.letters import SMALL
from projections.pictures.map import MOST_NUMBERED, Sign, Spot, _labelled, _meet, _view, chart

NEED, OTHER = Sign("in need", "late", "triangle"), Sign("others", "mark", "circle")
SIGNS = (NEED, OTHER)
HERE = Spot("Alder", 400_000, 500_000, OTHER)


def circles(panels):
    return [(float(one["cx"]), float(one["cy"])) for one in shapes(panels, "circle")]


def test_two_a_hundred_kilometres_apart_are_this():
    east = Spot("Birch", 500_000, 500_000, NEED)
    (panel,) = chart([HERE, east], SIGNS, WIDE, "1 school without a place.")
    assert texts([panel]) == [
        *("Alder", "Birch", "20 km", "North", "1 in need", "1 others"),
        "1 school without a place.",
    ]
    assert circles([panel])[0] == (28, 70)


@pytest.mark.parametrize("wide", [NARROW, WIDE])
def test_north_is_up_and_a_metre_is_as_long_both_ways(wide):
    spots = [HERE, *(Spot("B", 400_000 + e, 500_000 + n, OTHER) for e, n in ((9000, 0), (0, 9000)))]
    here, east, north, *_ = circles(chart(spots, SIGNS, wide))
    assert east[0] - here[0] == pytest.approx(here[1] - north[1], abs=0.2)
    assert north[1] < here[1] == east[1]
    assert north[0] == here[0] < east[0]


@pytest.mark.parametrize(
    ("metres", "told"), [(100, "1 km"), (3_000, "2 km"), (40_000, "20 km"), (600_000, "500 km")]
)
def test_the_scale_is_a_round_number_of_kilometres_as_long_as_it_says(metres, told):
    panels = chart([HERE, HERE._replace(northing=500_000 + metres)], SIGNS, WIDE)
    assert [word for word in texts(panels) if word.endswith(" km")] == [told]
    scale = next(one for one in shapes(panels, "line") if one["class"] == "stroke-ink")
    (one, other, *_) = circles(panels)
    long = float(scale["x2"]) - float(scale["x1"])
    by = abs(one[1] - other[1]) / metres
    assert long == pytest.approx(float(told.split()[0]) * 1000 * by, rel=0.01)


def test_where_names_have_no_room_all_have_numbers_and_a_list_says_whose_they_are():
    spots = [Spot(f"School {number}", 400_000, 500_000, OTHER) for number in range(1, 13)]
    drawn, listed = chart(spots, SIGNS, WIDE)
    assert [word for word in texts([drawn]) if word.isdigit()] == [str(n) for n in range(1, 13)]
    said = texts([listed])
    told = [(str(n), f"School {n}") for n in range(1, 13)]
    assert list(zip(said[::2], said[1::2], strict=True)) == told


def test_a_narrow_map_has_numbers_only():
    assert texts(chart([HERE], SIGNS, NARROW))[0] == "1"


def test_kinds_differ_by_shape_and_what_is_most_worth_seeing_lies_over_the_others():
    (panel,) = chart([HERE._replace(sign=NEED), HERE._replace(easting=410_000)], SIGNS, WIDE)
    assert panel.drawn.index("<circle") < panel.drawn.index("<polygon")


def test_too_many_are_marks_alone():
    spots = [HERE._replace(easting=400_000 + n) for n in range(MOST_NUMBERED + 1)]
    panels = chart(spots, SIGNS, WIDE)
    assert texts(panels) == ["1 km", "North", f"{MOST_NUMBERED + 1} others"]


def test_nobody_is_no_panel():
    assert chart([], SIGNS, WIDE, "3 schools without a place.") == []


PLACES = st.tuples(st.integers(0, 1_300_000), st.integers(0, 1_300_000))
NEAR = st.tuples(st.integers(400_000, 400_300), st.integers(500_000, 500_300))


@given(st.lists(PLACES | NEAR, min_size=1, max_size=25), st.sampled_from([NARROW, WIDE]))
def test_no_label_meets_another_or_leaves_the_map_and_every_part_fits(told, wide):
    spots = [Spot(name(n), *place, SIGNS[n % 2]) for n, place in enumerate(told)]
    view = _view(spots, wide)
    marks = [view.at(spot) for spot in spots]
    labels = _labelled([[str(n)] for n in range(len(spots))], marks, (9.0, 36.0), view)
    assert not any(_meet(one.box, other.box) for one, other in combinations(labels, 2))
    assert all(0 <= x <= wide and 0 <= y <= view.high for x, y in marks)
    panels = chart(spots, SIGNS, wide)
    assert all(panel.height <= HIGH[wide] for panel in panels)
    assert len(shapes(panels, "circle")) >= len(spots) // 2
    assert SMALL < view.high <= HIGH[wide]
