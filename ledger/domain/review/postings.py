"""What a merger posts that makes the two sides of an agreement one: the agreement has its end.

So what was still to be reviewed is void, and what came of the support is accounted for from then
on, to whoever commissioned it. What the sides owed one another nobody owes any more.
"""

from __future__ import annotations

from datetime import date

from ledger.days import years_after
from ledger.decision_model.postings import Sheet, kind_of
from ledger.decision_model.rows import Open
from ledger.domain.brokerage.facts import arrangement
from ledger.domain.brokerage.kinds import PLAN
from ledger.domain.partnership.days_allowed import after_day
from ledger.domain.registers.schools import in_place_of
from ledger.domain.review.kinds import PROGRESS_REPORT, REVIEW
from ledger.domain.visits.kinds import FOLLOWUP_ACCOUNT, IMPACT_ACCOUNT
from ledger.events.registers import SchoolsMerged
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind

_NO_LONGER = frozenset({PLAN.name, PROGRESS_REPORT.name, REVIEW.name})
_AGREED = frozenset({*_NO_LONGER, IMPACT_ACCOUNT.name, FOLLOWUP_ACCOUNT.name})


def merged(entry: Entry[SchoolsMerged], sheet: Sheet) -> None:
    """Let what a support asked for come to its end on the day that its sides become one."""
    said = entry.event
    for obligation in sheet.of_party(said.school):
        account = sheet.account(obligation)
        is_of_one = kind_of(obligation) in _AGREED and account.left > 0
        if is_of_one and _become_one(entry, sheet, account.first.about):
            _end(entry, sheet, obligation, said.effective_on)


def _become_one(entry: Entry[SchoolsMerged], sheet: Sheet, about: str) -> bool:
    """Return whether both sides of an agreement, by its tag, are of the schools that merge."""
    said = entry.event
    standing = sheet.look(arrangement(event_id(about)))
    if standing is None or (standing.over is not None and standing.over.on <= said.effective_on):
        return False
    sides = (standing.said.provider, standing.said.receiver)
    if any(party_kind(side) != "school" for side in sides):
        return False
    now = {in_place_of(sheet.look, side, said.effective_on) for side in sides}
    return now <= {said.school, *said.predecessors}


def _end(entry: Entry[SchoolsMerged], sheet: Sheet, obligation: str, day: date) -> None:
    account, kind = sheet.account(obligation), kind_of(obligation)
    due_on = account.due_on()
    if kind in _NO_LONGER:
        if due_on is not None and due_on > day:
            sheet.void(obligation, day=day)
    elif kind == IMPACT_ACCOUNT.name:
        first = account.first
        item = Open(obligation, first.debtor, first.creditor, first.effective_on, account.left)
        after = after_day(day, "impact_days", entry, item, sheet)
        sheet.reschedule(obligation, after, day=day)
    else:
        sheet.begin(obligation, day=day, due_on=years_after(day, 1))


#: Once what the merger itself moves has gone to the one school.
AFTERWARDS = {SchoolsMerged: merged}
