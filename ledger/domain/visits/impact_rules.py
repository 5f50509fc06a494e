"""Rules for accounts of impact: who gives one, of what, to whom, and who answers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told, in_words
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.partnership import facts as parties
from ledger.domain.programmes import facts as programmes
from ledger.domain.registers.places import in_place_for
from ledger.domain.registers.who import office_of, own_office
from ledger.domain.visits import facts as visits
from ledger.domain.visits.kinds import FOLLOWUP_ACCOUNT, IMPACT_ACCOUNT
from ledger.events.brokerage import SupportAgreed
from ledger.events.visits import ImpactAnswered, ImpactReported
from ledger.values import event_id, party_kind


def _agreed(case: Case[Any]) -> SupportAgreed | None:
    return case.look(brokerage.agreement(event_id(case.entry.data.get("agreement", ""))))


def _year(case: Case[Any]) -> parties.Year | None:
    return case.look(parties.year(event_id(case.entry.data.get("year", ""))))


def _programme(case: Case[Any]) -> programmes.Programme | None:
    return case.look(programmes.programme(case.entry.data.get("programme")))


def _other_side(case: Case[Any]) -> Any:
    """Return whom an account is with: the other side of the agreement, the partnership, organiser.

    Of an agreement, what others claim is with the receiver; of a programme, what its organiser
    says is with the school.
    """
    agreed, year, programme = _agreed(case), _year(case), _programme(case)
    if agreed is not None:
        is_receiver = case.entry.data.get("reporter") == agreed.receiver
        return agreed.provider if is_receiver else agreed.receiver
    if programme is not None:
        said, organiser = case.entry.data, programme.said.organiser
        return organiser if said.get("reporter") != organiser else said.get("school", UNTOLD)
    return year.partnership if year else UNTOLD


def _role(case: Case[Any]) -> Any:
    """Return in which role a reporter had a part; None of a school in a year or programme."""
    reporter, agreed = case.entry.data.get("reporter", ""), _agreed(case)
    if agreed is not None:
        roles = {
            agreed.commissioner: "commissioner",
            agreed.receiver: "receiver",
            agreed.provider: "provider",
        }
        return roles.get(reporter, "authority")
    programme = _programme(case)
    if programme is not None and reporter == programme.said.organiser:
        return "provider"
    if _year(case) is None and programme is None:
        return UNTOLD
    return None if party_kind(reporter) == "school" else "authority"


def _supported(case: Case[Any]) -> Any:
    agreed = _agreed(case)
    if agreed is None:
        return UNTOLD
    return agreed.receiver if party_kind(agreed.receiver) == "school" else None


def _usually_of_itself(case: Case[ImpactReported]) -> str | None:
    """Return the school that an account of a year or programme is about: its own."""
    said = case.entry.data
    own = "agreement" not in said and party_kind(said.get("reporter", "")) == "school"
    return str(said["reporter"]) if own else None


def _reported(case: Case[ImpactReported]) -> Iterator[str]:
    said = case.said
    if sum(name in case.entry.data for name in visits.IMPACT_OF) != 1:
        yield "it is about one agreement, partnership year or programme: name exactly one"
        return
    yield from _not_to_report(case)
    yield from _too_early(case)
    yield from RELEASE_0_1.refuses(_before_it_began(case))
    yield from _wrong_period(case)
    if said.agreement is None and said.school is None:
        yield "name the school in which something changed"
    about = _impact_of(case)
    for reference in said.visits:
        visit = case.look(visits.visit(event_id(reference)))
        if visit is not None and visit.under != about:
            yield f"{reference} was not made under {about}"
        elif visit is not None and visit.attested is None:
            yield f"{reference} is not confirmed yet"


_OFFICE = office_of("reporter")


def _offices(case: Case[ImpactReported]) -> Iterator[str]:
    """Go through the reporter's offices, and those of whoever has its place in what it owes."""
    yield from _OFFICE.offices(case)
    reporter, other = case.entry.data.get("reporter"), _other_side(case)
    of_one = _programme(case) is not None
    for kind in (IMPACT_ACCOUNT, FOLLOWUP_ACCOUNT):
        for one in kind.waiting(case.look, f"event:{event_id(_impact_of(case))}"):
            if one.debtor == reporter and (one.creditor == other or not of_one):
                yield own_office(
                    in_place_for(case.look, one.obligation, one.debtor, one.creditor, case.day)
                )


