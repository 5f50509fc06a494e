"""What a withdrawal posts: exactly the reverse, from its day on."""

from __future__ import annotations

from ledger.decision_model.postings import Sheet
from ledger.events.correction import EventWithdrawn
from ledger.format.entry import Entry
from ledger.values import event_id


def withdrawn(entry: Entry[EventWithdrawn], sheet: Sheet) -> None:
    """Reverse what counts for the withdrawn event."""
    said = entry.event
    sheet.reverse(event_id(said.event), day=said.effective_on)


EFFECTS = {EventWithdrawn: withdrawn}
