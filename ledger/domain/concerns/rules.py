"""Rules for concerns: who may raise one, to whom it goes, and who may say that it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.concerns import facts
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers import offices
from ledger.domain.registers.who import office_of, own_party
from ledger.events.concerns import ConcernEscalated, ConcernRaised, ConcernResolved
from ledger.values import REGISTRAR, office_party, office_role, party_kind


def _deals(case: Case[ConcernRaised]) -> Iterator[str]:
    """Return the signer's office where its party deals with whom the concern is about."""
    own, about = own_party(case), case.entry.data.get("about")
    if own is None or about is None or own == about:
        return
    if _deal_with(case, own, about):
        yield case.entry.office


def _deal_with(case: Case[Any], own: str, about: str) -> bool:
    # A school deals with few: of two parties it is the one to be asked.
    one, other = (own, about) if party_kind(own) == "school" else (about, own)
    if other in case.look(facts.dealings(one)):
        return True
    if party_kind(one) != "school" or party_kind(other) != "school":
        return False
    both = [partnerships(case.look(belongs(each)), case.day) for each in (one, other)]
    return not set(both[0]).isdisjoint(both[1])


def _in_confidence(case: Case[ConcernRaised]) -> Iterator[str]:
    """Return the office of who signs for somebody else: an officer of another body, a registrar."""
    office, data = case.entry.office, case.entry.data
    if "raised_by" not in data:
        return
    is_officer = office_role(office) == "officer" and office_party(office) != data.get("about")
    if office == REGISTRAR or is_officer:
        yield office


def _to_another(case: Case[Any]) -> Iterator[str]:
    said = case.said
    if said.to == said.about:
        yield f"{said.to} does not look into a concern about itself"
    if said.to == said.raiser:
        yield f"{said.to} raised the concern: it goes to another to look into"


def _raised(case: Case[ConcernRaised]) -> Iterator[str]:
    said = case.said
    yield from _to_another(case)
    if said.raiser == said.about:
        yield "nobody raises a concern about themselves"
    if said.raised_by is not None and (said.school is not None or said.agreement is not None):
        yield "what is raised in confidence names no school and no agreement"


def _still_open(case: Case[Any]) -> Iterator[str]:
    concern = case.look(facts.concern(case.said.concern))
    if concern is not None and concern.resolved:
        yield f"{case.said.concern} is resolved already"


def _escalated(case: Case[ConcernEscalated]) -> Iterator[str]:
    yield from _still_open(case)
    yield from _to_another(case)
    if case.said.to == case.said.former:
        yield f"it is with {case.said.to} already"


def _resolved(case: Case[ConcernResolved]) -> Iterator[str]:
    yield from _still_open(case)
    about, person = case.said.about, case.entry.signedby
    held = (one for one in case.look(offices.offices_of(person)) if office_party(one) == about)
    for office in held:
        tenures = case.look(offices.office(office))
        if any(offices.held_by(office, tenures, person, case.day)):
            yield f"whoever signs is {office}: a concern is not resolved by whom it is about"


def _with(case: Case[Any]) -> Any:
    """Return who is to look into a concern."""
    name = case.entry.data.get("concern")
    concern = case.look(facts.concern(name)) if name else None
    return concern.to if concern else UNTOLD


def _registrar_raised(case: Case[Any]) -> Iterator[str]:
    concern = case.thing("concern")
    if concern is not None and "raiser" not in concern.data:
        yield REGISTRAR


_RAISER = office_of("raiser")
_REGISTRAR = By("the registrar, if one raised it", _registrar_raised)
_SAME = {"about": "concern.about", "raiser": "concern.raiser"}

RULES = {
    ConcernRaised: Rule[ConcernRaised](
        by=(
            By(
                "an office of a party that deals with it by agreement, membership, visit, money,"
                " judgement or target",
                _deals,
            ),
            By("in confidence, an officer of another body or a registrar", _in_confidence),
        ),
        agrees={"raiser": Told("whose office signs", own_party)},
        also=_raised,
    ),
    ConcernEscalated: Rule[ConcernEscalated](
        by=(_RAISER, office_of("former", "party that was asked before"), _REGISTRAR),
        agrees={**_SAME, "former": Told("who is to look into it", _with)},
        also=_escalated,
        step_of="concern",
    ),
    ConcernResolved: Rule[ConcernResolved](
        by=(_RAISER, office_of("to", "party that was asked"), _REGISTRAR),
        agrees={**_SAME, "to": Told("who is to look into it", _with)},
        also=_resolved,
    ),
}
