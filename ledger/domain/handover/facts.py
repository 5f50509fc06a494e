"""Facts about a school's heads as they come and go, and what was handed over.

All that a school's head answers for is told by the school's own tag, so that a new head, a
conversion or a handover is judged by one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family
from ledger.domain.partnership.facts import last_day_before
from ledger.domain.registers.offices import (
    comes_back,
    held_by,
    is_its_head,
    last_day,
    tenure_of,
)
from ledger.domain.registers.tenures import Tenures
from ledger.events.handover import DepartureNotified, HandoverGiven
from ledger.events.registers import (
    Appointed,
    AppointmentEnded,
    SchoolClosed,
    SchoolConverted,
    SchoolsMerged,
)
from ledger.format.entry import Entry

#: How long after the last day a former holder may still hand over, and nothing else.
GRACE_DAYS = 60
#: A handover given this many days before the departure is known counts for it.
HANDOVER_COUNTS_DAYS = 90


class Given(NamedTuple):
    """The latest handover of the head's office: by whom it was held, and when it was given.

    `asked_by` is the event by which somebody is to accept it, if one is; `counted` tells whether it
    answered a departure.
    """

    id: str
    outgoing: str
    on: date
    asked_by: str
    counted: bool


class Departure(NamedTuple):
    """That a head leaves, as an event told it, and whether they have handed over for it."""

    event: str
    person: str
    handed_over: bool


class Leaving(NamedTuple):
    """The head of a school, acting ones aside, all there were, who leaves, and what was given."""

    head: str | None = None
    heads: Tenures = Tenures()
    leaving: frozenset[str] = frozenset()
    departures: tuple[Departure, ...] = ()
    given: Given | None = None

    def leaver(self, entry: Entry[Any]) -> str | None:
        """Return which head leaves by an event and has a handover to give; None if nobody.

        Whoever only stood in for the holder hands nothing over; where somebody else than the holder
        comes after them, it is the holder who leaves.
        """
        said = entry.data
        person: str | None = _LEAVERS[entry.name](self, entry)
        tenure = next(self.heads.of(person), None) if person else None
        if tenure is not None and tenure.stands_in_for:
            came = said["person"] if entry.name == Appointed.__name__ else tenure.stands_in_for
            person = None if came == tenure.stands_in_for else tenure.stands_in_for
        return None if person in self.leaving else person

    def head_from(self, day: date) -> date:
        """Return from which day on the head, acting ones aside, is in office; not before a day."""
        own = self.heads.of(self.head) if self.head else iter(())
        return max(day, next((one.first for one in own if one.basis != "acting"), day))

    def handed_over(self, person: str, day: date) -> bool:
        """Return whether a handover counts already for the departure that is told on a day."""
        given = self.given
        if given is None or given.counted or given.outgoing != person:
            return False
        return day - given.on <= timedelta(days=HANDOVER_COUNTS_DAYS)

    def accepts(self, said: Appointed) -> bool:
        """Return whether whoever is appointed head has a handover to accept."""
        given = self.given
        waits = given is not None and not given.asked_by and given.outgoing != said.person
        return waits and said.basis != "acting" and not comes_back(self.heads, said)

    def left_by(self, event: str, person: str) -> bool:
        """Return whether an event told that this person leaves."""
        return any((one.event, one.person) == (event, person) for one in self.departures)

    def waits_for(self, person: str) -> bool:
        """Return whether a departure of somebody asks for a handover that was not given."""
        return any(one.person == person and not one.handed_over for one in self.departures)

    def gives(self, entry: Entry[HandoverGiven]) -> bool:
        """Return whether an entry hands over for whoever it names, of the head's office.

        They hold the office or left it lately, or their departure waits for it; and whoever signs
        in the office itself hands over for nobody else.
        """
        office, outgoing = entry.data["office"], entry.data["outgoing"]
        if not is_own_to_give(entry):
            return False
        lately = held_lately(office, self.heads, outgoing, entry.occurred_on)
        return lately or self.waits_for(outgoing)


def is_own_to_give(entry: Entry[HandoverGiven]) -> bool:
    """Return whether the signer may speak for who hands over: in the office itself for oneself."""
    # Of a draft, anything else may still be missing.
    return bool(entry.office != entry.data["office"] or entry.signedby == entry.data["outgoing"])


def held_lately(office: str, tenures: Tenures, person: str, day: date) -> bool:
    """Return whether a person holds an office on a day, or left it no longer ago than the grace."""
    if any(held_by(office, tenures, person, day)):
        return True
    lasts = [last_day(office, tenure, tenures) for tenure in tenures.of(person)]
    return any(last is not None and 0 < (day - last).days <= GRACE_DAYS for last in lasts)


def _succeeded(_value: Leaving, entry: Entry[Appointed]) -> str | None:
    return entry.data.get("succeeds")


def _holder(_value: Leaving, entry: Entry[DepartureNotified]) -> str | None:
    return entry.event.holder


def _who_ended(_value: Leaving, entry: Entry[AppointmentEnded]) -> str | None:
    return entry.event.person


def _last_head(value: Leaving, entry: Entry[SchoolClosed]) -> str | None:
    return _head_on(value, entry.event.effective_on)


def _head_until(value: Leaving, entry: Entry[SchoolsMerged]) -> str | None:
    return _head_on(value, last_day_before(entry.event))


def _head_on(value: Leaving, day: date) -> str | None:
    head = value.heads.latest(day)
    return head.person if head else None


_LEAVERS: dict[str, Callable[[Leaving, Entry[Any]], str | None]] = {
    Appointed.__name__: _succeeded,
    AppointmentEnded.__name__: _who_ended,
    DepartureNotified.__name__: _holder,
    SchoolClosed.__name__: _last_head,
    SchoolsMerged.__name__: _head_until,
}


def _appointed(value: Leaving, entry: Entry[Appointed], tag: str) -> Leaving:
    if not is_its_head(entry, tag):
        return value
    said, accepts = entry.event, value.accepts(entry.event)
    value = _left(value, entry, tag)
    given = value.given
    if given is not None and accepts:
        given = given._replace(asked_by=entry.id)
    return value._replace(
        head=value.head if said.basis == "acting" else said.person,
        heads=value.heads.with_one(tenure_of(entry)),
        # Who comes back has not said that they leave again.
        leaving=value.leaving - {said.person},
        given=given,
    )


def _left(value: Leaving, entry: Entry[Any], tag: str) -> Leaving:
    if not _speaks_of_head(entry, tag):
        return value
    person = value.leaver(entry)
    if person is None:
        return value
    given, before = value.given, value.handed_over(person, entry.occurred_on)
    if given is not None and before:
        given = given._replace(counted=True)
    return value._replace(
        leaving=value.leaving | {person},
        departures=(*value.departures, Departure(entry.id, person, before)),
        given=given,
    )


def _speaks_of_head(entry: Entry[Any], tag: str) -> bool:
    said = entry.data
    if "office" in said:
        return is_its_head(entry, tag)
    ends = bool(tag == said["school"])
    return not ends if "predecessors" in said else ends


def _ended(value: Leaving, entry: Entry[AppointmentEnded], tag: str) -> Leaving:
    if not is_its_head(entry, tag):
        return value
    said, after = entry.event, _left(value, entry, tag)
    heads = after.heads.ended(said.person, said.effective_on)
    return after._replace(head=None if after.head == said.person else after.head, heads=heads)


def _handed_over(value: Leaving, entry: Entry[HandoverGiven], tag: str) -> Leaving:
    if not is_its_head(entry, tag) or not value.gives(entry):
        return value
    outgoing = entry.event.outgoing
    given = Given(
        entry.id,
        outgoing,
        entry.occurred_on,
        asked_by="" if value.head in (None, outgoing) else entry.id,
        counted=value.waits_for(outgoing),
    )
    departures = tuple(
        one._replace(handed_over=True) if one.person == outgoing else one
        for one in value.departures
    )
    return value._replace(given=given, departures=departures)


LEAVING: Family[Leaving] = Family(
    "leaving",
    "school",
    Leaving(),
    {
        Appointed: _appointed,
        AppointmentEnded: _ended,
        DepartureNotified: _left,
        SchoolClosed: _left,
        SchoolsMerged: _left,
        HandoverGiven: _handed_over,
    },
)


Leftovers = frozenset[tuple[str, str]]
"""Obligations that a conversion left, each with which former body."""


def _left_with(value: Leftovers, entry: Entry[SchoolConverted], tag: str) -> Leftovers:
    said = entry.event
    if said.school != tag or said.former_body is None:
        return value
    return value | {(obligation, said.former_body) for obligation in said.left_with_former_body}


LEFT_WITH: Family[Leftovers] = Family(
    "left with", "school", frozenset(), {SchoolConverted: _left_with}
)


def left_with(school: str) -> Fact[Leftovers]:
    """Return the obligations that conversions of a school left, each with which former body."""
    return LEFT_WITH.at(school)


def leaving(school: str) -> Fact[Leaving]:
    """Return who is head of a school, who leaves, and what was handed over last."""
    return LEAVING.at(school)
