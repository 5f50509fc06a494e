"""How schools stood before and under each head and responsible body."""

from collections import defaultdict
from decimal import Decimal

import pytest
from recording import _REGISTRAR as RITA
from recording import DAY, ONE, REGISTRAR, TWO, agreed, offer, say

from projections.reports.balance import QUESTION as BALANCE
from projections.reports.tenure import QUESTION

SCHOOL = TWO.school
AREAS = [{"area": "reading", "grades": ["strength", "secure", "priority"]}]
SOURCE = {"title": "Report", "publisher": "Inspectorate", "published_on": "2026-02-01"}


def register(recorded, name, /, **data):
    return recorded.ledger.say(name, data, RITA.signer, REGISTRAR, DAY).event


@pytest.fixture
def framework(recorded):
    said = {"slug": "inspection", "title": "Inspection", "areas": AREAS}
    register(recorded, "BodyRegistered", body="body:inspectors", kind="inspectorate", name="Eye")
    return register(recorded, "FrameworkAdopted", in_force_from="2020-01-01", **said)


def judged(recorded, framework, day, grade, category="none"):
    return register(
        recorded, "JudgementMade", about=SCHOOL, judge="body:inspectors",
        framework=f"framework:{framework}", grades=[{"area": "reading", "grade": grade}],
        inspected_on=day, published_on=day, basis="inspection", category=category, urn="urn:900002",
        source={**SOURCE, "sha256": "0" * 64},
    )  # fmt: skip


def published(recorded, first, last, value, **bounds):
    said = {"about": SCHOOL, "measure": "phonics", "basis": "raw", "value": value, **bounds}
    period = {"period_from": first, "period_to": last}
    source = {**SOURCE, "sha256": "0" * 64}
    return register(recorded, "MeasurePublished", **said, **period, source=source)


def succeeded(recorded, person, first, basis="substantive"):
    said = {"office": TWO.office, "basis": basis, "effective_on": first}
    return register(recorded, "Appointed", person=person, **said)


def told(report, *names):
    return [tuple(row.get(name) for name in names) for row in report.rows]


def heads(recorded, at=("2026-12-31", None), **asked):
    report = recorded.ask(QUESTION, at, about=SCHOOL, **asked)
    return [row for row in report.rows if row["role"] == "head"]


def test_a_time_ends_with_the_next_one_or_by_itself(recorded):
    other = "person:01900000-0000-7000-8000-000000000009"
    register(recorded, "PersonEnrolled", person=other, name="Ash Quill")
    last = {"person": TWO.person, "office": TWO.office, "effective_on": "2026-03-31"}
    register(recorded, "AppointmentEnded", **last)
    succeeded(recorded, other, "2026-04-13")
    assert [(row["who"], row["first"], row["last"]) for row in heads(recorded)] == [
        (TWO.person, "2026-03-01", "2026-03-31"),
        (other, "2026-04-13", None),
    ]
    before = heads(recorded, ("2026-04-12", None))
    assert [row["who"] for row in before] == [TWO.person], "the next one had not begun"


def test_a_body_is_responsible_until_the_day_before_the_next(recorded):
    register(recorded, "BodyRegistered", body="body:harbour", kind="trust", name="Harbour Trust")
    said = {"school": SCHOOL, "former_body": "body:northwick", "responsible_body": "body:harbour"}
    register(recorded, "ResponsibleBodyChanged", effective_on="2026-09-01", **said)
    report = recorded.ask(QUESTION, ("2026-12-31", None), about="body:harbour")
    assert told(report, "who", "first", "last") == [("body:harbour", "2026-09-01", None)]
    report = recorded.ask(QUESTION, ("2026-12-31", None), about=SCHOOL)
    assert ("body:northwick", None, "2026-08-31") in told(report, "who", "first", "last")


def test_a_grade_is_before_or_within_by_the_day_of_inspecting(recorded, framework):
    first = judged(recorded, framework, "2025-11-03", "priority")
    judged(recorded, framework, "2025-10-01", "strength")
    latest = judged(recorded, framework, "2026-03-02", "secure")
    (_, area) = heads(recorded)
    assert (area["area"], area["framework_title"]) == ("reading", "Inspection")
    assert (area["before"], area["before_on"]) == ("priority", "2025-11-03")
    assert (area["latest"], area["latest_on"]) == ("secure", "2026-03-02")
    assert area["events"] == [first, latest]
    assert area["said_by"] == "published"


def test_a_judgement_that_was_withdrawn_is_left_out(recorded, framework):
    event = judged(recorded, framework, "2026-03-02", "priority", "special_measures")
    withdrawn = {"event": f"event:{event}", "effective_on": DAY.isoformat()}
    register(recorded, "EventWithdrawn", code="entered_in_error", **withdrawn)
    (time,) = heads(recorded)
    assert time["category"] is None


