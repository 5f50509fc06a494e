"""Facts about fundings: what was paid, received, spent, sent back and accounted for of each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family, is_own
from ledger.decision_model.postings import ZERO, kind_of
from ledger.events.fulfilment import FulfilmentAnswered
from ledger.events.money import FundingCommitted, FundingPaid, FundingReceived, SpendRecorded
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
    """A funding as it stands: sums of what was said of it, in pounds."""

    id: str
    said: FundingCommitted
    receipts: int = 0
    received: Decimal = ZERO
    returned: Decimal = ZERO
    spent: Decimal = ZERO
    accounted: Decimal = ZERO
    under_way: tuple[UnderWay, ...] = ()

    @property
    def keeper(self) -> str:
        """Who keeps the money: the payee, unless another was named."""
        return self.said.kept_by or self.said.payee

    @property
    def unspent(self) -> Decimal:
        """What was received and is neither spent nor sent back, or on its way back."""
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
    return Funding(entry.id, entry.event) if is_own(entry, tag) else value


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
        FundingPaid: _paid,
        FundingReceived: _received,
        SpendRecorded: _spent,
        FulfilmentAnswered: _answered,
    },
)


def in_pounds(amount: Decimal) -> Decimal:
    """Return an amount with its pence, nothing where it is below zero."""
    return max(ZERO, amount).quantize(_PENCE)


def funding(reference: str) -> Fact[Funding | None]:
    """Return the funding of this event id, as it stands after payments and spending."""
    return FUNDING.at(f"event:{event_id(reference)}")


def covered(value: Funding | None, entry: Entry[Any], _tag: str) -> object:
    """Return whether the money was there for what an entry says, and what it is the first to do."""
    if value is None:
        return None
    name, data = entry.name, entry.data
    if name == SpendRecorded.__name__:
        return value.unspent >= pounds_of(entry, value.id)
    if name == FulfilmentAnswered.__name__:
        return value.shown >= accounts_for(entry)
    if "returns" in data:
        return value.may_return(event_id(data.get("payment", ""))) >= Decimal(data["pounds"])
    return name == FundingReceived.__name__ and value.receipts == 0
