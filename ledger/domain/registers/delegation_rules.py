"""Rules for delegating: what an office lets somebody else sign, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.decision_model.rules import Case, Rule, is_an_event
from ledger.domain.registers.delegations import NEVER_DELEGATED, delegations
from ledger.domain.registers.who import the_office
from ledger.events.registers import AuthorityDelegated, DelegationEnded
from ledger.values import REGISTRAR, event_id


def _delegates(case: Case[AuthorityDelegated]) -> Iterator[str]:
    said = case.said
    if said.office == REGISTRAR:
        yield "the registry is not delegated: a registrar appoints another"
    if said.person == case.entry.signedby:
        yield "nobody delegates to themselves"
    if said.until < case.entry.occurred_on:
        yield f"it ends on {said.until}, before it is given"
    for name in dict.fromkeys(said.events):
        if name in NEVER_DELEGATED:
            yield f"{name} is never delegated: whoever holds {said.office} signs it"
        elif not is_an_event(name):
            yield f"{name} is no event of this ledger; `school-ledger record --help` lists them"


def _ends(case: Case[DelegationEnded]) -> Iterator[str]:
    said = case.said
    named = event_id(said.delegation)
    own = next((one for one in case.look(delegations(said.office)) if one.id == named), None)
    if own is not None and own.last <= case.day:
        yield f"{said.delegation} ended on {own.last} already"


RULES = {
    AuthorityDelegated: Rule[AuthorityDelegated](
        by=(the_office("office"),),
        usual={"office": lambda case: case.entry.office},
        also=_delegates,
        lasting="record DelegationEnded",
    ),
    DelegationEnded: Rule[DelegationEnded](
        by=(the_office("office"),),
        agrees={"office": "delegation.office", "person": "delegation.person"},
        also=_ends,
        lasting=True,
    ),
}
