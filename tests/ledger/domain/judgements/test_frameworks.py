"""The shipped frameworks can be adopted as they are, and can be told apart."""

from __future__ import annotations

from typing import get_args

import pytest

from cli.record.defaults import shipped_framework
from ledger.domain.judgements.frameworks import AREAS, SHIPPED
from ledger.format.entry import parse_event
from ledger.values import AreaCode

every_framework = pytest.mark.parametrize("slug", SHIPPED)


as_said = shipped_framework


@every_framework
def test_a_shipped_framework_can_be_adopted_as_it_is(slug):
    adopted = parse_event("FrameworkAdopted.v1", as_said(slug))
    assert adopted.as_json() == as_said(slug)


@every_framework
def test_a_shipped_framework_names_each_area_and_grade_once(slug):
    areas = SHIPPED[slug].areas
    assert len({area for area, _ in areas}) == len(areas)
    for _, grades in areas:
        assert len(set(grades)) == len(grades) >= 2


def test_the_evaluation_areas_that_events_may_name_are_those_of_every_framework_shipped():
    assert get_args(AreaCode) == tuple(sorted(AREAS))


@pytest.mark.parametrize(
    ("slug", "area", "grades"),
    [
        (
            "ofsted-2019",
            "overall-effectiveness",
            ("outstanding", "good", "requires-improvement", "inadequate"),
        ),
        (
            "ofsted-report-card-2025",
            "inclusion",
            (
                "exceptional",
                "strong-standard",
                "expected-standard",
                "needs-attention",
                "urgent-improvement",
            ),
        ),
        ("ofsted-report-card-2025", "safeguarding", ("met", "not-met")),
        ("self-evaluation", "achievement", ("strength", "secure", "developing", "priority")),
        ("peer-review", "inclusion", ("strength", "secure", "developing", "priority")),
        (
            "peer-review-effectiveness",
            "inclusion",
            ("leading", "effective", "working-towards-effective", "ineffective"),
        ),
    ],
)
def test_scales_run_from_the_best_grade_to_the_worst(slug, area, grades):
    assert dict(SHIPPED[slug].areas)[area] == grades


@every_framework
def test_each_grade_that_is_followed_up_does_not_meet_the_standard(slug):
    for area, scale in SHIPPED[slug].scales:
        assert scale.meets == scale.grades[: len(scale.meets)] != scale.grades, area
        assert set(scale.monitored) <= set(scale.grades) - set(scale.meets), area


FOLLOWED_UP = {
    ("ofsted-2019", "quality-of-education"): ("requires-improvement", "inadequate"),
    ("ofsted-2019", "safeguarding"): ("not-met",),
    ("ofsted-report-card-2025", "inclusion"): ("needs-attention", "urgent-improvement"),
    ("ofsted-report-card-2025", "safeguarding"): ("not-met",),
    ("self-evaluation", "inclusion"): (),
    ("peer-review", "inclusion"): ("priority",),
    ("peer-review-effectiveness", "inclusion"): ("ineffective",),
}


@pytest.mark.parametrize("case", FOLLOWED_UP, ids=" ".join)
def test_which_grades_are_followed_up(case):
    slug, area = case
    assert dict(SHIPPED[slug].scales)[area].monitored == FOLLOWED_UP[case]


def test_the_shipped_frameworks_are_those_that_the_domain_names():
    assert set(SHIPPED) == {
        "ofsted-2019",
        "ofsted-report-card-2025",
        "self-evaluation",
        "peer-review",
        "peer-review-effectiveness",
    }
    assert {slug for slug in SHIPPED if SHIPPED[slug].action_days} == {
        "ofsted-2019",
        "ofsted-report-card-2025",
    }
