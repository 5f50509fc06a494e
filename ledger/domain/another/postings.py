"""What disowning posts: exactly the reverse of what others had recorded, as if it never was."""

from __future__ import annotations

from datetime import date

from ledger.decision_model.postings import Sheet
from ledger.domain.another.facts import answered_by
from ledger.domain.visits.facts import visit
from ledger.events.another import RecordDisowned
from ledger.format.entry import Entry


def disowned(entry: Entry[RecordDisowned], sheet: Sheet) -> None:
    """Reverse what counts for the disowned events, each from the day on which it counted.

    With a visit goes what its host, or a moderator, confirmed of it.
    """
    for event in answered_by(entry):
        visited = sheet.look(visit(event))
        for confirmation in visited.confirmations if visited else ():
            sheet.reverse(confirmation, day=date.min)
        sheet.reverse(event, day=date.min)


EFFECTS = {RecordDisowned: disowned}
