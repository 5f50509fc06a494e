"""What disowning posts: exactly the reverse of what others had recorded, as if it never was."""

from __future__ import annotations

from datetime import date

from ledger.decision_model.postings import Sheet
from ledger.domain.another.facts import answered_by
from ledger.events.another import RecordDisowned
from ledger.format.entry import Entry


def disowned(entry: Entry[RecordDisowned], sheet: Sheet) -> None:
    """Reverse what counts for the disowned events, each from the day on which it counted."""
    for event in answered_by(entry):
        sheet.reverse(event, day=date.min)


EFFECTS = {RecordDisowned: disowned}
