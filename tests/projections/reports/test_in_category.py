"""When schools were in a category of concern, told once for every report."""

import pytest
from recording import _REGISTRAR as RITA
from recording import DAY, REGISTRAR, TWO

from projections.reports.history import history
from projections.reports.response import QUESTION as RESPONSE
from projections.reports.schools import QUESTION as SCHOOLS
from projections.reports.tenure import QUESTION as TENURE
from projections.tables import catalogue
from projections.tables.views import moment

SCHOOL, LATER = TWO.school, ("2027-12-31", None)
AREAS = [{"area": "reading", "grades": ["secure", "priority"]}]
SOURCE = {"title": "Report", "publisher": "Eye", "sha256": "0" * 64}
MEASURES, IMPROVEMENT = "special_measures", "requires_significant_improvement"


def register(recorded, name, /, **data):
    return recorded.ledger.say(name, data, RITA.signer, REGISTRAR, DAY).event


@pytest.fixture
def inspected(recorded):
    """Record an inspection: when it was, when published, and the category that it tells."""
    said = {"slug": "inspection", "title": "Inspection", "areas": AREAS}
    register(recorded, "BodyRegistered", body="body:inspectors", kind="inspectorate", name="Eye")
    framework = register(recorded, "FrameworkAdopted", in_force_from="2020-01-01", **said)

    def told(inspected_on, published_on, category="none", urn="urn:900002"):
        return register(
            recorded, "JudgementMade", about=SCHOOL, judge="body:inspectors",
            framework=f"framework:{framework}", grades=[{"area": "reading", "grade": "priority"}],
            inspected_on=inspected_on, published_on=published_on, basis="inspection",
            category=category, urn=urn, source={**SOURCE, "published_on": published_on},
        )  # fmt: skip

    return told


def asked(recorded, at=LATER):
    """Return what two reports say: the category and since when, and of a body's time until when."""
    (school,) = recorded.ask(SCHOOLS, at, about=SCHOOL).rows
    (time,) = (
        row
        for row in recorded.ask(TENURE, at, about=SCHOOL).rows
        if row["role"] == "responsible body" and "days_received_within" in row
    )
    of_time = time["category"], time["category_from"], time["category_to"]
    return (school["category"], school["stage_since"]), of_time


def test_the_inspection_that_was_published_last_tells_the_category_everywhere(recorded, inspected):
    inspected("2025-11-03", "2026-02-02")
    inspected("2025-10-06", "2026-02-20", MEASURES)
    now = "special measures", "2026-02-20"
    assert asked(recorded) == (now, (*now, None)), "it was seen first and published last"


def test_what_a_later_inspection_finds_again_began_with_the_first(recorded, inspected):
    first = inspected("2025-09-08", "2025-10-01", MEASURES)
    again = inspected("2026-01-12", "2026-02-02", MEASURES)
    now = "special measures", "2025-10-01"
    assert asked(recorded) == (now, (*now, None))
    (school,) = recorded.ask(SCHOOLS, LATER, about=SCHOOL).rows
    assert {first, again} <= set(school["events"])


def test_another_category_is_another_time_and_none_ends_it(recorded, inspected):
    inspected("2025-09-08", "2025-10-01", MEASURES)
    inspected("2026-01-12", "2026-01-20", IMPROVEMENT)
    now = "requires significant improvement", "2026-01-20"
    assert asked(recorded) == (now, (*now, None))
    inspected("2026-02-02", "2026-02-20")
    assert asked(recorded) == ((None, None), (*now, "2026-02-20"))


def test_no_category_passes_to_a_new_urn_nor_comes_from_an_inspection_of_the_old(
    recorded, inspected
):
    inspected("2025-09-08", "2025-10-01", MEASURES)
    register(
        recorded, "SchoolConverted", school=SCHOOL, old_urn="urn:900002",
        old_urn_closes_on="2026-01-31", new_urn="urn:900102", new_urn_opens_on="2026-02-01",
        effective_on="2026-02-01", name="School 2 Academy",
    )  # fmt: skip
    ended = "special measures", "2025-10-01", "2026-02-01"
    assert asked(recorded) == ((None, None), ended)
    inspected("2026-01-12", "2026-02-20", IMPROVEMENT)
    assert asked(recorded) == ((None, None), ended)


def test_what_is_recorded_after_a_later_inspection_calls_for_no_help(recorded, inspected):
    inspected("2025-11-03", "2026-02-02")
    inspected("2025-09-08", "2025-10-01", MEASURES)
    assert recorded.ask(RESPONSE, LATER).rows == []
    placed = inspected("2026-02-09", "2026-03-02", MEASURES)
    assert [row["trigger"] for row in recorded.ask(RESPONSE, LATER).rows] == [placed]


def test_the_history_of_a_school_says_what_ended_its_category(recorded, inspected):
    placed = inspected("2025-09-08", "2025-10-01", MEASURES)
    again = inspected("2026-01-12", "2026-02-02", MEASURES)
    out = inspected("2026-02-16", "2026-03-02")
    ledger = recorded.ledger
    with catalogue.views(ledger.store, None).open() as connection:
        at = moment(connection, *LATER)
        rows = {row["event"]: row for row in history(connection, ledger.store, SCHOOL, at).rows}
    ended = "This ended special measures, which began on 1 October 2025."
    assert [ended in rows[one]["summary"] for one in (placed, again, out)] == [False, False, True]
    assert rows[out]["events"] == [out, placed]
