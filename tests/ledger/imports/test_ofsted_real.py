"""The columns as Ofsted publishes them, where their lists are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ofsted_files import FORMER, IN_YEAR, RECENT, shipped

from ledger.imports.files import load
from ledger.imports.ofsted.grades import UNGRADED_OUTCOMES, category, grade
from ledger.imports.ofsted.sheets import INSPECTIONS, PARTS, UNGRADED, schools

DATA = Path(__file__).parents[3] / "../shared/data"
LISTS = DATA / "ofsted/management_information_columns.json"

pytestmark = pytest.mark.skipif(not LISTS.exists(), reason=f"the published lists are not at {DATA}")


def squeezed(names):
    return {"".join(name.split()).casefold() for name in names}


@pytest.fixture(scope="module")
def lists():
    published = json.loads(LISTS.read_text(encoding="utf-8"))
    return {"D1": published["D1_in_year"], "D2": published["D2_most_recent"]}


@pytest.fixture(scope="module")
def terms():
    return json.loads((DATA / "terms.json").read_text(encoding="utf-8"))


def test_every_column_that_is_read_is_published(lists):
    read = squeezed(column.names[0] for column in INSPECTIONS.columns)
    assert read <= squeezed([*lists["D1"], *lists["D2"], *FORMER])


def test_the_sheets_of_the_tests_are_parts_of_the_published_ones(lists):
    assert squeezed(IN_YEAR) <= squeezed(lists["D1"])
    assert squeezed(RECENT) <= squeezed(lists["D2"])


@pytest.mark.parametrize(("sheet", "told"), [("D1", 2), ("D2", 3)])
def test_each_sheet_in_its_full_width_tells_of_its_inspections(tmp_path, lists, sheet, told):
    names = squeezed(area.column for part in PARTS for area in part.areas)
    filled = ["Good" if squeezed([name]) <= names else "NULL" for name in lists[sheet]]
    path = tmp_path / "sheet.csv"
    lines = (",".join(f'"{cell}"' for cell in row) for row in (lists[sheet], filled))
    path.write_text("\r\n".join(lines), encoding="cp1252")
    (found,) = schools(load(path, INSPECTIONS))
    assert len(found.told) == told
    assert (found.latest_category is None) == (sheet == "D1")


def test_every_published_outcome_and_category_is_known(terms):
    scales = {area.area: area.grades for area in UNGRADED_OUTCOMES.areas}
    for words in terms["ofsted_oeif"]["ungraded_outcomes"]:
        found = grade(UNGRADED, "", words)
        assert found.grade in scales[found.area]
    assert None not in [category(code) for code in terms["category_of_concern"]]


def test_every_published_grade_is_on_the_shipped_scale(terms):
    card = shipped("ofsted-report-card-2025")
    scales = {area.area: area.grades for area in card.areas}
    for words in terms["ofsted_report_card"]["grades_best_first"]:
        assert grade(card.slug, "inclusion", words).grade in scales["inclusion"]
    for words in terms["ofsted_report_card"]["safeguarding_standards"]:
        assert grade(card.slug, "safeguarding", words).grade in scales["safeguarding"]
    four = shipped("ofsted-2019")
    for code in "1234":
        assert grade(four.slug, four.areas[0].area, code).grade in four.areas[0].grades
