"""Figures that are published: of whom, for which time, and between which bounds."""

import pytest
from given import ESTUARY, NORTHWICK, NORTHWICK_BODY, WITH_ESTUARY, given, measured

RECORDED = {
    "of a school": {},
    "of a partnership": {"about": ESTUARY},
    "without bounds and cohort": {"lower": None, "upper": None, "cohort": None},
    "at a bound": {"value": "66.2"},
    "below nothing": {"value": "-0.2", "lower": "-1.4", "upper": "0.3", "basis": "contextual"},
}
REFUSED = {
    "of a body": (
        {"about": NORTHWICK_BODY},
        f"a measure is of a school or a partnership, and {NORTHWICK_BODY} is neither",
    ),
    "for a period that ends before it begins": (
        {"period_to": "2024-08-31"},
        "its period ends on 2024-08-31, before it begins on 2024-09-01",
    ),
    "for a period that is not over": (
        {"period_to": "2025-11-21"},
        "its period ends on 2025-11-21, after it was published",
    ),
    "with a lower bound alone": (
        {"upper": None},
        "it has one bound: give the lower and the upper, or neither",
    ),
    "with an upper bound alone": (
        {"lower": None},
        "it has one bound: give the lower and the upper, or neither",
    ),
    "with bounds the wrong way round": (
        {"lower": "81.4", "upper": "66.2"},
        "its bounds are the wrong way round: the lower is 81.4, the upper 66.2",
    ),
    "below its bounds": (
        {"value": "66.1"},
        "its value 66.1 lies outside its bounds, 66.2 to 81.4",
    ),
    "above its bounds": (
        {"value": "81.5"},
        "its value 81.5 lies outside its bounds, 66.2 to 81.4",
    ),
    "of no pupil": ({"cohort": 0}, "a figure rests on one pupil at least: got a cohort of 0"),
    "without its source": (
        {"source": None},
        "a registrar says this only with its published source",
    ),
}


@pytest.mark.parametrize("changes", RECORDED.values(), ids=RECORDED)
def test_a_figure_is_published(changes):
    WITH_ESTUARY.when(measured(**changes)).then_recorded()


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_no_figure_is_published(case):
    changes, reason = case
    NORTHWICK.when(measured(**changes)).then_refused(reason)


def test_it_is_published_anew_for_the_same_period():
    given(WITH_ESTUARY, measured()).when(measured("revised", value="75.0")).then_recorded()
