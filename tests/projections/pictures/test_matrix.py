"""Matrices: every figure is drawn once, whatever has to go on below."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import shapes, texts

from projections.pictures.base import HIGH, NARROW, WIDE
from projections.pictures.matrix import MOST, Cell, Party, matrix


def party(number):
    return Party(f"p{number}", f"School {number}")


def draw(cells, wide=WIDE):
    found = [Cell(party(row), party(column), count) for row, column, count in cells]
    return matrix(found, ("Who", "Whom"), wide)


def test_a_matrix_of_two_is_this():
    one, other = Cell(party(1), party(2), 3, framed=True), Cell(party(2), party(1), 12)
    (panel,) = matrix([one, other], ("Who", "Whom"), WIDE)
    assert texts([panel]) == [
        *("Who", "Whom", "School 1", "School 2"),
        *("School 1", "3", "School 2", "12"),
    ]
    fills = [(rect["x"], rect["y"]) for rect in shapes([panel], "rect") if rect["fill"] != "none"]
    assert fills == [("421", "41.6"), ("271", "67.6")]
    (frame,) = [rect for rect in shapes([panel], "rect") if rect["fill"] == "none"]
    assert (frame["x"], frame["class"], frame["stroke-width"]) == ("422", "stroke-late", "2")


COUNTS = st.dictionaries(
    st.tuples(st.integers(0, 40), st.integers(0, 40)), st.integers(0, 2000), max_size=90
)


@given(COUNTS, st.sampled_from([NARROW, WIDE]))
def test_every_figure_is_drawn_once_and_in_its_box(counts, wide):
    panels = draw([(*pair, count) for pair, count in counts.items()], wide)
    figures = [count for count in counts.values() if count]
    boxes = [rect for rect in shapes(panels, "rect") if "fill-band" in rect["class"]]
    assert len(boxes) == len(figures)
    assert all(float(box["x"]) + float(box["width"]) <= wide for box in boxes)
    drawn = [element for element in shapes(panels, "text") if element.get("text-anchor")]
    assert len(drawn) == len(figures)
    said = [word for word in texts(panels) if word.isdigit()]
    numbers = len(said) - len(figures)
    assert sorted(map(str, figures)) == sorted(said) or numbers > 0


def test_numbered_columns_are_named_in_a_list():
    panels = draw([(n, n + 1, 500 + n) for n in range(40)])
    said = texts(panels)
    assert "40: School 40" in said
    assert len(panels) > 1
    assert all(panel.height <= HIGH[WIDE] for panel in panels)
    assert sum(int(word) for word in said if word.isdigit() and int(word) >= 500) == sum(
        500 + n for n in range(40)
    )


def test_parties_of_one_name_are_two():
    cells = [Cell(Party(key, "School"), Party(f"{key}2", "School"), 1) for key in "ab"]
    assert texts(matrix(cells, ("Who", "Whom"), WIDE)).count("School") == 4


@pytest.mark.parametrize("wide", [NARROW, WIDE])
def test_nothing_is_no_panel_and_too_much_neither(wide):
    assert draw([], wide) == []
    assert draw([(1, 2, 0)], wide) == []
    assert draw([(n // 60, n % 60, 1) for n in range(MOST + 1)], wide) == []


def test_columns_stand_in_the_order_of_the_rows():
    said = texts(draw([(1, 9, 5), (2, 1, 5), (3, 2, 5), (4, 3, 5)]))
    assert said[2:6] == ["School 1", "School 2", "School 3", "School 9"]
