"""Pages: what they say is what the rows say, for a parser, for Chromium and for axe."""

import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from examples import one_in
from exports_reading import texts
from hostile_report import MADE, row, written

from projections.exports.base import TooManyRowsError
from projections.exports.page import MOST_ROWS, write
from projections.pictures.base import Panel, Picture
from projections.reports.columns import Column

SQUARE = '<rect width="9" height="9"/>'


def page(report):
    file = io.BytesIO()
    write(report, MADE, file)
    return file.getvalue().decode("utf-8")


class Rows(HTMLParser):
    """The cells of each row of the body, and what is folded into the last, by column."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.rows, self.folded = [], [], []
        self.facts, self._dt, self._into = {}, "", None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag == "tr":
            self.rows.append([])
            self.folded.append({})
        elif tag in {"td", "th"} and attrs.get("class") != "more":
            self.rows[-1].append("")
            self._into = "cell"
        elif tag == "dd":
            self._into = attrs.get("data-column", "fact")
        elif tag == "dt":
            self._dt, self._into = "", "dt"

    def handle_endtag(self, tag):
        if tag in {"td", "th", "dd", "dt"}:
            self._into = None

    def handle_data(self, data):
        if self._into == "cell":
            self.rows[-1][-1] += data
        elif self._into == "dt":
            self._dt += data
        elif self._into == "fact":
            self.facts.setdefault(self._dt, []).append(data)
        elif self._into is not None:
            self.folded[-1][self._into] = self.folded[-1].get(self._into, "") + data


def test_the_table_read_again_has_every_value_of_every_row(hostile):
    read = Rows(page(hostile))
    _, titles, *rows = read.rows
    assert titles == [column.title for column in hostile.columns if column.shown] + ["More"]
    for number, expected in enumerate(texts(hostile)):
        shown = [expected[column.name] for column in hostile.columns if column.shown]
        assert rows[number] == shown
        for column in hostile.columns:
            if not column.shown:
                assert read.folded[number + 2].get(column.name, "") == expected[column.name]
    assert len(rows) == len(hostile.rows)


@pytest.mark.parametrize(
    ("value", "there"),
    [(0, True), ("0", True), (True, True), (False, False), ("", False), (None, False)],
)
def test_a_column_is_left_out_where_no_row_has_anything_nought_being_something(
    hostile, value, there
):
    visits = Column("visits", "Visits left", "How many.", "number")
    rows = [{**row, "visits": value} for row in hostile.rows]
    report = replace(hostile, columns=(*hostile.columns, visits), rows=rows)
    assert ("Visits left" in Rows(page(report)).rows[1]) == there


def test_the_head_says_what_was_asked_and_what_the_answer_rests_on(hostile):
    facts = Rows(page(hostile)).facts
    assert facts["Asked"] == ['what "Elm" owes']
    assert facts["Ledger"] == ["northwick.example/support"]
    assert facts["Known at"] == ["position 9, 2026-07-10"]
    assert facts["Root"] == ["ab" * 32]
    assert facts["Made"] == ["2026-08-01 09:30 UTC, by school-ledger 0.1.0"]
    assert facts["Rows"] == ["15"]
    assert facts["Control total"] == ["answer to a visit: 56 items", "days of support: 52.5 days"]


def test_nothing_in_it_is_run_or_fetched(hostile):
    tags = Rows(page(hostile)).tags
    assert {"script", "link", "img", "iframe", "object"}.isdisjoint(tag for tag, _ in tags)
    names = {name for _, attrs in tags for name in attrs}
    assert not any(name.startswith("on") for name in names)
    assert {attrs["href"] for tag, attrs in tags if tag == "a"} == {"#rows"}


@pytest.mark.parametrize("title", ['"; } body { display: none } /*', "</style><b>", "\\22 \n x"])
def test_no_title_leaves_the_style_sheet(title, hostile):
    style = page(replace(hostile, title=title)).partition("<style>")[2].partition("</style>")[0]
    printed = style.partition("content: ")[2].partition("; font: 8pt")[0]
    assert printed.startswith('"')
    assert printed.endswith('"')
    assert printed.count('"') == 2
    assert "\n" not in printed
    assert "{" not in printed


def test_every_figure_names_its_column_and_the_events_that_it_comes_from(hostile):
    tags = Rows(page(hostile)).tags
    figures = [attrs for tag, attrs in tags if tag == "td" and "data-figure" in attrs]
    shown = [column.name for column in hostile.columns if column.shown and column.figure]
    assert [(one["data-figure"], one["data-events"]) for one in figures] == [
        (name, " ".join(row["events"]))
        for row in hostile.rows
        for name in shown
        if row.get(name) and row["events"]
    ]
    told = [row(1, "a") | {"events": [], "event": "0191b1f6"}]
    (single,) = (
        attrs for _, attrs in Rows(page(written(rows=told))).tags if "data-figure" in attrs
    )
    assert single["data-events"] == "0191b1f6"


def test_rows_of_a_group_stand_in_a_body_of_their_own():
    rows = [row(1, "a") | {"g": "one"}, row(2, "b") | {"g": "one"}, row(3, "c") | {"g": "two"}]
    read = Rows(page(written(rows=rows, group="g")))
    heads = [attrs for tag, attrs in read.tags if attrs.get("scope") == "rowgroup"]
    assert [cells for cells in read.rows if len(cells) == 1][1:] == [["one"], ["two"]]
    assert [attrs["colspan"] for attrs in heads] == ["7", "7"]
    assert sum(tag == "tbody" for tag, _ in read.tags) == 3


def test_without_a_row_it_says_so():
    text = page(written(rows=[]))
    assert '<p id="rows">Nothing is owed.</p>' in text
    assert "<table>" not in text


def squares(count):
    return Picture("Squares & such", "B", "Read <it> so.", lambda _: [Panel(9, SQUARE)] * count)


def test_a_picture_stands_above_its_table_and_says_how_it_is_read():
    text = page(written(picture=lambda _: squares(1)))
    before, _, after = text.partition("<table>")
    assert '<h2 id="picture-title">Squares &amp; such</h2>' in before
    assert "<figcaption>Read &lt;it&gt; so.</figcaption>" in before
    assert before.count(SQUARE) == 2
    assert ".picture svg{" in before
    assert "<svg" not in after


def test_what_is_too_much_to_be_drawn_is_said():
    text = page(written(picture=lambda _: squares(0)))
    assert "<p>There is too much to be drawn. Narrow what is asked for;" in text
    assert "<figure>" not in text


def test_without_a_table_there_is_no_picture():
    text = page(written(rows=[], picture=lambda _: squares(1)))
    assert "Squares" not in text
    assert "<svg" not in page(written())


def test_more_rows_than_a_browser_lays_out_well_are_refused():
    rows = [row(1, "a")] * (MOST_ROWS + 1)
    with pytest.raises(TooManyRowsError) as refused:
        write(written(rows=rows), MADE, io.BytesIO())
    assert str(refused.value) == (
        "20001 rows are too many for a page: expected 20000 at most."
        " Narrow what is asked for, or write CSV or ODS."
    )


@pytest.fixture
def opened(browser, tmp_path, hostile):
    """Open the page of a report in a window of a width, in light or dark."""
    contexts = []

    def open_page(width, scheme, report=hostile):
        place = tmp_path / "page.html"
        place.write_text(page(report), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        window = context.new_page()
        window.goto(place.as_uri())
        return window

    yield open_page
    for context in contexts:
        context.close()


SIZES = [(360, "dark"), (360, "light"), (1920, "dark"), (1920, "light")]


@pytest.mark.parametrize(("width", "scheme"), one_in(3, SIZES))
def test_axe_finds_no_violation(opened, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe").Axe()
    grouped = written(rows=[row(n, name) | {"g": f"group {n % 2}"} for n, name in enumerate("abc")])
    pictured = written(picture=lambda _: squares(2))
    for report in (pictured, replace(grouped, group="g"), written(rows=[])):
        found = axe.run(opened(width, scheme, report)).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_page_itself_never_scrolls_sideways(opened, width, scheme):
    window = opened(width, scheme)
    sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert window.evaluate(sideways) is False


def test_chromium_shows_the_rows_of_the_csv(opened, hostile):
    rows = "[...document.querySelectorAll('tbody tr')]"
    read = opened(1920, "light").evaluate(
        f"{rows}.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    shown = [column.name for column in hostile.columns if column.shown]
    assert [cells[:-1] for cells in read] == [
        [told[name] for name in shown] for told in texts(hostile)
    ]
