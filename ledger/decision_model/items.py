"""Kinds of obligation as rows: who owes what to whom by when, what opens it, what answers it.

A row says all of it. From it follow the fact that it is open, what an answer settles, both
postings, what can be said next, and its line in the reference::

    RESPONSE = Item(
        "need_response", "answer to a need", about="need",
        opened_by={NeedIdentified: Opens("school", "raiser", within("response_days"))},
        answers={NeedAccepted: Answers(), NeedDisputed: Answers()},
    )

A string is a member of the event, which is looked up when the row is made; what no member says is
a function. `EACH` is the key of each of several items that one event opens: a party, or a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_origin

from ledger.decision_model.created import Mention
from ledger.decision_model.facts import Fact, Family, Look
from ledger.decision_model.kinds import (
    OBLIGATION,
    Claim,
    Ground,
    Kind,
    Owed,
    Standing,
    Way,
    keyed,
    tags_named,
)
from ledger.decision_model.postings import ZERO, Posting, Sheet, Unit
from ledger.decision_model.rows import EACH, Answers, Below, Changes, Open, Opens, told
from ledger.events import CREATORS
from ledger.events.base import Event
from ledger.events.handover import ObligationWaived
from ledger.format.entry import Entry
from ledger.values import NOTHING, event_id, obligation_slot, party_kind

Items = tuple[Open, ...] | None
"""What was ever opened about a thing or party; None of a thing that is not there."""


class Item(Kind):
    """A kind of the plain shape; `about` is the thing or party in whose thread it opens and closes.

    `over` are families at the same party that it stands on.
    """

    def __init__(  # noqa: PLR0913 - these are what a kind is
        self,
        name: str,
        title: str,
        *,
        about: str | tuple[str, ...],
        opened_by: Mapping[type[Event], Opens],
        answers: Mapping[type[Event], Answers],
        changes: Mapping[type[Event], Changes] | None = None,
        unit: Unit = "item",
        ground: Ground | None = None,
        promised_where: str = "",
        over: Sequence[Family[Any]] = (),
        asks: Sequence[Family[Any]] = (),
        claims: Mapping[type[Event], str] | None = None,
    ) -> None:
        """Keep the row; raise LookupError for a member that its event does not have."""
        self.name, self.title, self.unit, self.ground = name, title, unit, ground
        self.promised_where = promised_where
        self.about = (about,) if isinstance(about, str) else about
        self.opened_by, self.answers, self.claims = opened_by, answers, claims or {}
        self.changes = changes or {}
        self.over, self.asks = tuple(over), (*over, *asks)
        self._opens = {event.__name__: opens for event, opens in opened_by.items()}
        self._answers = {event.__name__: answer for event, answer in answers.items()}
        self._changes = {event.__name__: change for event, change in self.changes.items()}
        self.changed_by = frozenset({*self._opens, *self._answers, *self._changes})
        creators = [CREATORS[thing] for thing in self.about if thing in CREATORS]
        self._creators = frozenset(event.__name__ for event in creators)
        self._below = tuple(family.start for family in over)
        below = [event for family in over for event in family.events]
        start: Items = None if creators else ()
        self.family: Family[tuple[Below, Items]] = Family(
            name,
            "event" if creators else self.about[0],
            (self._below, start),
            dict.fromkeys(
                [*opened_by, *answers, *self.changes, ObligationWaived, *creators, *below],
                self._fold,
            ),
            # A thread that no creator began is of something else, and stays empty.
            begin=self._creators if creators and not over else None,
        )
        _check_members(self)

    # -- what it is about ------------------------------------------------------------------

    def _subjects(self, entry: Entry[Any] | Mention, at: str | None) -> Sequence[str]:
        """Return the tags of what an entry names at a member; else of whatever it is about."""
        data = entry.data
        if at is not None:
            return () if data.get(at, NOTHING) == NOTHING else tags_named(data[at])
        if entry.name in self._creators:
            return (f"event:{entry.id}",)
        return [tag for member in self.about if member in data for tag in tags_named(data[member])]

    def at(self, tag: str) -> Fact[tuple[Below, Items]]:
        """Return the fact of what was opened about a thing or party, by its tag."""
        return self.family.at(tag)

    def waiting(self, look: Look, tag: str) -> tuple[Open, ...]:
        """Return what is open about a thing or party, by its tag."""
        return tuple(one for one in look(self.at(tag))[1] or () if one.left)

    # -- folding ---------------------------------------------------------------------------

    def _fold(self, value: tuple[Below, Items], entry: Entry[Any], tag: str) -> tuple[Below, Items]:
        below, items = value
        if entry.name in self._creators and tag == f"event:{entry.id}":
            items = ()
        if items is None and not self.over:
            return value  # the thread of something else
        if items is not None and entry.name in self.changed_by:
            if items:
                items = tuple(self._changed(self._less(items, entry, tag, below), entry, tag))
            items = (*items, *self._more(entry, tag, below))
        if items is not None and entry.name == _WAIVED:
            items = tuple(_released(items, entry))
        if self.over:
            below = tuple(
                family.folds[entry.name](one, entry, tag) if entry.name in family.folds else one
                for family, one in zip(self.over, below, strict=True)
            )
        return below, items

    def _less(
        self, items: tuple[Open, ...], entry: Entry[Any], tag: str, below: Below
    ) -> Iterable[Open]:
        closed = {one.obligation: taken for one, taken in self._closed(items, entry, tag, below)}
        if not closed:
            return items
        return (one.less(closed.get(one.obligation, ZERO)) for one in items)

    def _changed(self, items: Iterable[Open], entry: Entry[Any], tag: str) -> Iterable[Open]:
        by = self._changed_by(entry, tag)
        return (one.changed(by) for one in items) if by else items

    def _changed_by(self, entry: Entry[Any], tag: str) -> Decimal:
        """Return how much more is owed about something by what an entry says."""
        changes = self._changes.get(entry.name)
        if changes is None or tag not in self._subjects(entry, changes.at):
            return ZERO
        return changes.more(entry)

    def _more(self, entry: Entry[Any], tag: str, below: Below) -> Iterator[Open]:
        opens = self._opens.get(entry.name)
        if opens is not None and tag in self._opened_about(opens, entry):
            done = opens.done is not None and opens.done(entry, below)
            for item in self._opened(opens, entry, below, tag):
                yield item._replace(left=ZERO) if done else item

    def _opened_about(self, opens: Opens, entry: Entry[Any] | Mention) -> Sequence[str]:
        """Return the tags of what an entry opens items about."""
        first = self._subjects(entry, opens.at)
        return first if opens.others is None else [*first, *self._subjects(entry, opens.others)]

    def _opened(
        self, opens: Opens, entry: Entry[Any], below: Below, tag: str = ""
    ) -> Iterator[Open]:
        further = opens.others is not None and tag in self._subjects(entry, opens.others)
        if opens.given is not None and entry.data.get(opens.given, NOTHING) == NOTHING:
            return
        since = _since(opens, entry, below)
        own = (event_id(tag),) if further else _ONE_KEY
        for key in own if opens.each is None else opens.each(entry, below):
            debtor = told(opens.debtor, entry, key)
            creditor = told(opens.creditor, entry, key)
            amount = Decimal(told(opens.amount, entry, key) or 0)
            if debtor and creditor and debtor != creditor and amount > 0:
                slot = keyed(self.name, key)
                yield Open(f"{entry.id}/{slot}", debtor, creditor, since, amount)

    def _closed(
        self, items: Iterable[Open], entry: Entry[Any], tag: str, below: Below
    ) -> Iterator[tuple[Open, Decimal]]:
        """Go through the items that an entry answers, or replaces, each with how much of it."""
        answer, opens = self._answers.get(entry.name), self._opens.get(entry.name)
        if answer is not None:
            if tag in self._subjects(entry, answer.at):
                yield from answer.meant(entry, items, below)
        elif opens is not None and opens.replaces and tag in self._subjects(entry, opens.at):
            newer = {(one.debtor, one.creditor) for one in self._opened(opens, entry, below)}
            yield from (
                (one, one.left) for one in items if one.left and (one.debtor, one.creditor) in newer
            )

    def effect(self, value: tuple[Below, Items], entry: Entry[Any], tag: str) -> object:
        """Return what an entry opens and closes about a party, by what stood before it."""
        below, items = value
        opened = tuple(one.obligation for one in self._more(entry, tag, below) if one.left)
        closed = tuple(one.obligation for one, _ in self._closed(items or (), entry, tag, below))
        return opened, closed

    # -- deciding --------------------------------------------------------------------------

    def ways(self, owed: Owed) -> Iterator[Way]:
        """Go through what its debtor can claim; else through what answers it and voids nothing."""
        if self.claims:
            yield from super().ways(owed)
            return
        named = party_kind(owed.about)
        for event, answer in self.answers.items():
            if not answer.voids and (answer.at == named or answer.at not in self.about):
                yield Way(event, dict(self._told_by(event, answer, owed)))

    def claimed(self, entry: Entry[Any], answer: Posting, sheet: Sheet) -> Iterator[Claim]:
        """Go through what an entry claims done, as much as it says in all, the first opened first.

        An answer says how much in the same member.
        """
        counted = {answer.amount for answer in self.answers.values()} & entry.data.keys()
        rest = next((Decimal(entry.data[member]) for member in counted if member), None)
        for one in super().claimed(entry, answer, sheet):
            taken = one.amount if rest is None else min(one.amount, rest)
            if taken > 0:
                yield one._replace(amount=taken)
            rest = None if rest is None else rest - taken

    def _told_by(
        self, event: type[Event], answer: Answers, owed: Owed
    ) -> Iterator[tuple[str, Any]]:
        """Go through the members of an answer that what is owed tells."""
        named = party_kind(owed.about)
        at = answer.at or (named if named in event.model_fields else None)
        if at == OBLIGATION:
            yield at, owed.obligation
        elif at is not None and get_origin(event.model_fields[at].annotation) is tuple:
            yield at, [owed.about]
        elif at is not None:
            same = CREATORS.get(at) is not None or at == named
            yield at, owed.about if same else owed.said.get(at, owed.about)
        if answer.of is not None:
            yield answer.of, owed.obligation
        if answer.when is not None:
            yield answer.when
        if answer.debtor is not None:
            yield answer.debtor, owed.debtor
        if answer.creditor is not None:
            yield answer.creditor, owed.creditor
        if answer.when is not None:
            yield answer.when

    def settles(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through the obligations that an entry answers, replaces, raises or lowers."""
        changes = self._changes.get(entry.name)
        for tag in self._subjects(entry, changes.at) if changes else ():
            if self._changed_by(entry, tag):
                yield from (one.obligation for one in look(self.at(tag))[1] or ())
        answer, opens = self._answers.get(entry.name), self._opens.get(entry.name)
        if answer is None and (opens is None or not opens.replaces):
            return
        at = answer.at if answer is not None else opens.at if opens is not None else None
        for tag in self._subjects(entry, at):
            below, items = look(self.at(tag))
            yield from (one.obligation for one, _ in self._closed(items or (), entry, tag, below))

    def creditors(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through those to whom what an entry opens or answers is owed."""
        opens, answer = self._opens.get(entry.name), self._answers.get(entry.name)
        if opens is not None:
            for tag in self._opened_about(opens, entry):
                below, _ = look(self.at(tag))
                yield from (item.creditor for item in self._opened(opens, entry, below, tag))
        if answer is not None:
            for tag in self._subjects(entry, answer.at):
                below, items = look(self.at(tag))
                closed = self._closed(items or (), entry, tag, below)
                yield from (item.creditor for item, _ in closed)

    def opened(self, look: Look, opener: Mention, obligation: str) -> Open | None:
        """Return an obligation as it was opened, with what is left of it; None if it was not."""
        opens = self._opens.get(opener.name)
        tags = self._opened_about(opens, opener) if opens is not None else ()
        items = (one for tag in tags for one in look(self.at(tag))[1] or ())
        return next((one for one in items if one.obligation == obligation), None)

    def sides(self, look: Look, opener: Mention, obligation: str) -> Sequence[str]:
        """Return who owes an obligation and to whom, as it was opened; nobody if it was not."""
        found = self.opened(look, opener, obligation)
        return () if found is None else (found.debtor, found.creditor)

    def standing(self, look: Look, opener: Mention, obligation: str) -> Standing | None:
        """Return what it is about and how much is left of it; None if it was not opened."""
        opens = self._opens.get(opener.name)
        for tag in self._opened_about(opens, opener) if opens is not None else ():
            for one in look(self.at(tag))[1] or ():
                if one.obligation == obligation:
                    return Standing(tag, one.left)
        return None

    # -- posting ---------------------------------------------------------------------------

    def post(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post what an entry answers and changes, by what is open in the journal, then opens."""
        opens, answer = self._opens.get(entry.name), self._answers.get(entry.name)
        changes = self._changes.get(entry.name)
        if answer is not None:
            for tag in self._subjects(entry, answer.at):
                self._post_answers(answer, entry, sheet, tag)
        if changes is not None:
            for tag in self._subjects(entry, changes.at):
                self._post_changes(changes, entry, sheet, tag)
        if opens is not None:
            for tag in self._opened_about(opens, entry):
                self._post_openings(opens, entry, sheet, tag)

    def _stands_on(self, sheet: Sheet, tag: str) -> Below:
        return tuple(sheet.look(family.at(tag)) for family in self.over)

    def _post_answers(self, answer: Answers, entry: Entry[Any], sheet: Sheet, tag: str) -> None:
        posted = list(self._posted(sheet, tag))
        for item, taken in answer.meant(entry, posted, self._stands_on(sheet, tag)):
            day = getattr(entry.event, answer.on) if answer.on else None
            if answer.voids:
                sheet.void(item.obligation, day=day, reason=answer.because)
            else:
                sheet.discharge(item.obligation, taken, day=day)

    def _post_changes(self, changes: Changes, entry: Entry[Any], sheet: Sheet, tag: str) -> None:
        for item in list(self._posted(sheet, tag)):
            sheet.change_by(item.obligation, changes.more(entry), day=sheet.day)
            due_on = changes.due(entry, item, sheet) if changes.due else None
            since = changes.since(entry, item, sheet) if changes.since else None
            if due_on is not None and since is not None:
                sheet.begin(item.obligation, day=since, due_on=due_on)
            elif due_on is not None:
                sheet.reschedule(item.obligation, due_on, day=sheet.day)

    def _posted(self, sheet: Sheet, tag: str) -> Iterator[Open]:
        for obligation in sheet.about(tag, self.name):
            account = sheet.account(obligation)
            first = account.first
            yield Open(obligation, first.debtor, first.creditor, first.effective_on, account.left)

    def _post_openings(self, opens: Opens, entry: Entry[Any], sheet: Sheet, tag: str) -> None:
        below = self._stands_on(sheet, tag)
        if opens.replaces and entry.name not in self._answers:
            for item, _ in list(self._closed(self._posted(sheet, tag), entry, tag, below)):
                sheet.void(item.obligation, day=_since(opens, entry, below))
        done = opens.done is not None and opens.done(entry, below)
        for item in self._opened(opens, entry, below, tag):
            sheet.open(
                obligation_slot(item.obligation),
                debtor=item.debtor,
                creditor=item.creditor,
                due_on=opens.due(entry, item, sheet),
                about=tag,
                amount=item.left,
                unit=self.unit,
                effective_on=item.since,
            )
            if done:
                sheet.discharge(item.obligation, item.left)


def _released(items: Iterable[Open], entry: Entry[ObligationWaived]) -> Iterator[Open]:
    """Go through items, with that which an entry waives lowered by as much as it says."""
    said = entry.event
    for one in items:
        if one.obligation == said.obligation:
            amount = one.left if said.amount is None else min(one.left, said.amount)
            yield one._replace(left=one.left - amount)
        else:
            yield one


_WAIVED = ObligationWaived.__name__
_ONE_KEY = ("",)


def _since(opens: Opens, entry: Entry[Any], below: Below) -> date:
    if callable(opens.since):
        return opens.since(entry, below)
    day: date = getattr(entry.event, opens.since) if opens.since else entry.occurred_on
    return day


def _check_members(item: Item) -> None:
    """Raise LookupError where a row names a member that its event does not have."""
    rows: list[tuple[type[Event], Opens | Answers | Changes]] = [
        *item.opened_by.items(),
        *item.answers.items(),
        *item.changes.items(),
    ]
    for event, row in rows:
        when = row.when[0] if isinstance(row, Answers) and row.when else None
        for name, member in (*vars(row).items(), ("when", when)):
            known = name == "because" or member in (EACH, *event.model_fields)
            if isinstance(member, str) and not known:
                raise LookupError(f"{item.name}: {event.__name__} has no member {member}")
        named = {row.at or event.creates, *event.model_fields} & {row.at, *item.about}
        if not named - {None}:
            raise LookupError(f"{item.name}: {event.__name__} names no {' or '.join(item.about)}")
