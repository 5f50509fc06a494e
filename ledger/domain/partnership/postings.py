"""What passes on when a member closes or a partnership is dissolved, and to whom.

Debts and claims go to the party that the ground rules in force name, once that has agreed to it;
until then nobody is left to answer for them. What nobody can do any more is void.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.facts import Look
from ledger.decision_model.journal import Account, Move, Posting
from ledger.decision_model.postings import Sheet
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.contingency import (
    ITS_OWN,
    Named,
    agreed,
    named,
    orphaned,
    partnership_under,
)
from ledger.domain.partnership.kinds import (
    CONTINGENCY_ANSWER,
    OUTSIDE_VISIT,
    PEER_VISIT,
    RATIFICATION,
)
from ledger.domain.registers import bodies, schools
from ledger.events.base import Event
from ledger.events.partnership import (
    ContingencyAccepted,
    ContingencyDeclined,
    GroundRulesAgreed,
    MemberExcluded,
    MembershipDeclined,
    MembershipLeft,
    MembershipRatified,
    PartnershipDissolved,
)
from ledger.events.registers import SchoolClosed, SuccessionAttributed
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind

#: The families that tell who stands in the place of a party that ended.
ASKS = (schools.SCHOOL, bodies.ENDED)


def going_on(sheet: Sheet) -> None:
    """Let what an entry opened with a party that ended go at once to who stands in its place.

    So it does on the day of a merger or succession that lies ahead. What the head of a school was
    to ratify is void then, as all is that was to be ratified there; and once the school has left.
    """
    for opened in [one for one in sheet.made if one.reason == "opened"]:
        sides = (opened.debtor, opened.creditor)
        for side, other in (sides, sides[::-1]):
            for move in _moves(sheet.look, side, opened.obligation, other):
                _go_on(sheet, opened, move)
    _while_it_belongs(sheet)


def _while_it_belongs(sheet: Sheet) -> None:
    """Void what a school is to ratify once it has left the partnership, where that is known.

    What it was to ratify before is void by what asks for it anew, as elsewhere.
    """
    for opened in [one for one in sheet.made if one.reason == "opened"]:
        if opened.kind != RATIFICATION.name:
            continue
        first = opened.effective_on
        member = parties.membership(sheet.look, opened.creditor, opened.debtor, first)
        if member is None or member.last is None or first > member.last:
            continue
        sheet.void(opened.obligation, day=member.last)
        for older in _to_ratify(sheet, opened.debtor, opened.creditor):
            if older != opened.obligation:
                sheet.end_sooner(older, day=first, reason="voided")


def _to_ratify(sheet: Sheet, school: str, partnership: str) -> list[str]:
    """Return what a school was ever to ratify in a partnership."""
    asked = sheet.about(school, RATIFICATION.name)
    return [one for one in asked if sheet.account(one).first.creditor == partnership]


def left(entry: Entry[Any], sheet: Sheet) -> None:
    """Void what a school that leaves a partnership was to ratify, from its last day there on."""
    for ending in parties.endings(entry):
        for obligation in _to_ratify(sheet, ending.school, ending.partnership):
            if sheet.account(obligation).first.effective_on <= ending.last:
                sheet.void(obligation, day=ending.last)
                # Where it was to be out later anyway.
                sheet.end_sooner(obligation, day=ending.last, reason="voided")


def named_no_more(entry: Entry[GroundRulesAgreed], sheet: Sheet) -> None:
    """Void the answer of whom new ground rules do not name, from the day they take effect on."""
    said = entry.event
    named_anew = parties.named_in(said.ground_rules)
    for obligation in sheet.about(said.partnership, CONTINGENCY_ANSWER.name):
        debtor, _ = sheet.account(obligation).standing(said.effective_on) or ("", "")
        if debtor not in named_anew:
            sheet.void(obligation, day=said.effective_on)


def _moves(look: Look, party: str, obligation: str, other: str) -> Iterator[Move]:
    kind = party_kind(party)
    if kind == "school":
        return schools.moves(look, party)
    return bodies.moves(look, party, obligation, other) if kind == "body" else iter(())


def _go_on(sheet: Sheet, opened: Posting, move: Move) -> None:
    if opened.kind == RATIFICATION.name and opened.debtor == move.party:
        sheet.void(opened.obligation, day=move.since)
        return
    claim, since, party, to = move
    sheet.move(opened.obligation, party=party, to=to, day=since, by=claim)


def dissolved(entry: Entry[PartnershipDissolved], sheet: Sheet) -> None:
    """Let what a partnership owes and is owed go to who agreed to take over.

    What a school that was to leave later had to ratify until then is void with the others'.
    """
    said = entry.event
    for school in said.schools:
        for obligation in _to_ratify(sheet, school, said.partnership):
            day = max(said.effective_on, sheet.account(obligation).begins)
            sheet.end_sooner(obligation, day=day, reason="party_gone")
    who = named(sheet.look, said.partnership, said.partnership, said.effective_on)
    if who is not None and agreed(sheet.look, said.partnership, who):
        _pass_on(sheet, said.partnership, said.partnership, who.party, said.effective_on)


def closed(entry: Entry[SchoolClosed], sheet: Sheet) -> None:
    """Void what was to be done for a school that closes; let its debts under partnerships go on.

    What it owes beside, and pounds that it is owed, stay with it: nobody answers for them.
    """
    said = entry.event
    for obligation in sheet.of_party(said.school):
        if _is_void_without(sheet.account(obligation), said.school, said.effective_on):
            sheet.void(obligation, day=said.effective_on, reason="party_gone")
    for partnership in said.partnerships:
        who = named(sheet.look, partnership, said.school, said.effective_on)
        if who is not None and agreed(sheet.look, partnership, who):
            _pass_on(sheet, said.school, partnership, who.party, said.effective_on)


def accepted(entry: Entry[ContingencyAccepted], sheet: Sheet) -> None:
    """Let what is orphaned by then go to the party that agrees to take it."""
    said = entry.event
    answered(entry, sheet)
    who = Named(said.version, said.party)
    for gone, since in list(orphaned(sheet.look, said.partnership, who)):
        _pass_on(sheet, gone, said.partnership, said.party, max(entry.occurred_on, since))


def answered(entry: Entry[ContingencyAccepted | ContingencyDeclined], sheet: Sheet) -> None:
    """Let who is named no more from a later day on have answered before."""
    for obligation in sheet.about(entry.event.partnership, CONTINGENCY_ANSWER.name):
        if sheet.account(obligation).first.debtor == entry.event.party:
            sheet.end_sooner(obligation, day=sheet.day)


def ratified(entry: Entry[MembershipRatified | MembershipDeclined], sheet: Sheet) -> None:
    """Let who answers for what is ahead have answered for what that will replace."""
    said = entry.event
    for obligation in _to_ratify(sheet, said.school, said.partnership):
        sheet.end_sooner(obligation, day=sheet.day)


def _is_void_without(account: Account, school: str, day: date) -> bool:
    """Return whether nobody can do any more what a school that closes owes or is owed."""
    debtor, creditor = account.standing(day) or ("", "")
    if creditor == school:
        return account.first.unit != "GBP"
    return debtor == school and account.first.kind == RATIFICATION.name


def _pass_on(sheet: Sheet, gone: str, partnership: str, party: str, day: date) -> None:
    for obligation in sheet.of_party(gone):
        first = sheet.account(obligation).first
        if not _may_pass(first, party) or partnership not in (gone, _under(sheet, first)):
            continue
        if any(move.claim == sheet.entry.id for move in sheet.account(obligation).moves):
            # The other side went to the party just now: it would owe itself.
            sheet.void(obligation, day=day)
        else:
            sheet.move(obligation, party=gone, to=party, day=day)
            _go_along(sheet, obligation, party, day)


def _go_along(sheet: Sheet, obligation: str, party: str, day: date) -> None:
    """Let what goes to a party that another has succeeded go on to that one."""
    sides = sheet.account(obligation).standing(day) or ()
    other = next((side for side in sides if side != party), party)
    for claim, since, former, to in list(_moves(sheet.look, party, obligation, other)):
        sheet.move(obligation, party=former, to=to, day=max(day, since), by=claim)


def _may_pass(first: Posting, party: str) -> bool:
    is_own_answer = first.kind == CONTINGENCY_ANSWER.name and first.debtor == party
    return first.kind not in ITS_OWN and not is_own_answer


def _under(sheet: Sheet, first: Posting) -> str | None:
    opener = sheet.look(created.recorded(event_id(first.obligation)))
    return partnership_under(sheet.look, (first.debtor, first.creditor), opener)


def gone_on(entry: Entry[SuccessionAttributed], sheet: Sheet) -> None:
    """Let one of two places in a programme end where all that a school owed goes to another.

    What the head of the school that ends was to ratify is void: the other's head is asked.
    """
    ended = schools.ending(sheet.look, entry)
    for obligation in [o for one in ended for o in sheet.about(one, RATIFICATION.name)]:
        sheet.void(obligation, day=entry.event.effective_on)
    for kind in (PEER_VISIT, OUTSIDE_VISIT) if ended else ():
        kind.beside.become_one(entry, ended, sheet)


EFFECTS = {
    SuccessionAttributed: gone_on,
    PartnershipDissolved: dissolved,
    SchoolClosed: closed,
    GroundRulesAgreed: named_no_more,
    ContingencyAccepted: accepted,
    ContingencyDeclined: answered,
    MembershipRatified: ratified,
    MembershipDeclined: ratified,
}
#: What is posted once all else is that an event answers.
AFTERWARDS: dict[type[Event], Callable[[Entry[Any], Sheet], None]] = {
    MembershipLeft: left,
    MemberExcluded: left,
    MembershipDeclined: left,
}
