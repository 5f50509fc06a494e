"""Rules for partnerships: who may found, join, ratify and open a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ledger.decisions.base import REGISTRAR_BY, Case, Rule, role_of
from ledger.events.partnership import (
    MembershipDeclined,
    MembershipRatified,
    MembershipSought,
    PartnershipFormed,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.facts import parties
from ledger.values import event_id

_LONGEST_YEAR = timedelta(days=500)
#: Until GroundRulesAgreed is built, every partnership stands under its founding version.
_FOUNDING_VERSION = 1


def _formed(case: Case[PartnershipFormed]) -> Iterator[str]:
    if case.look(parties.formed(case.said.partnership)) is not None:
        yield f"{case.said.partnership} is formed already"


def _is_member(case: Case[MembershipSought] | Case[SchoolAdmitted], day: date) -> bool:
    said = case.said
    return any(
        member.school == said.school and (member.last is None or member.last >= day)
        for member in case.look(parties.members(said.partnership))
    )


def _version(case: Case[MembershipSought] | Case[MembershipRatified]) -> Iterator[str]:
    if case.said.version != _FOUNDING_VERSION:
        yield (
            f"version {case.said.version} of the ground rules is not in force; version"
            f" {_FOUNDING_VERSION} is"
        )


def _sought(case: Case[MembershipSought]) -> Iterator[str]:
    if _is_member(case, case.entry.occurred_on):
        yield f"{case.said.school} belongs to {case.said.partnership} already"
    yield from _version(case)


def _admitted(case: Case[SchoolAdmitted]) -> Iterator[str]:
    said = case.said
    application = case.look(parties.application(event_id(said.application)))
    if application is not None and application.answered:
        yield f"{said.application} is answered already"
    if _is_member(case, said.effective_on):
        yield f"{said.school} belongs to {said.partnership} already"
    if said.year != year_joined(case):
        yield (
            f"year must be the partnership year that it joins within: got {said.year or 'none'},"
            f" expected {year_joined(case) or 'none'}"
        )


def year_joined(case: Case[SchoolAdmitted]) -> str | None:
    """Return the partnership year within which a school joins; None if none is open then."""
    for year in case.look(parties.years(case.said.partnership)):
        if year.starts <= case.said.effective_on <= year.ends:
            return f"year:{year.id}"
    return None


def _ratifications(case: Case[MembershipRatified] | Case[MembershipDeclined]) -> list[str]:
    said = case.said
    school = case.school(said.school)
    return [
        item.obligation
        for item in (school.open if school else ())
        if item.kind == "ratification"
        and item.creditor == said.partnership
        and item.since <= case.day
    ]


def _declined_settles(case: Case[MembershipDeclined]) -> Iterable[str]:
    yield from _ratifications(case)
    leaves_on = case.said.leaves_on
    if leaves_on is None:
        return
    for listed in case.look(parties.years(case.said.partnership)):
        if listed.ends > leaves_on:
            year = case.look(parties.year(listed.id))
            yield parties.peer_visit_of(year, listed.id, case.said.school)


def _substantive(case: Case[MembershipRatified] | Case[MembershipDeclined]) -> Iterator[str]:
    if not _ratifications(case):
        yield f"{case.said.school} has nothing to ratify with {case.said.partnership}"
    if not any(tenure.basis == "substantive" for tenure in case.held_by_signer()):
        yield "only a substantive head takes on, or declines, what the school owes"


def _ratified(case: Case[MembershipRatified]) -> Iterator[str]:
    yield from _substantive(case)
    yield from _version(case)


def _declined(case: Case[MembershipDeclined]) -> Iterator[str]:
    yield from _substantive(case)
    said = case.said
    formed = case.look(parties.formed(said.partnership))
    if said.leaves_on is None or formed is None:
        return
    members = case.look(parties.members(said.partnership))
    if not any(member.school == said.school and member.last is None for member in members):
        yield f"{said.school} has left {said.partnership} already, or will"
    notice = parties.ground_rules(formed).notice_days
    earliest = case.entry.occurred_on + timedelta(days=notice)
    if said.leaves_on < earliest:
        yield f"the notice to leave is {notice} days: it can leave on {earliest} at the earliest"


def _year(case: Case[PartnershipYearOpened]) -> Iterator[str]:
    said = case.said
    if not said.starts < said.ends <= said.starts + _LONGEST_YEAR:
        yield f"a year from {said.starts} to {said.ends} is no partnership year"
    for year in case.look(parties.years(said.partnership)):
        if year.starts <= said.ends and said.starts <= year.ends:
            yield f"it overlaps the year {year.name}, from {year.starts} to {year.ends}"


RULES = {
    PartnershipFormed: Rule[PartnershipFormed](
        by=(REGISTRAR_BY, role_of("clerk", "partnership")),
        registers=("partnership",),
        also=_formed,
    ),
    MembershipSought: Rule[MembershipSought](by=(role_of("head", "school"),), also=_sought),
    SchoolAdmitted: Rule[SchoolAdmitted](
        by=(role_of("chair", "partnership"),),
        agrees={"school": "application.school", "partnership": "application.partnership"},
        other_person_than=("application",),
        settles=lambda case: (f"{event_id(case.said.application)}/admission_answer",),
        also=_admitted,
    ),
    MembershipRatified: Rule[MembershipRatified](
        by=(role_of("head", "school"),), settles=_ratifications, also=_ratified
    ),
    MembershipDeclined: Rule[MembershipDeclined](
        by=(role_of("head", "school"),), settles=_declined_settles, also=_declined
    ),
    PartnershipYearOpened: Rule[PartnershipYearOpened](
        by=(role_of("chair", "partnership"),), also=_year
    ),
}
