"""What a conversion does besides: it leaves with the former body what the transfer names."""

from __future__ import annotations

from ledger.decision_model.postings import Sheet
from ledger.events.registers import SchoolConverted
from ledger.format.entry import Entry


def converted(entry: Entry[SchoolConverted], sheet: Sheet) -> None:
    """Leave with the former body what the transfer names."""
    said = entry.event
    if said.former_body is None:
        return
    for obligation in said.left_with_former_body:
        sheet.move(obligation, party=said.school, to=said.former_body, day=said.effective_on)


EFFECTS = {SchoolConverted: converted}
