"""Needs and evidence: what a school needs help with, who takes it up, and what shows it."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Audience, Event
from ledger.values import (
    AgreementRef,
    AreaCode,
    ConflictRef,
    Day,
    EventRef,
    MediaType,
    NeedRef,
    ObligationRef,
    OfferRef,
    OfficeRef,
    PartnershipRef,
    PartyRef,
    PersonRef,
    PlanRef,
    SchoolRef,
    Sealed,
    TriggerRef,
)

EvidenceKind = Literal[
    "self_evaluation",
    "statement_of_action",
    "strategy",
    "spend_certificate",
    "letter",
    "report",
    "data",
    "other",
]
Level = Literal["school", "responsible_body", "partnership", "outside"]

Decision = Literal["support", "leave_alone", "approve", "refuse", "cleared", "not_cleared"]
Checked = Literal["capacity", "finance", "conflict"]
Outcome = Literal["met", "withdrawn", "overtaken"]


class NeedIdentified(Event):
    """Somebody says what a school needs help with, and who is to meet it."""

    creates = "need"
    sentence = "{raiser} identified a need of {school} in {area}."
    audience = "parties"
    example = {
        "school": "school:900002",
        "raiser": "body:northwick",
        "area": "inclusion",
        "level": "partnership",
        "grounds": [examples.event("judgement")],
    }

    school: SchoolRef
    raiser: PartyRef = Field(description="whose office says so; the school itself, or another")
    area: AreaCode = Field(description="the evaluation area that help is needed in")
    level: Level = Field(description="who is to meet it")
    grounds: tuple[EventRef, ...] = Field((), description="events that show it")


class NeedAccepted(Answer):
    """The head takes ownership of a need that somebody else identified."""

    affirms = "need"
    sentence = "{school} accepted the need in {need.area} that {raiser} had identified."
    audience = "parties"
    example = {
        "need": examples.thing("need"),
        "school": "school:900002",
        "raiser": "body:northwick",
        "obligations": [examples.opened("need", "need_response")],
    }

    need: NeedRef
    school: SchoolRef
    raiser: PartyRef


class EvidenceLodged(Answer):
    """A document is lodged: what it is, about whom, and by which digest anyone can know it again.

    The document itself stays with whoever lodges it.
    """

    creates = "evidence"
    tells_of_before = True
    sentence = ("A document about {about} was lodged ({kind})", ", for {period_from}", ".")
    audience = "parties"
    example = {
        "about": "school:900002",
        "title": "Letter of the governors of 3 March",
        "kind": "letter",
        "media_type": "application/pdf",
        "size": 48_213,
        "sha256": sha256(b"letter.pdf").hexdigest(),
        "readers": "commissioner",
    }

    about: PartyRef = Field(description="whom it is about")
    title: Sealed
    kind: EvidenceKind
    period_from: Day | None = Field(None, description="first day of the time that it tells of")
    period_to: Day | None = Field(None, description="last day of the time that it tells of")
    media_type: MediaType = Field(description="as text/plain or application/pdf")
    size: Annotated[int, Field(strict=True, ge=1)] = Field(description="how many bytes it has")
    sha256: Sealed = Field(description="SHA-256 of the document's bytes, in hexadecimal")
    readers: Audience = Field("parties", description="who may read what it seals")
    obligation: ObligationRef | None = Field(None, description="the obligation that it answers")


class NeedDisputed(Answer):
    """The head says why the school does not have a need that somebody else identified."""

    sentence = "{school} disputed the need in {need.area} that {raiser} had identified."
    audience = "parties"
    example = {
        "need": examples.thing("need"),
        "school": "school:900002",
        "raiser": "body:northwick",
        "why": "The pupils concerned left in July.",
        "obligations": [examples.opened("need", "need_response")],
    }

    need: NeedRef
    school: SchoolRef
    raiser: PartyRef
    why: Sealed


class NeedClosed(Answer):
    """The head, or whoever raised a need, says that it is met, withdrawn or overtaken."""

    sentence = "The need of {school} in {need.area} was closed as {outcome}."
    audience = "parties"
    example = {
        "need": examples.thing("need"),
        "school": "school:900002",
        "raiser": "body:northwick",
        "outcome": "met",
        "obligations": [examples.opened("escalation", "brokerage/body:northwick")],
    }

    need: NeedRef
    school: SchoolRef
    raiser: PartyRef
    outcome: Outcome


class NeedEscalated(Answer):
    """A need, or whatever else asks for help, is put to the next level, which is asked for help.

    Each level that the school has is asked in its turn: its trust or federation, its partnerships,
    then anybody outside. A category of concern goes outside at once; an officer who commissions
    may pass by a level, and says why.
    """

    creates = "escalation"
    sentence = (
        "The {trigger} of {school} was escalated from {from_level} to {to_level}",
        "; {brokers} to find help",
        ".",
    )
    audience = "parties"
    example = {
        "trigger": examples.thing("need"),
        "school": "school:900002",
        "from_level": "partnership",
        "to_level": "outside",
        "ask": "Somebody who has led inclusion in an infant school, a day a fortnight.",
        "why": "Nobody in the partnership has the time before Easter.",
        "brokers": ["body:northwick"],
        "responders": ["partnership:estuary"],
    }

    trigger: TriggerRef
    school: SchoolRef
    from_level: Level = Field(description="the level at which it stands")
    to_level: Literal["responsible_body", "partnership", "outside"]
    ask: Sealed
    why: Sealed = Field(description="why the level below cannot help")
    skips: Sealed | None = Field(
        None, description="why a level between is passed by, where an officer does so"
    )
    brokers: tuple[PartyRef, ...] = Field(
        (), description="who comes to owe by this that help is found; sorted"
    )
    responders: tuple[PartyRef, ...] = Field(
        (), description="the school's partnerships that come to owe an answer by this; sorted"
    )


class PartnershipResponded(Answer):
    """A partnership answers what asks for help with a member: what it offers, or why nothing."""

    sentence = "{partnership} answered what asks for help with {school}: it offers {offers}."
    audience = "parties"
    example = {
        "partnership": "partnership:estuary",
        "trigger": examples.thing("need"),
        "school": "school:900002",
        "offers": "no_help",
        "answer": "None of us has led inclusion; we asked each head in March.",
        "obligations": [examples.opened("escalation", "member_response/partnership:estuary")],
    }

    partnership: PartnershipRef
    trigger: TriggerRef
    school: SchoolRef
    offers: Literal["help", "no_help"] = Field(description="whether it offers help")
    answer: Sealed = Field(description="what it offers, or why none")


class DecisionRecorded(Answer):
    """Whoever decides says what was decided, on what grounds, and on whose authority.

    It is about one of these: what asks for help, an offer, a provider, a plan, or a conflict of
    interest.
    """

    creates = "decision"
    sentence = (
        "{decider} decided: {decision}",
        ", about the {trigger}",
        ", about the {offer}",
        ", about {provider}",
        ", about the {plan}",
        ", about the {conflict}",
        ", for {school}",
        ", from {effective_on}",
        ".",
    )
    audience = "parties"
    example = {
        "decider": "body:northwick",
        "trigger": examples.thing("need"),
        "school": "school:900002",
        "decision": "support",
        "checked": ["capacity", "finance"],
        "why": "The school has had no help with inclusion for two years.",
        "authorised_by": "officer@body:northwick",
        "effective_on": "2024-10-01",
    }

    decider: PartyRef = Field(description="whose office decides")
    instead_of: tuple[PartyRef, ...] = Field(
        (), description="the bodies that were to decide, or to find help, and whose place it takes"
    )
    trigger: TriggerRef | None = None
    offer: OfferRef | None = None
    provider: PartyRef | None = None
    plan: PlanRef | None = None
    conflict: ConflictRef | None = None
    school: SchoolRef | None = Field(None, description="the school that it is about")
    decision: Decision
    checked: tuple[Checked, ...] = Field((), description="what was looked at")
    why: Sealed
    authorised_by: OfficeRef | None = Field(None, description="the office that authorised it")
    effective_on: Day | None = None


class ConflictOfInterestDeclared(Event):
    """A person or a party stands on two sides: in what, and what it bears on.

    It bears on an offer, an agreement, or a school. Whoever commissions, or else answers for the
    school, says within three working days whether it is cleared.
    """

    creates = "conflict"
    sentence = (
        "{declarer} declared a conflict of interest",
        " of {person}",
        " of {party}",
        ", bearing on the {offer}",
        ", bearing on the {agreement}",
        ", at {school}",
        "; {answerer} to decide",
        ".",
    )
    audience = "commissioner"
    example = {
        "declarer": "school:900001",
        "person": examples.person("head"),
        "agreement": examples.thing("agreement"),
        "provider": "school:900001",
        "school": "school:900002",
        "answerer": "body:northwick",
        "what": "Her sister is the deputy head there.",
    }

    declarer: PartyRef = Field(description="whose office says so")
    person: PersonRef | None = None
    party: PartyRef | None = None
    offer: OfferRef | None = None
    agreement: AgreementRef | None = None
    provider: PartyRef | None = None
    school: SchoolRef | None = Field(None, description="the school that it bears on")
    answerer: PartyRef | None = Field(None, description="who decides whether it is cleared")
    what: Sealed
