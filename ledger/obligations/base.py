"""Postings, and the sheet on which one entry's postings are made.

An obligation is what one party owes another; every change is a posting, and what is owed is a sum
over postings. The sheet keeps the rules that hold always: nothing goes below zero on any day,
what is given beyond waits to fill later increases, a withdrawal reverses exactly what its event
posted (domain.md, *Obligations*).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Protocol

from ledger.entry import Entry
from ledger.facts.base import Look
from ledger.values import obligation_slot

Unit = Literal["day", "visit", "item", "GBP"]
Reason = Literal["opened", "discharged", "voided", "moved", "reversed", "reduced", "given_beyond"]
ZERO = Decimal(0)
ONE = Decimal(1)
_MOST_DAYS = 4_096


class Kind(NamedTuple):
    """A kind of obligation: its name in slots and tables, and what it is called on screen."""

    name: str
    title: str


class Posting(NamedTuple):
    """One change of what is owed: `amount` opens (+) or discharges (-), from `effective_on` on.

    `claim` is the event whose giving it counts, `beyond` what that event gave beyond what was
    owed, `per` the host that a visit counts for, where each counts once.
    """

    obligation: str
    kind: str
    debtor: str
    creditor: str
    amount: Decimal
    unit: Unit
    effective_on: date
    reason: Reason
    claim: str
    due_on: date | None = None
    beyond: Decimal = ZERO
    per: str | None = None


class Move(NamedTuple):
    """One party taking another's place from a day on, by an event."""

    claim: str
    since: date
    party: str
    to: str

    def pair(self, pair: tuple[str, str]) -> tuple[str, str]:
        """Return debtor and creditor after the move."""
        debtor, creditor = (self.to if one == self.party else one for one in pair)
        return debtor, creditor


class Lookup(Protocol):
    """What posting rules may ask, as it stands before the entry that they are asked about."""

    @property
    def look(self) -> Look:
        """Answers facts."""
        ...

    def lines(self, obligation: str) -> Sequence[Posting]:
        """Return the postings of an obligation in order of position."""
        ...

    def claimed(self, event: str) -> Sequence[Posting]:
        """Return the postings that count for an event, in order of position."""
        ...


def outstanding(lines: Iterable[Posting]) -> Decimal:
    """Return what the postings leave owed in the end."""
    return sum((line.amount for line in lines), ZERO)


def least_owed(lines: Sequence[Posting], day: date) -> Decimal:
    """Return the least that is owed on any day from a day on."""
    balance, later = ZERO, []
    for line in lines:
        if line.effective_on <= day:
            balance += line.amount
        else:
            later.append((line.effective_on, line.amount))
    if not later:
        return balance
    later.sort()
    least = balance
    for number, (when, amount) in enumerate(later):
        balance += amount
        if number + 1 == len(later) or later[number + 1][0] != when:
            least = min(least, balance)
    return least


