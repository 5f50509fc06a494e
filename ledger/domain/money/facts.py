"""Facts about fundings: what was paid, received, spent, sent back and accounted for of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family, Look, is_own
from ledger.decision_model.postings import ZERO, kind_of
from ledger.events.brokerage import SupportAgreed
from ledger.events.fulfilment import FulfilmentAnswered
from ledger.events.money import (
    Condition,
    FundingCommitted,
    FundingPaid,
    FundingReceived,
    SpendRecorded,
)
from ledger.format.entry import Entry
from ledger.values import event_id

ACCOUNT = "spend_account"
"""The kind of what whoever keeps money owes: an account of how it was spent."""


_PENCE = Decimal("0.01")


class UnderWay(NamedTuple):
    """A payment that was sent, and that nobody has answered yet."""

    payment: str
    pounds: Decimal
    returns: bool


class Funding(NamedTuple):
    """Money under a funding, or for the price of an agreement: what was said of it, in pounds.

    A price is nobody's to account for: it has no day for that, and nothing of it goes back.
    """

    id: str
    payer: str
    payee: str
    keeper: str
    account_by: date | None = None
    conditions: tuple[Condition, ...] = ()
    receipts: int = 0
    received: Decimal = ZERO
    returned: Decimal = ZERO
    spent: Decimal = ZERO
    accounted: Decimal = ZERO
    under_way: tuple[UnderWay, ...] = ()

    @property
    def unspent(self) -> Decimal:
        """What was received and is neither spent nor sent back, or on its way back."""
        if self.account_by is None:
            return ZERO
        return self.received - self.returned - self.spent - self.sent(returns=True)

    @property
    def shown(self) -> Decimal:
        """What was recorded as spent and is not accounted for yet."""
        return self.spent - self.accounted

    def sent(self, *, returns: bool) -> Decimal:
        """Return what is on its way, to the keeper or back from it."""
        return sum((one.pounds for one in self.under_way if one.returns == returns), ZERO)

    def waits(self, payment: str) -> UnderWay | None:
        """Return a payment by the id of its event, if it waits for an answer."""
        return next((one for one in self.under_way if one.payment == payment), None)

    def may_return(self, payment: str) -> Decimal:
        """Return how much may arrive back, that of a payment on its way back included."""
        own = self.waits(payment)
        return self.unspent + (own.pounds if own and own.returns else ZERO)

    def arrived(self, payment: str) -> Funding:
        """Return the funding once a payment is answered."""
        rest = tuple(one for one in self.under_way if one.payment != payment)
        return self._replace(under_way=rest)


def _committed(value: Funding | None, entry: Entry[FundingCommitted], tag: str) -> Funding | None:
    if not is_own(entry, tag):
        return value
    said = entry.event
    keeper = said.kept_by or said.payee
    return Funding(
        entry.id, said.commissioner, said.payee, keeper, said.account_by, said.conditions
    )


def bound_payer(entry: Entry[SupportAgreed]) -> str | None:
    """Return who owes the price of an agreement: the receiver, or who decided to pay; else nobody.

    Who is named and has not approved the offer is not bound.
    """
    said = entry.event
    bound = said.payer == said.receiver or said.payer in said.approved_by
    return said.payer if bound and said.price is not None else None


def _agreed(value: Funding | None, entry: Entry[SupportAgreed], tag: str) -> Funding | None:
    payer = bound_payer(entry)
    if not is_own(entry, tag) or payer is None:
        return value
    provider = entry.event.provider
    return Funding(entry.id, payer, provider, provider)


def _paid(value: Funding | None, entry: Entry[FundingPaid], _tag: str) -> Funding | None:
    if value is None:
        return None
    said = entry.event
    sent = UnderWay(entry.id, said.pounds, said.returns is not None)
    return value._replace(under_way=(*value.under_way, sent))


def _received(value: Funding | None, entry: Entry[FundingReceived], _tag: str) -> Funding | None:
    if value is None:
        return None
    said = entry.event
    value = value.arrived(event_id(said.payment or ""))
    if said.returns is not None:
        return value._replace(returned=value.returned + said.pounds)
    return value._replace(receipts=value.receipts + 1, received=value.received + said.pounds)


def pounds_of(entry: Entry[SpendRecorded], funding: str) -> Decimal:
    """Return how much of the funding of this event id an entry says was spent."""
    own = (one.pounds for one in entry.event.spent if event_id(one.funding) == funding)
    return sum(own, ZERO)


def _spent(value: Funding | None, entry: Entry[SpendRecorded], _tag: str) -> Funding | None:
    return value and value._replace(spent=value.spent + pounds_of(entry, value.id))


def accounts_for(entry: Entry[FulfilmentAnswered]) -> Decimal:
    """Return how many pounds of spending an answer takes for accounted for."""
    said = entry.event
    return (said.pounds or ZERO) if kind_of(said.obligation) == ACCOUNT else ZERO


def _answered(value: Funding | None, entry: Entry[FulfilmentAnswered], _tag: str) -> Funding | None:
    if value is None:
        return None
    value = value.arrived(event_id(entry.data.get("claim", "")))
    return value._replace(accounted=value.accounted + accounts_for(entry))


FUNDING: Family[Funding | None] = Family(
    "funding",
    "event",
    None,
    {
        FundingCommitted: _committed,
        SupportAgreed: _agreed,
        FundingPaid: _paid,
        FundingReceived: _received,
        SpendRecorded: _spent,
        FulfilmentAnswered: _answered,
    },
)


def _funds(value: frozenset[str], entry: Entry[FundingCommitted], tag: str) -> frozenset[str]:
    named = entry.data.get("agreement")
    return (
        value | {entry.data["commissioner"]}
        if named and f"event:{event_id(named)}" == tag
        else value
    )


FUNDERS: Family[frozenset[str]] = Family(
    "funders of an agreement", "event", frozenset(), {FundingCommitted: _funds}
)


def pays_for(look: Look, agreement: str) -> frozenset[str]:
    """Return who pays for the agreement of this event id: its price, or a funding for it."""
    price = look(funding(agreement))
    return look(FUNDERS.at(f"event:{agreement}")) | ({price.payer} if price else frozenset())


def in_pounds(amount: Decimal) -> Decimal:
    """Return an amount with its pence, nothing where it is below zero."""
    return max(ZERO, amount).quantize(_PENCE)


def funding(reference: str) -> Fact[Funding | None]:
    """Return the money of a funding, or of an agreement's price, after payments and spending."""
    return FUNDING.at(f"event:{event_id(reference)}")


def covered(value: Funding | None, entry: Entry[Any], _tag: str) -> object:
    """Return whether the money was there for what an entry says; or conditions came with it."""
    if value is None:
        return None
    name, data = entry.name, entry.data
    if name == SpendRecorded.__name__:
        return value.unspent >= pounds_of(entry, value.id)
    if name == FulfilmentAnswered.__name__:
        return value.shown >= accounts_for(entry)
    if "returns" in data:
        return value.may_return(event_id(data.get("payment", ""))) >= Decimal(data["pounds"])
    return name == FundingReceived.__name__ and bool(value.conditions) and not value.receipts
