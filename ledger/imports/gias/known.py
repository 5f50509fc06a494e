"""What the ledger holds already, as far as an import must know it; built by folding events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import get_args

from ledger.events.base import Event
from ledger.events.registers import (
    BodyRegistered,
    PartyRenamed,
    Place,
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolRegistered,
    SuccessionAttributed,
)
from ledger.imports.gias.tables import OnTheGrid
from ledger.values import Phase


@dataclass(frozen=True)
class KnownBody:
    """A body of the ledger, with the numbers that the register knows it by."""

    ref: str
    kind: str
    name: str
    la_code: str | None = None
    group_uid: str | None = None
    group_id: str | None = None


@dataclass(frozen=True)
class DatedUrn:
    """A URN (`urn:900001`) of a school line; days inclusive, None if not known or not yet.

    `published` tells whether a register said that the school goes on under it, not a person.
    """

    urn: str
    opens_on: date | None = None
    closes_on: date | None = None
    published: bool = False


@dataclass(frozen=True)
class KnownSchool:
    """A school line of the ledger as it stands; `urns` oldest first, the last is the current."""

    ref: str
    urns: tuple[DatedUrn, ...]
    name: str
    phase: Phase
    establishment_type: str | None
    la: str
    responsible_body: str | None = None
    closed_on: date | None = None
    body_since: date | None = None
    place: OnTheGrid | None = None

    @property
    def urn(self) -> str:
        """Return the current URN, as `urn:900001`."""
        return self.urns[-1].urn

    @property
    def since(self) -> date | None:
        """Return the day from which a later change can take effect, if one is known."""
        days = [day for day in (self.urns[-1].opens_on, self.body_since) if day]
        return max(days, default=None)


@dataclass(frozen=True)
class Known:
    """The bodies and school lines of a ledger, by reference."""

    bodies: Mapping[str, KnownBody] = field(default_factory=dict)
    schools: Mapping[str, KnownSchool] = field(default_factory=dict)
    #: Former URNs of which a person said which school goes on from them.
    settled: frozenset[str] = frozenset()
    #: The day of the latest register that events cite.
    published_on: date | None = None

    def after(self, events: Iterable[Event]) -> Known:
        """Return what is known once `events`, in recorded order, have been added.

        Events that no register tells of are passed over, as is what concerns a school line that
        is not known; withdrawn events are the caller's to leave out.
        """
        bodies, schools = dict(self.bodies), dict(self.schools)
        settled, published_on = set(self.settled), self.published_on
        for event in events:
            published_on = _later(published_on, event)
            if isinstance(event, BodyRegistered):
                bodies[event.body] = _body(event)
            elif isinstance(event, SchoolRegistered):
                schools[event.school] = _registered(event)
            elif isinstance(event, _CHANGES) and subject_of(event) in schools:
                schools[subject_of(event)] = changed(schools[subject_of(event)], event)
                if isinstance(event, SuccessionAttributed):
                    _give_up(schools, event)
                    settled |= {event.former_urn} if event.source is None else set()
        return Known(bodies, schools, frozenset(settled), published_on)

    @cached_property
    def by_urn(self) -> Mapping[str, KnownSchool]:
        """School lines by each URN (`urn:900001`) that they ever had."""
        return {dated.urn: line for line in self.schools.values() for dated in line.urns}

    @cached_property
    def by_la_code(self) -> Mapping[str, KnownBody]:
        """Local authorities by code."""
        return {body.la_code: body for body in self.bodies.values() if body.la_code}

    @cached_property
    def by_group_uid(self) -> Mapping[str, KnownBody]:
        """Trusts by the UID of their group."""
        return {body.group_uid: body for body in self.bodies.values() if body.group_uid}


Change = (
    SchoolConverted
    | ResponsibleBodyChanged
    | SchoolChanged
    | PartyRenamed
    | SchoolClosed
    | SuccessionAttributed
)
_CHANGES = get_args(Change)


def subject_of(event: Change) -> str:
    """Return the school line that an event is about."""
    return event.party if isinstance(event, PartyRenamed) else event.school


#: The events that tell what the register tells.
EVENTS = (BodyRegistered, SchoolRegistered, *_CHANGES)


def _later(day: date | None, event: Event) -> date | None:
    source = event.source if isinstance(event, EVENTS) else None
    told = source.published_on if source else None
    return max((each for each in (day, told) if each), default=None)


def _give_up(schools: dict[str, KnownSchool], event: SuccessionAttributed) -> None:
    """Take a URN from the line that had it; a line without any ends, and is known no more."""
    line = schools.get(event.predecessor or "")
    if line is None:
        return
    left = tuple(dated for dated in line.urns if dated.urn != event.former_urn)
    if left:
        schools[line.ref] = replace(line, urns=left)
    else:
        del schools[line.ref]


def _body(event: BodyRegistered) -> KnownBody:
    numbers = event.identifiers
    return KnownBody(
        ref=event.body,
        kind=event.kind,
        name=event.name,
        la_code=numbers.la_code if numbers else None,
        group_uid=numbers.group_uid if numbers else None,
        group_id=numbers.group_id if numbers else None,
    )


def _registered(event: SchoolRegistered) -> KnownSchool:
    return KnownSchool(
        ref=event.school,
        urns=(DatedUrn(event.urn, event.opened_on),),
        name=event.name,
        phase=event.phase,
        establishment_type=event.establishment_type,
        la=event.la,
        responsible_body=event.responsible_body,
        place=_place(event.place),
    )


def _place(told: Place | None) -> OnTheGrid | None:
    return OnTheGrid(told.easting, told.northing) if told else None


def changed(line: KnownSchool, event: Change) -> KnownSchool:
    """Return a school line as it stands after an event about it."""
    if isinstance(event, SchoolClosed):
        return replace(line, closed_on=event.effective_on)
    if isinstance(event, ResponsibleBodyChanged):
        return replace(line, responsible_body=event.responsible_body, body_since=event.effective_on)
    if isinstance(event, PartyRenamed):
        return replace(line, name=event.name)
    if isinstance(event, SchoolChanged):
        return replace(
            line,
            phase=event.phase or line.phase,
            establishment_type=event.establishment_type or line.establishment_type,
            la=event.la or line.la,
            place=_place(event.place) or line.place,
        )
    if isinstance(event, SuccessionAttributed):
        return replace(line, urns=tuple(_gone_on(line.urns, event)))
    old = replace(line.urns[-1], closes_on=event.old_urn_closes_on)
    return replace(
        line,
        urns=(*line.urns[:-1], old, _opened(event)),
        name=event.name,
        establishment_type=event.establishment_type,
        responsible_body=event.responsible_body,
    )


def _opened(event: SchoolConverted) -> DatedUrn:
    return DatedUrn(event.new_urn, event.new_urn_opens_on, published=event.source is not None)


def _gone_on(urns: Iterable[DatedUrn], event: SuccessionAttributed) -> Iterator[DatedUrn]:
    """Go through the URNs of a line with the former one before the one that follows on it."""
    for dated in urns:
        if dated.urn == event.urn:
            yield DatedUrn(event.former_urn, closes_on=event.former_urn_closes_on)
            opens_on = dated.opens_on or event.effective_on
            yield replace(dated, opens_on=opens_on, published=event.source is not None)
        else:
            yield dated
