"""Facts about partnerships: formed, their members and years."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family, Fold
from ledger.events.base import Event
from ledger.events.partnership import (
    GroundRules,
    MembershipDeclined,
    MembershipSought,
    PartnershipFormed,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.registers import BodyRegistered, PartyRenamed
from ledger.format.entry import Entry


class Membership(NamedTuple):
    """A school's time in a partnership: days inclusive, last None while it goes on."""

    school: str
    partnership: str
    first: date
    last: date | None
    version: int

    def covers(self, day: date) -> bool:
        """Whether the membership includes the day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the membership includes any of the days from a first to a last."""
        return self.first <= last and (self.last is None or self.last >= first)


Memberships = tuple[Membership, ...]


class Year(NamedTuple):
    """A partnership's year: its event, first and last day, and the schools that owe visits in it.

    `schools` are those for which it was opened; `joined` those admitted within it, each with the
    event that admitted it.
    """

    id: str
    name: str
    partnership: str
    starts: date
    ends: date
    schools: tuple[str, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()


class Application(NamedTuple):
    """A school's application to a partnership: its event, and to which."""

    id: str
    partnership: str


def _applied(
    value: tuple[Application, ...], entry: Entry[MembershipSought], tag: str
) -> tuple[Application, ...]:
    if entry.data["school"] != tag:
        return value
    return (*value, Application(entry.id, entry.data["partnership"]))


def _formed(
    value: PartnershipFormed | None, entry: Entry[PartnershipFormed], tag: str
) -> PartnershipFormed | None:
    return entry.event if value is None and entry.data["partnership"] == tag else value


def _called(value: str | None, entry: Entry[Any], tag: str) -> str | None:
    """Fold what gives a body or partnership its name, first or anew."""
    said = entry.data
    named = said.get("party") or said.get("partnership") or said["body"]
    return said["name"] if named == tag else value


def admitted(value: Memberships, entry: Entry[SchoolAdmitted], tag: str) -> Memberships:
    """Fold a school's admission into memberships, of a school or of a partnership."""
    said = entry.event
    if tag not in (said.school, said.partnership):
        return value  # it only signed
    return (*value, Membership(said.school, said.partnership, said.effective_on, None, 1))


def declined(value: Memberships, entry: Entry[MembershipDeclined], _tag: str) -> Memberships:
    """Fold a refusal to ratify: where the school leaves, its membership ends."""
    said = entry.event
    if said.leaves_on is None:
        return value
    return tuple(
        member._replace(last=said.leaves_on)
        if (member.school, member.partnership) == (said.school, said.partnership)
        and member.last is None
        else member
        for member in value
    )


def _year_listed(
    value: tuple[Year, ...], entry: Entry[PartnershipYearOpened], _tag: str
) -> tuple[Year, ...]:
    return (*value, _year_of(entry))


def _year_of(entry: Entry[PartnershipYearOpened]) -> Year:
    said = entry.event
    return Year(entry.id, said.name, said.partnership, said.starts, said.ends, said.schools)


def _year(value: Year | None, entry: Entry[PartnershipYearOpened], _tag: str) -> Year | None:
    return value or _year_of(entry)


def _joined(value: Year | None, entry: Entry[SchoolAdmitted], _tag: str) -> Year | None:
    if value is None or entry.event.year != f"year:{value.id}":
        return value
    return value._replace(joined=(*value.joined, (entry.event.school, entry.id)))


FORMED: Family[PartnershipFormed | None] = Family(
    "formed", "partnership", None, {PartnershipFormed: _formed}
)
#: What bodies and partnerships are called by what was recorded last.
BODY_NAME: Family[str | None] = Family(
    "body_name", "body", None, {BodyRegistered: _called, PartyRenamed: _called}
)
PARTNERSHIP_NAME: Family[str | None] = Family(
    "partnership_name", "partnership", None, {PartnershipFormed: _called, PartyRenamed: _called}
)
MEMBER_FOLDS: dict[type[Event], Fold[Memberships]] = {
    SchoolAdmitted: admitted,
    MembershipDeclined: declined,
}
MEMBERS: Family[Memberships] = Family("members", "partnership", (), MEMBER_FOLDS)
#: A school's memberships, by its own tag.
BELONGS: Family[Memberships] = Family("belongs", "school", (), MEMBER_FOLDS)
YEARS: Family[tuple[Year, ...]] = Family(
    "years", "partnership", (), {PartnershipYearOpened: _year_listed}
)
YEAR: Family[Year | None] = Family(
    "year", "event", None, {PartnershipYearOpened: _year, SchoolAdmitted: _joined}
)
#: A school's applications, by its own tag, answered ones included.
APPLICATIONS: Family[tuple[Application, ...]] = Family(
    "applications", "school", (), {MembershipSought: _applied}
)


def applications(school: str) -> Fact[tuple[Application, ...]]:
    """Return every application of a school, answered ones included."""
    return APPLICATIONS.at(school)


def formed(partnership: str) -> Fact[PartnershipFormed | None]:
    """Return how a partnership was formed; None if it was not."""
    return FORMED.at(partnership)


def belongs(school: str) -> Fact[Memberships]:
    """Return every membership of a school, ended ones included."""
    return BELONGS.at(school)


def partnerships(memberships: Memberships, day: date) -> tuple[str, ...]:
    """Return the partnerships to which a school belongs on a day, by its memberships."""
    return tuple(member.partnership for member in memberships if member.covers(day))


def members(partnership: str) -> Fact[Memberships]:
    """Return every membership of a partnership, ended ones included."""
    return MEMBERS.at(partnership)


def years(partnership: str) -> Fact[tuple[Year, ...]]:
    """Return the years of a partnership, in the order of recording."""
    return YEARS.at(partnership)


def year(event: str) -> Fact[Year | None]:
    """Return the partnership year of this event id, with the schools that joined within it."""
    return YEAR.at(f"event:{event}")


def ground_rules(formed_as: PartnershipFormed) -> GroundRules:
    """Return the ground rules in force: the founding ones, until a version is agreed."""
    return formed_as.ground_rules
