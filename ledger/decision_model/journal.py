"""The journal in memory: every posting by its obligation, by what it counts for and is about.

An account keeps the postings of one obligation with what is owed on each day, so that the next
posting costs the same however many there are before it. Most have two or three postings all their
life, and everything that is ever owed has one: so what only long ones need is made for those.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

from ledger.decision_model.facts import Look
from ledger.decision_model.recent import Recent
from ledger.values import obligation_slot

Unit = Literal["day", "visit", "item", "GBP"]
Reason = Literal[
    "opened",
    "discharged",
    "voided",
    "party_gone",
    "missed",
    "waived",
    "moved",
    "reversed",
    "reduced",
    "given_beyond",
    "raised",
    "restored",
    "rescheduled",
]
ZERO = Decimal(0)
_FEW = 8
"""So many are looked through sooner than an index of them is kept."""
_MOST_ACCOUNTS = 10_000


class Posting(NamedTuple):
    """One change of what is owed: `amount` opens (+) or discharges (-), from `effective_on` on.

    One that is rescheduled changes `due_on`, the day on which it falls due from then; two of them
    may change from which day it is owed.

    `claim` is the event whose giving it counts, `beyond` what that event gave beyond what was
    owed, `per` the host that a visit counts for, where each counts once, and of what is moved the
    party whose place is taken; `about` the tag of the thing or party that the obligation is about.
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
    about: str = ""


Pair = tuple[str, str]
"""Who owes and who is owed."""


class Move(NamedTuple):
    """One party taking another's place from a day on, by an event."""

    claim: str
    since: date
    party: str
    to: str

    def pair(self, pair: Pair) -> Pair:
        """Return debtor and creditor after the move."""
        debtor, creditor = (self.to if one == self.party else one for one in pair)
        return debtor, creditor


class _Balance:
    """What is owed on each day: a sum of changes, mostly added in the order of their days."""

    __slots__ = ("_changes", "_days", "total")

    def __init__(self) -> None:
        self.total = ZERO
        self._days: list[date] = []
        #: By how much it changes on each of these days.
        self._changes: list[Decimal] = []

    def add(self, day: date, amount: Decimal) -> None:
        """Add what changes from a day on."""
        self.total += amount
        days = self._days
        place = len(days) if not days or days[-1] < day else bisect_left(days, day)
        if place < len(days) and days[place] == day:
            self._changes[place] += amount
            return
        days.insert(place, day)
        self._changes.insert(place, amount)

    def least(self, day: date) -> Decimal:
        """Return the least that is owed on any day from a day on."""
        owed = least = self.total
        for later, change in zip(reversed(self._days), reversed(self._changes), strict=True):
            if later <= day:
                break
            owed -= change
            least = min(least, owed)
        return least

    def days_from(self, day: date) -> list[date]:
        """Return a day and the later days on which what is owed changes, in order."""
        later = []
        for one in reversed(self._days):
            if one <= day:
                break
            later.append(one)
        return [day, *reversed(later)]


