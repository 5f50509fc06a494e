"""What a withdrawal posts: exactly the reverse, from its day on."""

from __future__ import annotations

from ledger.entry import Entry
from ledger.events.correction import EventWithdrawn
from ledger.obligations.base import Sheet
from ledger.values import event_id


def withdrawn(entry: Entry[EventWithdrawn], sheet: Sheet) -> None:
    """Reverse what counts for the withdrawn event."""
    said = entry.event
    sheet.reverse(event_id(said.event), day=said.effective_on)


EFFECTS = {EventWithdrawn: withdrawn}
