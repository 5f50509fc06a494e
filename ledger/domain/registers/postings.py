"""What changes of schools do besides: what goes along with the school that goes on.

What a conversion leaves with a former body stays the school's until that body assumes it: a
registrar's word makes nobody else a debtor.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.decision_model.postings import Sheet
from ledger.domain.registers import schools
from ledger.events.registers import BodySucceeded, SchoolsMerged, SuccessionAttributed
from ledger.format.entry import Entry


def attributed(entry: Entry[SuccessionAttributed], sheet: Sheet) -> None:
    """Let what the predecessor owes and is owed go to the school that goes on.

    All of it where the predecessor ends, for nobody else is left to answer; what is named where it
    goes on itself, under another URN. By a published source only: on a registrar's word alone
    nothing passes, and what the predecessor owed has nobody to answer for it.
    """
    said = entry.event
    if said.predecessor is None or "source" not in entry.data:
        return
    ends = schools.ending(sheet.look, entry)
    for obligation in sheet.of_party(said.predecessor) if ends else said.moved:
        sheet.move(obligation, party=said.predecessor, to=said.school, day=said.effective_on)


def merged(entry: Entry[SchoolsMerged], sheet: Sheet) -> None:
    """Let all that the schools which end owe and are owed go to the one that they become."""
    said = entry.event
    for one in said.predecessors:
        for obligation in sheet.of_party(one) if one != said.school else ():
            sheet.move(obligation, party=one, to=said.school, day=said.effective_on)


def body_succeeded(entry: Entry[BodySucceeded], sheet: Sheet) -> None:
    """Let what a body owes and is owed go to the one that succeeds it; of several as it is said.

    With a school goes what is owed about it. What goes nowhere has nobody to answer for it.
    """
    said = entry.event
    own = sheet.of_party(said.body)
    if len(said.successors) == 1:
        goes = dict.fromkeys(own, said.successors[0])
    else:
        to = {one.school: one.body for one in said.schools}
        goes = {one: body for one in own if (body := _with_its_school(sheet, one, to))}
        goes |= {one.obligation: one.body for one in said.moved}
    for obligation, body in goes.items():
        sheet.move(obligation, party=said.body, to=body, day=said.effective_on)


def _with_its_school(sheet: Sheet, obligation: str, to: Mapping[str, str]) -> str | None:
    """Return to which body an obligation goes with the school that is the other side of it."""
    pair = sheet.account(obligation).standing(sheet.entry.event.effective_on)
    return next((to[side] for side in pair or () if side in to), None)


EFFECTS = {
    SuccessionAttributed: attributed,
    SchoolsMerged: merged,
    BodySucceeded: body_succeeded,
}
