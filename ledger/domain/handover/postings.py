"""What a release and a takeover post: less is owed, or another stands in a side's place."""

from __future__ import annotations

from ledger.decision_model.postings import Sheet
from ledger.domain.partnership.contingency import gone_since
from ledger.events.handover import ObligationAssumed, ObligationWaived
from ledger.format.entry import Entry


def waived(entry: Entry[ObligationWaived], sheet: Sheet) -> None:
    """Lower an obligation by what is released."""
    sheet.waive(entry.event.obligation, entry.event.amount)


def assumed(entry: Entry[ObligationAssumed], sheet: Sheet) -> None:
    """Let a party stand in a side's place, from the day that it says so and that one is gone."""
    said = entry.event
    day = max(sheet.day, gone_since(sheet.look, said.instead_of) or sheet.day)
    sheet.move(said.obligation, party=said.instead_of, to=said.party, day=day)


EFFECTS = {ObligationWaived: waived, ObligationAssumed: assumed}
