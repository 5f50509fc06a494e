"""Which entries a part of the record holds: what was chosen, and what it takes to judge that.

What concerns a party, or happened within a time (`ledger.selection`); what the other side answered
to that, and what a moderator found of it; what all this names, and so on, with the partnerships
named and their years; what withdrew any of it; all that was recorded for an office of which
anything is there, with its answers; where those belonged who agreed on support for no need. And the
registers whole, for who was entitled to sign is told by nothing else, so no doubt is lost; and
every erasure of text in any of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from ledger.bundle.manifest import Selection
from ledger.decision_model.created import FOR_OFFICE
from ledger.events import CATALOGUE, registers
from ledger.format.entry import Entry, read_entry
from ledger.selection import concerning
from ledger.store.base import EntryStore
from ledger.values import event_id, office_party
from ledger.withdrawals import DISOWNED, TAKING_BACK, taken_back

__all__ = ["IN_EVERY_PART", "Chosen", "choose"]

_CONFIRMED = "RecordConfirmed"
_ERASED = "DetailErased"
#: What gives people their names.
_NAMING = ("PersonEnrolled", "PersonRenamed")
#: What tells by which rules a partnership goes, and when, and who stands in for it.
_OF_PARTNERSHIP = (
    *("PartnershipFormed", "PartnershipYearOpened"),
    *("GroundRulesAgreed", "ContingencyAccepted"),
)
#: What tells where a school belonged; mergers are in every part.
_BELONGING = (
    *("SchoolAdmitted", "MembershipDeclined", "MembershipLeft", "MemberExcluded"),
    "PartnershipDissolved",
)
_AGREED = "SupportAgreed"
#: What becomes of a judgement or a visit that a side does not accept.
_MODERATING = ("JudgementChallenged", "VisitDisputeMaintained", "JudgementModerated")
_OF_A_HEAD = ("Appointed", "AppointmentEnded", "DepartureNotified", "HandoverGiven")
#: The events by which authority is told: they are in every part.
IN_EVERY_PART = frozenset(
    event.__name__ for event in CATALOGUE if event.__module__ == registers.__name__
)


def _saying() -> dict[str, tuple[str, ...]]:
    """Return by the kind of a thing the events that say of it that it is so, otherwise, or not.

    The member in which they name it is called as the kind is.
    """
    found = {"judgement": [*_MODERATING], "visit": [*_MODERATING]}
    for event in CATALOGUE:
        for kind in filter(None, (event.affirms, event.corrects)):
            found.setdefault(kind, []).append(event.__name__)
    return {kind: tuple(names) for kind, names in found.items()}


_SAYING = _saying()
_CREATING = {event.__name__: event.creates for event in CATALOGUE if event.creates in _SAYING}


class Chosen(NamedTuple):
    """The positions of a part, and of those the ones whose sealed text may be shown.

    These are what was chosen, and the enrolments of whoever signed it, or what it rests on, or is
    named there. The rest is there to judge by, and nobody chose its texts.
    """

    positions: frozenset[int]
    shown: frozenset[int]


def choose(store: EntryStore, selection: Selection, size: int) -> Chosen:
    """Return the positions of a part: what is chosen, and what it takes to judge it."""
    part = _Part(store, size)
    own = {entry.position: entry for entry in part.chosen(selection)}
    resting = part.resting([*own.values(), *part.answers(own.values(), selection)])
    held = resting | part.registers()
    erasures = part.erasures({entry.id for entry in held.values()})
    people = {tag for one in resting.values() for tag in one.tags if tag.startswith("person:")}
    enrolments = part.enrolments(people)
    return Chosen(frozenset(held.keys() | erasures), frozenset(own.keys() | enrolments))


class _Part:
    """What a part is chosen from: the record up to a size."""

    def __init__(self, store: EntryStore, size: int) -> None:
        self._store = store
        self._size = size
        self._before = size + 1

    def _by_types(self, types: Iterable[str]) -> list[Entry[Any]]:
        rows = self._store.by_types(sorted(types), before=self._before)
        return [read_entry(*row) for row in rows]

    @cached_property
    def _taking_back(self) -> list[Entry[Any]]:
        return self._by_types(TAKING_BACK)

    def chosen(self, selection: Selection) -> list[Entry[Any]]:
        """Return the entries that were asked for."""
        party = selection.party
        rows = (
            self._store.entries(limit=self._size)
            if party is None
            else concerning(self._store, party, self._size).items()
        )
        entries = (read_entry(*row) for row in rows)
        return [entry for entry in entries if _is_within(selection, entry.occurred_on)]

    def answers(self, entries: Iterable[Entry[Any]], selection: Selection) -> Iterator[Entry[Any]]:
        """Go through what was said of things that entries create or speak of, within the time.

        Who has said something is told by both sides of it, and the other need name no party.
        """
        for kind, thing in sorted({told for entry in entries for told in _things(entry)}):
            tag = f"event:{event_id(thing)}"
            rows = self._store.by_tag(tag, _SAYING[kind], before=self._before)
            for entry in (read_entry(*row) for row in rows):
                if entry.data.get(kind) == thing and _is_within(selection, entry.occurred_on):
                    yield entry

    def resting(self, entries: Iterable[Entry[Any]]) -> dict[int, Entry[Any]]:
        """Return entries with all that they name, and so on, and what withdrew any of that."""
        withdrawals = defaultdict(list)
        for one in self._taking_back:
            for event in taken_back(one.name, one.data):
                withdrawals[event].append(one)
        found: dict[int, Entry[Any]] = {}
        looked: set[str] = set()
        left = list(entries)
        while left:
            entry = left.pop()
            if entry.position in found:
                continue
            found[entry.position] = entry
            left += withdrawals[entry.id]
            named = entry.tags - looked - {f"event:{entry.id}"}
            looked |= named  # whatever else names it: its thread may be long
            for tag in named:
                left += self._named(tag)
            if entry.name in _OF_A_HEAD:
                left += self._handing_over(entry.data["office"])
            if entry.name == _AGREED and "trigger" not in entry.data:
                left += self._belonging(entry.data["provider"])
                left += self._belonging(entry.data["receiver"])
            office = entry.data.get(FOR_OFFICE)
            if office is not None and office not in looked:
                looked.add(office)
                left += self._recorded_for(office)
        return found

    def _recorded_for(self, office: str) -> list[Entry[Any]]:
        """Return all that was recorded for an office, and its answers: they are owed for all.

        And where its party belonged, by which a clerk was entitled to record it.
        """
        rows = list(self._store.by_tag(f"office:{office}", before=self._before))
        entries = [read_entry(*row) for row in rows]
        answers = (_CONFIRMED, DISOWNED)
        recorded = [
            one
            for one in entries
            if one.data.get(FOR_OFFICE) == office
            or (one.name in answers and one.data["office"] == office)
        ]
        return [*recorded, *self._belonging(office_party(office) or "")]

    def _belonging(self, party: str) -> list[Entry[Any]]:
        """Return in which partnerships a school was, and until when."""
        rows = self._store.by_tag(party, _BELONGING, before=self._before)
        return [read_entry(*row) for row in rows]

    def _handing_over(self, office: str) -> list[Entry[Any]]:
        """Return who left an office and what they handed over: what is owed for it hangs on all."""
        rows = self._store.by_tag(f"office:{office}", _OF_A_HEAD, before=self._before)
        entries = [read_entry(*row) for row in rows]
        return [one for one in entries if one.data["office"] == office]

    def _named(self, tag: str) -> Iterable[Entry[Any]]:
        """Return what stands behind a name: an event, or how a partnership was formed."""
        if tag.startswith("partnership:"):
            rows = self._store.by_tag(tag, _OF_PARTNERSHIP, before=self._before)
            return [read_entry(*row) for row in rows]
        if not tag.startswith("event:"):
            return ()
        thread = (read_entry(*row) for row in self._store.by_tag(tag, before=self._before))
        own = next((entry for entry in thread if f"event:{entry.id}" == tag), None)
        return () if own is None else (own,)

    def registers(self) -> dict[int, Entry[Any]]:
        """Return the entries of every part, with what took one back: else the rest is misjudged."""
        entries = self._by_types(IN_EVERY_PART)
        events = {entry.id for entry in entries}
        back = (
            one
            for one in self._taking_back
            if not events.isdisjoint(taken_back(one.name, one.data))
        )
        return {entry.position: entry for entry in (*entries, *back)}

    def erasures(self, events: Container[str]) -> set[int]:
        """Return the entries that say that text of one of these events was erased."""
        erased = ((one.position, event_id(one.data["event"])) for one in self._by_types([_ERASED]))
        return {position for position, event in erased if event in events}

    def enrolments(self, people: set[str]) -> set[int]:
        """Return the entries that say what people are called."""
        return {one.position for one in self._by_types(_NAMING) if one.data["person"] in people}


def _things(entry: Entry[Any]) -> Iterator[tuple[str, str]]:
    """Go through what an entry creates or speaks of that others speak of too, each by its kind."""
    if entry.name in _CREATING:
        kind = str(_CREATING[entry.name])
        yield kind, f"{kind}:{entry.id}"
    for kind, names in _SAYING.items():
        if entry.name in names and kind in entry.data:
            yield kind, entry.data[kind]


def _is_within(selection: Selection, day: date) -> bool:
    return (selection.first is None or selection.first <= day) and (
        selection.last is None or day <= selection.last
    )
