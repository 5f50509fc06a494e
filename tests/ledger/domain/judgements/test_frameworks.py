"""The shipped frameworks can be adopted as they are, and can be told apart."""

from __future__ import annotations

from typing import get_args

import pytest

from ledger.domain.judgements.frameworks import AREAS, SHIPPED
from ledger.format.entry import parse_event
from ledger.values import AreaCode

every_framework = pytest.mark.parametrize("slug", SHIPPED)


def as_said(slug):
    framework = SHIPPED[slug]
    data = {
        "slug": framework.slug,
        "title": framework.title,
        "areas": [{"area": area, "grades": list(grades)} for area, grades in framework.areas],
        "in_force_from": framework.in_force_from.isoformat(),
    }
    if framework.action_days is not None:
        data["action_days"] = framework.action_days
    return data


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