class Sheet:
    """The obligations that one entry touches, and the postings made for it so far."""

    __slots__ = ("_lines", "_lookup", "day", "entry", "look", "made")

    def __init__(self, entry: Entry[Any], lookup: Lookup) -> None:
        """Begin an empty sheet for an entry."""
        self.entry = entry
        self.day = entry.occurred_on
        self.look = lookup.look
        self.made: list[Posting] = []
        self._lookup = lookup
        self._lines: dict[str, list[Posting]] = {}

    def lines(self, obligation: str) -> list[Posting]:
        """Return the postings of an obligation, those made on this sheet included."""
        lines = self._lines.get(obligation)
        if lines is None:
            lines = self._lines[obligation] = list(self._lookup.lines(obligation))
        return lines

    def due_after(self, days: int | None, *, from_day: date | None = None) -> date | None:
        """Return the due date of an answer: days from the later of happening and recording.

        None where no rule sets the days.
        """
        if days is None:
            return None
        return _later(max(from_day or self.day, self.entry.recorded_on), days)

    def _post(self, posting: Posting) -> None:
        self.lines(posting.obligation).append(posting)
        self.made.append(posting)

    def open(  # noqa: PLR0913 - these are what an obligation is
        self,
        slot: str,
        *,
        debtor: str,
        creditor: str,
        due_on: date | None,
        amount: Decimal = ONE,
        unit: Unit = "item",
        effective_on: date | None = None,
    ) -> None:
        """Open an obligation; nobody owes themselves, and nothing is no obligation."""
        if debtor == creditor or amount <= 0:
            return
        claim = self.entry.id
        obligation = f"{claim}/{slot}"
        posting = Posting(
            obligation,
            slot.partition("/")[0],
            debtor,
            creditor,
            amount,
            unit,
            effective_on or self.day,
            "opened",
            claim,
            due_on,
        )
        # Its name begins with this entry's id: no earlier entry posted there.
        self._lines.setdefault(obligation, []).append(posting)
        self.made.append(posting)

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
        lines = self.lines(obligation)
        if not lines:
            return
        since = max(day or self.day, lines[0].effective_on)
        taken = min(amount, _room(lines, since, per))
        claim, beyond = self.entry.id, amount - taken
        self._change(lines, -taken, since, "discharged", beyond=beyond, claim=claim, per=per)
        if beyond:
            self._fill_by(obligation, claim, since)

    def void(self, obligation: str, *, day: date | None = None) -> None:
        """Void what is left of an obligation."""
        self._lower(obligation, None, day or self.day, "voided")

    def reduce(self, obligation: str, amount: Decimal, *, day: date) -> None:
        """Lower an obligation by an amount, at most by what is left of it; never raise it."""
        self._lower(obligation, max(ZERO, amount), day, "reduced")

    def _lower(self, obligation: str, amount: Decimal | None, day: date, reason: Reason) -> None:
        lines = self.lines(obligation)
        if not lines:
            return
        since = max(day, lines[0].effective_on)
        rest = amount
        for when in _days_from(lines, since):
            left = max(ZERO, least_owed(lines, when))
            taken = left if rest is None else min(rest, left)
            if taken:
                self._change(lines, -taken, when, reason, claim=self.entry.id)
            rest = None if rest is None else rest - taken

    def move(self, obligation: str, *, party: str, to: str, day: date) -> None:
        """Let another party stand in a party's place from a day on; the total stays.

        Whoever would owe themselves owes nothing.
        """
        lines = self.lines(obligation)
        if not lines:
            return
        since = max(day, lines[0].effective_on)
        moved = Move(self.entry.id, since, party, to)
        for debtor, creditor in dict.fromkeys((line.debtor, line.creditor) for line in lines):
            if party in (debtor, creditor):
                own = [p for p in lines if (p.debtor, p.creditor) == (debtor, creditor)]
                self._hand_on(own, moved)

    def _hand_on(self, own: Sequence[Posting], move: Move) -> None:
        amounts = {move.since: ZERO}
        for line in own:
            when = max(move.since, line.effective_on)
            amounts[when] = amounts.get(when, ZERO) + line.amount
        for when, amount in sorted(amounts.items()):
            if amount or when == move.since:
                self._carry(own[0], amount, when, move)

    def _carry(self, line: Posting, amount: Decimal, day: date, move: Move) -> None:
        """Post that an amount goes, on a day, from who stands in a line to who stands after."""
        away = line._replace(
            amount=-amount,
            effective_on=day,
            reason="moved",
            claim=move.claim,
            due_on=None,
            beyond=ZERO,
            per=None,
        )
        self._post(away)
        debtor, creditor = move.pair((line.debtor, line.creditor))
        if debtor != creditor:
            due_on = self.lines(line.obligation)[0].due_on
            self._post(
                away._replace(debtor=debtor, creditor=creditor, amount=amount, due_on=due_on)
            )

    def reverse(self, event: str, *, day: date) -> None:
        """Reverse from a day on exactly what counts for an event, then fill from given beyond."""
        claimed = list(self._lookup.claimed(event))
        opened = [posting for posting in claimed if posting.reason == "opened"]
        given = [posting for posting in claimed if posting.reason != "opened"]
        for posting in given:
            self._change(
                self.lines(posting.obligation),
                -posting.amount,
                max(day, posting.effective_on),
                "reversed",
                beyond=-posting.beyond,
                claim=event,
                per=posting.per,
            )
        for posting in opened:
            self._take_back(posting.obligation, posting.amount, max(day, posting.effective_on))
        for obligation in dict.fromkeys(p.obligation for p in given):
            self._fill(obligation, day)

    def _take_back(self, obligation: str, amount: Decimal, day: date) -> None:
        """Lower what was opened in error; what others gave for it was given beyond, then."""
        lines = self.lines(obligation)
        short = amount - max(ZERO, least_owed(lines, day))
        for claim in reversed(list(dict.fromkeys(line.claim for line in lines))):
            own = [line for line in lines if line.claim == claim and line.reason != "opened"]
            taken = min(short, -outstanding(own))
            if taken > 0:
                since = max(day, min(line.effective_on for line in own))
                per = own[0].per
                self._change(lines, taken, since, "reversed", beyond=taken, claim=claim, per=per)
                short -= taken
        self._lower(obligation, amount, day, "reversed")

    def _fill(self, obligation: str, day: date) -> None:
        lines = self.lines(obligation)
        for claim in dict.fromkeys(line.claim for line in lines if line.beyond > 0):
            self._fill_by(obligation, claim, day)

    def _fill_by(self, obligation: str, claim: str, day: date) -> None:
        """Fill what is owed, from a day on and on each later day, by what an event gave beyond."""
        lines = self.lines(obligation)
        own = [line for line in lines if line.claim == claim and line.reason != "opened"]
        beyond = sum((line.beyond for line in own), ZERO)
        if beyond <= 0:
            return
        since = max(day, min(line.effective_on for line in own))
        per = own[0].per
        for when in _days_from(lines, since):
            taken = min(beyond, _room(lines, when, per))
            if taken > 0:
                self._change(
                    lines, -taken, when, "given_beyond", beyond=-taken, claim=claim, per=per
                )
                beyond -= taken

    def _change(  # noqa: PLR0913 - a posting on an obligation that stands
        self,
        lines: list[Posting],
        amount: Decimal,
        day: date,
        reason: Reason,
        *,
        claim: str,
        beyond: Decimal = ZERO,
        per: str | None = None,
    ) -> None:
        first = lines[0]
        change = Posting(
            first.obligation,
            first.kind,
            first.debtor,
            first.creditor,
            amount,
            first.unit,
            day,
            reason,
            claim,
            None,
            beyond,
            per,
        )
        moves = _moves(lines)
        if not moves:
            lines.append(change)
            self.made.append(change)
            return
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


