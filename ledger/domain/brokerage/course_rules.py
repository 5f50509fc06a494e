"""Rules for the course of an agreement: how it is planned, varied, and comes to an end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ledger.decision_model.postings import ZERO
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.brokerage.capacity import Engaged, beyond_capacity, supply
from ledger.domain.brokerage.facts import Arrangement, Variation
from ledger.domain.brokerage.kinds import PLAN, SUPPORT
from ledger.domain.brokerage.variations import lapses_on, must_accept
from ledger.domain.registers.who import (
    gone,
    in_place,
    in_place_of,
    office_of,
    officer_responsible_for,
    own_office,
    spoken_for,
)
from ledger.events.brokerage import (
    PlanAgreed,
    SupportEnded,
    SupportVariationAccepted,
    SupportVaried,
)
from ledger.values import event_id

_SIDES = {"provider": "agreement.provider", "receiver": "agreement.receiver"}
#: What a variation may change: it repeats nothing else.
_TERMS = ("days", "ends", "review_dates", "price", "paused_until")


def _agreement(case: Case[Any]) -> Arrangement | None:
    """Return the agreement that a draft names as it stands; None if it names none."""
    return case.look(brokerage.arrangement(event_id(case.entry.data.get("agreement", ""))))


def _who_signs(case: Case[Any]) -> Any:
    """Return the side for which the signer speaks: as it was agreed, whoever is in its place."""
    standing = _agreement(case)
    sides = (standing.said.provider, standing.said.receiver) if standing else ()
    return spoken_for(case, *sides) or UNTOLD


def _who_says_yes(case: Case[Any]) -> Any:
    return spoken_for(case, *_must_accept(case)) or UNTOLD


def _given(case: Case[Any], agreement: str) -> Decimal:
    return brokerage.given(case.look, event_id(agreement))


def _left(case: Case[Any], agreement: str) -> Decimal:
    waiting = SUPPORT.waiting(case.look, f"event:{event_id(agreement)}")
    return sum((one.left for one in waiting), ZERO)


# -- plans ---------------------------------------------------------------------------------------


def _planned(case: Case[PlanAgreed]) -> Iterator[str]:
    said, standing = case.said, _agreement(case)
    if standing is None or in_place_of(case, said.school) == said.school:
        yield from gone(case, "school")
    if standing is not None:
        over = standing.over
        if over is not None and over.on < case.entry.occurred_on and not _is_overdue(case):
            yield f"{said.agreement} was {over.how}, on {over.on}"
        if said.school != standing.said.receiver:
            yield f"{said.agreement} is support of {standing.said.receiver}, not of {said.school}"


def _is_overdue(case: Case[PlanAgreed]) -> bool:
    """Return whether the receiver owes a plan still, though the support has ended."""
    said = case.said
    waits = PLAN.waiting(case.look, f"event:{event_id(said.agreement or '')}")
    return bool(waits) and said.planner != said.provider


def _provider_of(case: Case[Any]) -> Any:
    standing = _agreement(case)
    return standing.said.provider if standing else None


def _receiver_of(case: Case[Any]) -> Any:
    standing = _agreement(case)
    return standing.said.receiver if standing else UNTOLD


# -- variations ----------------------------------------------------------------------------------


def _over(standing: Arrangement, agreement: str) -> Iterator[str]:
    if standing.over is not None:
        yield f"{agreement} was {standing.over.how} already, on {standing.over.on}"


def _varied(case: Case[SupportVaried]) -> Iterator[str]:
    said, standing = case.said, _agreement(case)
    if not any(term in case.entry.data for term in _TERMS):
        yield "it varies nothing: say other days, another end, review dates or price, or a pause"
    if standing is None:
        return
    yield from _over(standing, said.agreement)
    yield from _no_such_terms(case, said, standing)
    yield from _exceeds(case, said, standing)


def _no_such_terms(case: Case[Any], said: SupportVaried, standing: Arrangement) -> Iterator[str]:
    """Say which terms could not stand."""
    day, starts, ends = case.entry.occurred_on, standing.said.starts, said.ends or standing.ends
    if said.days is not None and said.days <= 0:
        yield "it leaves no days; SupportEnded stops the support"
    if ends < starts:
        yield f"it would end on {ends}, before it starts on {starts}"
    if any(not starts <= one <= ends for one in said.review_dates):
        yield "a review date lies outside the agreement"
    if said.paused_until is not None:
        if said.paused_until <= day:
            yield f"it would be paused until {said.paused_until}, which is not ahead of {day}"
        if any(day <= one < said.paused_until for one in said.review_dates):
            yield f"a review date lies within the pause, until {said.paused_until}"
    if said.price is not None and standing.said.payer is None:
        yield f"nobody pays for {said.agreement}: a price takes a new offer"


def _exceeds(
    case: Case[Any], said: SupportVaried | SupportVariationAccepted, standing: Arrangement
) -> Iterator[str]:
    """Say that more days, or a later end, exceed what the provider declared for then."""
    more = (said.days or standing.days) - standing.days
    own, ends = case.look(supply(said.provider)), said.ends or standing.ends
    if own.period(ends) != own.period(standing.ends):
        more += _given(case, said.agreement) + _left(case, said.agreement)
    if more > 0:
        yield from beyond_capacity(case.look, said.provider, Engaged(more, ends), case.day)


def _variation(case: Case[Any]) -> Variation | None:
    return case.look(brokerage.variation(event_id(case.entry.data.get("variation", ""))))


def _must_accept(case: Case[Any]) -> tuple[str, ...]:
    varied, standing = _variation(case), _agreement_of_variation(case)
    return must_accept(varied, standing) if varied and standing else ()


def _agreement_of_variation(case: Case[Any]) -> Arrangement | None:
    varied = _variation(case)
    return case.look(brokerage.arrangement(event_id(varied.said.agreement))) if varied else None


def _who_accepts(case: Case[SupportVariationAccepted]) -> Iterator[str]:
    for party in _must_accept(case):
        yield from map(own_office, in_place(case, party))


def _accepted(case: Case[SupportVariationAccepted]) -> Iterator[str]:
    said, varied, standing = case.said, _variation(case), _agreement_of_variation(case)
    if varied is None or standing is None:
        return
    if said.acceptor in varied.accepted_by:
        yield f"{said.acceptor} has accepted {said.variation} already"
    yield from _over(standing, said.agreement)
    lapsed = lapses_on(case.look, varied)
    if case.entry.occurred_on > lapsed:
        days = (lapsed - varied.recorded_on).days
        yield f"{said.variation} lapsed on {lapsed}, {days} days after it was proposed"
    if said.takes_effect:
        yield from _exceeds(case, said, standing)


def _takes_effect(case: Case[Any]) -> Any:
    varied, said = _variation(case), case.entry.data
    if varied is None:
        return UNTOLD
    accepted = {*varied.accepted_by, said.get("acceptor") or _who_says_yes(case)}
    return accepted.issuperset(_must_accept(case)) or None


def _before(term: str) -> Told:
    """Tell what stands of a term that a variation changes; nothing of one that it leaves."""

    def find(case: Case[Any]) -> Any:
        varied, standing = _variation(case), _agreement_of_variation(case)
        if varied is None or standing is None:
            return UNTOLD
        stands = getattr(standing, term)
        changes = getattr(varied.said, term) is not None and stands is not None
        return str(stands) if changes else None

    return Told(f"the {term} in all before", find)


def _as_agreed(member: str) -> Told:
    """Tell what the agreement of a variation says of a member, which may be nothing."""

    def find(case: Case[Any]) -> Any:
        thing = case.thing("agreement") or case.thing("variation")
        standing = _agreement_of_variation(case)
        if thing is None or standing is None:
            return UNTOLD
        said = getattr(standing.said, member)
        return (list(said) or None) if isinstance(said, tuple) else said

    return Told("as it was agreed", find)


# -- the end -------------------------------------------------------------------------------------


def _ended(case: Case[SupportEnded]) -> Iterator[str]:
    said, standing = case.said, _agreement(case)
    if standing is None:
        return
    yield from _over(standing, said.agreement)
    if said.effective_on < standing.said.starts:
        yield f"it would end on {said.effective_on}, before it starts on {standing.said.starts}"
    if said.how == "completed":
        yield from _not_complete(case, said)
    else:
        yield from _at_short_notice(case, standing)


def _not_complete(case: Case[SupportEnded], said: SupportEnded) -> Iterator[str]:
    left = _left(case, said.agreement)
    if left:
        yield (
            f"{left} days are left to give: it is completed once they are confirmed or waived; end"
            " it as stopped, and they stay owed"
        )
    if said.effective_on > case.entry.occurred_on:
        yield f"what is complete ends by the day that it is said: got {said.effective_on}"


def _at_short_notice(case: Case[SupportEnded], standing: Arrangement) -> Iterator[str]:
    notice = standing.said.notice_days or 0
    earliest = case.entry.occurred_on + timedelta(days=notice)
    if case.said.effective_on < earliest:
        within = f"the notice to end it is {notice} days" if notice else "it ends from then on"
        yield f"{within}: it can end on {earliest} at the earliest; sooner takes SupportVaried"


_EITHER = (office_of("provider"), office_of("receiver"))

RULES = {
    PlanAgreed: Rule[PlanAgreed](
        by=(
            office_of("school"),
            officer_responsible_for("school"),
            office_of("provider"),
        ),
        agrees={
            "school": Told("whom the agreement is for", _receiver_of),
            "provider": Told("who provides by the agreement", _provider_of),
            "planner": Told("whose office signs", _who_signs),
        },
        also=_planned,
    ),
    SupportVaried: Rule[SupportVaried](
        by=_EITHER,
        agrees={**_SIDES, "proposer": Told("whose office signs", _who_signs)},
        also=_varied,
    ),
    SupportVariationAccepted: Rule[SupportVariationAccepted](
        by=(By("the office of the other side, or of a payer who is to pay more", _who_accepts),),
        between=("provider", "receiver"),
        agrees={
            "agreement": "variation.agreement",
            "provider": "variation.provider",
            "receiver": "variation.receiver",
            "acceptor": Told("whose office signs", _who_says_yes),
            **{term: f"variation.{term}" for term in _TERMS},
            "days_before": _before("days"),
            "price_before": _before("price"),
            "commissioner": _as_agreed("commissioner"),
            "approved_by": _as_agreed("approved_by"),
            "takes_effect": Told("whether all who must have accepted with it", _takes_effect),
        },
        other_person_than=("variation",),
        also=_accepted,
    ),
    SupportEnded: Rule[SupportEnded](
        by=(*_EITHER, office_of("commissioner")),
        agrees={**_SIDES, "commissioner": "agreement.commissioner"},
        also=_ended,
    ),
}
