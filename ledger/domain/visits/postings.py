"""What leaving a partnership asks of accounts of impact: who leaves accounts for its time soon."""

from __future__ import annotations

from typing import Any

from ledger.decision_model import created
from ledger.decision_model.postings import Sheet
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.days_allowed import days_allowed
from ledger.domain.partnership.facts import Ending, Year
from ledger.domain.partnership.kinds import years_cut
from ledger.domain.visits.kinds import IMPACT_ACCOUNT
from ledger.format.entry import Entry
from ledger.values import event_id


def left(entry: Entry[Any], sheet: Sheet) -> None:
    """Bring forward what who leaves has yet to account for; nothing is put off."""
    for ending in parties.endings(entry):
        for year, _ in years_cut(sheet.look, ending):
            _account_soon(ending, year, sheet)


def _account_soon(ending: Ending, year: Year, sheet: Sheet) -> None:
    for obligation in sheet.about(f"event:{year.id}", IMPACT_ACCOUNT.name):
        account = sheet.account(obligation)
        stands, now = account.standing(ending.last), account.due_on()
        if stands is None or stands[0] != ending.school or now is None:
            continue
        if not ending.gone and _joins_later(obligation, ending, sheet):
            continue
        sides = (ending.school,)
        days = days_allowed(sheet.look, "impact_days", ending.last, year.partnership, sides)
        due = sheet.due_after(days, from_day=ending.last)
        if due < now:
            sheet.reschedule(obligation, due, day=sheet.day)


def _joins_later(obligation: str, ending: Ending, sheet: Sheet) -> bool:
    """Return whether an account is owed for another time, which begins after the one that ends."""
    opener = sheet.look(created.recorded(event_id(obligation)))
    first = opener.data.get("effective_on") if opener is not None else None
    return first is not None and first > ending.last.isoformat()


EFFECTS = dict.fromkeys(parties.ENDED_BY, left)
