"""Kinds of obligation, and the sheet on which one entry's postings are made.

An obligation is what one party owes another; every change is a posting, and what is owed is a sum
over postings. The sheet keeps the rules that hold always: nothing goes below zero on any day,
what is given beyond waits to fill later increases, a withdrawal reverses exactly what its event
posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Any

from ledger.decision_model.facts import Look
from ledger.decision_model.journal import (
    ZERO,
    Account,
    Journal,
    Move,
    Posting,
    Reason,
    Unit,
    kind_of,
)
from ledger.format.entry import Entry

__all__ = ["ONE", "ZERO", "Journal", "Posting", "Sheet", "Unit", "kind_of"]

ONE = Decimal(1)
#: What a withdrawal posts of what its event lowered; of anything else it posts that it is reversed.
_UNDOING: dict[Reason, Reason] = {
    "reduced": "raised",
    "voided": "restored",
    "missed": "restored",
}
#: What a withdrawal takes back as if it had never been owed.
_OPENING = frozenset({"opened", "raised"})
_MOST_DAYS = 4_096


class Sheet:
    """The obligations that one entry touches, and the postings made for it so far."""

    __slots__ = ("_journal", "day", "entry", "look", "made")

    def __init__(self, entry: Entry[Any], journal: Journal) -> None:
        """Begin an empty sheet for an entry; what is posted on it is kept in the journal."""
        self.entry = entry
        self.day = entry.occurred_on
        self.look: Look = journal.look
        self.made: list[Posting] = []
        self._journal = journal

    def account(self, obligation: str) -> Account:
        """Return the account of an obligation, what is posted on this sheet included."""
        return self._journal.account(obligation)

    def about(self, tag: str, kind: str) -> Sequence[str]:
        """Return the obligations of a kind that were opened about a thing or party, in order."""
        return self._journal.about_of(tag, kind)

    def all_about(self, tag: str) -> Sequence[str]:
        """Return the obligations of any kind that were opened about a thing or party, in order."""
        return self._journal.about(tag)

    def of_party(self, party: str) -> Sequence[str]:
        """Return the obligations that a party ever owed or was owed, by name."""
        made = [one.obligation for one in self.made if party in (one.debtor, one.creditor)]
        found = self._journal.of_party(party)
        return sorted({*found, *made}) if made else found

    def due_after(self, days: int, *, from_day: date | None = None) -> date:
        """Return the due date of an answer: days from the later of happening and recording."""
        return _later(max(from_day or self.day, self.entry.recorded_on), days)

    def _post(self, posting: Posting) -> None:
        self._journal.keep(posting, self.entry.id, self.entry.position)
        self.made.append(posting)

    def open(  # noqa: PLR0913 - these are what an obligation is
        self,
        slot: str,
        *,
        debtor: str,
        creditor: str,
        due_on: date | None,
        about: str,
        amount: Decimal = ONE,
        unit: Unit = "item",
        effective_on: date | None = None,
    ) -> None:
        """Open an obligation; nobody owes themselves, and nothing is no obligation."""
        if debtor == creditor or amount <= 0:
            return
        claim = self.entry.id
        posting = Posting(
            f"{claim}/{slot}",
            intern(slot.partition("/")[0]),
            # Parties are few and obligations many, each kept for as long as anybody may ask.
            intern(debtor),
            intern(creditor),
            amount,
            unit,
            effective_on or self.day,
            "opened",
            claim,
            due_on,
            about=about,
        )
        self._post(posting)

    def discharge(
        self,
        obligation: str,
        amount: Decimal = ONE,
        *,
        day: date | None = None,
        per: str | None = None,
    ) -> None:
        """Discharge as much as is owed from a day on; what is more was given beyond.

        With `per`, a host counts once: a second visit to one host is given beyond. What is given
        beyond fills what comes to be owed on a later day, as by a withdrawal from then on.
        """
        account = self.account(obligation)
        if not account:
            return
        since = max(day or self.day, account.begins)
        taken = min(amount, account.room(since, per))
        claim, beyond = self.entry.id, amount - taken
        self._change(account, -taken, since, "discharged", beyond=beyond, claim=claim, per=per)
        if beyond:
            self._fill_by(account, claim, since)

    def void(self, obligation: str, *, day: date | None = None, reason: Reason = "voided") -> None:
        """Void what is left of an obligation."""
        self._lower(self.account(obligation), None, day or self.day, reason)

    def waive(self, obligation: str, amount: Decimal | None) -> None:
        """Release an amount of an obligation, at most what is left of it; all without a word."""
        self._lower(self.account(obligation), amount, self.day, "waived")

    def change_by(self, obligation: str, amount: Decimal, *, day: date) -> None:
        """Raise what is owed by an amount, or lower it, from a day on.

        What was given beyond fills a rise; what was given for more than is still asked for was
        given beyond, then.
        """
        account = self.account(obligation)
        if not account or not amount:
            return
        since = max(day, account.begins)
        if amount > 0:
            self._change(account, amount, since, "raised", claim=self.entry.id)
            self._fill(account, since)
        else:
            self._take_back(account, -amount, since, "reduced")

    def reduce(self, obligation: str, amount: Decimal, *, day: date) -> None:
        """Lower what is asked for by an amount from a day on; never raise it.

        What was given for more than is still asked for was given beyond, then.
        """
        account = self.account(obligation)
        if account and amount > 0:
            self._take_back(account, amount, max(day, account.begins), "reduced")

    def _lower(self, account: Account, amount: Decimal | None, day: date, reason: Reason) -> None:
        if not account:
            return
        since = max(day, account.begins)
        rest = amount
        for when in account.days_from(since):
            left = max(ZERO, account.least(when))
            taken = left if rest is None else min(rest, left)
            if taken:
                self._change(account, -taken, when, reason, claim=self.entry.id)
            rest = None if rest is None else rest - taken

    def keep(self, obligation: str) -> None:
        """Let an obligation go on, though this entry took back what opened it."""
        taken = [one for one in self.made if one.obligation == obligation]
        for posting in taken:
            self._post(posting._replace(amount=-posting.amount))

    def reschedule(self, obligation: str, due_on: date, *, day: date) -> None:
        """Let an obligation fall due on another day, from a day on.

        One that is settled too: what settled it may be withdrawn.
        """
        account = self.account(obligation)
        if not account:
            return
        since = max(day, account.begins)
        # Whoever takes a side's place later owes it by the same day.
        for when in (since, *(move.since for move in tuple(account.moves) if move.since > since)):
            self._change(account, ZERO, when, "rescheduled", claim=self.entry.id, due_on=due_on)

    def begin(self, obligation: str, *, day: date, due_on: date) -> None:
        """Let what is left of an obligation be owed from another day on, and fall due on another.

        From the one day it is owed then, and from the other it is not what makes it so.
        """
        account = self.account(obligation)
        left = account.left
        if left <= 0:
            return
        before = account.owed_from()
        if day == before:
            self.reschedule(obligation, due_on, day=self.day)
            return
        for amount, when in ((left, day), (-left, before)):
            self._change(account, amount, when, "rescheduled", claim=self.entry.id, due_on=due_on)

    def end_sooner(self, obligation: str, *, day: date, reason: Reason = "discharged") -> None:
        """Let what is owed on a day, and not in the end, be owed from that day on no more."""
        account = self.account(obligation)
        owed = account.on(day) if account and not account.left else ZERO
        if owed <= 0:
            return
        end = next(one for one in account.days_from(day) if account.on(one) <= 0)
        for amount, when in ((-owed, day), (owed, end)):
            self._change(account, amount, when, reason, claim=self.entry.id)

    def move(self, obligation: str, *, party: str, to: str, day: date, by: str = "") -> None:
        """Let another party stand in a party's place from a day on; the total stays.

        `by` is the event that says so, where that is an earlier one than this entry.
        Whoever would owe themselves owes nothing. Moves count in the order of their days, in
        whatever order they are recorded: nothing goes from who does not stand there by then.
        """
        account = self.account(obligation)
        if not account:
            return
        since = max(day, account.begins)
        pair = account.standing(since)
        if pair is None or party not in pair:
            return
        held = sum((line.amount for line in account.lines if line.effective_on <= since), ZERO)
        stands = account.first._replace(debtor=pair[0], creditor=pair[1])
        move = Move(by or self.entry.id, since, party, to)
        self._carry(stands, held, since, move)
        for (when, (debtor, creditor)), amount in sorted(account.misplaced().items()):
            due_on = account.due_on() if amount > 0 else None
            self._post(
                self._moved(stands, amount, when, move)._replace(
                    debtor=debtor, creditor=creditor, due_on=due_on
                )
            )

    def _moved(self, line: Posting, amount: Decimal, day: date, move: Move) -> Posting:
        return line._replace(
            amount=amount,
            effective_on=day,
            reason="moved",
            claim=move.claim,
            due_on=None,
            beyond=ZERO,
            per=move.party,
        )

    def _carry(self, line: Posting, amount: Decimal, day: date, move: Move) -> None:
        """Post that an amount goes, on a day, from who stands in a line to who stands after."""
        away = self._moved(line, -amount, day, move)
        self._post(away)
        debtor, creditor = move.pair((line.debtor, line.creditor))
        if debtor != creditor:
            due_on = self.account(line.obligation).due_on()
            self._post(
                away._replace(debtor=debtor, creditor=creditor, amount=amount, due_on=due_on)
            )

    def reverse(self, event: str, *, day: date) -> None:
        """Reverse from a day on exactly what counts for an event, then fill from given beyond."""
        claimed = list(self._journal.claimed(event))
        opened = [posting for posting in claimed if posting.reason in _OPENING]
        given = [posting for posting in claimed if posting.reason not in _OPENING]
        for posting in given:
            account = self.account(posting.obligation)
            again = account.due_on(without=event) if posting.reason == "rescheduled" else None
            self._change(
                account,
                -posting.amount,
                max(day, posting.effective_on),
                _UNDOING.get(posting.reason, "reversed"),
                beyond=-posting.beyond,
                claim=event,
                per=None if posting.reason == "moved" else posting.per,
                due_on=again,
            )
        for posting in opened:
            account = self.account(posting.obligation)
            self._take_back(account, posting.amount, max(day, posting.effective_on), "reversed")
        for obligation in dict.fromkeys(p.obligation for p in given):
            self._fill(self.account(obligation), day)

    def _take_back(self, account: Account, amount: Decimal, day: date, reason: Reason) -> None:
        """Lower what is asked for no longer; what others gave for it was given beyond, then."""
        short = amount - max(ZERO, account.least(day))
        for claim in reversed(account.claims()):
            if short <= 0:
                break
            own = account.given(claim)
            if own[0].reason != "discharged":
                continue  # it gave nothing
            taken = min(short, -sum((line.amount for line in own), ZERO))
            if taken > 0:
                since = max(day, min(line.effective_on for line in own))
                per = own[0].per
                self._change(account, taken, since, "reversed", beyond=taken, claim=claim, per=per)
                short -= taken
        self._lower(account, amount, day, reason)

    def _fill(self, account: Account, day: date) -> None:
        for claim in account.given_beyond() if account.left > 0 else ():
            self._fill_by(account, claim, day)

    def _fill_by(self, account: Account, claim: str, day: date) -> None:
        """Fill what is owed, from a day on and on each later day, by what an event gave beyond."""
        beyond, own = account.beyond(claim), account.given(claim)
        if beyond <= 0 or account.left <= 0:
            return
        since = max(day, min(line.effective_on for line in own))
        per = own[0].per
        for when in account.days_from(since):
            taken = min(beyond, account.room(when, per))
            if taken > 0:
                self._change(
                    account, -taken, when, "given_beyond", beyond=-taken, claim=claim, per=per
                )
                beyond -= taken

    def _change(  # noqa: PLR0913 - a posting on an obligation that stands
        self,
        account: Account,
        amount: Decimal,
        day: date,
        reason: Reason,
        *,
        claim: str,
        beyond: Decimal = ZERO,
        per: str | None = None,
        due_on: date | None = None,
    ) -> None:
        change = account.first._replace(
            amount=amount,
            effective_on=day,
            reason=reason,
            claim=claim,
            due_on=due_on,
            beyond=beyond,
            per=per,
        )
        if not account.moves:
            self._post(change)
            return
        moves = tuple(account.moves)
        change = _standing_after(change, [move for move in moves if move.since <= day])
        self._post(change)
        for move in (move for move in moves if move.since > day):
            after = _standing_after(change, [move])
            if change.amount and after != change:
                self._carry(change, change.amount, move.since, move)
            change = after


def _standing_after(change: Posting, moves: Iterable[Move]) -> Posting:
    """Return a posting between those who stand there after moves; nothing, if the debt is void."""
    for move in moves:
        debtor, creditor = move.pair((change.debtor, change.creditor))
        if debtor == creditor:
            return change._replace(amount=ZERO)
        change = change._replace(debtor=debtor, creditor=creditor)
    return change


@lru_cache(_MOST_DAYS)
def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:  # far beyond any day that an event may name
        return date.max
