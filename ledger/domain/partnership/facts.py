"""Facts about partnerships: formed, their ground rules by version, their members and years."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family, Fold, Look
from ledger.events.base import Event
from ledger.events.partnership import (
    ContingencyAccepted,
    GroundRules,
    GroundRulesAgreed,
    JointPublicationAgreed,
    MemberExcluded,
    MembershipDeclined,
    MembershipLeft,
    MembershipRatified,
    MembershipSought,
    PartnershipDissolved,
    PartnershipFormed,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.registers import (
    BodyRegistered,
    PartyRenamed,
    SchoolClosed,
    SchoolsMerged,
    SuccessionAttributed,
)
from ledger.format.entry import Entry
from ledger.values import event_id


class Version(NamedTuple):
    """A version of a partnership's ground rules, and the first day on which it can bind."""

    number: int
    effective_on: date
    rules: GroundRules


Versions = tuple[Version, ...]


class Bound(NamedTuple):
    """That a school takes on a version: from which day, and the position at which it says so."""

    version: int
    since: date
    position: int


class Membership(NamedTuple):
    """A school's time in a partnership: days inclusive, last None while it goes on.

    `bound` are the versions of the ground rules that it joined under and ratified, in order.
    """

    school: str
    partnership: str
    first: date
    last: date | None
    bound: tuple[Bound, ...] = ()

    def covers(self, day: date) -> bool:
        """Whether the membership includes the day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the membership includes any of the days from a first to a last."""
        return self.first <= last and (self.last is None or self.last >= first)


Memberships = tuple[Membership, ...]


class Year(NamedTuple):
    """A partnership's year: its event, first and last day, and the schools that owe visits in it.

    `schools` are those for which it was opened, at `position`; `joined` those admitted once it was
    open, each with the event that admitted it and what tells this year from others of that event.
    """

    id: str
    name: str
    partnership: str
    starts: date
    ends: date
    schools: tuple[str, ...] = ()
    joined: tuple[tuple[str, str, str], ...] = ()
    position: int = 0


class Acceptance(NamedTuple):
    """That a party agreed to stand in by a version of the ground rules."""

    version: int
    party: str


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
    bound = Bound(said.version or 1, said.effective_on, entry.position)
    return (*value, Membership(said.school, said.partnership, said.effective_on, None, (bound,)))


def ratified(value: Memberships, entry: Entry[MembershipRatified], _tag: str) -> Memberships:
    """Fold that a school takes on a version of the ground rules."""
    said = entry.event
    bound = Bound(said.version, entry.occurred_on, entry.position)
    return tuple(
        member._replace(bound=(*member.bound, bound)) if _goes_on(member, entry) else member
        for member in value
    )


def _goes_on(member: Membership, entry: Entry[MembershipRatified]) -> bool:
    """Whether a membership is the one that is ratified: it goes on, though notice may be given."""
    sides = (entry.event.school, entry.event.partnership)
    return is_open(member, *sides, entry.occurred_on)


class Ending(NamedTuple):
    """That a school leaves a partnership, and its last day there.

    Where the partnership itself is `gone`, what was to begin later ends as well.
    """

    school: str
    partnership: str
    last: date
    gone: bool = False

    def ends(self, member: Membership) -> bool:
        """Whether a membership is the one that ends: not one that began after the last day."""
        sides = (member.school, member.partnership)
        goes_on = member.last is None or member.last > self.last
        begun = self.gone or member.first <= self.last
        return goes_on and begun and sides == (self.school, self.partnership)


def _declines(entry: Entry[MembershipDeclined]) -> Iterable[Ending]:
    said = entry.event
    return (Ending(said.school, said.partnership, said.leaves_on),) if said.leaves_on else ()


def _dissolves(entry: Entry[PartnershipDissolved]) -> Iterable[Ending]:
    said = entry.event
    last = said.effective_on
    return [Ending(school, said.partnership, last, gone=True) for school in said.schools]


def _leaves(entry: Entry[MembershipLeft | MemberExcluded]) -> Iterable[Ending]:
    said = entry.event
    return (Ending(said.school, said.partnership, said.effective_on),)


_ENDED_BY: dict[type[Event], Callable[[Entry[Any]], Iterable[Ending]]] = {
    MembershipDeclined: _declines,
    MembershipLeft: _leaves,
    MemberExcluded: _leaves,
    PartnershipDissolved: _dissolves,
}
_ENDINGS = {event.__name__: find for event, find in _ENDED_BY.items()}
#: The events that end memberships.
ENDED_BY: tuple[type[Event], ...] = tuple(_ENDED_BY)


