"""Rules for partnerships: who may found, join, ratify and open a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told, takes_effect_before
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.contingency import Named, named, orphaned
from ledger.domain.partnership.kinds import ADMISSION_ANSWER
from ledger.domain.registers import schools
from ledger.domain.registers.offices import LASTING_BASES
from ledger.domain.registers.who import (
    REGISTRAR_BY,
    gone,
    held_by_signer,
    holders,
    office_of,
    predecessor,
    role_of,
    school_of,
)
from ledger.events.partnership import (
    AdmissionRefused,
    ContingencyAccepted,
    ContingencyDeclined,
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
    PartyRenamed,
    SchoolClosed,
    SchoolsMerged,
    SuccessionAttributed,
)
from ledger.values import REGISTRAR, event_id, party_kind

_LONGEST_YEAR = timedelta(days=500)


def _formed(case: Case[PartnershipFormed]) -> Iterator[str]:
    if case.look(parties.formed(case.said.partnership)) is not None:
        yield f"{case.said.partnership} is formed already"


def _is_member(case: Case[MembershipSought] | Case[SchoolAdmitted], day: date) -> bool:
    said = case.said
    return any(
        member.school == said.school and (member.last is None or member.last >= day)
        for member in case.look(parties.members(said.partnership))
    )


def _latest(case: Case[Any]) -> Any:
    every = case.look(parties.versions(case.entry.data.get("partnership", "")))
    return max((one.number for one in every), default=UNTOLD)


#: What who joins, ratifies or declines must name.
_VERSION = Told("the latest version of the ground rules", _latest)


def _next_version(case: Case[Any]) -> Any:
    latest = _latest(case)
    return latest if latest is UNTOLD else latest + 1


def _members_on(case: Case[Any]) -> Any:
    """Return the schools that belong to the partnership when a version begins; None if none."""
    said = case.entry.data
    if not {"partnership", "effective_on"} <= said.keys():
        return UNTOLD
    day = date.fromisoformat(said["effective_on"])
    members = case.look(parties.members(said["partnership"]))
    return sorted({one.school for one in members if one.covers(day)}) or None


def _rules_agreed(case: Case[GroundRulesAgreed]) -> Iterator[str]:
    said = case.said
    yield from _dissolved(case, said.effective_on)
    every = case.look(parties.versions(said.partnership))
    latest = every[-1] if every else None
    if latest is not None and said.effective_on < latest.effective_on:
        yield (
            f"version {latest.number} takes effect on {latest.effective_on}, and a later version"
            f" no sooner: got {said.effective_on}"
        )
    if latest is not None and said.ground_rules == latest.rules:
        yield f"version {latest.number} says the same already"


def _applied_under(case: Case[Any]) -> Any:
    """Return the version that a school applied under; None for the first, which is not said."""
    thing = case.thing("application")
    if thing is None:
        return UNTOLD
    return thing.data["version"] if thing.data["version"] > 1 else None


def _dissolved(case: Case[Any], day: date) -> Iterator[str]:
    """Say that the partnership that an event names does not stand any more on a day."""
    partnership = case.entry.data["partnership"]
    last = case.look(parties.dissolved(partnership))
    if last is not None and last < day:
        yield f"{partnership} was dissolved, last day {last}"


def _ends(case: Case[PartnershipDissolved]) -> Iterator[str]:
    last = case.look(parties.dissolved(case.said.partnership))
    if last is not None:
        yield f"{case.said.partnership} is dissolved already, last day {last}"


def _ever_members(case: Case[Any]) -> Any:
    partnership = case.entry.data.get("partnership")
    members = case.look(parties.members(partnership)) if partnership else ()
    return sorted({one.school for one in members}) or None


def _takes_over(case: Case[Any]) -> Any:
    """Return who takes over for a partnership, by the ground rules in force on its last day."""
    said = case.entry.data
    if not {"partnership", "effective_on"} <= said.keys():
        return UNTOLD
    day, partnership = date.fromisoformat(said["effective_on"]), said["partnership"]
    who = named(case.look, partnership, partnership, day)
    return who.party if who else UNTOLD


def _without_chair(case: Case[PartnershipDissolved]) -> Iterable[str]:
    partnership = case.said.partnership
    if holders(case, f"chair@{partnership}"):
        return ()
    return (f"clerk@{partnership}", REGISTRAR)


def _naming_it(case: Case[Any]) -> Any:
    """Return the latest version that names a party as contingency."""
    said = case.entry.data
    every = case.look(parties.versions(said.get("partnership", "")))
    naming = [one.number for one in every if said.get("party") in parties.named_in(one.rules)]
    return max(naming, default=UNTOLD)


def _gone_by_then(case: Case[Any]) -> Any:
    said = case.entry.data
    if not {"partnership", "party", "version"} <= said.keys():
        return UNTOLD
    who = Named(said["version"], said["party"])
    return sorted(gone for gone, _ in orphaned(case.look, said["partnership"], who)) or None


def _ever_joined(case: Case[Any]) -> Any:
    school = case.entry.data.get("school")
    belonged = case.look(parties.belongs(school)) if school else ()
    return sorted({one.partnership for one in belonged}) or None


def _take_over_there(case: Case[Any]) -> Any:
    """Return who takes over for a school that closes, by the ground rules then in force."""
    said = case.entry.data
    if not {"school", "effective_on"} <= said.keys():
        return UNTOLD
    day = date.fromisoformat(said["effective_on"])
    joined = _ever_joined(case) or ()
    found = (named(case.look, partnership, said["school"], day) for partnership in joined)
    return sorted({who.party for who in found if who}) or None


def _sought(case: Case[MembershipSought]) -> Iterator[str]:
    yield from gone(case, "school")
    yield from RELEASE_0_1.refuses(_ends_ahead(case))
    yield from _dissolved(case, case.entry.occurred_on)
    if _is_member(case, case.entry.occurred_on):
        yield f"{case.said.school} belongs to {case.said.partnership} already"
    yield from RELEASE_0_1.refuses(_unanswered(case))


def _ends_ahead(case: Case[MembershipSought] | Case[SchoolAdmitted]) -> Iterator[str]:
    """Say that a school is to end: what told so has passed on the memberships that it had by then.

    One that began since would end with nothing, and pass to nobody.
    """
    school = school_of(case, case.said.school)
    last = school.closed_on if school else None
    if school is None or last is None or last < case.entry.occurred_on:
        return
    if school.goes_on_as is None:
        yield f"{case.said.school} closes on {last}: a school that closes joins no partnership"
    else:
        yield (
            f"{case.said.school} goes on as {school.goes_on_as} from {last + timedelta(days=1)} on:"
            f" {school.goes_on_as} joins, not a school that ends"
        )


def _unanswered(case: Case[MembershipSought]) -> Iterator[str]:
    """Say which of the school's applications to the partnership wait for an answer.

    Only one can be answered by admission: the answer to another would stay owed for ever.
    """
    for sought in case.look(parties.applications(case.said.school)):
        if sought.partnership == case.said.partnership:
            open_ones = ADMISSION_ANSWER.waiting(case.look, f"event:{sought.id}")
            for one in open_ones:
                waiting = event_id(one.obligation)
                yield f"the application {waiting} waits for an answer; one answer is enough"


def _admitted(case: Case[SchoolAdmitted]) -> Iterator[str]:
    yield from RELEASE_0_1.refuses(takes_effect_before(case, "application"))
    said = case.said
    yield from gone(case, "school")
    yield from RELEASE_0_1.refuses(_ends_ahead(case))
    yield from _dissolved(case, said.effective_on)
    if _is_member(case, said.effective_on):
        yield f"{said.school} belongs to {said.partnership} already"


def _year_joined(case: Case[Any]) -> Any:
    """Return the partnership year within which a school joins; None if none is open then."""
    said = case.entry.data
    day, partnership = said.get("effective_on"), said.get("partnership")
    if day is None or partnership is None:
        return UNTOLD
    for year in case.look(parties.years(partnership)):
        if year.starts.isoformat() <= day <= year.ends.isoformat():
            return f"year:{year.id}"
    return None


def _years_later(case: Case[Any]) -> Any:
    """Return the years of the partnership that begin after a school joins; None if none is open."""
    said = case.entry.data
    day, partnership = said.get("effective_on"), said.get("partnership")
    if day is None or partnership is None:
        return UNTOLD
    years = case.look(parties.years(partnership))
    return [f"year:{one.id}" for one in years if one.starts.isoformat() > day] or None


def _substantive(case: Case[MembershipRatified] | Case[MembershipDeclined]) -> Iterator[str]:
    if not any(tenure.basis in LASTING_BASES for tenure in held_by_signer(case)):
        yield (
            "only a substantive or executive head takes on, or declines, what the school owes: it"
            " waits for the next one"
        )


def _declined(case: Case[MembershipDeclined]) -> Iterator[str]:
    yield from _substantive(case)
    if case.said.leaves_on is not None:
        yield from _without_notice(case, case.said.leaves_on)


def _left(case: Case[MembershipLeft]) -> Iterator[str]:
    if not any(tenure.basis != "acting" for tenure in held_by_signer(case)):
        yield "an acting head leaves no partnership: a substantive, executive or interim one may"
    yield from _without_notice(case, case.said.effective_on)


def _published(case: Case[JointPublicationAgreed]) -> Iterator[str]:
    said = case.said
    members = case.look(parties.members(said.partnership))
    if not any(one.school == said.school and one.covers(said.effective_on) for one in members):
        yield f"{said.school} does not belong to {said.partnership} on {said.effective_on}"
    if len(set(said.measures)) < len(said.measures):
        yield "it names a measure twice"
    for event, partnership, measures in case.look(parties.CONSENTS.at(said.school)):
        both = [one for one in measures if one in said.measures]
        if partnership == said.partnership and both:
            yield f"event:{event} agrees to publish {', '.join(both)} with it already"


def _excluded(case: Case[MemberExcluded]) -> Iterator[str]:
    said = case.said
    members = case.look(parties.members(said.partnership))
    own = [one for one in members if one.school == said.school and one.covers(said.effective_on)]
    if not own:
        yield f"{said.school} does not belong to {said.partnership} on {said.effective_on}"
    elif own[-1].last == said.effective_on:
        yield f"{said.school} leaves {said.partnership} on {said.effective_on} already"


def _without_notice(
    case: Case[MembershipDeclined] | Case[MembershipLeft], last: date
) -> Iterator[str]:
    """Say why a school cannot leave after a last day: it left already, or the notice is longer."""
    said, day = case.said, case.entry.occurred_on
    members = case.look(parties.members(said.partnership))
    own = [one for one in members if one.school == said.school and one.last is None]
    if not own:
        yield f"{said.school} has left {said.partnership} already, or given notice to"
        agreed = parties.rules_for(case.look, said.partnership, (said.school,), day)
    else:
        agreed = parties.rules_binding(case.look, own[-1], day)
        yield from RELEASE_0_1.refuses(_before_it_joins(own[-1], last))
    if agreed is None:
        return
    earliest = day + timedelta(days=agreed.notice_days)
    if last < earliest:
        yield (
            f"the notice to leave is {agreed.notice_days} days: it can leave on {earliest} at the"
            " earliest"
        )


def _before_it_joins(member: parties.Membership, last: date) -> Iterator[str]:
    if last < member.first:
        yield (
            f"{member.school} belongs to {member.partnership} from {member.first} on: it leaves on"
            f" that day or later, not on {last}"
        )


def _year(case: Case[PartnershipYearOpened]) -> Iterator[str]:
    said = case.said
    yield from _dissolved(case, said.starts)
    if not said.starts < said.ends <= said.starts + _LONGEST_YEAR:
        yield (
            f"a year from {said.starts} to {said.ends} is no partnership year: it ends after it"
            f" starts, and within {_LONGEST_YEAR.days} days"
        )
    for year in case.look(parties.years(said.partnership)):
        if year.starts <= said.ends and said.starts <= year.ends:
            yield f"it overlaps the year {year.name}, from {year.starts} to {year.ends}"


def _members_within(case: Case[Any]) -> Any:
    """Return the schools that belong to the partnership within a year; None if none does."""
    said = case.entry.data
    if not {"partnership", "starts", "ends"} <= said.keys():
        return UNTOLD
    starts, ends = date.fromisoformat(said["starts"]), date.fromisoformat(said["ends"])
    members = case.look(parties.members(said["partnership"]))
    return sorted({one.school for one in members if one.overlaps(starts, ends)}) or None


def _carried(case: Case[Any]) -> Any:
    """Return the memberships of the schools that end, which pass to the one school."""
    said = case.entry.data
    if not {"predecessors", "school", "effective_on"} <= said.keys():
        return UNTOLD
    day = date.fromisoformat(said["effective_on"])
    found = [
        {"school": one, "partnership": member.partnership, "version": member.bound[-1].version}
        for one in said["predecessors"]
        if one != said["school"]
        for member in case.look(parties.belongs(one))
        if parties.is_open(member, one, member.partnership, day) and member.first < day
    ]
    return found or None


def _carried_along(case: Case[Any]) -> Any:
    """Return the memberships of a school that ends as another goes on from it, by a source."""
    said = case.entry.data
    former = said.get("predecessor") or predecessor(case)
    line = case.look(schools.school(former)) if isinstance(former, str) else None
    if line is None or not {"former_urn", "effective_on"} <= said.keys():
        return UNTOLD
    if "source" not in said or not line.ends_with(said["former_urn"]):
        return None
    day = date.fromisoformat(said["effective_on"])
    found = [
        {"school": former, "partnership": one.partnership, "version": one.bound[-1].version}
        for one in case.look(parties.belongs(former))
        if one.first < day and (one.last is None or one.last >= day or _shut(line, one))
    ]
    return found or None


def _shut(line: schools.School, member: parties.Membership) -> bool:
    """Return whether a membership ended only because the school was taken for closed."""
    return line.shut and member.last == line.closed_on


def _merged(case: Case[SchoolsMerged]) -> Iterator[str]:
    said = case.said
    if len(set(said.predecessors)) < len(said.predecessors):
        yield "predecessors names a school twice"
    for one in dict.fromkeys((*said.predecessors, said.school)):
        school = school_of(case, one)
        if school is not None and school.closed_on is not None:
            yield f"{one} {school.ending}: it can merge with none"


def _own_name(case: Case[Any]) -> Any:
    """Return what a party is called so far."""
    party = case.entry.data.get("party", "")
    kind = party_kind(party)
    if kind == "school":
        school = case.look(schools.school(party))
        return school.name if school else UNTOLD
    family = parties.BODY_NAME if kind == "body" else parties.PARTNERSHIP_NAME
    return case.look(family.at(party)) or UNTOLD


def _renamed(case: Case[PartyRenamed]) -> Iterator[str]:
    said = case.said
    if said.name == said.former_name:
        yield f"{said.party} is called {said.name} already"


def _chair_of_it(case: Case[PartyRenamed]) -> Iterator[str]:
    party = case.entry.data.get("party", "")
    if party_kind(party) == "partnership":
        yield f"chair@{party}"


_NOT_ASKED = "{partnership} does not ask {party} to stand in, or has its answer already"
_NAMED = Told("the latest version that names it", _naming_it)
_NOTHING_TO_RATIFY = (
    "{school} has nothing to ratify with {partnership}; a member that wants to go records"
    " MembershipLeft"
)

RULES = {
    SchoolsMerged: Rule[SchoolsMerged](
        by=(REGISTRAR_BY,),
        agrees={"memberships": Told("those of the schools that end", _carried)},
        also=_merged,
        lasting=True,
    ),
    PartyRenamed: Rule[PartyRenamed](
        by=(REGISTRAR_BY, By("a partnership's chair", _chair_of_it)),
        agrees={"former_name": Told("the name until then", _own_name)},
        also=_renamed,
        lasting=True,
    ),
    PartnershipFormed: Rule[PartnershipFormed](
        by=(REGISTRAR_BY,),
        registers=("partnership",),
        also=_formed,
        lasting=True,
    ),
    GroundRulesAgreed: Rule[GroundRulesAgreed](
        by=(role_of("chair", "partnership"),),
        agrees={
            "version": Told("the version after the latest", _next_version),
            "schools": Told("the members on the day that it takes effect, sorted", _members_on),
        },
        also=_rules_agreed,
        lasting="agree on a new version",
    ),
    ContingencyAccepted: Rule[ContingencyAccepted](
        by=(office_of("party"),),
        agrees={
            "version": _NAMED,
            "instead_of": Told("whose debts and claims it takes at once, sorted", _gone_by_then),
        },
        answers=_NOT_ASKED,
        lasting="agree on new ground rules that name another party",
    ),
    ContingencyDeclined: Rule[ContingencyDeclined](
        by=(office_of("party"),), agrees={"version": _NAMED}, answers=_NOT_ASKED
    ),
    PartnershipDissolved: Rule[PartnershipDissolved](
        by=(
            role_of("chair", "partnership"),
            By("its clerk or the registrar, where it has no chair", _without_chair),
        ),
        agrees={
            "schools": Told("all that ever belonged to it, sorted", _ever_members),
            "contingency": Told("who takes over by the ground rules in force", _takes_over),
        },
        also=_ends,
        lasting="the schools form a partnership anew",
    ),
    MembershipSought: Rule[MembershipSought](
        by=(role_of("head", "school"),), agrees={"version": _VERSION}, also=_sought
    ),
    SchoolAdmitted: Rule[SchoolAdmitted](
        by=(role_of("chair", "partnership"),),
        agrees={
            "school": "application.school",
            "partnership": "application.partnership",
            "version": Told(
                "the version that it applied under, where not the first", _applied_under
            ),
            "year": Told("the partnership year that it joins within", _year_joined),
            "later_years": Told("the years that begin later and are open already", _years_later),
        },
        other_person_than=("application",),
        answers="{application} is answered already; withdraw that answer to give another",
        also=_admitted,
    ),
    AdmissionRefused: Rule[AdmissionRefused](
        by=(role_of("chair", "partnership"),),
        agrees={
            "school": "application.school",
            "partnership": "application.partnership",
        },
        other_person_than=("application",),
        answers="{application} is answered already; withdraw that answer to give another",
    ),
    MemberExcluded: Rule[MemberExcluded](by=(role_of("chair", "partnership"),), also=_excluded),
    MembershipLeft: Rule[MembershipLeft](by=(role_of("head", "school"),), also=_left),
    MembershipRatified: Rule[MembershipRatified](
        by=(role_of("head", "school"),),
        agrees={"version": _VERSION},
        answers=_NOTHING_TO_RATIFY,
        also=_substantive,
        cites=True,
    ),
    MembershipDeclined: Rule[MembershipDeclined](
        by=(role_of("head", "school"),),
        agrees={"version": _VERSION},
        answers=_NOTHING_TO_RATIFY,
        also=_declined,
    ),
    PartnershipYearOpened: Rule[PartnershipYearOpened](
        by=(role_of("chair", "partnership"),),
        agrees={"schools": Told("the members within the year, sorted", _members_within)},
        also=_year,
    ),
    JointPublicationAgreed: Rule[JointPublicationAgreed](
        by=(role_of("head", "school"),), also=_published, consent=True
    ),
}

#: What closures and successions repeat, so that what passes on can be told from them alone.
ADDS = {
    SuccessionAttributed: {
        "memberships": Told(
            "those of the school that ends, by a source", _carried_along, since=RELEASE_0_1
        ),
    },
    SchoolClosed: {
        "partnerships": Told("those that it ever belonged to, sorted", _ever_joined),
        "contingencies": Told("who takes over by their ground rules, sorted", _take_over_there),
    },
}
