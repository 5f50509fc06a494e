"""Rules for visits: who may claim, confirm, dispute, correct and account for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ledger.decision_model.created import same_hand
from ledger.decision_model.rules import UNTOLD, Case, Rule, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.kinds import counts_hosts_once, visits_by_membership
from ledger.domain.registers.who import gone, office_of
from ledger.domain.visits import facts as visits
from ledger.domain.visits.kinds import DISPUTE_ANSWER
from ledger.events.visits import (
    ImpactReported,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitMade,
)
from ledger.values import event_id, party_kind

#: Two weeks of work: a visit that took longer is told as several, each of its own day.
MOST_DAYS_EACH = 10
_SIDES = {"visitor": "visit.visitor", "host": "visit.host", "under": "visit.under"}


def _made(case: Case[VisitMade]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "visitor", "host")
    if said.visitor == said.host:
        yield "a party cannot visit itself"
    if said.days <= 0:
        yield "a visit takes at least half a day"
    yield from RELEASE_0_1.refuses(_too_long(said.days, said.people))
    if said.under is None:
        return
    if said.under.startswith("agreement:"):
        yield from _not_under_agreement(case)
    else:
        yield from _not_under_year(case)


def _too_long(days: Decimal, people: Sequence[str]) -> Iterator[str]:
    most = MOST_DAYS_EACH * max(1, len(people))
    if days > most:
        who = f"{len(people)} people" if len(people) > 1 else "one person"
        yield f"{days} days are more than {most}, for one visit by {who}; tell it as several"


def _not_under_agreement(case: Case[VisitMade]) -> Iterator[str]:
    said = case.said
    agreed = case.look(brokerage.agreement(event_id(said.under or "")))
    if agreed is None:
        return
    sides = (agreed.provider, agreed.receiver)
    if (said.visitor, said.host) != sides:
        yield f"the agreement is for {sides[0]} to support {sides[1]}"
    if case.entry.occurred_on < agreed.starts:
        yield f"the agreement starts on {agreed.starts}"


def _not_under_year(case: Case[VisitMade]) -> Iterator[str]:
    said, day = case.said, case.entry.occurred_on
    year = case.look(parties.year(event_id(said.under or "")))
    if year is None:
        return
    yield from RELEASE_0_1.refuses(_no_school(said.host))
    if day < year.starts or (day > year.ends and not _still_owes(case, year)):
        yield f"{day} is not within the year {year.name}, from {year.starts} to {year.ends}"
    members = case.look(parties.members(year.partnership))
    belongs = any(member.school == said.visitor and member.covers(day) for member in members)
    if not belongs and not _still_owes(case, year):
        yield f"{said.visitor} does not belong to {year.partnership} on {day}"


def _no_school(host: str) -> Iterator[str]:
    if party_kind(host) != "school":
        yield f"a visit of the year is made to a school, and {host} is none"


def _still_owes(case: Case[VisitMade], year: parties.Year) -> bool:
    """Return whether the visitor owes a visit of the year, though it ended or the school left."""
    said = case.said
    hosts = visits.hosts_of_year(case.look, said.visitor, year.id)
    distinct = counts_hosts_once(case.look, year, said.visitor)
    made = len(set(hosts) if distinct else hosts)
    return made < visits_by_membership(case.look, year, said.visitor, case.entry.occurred_on)


def _visit(case: Case[Any]) -> visits.Visit | None:
    return case.look(visits.visit(event_id(case.entry.data.get("visit", ""))))


def _unanswered(case: Case[Any]) -> Iterator[str]:
    visit = _visit(case)
    if visit is None:
        return
    if visit.answered:
        yield f"{case.said.visit} is answered already"
    if case.said.days > visit.days:
        yield f"it confirms {case.said.days} days; {visit.days} were claimed"
    if same_hand(visit.claimed_by, case.hand):
        yield "the same person claimed the visit; somebody else must sign the host's answer"


def _attested(case: Case[VisitAttested]) -> Iterator[str]:
    yield from _unanswered(case)
    if case.said.days <= 0:
        yield "it confirms no days; VisitDisputed says what is wrong"


def _day_made(case: Case[Any]) -> Any:
    visit = _visit(case)
    return visit.made_on.isoformat() if visit else UNTOLD


def _open_dispute(case: Case[Any]) -> Any:
    named = event_id(case.entry.data.get("visit", ""))
    if case.look(visits.visit(named)) is None:
        return UNTOLD
    open_ones = DISPUTE_ANSWER.waiting(case.look, f"event:{named}")
    return f"dispute:{event_id(open_ones[0].obligation)}" if open_ones else None


def _corrected(case: Case[VisitCorrected]) -> Iterator[str]:
    said, visit = case.said, _visit(case)
    if visit is None:
        return
    if visit.attested is not None:
        yield f"{said.visit} is confirmed already; withdraw the confirmation first"
    if said.days <= 0:
        yield "a visit takes at least half a day; withdraw the visit if it was not made"
    yield from RELEASE_0_1.refuses(_too_long(said.days, visit.said.people))


def _other_side(case: Case[Any]) -> Any:
    """Return whom an account is with: the other side of the agreement, or the partnership."""
    said = case.entry.data
    agreed = case.look(brokerage.agreement(event_id(said.get("agreement", ""))))
    if agreed is not None:
        return agreed.receiver if said.get("reporter") == agreed.provider else agreed.provider
    year = case.look(parties.year(event_id(said.get("year", ""))))
    return year.partnership if year else UNTOLD


def _reported(case: Case[ImpactReported]) -> Iterator[str]:
    said = case.said
    if (said.year is None) == (said.agreement is None):
        yield "it is about one agreement or one partnership year: name exactly one"
        return
    agreed = case.look(brokerage.agreement(event_id(said.agreement or "")))
    if agreed is not None and said.reporter not in (agreed.provider, agreed.receiver):
        yield f"{said.reporter} is no side of {said.agreement}"
    about = said.agreement or said.year
    for reference in said.visits:
        visit = case.look(visits.visit(event_id(reference)))
        if visit is not None and visit.said.under != about:
            yield f"{reference} was not made under {about}"
        elif visit is not None and visit.attested is None:
            yield f"{reference} is not confirmed yet"


RULES = {
    VisitMade: Rule[VisitMade](by=(office_of("visitor"),), also=_made),
    VisitAttested: Rule[VisitAttested](
        by=(office_of("host"),),
        agrees={**_SIDES, "visited_on": Told("the day of the visit", _day_made)},
        also=_attested,
        step_of="visit",
    ),
    VisitDisputed: Rule[VisitDisputed](
        by=(office_of("host"),), agrees=_SIDES, also=_unanswered, disputes="visit"
    ),
    VisitCorrected: Rule[VisitCorrected](
        by=(office_of("visitor"),),
        agrees={**_SIDES, "dispute": Told("the open one", _open_dispute)},
        also=_corrected,
        step_of="visit",
    ),
    ImpactReported: Rule[ImpactReported](
        by=(office_of("reporter"),),
        agrees={"other_side": Told("whom the account is with", _other_side)},
        answers="{reporter} owes no account of it, or has given it already",
        also=_reported,
    ),
}
