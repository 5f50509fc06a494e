"""Visits: made, confirmed or disputed by the host, corrected, and what came of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    AgreementRef,
    AreaCode,
    Day,
    Days,
    DisputeRef,
    EvidenceRef,
    Number,
    PartyRef,
    PersonRef,
    Sealed,
    Slug,
    UnderRef,
    Value,
    VisitRef,
    YearRef,
)

Purpose = Literal["support", "challenge", "peer_review", "inspection"]
Programme = Literal["lle", "nle", "rise", "hub", "other"]
Mode = Literal["on_site", "remote", "preparation"]
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
        "programme": "lle",
        "mode": "on_site",
        "worked_with": ["teachers", "classrooms"],
        "days": "1.5",
        "note": "Phonics: two lessons taught together, then planning with Year 1 & Year 2.",
    }

    visitor: PartyRef
    host: PartyRef
    people: tuple[PersonRef, ...] = ()
    under: UnderRef | None = Field(None, description="the agreement or partnership year it is for")
    purpose: Purpose
    programme: Programme | None = None
    mode: Mode
    worked_with: tuple[WorkedWith, ...] = ()
    days: Days = Field(description="one person's working day is 1.0")
    note: Sealed | None = None
    evidence: tuple[EvidenceRef, ...] = ()


class VisitAttested(Answer):
    """The host confirms a visit, for as many days as it agrees to."""

    affirms = "visit"
    sentence = "{host} confirmed {days} of a visit by {visitor}."
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
    under: UnderRef | None = None
    days: Days
    worked_with: tuple[WorkedWith, ...] = ()
    note: Sealed | None = None


class Measure(Value):
    """One figure that a claim of impact rests on."""

    measure: Slug
    before: Number | None = None
    after: Number


class ImpactReported(Answer):
    """A party's account of what an agreement, or a partnership year, changed."""

    sentence = "{reporter} reported impact on {area}, with {other_side}."
    audience = "parties"
    example = {
        "reporter": "school:900001",
        "other_side": "school:900002",
        "agreement": examples.thing("agreement"),
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
    other_side: PartyRef = Field(description="of an agreement; of a year, its partnership")
    agreement: AgreementRef | None = None
    year: YearRef | None = None
    area: AreaCode = Field(description="the evaluation area in which something changed")
    claim: Sealed
    measures: tuple[Measure, ...] = ()
    visits: tuple[VisitRef, ...] = Field((), description="the confirmed visits that it rests on")
