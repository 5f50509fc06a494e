"""Facts about a school line: URNs, responsible bodies, memberships, what its office must answer.

All that a school's head answers for is folded under the school's own tag, so that a new head, a
conversion or a handover is judged by one thread. What an entry opens there (a ratification, a
handover, an acceptance) is told by `opened_by`, which the posting rules ask as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from ledger.entry import Entry
from ledger.events.base import Event
from ledger.events.handover import DepartureNotified, HandoverAccepted, HandoverGiven
from ledger.events.judgements import JudgementMade
from ledger.events.partnership import (
    MembershipDeclined,
    MembershipRatified,
    SchoolAdmitted,
)
from ledger.events.registers import (
    Appointed,
    AppointmentEnded,
    ResponsibleBodyChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolRegistered,
)
from ledger.facts.base import Fact, Family, Fold
from ledger.facts.parties import Memberships, admitted, declined
from ledger.values import office_party, office_role

#: A handover given this many days before the departure is known counts for it.
HANDOVER_COUNTS_DAYS = 90


class UrnSpan(NamedTuple):
    """A URN and the days on which it was the school's: None where no register tells."""

    urn: str
    first: date | None
    last: date | None


class BodySpan(NamedTuple):
    """A responsible body and the first day under it: None from the beginning."""

    body: str | None
    first: date | None


Span = TypeVar("Span", UrnSpan, BodySpan)


class Open(NamedTuple):
    """One item that the school has yet to answer: its obligation, its creditor, since when."""

    obligation: str
    kind: str
    creditor: str
    since: date


class Given(NamedTuple):
    """The latest handover of the head's office."""

    id: str
    outgoing: str
    on: date
    accepted: bool
    acceptance_opened: bool
    counted: bool


@dataclass(frozen=True)
class School:
    """What the record says of a school line; every span in the order of recording."""

    reference: str
    name: str
    establishment_type: str | None
    phase: str
    la: str
    urns: tuple[UrnSpan, ...]
    bodies: tuple[BodySpan, ...]
    closed_on: date | None = None
    memberships: Memberships = ()
    open: tuple[Open, ...] = ()
    head: str | None = None
    leaving: frozenset[str] = frozenset()
    given: Given | None = None
    converted_on: tuple[date, ...] = field(default=())

    def responsible_body(self, day: date) -> str | None:
        """Return the body responsible for the school on a day; None where no register tells."""
        standing = _standing(self.bodies, day)
        return standing.body if standing else None

    def urn_on(self, day: date) -> str:
        """Return the URN of the school on a day, its first one before any is known."""
        standing = _standing(self.urns, day)
        return (standing or self.urns[0]).urn

    def partnerships(self, day: date) -> tuple[str, ...]:
        """Return the partnerships that the school belongs to on a day."""
        return tuple(m.partnership for m in self.memberships if m.covers(day))


Standing = School | None


def _standing(spans: tuple[Span, ...], day: date) -> Span | None:
    """Return the span that began last by a day, in whatever order they were recorded."""
    begun = [span for span in spans if span.first is None or span.first <= day]
    latest = max((span.first or date.min for span in begun), default=None)
    return [span for span in begun if (span.first or date.min) == latest][-1] if begun else None


def opened_by(school: School, entry: Entry[Any]) -> tuple[Open, ...]:
    """Return the items that an entry opens for a school, as the school stood before it."""
    opener = _OPENERS.get(entry.name)
    return opener(school, entry) if opener else ()


def voided_by(school: School, entry: Entry[Any]) -> tuple[Open, ...]:
    """Return the open ratifications that a newer one replaces."""
    newer = {item.creditor for item in opened_by(school, entry) if item.kind == "ratification"}
    return tuple(
        item for item in school.open if item.kind == "ratification" and item.creditor in newer
    )


def _items(
    entry: Entry[Any], kind: str, creditors: tuple[str, ...], since: date
) -> tuple[Open, ...]:
    return tuple(Open(f"{entry.id}/{kind}/{party}", kind, party, since) for party in creditors)


def _owed_handovers(school: School, day: date) -> tuple[str, ...]:
    body = school.responsible_body(day)
    return ((body,) if body else ()) + school.partnerships(day)


def _ratifications(school: School, entry: Entry[Any]) -> tuple[Open, ...]:
    day: date = entry.event.effective_on
    return _items(entry, "ratification", school.partnerships(day), day)


def _opened_by_appointment(school: School, entry: Entry[Appointed]) -> tuple[Open, ...]:
    said = entry.event
    if office_role(said.office) != "head" or said.basis == "acting":
        return ()
    opened = _ratifications(school, entry) if said.basis == "substantive" else ()
    given = school.given
    if given is None or given.acceptance_opened or given.outgoing == said.person:
        return opened
    creditors = _owed_handovers(school, said.effective_on)
    return opened + _items(entry, "handover_acceptance", creditors, said.effective_on)


