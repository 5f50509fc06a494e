"""What a conversion asks of money: a school that becomes another accounts for it soon."""

from __future__ import annotations

from ledger.decision_model.postings import Sheet, kind_of
from ledger.domain.money.facts import ACCOUNT
from ledger.events.registers import SchoolConverted
from ledger.format.entry import Entry

DAYS_AFTER_CONVERSION = 30


def converted(entry: Entry[SchoolConverted], sheet: Sheet) -> None:
    """Bring forward what the school has yet to account for; nothing is put off."""
    said = entry.event
    due = sheet.due_after(DAYS_AFTER_CONVERSION, from_day=said.effective_on)
    for obligation in sheet.of_party(said.school):
        account = sheet.account(obligation)
        stands, now = account.standing(said.effective_on), account.due_on()
        owes = stands is not None and stands[0] == said.school
        if owes and kind_of(obligation) == ACCOUNT and now is not None and due < now:
            sheet.reschedule(obligation, due, day=said.effective_on)


EFFECTS = {SchoolConverted: converted}
