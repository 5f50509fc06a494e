"""What changes of schools do besides: what goes along with the school that goes on.

What a conversion leaves with a former body stays the school's until that body assumes it: a
registrar's word makes nobody else a debtor.
"""

from __future__ import annotations

from ledger.decision_model.postings import Sheet
from ledger.domain.registers import schools
from ledger.events.registers import SuccessionAttributed
from ledger.format.entry import Entry


def attributed(entry: Entry[SuccessionAttributed], sheet: Sheet) -> None:
    """Let what the predecessor owes and is owed go to the school that goes on.

    All of it where the predecessor ends, for nobody else is left to answer; what is named where it
    goes on itself, under another URN.
    """
    said = entry.event
    if said.predecessor is None:
        return
    line = sheet.look(schools.school(said.predecessor))
    ends = line is not None and line.ends_without(said.former_urn)
    for obligation in sheet.of_party(said.predecessor) if ends else said.moved:
        sheet.move(obligation, party=said.predecessor, to=said.school, day=said.effective_on)


EFFECTS = {SuccessionAttributed: attributed}
