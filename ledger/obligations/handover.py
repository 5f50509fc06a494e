"""What a departure makes owed: the handover, and that the next head accepts it."""

from __future__ import annotations

from ledger.entry import Entry
from ledger.events.handover import DepartureNotified, HandoverAccepted, HandoverGiven
from ledger.events.registers import AppointmentEnded
from ledger.facts import schools
from ledger.obligations.base import Sheet
from ledger.obligations.rules import days_allowed
from ledger.values import obligation_slot, office_party


def _departs(entry: Entry[DepartureNotified] | Entry[AppointmentEnded], sheet: Sheet) -> None:
    said = entry.event
    party = office_party(said.office)
    school = sheet.look(schools.school(party)) if party else None
    if school is None:
        return
    already = schools.handed_over_before(school, entry)
    for item in schools.opened_by(school, entry):
        allowed = days_allowed(sheet.look, "handover_days", item.creditor)
        late = sheet.due_after(allowed, from_day=said.effective_on)
        sheet.open(
            obligation_slot(item.obligation),
            debtor=school.reference,
            creditor=item.creditor,
            due_on=said.effective_on if entry.name == DepartureNotified.__name__ else late,
        )
        if already:
            sheet.discharge(item.obligation)


def departed(entry: Entry[DepartureNotified], sheet: Sheet) -> None:
    """Post that a leaving head's school owes a handover by the last day."""
    _departs(entry, sheet)


def ended(entry: Entry[AppointmentEnded], sheet: Sheet) -> None:
    """Post the handover that a head who left unannounced leaves owed."""
    _departs(entry, sheet)


def given(entry: Entry[HandoverGiven], sheet: Sheet) -> None:
    """Post that the handover was given, and what a successor in office has to accept."""
    said = entry.event
    for obligation in said.obligations:
        sheet.discharge(obligation)
    party = office_party(said.office)
    school = sheet.look(schools.school(party)) if party else None
    if school is None:
        return
    for item in schools.opened_by(school, entry):
        allowed = days_allowed(sheet.look, "handover_days", item.creditor)
        sheet.open(
            obligation_slot(item.obligation),
            debtor=school.reference,
            creditor=item.creditor,
            due_on=sheet.due_after(allowed),
        )


def accepted(entry: Entry[HandoverAccepted], sheet: Sheet) -> None:
    """Post that the incoming head acknowledged the handover."""
    for obligation in entry.event.obligations:
        sheet.discharge(obligation)


RULES = {
    DepartureNotified: departed,
    AppointmentEnded: ended,
    HandoverGiven: given,
    HandoverAccepted: accepted,
}
