"""Rules for brokerage: what may be offered and agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.judgements.facts import concern, in_category
from ledger.domain.needs.facts import trigger
from ledger.domain.needs.levels import not_through, share_partnership
from ledger.domain.registers import bodies
from ledger.domain.registers.who import gone, holders, office_of, officer_responsible_for, school_of
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.values import event_id, party_kind

_RESPONSIBLE = officer_responsible_for("receiver")


def _stands_in(case: Case[SupportAgreed]) -> Iterable[str]:
    receiver = case.said.receiver
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


def _answers_a_trigger(case: Case[SupportOffered], reference: str) -> Iterator[str]:
    said, asked_for = case.said, case.look(trigger(reference))
    if asked_for is None:
        yield f"{reference} asks for no help with a school"
    elif asked_for.school != said.receiver:
        yield f"{reference} is of {asked_for.school}, not of {said.receiver}, who would receive it"
    if said.route == "partnership" and not share_partnership(case, said.provider, said.receiver):
        yield (
            f"{said.provider} and {said.receiver} are in no partnership together: the route is"
            " another"
        )


def _agreed(case: Case[SupportAgreed]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "provider", "receiver")
    offer = case.look(brokerage.offer(event_id(said.offer)))
    if offer is None:
        return
    if offer.agreement is not None:
        yield f"the offer is taken up already, by agreement:{offer.agreement}"
    if case.entry.occurred_on > offer.said.valid_until:
        yield f"the offer was valid until {offer.said.valid_until} only"
    if not 0 < said.days <= offer.said.days:
        yield f"it agrees {said.days} days; {offer.said.days} were offered"
    if said.ends < said.starts:
        yield f"it ends on {said.ends}, before it starts on {said.starts}"
    if any(not said.starts <= day <= said.ends for day in said.review_dates):
        yield "a review date lies outside the agreement"
    if said.trigger is not None:
        yield from not_through(case, said.trigger, said.provider)


def _trigger_of_offer(case: Case[Any]) -> Any:
    thing = case.thing("offer")
    return thing.data.get("trigger") if thing else UNTOLD


RULES = {
    SupportOffered: Rule[SupportOffered](by=(office_of("provider"),), also=_offered),
    SupportAgreed: Rule[SupportAgreed](
        by=(
            office_of("receiver"),
            By(
                "its trust's officer, or its responsible body's if it is in a category or has no"
                " head",
                _stands_in,
            ),
        ),
        agrees={
            "provider": "offer.provider",
            "receiver": "offer.receiver",
            "trigger": Told("what the offer answers", _trigger_of_offer),
        },
        other_person_than=("offer",),
        also=_agreed,
    ),
}
