"""Which instalments wait for something, of those that a payment would pay.

What must be met before one is paid is no debt, and no event of its own says that it is: whoever
pays takes it for met.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ledger.decision_model import created
from ledger.decision_model.facts import Look
from ledger.domain.money.facts import funding
from ledger.domain.money.kinds import PAYMENT
from ledger.values import event_id


class Waits(NamedTuple):
    """What is to be met before an instalment is paid, and by when that was to be paid."""

    title: str
    before: date


def waits_for(look: Look, under: str, pounds: Decimal) -> Iterator[Waits]:
    """Go through what the instalments wait for that so many pounds more would pay, in their order.

    What is on its way already pays the first ones.
    """
    given, committed = look(funding(under)), look(created.thing(under))
    waiting = committed.data.get("prerequisites", ()) if committed else ()
    if given is None or not waiting:
        return
    on_its_way = given.sent(returns=False)
    for one in PAYMENT.waiting(look, f"event:{event_id(under)}"):
        paid = min(on_its_way, one.left)
        on_its_way -= paid
        if paid == one.left:
            continue
        own = (each for each in waiting if each["before"] == one.key)
        yield from (Waits(each["title"], date.fromisoformat(each["before"])) for each in own)
        pounds -= one.left - paid
        if pounds <= 0:
            return
