"""Headings: whole on a telephone too, and as high as their lines."""

import pytest
from pictures_reading import parsed

from projections.pictures.base import NARROW, WIDE
from projections.pictures.headings import headed

LONG = "intervention: rise targeted intervention, 2026-02-20"


@pytest.mark.parametrize(("wide", "count"), [(NARROW, 2), (WIDE, 1)])
def test_a_heading_has_the_lines_that_it_needs(wide, count):
    heading = headed(LONG, wide)
    lines = list(parsed(f"<g>{heading.drawn(9)}</g>").iter("text"))
    assert " ".join(line.text for line in lines) == LONG
    assert len(lines) == count
    assert {line.attrib["font-weight"] for line in lines} == {"600"}
    assert heading.high == pytest.approx(24 + 18.2 * (count - 1))
