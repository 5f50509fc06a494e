"""Judgements and measures: by which framework, of whom, by whom, on what basis."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    BodyRef,
    Count,
    Day,
    Days,
    DaysCount,
    EventRef,
    EvidenceRef,
    FrameworkRef,
    InterventionRef,
    JudgementRef,
    Number,
    PartnershipRef,
    PartyRef,
    SchoolRef,
    Sealed,
    Slug,
    Source,
    Title,
    UnderRef,
    UrnRef,
    Value,
    VisitRef,
)

JudgementBasis = Literal[
    "inspection",
    "monitoring_inspection",
    "peer_review",
    "self",
    "la_categorisation",
    "trust_categorisation",
]
Category = Literal["none", "special_measures", "requires_significant_improvement"]
MeasureBasis = Literal["raw", "contextual"]
InterventionKind = Literal[
    "rise_targeted_intervention",
    "warning_notice",
    "neia",
    "twn",
    "interim_executive_board",
    "academy_order",
]


Finding = Literal["upheld", "varied", "set_aside"]


class Area(Value):
    """An evaluation area and its scale, best grade first."""

    area: Slug = Field(description="the framework's own, as it is graded")
    grades: Annotated[tuple[Slug, ...], Field(min_length=2, max_length=10)]
    meets: tuple[Slug, ...] = Field(
        (), description="the grades that meet the framework's own standard"
    )
    monitored: tuple[Slug, ...] = Field(
        (), description="the grades that are followed up: a school so graded is to be helped"
    )


class FrameworkAdopted(Event):
    """A named framework may be judged by in this ledger."""

    creates = "framework"
    sentence = "The framework {title} was adopted."
    audience = "public"
    example = {
        "slug": "northwick-peer-review",
        "title": "Northwick peer review, 2024",
        "areas": [
            {"area": "reading", "grades": ["strength", "secure", "priority"]},
            {"area": "safeguarding", "grades": ["met", "not-met"]},
        ],
        "in_force_from": "2024-09-01",
        "action_days": 70,
    }

    slug: Slug
    title: Title
    areas: Annotated[tuple[Area, ...], Field(min_length=1, max_length=40)]
    in_force_from: Day
    action_days: DaysCount | None = Field(
        None, description="working days for a statement of action after a category of concern"
    )
    source: Source | None = None


class Grade(Value):
    """The grade that was given in one evaluation area."""

    area: Slug = Field(description="an area of the framework")
    grade: Slug = Field(description="a grade on the scale of that area")


class Pledge(Value):
    """Days of help that a partnership pledged to its members by its ground rules."""

    partnership: PartnershipRef
    days: Days


class JudgementMade(Answer):
    """A party was judged by a framework."""

    creates = "judgement"
    sentence = (
        "{judge} judged {about} ({basis}), inspected on {inspected_on}: {grades}",
        "; of excellence: {areas_of_excellence}",
        "; category of concern: {category}",
        ".",
    )
    audience = "parties"
    example = {
        "about": "school:900003",
        "judge": "school:900002",
        "framework": examples.thing("framework"),
        "grades": [
            {"area": "reading", "grade": "secure"},
            {"area": "safeguarding", "grade": "met"},
        ],
        "inspected_on": "2025-03-18",
        "urn": "urn:900003",
        "basis": "peer_review",
    }

    about: PartyRef
    judge: PartyRef
    framework: FrameworkRef
    grades: Annotated[tuple[Grade, ...], Field(min_length=1, max_length=40)]
    inspected_on: Day
    published_on: Day | None = None
    urn: UrnRef | None = Field(None, description="the URN at the time, when a school is judged")
    basis: JudgementBasis
    category: Category | None = Field(
        None,
        description="the category of concern that an inspection places a school in, or none: an"
        " inspection of a school must say it",
    )
    areas_of_excellence: Annotated[tuple[Slug, ...], Field(max_length=40)] = Field(
        (), description="areas of the framework in which it is an example to others"
    )
    brokers: tuple[PartyRef, ...] = Field(
        (), description="who is to find help for a school in a category, or with a monitored grade"
    )
    responders: tuple[PartyRef, ...] = Field(
        (), description="its partnerships, who say what they offer; sorted"
    )
    pledges: tuple[Pledge, ...] = Field(
        (), description="the days that its partnerships pledged, owed by this; once a year"
    )
    answerable: BodyRef | None = Field(
        None, description="the body responsible for a school in a category: it states its action"
    )
    source: Source | None = None


class MeasurePublished(Event):
    """A figure about a school or a partnership was published, with how far it may be off.

    A figure that is published anew for the same period stands in place of the one before.
    """

    sentence = (
        "The {measure} of {about} ({basis}), {period_from} to {period_to}, is {value}",
        ", between {lower} and {upper}",
        ", of {cohort} pupils",
        ".",
    )
    audience = "public"
    example = {
        "about": "school:900003",
        "measure": "phonics-check-pass-rate",
        "basis": "raw",
        "period_from": "2024-09-01",
        "period_to": "2025-08-31",
        "value": "74.5",
        "lower": "66.2",
        "upper": "81.4",
        "cohort": 58,
        "source": examples.SOURCE,
    }

    about: PartyRef = Field(description="the school or partnership that it is a figure of")
    measure: Slug
    basis: MeasureBasis = Field(description="as counted, or allowing for who the pupils are")
    period_from: Day = Field(description="first day of the time that it tells of")
    period_to: Day = Field(description="last day of the time that it tells of")
    value: Number
    lower: Number | None = Field(None, description="the bound above which the true value lies")
    upper: Number | None = Field(None, description="the bound below which the true value lies")
    cohort: Count | None = Field(None, description="how many pupils it rests on")
    source: Source | None = None


class JudgementChallenged(Event):
    """The party that was judged says on what grounds it does not accept the judgement."""

    sentence = (
        "{about} challenged a judgement by {judge}",
        "; {finder} to find a moderator",
        ".",
    )
    audience = "parties"
    example = {
        "judgement": examples.thing("judgement"),
        "about": "school:900003",
        "judge": "school:900002",
        "finder": "partnership:estuary",
        "grounds": "Two of the three classes that were seen were taught by supply teachers.",
        "evidence": [examples.thing("evidence")],
    }

    judgement: JudgementRef
    about: PartyRef = Field(description="whom the judgement is of, and whose office signs")
    judge: PartyRef
    finder: PartyRef | None = Field(
        None, description="who finds a moderator; nobody does for an inspection"
    )
    grounds: Sealed = Field(description="why it is not accepted")
    evidence: tuple[EvidenceRef, ...] = ()


class JudgementModerated(Answer):
    """Somebody of neither side says whether a challenged judgement, or a disputed visit, stands."""

    sentence = (
        "{moderator} moderated the judgement of {about} by {judge}: {finding}",
        "{moderator} moderated the visit by {visitor} to {host}: {finding}, {days} found",
        "; {grades}",
        ".",
    )
    audience = "parties"
    example = {
        "judgement": examples.thing("judgement"),
        "about": "school:900003",
        "judge": "school:900002",
        "moderator": "school:900004",
        "finding": "varied",
        "grades": [{"area": "reading", "grade": "strength"}],
        "why": "Seen again with the reading lead; what the supply teachers taught is left out.",
        "obligations": [f"{examples.event_id('judgement challenged')}/moderation"],
    }

    judgement: JudgementRef | None = Field(None, description="the judgement that is challenged")
    about: PartyRef | None = Field(None, description="whom that judgement is of")
    judge: PartyRef | None = None
    visit: VisitRef | None = Field(
        None, description="the visit that its visitor maintains, and its host disputes"
    )
    visitor: PartyRef | None = None
    host: PartyRef | None = None
    under: UnderRef | None = Field(None, description="what that visit is for")
    visited_on: Day | None = Field(
        None, description="the day of that visit, from which the days count"
    )
    confirmed_before: Days | None = Field(
        None, description="the days of that visit confirmed already, which these are beside"
    )
    moderator: PartyRef = Field(description="whose office signs; of neither side")
    finding: Finding = Field(description="that it stands, stands in part, or does not stand")
    grades: Annotated[tuple[Grade, ...], Field(max_length=40)] = Field(
        (), description="the grades that are found instead, where a judgement is varied"
    )
    days: Days | None = Field(None, description="the days found, of those of the visit that wait")
    why: Sealed = Field(description="what the finding rests on")


class InterventionRecorded(Event):
    """A body intervenes in a school: by a notice, an order, or targeted support."""

    creates = "intervention"
    sentence = (
        "{issuer} intervened in {school} ({kind})",
        "; {complier} to comply",
        " by {comply_by}",
        "; {brokers} to find help",
        ".",
    )
    audience = "public"
    example = {
        "school": "school:900003",
        "kind": "warning_notice",
        "issuer": "body:northwick",
        "grounds": [examples.event("judgement")],
        "asks_for_support": True,
        "complier": "school:900003",
        "comply_by": "2025-07-18",
        "brokers": ["body:northwick"],
    }

    school: SchoolRef
    kind: InterventionKind
    issuer: BodyRef
    grounds: tuple[EventRef, ...] = Field((), description="events that it rests on")
    asks_for_support: bool = Field(description="whether it asks that help is found for the school")
    complier: PartyRef | None = Field(None, description="who must comply with it")
    comply_by: Day | None = Field(None, description="the day by which that must be done")
    brokers: tuple[PartyRef, ...] = Field(
        (), description="who is to find help, where it asks for support; sorted"
    )
    responders: tuple[PartyRef, ...] = Field(
        (), description="the school's partnerships that come to owe an answer by this; sorted"
    )
    pledges: tuple[Pledge, ...] = Field(
        (), description="the days that its partnerships pledged, owed by this; once a year"
    )
    source: Source | None = None


class InterventionLifted(Answer):
    """Whoever intervened in a school says that the intervention is over."""

    sentence = "{issuer} lifted its intervention in {school} ({intervention.kind})."
    audience = "public"
    example = {
        "intervention": examples.thing("intervention"),
        "school": "school:900003",
        "issuer": "body:northwick",
        "obligations": [examples.opened("intervention", "compliance")],
    }

    intervention: InterventionRef
    school: SchoolRef
    issuer: BodyRef
    source: Source | None = None
