"""Pictures in Chromium: no text meets another, or leaves its box or its picture, anywhere."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from examples import one_in
from pictures_reading import name

from projections.pictures.bars import Bar, Group, bars
from projections.pictures.base import STYLE, WIDE, Picture, alone, inline
from projections.pictures.boxes import Look
from projections.pictures.flow import Strand, flow
from projections.pictures.intervals import Group as Measured
from projections.pictures.intervals import Interval, intervals
from projections.pictures.map import Sign, Spot, chart
from projections.pictures.matrix import Cell, Party, matrix
from projections.pictures.sides import Pair, sides
from projections.pictures.star import star
from projections.pictures.steps import Chart, Course, Step, steps
from projections.pictures.timeline import Lane, Point, Span, timeline

pytestmark = pytest.mark.sampled(3)

WEEK = timedelta(weeks=1)
LOOKS = (Look("overdue", "late", 3), Look("open", "mark", 1.5), Look("settled", "rule", 1, "4 4"))
FAULTS = """
() => {
  const faults = [];
  const within = (inner, outer, by) => inner.x >= outer.x - by && inner.y >= outer.y - by
    && inner.x + inner.width <= outer.x + outer.width + by
    && inner.y + inner.height <= outer.y + outer.height + by;
  const meet = (a, b) => a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
    && a.y < b.y + b.height - 3 && b.y < a.y + a.height - 3;
  const none = {width: 0, height: 0};
  const at = node => {
    const {x, y, width, height} = node.getBBox();
    return {x, y: y + (node.closest('g')?.transform.baseVal[0].matrix.f ?? 0), width, height};
  };
  for (const svg of document.querySelectorAll('svg')) {
    if (!svg.checkVisibility()) continue;
    const found = [...svg.querySelectorAll('text')].map(node => [node.textContent, at(node)]);
    const boxes = [...svg.querySelectorAll('rect')].map(at);
    found.forEach(([words, box], place) => {
      if (!within(box, svg.viewBox.baseVal, 1)) faults.push(['leaves the picture', words]);
      for (const outer of boxes) {
        const middle = {x: box.x + box.width / 2, y: box.y + box.height / 2, ...none};
        const here = within(middle, outer, 0);
        if (here && !within(box, outer, 1)) faults.push(['leaves a box', words]);
        if (!here && meet(box, outer)) faults.push(['meets a box', words]);
      }
      for (const [others, other] of found.slice(place + 1))
        if (meet(box, other)) faults.push(['meet', words, others]);
    });
    if (!found.length) faults.push(['says nothing']);
  }
  return faults;
}
"""


def owed(count):
    strands = [
        Strand(f"s{n % count}", name(n % count), f"t{n * 7 % count}", name(n * 7 % count),
               "account of impact" if n % 2 else "answer to a visit", LOOKS[n % 3])
        for n in range(3 * count)
    ]  # fmt: skip
    return Picture("A", "B", "C", lambda wide: flow(strands, ("Who owes", "To whom"), LOOKS, wide))


def around(count):
    strands = [
        Strand(str(n % count), name(n % count), "t", name(n * 7 % count), "support", LOOKS[n % 3])
        for n in range(2 * count)
    ]
    return Picture("A", "B", "C", lambda wide: star(strands, LOOKS, wide) if wide == WIDE else [])


def lived(count, years=2):
    first, last = date(2024, 9, 1), date(2024 + years, 9, 10)
    spans = [Span(first + n * WEEK * 9, first + (n + 1) * WEEK * 9) for n in range(count)]
    points = [Point(first + n * n * WEEK / 9, n % 5 == 0) for n in range(30)]
    lanes = [Lane(f"{name(n)}, from {span.first}", "Head", [span]) for n, span in enumerate(spans)]
    lanes += [Lane(f"{name(n)}: 30", name(n // 3), points=points[n % 3 :]) for n in range(count)]
    return Picture("A", "B", "C", lambda wide: timeline(lanes, first, last, wide))


def changed(count):
    taken = [Step(date(2024, 9, 1) + n * WEEK, Decimal(n % 7)) for n in range(60)]
    courses = [Course(f"owed {name(n)}", Decimal(0), taken[n:], n) for n in range(3)]
    charts = [Chart(name(n), courses) for n in range(count)]
    ends = (date(2024, 9, 1), date(2026, 7, 31))
    return Picture("A", "B", "C", lambda wide: steps(charts, *ends, wide))


def counted(count):
    parties = [Party(str(n), name(n)) for n in range(count + 1)]
    cells = [
        Cell(parties[n % count], parties[(n * 7 + n // count) % (count + 1)], n * n, n % 3 == 0)
        for n in range(count * 6)
    ]
    return Picture("A", "B", "C", lambda wide: matrix(cells, ("Who visited", "Whom"), wide))


def given(count):
    amounts = [Decimal(n * n) / 10 for n in range(6)]
    words = ("offered", "agreed", "confirmed", "left to give", "overdue", "beyond")
    groups = [
        Group(name(n), name(n // 4), list(map(Bar, words, amounts[n % 6 :] + amounts[: n % 6])))
        for n in range(count)
    ]
    return Picture("A", "B", "C", lambda wide: bars(groups, wide))


def bounded(count):
    found = [
        Interval(f"{name(n)}: {n}", Decimal(n), Decimal(n) - 9, Decimal(n) + n % 4, n % 3 == 0)
        for n in range(4)
    ]
    groups = [Measured(name(n), name(n // 4), found[n % 3 :]) for n in range(count)]
    return Picture("A", "B", "C", lambda wide: intervals(groups, wide))


def against(count):
    pairs = [
        Pair(f"Spring {n}, {name(n)}", name(n // 4), Decimal(n % 7), Decimal(n % 5))
        for n in range(count)
    ]
    return Picture("A", "B", "C", lambda wide: sides(pairs, wide))


SIGNS = [Sign("in need", "late", "triangle"), Sign("both", "ink", "square")]
SIGNS += [Sign("neither", "mark", "circle"), Sign("asking", "rule", "diamond")]


def mapped(count, spread=997):
    spots = [
        Spot(name(n), 400_000 + n * n * spread % 40_009, 500_000 + n * 7919 % 30_011, SIGNS[n % 4])
        for n in range(count)
    ]
    told = "3 schools without a place: see the table."
    return Picture("A", "B", "C", lambda wide: chart(spots, SIGNS, wide, told))


DRAWN = {f"flow of {count}": owed(count) for count in (1, 15, 40)}
DRAWN |= {f"star of {count}": around(count) for count in (1, 15)}
DRAWN |= {f"timeline of {count}": lived(count) for count in (1, 15, 40)}
DRAWN |= {f"steps of {count}": changed(count) for count in (1, 15)}
DRAWN |= {f"matrix of {count}": counted(count) for count in (1, 15, 40)}
DRAWN |= {f"bars of {count}": given(count) for count in (1, 15)}
DRAWN |= {"sides of 12": against(12), "intervals of 12": bounded(12)}
DRAWN |= {f"map of {count}": mapped(count) for count in (5, 15, 40)}
DRAWN |= {"timeline of days": lived(1, 0), "timeline of a century": lived(4, 100)}
#: A bold j reaches out of its place, to the left.
LEANING = [Group("judged", f"judgement {n}", [Bar("just", Decimal(n))]) for n in (1, 2)]
DRAWN |= {"bars that lean": Picture("A", "B", "C", lambda wide: bars(LEANING, wide))}
LIGHT, DARK = "rgb(22, 24, 29)", "rgb(239, 241, 244)"
WINDOWS = [(360, "dark"), (1920, "light")]


@pytest.fixture
def shown(browser, tmp_path):
    """Show a picture in a window of a width, in light or dark."""
    contexts = []

    def show(picture, width, scheme):
        place = tmp_path / "picture.html"
        place.write_text(
            f"<!doctype html><html lang=en><meta charset=utf-8><title>A</title><style>{STYLE}"
            f"</style><body style='font-size:16px'><main><h1>A</h1>{inline(picture)}</main>",
            encoding="utf-8",
        )
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        window = context.new_page()
        window.goto(place.as_uri())
        return window

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("what", "width", "scheme"),
    one_in(3, ((what, *window) for what in DRAWN for window in WINDOWS)),
)
def test_no_text_meets_another_or_leaves_its_place(shown, what, width, scheme):
    window = shown(DRAWN[what], width, scheme)
    assert window.evaluate(FAULTS) == []
    assert window.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("what", [what for what in DRAWN if "15" in what])
def test_a_file_of_its_own_is_as_legible(browser, tmp_path, what):
    place = tmp_path / "picture.svg"
    place.write_bytes(alone(DRAWN[what]))
    window = browser.new_page(viewport={"width": 1920, "height": 900}, color_scheme="dark")
    window.goto(place.as_uri())
    assert window.evaluate(FAULTS) == []
    colours = "[...document.querySelectorAll('rect, text')].map(e => getComputedStyle(e).fill)"
    paper, *others = window.evaluate(colours)
    assert paper == "rgb(23, 25, 29)"
    assert DARK in others
    assert LIGHT not in others
    window.close()


@pytest.mark.parametrize(
    ("what", "width", "scheme"),
    one_in(3, ((what, *window) for what in DRAWN if "15" in what for window in WINDOWS)),
)
def test_axe_finds_no_violation(shown, what, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe").Axe()
    found = axe.run(shown(DRAWN[what], width, scheme)).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


SEEN = """
() => [...document.querySelectorAll('.picture')].filter(each => each.checkVisibility())
  .map(each => [each.className, getComputedStyle(each.querySelector('text')).fill])
"""


@pytest.mark.parametrize(
    ("width", "scheme", "media", "seen"),
    [
        (360, "light", "screen", ["picture in-hand", LIGHT]),
        (360, "dark", "screen", ["picture in-hand", DARK]),
        (1920, "light", "screen", ["picture at-a-desk", LIGHT]),
        (1920, "dark", "screen", ["picture at-a-desk", DARK]),
        (700, "dark", "print", ["picture at-a-desk", LIGHT]),
    ],
)
def test_a_window_shows_the_drawing_that_fits_in_its_colours(shown, width, scheme, media, seen):
    window = shown(DRAWN["flow of 1"], width, scheme)
    window.emulate_media(media=media, color_scheme=scheme)
    assert window.evaluate(SEEN) == [seen]
