"""Fulfilment: what only whoever is owed can close, claimed done, and answered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    ClaimRef,
    EvidenceRef,
    Money,
    ObligationRef,
    PartyRef,
    PricedRef,
    Sealed,
)

_ACCOUNT = examples.opened("receipt", "spend_account")


class FulfilmentClaimed(Event):
    """Whoever owes it says that it is done, or how much of it."""

    creates = "claim"
    sentence = (
        "{debtor} claimed done what it owes {creditor}: {obligation}",
        " for {under.title}",
        ", {pounds} of it",
        ".",
    )
    audience = "parties"
    example = {
        "obligation": _ACCOUNT,
        "debtor": "school:900001",
        "creditor": "body:northwick",
        "under": examples.thing("funding"),
        "pounds": "1250.50",
    }

    obligation: ObligationRef
    debtor: PartyRef
    creditor: PartyRef
    under: PricedRef | None = Field(None, description="the funding that it is for, if any")
    pounds: Money | None = Field(None, description="how much of it, where it is money")
    evidence: tuple[EvidenceRef, ...] = ()


class FulfilmentAnswered(Answer):
    """Whoever is owed it says whether it is done: met as claimed, in part, or not."""

    affirms = "claim"
    denies = ("answer", "not_met")
    sentence = (
        "{creditor} answered {debtor} that what it owes is {answer}: {obligation}",
        " for {under.title}",
        ", {pounds} of it",
        ".",
    )
    audience = "parties"
    example = {
        "claim": examples.thing("claim"),
        "obligation": _ACCOUNT,
        "debtor": "school:900001",
        "creditor": "body:northwick",
        "under": examples.thing("funding"),
        "answer": "met_in_part",
        "pounds": "1000.00",
        "why": "The invoice of 12 January is of another project.",
        "obligations": [examples.opened("claim", "fulfilment_answer"), _ACCOUNT],
    }

    claim: ClaimRef | None = None
    obligation: ObligationRef
    debtor: PartyRef
    creditor: PartyRef
    under: PricedRef | None = Field(None, description="the funding that it is for, if any")
    answer: Literal["met", "met_in_part", "not_met"]
    pounds: Money | None = Field(None, description="how much of it is met, where it is money")
    why: Sealed | None = None
