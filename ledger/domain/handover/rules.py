"""Rules for handover: who may announce, give and accept it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model.rules import Case, Rule, Told
from ledger.domain.handover.facts import leaving
from ledger.domain.registers import offices
from ledger.domain.registers.who import officer_responsible_for, role_of, the_holder, the_office
from ledger.events.handover import DepartureNotified, HandoverAccepted, HandoverGiven
from ledger.values import office_party

#: How long after the last day a former holder may still hand over, and nothing else.
GRACE_DAYS = 60

_BOARD = role_of("board_chair", "office")
_RESPONSIBLE = officer_responsible_for("office")


def _departs(case: Case[DepartureNotified]) -> Iterator[str]:
    said = case.said
    tenures = case.look(offices.office(said.office))
    if not any(offices.held_by(said.office, tenures, said.holder, said.effective_on)):
        yield f"{said.holder} does not hold {said.office} on {said.effective_on}"
    party = office_party(said.office)
    if party and said.holder in case.look(leaving(party)).leaving:
        yield f"the departure of {said.holder} is notified already"


def _gives(case: Case[HandoverGiven]) -> Iterator[str]:
    said = case.said
    if not any(case.look(offices.office(said.office)).of(said.outgoing)):
        yield f"{said.outgoing} never held {said.office}"
    if said.incoming == said.outgoing:
        yield "nobody hands over to themselves"


def _accepts(case: Case[HandoverAccepted]) -> Iterator[str]:
    said = case.said
    thing = case.thing("handover")
    if thing is not None and thing.data["outgoing"] == said.incoming:
        yield "nobody accepts a handover of their own"


def _outgoing(case: Case[Any]) -> str | None:
    """Return who hands an office over: the signer if they held it, else its last holder."""
    tenures = case.look(offices.office(case.entry.data.get("office", "")))
    if any(tenures.of(case.entry.signedby)):
        return case.entry.signedby
    return tenures[-1].person if tenures else None


RULES = {
    DepartureNotified: Rule[DepartureNotified](
        by=(the_office("office"), _BOARD, _RESPONSIBLE),
        usual={"holder": the_holder},
        also=_departs,
    ),
    HandoverGiven: Rule[HandoverGiven](
        by=(the_office("office", GRACE_DAYS), _BOARD, _RESPONSIBLE),
        usual={"outgoing": _outgoing},
        also=_gives,
        cites=True,
    ),
    HandoverAccepted: Rule[HandoverAccepted](
        by=(the_office("office"),),
        agrees={
            "office": "handover.office",
            "incoming": Told("who signs", lambda case: case.entry.signedby),
        },
        other_person_than=("handover",),
        answers="no handover of {office} waits to be accepted",
        also=_accepts,
    ),
}
