"""Rules for visits: who may claim, confirm, dispute, correct and account for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decisions.base import UNTOLD, Case, Rule, Told, office_of
from ledger.events.visits import (
    ImpactReported,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitMade,
)
from ledger.facts import parties, support
from ledger.values import event_id

_SIDES = {"visitor": "visit.visitor", "host": "visit.host", "under": "visit.under"}


def _made(case: Case[VisitMade]) -> Iterator[str]:
    said = case.said
    if said.visitor == said.host:
        yield "a party cannot visit itself"
    if said.days <= 0:
        yield "a visit takes at least half a day"
    if said.under is None:
        return
    if said.under.startswith("agreement:"):
        yield from _not_under_agreement(case)
    else:
        yield from _not_under_year(case)


def _not_under_agreement(case: Case[VisitMade]) -> Iterator[str]:
    said = case.said
    agreement = case.look(support.agreement(event_id(said.under or "")))
    if agreement is None:
        return
    sides = (agreement.said.provider, agreement.said.receiver)
    if (said.visitor, said.host) != sides:
        yield f"the agreement is for {sides[0]} to support {sides[1]}"
    if case.entry.occurred_on < agreement.said.starts:
        yield f"the agreement starts on {agreement.said.starts}"


def _not_under_year(case: Case[VisitMade]) -> Iterator[str]:
    said, day = case.said, case.entry.occurred_on
    year = case.look(parties.year(event_id(said.under or "")))
    if year is None:
        return
    if not year.starts <= day <= year.ends:
        yield f"{day} is not within the year {year.name}, from {year.starts} to {year.ends}"
    members = case.look(parties.members(year.partnership))
    if not any(member.school == said.visitor and member.covers(day) for member in members):
        yield f"{said.visitor} does not belong to {year.partnership} on {day}"


def _visit(case: Case[Any]) -> support.Visit | None:
    return case.look(support.visit(event_id(case.said.visit)))


def _unanswered(case: Case[Any]) -> Iterator[str]:
    visit = _visit(case)
    if visit is None:
        return
    if visit.answered:
        yield f"{case.said.visit} is answered already"
    if case.said.days > visit.days:
        yield f"it confirms {case.said.days} days; {visit.days} were claimed"
    if visit.claimed_by == case.entry.signedby:
        yield "the same person claimed the visit; somebody else must sign the host's answer"


def _attested(case: Case[VisitAttested]) -> Iterator[str]:
    yield from _unanswered(case)
    if case.said.days <= 0:
        yield "it confirms no days; VisitDisputed says what is wrong"


def _open_attestation(case: Case[Any]) -> Iterator[str]:
    visit = _visit(case)
    if visit is not None and visit.attestation is not None:
        yield visit.attestation


def _attested_settles(case: Case[VisitAttested]) -> Iterator[str]:
    yield from _open_attestation(case)
    under = case.said.under
    if under is None:
        return
    event = event_id(under)
    if under.startswith("agreement:"):
        yield f"{event}/support"
    else:
        yield parties.peer_visit_of(case.look(parties.year(event)), event, case.said.visitor)


def _open_dispute(case: Case[Any]) -> Any:
    visit = case.look(support.visit(event_id(case.entry.data.get("visit", ""))))
    if visit is None:
        return UNTOLD
    return f"dispute:{event_id(visit.dispute)}" if visit.dispute else None


def _corrected(case: Case[VisitCorrected]) -> Iterator[str]:
    said, visit = case.said, _visit(case)
    if visit is None:
        return
    if visit.attested is not None:
        yield f"{said.visit} is confirmed already; withdraw the confirmation first"
    if said.days <= 0:
        yield "a visit takes at least half a day; withdraw the visit if it was not made"


def _corrected_settles(case: Case[VisitCorrected]) -> Iterator[str]:
    yield from _open_attestation(case)
    visit = _visit(case)
    if visit is not None and visit.dispute is not None:
        yield visit.dispute


def _attestations(case: Case[ImpactReported]) -> list[tuple[str, str, str]]:
    """Return the attestation, visitor and host of each visit that the account may cover."""
    said = case.said
    if said.visit is not None:
        visit = case.look(support.visit(event_id(said.visit)))
        if visit is None or visit.attested is None:
            return []
        return [(visit.attested, visit.said.visitor, visit.said.host)]
    agreement = case.look(support.agreement(event_id(said.agreement or "")))
    if agreement is None:
        return []
    sides = (agreement.said.provider, agreement.said.receiver)
    return [(attested, *sides) for attested in agreement.attested]


def _reported(case: Case[ImpactReported]) -> Iterator[str]:
    said = case.said
    if (said.visit is None) == (said.agreement is None):
        yield "it is about one visit or one agreement: name exactly one"
        return
    covered = _attestations(case)
    if not covered:
        yield f"no visit of {said.visit or said.agreement} is confirmed yet"
    sides = {(visitor, host) for _, visitor, host in covered}
    if sides and (said.reporter, said.other_side) not in sides | {(b, a) for a, b in sides}:
        yield f"{said.reporter} and {said.other_side} are not its two sides"


def _reported_settles(case: Case[ImpactReported]) -> Iterator[str]:
    for attested, visitor, _ in _attestations(case):
        side = "visitor" if case.said.reporter == visitor else "host"
        account = support.impact_accounts_of(attested)[side]
        if account in case.look(support.impact_accounts(attested)):
            yield account


RULES = {
    VisitMade: Rule[VisitMade](by=(office_of("visitor"),), also=_made),
    VisitAttested: Rule[VisitAttested](
        by=(office_of("host"),),
        agrees={**_SIDES, "purpose": "visit.purpose"},
        settles=_attested_settles,
        also=_attested,
    ),
    VisitDisputed: Rule[VisitDisputed](
        by=(office_of("host"),),
        agrees=_SIDES,
        settles=_open_attestation,
        also=_unanswered,
    ),
    VisitCorrected: Rule[VisitCorrected](
        by=(office_of("visitor"),),
        agrees={**_SIDES, "dispute": Told("the open one", _open_dispute)},
        settles=_corrected_settles,
        also=_corrected,
    ),
    ImpactReported: Rule[ImpactReported](
        by=(office_of("reporter"),), settles=_reported_settles, also=_reported
    ),
}