def _moves(lines: Sequence[Posting]) -> list[Move]:
    """Return the moves of an obligation, in order of the days from which they hold."""
    for line in lines:
        if line.reason == "moved":
            break
    else:
        return []
    found: dict[str, Move] = {}
    for line, after in zip(lines, [*lines[1:], lines[0]], strict=True):
        if line.reason == "moved" and line.claim not in found:
            found[line.claim] = _move_of(line, after)
    return sorted(found.values(), key=lambda move: move.since)


def _move_of(away: Posting, after: Posting) -> Move:
    """Return the move that a posting began; one with no counterpart voided a debt to oneself."""
    stays = (after.reason, after.claim, after.amount) == ("moved", away.claim, -away.amount)
    party, to = away.debtor, away.creditor
    if stays and after.debtor != away.debtor:
        to = after.debtor
    elif stays and after.creditor != away.creditor:
        party, to = away.creditor, after.creditor
    return Move(away.claim, away.effective_on, party, to)


def _days_from(lines: Iterable[Posting], day: date) -> list[date]:
    """Return a day and the later days on which what is owed changes."""
    return sorted({day, *(line.effective_on for line in lines if line.effective_on > day)})


def _room(lines: Sequence[Posting], day: date, per: str | None) -> Decimal:
    """Return how much can be given from a day on: the least owed; nothing if the host counted."""
    if per is not None and least_owed([line for line in lines if line.per == per], day) < 0:
        return ZERO
    least = least_owed(lines, day)
    return least if least > 0 else ZERO


def kind_of(obligation: str) -> str:
    """Return the kind of an obligation: the first part of its slot."""
    return obligation_slot(obligation).partition("/")[0]


@lru_cache(_MOST_DAYS)
def _later(day: date, days: int) -> date:
    return day + timedelta(days)
