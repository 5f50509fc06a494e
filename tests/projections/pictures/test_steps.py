"""Steps: every step is drawn, within its chart, and words say the end and the most."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import shapes, texts

from projections.pictures.base import HIGH, NARROW, WIDE
from projections.pictures.steps import Chart, Course, Step, steps

FIRST, LAST = date(2024, 9, 1), date(2025, 6, 28)
ZERO = Decimal(0)


def draw(charts, wide=WIDE):
    return steps(charts, FIRST, LAST, wide)


def course(*amounts, begin=ZERO, look=0):
    return Course("owed", begin, [Step(FIRST, Decimal(amount)) for amount in amounts], look)


def test_a_course_of_two_steps_is_this():
    taken = [Step(date(2025, 1, 29), Decimal(10)), Step(date(2025, 1, 29), Decimal("2.5"))]
    (panel,) = draw([Chart("days", [Course("owed", ZERO, taken)])], NARROW)
    assert texts([panel]) == [
        "days",
        "2.5 owed at the end, 10 at most",
        "Sep 2024",
        "Dec 2024",
        "Mar 2025",
    ]
    (path,) = shapes([panel], "path")
    top = 14 * 1.3 + 12 * 1.3 + 4
    assert path["d"] == f"M0 {top + 78:.1f}H160V{top + 6:.1f}H160V{top + 60:.1f}H320"
    assert (path["stroke-width"], path["class"]) == ("3", "stroke-mark")


LINES = [(0, None), (1, "6 3"), (2, "2 3")]


@pytest.mark.parametrize(("look", "dashes"), LINES)
def test_lines_differ_by_more_than_colour_and_are_named_by_a_piece_of_each(look, dashes):
    panels = draw([Chart("days", [course(1, look=look)])])
    assert [path.get("stroke-dasharray") for path in shapes(panels, "path")] == [dashes]
    named = [line for line in shapes(panels, "line") if line.get("stroke-width") in {"3", "2"}]
    assert [line.get("stroke-dasharray") for line in named] == [dashes]


AMOUNTS = st.lists(st.decimals(-99, 99, places=1), min_size=1, max_size=30)


@given(st.lists(AMOUNTS, min_size=1, max_size=3), st.sampled_from([NARROW, WIDE]))
def test_every_step_is_drawn_and_stays_in_its_chart(found, wide):
    courses = [course(*amounts, look=look) for look, amounts in enumerate(found)]
    panels = draw([Chart("days", courses)], wide)
    (band,) = shapes(panels, "rect")
    top, high = float(band["y"]), float(band["height"])
    paths = [path["d"] for path in shapes(panels, "path")]
    assert [path.count("V") for path in paths] == [len(amounts) for amounts in found]
    heights = [float(y) for path in paths for y in re.findall(r"V(-?[0-9.]+)", path)]
    assert all(top <= y <= top + high for y in heights)
    said = [words.split()[0] for words in texts(panels) if "at the end" in words]
    assert said == [str(amounts[-1]) for amounts in found]


def test_two_charts_stand_side_by_side_at_a_desk_and_one_in_hand():
    charts = [Chart(f"kind {number}", [course(1)]) for number in range(3)]
    wide = [(rect["x"], rect["width"]) for rect in shapes(draw(charts), "rect")]
    assert wide == [("0", "464"), ("496", "464"), ("0", "464")]
    narrow = [(rect["x"], rect["width"]) for rect in shapes(draw(charts, NARROW), "rect")]
    assert narrow == [("0", "320")] * 3


def test_many_kinds_are_drawn_in_parts_that_a_page_holds():
    panels = draw([Chart(f"kind {number}", [course(1)]) for number in range(20)])
    assert len(panels) > 1
    assert all(panel.height <= HIGH[WIDE] for panel in panels)
    assert len(shapes(panels, "path")) == 20


def test_nothing_is_no_panel():
    assert draw([]) == []
