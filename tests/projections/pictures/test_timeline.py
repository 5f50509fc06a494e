"""Timelines: every point is there, alone or in a number, and every span where its days are."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import shapes, texts

from projections.pictures.base import HIGH, NARROW, WIDE
from projections.pictures.timeline import Lane, Point, Span, timeline

FIRST, LAST = date(2024, 9, 1), date(2025, 6, 28)
DAYS = st.dates(FIRST, LAST)


def draw(lanes, wide=WIDE):
    return timeline(lanes, FIRST, LAST, wide)


def bars(panels):
    found = [rect for rect in shapes(panels, "rect") if rect["height"] == "10"]
    return [
        (float(rect["x"]), float(rect["width"])) for rect in found if "late" not in rect["class"]
    ]


def points(panels):
    """Return how many points are drawn: alone, and in the figures that stand in place of many."""
    alone = len(shapes(panels, "circle"))
    alone += sum(
        rect["class"] == "fill-late" and "rx" not in rect for rect in shapes(panels, "rect")
    )
    return alone + sum(int(word) for word in texts(panels) if word.isdigit())


def test_a_lane_of_a_span_and_a_point_is_this():
    (panel,) = draw([Lane("A", "B", [Span(FIRST, None)], [Point(date(2025, 1, 29))])])
    ink = 'fill="#16181d" class="fill-ink"'
    assert panel.height == 20 + 24 + 6 + 14 + 20 + 6
    before, _, after = panel.drawn.partition('<text x="0" y="36" font-size="14" font-weight="600"')
    assert before.startswith(f'<text x="313" y="12" font-size="12" {ink}>Sep 2024</text>')
    assert after.startswith(
        f" {ink}>B</text>"
        f'<text x="0" y="61.9" font-size="14" {ink}>A</text>'
        '<rect x="310" y="44" width="650" height="40" fill="#eaeff6" class="fill-band"/>'
    )
    assert after.endswith(
        '<rect x="310" y="49" width="650" height="10" fill="#0a4a8a" class="fill-mark"/>'
        '<circle cx="640" cy="71" r="5" fill="#0a4a8a" class="fill-mark"/>'
    )


@given(
    st.lists(st.builds(Point, DAYS, st.booleans()), min_size=1, max_size=200),
    st.sampled_from([NARROW, WIDE]),
)
def test_every_point_is_drawn_and_none_over_another(found, wide):
    panels = draw([Lane("A", "B", points=found)], wide)
    assert points(panels) == len(found)
    places = Counter()
    for circle in shapes(panels, "circle"):
        x, y = float(circle["cx"]), float(circle["cy"])
        places.update((int(place), y) for place in range(int(x) - 4, int(x) + 5))
    assert set(places.values()) <= {1}


@given(st.lists(DAYS, min_size=2, max_size=2).map(sorted))
def test_a_span_begins_and_ends_where_its_days_are(found):
    begin, end = found
    panels = draw([Lane("A", "B", [Span(begin, end)])])
    each = 650 / (LAST - FIRST).days
    (x, wide) = bars(panels)[0]
    assert x == pytest.approx(310 + (begin - FIRST).days * each, abs=0.1)
    over = min(end + timedelta(days=1), LAST)
    assert wide == pytest.approx(max((over - begin).days * each, 2), abs=0.1)


SPANS = [
    (Span(None, None), 650),
    (Span(date(1990, 1, 1), date(2099, 1, 1)), 650),
    (Span(date(1990, 1, 1), FIRST), pytest.approx(2.2, abs=0.1)),
    (Span(date(1990, 1, 1), date(1991, 1, 1)), None),
    (Span(date(2099, 1, 1), None), None),
]


@pytest.mark.parametrize(("span", "wide"), SPANS)
def test_of_a_span_what_lies_between_the_days_is_drawn(span, wide):
    panels = draw([Lane("A", "B", [span])])
    assert [found for _, found in bars(panels)] == ([] if wide is None else [wide])
    assert bool(panels) == (wide is not None)


def test_where_one_ends_and_the_next_begins_one_broken_line_stands():
    spans = [Span(None, date(2025, 1, 31)), Span(date(2025, 2, 1), None)]
    panels = draw([Lane("A", "B", [span]) for span in spans])
    broken = [one["x1"] for one in shapes(panels, "line") if "stroke-dasharray" in one]
    assert len(broken) == 2
    assert len(set(broken)) == 1


def test_no_broken_line_stands_where_lanes_are_of_different_schools():
    lanes = [Lane("A", "B", [Span(None, date(2025, 1, 31))])]
    drawn = [shapes(timeline(lanes, FIRST, LAST, WIDE, across=across), "line") for across in (0, 1)]
    assert [sum("stroke-dasharray" in one for one in lines) for lines in drawn] == [0, 1]


def test_many_lanes_are_drawn_in_parts_each_with_its_days_and_its_heading():
    lanes = [Lane(f"lane {number}", "B", points=[Point(FIRST)]) for number in range(60)]
    panels = draw(lanes)
    assert len(panels) > 2
    assert all(panel.height <= HIGH[WIDE] for panel in panels)
    assert all("B" in texts([panel]) and "Oct 2024" in texts([panel]) for panel in panels)
    assert sum(word.startswith("lane") for word in texts(panels)) == 60


def test_nothing_is_no_panel():
    assert draw([]) == []
