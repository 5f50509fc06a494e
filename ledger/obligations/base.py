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
from typing import Any, Literal, NamedTuple, Protocol

from ledger.entry import Entry
from ledger.facts.base import Look
from ledger.values import obligation_slot

Unit = Literal["day", "visit", "item", "GBP"]
Reason = Literal["opened", "discharged", "voided", "moved", "reversed", "reduced", "given_beyond"]
ZERO = Decimal(0)
ONE = Decimal(1)


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
    balance = sum((line.amount for line in lines if line.effective_on <= day), ZERO)
    least = balance
    later = sorted((line.effective_on, line.amount) for line in lines if line.effective_on > day)
    for number, (when, amount) in enumerate(later):
        balance += amount
        if number + 1 == len(later) or later[number + 1][0] != when:
            least = min(least, balance)
    return least


class Sheet:
    """The obligations that one entry touches, and the postings made for it so far."""

    def __init__(self, entry: Entry[Any], lookup: Lookup) -> None:
        """Begin an empty sheet for an entry."""
        self.entry = entry
        self.look = lookup.look
        self.made: list[Posting] = []
        self._lookup = lookup
        self._lines: dict[str, list[Posting]] = {}

    def lines(self, obligation: str) -> list[Posting]:
        """Return the postings of an obligation, those made on this sheet included."""
        if obligation not in self._lines:
            self._lines[obligation] = list(self._lookup.lines(obligation))
        return self._lines[obligation]

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
        self._post(
            Posting(
                obligation=f"{self.entry.id}/{slot}",
                kind=slot.partition("/")[0],
                debtor=debtor,
                creditor=creditor,
                amount=amount,
                unit=unit,
                effective_on=effective_on or self.entry.occurred_on,
                reason="opened",
                claim=self.entry.id,
                due_on=due_on,
            )
        )

    def discharge(
        self,
        obligation: str,
        amount: Decimal = ONE,
        *,
        day: date | None = None,
        per: str | None = None,
    ) -> None:
        """Discharge as much as is owed from a day on; what is more was given beyond.

        With `per`, a host counts once: a second visit to one host is given beyond.
        """
        lines = self.lines(obligation)
        if not lines:
            return
        since = max(day or self.entry.occurred_on, lines[0].effective_on)
        counted = per is not None and _counted(lines, per)
        taken = ZERO if counted else min(amount, max(ZERO, least_owed(lines, since)))
        self._change(
            lines, -taken, since, "discharged", beyond=amount - taken, claim=self.entry.id, per=per
        )

    def void(self, obligation: str, *, day: date | None = None) -> None:
        """Void what is left of an obligation."""
        self._lower(obligation, None, day or self.entry.occurred_on, "voided")

    def reduce(self, obligation: str, amount: Decimal, *, day: date) -> None:
        """Lower an obligation by an amount, at most by what is left of it."""
        self._lower(obligation, amount, day, "reduced")

    def _lower(self, obligation: str, amount: Decimal | None, day: date, reason: Reason) -> None:
        lines = self.lines(obligation)
        if not lines:
            return
        since = max(day, lines[0].effective_on)
        left = max(ZERO, least_owed(lines, since))
        taken = left if amount is None else min(amount, left)
        if taken:
            self._change(lines, -taken, since, reason, claim=self.entry.id)

    def move(self, obligation: str, *, party: str, to: str, day: date) -> None:
        """Let another party stand in a party's place for what is left; the total stays."""
        lines = self.lines(obligation)
        left = outstanding(lines)
        if left <= 0 or not any(party in (line.debtor, line.creditor) for line in lines):
            return
        last = lines[-1]
        since = max(day, lines[0].effective_on)
        moved = last._replace(
            debtor=to if last.debtor == party else last.debtor,
            creditor=to if last.creditor == party else last.creditor,
            due_on=lines[0].due_on,
        )
        self._change(lines, -left, since, "moved", claim=self.entry.id)
        if moved.debtor == moved.creditor:
            return
        self._post(
            moved._replace(
                amount=left,
                effective_on=since,
                reason="moved",
                claim=self.entry.id,
                beyond=ZERO,
                per=None,
            )
        )

    def reverse(self, event: str, *, day: date) -> None:
        """Reverse from a day on exactly what counts for an event, then fill from given beyond."""
        claimed = list(self._lookup.claimed(event))
        for posting in claimed:
            since = max(day, posting.effective_on)
            if posting.amount > 0:
                self._lower(posting.obligation, posting.amount, since, "reversed")
            elif posting.amount or posting.beyond:
                lines = self.lines(posting.obligation)
                self._change(
                    lines,
                    -posting.amount,
                    since,
                    "reversed",
                    beyond=-posting.beyond,
                    claim=event,
                    per=posting.per,
                )
        for obligation in dict.fromkeys(p.obligation for p in claimed if p.amount < 0):
            self._fill(obligation, day)

    def _fill(self, obligation: str, day: date) -> None:
        lines = self.lines(obligation)
        for claim in dict.fromkeys(line.claim for line in lines if line.beyond > 0):
            own = [line for line in lines if line.claim == claim]
            beyond = sum((line.beyond for line in own), ZERO)
            since = max(day, min(line.effective_on for line in own))
            per = own[0].per
            if beyond <= 0 or (per is not None and _counted(lines, per)):
                continue
            taken = min(beyond, max(ZERO, least_owed(lines, since)))
            if taken:
                self._change(
                    lines, -taken, since, "given_beyond", beyond=-taken, claim=claim, per=per
                )

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
        self._post(
            lines[-1]._replace(
                amount=amount,
                effective_on=day,
                reason=reason,
                claim=claim,
                due_on=None,
                beyond=beyond,
                per=per,
            )
        )


def _counted(lines: Iterable[Posting], per: str) -> bool:
    return outstanding(line for line in lines if line.per == per) < 0


def kind_of(obligation: str) -> str:
    """Return the kind of an obligation: the first part of its slot."""
    return obligation_slot(obligation).partition("/")[0]


def due_after(entry: Entry[Any], days: int | None, *, from_day: date | None = None) -> date | None:
    """Return the due date of an answer: days from the later of happening and recording.

    None where no rule sets the days.
    """
    if days is None:
        return None
    return max(from_day or entry.occurred_on, entry.recorded_on) + timedelta(days=days)
