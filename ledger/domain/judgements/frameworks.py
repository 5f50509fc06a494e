"""Judgement frameworks as data: named areas, each with its own ordered scale, best grade first.

Each scale says which of its grades meet the framework's own standard, and which are followed up: a
school so graded is to be helped. What a school says of itself asks nobody else to follow it up: it
identifies a need for that. Grades of different frameworks are never converted into one another.

A ledger adopts a framework by FrameworkAdopted; the shipped ones are here so that nobody types
them, and anyone may adopt more. Sources: Ofsted, education inspection framework (2019) and the
report card renewed in November 2025, with the guides to monitoring of each; the others are this
ledger's own.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Scale(NamedTuple):
    """The grades of an area, best first: which of them meet its standard, which are followed up."""

    grades: tuple[str, ...]
    meets: tuple[str, ...]
    monitored: tuple[str, ...] = ()


class Framework(NamedTuple):
    """A framework as shipped; `action_days` are working days for a statement of action."""

    slug: str
    title: str
    scales: tuple[tuple[str, Scale], ...]
    in_force_from: date
    action_days: int | None

    @property
    def areas(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each area with its grades alone."""
        return tuple((area, scale.grades) for area, scale in self.scales)


_FOUR_POINT = Scale(
    ("outstanding", "good", "requires-improvement", "inadequate"),
    meets=("outstanding", "good"),
    monitored=("requires-improvement", "inadequate"),
)
_REPORT_CARD = Scale(
    (
        "exceptional",
        "strong-standard",
        "expected-standard",
        "needs-attention",
        "urgent-improvement",
    ),
    meets=("exceptional", "strong-standard", "expected-standard"),
    monitored=("needs-attention", "urgent-improvement"),
)
_MET = Scale(("met", "not-met"), meets=("met",), monitored=("not-met",))
_OF_ITSELF = Scale(("strength", "secure", "developing", "priority"), meets=("strength", "secure"))
_STRENGTH = _OF_ITSELF._replace(monitored=("priority",))
_EFFECTIVENESS = Scale(
    ("leading", "effective", "working-towards-effective", "ineffective"),
    meets=("leading", "effective"),
    monitored=("ineffective",),
)
_ACTION_DAYS = 70


def _areas(scale: Scale, *areas: str) -> tuple[tuple[str, Scale], ...]:
    return tuple((area, scale) for area in areas)


SHIPPED = {
    framework.slug: framework
    for framework in (
        Framework(
            "ofsted-2019",
            "Ofsted education inspection framework, 2019",
            (
                *_areas(
                    _FOUR_POINT,
                    "overall-effectiveness",
                    "quality-of-education",
                    "behaviour-and-attitudes",
                    "personal-development",
                    "leadership-and-management",
                    "early-years-provision",
                    "sixth-form-provision",
                ),
                ("safeguarding", _MET),
            ),
            date(2019, 9, 1),
            _ACTION_DAYS,
        ),
        Framework(
            "ofsted-report-card-2025",
            "Ofsted report card, November 2025",
            (
                *_areas(
                    _REPORT_CARD,
                    "inclusion",
                    "curriculum-and-teaching",
                    "achievement",
                    "attendance-and-behaviour",
                    "personal-development-and-wellbeing",
                    "early-years",
                    "post-16-provision",
                    "leadership-and-governance",
                ),
                ("safeguarding", _MET),
            ),
            date(2025, 11, 10),
            _ACTION_DAYS,
        ),
        Framework(
            "self-evaluation",
            "A school's evaluation of itself",
            _areas(
                _OF_ITSELF,
                "curriculum-and-teaching",
                "achievement",
                "attendance-and-behaviour",
                "inclusion",
                "leadership-and-governance",
            ),
            date(2024, 9, 1),
            None,
        ),
        Framework(
            "peer-review",
            "Review of a school by its peers",
            _areas(
                _STRENGTH,
                "curriculum-and-teaching",
                "achievement",
                "attendance-and-behaviour",
                "inclusion",
                "leadership-and-governance",
            ),
            date(2024, 9, 1),
            None,
        ),
        Framework(
            "peer-review-effectiveness",
            "Review of a school by its peers, by effectiveness",
            _areas(
                _EFFECTIVENESS,
                "curriculum-and-teaching",
                "achievement",
                "attendance-and-behaviour",
                "inclusion",
                "leadership-and-governance",
            ),
            date(2024, 9, 1),
            None,
        ),
    )
}
#: The areas of every framework shipped: `ledger.values.AreaCode` has the same.
AREAS = frozenset(area for framework in SHIPPED.values() for area, _ in framework.scales)
