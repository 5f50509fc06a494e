"""Targets: what a school or partnership is to reach by when, and which cannot both be met."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    Day,
    Number,
    PartyRef,
    SchoolsRef,
    Sealed,
    Slug,
    Source,
    TargetConflictRef,
    TargetRef,
)


class TargetSet(Answer):
    """A school or partnership is to reach something by a day: as it sets itself, or another does.

    Only who set a target, or with whom it was agreed, says whether it is met.
    """

    creates = "target"
    sentence = (
        "{setter} set a target for {about} ({regime}): {measure} {value} by {due}",
        ", agreed with {agreed_with}",
        ", in place of the {replaces}",
        ".",
    )
    audience = "parties"
    example = {
        "about": "school:900002",
        "setter": "body:northwick",
        "regime": "council-improvement-plan",
        "measure": "attendance-percent",
        "value": "95.5",
        "due": "2025-07-18",
    }

    about: SchoolsRef = Field(description="the school or partnership that is to reach it")
    setter: PartyRef = Field(description="whose office says so; the school itself, or another")
    agreed_with: PartyRef | None = Field(
        None, description="with whom it was agreed, where it is self-set"
    )
    regime: Slug = Field(description="what asks for it, as council-improvement-plan")
    measure: Slug = Field(description="what is measured, as attendance-percent")
    value: Number = Field(description="what it is to come to")
    due: Day = Field(description="the day by which it is to be reached")
    replaces: TargetRef | None = Field(None, description="the target that is void by this one")
    source: Source | None = None


class TargetConflictRaised(Event):
    """Targets cannot all be met, and whoever set them is asked what is to be done."""

    creates = "target_conflict"
    sentence = "{about} raised that {targets} cannot all be met; {setters} to answer."
    audience = "parties"
    example = {
        "about": "school:900002",
        "targets": [examples.thing("target"), f"target:{examples.event_id('other target')}"],
        "setters": ["body:beacon-trust", "body:northwick"],
        "why": "The second leaves no teacher for the lessons that the first asks for.",
    }

    about: SchoolsRef = Field(description="the school or partnership that is to reach them")
    targets: Annotated[tuple[TargetRef, ...], Field(min_length=2, max_length=20)]
    setters: Annotated[tuple[PartyRef, ...], Field(min_length=1)] = Field(
        description="who set each, or with whom it was agreed where it is self-set; sorted"
    )
    why: Sealed


class TargetConflictAnswered(Answer):
    """One of those who set targets that cannot all be met says what becomes of its own.

    It stands as it is, or is void: changed into another, or withdrawn.
    """

    sentence = (
        "{setter} answered {about}, whose targets cannot all be met: {answer}",
        ", the {target}",
        ", into the {changed_by}",
        ".",
    )
    audience = "parties"
    example = {
        "target_conflict": examples.thing("target_conflict"),
        "about": "school:900002",
        "setter": "body:northwick",
        "answer": "withdrawn",
        "target": examples.thing("target"),
        "obligations": [
            examples.opened("target_conflict", "reconciliation/body:northwick"),
            examples.opened("target", "target"),
        ],
    }

    target_conflict: TargetConflictRef = Field(description="which conflict of targets it answers")
    about: SchoolsRef
    setter: PartyRef = Field(description="who answers: for itself, not for the others")
    answer: Literal["stands", "changed", "withdrawn"]
    target: TargetRef | None = Field(
        None, description="which of its targets is changed or withdrawn, and void by this"
    )
    changed_by: TargetRef | None = Field(None, description="the target that it was changed into")
