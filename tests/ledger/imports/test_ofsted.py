"""Given a sheet and what the ledger holds, when planned, then these judgements and findings."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from ofsted_files import (
    CARD,
    FORMER,
    FULL,
    GRADED,
    IN_YEAR,
    OEIF,
    RECENT,
    UNGRADED,
    after,
    closed,
    converted,
    ground,
    inspectorate,
    known,
    row,
    school,
    shipped,
    write,
)

from ledger.errors import ImportFileError
from ledger.events.judgements import FrameworkAdopted, JudgementMade
from ledger.events.registers import BodyRegistered
from ledger.imports.ofsted import ASKS, FOUR_POINT, REPORT_CARD, File, plan, read

ALDER = known(school(900001), inspectorate())


@pytest.fixture
def importer(tmp_path):
    """Write a sheet and plan it."""

    def run(rows, held=ALDER, header=RECENT, *, name="i.csv", file=(), **how):
        path = write(tmp_path / name, rows, header, **how)
        return plan(read(File(path, *file)), held, ground(today=date(2026, 12, 31)))

    return run


def judged(result):
    return [event for event in result.events if isinstance(event, JudgementMade)]


def grades(said):
    return {grade.area: grade.grade for grade in said.grades}


def codes(result):
    return [(finding.code, finding.urn) for finding in result.findings]


def sentence(result):
    (finding,) = result.findings
    return finding.sentence


# What is told.


def test_each_inspection_of_a_row_is_a_judgement_the_newest_first(importer):
    """None asks for help, then, of which a later one has told otherwise."""
    result = importer([row(900001, CARD, GRADED, UNGRADED)])
    card, ungraded, four_point = judged(result)
    assert [each.published_on for each in (card, ungraded, four_point)] == [
        date(2026, 3, 20),
        date(2024, 6, 17),
        date(2023, 4, 28),
    ]
    assert grades(four_point) == {
        "overall-effectiveness": "requires-improvement",
        "quality-of-education": "good",
        "safeguarding": "met",
    }
    assert grades(ungraded) == {"school-remains": "good-with-concerns"}
    assert grades(card) == {
        "safeguarding": "met",
        "inclusion": "expected-standard",
        "achievement": "needs-attention",
    }
    assert (card.about, card.judge, card.urn) == ("school:900001", "body:ofsted", "urn:900001")
    assert (card.inspected_on, card.basis, card.category) == (
        date(2026, 2, 10),
        "inspection",
        "none",
    )
    assert result.findings == ()
    assert (result.counts.rows, result.counts.schools, result.counts.registered) == (1, 1, 3)


def test_it_cites_the_file_its_address_its_digest_and_the_line(importer, tmp_path):
    url = "https://www.gov.uk/i.csv"
    rows = [row(900001, CARD)]
    (said,) = judged(importer(rows, file=(url, date(2026, 4, 2)), above=("Table D2",)))
    assert said.source.model_dump(mode="json") == {
        "publisher": "Ofsted",
        "title": "State-funded schools, management information: inspections",
        "published_on": "2026-04-02",
        "url": url,
        "file": "i.csv",
        "sha256": hashlib.sha256((tmp_path / "i.csv").read_bytes()).hexdigest(),
        "row": 3,
    }


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("latest_inspections_as_at_31_Jan_2026.csv", date(2026, 1, 31)),
        ("latest inspections as at 5 September 2025.csv", date(2025, 9, 5)),
        ("as_at_31_Foo_2026.csv", None),
        ("as_at_31_Feb_2026.csv", None),
        ("inspections.csv", None),
    ],
)
def test_the_file_is_of_the_day_in_its_name(importer, name, on):
    (said,) = judged(importer([row(900001, CARD)], name=name))
    assert said.source.published_on == on


@pytest.mark.parametrize(
    ("cell", "basis"),
    [
        ({}, "inspection"),
        ({"Inspection type": "Urgent"}, "inspection"),
        ({"Inspection type": "Monitoring inspection"}, "monitoring_inspection"),
        ({"Event type grouping": "Schools - Monitoring"}, "monitoring_inspection"),
    ],
)
def test_in_a_year_each_row_is_an_inspection(importer, cell, basis):
    (said,) = judged(importer([row(900001, CARD, cell)], header=IN_YEAR))
    assert (said.basis, grades(said)["inclusion"]) == (basis, "expected-standard")


def test_the_former_layout_is_read(importer):
    cells = {"Inspection start date": "12/03/2023", "Publication date": "28/04/2023"}
    cells |= {"Overall effectiveness": "1", "Safeguarding is effective?": "No"}
    (said,) = judged(importer([row(900001, cells, Quality_of_education="2")], header=FORMER))
    assert grades(said) == {
        "overall-effectiveness": "outstanding",
        "quality-of-education": "good",
        "safeguarding": "not-met",
    }


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_any_encoding_of_the_published_files_is_read(importer, encoding):
    odd = row(900001, Inspection_start_date="soon", **{"School name": "Sainte-Thérèse"}) | {
        "Inclusion": "Strong standard"
    }
    result = importer([odd], encoding=encoding, above=("Écoles: most recent", ""))
    assert sentence(result) == (
        "900001 Sainte-Thérèse has 'soon' in 'Inspection start date', which is no day as 31/08/2021"
    )


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("NULL", "none"),
        ("", "none"),
        ("SM", "special_measures"),
        ("Special measures", "special_measures"),
        ("RSI", "requires_significant_improvement"),
        ("SWK", "requires_significant_improvement"),
        ("NTI", "requires_significant_improvement"),
    ],
)
def test_a_category_of_concern_is_the_one_of_the_inspection(importer, text, category):
    (said,) = judged(importer([row(900001, CARD, Category_of_concern=text)], header=IN_YEAR))
    assert said.category == category


@pytest.mark.parametrize(
    ("words", "area", "grade"),
    [
        ("School remains Outstanding", "school-remains", "outstanding"),
        ("School remains good", "school-remains", "good"),
        ("Standards  maintained", "standards", "maintained"),
        ("Some aspects not as strong", "standards", "some-aspects-not-as-strong"),
    ],
)
def test_an_outcome_without_grades_is_judged_by_a_scale_of_outcomes(importer, words, area, grade):
    recent = UNGRADED | {"Ungraded inspection overall outcome": words}
    in_year = {"Inspection start date": "14/05/2025", "Publication date": "17/06/2025"}
    in_year |= {"Outcomes for legacy monitoring inspections": words}
    for header, cells in ((RECENT, recent), (IN_YEAR, in_year)):
        (said,) = judged(importer([row(900001, cells)], header=header))
        assert grades(said) == {area: grade}


# What judgements rest on.


def test_the_inspectorate_and_the_frameworks_that_are_needed_come_first(importer):
    result = importer([row(900001, CARD, UNGRADED)], known(school(900001)))
    assert [type(event) for event in result.events] == [
        BodyRegistered,
        FrameworkAdopted,
        FrameworkAdopted,
        JudgementMade,
        JudgementMade,
    ]
    body, card, ungraded, *said = result.events
    assert (body.body, body.kind, body.name) == ("body:ofsted", "inspectorate", "Ofsted")
    assert (card.slug, ungraded.slug) == (REPORT_CARD, "ofsted-ungraded")
    named = {f"framework:{result.ids[event]}" for event in (card, ungraded)}
    assert {each.framework for each in said} == named


def test_nothing_is_adopted_or_registered_without_a_judgement(importer):
    result = importer([row(900002, CARD), row(900001)], known(school(900001)))
    assert result.events == ()


def test_the_frameworks_of_the_ledger_are_used(importer):
    held = known(school(900001), shipped(REPORT_CARD), inspectorate("body:eye"))
    result = importer([row(900001, CARD)], held)
    (said,) = judged(result)
    assert said.framework == held.frameworks[REPORT_CARD].ref
    assert not any(isinstance(event, FrameworkAdopted) for event in result.events)


# Again, and later.


def test_the_same_file_again_adds_nothing(importer):
    rows = [row(900001, CARD, GRADED, UNGRADED)]
    first = importer(rows)
    again = importer(rows, after(first, ALDER))
    assert (again.events, again.findings) == ((), ())
    assert again.counts.unchanged == 3


def test_a_later_file_adds_what_is_new(importer):
    held = after(importer([row(900001, GRADED)]), ALDER)
    later = importer([row(900001, GRADED, CARD)], held)
    assert [grades(each)["safeguarding"] for each in judged(later)] == ["met"]
    assert (later.counts.unchanged, later.counts.registered) == (1, 1)


def test_the_other_sheet_tells_of_the_same_inspection(importer):
    held = after(importer([row(900001, CARD)], header=IN_YEAR), ALDER)
    assert importer([row(900001, CARD)], held).events == ()


def test_one_inspection_in_two_rows_is_one(importer):
    result = importer([row(900001, CARD), row(900001, CARD)], header=IN_YEAR)
    assert (len(judged(result)), result.counts.unchanged) == (1, 1)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            {"Inclusion": "Urgent improvement"},
            "inclusion is urgent improvement, in the ledger expected standard",
        ),
        (
            {"Leadership and governance": "Strong standard"},
            "the ledger has no grade in leadership and governance, the file strong standard",
        ),
        ({"Category of concern": "SM"}, "its category is special measures, in the ledger none"),
        (
            {"Publication date": "21/03/2026"},
            "it was published on 21/03/2026, in the ledger on 20/03/2026",
        ),
    ],
)
def test_what_the_ledger_says_otherwise_is_found(importer, cells, words):
    held = after(importer([row(900001, CARD)], header=IN_YEAR), ALDER)
    result = importer([row(900001, CARD, cells)], held, header=IN_YEAR)
    assert (judged(result), codes(result)) == ([], [("differs", "900001")])
    assert sentence(result) == f"900001 School 900001 was inspected on 10/02/2026: {words}"


@pytest.mark.parametrize("more", [[], [CARD]], ids=["twice", "thrice"])
def test_of_what_two_rows_tell_in_different_ways_nothing_is_recorded(importer, more):
    otherwise = {**CARD, "Inclusion": "Strong standard"}
    rows = [row(900001, one) for one in (CARD, otherwise, *more)]
    result = importer(rows, header=IN_YEAR)
    assert (judged(result), codes(result)) == ([], [("rows-disagree", "900001")])
    assert sentence(result) == (
        "900001 School 900001 was inspected on 10/02/2026: inclusion is strong standard, in row 2"
        " expected standard"
    )


# Schools.


def test_a_school_is_judged_under_the_urn_of_the_day(importer):
    held = known(school(900001), converted(900001, 900101), inspectorate())
    former = {f"URN at time of {OEIF}": "900001", f"URN at time of {FULL}": "900101"}
    now, before = judged(importer([row(900101, CARD, GRADED, former)], held))
    assert (before.about, before.urn) == ("school:900001", "urn:900001")
    assert (now.about, now.urn) == ("school:900001", "urn:900101")


def test_a_predecessor_that_the_ledger_does_not_have_is_found(importer):
    former = {f"URN at time of {OEIF}": "900007"}
    result = importer([row(900001, GRADED, former)])
    assert (judged(result), codes(result)) == ([], [("earlier-urn-unknown", "900001")])


def test_schools_that_the_ledger_does_not_have_are_counted_in_one_finding(importer):
    result = importer([row(urn, CARD) for urn in range(900002, 900007)])
    assert result.events == ()
    assert sentence(result) == (
        "5 schools of the file are not in this ledger: 900002 School 900002, 900003 School"
        " 900003, 900004 School 900004 and 2 more"
    )
    assert (result.counts.rows, result.counts.schools) == (5, 0)


# What cannot be told.


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"URN": "9000O1"}, "urn-unreadable"),
        ({"Publication date": "31/02/2026"}, "day-unreadable"),
        ({"Inclusion - date of grade": "2026"}, "day-unreadable"),
        ({"Publication date": "01/01/2027"}, "day-ahead"),
        ({"Publication date": "NULL"}, "day-missing"),
        ({"Publication date": "09/02/2026"}, "days-reversed"),
        ({"Inclusion": "Splendid"}, "grade-unknown"),
        ({"Inclusion": "1"}, "grade-unknown"),
        ({"Inclusion": "—"}, "grade-unknown"),
        ({"Category of concern": "XY"}, "category-unknown"),
        ({"Inspection start date": "01/09/2019"}, "before-framework"),
        ({"Inclusion - date of grade": "21/03/2026"}, "grade-dated-later"),
        (UNGRADED | {"Ungraded inspection overall outcome": "Fine"}, "grade-unknown"),
    ],
)
def test_what_cannot_be_told_is_found_and_not_recorded(importer, cells, code):
    told = {} if "Ungraded inspection overall outcome" in cells else CARD
    result = importer([row(900001, told, cells)])
    assert judged(result) == []
    assert [finding.code for finding in result.findings] == [code]
    assert ASKS[code] == result.findings[0].ask
    assert [(each.file, each.row) for each in result.findings[0].rows] == [("i.csv", 2)]


def test_an_unknown_grade_is_told_with_the_scale(importer):
    result = importer([row(900001, CARD, Inclusion="Splendid")])
    assert sentence(result) == (
        "900001 School 900001 has 'Splendid' in 'Inclusion'; the scale is exceptional, strong"
        " standard, expected standard, needs attention, urgent improvement"
    )


def test_an_area_that_the_ledgers_framework_lacks_is_found(importer):
    slim = shipped(FOUR_POINT)
    slim = slim.model_copy(update={"areas": slim.areas[1:]})
    held = known(school(900001), slim)
    assert codes(importer([row(900001, GRADED)], held)) == [("area-unknown", "900001")]


def test_an_inspection_after_the_school_closed_is_found(importer):
    held = known(school(900001), closed(900001, date(2025, 8, 31)))
    assert codes(importer([row(900001, CARD)], held)) == [("closed-before", "900001")]


def test_a_category_without_grades_is_found(importer):
    days = {"Inspection start date": "14/05/2025", "Publication date": "17/06/2025"}
    result = importer([row(900001, days, Category_of_concern="SM")], header=IN_YEAR)
    assert codes(result) == [("no-grades", "900001")]
    assert importer([row(900001, days)], header=IN_YEAR).findings == ()


def test_a_grade_given_later_is_passed_over_where_that_inspection_is_known(importer):
    monitored = {"Inspection start date": "09/06/2026", "Publication date": "01/07/2026"}
    monitored |= {"Inclusion": "Strong standard"}
    rows = [row(900001, CARD), row(900001, monitored, Inspection_type="Monitoring")]
    held = after(importer(rows, header=IN_YEAR), ALDER)
    later = {"Inclusion": "Strong standard", "Inclusion - date of grade": "09/06/2026"}
    result = importer([row(900001, CARD, later)], held)
    assert (result.events, result.findings) == ((), ())


@pytest.mark.parametrize(
    ("newest", "found"), [("SM", []), ("NULL", [("category-changed", "900001")])]
)
def test_a_category_that_no_known_inspection_set_or_lifted_is_found(importer, newest, found):
    cells = {"Category of concern": "SM", "Most recent category of concern": newest}
    assert codes(importer([row(900001, CARD, cells)])) == found


def test_a_file_without_schools_is_refused(importer):
    with pytest.raises(ImportFileError, match="a header and no schools below it"):
        importer([])


def test_a_file_of_something_else_is_refused(importer):
    with pytest.raises(ImportFileError, match="has no column 'Inspection start date'"):
        importer([row(900001)], header=("URN", "School name"))
