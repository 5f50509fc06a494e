"""Two amounts against one another: bars from one line on, each as long as it is much."""

from decimal import Decimal

import pytest
from pictures_reading import shapes, texts

from projections.pictures.base import HIGH, NARROW, WIDE
from projections.pictures.sides import Pair, sides


def pair(left, right, words="spring", heading="Alder"):
    return Pair(words, heading, Decimal(left), Decimal(right))


@pytest.mark.parametrize("wide", [NARROW, WIDE])
def test_each_side_has_a_scale_of_its_own_from_the_line_on(wide):
    panels = sides([pair(4, "1.0"), pair(1, "0.5", "summer"), pair(0, 0, "autumn")], wide)
    assert texts(panels) == ["Alder", "spring", "summer", "autumn"]
    drawn = [(one["class"], float(one["x"]), float(one["width"])) for one in shapes(panels, "rect")]
    half = wide / 2
    assert drawn == [
        ("fill-late", 0, half),
        ("fill-mark", half, half),
        ("fill-late", half - half / 4, half / 4),
        ("fill-mark", half, half / 2),
    ]


def test_one_side_alone_is_drawn_too():
    (bar,) = shapes(sides([pair(0, 2)], WIDE), "rect")
    assert (bar["x"], bar["width"]) == ("480", "480")


@pytest.mark.parametrize("found", [[], [pair(0, 0)]])
def test_nothing_is_no_panel(found):
    assert sides(found, WIDE) == []


def test_many_are_drawn_in_parts_each_with_its_heading():
    panels = sides([pair(1, 2) for _ in range(80)], WIDE)
    assert len(panels) > 2
    assert all(panel.height <= HIGH[WIDE] for panel in panels)
    assert all(texts([panel])[0] == "Alder" for panel in panels)
