"""What changes of schools do besides: what goes along with the school that goes on.

What a conversion leaves with a former body stays the school's until that body assumes it: a
registrar's word makes nobody else a debtor.
"""

from __future__ import annotations

from ledger.decision_model.postings import Sheet
from ledger.events.registers import SuccessionAttributed
from ledger.format.entry import Entry


def attributed(entry: Entry[SuccessionAttributed], sheet: Sheet) -> None:
    """Let what is named go from the predecessor to the school that goes on."""
    said = entry.event
    if said.predecessor is None:
        return
    for obligation in said.moved:
        sheet.move(obligation, party=said.predecessor, to=said.school, day=said.effective_on)


EFFECTS = {SuccessionAttributed: attributed}