def test_a_category_lasts_until_an_inspection_no_longer_finds_it(recorded, framework):
    judged(recorded, framework, "2025-11-03", "priority", "special_measures")
    time = heads(recorded)[0]
    assert (time["category"], time["category_from"]) == ("special measures", "2025-11-03")
    assert time["category_to"] is None
    judged(recorded, framework, "2026-03-02", "secure")
    time = heads(recorded)[0]
    assert time["category_to"] == "2026-03-02"


def test_a_category_that_was_left_before_a_time_is_not_told_of_it(recorded, framework):
    judged(recorded, framework, "2025-01-06", "priority", "special_measures")
    judged(recorded, framework, "2025-11-03", "secure")
    assert heads(recorded)[0]["category"] is None


def test_a_category_does_not_pass_to_a_new_urn(recorded, framework):
    judged(recorded, framework, "2026-03-02", "priority", "special_measures")
    register(
        recorded, "SchoolConverted", school=SCHOOL, old_urn="urn:900002",
        old_urn_closes_on="2026-08-31", new_urn="urn:900102", new_urn_opens_on="2026-09-01",
        effective_on="2026-09-01", name="School 2 Academy",
    )  # fmt: skip
    assert heads(recorded)[0]["category_to"] == "2026-09-01"


def test_days_received_are_those_confirmed_of_visits_within_the_time(recorded):
    offered = offer(recorded.ledger)
    agreement = say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered)).event
    said = {"visitor": ONE.school, "host": SCHOOL, "purpose": "support", "mode": "on_site"}
    visit = say(
        recorded.ledger, ONE, "VisitMade", under=f"agreement:{agreement}", days="1.5", **said
    ).event
    assert heads(recorded)[0]["days_received_within"] == "0.0", "a claim is not received"
    answer = say(recorded.ledger, TWO, "VisitAttested", visit=f"visit:{visit}", days="1.5").event
    time = heads(recorded)[0]
    assert (time["days_received_within"], time["events"][-1]) == ("1.5", answer)
    withdrawn = {"event": f"event:{answer}", "effective_on": DAY.isoformat()}
    say(recorded.ledger, TWO, "EventWithdrawn", code="entered_in_error", **withdrawn)
    assert heads(recorded)[0]["days_received_within"] == "0.0"


def test_of_one_area_only_its_grades_are_told(recorded, framework):
    judged(recorded, framework, "2026-03-02", "secure")
    report = recorded.ask(QUESTION, ("2026-12-31", None), about=SCHOOL, area="Reading")
    assert told(report, "role", "area") == [("head", "reading"), ("responsible body", "reading")]


def test_a_figure_counts_that_tells_only_of_before_or_only_of_the_time(recorded):
    register(recorded, "BodyRegistered", body="body:harbour", kind="trust", name="Harbour Trust")
    said = {"school": SCHOOL, "former_body": "body:northwick", "responsible_body": "body:harbour"}
    register(recorded, "ResponsibleBodyChanged", effective_on="2025-09-01", **said)
    before = published(recorded, "2024-09-01", "2025-08-31", "60.0", lower="55.0", upper="65.0")
    published(recorded, "2025-03-01", "2026-02-28", "99.0", lower="98.0", upper="99.5")
    latest = published(recorded, "2025-09-01", "2026-01-31", "75.0", lower="70.0", upper="80.0")
    report = recorded.ask(QUESTION, ("2026-12-31", None), about="body:harbour")
    (_, row) = report.rows
    assert (row["area"], row["figure_basis"]) == ("phonics", "raw")
    assert (row["before"], row["latest"]) == ("60.0 (55.0 to 65.0)", "75.0 (70.0 to 80.0)")
    assert (row["before_on"], row["latest_on"]) == ("2025-08-31", "2026-01-31")
    assert (row["moved"], row["events"]) == ("distinguishable", [before, latest])


def test_days_received_are_counted_alike_wherever_they_are_told(northwick):
    """Of each school of the demo: under its bodies, and term by term."""
    at = northwick.at("2026-08-31")

    def days(question, name, **asked):
        found = defaultdict(Decimal)
        for row in northwick.ask(question.answer, at, question.asked(**asked)):
            if row.get("role") != "head":
                found[row["school"]] += Decimal(row.get(name) or 0)
        return {school: several for school, several in found.items() if several}

    by_term = days(BALANCE, "confirmed")
    assert days(QUESTION, "days_received_within") == by_term
    assert len(by_term) > 1
