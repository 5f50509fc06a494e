"""What a new head, a conversion or a new responsible body makes a school owe: ratification."""

from __future__ import annotations

from ledger.entry import Entry
from ledger.events.registers import (
    Appointed,
    ResponsibleBodyChanged,
    SchoolConverted,
)
from ledger.facts import schools
from ledger.obligations.base import Sheet
from ledger.obligations.rules import days_allowed
from ledger.values import obligation_slot, office_party


def _answers_anew(
    entry: Entry[Appointed] | Entry[SchoolConverted] | Entry[ResponsibleBodyChanged],
    sheet: Sheet,
    reference: str,
) -> None:
    school = sheet.look(schools.school(reference))
    if school is None:
        return
    day = entry.event.effective_on
    for item in schools.voided_by(school, entry):
        sheet.void(item.obligation, day=day)
    for item in schools.opened_by(school, entry):
        name = "ratification_days" if item.kind == "ratification" else "handover_days"
        allowed = days_allowed(sheet.look, name, item.creditor)  # type: ignore[arg-type]
        sheet.open(
            obligation_slot(item.obligation),
            debtor=reference,
            creditor=item.creditor,
            due_on=sheet.due_after(allowed, from_day=day),
            effective_on=day,
        )


def appointed(entry: Entry[Appointed], sheet: Sheet) -> None:
    """Post what a new head has to ratify and to accept."""
    party = office_party(entry.event.office)
    if party is not None and party.startswith("school:"):
        _answers_anew(entry, sheet, party)


def converted(entry: Entry[SchoolConverted], sheet: Sheet) -> None:
    """Post what is to be ratified anew, and leave with the former body what the transfer names."""
    said = entry.event
    _answers_anew(entry, sheet, said.school)
    if said.former_body is None:
        return
    for obligation in said.left_with_former_body:
        sheet.move(obligation, party=said.school, to=said.former_body, day=said.effective_on)


def body_changed(entry: Entry[ResponsibleBodyChanged], sheet: Sheet) -> None:
    """Post what is to be ratified under the new body."""
    _answers_anew(entry, sheet, entry.event.school)


RULES = {
    Appointed: appointed,
    SchoolConverted: converted,
    ResponsibleBodyChanged: body_changed,
}