def _opened_by_departure(school: School, entry: Entry[DepartureNotified]) -> tuple[Open, ...]:
    said = entry.event
    if office_role(said.office) != "head":
        return ()
    creditors = _owed_handovers(school, said.effective_on)
    return _items(entry, "handover", creditors, entry.occurred_on)


def _opened_by_ending(school: School, entry: Entry[AppointmentEnded]) -> tuple[Open, ...]:
    said = entry.event
    if office_role(said.office) != "head" or said.person in school.leaving:
        return ()
    creditors = _owed_handovers(school, said.effective_on)
    return _items(entry, "handover", creditors, entry.occurred_on)


def _opened_by_handover(school: School, entry: Entry[HandoverGiven]) -> tuple[Open, ...]:
    said = entry.event
    successor = school.head if school.head != said.outgoing else None
    if office_role(said.office) != "head" or successor is None:
        return ()
    day = entry.occurred_on
    return _items(entry, "handover_acceptance", _owed_handovers(school, day), day)


_OPENERS: dict[str, Any] = {
    Appointed.__name__: _opened_by_appointment,
    SchoolConverted.__name__: _ratifications,
    ResponsibleBodyChanged.__name__: _ratifications,
    DepartureNotified.__name__: _opened_by_departure,
    AppointmentEnded.__name__: _opened_by_ending,
    HandoverGiven.__name__: _opened_by_handover,
}


def effect(school: Standing, entry: Entry[Any]) -> tuple[Any, ...]:
    """Return what an entry opens, voids and finds done, by how the school stood before it."""
    if school is None:
        return ()
    opened = opened_by(school, entry)
    departs = any(item.kind == "handover" for item in opened)
    before = handed_over_before(school, entry) if departs else None
    return opened, voided_by(school, entry), before and before.id


def handed_over_before(school: School, entry: Entry[Any]) -> Given | None:
    """Return the handover that already counts for the departure that an entry tells of."""
    given = school.given
    person = entry.data.get("holder") or entry.data.get("person")
    if given is None or given.counted or given.outgoing != person:
        return None
    age = entry.occurred_on - given.on
    return given if age <= timedelta(days=HANDOVER_COUNTS_DAYS) else None


def _registered(value: Standing, entry: Entry[SchoolRegistered], tag: str) -> Standing:
    if value is not None or entry.data["school"] != tag:
        return value
    said = entry.event
    return School(
        said.school,
        said.name,
        said.establishment_type,
        said.phase,
        said.la,
        (UrnSpan(said.urn, said.opened_on, None),),
        (BodySpan(said.responsible_body, None),),
    )


