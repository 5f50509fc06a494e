"""Who to whom: every strand is counted, on both sides, and every tie has its line."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures_reading import figures, name, read, shapes, texts

from projections.pictures.base import HIGH, NARROW, WIDE
from projections.pictures.boxes import Look
from projections.pictures.flow import MOST, Strand, flow

LATE, OPEN, DONE = Look("late", "late", 3), Look("open", "mark", 1.5), Look("done", "rule", 1, "4")
LOOKS = (LATE, OPEN, DONE)


def strand(source, target, look=OPEN):
    names = (f"s{source}", f"School {source}", f"t{target}", f"School {target}")
    return Strand(*names, "days", look)


def draw(strands, wide=WIDE):
    return flow(strands, ("From", "To"), LOOKS, wide)


def test_one_strand_is_this():
    (panel,) = draw([strand(1, 2, LATE)])
    letters = '" fill="#16181d" class="fill-ink'
    assert panel.drawn == (
        f'<text x="0" y="12" font-size="12" font-weight="600{letters}">From</text>'
        f'<text x="620" y="12" font-size="12" font-weight="600{letters}">To</text>'
        '<rect x="0" y="24" width="340" height="52.8" rx="4" fill="#eaeff6" class="fill-band"/>'
        f'<text x="8" y="46" font-size="14{letters}">School 1</text>'
        f'<text x="8" y="62.2" font-size="12{letters}">1 late: days</text>'
        '<rect x="620" y="24" width="340" height="52.8" rx="4" fill="#eaeff6" class="fill-band"/>'
        f'<text x="628" y="46" font-size="14{letters}">School 2</text>'
        f'<text x="628" y="62.2" font-size="12{letters}">1 late</text>'
        '<path d="M342 58C480 58 480 50.4 609 50.4" fill="none" stroke-width="3"'
        ' stroke="#8f2600" class="stroke-late"/>'
        '<polygon points="618,50.4 609,46.4 609,54.4" fill="#8f2600" class="fill-late"/>'
    )


def test_a_tie_is_drawn_by_what_is_most_worth_seeing_of_it():
    one = draw([strand(1, 2, DONE), strand(1, 2, LATE), strand(1, 2, OPEN), strand(1, 2, OPEN)])
    assert "1 late, 2 open, 1 done: days" in texts(one)
    assert [path["stroke-width"] for path in shapes(one, "path")] == ["3"]
    assert [path["stroke-dasharray"] for path in shapes(draw([strand(1, 2, DONE)]), "path")] == [
        "4"
    ]


def test_parties_of_one_name_are_two():
    one = Strand("a", "School", "b", "Council", "days", OPEN)
    assert texts(draw([one, one._replace(source="c")])).count("School") == 2


def test_nothing_is_no_panel_and_too_much_neither():
    assert draw([]) == []
    assert draw([strand(number, number) for number in range(MOST + 1)]) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(LOOKS)),
        min_size=1,
        max_size=120,
    ),
    st.sampled_from([NARROW, WIDE]),
)
def test_every_strand_is_counted_on_the_left_and_every_tie_has_a_line(told, wide):
    panels = draw([strand(*one) for one in told], wide)
    for look in LOOKS:
        left = [one["words"] for one in lettered(panels) if one["x"] == "8"]
        assert figures(left, look.word) == sum(one is look for *_, one in told)
    ties = Counter((source, target) for source, target, _ in told)
    assert len(shapes(panels, "path")) == len(shapes(panels, "polygon")) == len(ties)
    rects = [rect for panel in panels for rect in boxes(panel)]
    assert all(right <= wide and bottom <= panel.height for panel, *_, right, bottom in rects)
    for place, (panel, x, y, _, bottom) in enumerate(rects):
        for other, x2, y2, _, bottom2 in rects[place + 1 :]:
            assert panel is not other or x != x2 or bottom <= y2 or bottom2 <= y


def lettered(panels):
    for panel in panels:
        for element in read(panel).iter("text"):
            yield element.attrib | {"words": element.text}


def boxes(panel):
    for rect in shapes([panel], "rect"):
        x, y, wide, high = (float(rect[key]) for key in ("x", "y", "width", "height"))
        yield panel, x, y, x + wide, y + high


@pytest.mark.parametrize("wide", [NARROW, WIDE])
def test_forty_schools_are_drawn_in_parts_that_a_page_holds(wide):
    told = [
        strand(n % 40, (n * 7 + n // 40) % 40, LOOKS[n % 3])._replace(source_name=name(n % 40))
        for n in range(160)
    ]
    panels = draw(told, wide)
    assert len(panels) > 1
    assert all(panel.height <= HIGH[wide] + 30 for panel in panels)


def test_one_who_owes_very_many_goes_on_in_another_box():
    panels = draw([strand(1, number) for number in range(40)])
    assert texts(panels).count("School 1") > 3
    assert figures(texts(panels), "open: days") == 40
    assert len(shapes(panels, "path")) == 40
