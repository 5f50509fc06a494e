"""Rules for brokerage: what may be declared, offered, closed and agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.brokerage.capacity import Engaged, beyond_capacity, ends_of, supply
from ledger.domain.judgements.facts import concern, in_category
from ledger.domain.judgements.pledges import KEEPS, KEEPS_THOUGH_DECLINED
from ledger.domain.needs.facts import trigger
from ledger.domain.needs.levels import joined, not_through, share_partnership
from ledger.domain.partnership.days_allowed import days_allowed
from ledger.domain.registers import bodies
from ledger.domain.registers.who import (
    gone,
    holders,
    in_place,
    in_place_of,
    office_of,
    officer_responsible_for,
    own_office,
    school_of,
)
from ledger.events.brokerage import CapacityDeclared, OfferClosed, SupportAgreed, SupportOffered
from ledger.values import event_id, party_kind

_RESPONSIBLE = officer_responsible_for("receiver")
_PENNY = Decimal("0.01")


def _stands_in(case: Case[SupportAgreed]) -> Iterable[str]:
    receiver = in_place_of(case, case.said.receiver)
    school = school_of(case, receiver) if party_kind(receiver) == "school" else None
    if school is None:
        return ()
    body = school.responsible_body(case.day)
    registered = case.look(bodies.body(body)) if body else None
    if registered is not None and registered.kind == "trust":
        return _RESPONSIBLE.offices(case)
    concerns = case.look(concern(receiver))
    if in_category(school, concerns, case.day) or not holders(case, f"head@{receiver}"):
        return _RESPONSIBLE.offices(case)
    return ()


def _offered(case: Case[SupportOffered]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "provider", "receiver")
    if said.provider == said.receiver:
        yield "a party cannot offer support to itself"
    if said.days <= 0:
        yield "it offers no days"
    if said.valid_until < case.entry.occurred_on:
        yield f"it is valid until {said.valid_until}, before it was made"
    if (said.price is None) != (said.payer is None):
        yield "a price and who pays it belong together: give both or neither"
    if said.trigger is not None:
        yield from _answers_a_trigger(case, said.trigger)
    yield from _out_of_order(said)
    yield from _answers_for_others(case)
    asked = Engaged(said.days, ends_of(said))
    yield from beyond_capacity(case.look, said.provider, asked, case.day)


def _answering(case: Case[Any]) -> Any:
    """Return the partnerships of both sides that were asked for an answer, which an offer gives.

    Where only others were asked, those of both that were not: it answers for nobody else.
    """
    said = case.entry.data
    asked = case.look(trigger(said["trigger"])) if "trigger" in said else None
    if asked is None or not asked.responders or said.get("route") != "partnership":
        return None
    own = {said.get("provider"), *joined(case, said.get("provider", ""))}
    of_both = own & {*joined(case, said.get("receiver", ""))}
    return sorted(own & {*asked.responders} or of_both) or None


def _answers_for_others(case: Case[SupportOffered]) -> Iterator[str]:
    """Say for whom an offer answers, where it says others; older ones say nothing of it."""
    got, expected = list(case.said.answers_for), _answering(case) or []
    if got and got != expected:
        yield (
            "“answers for” is told by the rules, as the partnerships of both that are asked: got"
            f" {', '.join(got)}, expected {', '.join(expected) or 'none'}; leave it out"
        )


def _out_of_order(said: SupportOffered) -> Iterator[str]:
    """Say which days of the support would not follow one another."""
    first, last = said.starts or date.min, said.ends or date.max
    if last < first:
        yield f"it would end on {last}, before it starts on {first}"
    elif any(not first <= day <= last for day in said.review_dates):
        yield "a review date lies outside the support"


def _answers_a_trigger(case: Case[SupportOffered], reference: str) -> Iterator[str]:
    said, asked_for = case.said, case.look(trigger(reference))
    if asked_for is None:
        yield f"{reference} asks for no help with a school"
    elif said.receiver not in set(in_place(case, asked_for.school)):
        yield f"{reference} is of {asked_for.school}, not of {said.receiver}, who would receive it"
    if said.route == "partnership" and not share_partnership(case, said.provider, said.receiver):
        yield (
            f"{said.provider} and {said.receiver} are in no partnership together: the route is"
            " another"
        )


def _agreed(case: Case[SupportAgreed]) -> Iterator[str]:
    said = case.said
    # Who stands in a side's place agrees to what was offered; what it opens goes to that one.
    sides = ("provider", "receiver")
    yield from gone(case, *(one for one in sides if not _goes_on(case, getattr(said, one))))
    offer = case.look(brokerage.offer(event_id(said.offer)))
    if offer is None:
        return
    yield from _not_open(case, offer)
    if not 0 < said.days <= offer.said.days:
        yield f"it agrees {said.days} days; {offer.said.days} were offered"
    if said.ends < said.starts:
        yield f"it ends on {said.ends}, before it starts on {said.starts}"
    if any(not said.starts <= day <= said.ends for day in said.review_dates):
        yield "a review date lies outside the agreement"
    if said.trigger is not None:
        yield from not_through(case, said.trigger, said.provider)
    yield from _other_days(case)
    yield from _ends_where_too_much_is_engaged(case, offer)
    if said.replaces is not None:
        yield from _not_replaced(case, said.replaces, offer)


def _plan_days(case: Case[Any]) -> int | None:
    """Return the days that a receiver has to agree to a plan, if it owes a commissioner one."""
    offer = case.thing("offer")
    terms = {**(offer.data if offer else {}), **case.entry.data}
    receiver, commissioner = terms.get("receiver", ""), terms.get("commissioner", "")
    if not receiver or not commissioner or receiver == commissioner:
        return None
    sides = (receiver, commissioner)
    whose = next((one for one in sides if party_kind(one) == "partnership"), None)
    return days_allowed(case.look, "response_days", case.entry.occurred_on, whose, sides)


def _other_days(case: Case[SupportAgreed]) -> Iterator[str]:
    got, days = case.said.plan_days, _plan_days(case)
    if got is not None and got != days:
        expected = (
            f"{days} days to agree to a plan" if days else "no plan, for nobody else commissions it"
        )
        yield f"“plan days” is told by the rules: got {got}, expected {expected}; leave it out"


def _goes_on(case: Case[Any], party: str) -> bool:
    return in_place_of(case, party) != party


def _not_open(case: Case[Any], offer: brokerage.Offer) -> Iterator[str]:
    if offer.agreement is not None:
        yield f"the offer is taken up already, by agreement:{offer.agreement}"
    if offer.closed is not None:
        how, day = offer.closed
        yield f"the offer was {how} on {day}"
    if case.entry.occurred_on > offer.said.valid_until:
        yield f"the offer was valid until {offer.said.valid_until} only"


def _ends_where_too_much_is_engaged(
    case: Case[SupportAgreed], offer: brokerage.Offer
) -> Iterator[str]:
    """Say that the days exceed what is declared for when they end, if not for then offered."""
    said, own = case.said, case.look(supply(case.said.provider))
    if own.period(said.ends) == own.period(ends_of(offer.said)):
        return
    asked = Engaged(said.days, said.ends)
    yield from beyond_capacity(case.look, said.provider, asked, case.day, event_id(said.offer))


def _not_replaced(
    case: Case[SupportAgreed], reference: str, offer: brokerage.Offer
) -> Iterator[str]:
    standing = case.look(brokerage.arrangement(event_id(reference)))
    if standing is None:
        return
    former, over = standing.said, standing.over
    if former.receiver != case.said.receiver:
        yield f"{reference} is support of {former.receiver}: it is replaced by its own receiver"
    if over is not None and over.how == "replaced":
        yield f"{reference} is replaced already, by agreement:{over.event}"
    payer = former.payer if former.payer == former.commissioner else None
    if payer not in {None, former.receiver} and not _approved(case, offer, payer):
        yield (
            f"{payer} commissioned and pays for {reference}: to replace it takes its decision to"
            f" approve {case.said.offer}"
        )


def _of_offer(member: str) -> Callable[[Case[Any]], Any]:
    """Return what the offer says of a member, which may be nothing."""

    def find(case: Case[Any]) -> Any:
        thing = case.thing("offer")
        return thing.data.get(member) if thing else UNTOLD

    return find


def _if_offered(member: str) -> Told:
    """Tell a member as the offer has it; where the offer leaves it open, anything may be agreed."""

    def find(case: Case[Any]) -> Any:
        thing = case.thing("offer")
        return thing.data.get(member, UNTOLD) if thing else UNTOLD

    return Told("as offered", find, sometimes=True)


def _price(case: Case[Any]) -> Any:
    """Return the price of the days that are agreed, in proportion to that of all offered."""
    offer = case.look(brokerage.offer(event_id(case.entry.data.get("offer", ""))))
    days = case.entry.data.get("days")
    if offer is None or days is None:
        return UNTOLD
    if offer.said.price is None or not offer.said.days:
        return None
    return str((offer.said.price * Decimal(days) / offer.said.days).quantize(_PENNY))


def _who_approved(case: Case[Any]) -> Any:
    """Return the commissioner and payer whose own decisions approved the offer."""
    said = case.entry.data
    offer = case.look(brokerage.offer(event_id(said.get("offer", ""))))
    if offer is None:
        return UNTOLD
    named = dict.fromkeys((said.get("commissioner"), said.get("payer")))
    return [one for one in named if _approved(case, offer, one)] or None


def _approved(case: Case[Any], offer: brokerage.Offer, party: str | None) -> bool:
    """Return whether a party, or the one that stands in its place, approved an offer."""
    return any(one in offer.approved_by for one in in_place(case, party))


def _closed(case: Case[OfferClosed]) -> Iterator[str]:
    offer = case.look(brokerage.offer(event_id(case.said.offer)))
    if offer is not None:
        yield from _not_open(case, offer)


def _who_closes(case: Case[OfferClosed]) -> Iterator[str]:
    side = {"declined": "receiver", "withdrawn": "provider"}.get(case.entry.data.get("how", ""))
    party = case.entry.data.get(side) if side else None
    yield from map(own_office, in_place(case, party))


def _declared(case: Case[CapacityDeclared]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "provider")
    if said.days <= 0:
        yield "it declares no days; to declare none any more, withdraw what was declared"
    if said.ends < said.starts:
        yield f"it ends on {said.ends}, before it starts on {said.starts}"
    own = case.look(supply(said.provider))
    if said.replaces is not None and said.replaces not in {
        f"capacity:{one.id}" for one in own.declared
    }:
        yield f"{said.replaces} is replaced already"


RULES = {
    CapacityDeclared: Rule[CapacityDeclared](
        by=(office_of("provider"),), agrees={"provider": "replaces.provider"}, also=_declared
    ),
    SupportOffered: Rule[SupportOffered](
        by=(office_of("provider"),),
        usual={"answers_for": _answering},
        also=_offered,
    ),
    OfferClosed: Rule[OfferClosed](
        by=(By("the office of the receiver, which declines, or of the provider", _who_closes),),
        agrees={
            "provider": "offer.provider",
            "receiver": "offer.receiver",
            "days": "offer.days",
            "pledged_by": KEEPS_THOUGH_DECLINED,
        },
        also=_closed,
    ),
    SupportAgreed: Rule[SupportAgreed](
        by=(
            office_of("receiver"),
            By(
                "its trust's officer, or its responsible body's if it is in a category or has no"
                " head",
                _stands_in,
            ),
        ),
        between=("provider", "receiver"),
        agrees={
            "provider": "offer.provider",
            "receiver": "offer.receiver",
            "trigger": Told("what the offer answers", _of_offer("trigger")),
            "starts": _if_offered("starts"),
            "ends": _if_offered("ends"),
            "review_dates": _if_offered("review_dates"),
            "commissioner": _if_offered("commissioner"),
            "payer": Told("who pays by the offer", _of_offer("payer")),
            "price": Told("the price of so many days by the offer", _price),
            "notice_days": Told("the notice by the offer", _of_offer("notice_days")),
            "approved_by": Told("whose own decision approved the offer", _who_approved),
            "pledged_by": KEEPS,
        },
        usual={"plan_days": _plan_days},
        other_person_than=("offer",),
        also=_agreed,
    ),
}
