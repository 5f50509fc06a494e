"""Reviews of support: how each side sees the progress, and what a conversation found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer
from ledger.values import AgreementRef, AreaCode, Day, PartyRef, Sealed, Value


class Rating(Value):
    """How an objective goes: red, amber or green."""

    area: AreaCode
    rating: Literal["red", "amber", "green"]


class ProgressReported(Answer):
    """A side of an agreement says how each objective goes."""

    sentence = "{reporter} reported progress of the support of {receiver} by {provider}."
    audience = "parties"
    example = {
        "agreement": examples.thing("agreement"),
        "provider": "school:900001",
        "receiver": "school:900002",
        "reporter": "school:900001",
        "ratings": [{"area": "inclusion", "rating": "amber"}],
        "account": "Two of three classes have changed their timetable.",
        "obligations": [examples.opened("agreement", "progress_report/school:900001/2024-12-13")],
    }

    agreement: AgreementRef
    provider: PartyRef
    receiver: PartyRef
    reporter: PartyRef = Field(description="the side whose office signs")
    ratings: Annotated[tuple[Rating, ...], Field(max_length=40)] = ()
    account: Sealed


class ReviewHeld(Answer):
    """A conversation reviewed support for a school, for one agreement or several."""

    creates = "review"
    sentence = (
        "{reviewer} reviewed the support of {school}",
        "; the next review is on {next_review}",
        ".",
    )
    audience = "parties"
    example = {
        "school": "school:900002",
        "agreements": [examples.thing("agreement")],
        "reviewer": "body:northwick",
        "ratings": [{"area": "inclusion", "rating": "amber"}],
        "next_steps": "Visit the third class; ask the governors for two hours of cover.",
        "next_review": "2025-03-21",
        "reported_to": ["body:northwick"],
        "ready_for_inspection": True,
        "obligations": [examples.opened("agreement", "review/2024-12-13")],
    }

    school: PartyRef = Field(description="whom the support is for")
    agreements: tuple[AgreementRef, ...] = ()
    reviewer: PartyRef = Field(description="whose office, or whose adviser at the school, signs")
    ratings: Annotated[tuple[Rating, ...], Field(max_length=40)] = ()
    next_steps: Sealed | None = None
    next_review: Day | None = None
    reported_to: tuple[PartyRef, ...] = Field((), description="commissioners who are told of it")
    ready_for_inspection: bool | None = None