def endings(entry: Entry[Any]) -> Iterable[Ending]:
    """Return the memberships that an event ends; none where it ends none."""
    find = _ENDINGS.get(entry.name)
    return find(entry) if find else ()


def ended(value: Memberships, entry: Entry[Any], _tag: str) -> Memberships:
    """Fold what ends memberships, of a school or of a partnership."""
    for ending in endings(entry):
        value = tuple(
            member._replace(last=ending.last) if ending.ends(member) else member for member in value
        )
    return value


def _closed(value: Memberships, entry: Entry[SchoolClosed], _tag: str) -> Memberships:
    """Fold that a school closes: its memberships end, and what it owes in them stays owed."""
    closed, last = entry.event.school, entry.event.effective_on
    return tuple(
        member._replace(last=last)
        if Ending(closed, member.partnership, last, gone=True).ends(member)
        else member
        for member in value
    )


Passing = SchoolsMerged | SuccessionAttributed
"""What lets memberships of schools that end pass to the one that goes on."""


def merged(value: Memberships, entry: Entry[Passing], tag: str) -> Memberships:
    """Fold that schools became one: memberships pass on, two of one partnership become one."""
    said = entry.event
    for carried in said.memberships:
        if tag in (carried.school, carried.partnership):
            sides = carried.school, carried.partnership
            ending = Ending(*sides, last_day_before(said), gone=True)
            value = tuple(
                one._replace(last=ending.last) if ending.ends(one) else one for one in value
            )
        if tag in (said.school, carried.partnership):
            bound = Bound(carried.version, said.effective_on, entry.position)
            value = _carried_on(value, said.school, carried.partnership, bound)
    return value


def last_day_before(said: Passing) -> date:
    """Return the last day of the schools that end when several become one."""
    return said.effective_on - timedelta(days=1)


def _carried_on(value: Memberships, school: str, partnership: str, bound: Bound) -> Memberships:
    """Return memberships with one that passes to a school, or binds the one that it has."""
    own = [one for one in value if is_open(one, school, partnership, bound.since)]
    if not own:
        return (*value, Membership(school, partnership, bound.since, None, (bound,)))
    later = bound._replace(version=max(bound.version, own[-1].bound[-1].version))
    return tuple(one._replace(bound=(*one.bound, later)) if one in own else one for one in value)


def is_open(member: Membership, school: str, partnership: str, day: date) -> bool:
    """Whether a membership is a school's in a partnership, and goes on after a day."""
    sides = (member.school, member.partnership)
    return sides == (school, partnership) and (member.last is None or member.last >= day)


def _year_listed(
    value: tuple[Year, ...], entry: Entry[PartnershipYearOpened], _tag: str
) -> tuple[Year, ...]:
    return (*value, year_of(entry))


def year_of(entry: Entry[PartnershipYearOpened]) -> Year:
    """Return the year that an event opens."""
    said = entry.event
    return Year(
        entry.id,
        said.name,
        said.partnership,
        said.starts,
        said.ends,
        said.schools,
        position=entry.position,
    )


def _year(value: Year | None, entry: Entry[PartnershipYearOpened], _tag: str) -> Year | None:
    return value or year_of(entry)


def _joined(value: Year | None, entry: Entry[SchoolAdmitted], _tag: str) -> Year | None:
    if value is None:
        return value
    said = entry.event
    keys = [key for year, key in years_of(said) if year == value.id]
    joined = ((said.school, entry.id, key) for key in keys)
    return value._replace(joined=(*value.joined, *joined))


def years_of(said: SchoolAdmitted) -> Iterator[tuple[str, str]]:
    """Go through the years that an admission makes visits owed in, by id, each with its key.

    The key tells what is owed in it from what is owed in others: none of the year joined within.
    """
    if said.year:
        yield event_id(said.year), ""
    yield from ((event_id(one), event_id(one)) for one in said.later_years)


def _founding(value: Versions, entry: Entry[PartnershipFormed], tag: str) -> Versions:
    if value or entry.data["partnership"] != tag:
        return value
    return (Version(1, entry.occurred_on, entry.event.ground_rules),)


def _agreed(value: Versions, entry: Entry[GroundRulesAgreed], _tag: str) -> Versions:
    said = entry.event
    return (*value, Version(said.version, said.effective_on, said.ground_rules))


def _dissolved(value: date | None, entry: Entry[PartnershipDissolved], tag: str) -> date | None:
    return entry.event.effective_on if entry.data["partnership"] == tag else value


