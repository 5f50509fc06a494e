"""Visits: made, confirmed or disputed by the host, corrected, and what came of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events.base import Answer, Event
from ledger.values import (
    AgreementRef,
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
)

Purpose = Literal["support", "challenge", "peer_review", "inspection"]
Programme = Literal["lle", "nle", "rise", "hub", "other"]
Mode = Literal["on_site", "remote", "preparation"]
WorkedWith = Literal["leaders", "teachers", "classrooms", "pupils", "governors"]


class VisitMade(Event):
    """A visitor says that a visit was made, and how many days of work it was."""

    creates = "visit"

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

    visit: VisitRef
    visitor: PartyRef
    host: PartyRef
    under: UnderRef | None = None
    purpose: Purpose
    days: Days


class VisitDisputed(Answer):
    """The host says what is wrong with a visit as claimed, and what it would confirm."""

    creates = "dispute"

    visit: VisitRef
    visitor: PartyRef
    host: PartyRef
    under: UnderRef | None = None
    wrong: Sealed
    days: Days = Field(description="the days that the host would confirm")


class VisitCorrected(Answer):
    """The visitor gives new figures for a visit; the host answers anew."""

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
    """One side's account of what a visit, or all visits of an agreement, changed."""

    reporter: PartyRef
    other_side: PartyRef
    visit: VisitRef | None = None
    agreement: AgreementRef | None = None
    area: Slug
    claim: Sealed
    measures: tuple[Measure, ...] = ()


EVENTS: tuple[type[Event], ...] = (
    VisitMade,
    VisitAttested,
    VisitDisputed,
    VisitCorrected,
    ImpactReported,
)
