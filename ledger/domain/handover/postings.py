"""What a release, a takeover and a new responsible body post.

A release lowers what is owed; by the others somebody stands in a side's place. What a body owes as
commissioner, payer, provider or organiser stays with it when responsibility for a school passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.postings import Sheet, kind_of
from ledger.domain.judgements.facts import interventions
from ledger.domain.judgements.kinds import COMPLIANCE
from ledger.domain.needs.facts import commissioner_of, conflicts
from ledger.domain.needs.kinds import CONFLICT_ANSWER, CONFLICT_DAYS
from ledger.domain.partnership.contingency import gone_since
from ledger.domain.partnership.days_allowed import Days, days_allowed, working_days_from
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
from ledger.values import event_id

#: The kinds that a body owes or is owed as responsible body, each with the days that begin anew;
#: None where no rules tell them: the working days of a conflict, or those first given.
WITH_RESPONSIBILITY: dict[str, Days | None] = {
    "handover": "handover_days",
    "handover_acceptance": "handover_days",
    "brokerage": "brokerage_days",
    COMPLIANCE.name: None,
    CONFLICT_ANSWER.name: None,
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
        pair = account.standing(day)
        if account.left <= 0 or pair is None or former not in pair:
            continue
        if _is_of_responsibility(sheet, obligation, former, new):
            sheet.move(obligation, party=former, to=new, day=day)
            _anew(sheet, obligation, day)


def _is_of_responsibility(sheet: Sheet, obligation: str, former: str, new: str) -> bool:
    """Whether a body has its side in an obligation as the one responsible for a school.

    About a conflict of interest who commissions decides as such; and no side of it does.
    """
    if kind_of(obligation) != CONFLICT_ANSWER.name:
        return kind_of(obligation) in WITH_RESPONSIBILITY
    declared = sheet.look(created.recorded(event_id(obligation)))
    said = declared.data if declared else {}
    sides = (said.get("party"), said.get("provider"))
    return commissioner_of(sheet.look, event_id(obligation)) != former and new not in sides


def with_the_body(entry: Entry[BodySucceeded], sheet: Sheet) -> None:
    """Let the days begin anew of what passes to a body that succeeds as responsible body."""
    said = entry.event
    for obligation in sheet.of_party(said.body):
        account = sheet.account(obligation)
        to = next((move.to for move in account.moves if move.claim == entry.id), None)
        if to is None or account.left <= 0:
            continue
        if _is_of_responsibility(sheet, obligation, said.body, to):
            _anew(sheet, obligation, said.effective_on)


def _concerning(sheet: Sheet, school: str) -> Iterable[str]:
    """Return what a school owes and is owed, and what others comply with or decide about it."""
    about = (
        *(f"{event}/{COMPLIANCE.name}" for event in sheet.look(interventions(school))),
        *(f"{event}/{CONFLICT_ANSWER.name}" for event in sheet.look(conflicts(school))),
    )
    owed = (one for one in about if sheet.account(one))
    return dict.fromkeys((*sheet.of_party(school), *owed))


def _anew(sheet: Sheet, obligation: str, day: date) -> None:
    """Give the days for something anew from a day on; who has longer already keeps that."""
    now, due_on = sheet.account(obligation).due_on(), _due_anew(sheet, obligation, day)
    if due_on is not None and (now is None or now < due_on):
        sheet.reschedule(obligation, due_on, day=day)


def _due_anew(sheet: Sheet, obligation: str, day: date) -> date | None:
    kind, first = kind_of(obligation), sheet.account(obligation).first
    days = WITH_RESPONSIBILITY[kind]
    if days is not None:
        return sheet.due_after(days_allowed(sheet.look, days, day), from_day=day)
    if kind == CONFLICT_ANSWER.name:
        return working_days_from(sheet, max(day, sheet.entry.recorded_on), CONFLICT_DAYS)
    if first.due_on is None:
        return None
    return sheet.due_after((first.due_on - first.effective_on).days, from_day=day)


EFFECTS = {
    ObligationWaived: waived,
    ObligationAssumed: assumed,
    ResponsibleBodyChanged: passed_on,
    SchoolConverted: passed_on,
    BodySucceeded: with_the_body,
}
#: What is posted once all else is that an event opens.
AFTERWARDS = {SchoolsMerged: merged}