def _converted(value: Standing, entry: Entry[SchoolConverted], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    said = entry.event
    *older, last = value.urns
    closed = last._replace(last=said.old_urn_closes_on)
    return replace(
        _reopened(value, entry),
        name=said.name,
        establishment_type=said.establishment_type,
        urns=(*older, closed, UrnSpan(said.new_urn, said.new_urn_opens_on, None)),
        bodies=(*value.bodies, BodySpan(said.responsible_body, said.effective_on)),
        converted_on=(*value.converted_on, said.effective_on),
    )


def _reopened(value: School, entry: Entry[Any]) -> School:
    voided = voided_by(value, entry)
    kept = tuple(item for item in value.open if item not in voided)
    return replace(value, open=(*kept, *opened_by(value, entry)))


def _body_changed(value: Standing, entry: Entry[ResponsibleBodyChanged], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    said = entry.event
    span = BodySpan(said.responsible_body, said.effective_on)
    return replace(_reopened(value, entry), bodies=(*value.bodies, span))


def _closed(value: Standing, entry: Entry[SchoolClosed], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    return replace(value, closed_on=entry.event.effective_on)


def _member(value: Standing, entry: Entry[SchoolAdmitted], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    return replace(value, memberships=admitted(value.memberships, entry, tag))


def _left(value: Standing, entry: Entry[MembershipDeclined], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    return replace(_answered(value, entry), memberships=declined(value.memberships, entry, tag))


def _ratified(value: Standing, entry: Entry[MembershipRatified], tag: str) -> Standing:
    if value is None or entry.data["school"] != tag:
        return value
    return _answered(value, entry)


def _answered(value: School, entry: Entry[Any]) -> School:
    done = set(entry.event.obligations)
    return replace(value, open=tuple(item for item in value.open if item.obligation not in done))


def _is_its_head(entry: Entry[Any], tag: str) -> bool:
    office: str = entry.data["office"]
    return office_role(office) == "head" and office_party(office) == tag


def _head_appointed(value: Standing, entry: Entry[Appointed], tag: str) -> Standing:
    if value is None or not _is_its_head(entry, tag):
        return value
    opened = opened_by(value, entry)
    given = value.given
    if given and any(item.kind == "handover_acceptance" for item in opened):
        given = given._replace(acceptance_opened=True)
    person = entry.event.person
    head = value.head if entry.event.basis == "acting" else person
    leaving = value.leaving - {person}  # who comes back has not said that they leave again
    return replace(_reopened(value, entry), head=head, leaving=leaving, given=given)


def _head_left(value: Standing, entry: Entry[AppointmentEnded], tag: str) -> Standing:
    if value is None or not _is_its_head(entry, tag):
        return value
    said = entry.event
    head = None if value.head == said.person else value.head
    leaving = value.leaving | {said.person}
    return replace(_departing(value, entry), head=head, leaving=leaving)


def _departure(value: Standing, entry: Entry[DepartureNotified], tag: str) -> Standing:
    if value is None or not _is_its_head(entry, tag):
        return value
    leaving = value.leaving | {entry.event.holder}
    return replace(_departing(value, entry), leaving=leaving)


def _departing(value: School, entry: Entry[Any]) -> School:
    opened = opened_by(value, entry)
    if opened and handed_over_before(value, entry) and value.given:
        return replace(value, given=value.given._replace(counted=True))
    return replace(value, open=(*value.open, *opened))


def _handed_over(value: Standing, entry: Entry[HandoverGiven], tag: str) -> Standing:
    if value is None or not _is_its_head(entry, tag):
        return value
    said = entry.event
    opened = opened_by(value, entry)
    counted = any(item.obligation in said.obligations for item in value.open)
    given = Given(
        entry.id,
        said.outgoing,
        entry.occurred_on,
        accepted=False,
        acceptance_opened=bool(opened),
        counted=counted,
    )
    answered = _answered(value, entry)
    return replace(answered, open=(*answered.open, *opened), given=given)


def _accepted(value: Standing, entry: Entry[HandoverAccepted], tag: str) -> Standing:
    if value is None or not _is_its_head(entry, tag):
        return value
    given = value.given and value.given._replace(accepted=True)
    return replace(_answered(value, entry), given=given)


#: How each event changes what the record says of a school line.
FOLDS: dict[type[Event], Fold[Standing]] = {
    SchoolRegistered: _registered,
    SchoolConverted: _converted,
    ResponsibleBodyChanged: _body_changed,
    SchoolClosed: _closed,
    SchoolAdmitted: _member,
    MembershipRatified: _ratified,
    MembershipDeclined: _left,
    Appointed: _head_appointed,
    AppointmentEnded: _head_left,
    DepartureNotified: _departure,
    HandoverGiven: _handed_over,
    HandoverAccepted: _accepted,
}
SCHOOL: Family[Standing] = Family("school", "school", None, FOLDS)


def _urn_registered(value: str | None, entry: Entry[SchoolRegistered], tag: str) -> str | None:
    return entry.data["school"] if value is None and entry.data["urn"] == tag else value


def _urn_converted(value: str | None, entry: Entry[SchoolConverted], tag: str) -> str | None:
    return entry.data["school"] if value is None and entry.data["new_urn"] == tag else value


URN: Family[str | None] = Family(
    "urn", "urn", None, {SchoolRegistered: _urn_registered, SchoolConverted: _urn_converted}
)


class Concern(NamedTuple):
    """A category of concern as one inspection set it, for the URN of the time."""

    about: str
    urn: str | None
    category: str
    inspected_on: date


def _judged(
    value: tuple[Concern, ...], entry: Entry[JudgementMade], tag: str
) -> tuple[Concern, ...]:
    said = entry.event
    if said.about != tag or said.basis not in ("inspection", "monitoring_inspection"):
        return value
    return (*value, Concern(said.about, said.urn, said.category, said.inspected_on))


CONCERN: Family[tuple[Concern, ...]] = Family("concern", "school", (), {JudgementMade: _judged})


def school(reference: str) -> Fact[Standing]:
    """Return what the record says of a school line; None if it is not registered."""
    return SCHOOL.at(reference)


def urn(reference: str) -> Fact[str | None]:
    """Return the school line that a URN (`urn:…`) belongs to; None if to none."""
    return URN.at(reference)


def concern(reference: str) -> Fact[tuple[Concern, ...]]:
    """Return the categories of concern that inspections set for a school."""
    return CONCERN.at(reference)


def in_category(school_line: School, concerns: tuple[Concern, ...], day: date) -> bool:
    """Return whether the latest inspection of the school's URN placed it in a category.

    A category does not pass to a new URN.
    """
    urn_now = school_line.urn_on(day)
    own = [c for c in concerns if c.urn in (None, urn_now) and c.inspected_on <= day]
    return bool(own) and max(own, key=lambda c: c.inspected_on).category != "none"
