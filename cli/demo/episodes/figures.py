"""Published figures with their bounds, what schools show together, and a gain claimed by three.

The bounds are those of Wilson, at 95 in 100.
"""

from __future__ import annotations

from cli.demo.names import ALDER, BIRCH, CEDAR, COUNCIL, DALE, ELM, ESTUARY, FERN
from cli.demo.story import Action, Story

_ABSENT, _PHONICS = "pupils-persistently-absent", "phonics-check-pass-rate"
_FIRST, _SECOND = "2023-24", "2024-25"
#: Of each school: the value in percent, its bounds, and of how many pupils.
_Figure = tuple[str, str, str, int]
_PHONICS_FIRST: dict[str, _Figure] = {
    ALDER: ("89.7", "79.2", "95.2", 58),
    CEDAR: ("61.0", "48.3", "72.4", 59),
}
_PHONICS_SECOND: dict[str, _Figure] = {
    ALDER: ("86.9", "76.2", "93.2", 61),
    CEDAR: ("74.1", "61.6", "83.7", 58),
    ELM: ("79.7", "67.7", "88.0", 59),
}
_ABSENT_FIRST: dict[str, _Figure] = {
    CEDAR: ("25.5", "20.0", "31.9", 204),
    DALE: ("26.4", "21.1", "32.4", 231),
}
_ABSENT_SECOND: dict[str, _Figure] = {
    ALDER: ("10.2", "7.6", "13.5", 402),
    BIRCH: ("14.2", "11.1", "18.0", 388),
    CEDAR: ("13.9", "9.9", "19.3", 208),
    DALE: ("25.4", "20.2", "31.5", 228),
    ELM: ("11.2", "7.4", "16.7", 178),
    FERN: ("9.7", "7.0", "13.3", 341),
}


def published(story: Story) -> None:
    """October 2025: figures of schools are published, with how far they may be off."""
    _publish(story, _PHONICS, _FIRST, _PHONICS_FIRST)
    _publish(story, _PHONICS, _SECOND, _PHONICS_SECOND)
    story.at("2026-03-26", _absence)
    for school, day in (
        (ALDER, "2026-05-26"),
        (BIRCH, "2026-05-27"),
        (CEDAR, "2026-05-28"),
        (DALE, "2026-05-29"),
        (ELM, "2026-06-01"),
        (FERN, "2026-06-03"),
    ):
        story.at(day, _consents(school))
    story.at("2026-07-22", _claims_a_part)


def _publish(story: Story, measure: str, year: str, figures: dict[str, _Figure]) -> None:
    begins = int(year[:4])
    period = {"period_from": f"{begins}-09-01", "period_to": f"{begins + 1}-08-31"}
    for school, (value, lower, upper, cohort) in figures.items():
        story.publish(
            *("MeasurePublished", "Northwick Council", f"Schools in figures, {year}"),
            about=school,
            measure=measure,
            basis="raw",
            **period,
            value=value,
            lower=lower,
            upper=upper,
            cohort=cohort,
        )


def _absence(story: Story) -> None:
    _publish(story, _ABSENT, _FIRST, _ABSENT_FIRST)
    _publish(story, _ABSENT, _SECOND, _ABSENT_SECOND)


def _consents(school: str) -> Action:
    measures = [_PHONICS, _ABSENT] if school in (CEDAR, DALE) else [_ABSENT]
    said = {"school": school, "partnership": ESTUARY, "measures": measures}
    said |= {"effective_on": "2026-06-08"}
    return lambda story: story.head_says(school, "JointPublicationAgreed", **said)


def _claims_a_part(story: Story) -> None:
    # Dale End and Fern Hill have each claimed the same.
    claim = "Our attendance officer called at the homes of those who came late most."
    measures = [{"measure": "late-arrivals-a-week", "before": "31", "after": "12"}]
    said = {"reporter": COUNCIL, "agreement": story.noted["stopped"], "claim": claim}
    said |= {"area": "attendance-and-behaviour"}
    claimed = story.officer_says("ImpactReported", **said, measures=measures)
    story.at("2026-07-28", lambda story: _contests(story, f"impact:{claimed}"))


def _contests(story: Story, impact: str) -> None:
    why = "She called at two homes, in May; by then 14 came late in a week."
    story.head_says(DALE, "ImpactAnswered", impact=impact, answer="contested", why=why)