def _impact_of(case: Case[ImpactReported]) -> str:
    """Return what an account is of: the agreement, year or programme that it names."""
    said = case.entry.data
    return str(next((said[name] for name in visits.IMPACT_OF if name in said), ""))


def _not_to_report(case: Case[ImpactReported]) -> Iterator[str]:
    """Say why a reporter accounts for nothing here: it is no side, or has reported already."""
    said, agreed = case.said, _agreed(case)
    kind = party_kind(said.reporter)
    if _is_side(case):
        if _waits(case, said.stage):
            return
        other = _OTHER_STAGE[said.stage]
        if _waits(case, other):
            yield f"the account that {said.reporter} owes is the one {in_words(other)}"
        else:
            yield f"{said.reporter} owes no account of it, or has given it already"
    elif agreed is not None and kind != "body":
        yield f"{said.reporter} is no side of {said.agreement}: besides, a body claims a part in it"
    else:
        yield from _reported_already(case)


def _is_side(case: Case[ImpactReported]) -> bool:
    """Whether a reporter can but give an account that it owes; else it claims a part."""
    said, agreed, programme = case.said, _agreed(case), _programme(case)
    if agreed is not None:
        return said.reporter in (agreed.provider, agreed.receiver)
    if programme is not None and said.reporter == programme.said.organiser:
        return programme.said.visits_to_each is not None
    return party_kind(said.reporter) != "body"


_OTHER_STAGE = {"at_the_end": "a_year_later", "a_year_later": "at_the_end"}


def _waits(case: Case[ImpactReported], stage: str) -> bool:
    """Whether an account of a stage waits that the reporter owes."""
    said = case.said
    kind = FOLLOWUP_ACCOUNT if stage == "a_year_later" else IMPACT_ACCOUNT
    waiting = kind.waiting(case.look, f"event:{event_id(_impact_of(case))}")
    return any(
        one.debtor == said.reporter and (said.programme is None or one.creditor == said.other_side)
        for one in waiting
    )


def _reported_already(case: Case[ImpactReported]) -> Iterator[str]:
    said = case.said
    for one in case.look(visits.impacts(event_id(_impact_of(case)))):
        if one[1:] == (said.reporter, said.school, said.stage):
            reference = f"impact:{one.id}"
            yield f"{said.reporter} has reported on it already: {reference}; withdraw that first"


def _too_early(case: Case[ImpactReported]) -> Iterator[str]:
    said = case.said
    if said.stage != "a_year_later":
        return
    if said.agreement is None:
        yield "only of an agreement is there an account a year later"
        return
    standing = case.look(brokerage.arrangement(event_id(said.agreement)))
    last = standing.last if standing else None
    if last is not None and case.entry.occurred_on <= last:
        yield f"it tells of a year after {said.agreement}, whose last day is {last}"


def _before_it_began(case: Case[ImpactReported]) -> Iterator[str]:
    agreed, year, programme = _agreed(case), _year(case), _programme(case)
    own = agreed or year or (programme.said if programme else None)
    if own is not None and case.entry.occurred_on < own.starts:
        yield f"it tells what came of {_impact_of(case)}, which begins on {own.starts}"


def _wrong_period(case: Case[ImpactReported]) -> Iterator[str]:
    first, last = case.said.period_from, case.said.period_to
    if first is not None and last is not None and last < first:
        yield f"its period ends on {last}, before it begins on {first}"
    if last is not None and last > case.entry.occurred_on:
        yield f"its period ends on {last}, after it was reported"


def _impact_answered(case: Case[ImpactAnswered]) -> Iterator[str]:
    if case.said.answer == "contested" and case.said.why is None:
        yield "it contests the account and does not say why"


RULES = {
    ImpactReported: Rule[ImpactReported](
        by=(By(_OFFICE.words, _offices),),
        agrees={
            "role": Told("in which role it had a part", _role),
            "other_side": Told("whom the account is with", _other_side),
            "school": Told("the school that was supported", _supported, sometimes=True),
        },
        usual={"school": _usually_of_itself},
        also=_reported,
    ),
    ImpactAnswered: Rule[ImpactAnswered](
        by=(office_of("answerer", "party that answers"),),
        between=("reporter", "answerer"),
        agrees={
            "reporter": "impact.reporter",
            "answerer": "impact.other_side",
            "agreement": "impact.agreement",
            "year": "impact.year",
            "programme": "impact.programme",
        },
        other_person_than=("impact",),
        answers="{impact} is answered already; withdraw that answer to give another",
        also=_impact_answered,
    ),
}
