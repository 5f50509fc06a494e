"""Money: committed, paid, received, spent, or sent back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.values import (
    AgreementRef,
    Day,
    EvidenceRef,
    FundingRef,
    Money,
    NeedRef,
    OrganisationName,
    PartyRef,
    PaymentRef,
    PricedRef,
    Title,
    Value,
)

SpentOn = Literal[
    "supply_cover",
    "staff_time",
    "expertise",
    "training",
    "resources",
    "travel",
    "evaluation",
    "administration",
    "other",
]
Returns = Literal["unspent", "sent_in_error"]


class Instalment(Value):
    """A part of what is committed, and by when it is to be paid."""

    pay_by: Day
    pounds: Money


class Prerequisite(Value):
    """What must be met before an instalment is paid, which waits for it."""

    title: Title
    before: Day = Field(description="the day by which the instalment is to be paid that waits")


class Condition(Value):
    """What whoever is paid is to do afterwards, and by when."""

    title: Title
    by: Day


class FundingCommitted(Event):
    """A commissioner commits money to somebody: from now on it owes the instalments."""

    creates = "funding"
    sentence = (
        "{commissioner} committed {pounds} of {fund} to {payee}, for {title}",
        ", kept by {kept_by}",
        ".",
    )
    audience = "parties"
    example = {
        "commissioner": "body:northwick",
        "payee": "partnership:estuary",
        "title": "Early reading across the estuary",
        "fund": "School improvement fund 2024-25",
        "agreement": examples.thing("agreement"),
        "pounds": "4500.00",
        "instalments": [
            {"pay_by": "2024-11-30", "pounds": "3000.00"},
            {"pay_by": "2025-03-31", "pounds": "1500.00"},
        ],
        "kept_by": "school:900001",
        "account_by": "2025-07-31",
        "prerequisites": [{"title": "Plan agreed by both heads", "before": "2025-03-31"}],
        "conditions": [{"title": "Report to governors", "by": "2025-06-30"}],
        "related_party": True,
    }

    commissioner: PartyRef
    payee: PartyRef
    title: Title
    fund: Title = Field(description="the fund or budget that it comes from")
    agreement: AgreementRef | None = None
    need: NeedRef | None = None
    pounds: Money = Field(description="the sum of the instalments")
    instalments: tuple[Instalment, ...] = Field(min_length=1)
    kept_by: PartyRef | None = Field(
        None, description="who keeps the money, if not the payee; a partnership keeps none itself"
    )
    account_by: Day = Field(description="the day by which the spending is to be accounted for")
    prerequisites: tuple[Prerequisite, ...] = ()
    conditions: tuple[Condition, ...] = ()
    related_party: bool = Field(
        description="whether somebody who decides about it has an interest in the payee"
    )


class FundingPaid(Event):
    """An instalment was sent, or money was sent back."""

    creates = "payment"
    sentence = ("{sender} sent {pounds} to {recipient}", ", back as {returns}", ".")
    audience = "parties"
    example = {
        "under": examples.thing("funding"),
        "sender": "body:northwick",
        "recipient": "school:900001",
        "pounds": "3000.00",
    }

    under: PricedRef = Field(description="the funding, or the agreement with a price")
    sender: PartyRef
    recipient: PartyRef
    pounds: Money
    returns: Returns | None = Field(None, description="why money is sent back, if it is")


class FundingReceived(Answer):
    """Money arrived: whoever keeps it accounts for it, unless it was sent back."""

    affirms = "payment"
    sentence = (
        "{recipient} received {pounds} from {sender}",
        ", back as {returns}",
        ".",
    )
    audience = "parties"
    example = {
        "payment": examples.thing("payment"),
        "under": examples.thing("funding"),
        "sender": "body:northwick",
        "recipient": "school:900001",
        "payee": "partnership:estuary",
        "pounds": "3000.00",
        "paid_on": "2024-11-28",
        "obligations": [
            examples.opened("funding", "payment/2024-11-30"),
            examples.opened("payment", "fulfilment_answer"),
        ],
    }

    payment: PaymentRef | None = None
    under: PricedRef = Field(description="the funding, or the agreement with a price")
    sender: PartyRef
    recipient: PartyRef
    payee: PartyRef = Field(description="whom it was committed to, whoever keeps it")
    pounds: Money
    paid_on: Day = Field(description="the day on which it was paid, from which it counts")
    returns: Returns | None = Field(None, description="why money is sent back, if it is")


class Spent(Value):
    """How much of which funding was spent."""

    funding: FundingRef
    pounds: Money


class SpendRecorded(Event):
    """Whoever keeps money says what it was spent on."""

    creates = "spending"
    sentence = (
        "{keeper} spent {pounds} on {purpose}",
        ", paid to {paid_to}",
        ", paid to {supplier}",
        ".",
    )
    audience = "parties"
    example = {
        "keeper": "school:900001",
        "spent": [{"funding": examples.thing("funding"), "pounds": "1250.50"}],
        "pounds": "1250.50",
        "purpose": "supply_cover",
        "supplier": "Northwick Supply Teachers Ltd",
        "spent_on": "2025-01-17",
        "agreement": examples.thing("agreement"),
    }

    keeper: PartyRef
    spent: tuple[Spent, ...] = Field(min_length=1)
    pounds: Money = Field(description="the sum of what was spent of each funding")
    purpose: SpentOn
    paid_to: PartyRef | None = Field(None, description="to whom it was paid, of the registers")
    supplier: OrganisationName | None = Field(None, description="to whom, if of no register")
    spent_on: Day
    agreement: AgreementRef | None = None
    need: NeedRef | None = None
    evidence: tuple[EvidenceRef, ...] = ()
