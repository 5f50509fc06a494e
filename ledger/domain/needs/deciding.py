"""What may be decided about needs, offers, providers, plans and conflicts, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.rules import UNTOLD, Case, in_words, takes_effect_before
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.needs import facts
from ledger.domain.needs.facts import Trigger
from ledger.domain.needs.kinds import BROKERAGE, CONFLICT_ANSWER
from ledger.domain.needs.levels import OVERSEERS, joined
from ledger.domain.registers.bodies import body
from ledger.domain.registers.who import in_place, school_now
from ledger.events.needs import ConflictOfInterestDeclared, DecisionRecorded
from ledger.values import event_id, party_kind


def trigger_of(case: Case[Any]) -> Trigger | None:
    """Return what the record says of the trigger that an event names."""
    name = case.entry.data.get("trigger")
    return case.look(facts.trigger(name)) if name else None


def school_of_trigger(case: Case[Any]) -> Any:
    """Return the school that asks for help."""
    trigger = trigger_of(case)
    return trigger.school if trigger else UNTOLD


#: What a decision may be about, by the member that names it, and what may be decided of it.
_DECISIONS = {
    "trigger": ("support", "leave_alone"),
    "offer": ("approve", "refuse"),
    "provider": ("approve", "refuse"),
    "plan": ("approve", "refuse"),
    "conflict": ("cleared", "not_cleared"),
}


_IN_WORDS = {"trigger": "what asks for help", "conflict": "a conflict of interest"}


def _called(member: str) -> str:
    return _IN_WORDS.get(member, f"{'an' if member == 'offer' else 'a'} {member}")


def decided(case: Case[DecisionRecorded]) -> Iterator[str]:
    """Say what speaks against a decision."""
    said, data = case.said, case.entry.data
    about = [member for member in _DECISIONS if member in data]
    if len(about) != 1:
        yield (
            "a decision is about one thing, be it what asks for help, an offer, a provider, a plan"
            f" or a conflict of interest: got {', '.join(map(_called, about)) or 'none'}"
        )
        return
    (member,) = about
    if said.decision not in _DECISIONS[member]:
        may = " or ".join(map(in_words, _DECISIONS[member]))
        yield f"of {_called(member)} it decides {may}: got {in_words(said.decision)}"
    if said.decider == said.provider:
        yield "a provider does not decide about itself"
    if _is_concerned(case):
        yield "whoever has a conflict of interest does not decide about it: a colleague does"
    yield from _is_no_decider(case, member)
    yield from _decided_already(case, member)
    yield from RELEASE_0_1.refuses(takes_effect_before(case, member))
    yield from RELEASE_0_1.refuses(_owes_no_longer(case))


def _is_concerned(case: Case[DecisionRecorded]) -> bool:
    conflict = case.thing("conflict")
    return conflict is not None and conflict.data.get("person") == case.entry.signedby


def _is_no_decider(case: Case[DecisionRecorded], member: str) -> Iterator[str]:
    deciders = _deciders(case, member)
    if deciders is not None and case.said.decider not in deciders:
        yield (
            f"{case.said.decider} does not decide this: it takes {', '.join(deciders) or 'nobody'}"
        )


def _deciders(case: Case[DecisionRecorded], member: str) -> tuple[str, ...] | None:
    """Return the parties that decide: who commissions, pays or answers for the school.

    None where anybody may, as of a provider.
    """
    if member == "provider":
        return None
    if member == "conflict":
        return _deciders_of_conflict(case)
    own = case.said.decider
    terms, school = _terms(case, member), school_decided(case)
    paying = (terms.get(one) for one in ("commissioner", "payer"))
    named = tuple(now for one in paying for now in in_place(case, one))
    standing = school_now(case, school) if isinstance(school, str) else None
    if standing is None or not isinstance(school, str):
        return named
    answering = (
        *named,
        *filter(None, (standing.responsible_body(case.day), standing.authority(case.day))),
    )
    registered = case.look(body(own))
    overseer = registered is not None and registered.kind in OVERSEERS
    seeing = (own,) if member == "trigger" and overseer else ()
    return tuple(dict.fromkeys((*answering, *joined(case, school), *seeing)))


def _deciders_of_conflict(case: Case[DecisionRecorded]) -> tuple[str, ...]:
    terms, responsible = _terms(case, "conflict"), _responsible_in_conflict(case)
    asked = (terms.get("answerer"), terms.get("commissioner"), responsible)
    may = dict.fromkeys(now for one in asked for now in in_place(case, one))
    return tuple(one for one in may if one not in _sides(terms))


def followed(case: Case[DecisionRecorded]) -> list[str] | None:
    """Return the bodies that owed what is decided, and in whose place who decides stands by now.

    That help is found, whatever body is responsible for the school by now owes; a decision on a
    conflict of interest, who succeeded the body that was to decide, or is responsible in its place.
    """
    said = case.entry.data
    decider = said.get("decider")
    if decider is None:
        return None
    owed = _followed_in_conflict(case, decider) if "conflict" in said else _to_find_help(case)
    return sorted(owed - {decider}) or None


def _to_find_help(case: Case[DecisionRecorded]) -> set[str]:
    trigger = trigger_of(case)
    standing = school_now(case, trigger.school) if trigger else None
    if standing is None or case.entry.data["decider"] != standing.responsible_body(case.day):
        return set()
    waiting = BROKERAGE.waiting(case.look, f"event:{event_id(case.entry.data['trigger'])}")
    return {one.debtor for one in waiting if party_kind(one.debtor) == "body"}


def _followed_in_conflict(case: Case[DecisionRecorded], decider: str) -> set[str]:
    waiting = CONFLICT_ANSWER.waiting(case.look, f"event:{event_id(case.entry.data['conflict'])}")
    commissions = facts.commissioner_of(case.look, event_id(case.entry.data["conflict"]))
    is_responsible = decider == _responsible_in_conflict(case)
    return {
        one.debtor
        for one in waiting
        if decider in in_place(case, one.debtor) or (is_responsible and one.debtor != commissions)
    }


def _responsible_in_conflict(case: Case[DecisionRecorded]) -> str | None:
    school = school_decided(case)
    standing = school_now(case, school) if isinstance(school, str) else None
    return standing.responsible_body(case.day) if standing else None


def _owes_no_longer(case: Case[DecisionRecorded]) -> Iterator[str]:
    """Say that another body came to owe what only who owes it can leave alone."""
    said = case.said
    trigger = trigger_of(case) if said.decision == "leave_alone" else None
    standing = school_now(case, trigger.school) if trigger else None
    responsible = standing.responsible_body(case.day) if standing else None
    if responsible in {None, said.decider} or party_kind(said.decider) != "body":
        return
    waiting = BROKERAGE.waiting(case.look, f"event:{event_id(case.entry.data['trigger'])}")
    if any(one.debtor == said.decider for one in waiting):
        yield (
            f"{said.decider} does not leave this alone any more: {responsible} is responsible for"
            " the school now, and owes that help is found"
        )


def _terms(case: Case[Any], member: str) -> dict[str, Any]:
    """Return what was said of what is decided about: of a plan, in its agreement too."""
    thing = case.thing(member)
    said = dict(thing.data) if thing else {}
    agreement = said.get("agreement") or said.get("offer")
    agreed = case.look(created.thing(agreement)) if agreement else None
    return {**(agreed.data if agreed else {}), **said}


def school_decided(case: Case[Any]) -> Any:
    """Return the school that a decision is about; None of a party that is none."""
    data = case.entry.data
    if "trigger" in data:
        return school_of_trigger(case)
    member = next((one for one in ("offer", "plan", "conflict") if one in data), None)
    if member is None or case.thing(member) is None:
        return UNTOLD
    terms = _terms(case, member)
    school = terms.get("school") or terms.get("receiver", "")
    return school if party_kind(school) == "school" else None


def _decided_already(case: Case[DecisionRecorded], member: str) -> Iterator[str]:
    said, trigger = case.said, trigger_of(case)
    if member == "trigger":
        before = trigger.decided_by if trigger else ()
    else:
        before = case.look(facts.decisions(case.entry.data[member]))
    if said.decider in before:
        yield f"{said.decider} has decided this already: withdraw that to decide anew"


def _sides(terms: dict[str, Any]) -> set[str]:
    """Return the parties between whom a conflict of interest lies: they do not decide about it."""
    return {terms[one] for one in ("party", "provider") if one in terms}


def conflict_terms(case: Case[Any]) -> dict[str, Any]:
    """Return what was said of the offer or agreement that a conflict bears on."""
    member = next((one for one in ("agreement", "offer") if one in case.entry.data), None)
    thing = case.thing(member) if member else None
    return dict(thing.data) if thing else {}


def conflict_provider(case: Case[Any]) -> Any:
    """Return the provider of what a conflict bears on."""
    return conflict_terms(case).get("provider", UNTOLD)


def conflict_school(case: Case[Any]) -> Any:
    """Return the school of what a conflict bears on; None where the receiver is none."""
    receiver = conflict_terms(case).get("receiver")
    if receiver is None:
        return UNTOLD
    return receiver if party_kind(receiver) == "school" else None


def answerer(case: Case[Any]) -> str | None:
    """Return who decides about a conflict: who commissions, else answers for the school."""
    data, terms = case.entry.data, conflict_terms(case)
    school = conflict_school(case)
    reference = data.get("school") if school is UNTOLD else school
    standing = school_now(case, reference) if reference else None
    responsible = standing.responsible_body(case.day) if standing else None
    sides = _sides({"provider": conflict_provider(case), **data})
    return next(
        (one for one in (terms.get("commissioner"), responsible) if one and one not in sides), None
    )


def declared(case: Case[ConflictOfInterestDeclared]) -> Iterator[str]:
    """Say what speaks against a declaration."""
    said = case.said
    if (said.person is None) == (said.party is None):
        yield "it is of a person or of a party: name one of the two"
    if said.offer is not None and said.agreement is not None:
        yield "it bears on an offer or on an agreement: name one of the two"
    if said.offer is said.agreement is said.school is None:
        yield "it bears on an offer, an agreement or a school: name one"
