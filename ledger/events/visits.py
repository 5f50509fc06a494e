"""Visits: made, confirmed or disputed by the host, corrected, and what came of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    AdviceRef,
    AgreementRef,
    AreaCode,
    Day,
    Days,
    DisputeRef,
    EvidenceRef,
    ImpactRef,
    Number,
    PartyRef,
    PersonRef,
    ReviewRef,
    SchoolRef,
    Sealed,
    Slug,
    UnderRef,
    Value,
    VisitRef,
    YearRef,
)

Purpose = Literal["support", "challenge", "peer_review", "monitoring"]
Model = Literal["lle", "nle", "rise", "hub", "other"]
Mode = Literal["on_site", "remote", "preparation"]
ImpactRole = Literal["provider", "receiver", "commissioner", "authority"]
WorkedWith = Literal["leaders", "teachers", "classrooms", "pupils", "governors"]


class VisitMade(Event):
    """A visitor says that a visit was made, and how many days of work it was."""

    creates = "visit"
    sentence = (
        "{visitor} visited {host} ({purpose}), {days} claimed",
        ", under the {under}",
        ".",
    )
    audience = "parties"
    example = {
        "visitor": "school:900001",
        "host": "school:900002",
        "people": [examples.person("head")],
        "under": examples.thing("agreement"),
        "purpose": "support",
        "model": "lle",
        "mode": "on_site",
        "worked_with": ["teachers", "classrooms"],
        "days": "1.5",
        "note": "Phonics: two lessons taught together, then planning with Year 1 & Year 2.",
    }

    visitor: PartyRef
    host: PartyRef
    people: tuple[PersonRef, ...] = ()
    under: UnderRef | None = Field(
        None,
        description="what it is for: an agreement, partnership year or programme, or `nothing`",
    )
    purpose: Purpose
    model: Model | None = Field(None, description="what kind of support it was part of")
    mode: Mode
    worked_with: tuple[WorkedWith, ...] = ()
    until: Day | None = Field(None, description="its last day, if it took several")
    days: Days = Field(description="one person's working day is 1.0")
    note: Sealed | None = None
    evidence: tuple[EvidenceRef, ...] = ()


class VisitAttested(Answer):
    """The host confirms a visit, for as many days as it agrees to; the rest it disputes."""

    affirms = "visit"
    sentence = (
        "{host} confirmed {days} of a visit by {visitor}",
        ", of {claimed} claimed",
        ".",
    )
    audience = "parties"
    example = {
        "visit": examples.thing("visit"),
        "visitor": "school:900001",
        "host": "school:900002",
        "under": examples.thing("agreement"),
        "visited_on": "2026-03-08",
        "days": "1.5",
        "obligations": [
            examples.opened("agreement", "support"),
            examples.opened("visit", "attestation"),
        ],
    }

    visit: VisitRef
    visitor: PartyRef
    host: PartyRef
    under: UnderRef | None = None
    visited_on: Day = Field(description="the day of the visit, from which the days count")
    days: Days
    claimed: Days | None = Field(None, description="the days claimed, where it confirms fewer")
    confirmed_before: Days | None = Field(
        None, description="the days confirmed by an earlier answer, which these are beside"
    )


class VisitDisputed(Answer):
    """The host says what is wrong with a visit as claimed, and what it would confirm."""

    creates = "dispute"
    sentence = "{host} disputed a visit by {visitor} and would confirm {days}."
    audience = "parties"
    example = {
        "visit": examples.thing("visit"),
        "visitor": "school:900001",
        "host": "school:900002",
        "under": examples.thing("agreement"),
        "wrong": "The second day ended at noon.",
        "days": "1.0",
        "obligations": [examples.opened("visit", "attestation")],
    }

    visit: VisitRef
    visitor: PartyRef
    host: PartyRef
    under: UnderRef | None = None
    wrong: Sealed
    days: Days = Field(description="the days that the host would confirm")


class VisitCorrected(Answer):
    """The visitor gives new figures for a visit; the host answers anew."""

    corrects = "visit"
    sentence = "{visitor} corrected a visit to {host} to {days}."
    audience = "parties"
    example = {
        "visit": examples.thing("visit"),
        "dispute": examples.thing("dispute"),
        "visitor": "school:900001",
        "host": "school:900002",
        "under": examples.thing("agreement"),
        "days": "1.0",
        "worked_with": ["teachers"],
        "note": "One day in school; the rest was preparation.",
        "obligations": [examples.opened("dispute", "dispute_answer")],
    }

    visit: VisitRef
    dispute: DisputeRef | None = None
    visitor: PartyRef
    host: PartyRef
    under: UnderRef | None = Field(None, description="what it is for, which may be another")
    days: Days
    confirmed_before: Days | None = Field(None, description="the days confirmed already, of them")
    worked_with: tuple[WorkedWith, ...] = ()
    note: Sealed | None = None


class VisitDisputeMaintained(Answer):
    """The visitor says why a visit stands as claimed, though the host disputes it."""

    sentence = (
        "{visitor} maintained its visit to {host} as claimed",
        "; {finder} to find a moderator",
        ".",
    )
    audience = "parties"
    example = {
        "visit": examples.thing("visit"),
        "dispute": examples.thing("dispute"),
        "visitor": "school:900001",
        "host": "school:900002",
        "under": examples.thing("agreement"),
        "why": "The afternoon was spent with the phonics lead, whose diary shows it.",
        "obligations": [examples.opened("dispute", "dispute_answer")],
    }

    visit: VisitRef
    dispute: DisputeRef | None = Field(None, description="left out where fewer days were confirmed")
    visitor: PartyRef
    host: PartyRef
    under: UnderRef | None = None
    finder: PartyRef | None = Field(None, description="who finds somebody to moderate it")
    why: Sealed


class Measure(Value):
    """One figure that a claim of impact rests on."""

    measure: Slug
    before: Number | None = None
    after: Number


class ImpactReported(Answer):
    """A party's account of what an agreement, or a partnership year, changed.

    Each side accounts once, and the receiver of support once more a year after it ended; a body
    that claims a part in it may say so besides.
    """

    creates = "impact"
    sentence = ("{reporter} reported impact on {area}", " at {school}", ", with {other_side}.")
    audience = "parties"
    example = {
        "reporter": "school:900001",
        "role": "provider",
        "other_side": "school:900002",
        "agreement": examples.thing("agreement"),
        "school": "school:900002",
        "period_from": "2024-10-07",
        "period_to": "2025-03-31",
        "area": "curriculum-and-teaching",
        "claim": "More pupils keep up with the programme.",
        "measures": [
            {"measure": "phonics-check-pass-rate", "before": "61.5", "after": "74.0"},
            {"measure": "change-in-reading-age", "after": "-0.25"},
        ],
        "visits": [examples.thing("visit")],
        "obligations": [examples.opened("agreement", "impact_account/school:900001")],
    }

    reporter: PartyRef
    role: ImpactRole | None = Field(
        None, description="in which role it had a part; a school's in a year is left out"
    )
    other_side: PartyRef = Field(
        description="who answers: the other side of an agreement, the partnership of a year"
    )
    agreement: AgreementRef | None = None
    year: YearRef | None = None
    school: SchoolRef | None = Field(None, description="the school in which something changed")
    stage: Literal["at_the_end", "a_year_later"] = Field(
        "at_the_end", description="whether it tells of the end, or of a year after it"
    )
    period_from: Day | None = Field(None, description="first day of the time that it tells of")
    period_to: Day | None = Field(None, description="last day of the time that it tells of")
    area: AreaCode = Field(description="the evaluation area in which something changed")
    claim: Sealed
    measures: tuple[Measure, ...] = ()
    visits: tuple[VisitRef, ...] = Field((), description="the confirmed visits that it rests on")


class ImpactAnswered(Answer):
    """The other side confirms an account of impact, or contests it."""

    affirms = "impact"
    denies = ("answer", "contested")
    sentence = "{answerer} {answer} what {reporter} had reported of impact on {impact.area}."
    audience = "parties"
    example = {
        "impact": examples.thing("impact"),
        "reporter": "school:900001",
        "answerer": "school:900002",
        "year": examples.thing("year"),
        "answer": "contested",
        "why": "The rise began in the term before the visits.",
        "obligations": [examples.opened("impact", "fulfilment_answer")],
    }

    impact: ImpactRef
    reporter: PartyRef
    answerer: PartyRef = Field(description="whom the account is with")
    agreement: AgreementRef | None = Field(None, description="the agreement that it is of, if any")
    year: YearRef | None = Field(None, description="the partnership year that it is of, if any")
    answer: Literal["confirmed", "contested"]
    why: Sealed | None = Field(None, description="needed where it is contested")


class AdviceGiven(Event):
    """A visitor, or an adviser after a review, advises a school and says by when to act."""

    creates = "advice"
    sentence = "{giver} advised {school} on {area}, to act by {act_by}."
    audience = "parties"
    example = {
        "visit": examples.thing("visit"),
        "giver": "school:900001",
        "school": "school:900002",
        "area": "curriculum-and-teaching",
        "recommendation": "Teach phonics at one time of day in every class.",
        "act_by": "2026-06-30",
    }

    visit: VisitRef | None = Field(None, description="the confirmed visit that it is given on")
    review: ReviewRef | None = Field(None, description="the review of support that it is given on")
    giver: PartyRef = Field(description="who visited, or for whom the school's adviser speaks")
    school: SchoolRef
    area: AreaCode = Field(description="the evaluation area that it is on")
    recommendation: Sealed
    act_by: Day


class AdviceAnswered(Answer):
    """The head accepts advice, adapts it, or declines it and says why."""

    affirms = "advice"
    sentence = "{school} {answer} the advice of {giver} on {advice.area}."
    audience = "parties"
    example = {
        "advice": examples.thing("advice"),
        "giver": "school:900001",
        "school": "school:900002",
        "answer": "adapted",
        "how": "At one time of day within each key stage.",
        "act_by": "2026-06-30",
        "obligations": [examples.opened("advice", "advice_response")],
    }

    advice: AdviceRef
    giver: PartyRef
    school: SchoolRef
    answer: Literal["accepted", "adapted", "declined"]
    how: Sealed | None = Field(None, description="how it is adapted, or why it is declined")
    act_by: Day = Field(description="the day by which the advice asked to act")


class AdviceActedOn(Answer):
    """The head says what was done about advice."""

    sentence = "{school} acted on the advice of {giver} on {advice.area}."
    audience = "parties"
    example = {
        "advice": examples.thing("advice"),
        "giver": "school:900001",
        "school": "school:900002",
        "done": "Every class in Key Stage 1 now has phonics at 9.15.",
        "evidence": [examples.thing("evidence")],
        "obligations": [f"{examples.event_id('advice answered')}/advice_action"],
    }

    advice: AdviceRef
    giver: PartyRef
    school: SchoolRef
    done: Sealed
    evidence: tuple[EvidenceRef, ...] = ()
