"""What an agreement makes owed: the days of support."""

from __future__ import annotations

from ledger.entry import Entry
from ledger.events.brokerage import SupportAgreed
from ledger.obligations.base import Sheet


def agreed(entry: Entry[SupportAgreed], sheet: Sheet) -> None:
    """Post the days that the provider owes by the end of the agreement."""
    said = entry.event
    sheet.open(
        "support",
        debtor=said.provider,
        creditor=said.receiver,
        amount=said.days,
        unit="day",
        due_on=said.ends,
    )


RULES = {SupportAgreed: agreed}