def _accepted(
    value: frozenset[Acceptance], entry: Entry[ContingencyAccepted], tag: str
) -> frozenset[Acceptance]:
    said = entry.event
    return value | {Acceptance(said.version, said.party)} if said.partnership == tag else value


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
#: Every version of a partnership's ground rules, the founding one first.
VERSIONS: Family[Versions] = Family(
    "versions", "partnership", (), {PartnershipFormed: _founding, GroundRulesAgreed: _agreed}
)
#: The last day of a partnership that was dissolved.
DISSOLVED: Family[date | None] = Family(
    "dissolved", "partnership", None, {PartnershipDissolved: _dissolved}
)
ACCEPTED: Family[frozenset[Acceptance]] = Family(
    "accepted", "partnership", frozenset(), {ContingencyAccepted: _accepted}
)
MEMBER_FOLDS: dict[type[Event], Fold[Memberships]] = {
    SchoolAdmitted: admitted,
    MembershipRatified: ratified,
    SchoolsMerged: merged,
    SuccessionAttributed: merged,
    **dict.fromkeys(ENDED_BY, ended),
    SchoolClosed: _closed,
}
MEMBERS: Family[Memberships] = Family("members", "partnership", (), MEMBER_FOLDS)
Consents = tuple[tuple[str, str, tuple[str, ...]], ...]


def _consented(value: Consents, entry: Entry[JointPublicationAgreed], tag: str) -> Consents:
    said = entry.event
    own = (entry.id, said.partnership, said.measures)
    return (*value, own) if said.school == tag else value


#: What a school agreed to publish with others: by which event, in which partnership, by its tag.
CONSENTS: Family[Consents] = Family("consents", "school", (), {JointPublicationAgreed: _consented})
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


def versions(partnership: str) -> Fact[Versions]:
    """Return every version of a partnership's ground rules; none if it was not formed."""
    return VERSIONS.at(partnership)


def dissolved(partnership: str) -> Fact[date | None]:
    """Return the last day of a partnership that was dissolved; None if it was not."""
    return DISSOLVED.at(partnership)


def accepted(partnership: str) -> Fact[frozenset[Acceptance]]:
    """Return who agreed to stand in for a partnership, by which versions of its ground rules."""
    return ACCEPTED.at(partnership)


def named_in(rules: GroundRules) -> tuple[str, ...]:
    """Return the parties that ground rules name as contingency, each once, sorted."""
    contingency = rules.contingency
    named = (contingency.on_closure, contingency.on_dissolution, contingency.holds_unspent)
    return tuple(sorted(set(named)))


def version_in_force(look: Look, partnership: str, day: date) -> Version | None:
    """Return the latest version that can bind on a day; None if none was formed.

    Before the first day of the founding version that one holds.
    """
    every = look(versions(partnership))
    begun = [one for one in every if one.effective_on <= day] or every[:1]
    return max(begun, key=lambda one: one.number) if begun else None


def rules_in_force(look: Look, partnership: str, day: date) -> GroundRules | None:
    """Return the ground rules that can bind on a day; None if the partnership was not formed."""
    version = version_in_force(look, partnership, day)
    return version.rules if version else None


def rules_binding(
    look: Look, member: Membership, day: date, before: int | None = None
) -> GroundRules | None:
    """Return the ground rules that bind a member on a day, as known before a position if given.

    They are those of the last version that it joined under or ratified, once that takes effect.
    """
    every = {one.number: one for one in look(versions(member.partnership))}
    taken = [
        every[bound.version]
        for bound in member.bound
        if bound.since <= day
        and (before is None or bound.position < before)
        and bound.version in every
    ]
    begun = [version.rules for version in taken if version.effective_on <= day]
    return begun[-1] if begun else rules_in_force(look, member.partnership, day)


def membership(look: Look, partnership: str, school: str, day: date) -> Membership | None:
    """Return the membership by which a school belongs to a partnership on a day, or did last."""
    own = [one for one in look(belongs(school)) if one.partnership == partnership]
    covering = [one for one in own if one.covers(day)]
    return next(reversed(covering or own), None)


def rules_of_year(look: Look, year: Year, member: Membership) -> GroundRules | None:
    """Return the ground rules by which a member owes visits in a year: as bound when it opened."""
    admitted_at = member.bound[0].position if member.bound else 0
    known = max(year.position, admitted_at + 1)
    return rules_binding(look, member, max(year.starts, member.first), known)


def rules_for(
    look: Look, partnership: str, schools: Iterable[str], day: date
) -> GroundRules | None:
    """Return the ground rules that bind the first of some parties that is or was a member.

    Where none was, those in force; None if the partnership was not formed.
    """
    for school in schools:
        member = membership(look, partnership, school, day)
        if member is not None:
            return rules_binding(look, member, day)
    return rules_in_force(look, partnership, day)
