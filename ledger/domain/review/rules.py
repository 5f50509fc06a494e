"""Rules for reviews: who reports progress, and who reviews support for a school."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers.places import in_place_for
from ledger.domain.registers.who import in_place, office_of, own_office, role_of, spoken_for
from ledger.domain.review.kinds import REVIEW
from ledger.events.brokerage import SupportAgreed
from ledger.events.review import ProgressReported, Rating, ReviewHeld
from ledger.values import event_id, office_role, party_kind


def _unplanned(case: Case[Any], agreements: Iterable[str], ratings: Iterable[Rating]) -> list[str]:
    """Say which areas are rated that no plan of the agreements has; without a plan, any may be."""
    stand = [case.look(brokerage.arrangement(event_id(one))) for one in agreements]
    planned = {area for one in stand if one is not None for area in one.planned}
    return [
        f"no objective is in {one.area}: rate one of {', '.join(sorted(planned))}"
        for one in ratings
        if planned and one.area not in planned
    ]


def _twice(ratings: Iterable[Rating]) -> Iterator[str]:
    areas = [one.area for one in ratings]
    if len(set(areas)) < len(areas):
        yield "it rates an area twice"


def _reported(case: Case[ProgressReported]) -> Iterator[str]:
    said = case.said
    yield from _twice(said.ratings)
    yield from _unplanned(case, [said.agreement], said.ratings)


def _held(case: Case[ReviewHeld]) -> Iterator[str]:
    said = case.said
    if said.reviewer not in _who_ask(case):
        yield (
            f"{said.reviewer} does not review it: who commissions the support does, who provides it"
            " unless that one is bound, or a partnership of the school"
        )
    if len(set(said.agreements)) < len(said.agreements):
        yield "it names an agreement twice"
    for reference in said.agreements:
        yield from _not_for_all(case, reference)
    yield from _twice(said.ratings)
    yield from _unplanned(case, said.agreements, said.ratings)
    if said.next_review is not None and said.next_review < case.entry.occurred_on:
        yield f"the next review would be on {said.next_review}, before this one"


def _not_for_all(case: Case[ReviewHeld], reference: str) -> Iterator[str]:
    """Say whose support it is instead, or who asked for it and is not told."""
    said, agreed = case.said, case.look(brokerage.agreement(event_id(reference)))
    if agreed is None:
        return
    if agreed.receiver != said.school:
        yield f"{reference} is support of {agreed.receiver}, not of {said.school}"
    asking = _asking(agreed)
    if not asking & {said.reviewer, *said.reported_to}:
        named = " or ".join(sorted(asking))
        yield (
            f"{named} reviews {reference}, or is told of the review: name who is told with"
            " --reported-to"
        )


def _asking(agreed: SupportAgreed) -> set[str]:
    """Return who asks for reviews: who commissions, and who provides unless that one is bound."""
    commissioner = agreed.commissioner
    if commissioner is None:
        return {agreed.provider}
    bound = commissioner in agreed.approved_by
    return {commissioner} if bound else {commissioner, agreed.provider}


def _who_ask(case: Case[Any]) -> list[str]:
    """Return who asks for reviews of what is named, and the partnerships of the school."""
    said = case.entry.data
    stand = [case.look(brokerage.agreement(event_id(one))) for one in said.get("agreements", ())]
    asking = [who for one in stand if one is not None for who in sorted(_asking(one))]
    school = said.get("school", "")
    if party_kind(school) == "school":
        asking += partnerships(case.look(belongs(school)), case.day)
    return list(dict.fromkeys(asking))


def _places(case: Case[Any], party: str | None) -> Iterator[str]:
    """Go through a party and whoever has its place in the reviews of what is named."""
    yield from in_place(case, party)
    for reference in case.entry.data.get("agreements", ()) if party else ():
        yield from _place_in(case, REVIEW, reference, str(party))


def _place_in(case: Case[Any], kind: Item, agreement: str, party: str) -> Iterator[str]:
    """Go through who has the place of a side of an agreement in what is owed next of a kind."""
    agreed = case.look(brokerage.agreement(event_id(agreement)))
    if agreed is None:
        return
    waiting = kind.waiting(case.look, f"event:{event_id(agreement)}")
    own = (one.obligation for one in waiting if party in (one.debtor, one.creditor))
    obligation = next(own, f"{event_id(agreement)}/{kind.name}")
    other = agreed.provider if party == agreed.receiver else agreed.receiver
    now = in_place_for(case.look, obligation, party, other, case.day)
    if now != party:
        yield now


def _their_offices(case: Case[ReviewHeld]) -> Iterator[str]:
    for party in _who_ask(case):
        yield from map(own_office, dict.fromkeys(_places(case, party)))


def _supported(case: Case[Any]) -> Any:
    named = case.entry.data.get("agreements") or [""]
    agreed = case.look(brokerage.agreement(event_id(named[0])))
    return agreed.receiver if agreed else UNTOLD


def _who_reports(case: Case[Any]) -> str:
    """Return the side for which the signer speaks: as it was agreed, whoever is in its place."""
    agreed = case.thing("agreement")
    sides = (agreed.data["provider"], agreed.data["receiver"]) if agreed else ()
    return spoken_for(case, *sides) or ""


def _who_signs(case: Case[Any]) -> Any:
    """Return whose office signs; an adviser of the school does so for one of who may."""
    is_adviser = office_role(case.entry.office) == "adviser"
    return UNTOLD if is_adviser else spoken_for(case, *_who_ask(case), places=_places) or ""


RULES = {
    ProgressReported: Rule[ProgressReported](
        by=(office_of("provider"), office_of("receiver")),
        agrees={
            "provider": "agreement.provider",
            "receiver": "agreement.receiver",
            "reporter": Told("whose office signs", _who_reports),
        },
        also=_reported,
    ),
    ReviewHeld: Rule[ReviewHeld](
        by=(
            By(
                "the office of who commissions the support, of who provides it unless that one is"
                " bound, or of a partnership of the school",
                _their_offices,
            ),
            role_of("adviser", "school"),
        ),
        agrees={
            "school": Told("whom the first agreement is for", _supported, sometimes=True),
            "reviewer": Told("whose office signs", _who_signs),
        },
        also=_held,
    ),
}