class Account:
    """The postings of one obligation, in order of position."""

    __slots__ = (
        "_balance",
        "_beyond",
        "_claims",
        "_hosts",
        "_moving",
        "begins",
        "lines",
        "moves",
        "positions",
    )

    def __init__(self, lines: Iterable[Posting] = ()) -> None:
        """Take up what was posted already."""
        self.lines: list[Posting] = []
        #: The first day on which anything was ever owed.
        self.begins = date.max
        #: Of each line the position of the entry that posted it; 0 of what was taken up.
        self.positions: list[int] = []
        #: Who took whose place, in the order of the days from which that holds.
        self.moves: Sequence[Move] = ()
        self._moving: Posting | None = None
        self._balance = _Balance()
        self._hosts: dict[str, _Balance] | None = None
        # By event: what counts for its giving, once there are many; and what of it was beyond and
        # fills nothing yet.
        self._claims: dict[str, list[Posting]] | None = None
        self._beyond: dict[str, Decimal] | None = None
        for line in lines:
            self.append(line)

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def first(self) -> Posting:
        """The posting that opened it."""
        return self.lines[0]

    @property
    def left(self) -> Decimal:
        """What is left of it in the end."""
        return self._balance.total

    def due_on(self, without: str = "") -> date | None:
        """Return when it falls due in the end; as if one event had said nothing, if it is named."""
        lines = sorted(self.lines, key=lambda line: line.effective_on)
        gone = {line.claim for line in lines if line.reason == "reversed"} | {without}
        told = (line.due_on for line in reversed(lines) if line.due_on and line.claim not in gone)
        return next(told, None)

    def append(self, line: Posting, position: int = 0) -> None:
        """Take up one more posting, which the entry at a position makes."""
        if line.reason == "moved":
            self._note_move(line)
        self.lines.append(line)
        self.begins = min(self.begins, line.effective_on)
        self.positions.append(position)
        self._balance.add(line.effective_on, line.amount)
        if line.per is not None and line.reason != "moved":
            self._hosts = {} if self._hosts is None else self._hosts
            self._hosts.setdefault(line.per, _Balance()).add(line.effective_on, line.amount)
        if line.reason == "opened":
            return
        if self._claims is not None:
            self._claims.setdefault(line.claim, []).append(line)
        elif len(self.lines) > _FEW:
            self._claims = self._by_claim()
        if line.beyond:
            self._note_beyond(line)

    def _note_beyond(self, line: Posting) -> None:
        # Below zero between two postings of one reversal; a sum cut there would be too high.
        kept = {} if self._beyond is None else self._beyond
        beyond = kept.pop(line.claim, ZERO) + line.beyond
        if beyond:
            kept[line.claim] = beyond
        self._beyond = kept or None

    def _by_claim(self) -> dict[str, list[Posting]]:
        """Return what counts for each event's giving, in the order in which they first gave."""
        if self._claims is not None:
            return self._claims
        found: dict[str, list[Posting]] = {}
        for line in self.lines:
            if line.reason != "opened":
                found.setdefault(line.claim, []).append(line)
        return found

    def _note_move(self, line: Posting) -> None:
        """Take note of a move by its first two postings; one alone voided a debt to oneself."""
        away, self._moving = self._moving, None
        if away is not None and away is self.lines[-1] and _is_counterpart(away, line):
            self.moves = [_refined(move, away, line) for move in self.moves]
        elif all((move.claim, move.party) != (line.claim, line.per) for move in self.moves):
            self._moving = line
            party = line.per or line.debtor
            other = line.creditor if party == line.debtor else line.debtor
            # Before it was opened, a move only waited for it: so it holds if that is owed earlier.
            waited = line.effective_on <= self.first.effective_on
            since = date.min if waited else line.effective_on
            move = Move(line.claim, since, party, other)
            self.moves = sorted([*self.moves, move], key=lambda move: move.since)

    def standing(self, day: date) -> Pair | None:
        """Return who owes it to whom on a day; None once the debt is void: they became one."""
        pair = (self.first.debtor, self.first.creditor)
        for move in self.moves:
            if move.since <= day:
                pair = move.pair(pair)
                if pair[0] == pair[1]:
                    return None
        return pair

    def misplaced(self) -> dict[tuple[date, Pair], Decimal]:
        """Return what stands with others than its moves tell, by day, as it is to be changed.

        Each change counts for whoever stands there on its day; a move hands on what is owed.
        """
        found: dict[tuple[date, Pair], Decimal] = defaultdict(Decimal)
        changes: dict[date, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            found[line.effective_on, (line.debtor, line.creditor)] -= line.amount
            if line.reason != "moved":
                changes[line.effective_on] += line.amount
        pair: Pair | None = (self.first.debtor, self.first.creditor)
        held = ZERO
        for day in sorted({*changes, *(move.since for move in self.moves)}):
            before, pair = pair, pair and self.standing(day)
            if before is not None and pair != before:
                found[day, before] -= held
            if pair is None:
                continue
            if pair != before:
                found[day, pair] += held
            found[day, pair] += changes[day]
            held += changes[day]
        return {place: amount for place, amount in found.items() if amount}

    def least(self, day: date) -> Decimal:
        """Return the least that is owed on any day from a day on."""
        return self._balance.least(day)

    def on(self, day: date) -> Decimal:
        """Return what is owed on a day."""
        return sum((line.amount for line in self.lines if line.effective_on <= day), ZERO)

    def owed_from(self) -> date:
        """Return the first day from which on no less is owed than what is left in the end."""
        days = self._balance.days_from(self.begins)
        return next(day for day in days if self.least(day) >= self.left)

    def days_from(self, day: date) -> list[date]:
        """Return a day and the later days on which what is owed changes, in order."""
        return self._balance.days_from(day)

    def room(self, day: date, per: str | None) -> Decimal:
        """Return how much can be given from a day on; nothing if the host has counted."""
        host = None if per is None or self._hosts is None else self._hosts.get(per)
        if host is not None and host.least(day) < 0:
            return ZERO
        return max(ZERO, self.least(day))

    def given(self, claim: str) -> Sequence[Posting]:
        """Return the postings that count for an event's giving."""
        return self._by_claim().get(claim, ())

    def claims(self) -> Sequence[str]:
        """Return the events whose giving counts, in the order in which they first gave."""
        return tuple(self._by_claim())

    def beyond(self, claim: str) -> Decimal:
        """Return what an event gave beyond what was owed, and that fills nothing yet."""
        return ZERO if self._beyond is None else self._beyond.get(claim, ZERO)

    def given_beyond(self) -> Sequence[str]:
        """Return the events that gave beyond what was owed, in the order in which they gave."""
        if self._beyond is None:
            return ()
        waiting = [claim for claim, beyond in self._beyond.items() if beyond > 0]
        if len(waiting) <= 1:
            return waiting
        return [claim for claim in self._by_claim() if self.beyond(claim) > 0]


def _is_counterpart(away: Posting, line: Posting) -> bool:
    return (line.claim, line.per, line.amount, line.effective_on) == (
        away.claim,
        away.per,
        -away.amount,
        away.effective_on,
    )


def _refined(move: Move, away: Posting, after: Posting) -> Move:
    """Return a move with who took the place, which its two postings tell."""
    if (move.claim, move.party) != (after.claim, after.per):
        return move
    return move._replace(to=after.debtor if move.party == away.debtor else after.creditor)


def kind_of(obligation: str) -> str:
    """Return the kind of an obligation: the first part of its slot."""
    return obligation_slot(obligation).partition("/")[0]


class Earlier(Protocol):
    """Reads what was posted before the entry at hand, wherever that is kept.

    A journal that holds what was posted on an obligation, for an event or about a thing never asks
    for it; what was posted since it last forgot anything is held.
    """

    def of_obligation(self, obligation: str) -> Iterable[Posting]:
        """Return the postings on an obligation, in order."""
        ...

    def of_claim(self, event: str) -> Iterable[Posting]:
        """Return the postings that count for an event, in order."""
        ...

    def about(self, tag: str) -> Iterable[str]:
        """Return the obligations that were opened about a thing or party, in order of opening."""
        ...

    def of_party(self, party: str) -> Iterable[str]:
        """Return the obligations that a party ever owed or was owed, in any order."""
        ...


class _Nothing:
    """What was posted before the first entry."""

    def of_obligation(self, _obligation: str) -> Iterable[Posting]:
        return ()

    def of_claim(self, _event: str) -> Iterable[Posting]:
        return ()

    def about(self, _tag: str) -> Iterable[str]:
        return ()

    def of_party(self, _party: str) -> Iterable[str]:
        return ()


class Journal:
    """The accounts that postings are made on, with the facts as they stand before each entry.

    Each is read once from what was posted `earlier`, and kept current as postings are made. Where
    everything posted can be read so, it may `forget` between two entries what nobody asked for
    lately; else it is kept to the end.
    """

    def __init__(self, look: Look, earlier: Earlier | None = None) -> None:
        """Begin with what was posted earlier; without, at the first entry."""
        self.look = look
        self._earlier: Earlier = earlier or _Nothing()
        self._is_read = earlier is not None
        self._accounts: Recent[str, Account | None] = Recent(None)
        self._claimed: Recent[str, list[Posting] | None] = Recent(None)
        self._about: Recent[str, list[str] | None] = Recent(None)
        # The same of one kind each, of what so much is owed about that it is not looked through.
        self._about_by_kind: Recent[str, dict[str, list[str]] | None] = Recent(None)
        # By party, once anybody asks: most records never do.
        self._sides: dict[str, set[str]] | None = None

    @property
    def is_full(self) -> bool:
        """Whether it holds more than it need, and can read it again."""
        return self._is_read and len(self._accounts) >= _MOST_ACCOUNTS

    def forget(self) -> None:
        """Drop what nobody asked for lately; whatever was posted must be read by `earlier` now."""
        self._accounts.forget()
        self._claimed.forget()
        self._about.forget()
        self._about_by_kind.forget()

    def account(self, obligation: str) -> Account:
        """Return the account of an obligation; an empty one if nothing was posted on it."""
        account = self._accounts[obligation]
        if account is None:
            lines = self._earlier.of_obligation(obligation)
            account = self._accounts[obligation] = Account(lines)
        return account

    def claimed(self, event: str) -> Sequence[Posting]:
        """Return the postings that count for an event, in order of position."""
        return self._claims_of(event)

    def _claims_of(self, event: str) -> list[Posting]:
        claimed = self._claimed[event]
        if claimed is None:
            claimed = self._claimed[event] = list(self._earlier.of_claim(event))
        return claimed

    def about(self, tag: str) -> Sequence[str]:
        """Return the obligations that were opened about a thing or party, in order of opening."""
        return tuple(self._opened_about(tag))

    def about_of(self, tag: str, kind: str) -> Sequence[str]:
        """Return those of one kind, in order of opening."""
        by_kind = self._about_by_kind[tag]
        if by_kind is not None:
            return tuple(by_kind.get(kind, ()))
        opened = self._opened_about(tag)
        if len(opened) <= _FEW:
            return tuple([one for one in opened if kind_of(one) == kind])
        by_kind = self._about_by_kind[tag] = {}
        for one in opened:
            by_kind.setdefault(kind_of(one), []).append(one)
        return tuple(by_kind.get(kind, ()))

    def _opened_about(self, tag: str) -> list[str]:
        opened = self._about[tag]
        if opened is None:
            opened = self._about[tag] = list(self._earlier.about(tag))
        return opened

    def _note_opened(self, posting: Posting) -> None:
        self._opened_about(posting.about).append(posting.obligation)
        by_kind = self._about_by_kind[posting.about]
        if by_kind is not None:
            by_kind.setdefault(posting.kind, []).append(posting.obligation)

    def of_party(self, party: str) -> Sequence[str]:
        """Return the obligations that a party owed or was owed before the entry at hand, by name.

        What that entry posts is in it too where nothing is read.
        """
        if self._is_read:
            return sorted({*self._earlier.of_party(party)})
        if self._sides is None:
            self._sides = {}
            for account in self._accounts.values():
                self._note_sides(self._sides, account.lines if account else ())
        return sorted(self._sides.get(party, ()))

    @staticmethod
    def _note_sides(sides: dict[str, set[str]], lines: Iterable[Posting]) -> None:
        for line in lines:
            sides.setdefault(line.debtor, set()).add(line.obligation)
            sides.setdefault(line.creditor, set()).add(line.obligation)

    def keep(self, posting: Posting, event: str, position: int) -> None:
        """Keep a posting that the event of this id makes, at a position."""
        if posting.obligation.startswith(event):
            # Its name begins with this entry's id: no earlier entry posted there.
            account = self._accounts[posting.obligation]
            if account is None:
                account = self._accounts[posting.obligation] = Account()
        else:
            account = self.account(posting.obligation)
        account.append(posting, position)
        claimed = self._claimed[posting.claim]
        if claimed is None and posting.claim == event:
            self._claimed[event] = [posting]
        else:
            self._claims_of(posting.claim).append(posting)
        if len(account.lines) == 1:
            self._note_opened(posting)
        if self._sides is not None:
            self._note_sides(self._sides, [posting])
