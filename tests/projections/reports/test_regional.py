"""Needs and outcomes by evaluation area and local authority."""

import measured
import pytest
from recording import ONE, TWO

from projections.errors import ProjectionError
from projections.reports.regional import QUESTION

AREA = "curriculum-and-teaching"
NORTHWICK = "body:northwick"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A need that is met, one that goes outside, and one in an area of its own."""
    telling = measured.Telling(tmp_path_factory.mktemp("measured") / "measured.db")
    needs = [
        telling.say("2026-03-02", head, "NeedIdentified", school=head.school, area=area, **LEVEL)
        for head, area in ((TWO, AREA), (ONE, AREA), (ONE, "inclusion"))
    ]
    trigger = f"need:{needs[0]}"
    agreement = telling.support(ONE, TWO, "6.0", trigger=trigger)
    impact = telling.claim("2026-07-01", ONE, agreement, "More read at six.")
    telling.say("2026-07-10", TWO, "ImpactAnswered", impact=impact, answer="confirmed")
    telling.say("2026-07-11", TWO, "NeedClosed", need=trigger, outcome="met")
    asks = {"ask": "A day a week.", "why": "Nobody here can."}
    escalated = {"trigger": f"need:{needs[1]}", **asks}
    telling.say("2026-07-12", ONE, "NeedEscalated", to_level="partnership", **escalated)
    telling.say("2026-07-13", ONE, "NeedEscalated", to_level="outside", **escalated)
    with telling.ledger as ledger:
        yield ledger


LEVEL = {"level": "school"}


@pytest.fixture
def cells(told, asking):
    """Ask for needs and outcomes, by area."""

    def ask(at=("2026-12-31", None), **narrowed):
        rows = asking(told)(QUESTION, at, **narrowed).rows
        return {row["need_area"]: row for row in rows}

    return ask


def test_needs_are_counted_with_what_became_of_them(cells):
    found = cells()
    assert set(found) == {"curriculum and teaching", "inclusion"}
    row = found["curriculum and teaching"]
    assert (row["authority"], row["needs_found"], row["met"]) == (NORTHWICK, 2, 1)
    assert (row["gone_outside"], row["delivered"], row["median_days"]) == (1, "6.0", 49)
    assert (found["inclusion"]["needs_found"], found["inclusion"]["median_days"]) == (1, None)


def test_what_worked_is_whose_impact_the_other_side_confirmed(cells):
    assert cells()["curriculum and teaching"]["worked"] == "School 1 (900001)"
    assert cells(("2026-07-09", None))["curriculum and teaching"]["worked"] == ""
    assert cells()["inclusion"]["worked"] == ""


def test_as_of_a_day_only_what_had_happened_by_then(cells):
    row = cells(("2026-07-12", None))["curriculum and teaching"]
    assert (row["needs_found"], row["gone_outside"], row["met"]) == (2, 0, 1)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"area": "inclusion"}, {"inclusion"}),
        ({"la": NORTHWICK}, {"curriculum and teaching", "inclusion"}),
        ({"la": "body:elsewhere"}, set()),
        ({"since": "2026-07-02"}, set()),
        ({"area": "Early years"}, set()),
    ],
)
def test_narrowed(cells, narrowed, found):
    assert set(cells(**narrowed)) == found


def test_a_gain_is_told_where_no_need_was_identified(told, asking):
    """Asked from the day after the needs on, which the gain of that time does not wait for."""
    report = asking(told)(QUESTION, ("2026-12-31", None), since="2026-03-03")
    (row,) = report.rows
    assert (row["need_area"], row["needs_found"]) == ("curriculum and teaching", 0)
    assert (row["worked"], row["median_days"]) == ("School 1 (900001)", None)
    assert report.pictured(report.rows) is None, "no need is there to be drawn"


def test_an_area_that_there_is_not_is_refused_with_the_nearest(cells):
    with pytest.raises(ProjectionError, match=r"expected achievement, .*Did you mean inclusion\?"):
        cells(area="inclusoin")


@pytest.fixture(scope="module")
def without_needs(tmp_path_factory):
    """Support for no need: in two areas, and in none that is named."""
    telling = measured.Telling(tmp_path_factory.mktemp("measured") / "measured.db")
    telling.support(ONE, TWO, "6.0", areas=["inclusion", "achievement"])
    telling.support(ONE, TWO, "1.5")
    with telling.ledger as ledger:
        yield ledger


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {("inclusion", "6.0"), ("achievement", "6.0"), (None, "1.5")}),
        ({"since": "2026-04-20"}, {("inclusion", "6.0"), ("achievement", "6.0"), (None, "1.5")}),
        ({"since": "2026-04-22"}, set()),
        ({"to": "2026-04-01"}, set()),
        ({"area": "inclusion"}, {("inclusion", "6.0")}),
    ],
)
def test_days_of_support_for_no_need_are_told_in_each_area_of_it(
    without_needs, asking, asked, found
):
    rows = asking(without_needs)(QUESTION, ("2026-12-31", None), **asked).rows
    assert {(row["need_area"], row["delivered"]) for row in rows} == found
    assert {row["needs_found"] for row in rows} <= {0}
