"""What a funding makes owed: its instalments, then an account of them, and what it is given for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.postings import ZERO, Sheet
from ledger.decision_model.rows import Answers, Below, Changes, Open, Opens
from ledger.domain.brokerage.kinds import end_as_varied
from ledger.domain.money.facts import ACCOUNT, FUNDING, bound_payer, funding
from ledger.domain.partnership.days_allowed import on
from ledger.events.brokerage import SupportAgreed, SupportVariationAccepted
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.events.money import FundingCommitted, FundingPaid, FundingReceived
from ledger.format.entry import Entry


def _each_instalment(entry: Entry[FundingCommitted], _below: Below) -> Iterable[str]:
    return sorted(one.pay_by.isoformat() for one in entry.event.instalments)


def _pounds(entry: Entry[FundingCommitted], key: str) -> Any:
    own = (one for one in entry.event.instalments if one.pay_by.isoformat() == key)
    return next(own).pounds


def _pay_by(entry: Entry[FundingCommitted], item: Open, _sheet: Sheet) -> date | None:
    """Return by when an instalment is to be paid; no day, if it waits for something else."""
    waiting = {one.before.isoformat() for one in entry.event.prerequisites}
    return None if item.key in waiting else date.fromisoformat(item.key)


def _goes_back(entry: Entry[FundingReceived], _item: Open, _below: Below) -> bool:
    return "returns" in entry.data


def _is_kept(entry: Entry[FundingReceived], _item: Open, _below: Below) -> bool:
    return "returns" not in entry.data


def _to_account_for(entry: Entry[FundingReceived], _below: Below) -> Iterable[str]:
    is_funding = entry.data["under"].startswith("funding:")
    return ("",) if is_funding and "returns" not in entry.data else ()


def _account_by(entry: Entry[FundingReceived], _item: Open, sheet: Sheet) -> date | None:
    given = sheet.look(funding(entry.data["under"]))
    return given.account_by if given else None


def _once_received(entry: Entry[FundingReceived], below: Below) -> Iterable[str]:
    (given,) = below
    if given is None or given.receipts or "returns" in entry.data:
        return ()
    return tuple(str(number) for number, _ in enumerate(given.conditions, 1))


def _condition_by(entry: Entry[FundingReceived], item: Open, sheet: Sheet) -> date | None:
    given = sheet.look(funding(entry.data["under"]))
    return given.conditions[int(item.key) - 1].by if given else None


def _pounds_more(entry: Entry[SupportVariationAccepted], _key: str) -> Decimal:
    """Return how many pounds more a variation costs once it counts, or fewer below nothing."""
    said = entry.event
    if not said.takes_effect or said.price is None or said.price_before is None:
        return ZERO
    return said.price - said.price_before


def _bound_payer(entry: Entry[SupportAgreed], _key: str) -> str | None:
    return bound_payer(entry)


PAYMENT = Item(
    "payment",
    "payment",
    ground="promise",
    about=("funding", "agreement"),
    unit="GBP",
    opened_by={
        FundingCommitted: Opens(
            "commissioner", "payee", _pay_by, amount=_pounds, each=_each_instalment
        ),
        SupportAgreed: Opens(_bound_payer, "provider", on("ends"), amount="price", given="price"),
    },
    answers={
        FundingReceived: Answers("under", only=_is_kept, amount="pounds", on="paid_on"),
        SupportAgreed: Answers("replaces", voids=True),
    },
    changes={
        SupportVariationAccepted: Changes("agreement", by=_pounds_more, due=end_as_varied),
    },
    claims={FundingPaid: "under"},
)

SPEND_ACCOUNT = Item(
    ACCOUNT,
    "account of spending",
    ground="promise",
    about="funding",
    unit="GBP",
    opened_by={
        FundingReceived: Opens(
            "recipient", "sender", _account_by, amount="pounds", at="under", each=_to_account_for
        ),
    },
    answers={
        FulfilmentAnswered: Answers("under", of="obligation", amount="pounds"),
        FundingReceived: Answers("under", only=_goes_back, amount="pounds", on="paid_on"),
    },
    asks=(FUNDING,),
    claims={FulfilmentClaimed: "obligation"},
)

CONDITION = Item(
    "condition",
    "condition of funding",
    ground="promise",
    about="funding",
    over=(FUNDING,),
    opened_by={
        FundingReceived: Opens("payee", "sender", _condition_by, at="under", each=_once_received),
    },
    answers={FulfilmentAnswered: Answers("under", of="obligation", when=("answer", "met"))},
    claims={FulfilmentClaimed: "obligation"},
)
