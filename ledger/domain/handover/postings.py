"""What a release, a takeover and a new responsible body post.

A release lowers what is owed; by the others somebody stands in a side's place. What a body owes as
commissioner, payer, provider or organiser stays with it when responsibility for a school passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ledger.decision_model.postings import Sheet, kind_of
from ledger.domain.judgements.facts import interventions
from ledger.domain.judgements.kinds import COMPLIANCE
from ledger.domain.partnership.contingency import gone_since
from ledger.domain.partnership.days_allowed import Days, days_allowed
from ledger.domain.partnership.facts import last_day_before
from ledger.domain.registers import schools
from ledger.events.handover import ObligationAssumed, ObligationWaived
from ledger.events.registers import (
    BodySucceeded,
    ResponsibleBodyChanged,
    SchoolConverted,
    SchoolsMerged,
)
from ledger.format.entry import Entry

#: The kinds that a body owes or is owed as responsible body, each with the days that begin anew;
#: None where they are those that it was first given.
WITH_RESPONSIBILITY: dict[str, Days | None] = {
    "handover": "handover_days",
    "handover_acceptance": "handover_days",
    "brokerage": "brokerage_days",
    COMPLIANCE.name: None,
}


def waived(entry: Entry[ObligationWaived], sheet: Sheet) -> None:
    """Lower an obligation by what is released."""
    sheet.waive(entry.event.obligation, entry.event.amount)


def assumed(entry: Entry[ObligationAssumed], sheet: Sheet) -> None:
    """Let a party stand in a side's place, from the day that it says so and that one is gone."""
    said = entry.event
    day = max(sheet.day, gone_since(sheet.look, said.instead_of) or sheet.day)
    sheet.move(said.obligation, party=said.instead_of, to=said.party, day=day)


def passed_on(entry: Entry[Any], sheet: Sheet) -> None:
    """Let what is open between a school and its former body pass to the new one, days anew."""
    said = entry.event
    open_ = _concerning(sheet, said.school)
    _pass_on(sheet, open_, said.former_body, said.responsible_body, said.effective_on)


def merged(entry: Entry[SchoolsMerged], sheet: Sheet) -> None:
    """Let what is open between a school that ends and its body pass to that of the one school.

    So does the handover that the merger itself asks for.
    """
    said, last = entry.event, last_day_before(entry.event)
    result = sheet.look(schools.school(said.school))
    new = result.responsible_body(said.effective_on) if result else None
    for one in said.predecessors:
        ends = sheet.look(schools.school(one))
        if ends is None or one == said.school:
            continue
        former = ends.responsible_body(last)
        open_ = (*_concerning(sheet, one), *_asked_of(sheet, one))
        _pass_on(sheet, open_, former, new, said.effective_on)


def _asked_of(sheet: Sheet, school: str) -> list[str]:
    """Return what an entry opens of a school that ends, which the one school owes."""
    opened = [line.obligation for line in sheet.made if line.reason == "opened"]
    return [one for one in opened if f"/{school}/" in one]


def _pass_on(
    sheet: Sheet, obligations: Iterable[str], former: str | None, new: str | None, day: date
) -> None:
    if former is None or new is None or former == new:
        return
    for obligation in obligations:
        account = sheet.account(obligation)
        kind, pair = kind_of(obligation), account.standing(day)
        if kind in WITH_RESPONSIBILITY and account.left > 0 and pair and former in pair:
            sheet.move(obligation, party=former, to=new, day=day)
            _anew(sheet, obligation, WITH_RESPONSIBILITY[kind], day)


def with_the_body(entry: Entry[BodySucceeded], sheet: Sheet) -> None:
    """Let the days begin anew of what passes to a body that succeeds as responsible body."""
    said = entry.event
    for obligation in sheet.of_party(said.body):
        kind, account = kind_of(obligation), sheet.account(obligation)
        passes = any(move.claim == entry.id for move in account.moves)
        if passes and kind in WITH_RESPONSIBILITY and account.left > 0:
            _anew(sheet, obligation, WITH_RESPONSIBILITY[kind], said.effective_on)


def _concerning(sheet: Sheet, school: str) -> Iterable[str]:
    """Return what a school owes and is owed, and what others must comply with about it."""
    about = (f"{event}/{COMPLIANCE.name}" for event in sheet.look(interventions(school)))
    owed = (one for one in about if sheet.account(one))
    return dict.fromkeys((*sheet.of_party(school), *owed))


def _anew(sheet: Sheet, obligation: str, days: Days | None, day: date) -> None:
    """Give the days for something anew from a day on; who has longer already keeps that."""
    account = sheet.account(obligation)
    first, now = account.first, account.due_on()
    if days is not None:
        allowed = days_allowed(sheet.look, days, day)
    elif first.due_on is not None:
        allowed = (first.due_on - first.effective_on).days
    else:
        return
    due_on = sheet.due_after(allowed, from_day=day)
    if now is None or now < due_on:
        sheet.reschedule(obligation, due_on, day=day)


EFFECTS = {
    ObligationWaived: waived,
    ObligationAssumed: assumed,
    ResponsibleBodyChanged: passed_on,
    SchoolConverted: passed_on,
    BodySucceeded: with_the_body,
}
#: What is posted once all else is that an event opens.
AFTERWARDS = {SchoolsMerged: merged}
