"""Around one party: everybody stands once, with a line to the middle, no box over another."""

from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import figures, name, read, shapes, texts

from projections.pictures.base import HIGH, WIDE
from projections.pictures.boxes import Look
from projections.pictures.flow import Strand
from projections.pictures.star import star

GIVES, PAYS = Look("gives", "mark", 3), Look("pays", "late", 1.5, "8 3")
LOOKS = (GIVES, PAYS)


def strand(source, look=GIVES):
    return Strand(str(source), name(source), "t", "Elm School", "support", look)


def draw(strands):
    return star(strands, LOOKS, WIDE)


def test_a_party_at_each_side_has_an_arrow_to_the_middle():
    panels = draw([strand(0), strand(2, PAYS)])
    assert texts(panels) == ["Elm School", name(0), "1 gives", name(2), "1 pays"]
    middle, left, right = shapes(panels, "rect")
    assert [float(box["x"]) for box in (left, middle, right)] == [0, 380, 660]
    assert [one["points"].partition(",")[0] for one in shapes(panels, "polygon")] == ["378", "582"]


def test_a_line_is_drawn_by_what_is_most_worth_seeing_of_it():
    panels = draw([strand(0, PAYS), strand(0), strand(0, PAYS)])
    assert texts(panels)[1:] == [name(0), "1 gives", "2 pays"]
    assert [path["stroke-width"] for path in shapes(panels, "path")] == ["3"]
    assert [path["stroke-dasharray"] for path in shapes(draw([strand(0, PAYS)]), "path")] == ["8 3"]


def test_nothing_is_no_panel():
    assert draw([]) == []


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(LOOKS)), min_size=1, max_size=80))
def test_everybody_stands_once_and_no_box_lies_on_another(told):
    panels = draw([strand(*one) for one in told])
    parties = len({source for source, _ in told})
    assert len(shapes(panels, "path")) == parties
    assert len(shapes(panels, "rect")) == parties + len(panels)
    for look in LOOKS:
        assert figures(texts(panels), look.word) == sum(one is look for _, one in told)
    for panel in panels:
        boxes = [_place(rect.attrib) for rect in read(panel).iter("rect")]
        assert panel.height <= HIGH[WIDE] + 1
        for place, (x, y, right, bottom) in enumerate(boxes):
            assert (x >= 0, y >= 0, right <= WIDE, bottom <= panel.height) == (True,) * 4
            for x2, y2, right2, bottom2 in boxes[place + 1 :]:
                assert right <= x2 or right2 <= x or bottom <= y2 or bottom2 <= y


def _place(rect):
    x, y, wide, high = (float(rect[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high - 0.2
