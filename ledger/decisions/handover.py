"""Rules for handover: who may announce, give and accept it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.decisions.base import Case, Rule, officer_responsible_for, role_of, the_office
from ledger.events.handover import DepartureNotified, HandoverAccepted, HandoverGiven
from ledger.facts import offices, schools
from ledger.values import office_party

#: How long after the last day a former holder may still hand over, and nothing else.
GRACE_DAYS = 60

_BOARD = role_of("board_chair", "office")
_RESPONSIBLE = officer_responsible_for("office")


def _school(
    case: Case[DepartureNotified] | Case[HandoverGiven] | Case[HandoverAccepted],
) -> schools.School | None:
    party = office_party(case.said.office)
    return case.school(party) if party and party.startswith("school:") else None


def _open(case: Case[HandoverGiven] | Case[HandoverAccepted], kind: str) -> list[str]:
    school = _school(case)
    return [item.obligation for item in (school.open if school else ()) if item.kind == kind]


def _departs(case: Case[DepartureNotified]) -> Iterator[str]:
    said = case.said
    tenures = case.look(offices.office(said.office))
    if not any(offices.held_by(said.office, tenures, said.holder, said.effective_on)):
        yield f"{said.holder} does not hold {said.office} on {said.effective_on}"
    school = _school(case)
    if school is not None and said.holder in school.leaving:
        yield f"the departure of {said.holder} is notified already"


def _gives(case: Case[HandoverGiven]) -> Iterator[str]:
    said = case.said
    if not any(case.look(offices.office(said.office)).of(said.outgoing)):
        yield f"{said.outgoing} never held {said.office}"
    if said.incoming == said.outgoing:
        yield "nobody hands over to themselves"


def _accepts(case: Case[HandoverAccepted]) -> Iterator[str]:
    said = case.said
    if said.incoming != case.entry.signedby:
        yield f"incoming must be who signs: got {said.incoming}, expected {case.entry.signedby}"
    thing = case.thing("handover")
    if thing is not None and thing.data["outgoing"] == said.incoming:
        yield "nobody accepts a handover of their own"
    if not _open(case, "handover_acceptance"):
        yield f"no handover of {said.office} waits to be accepted"


RULES = {
    DepartureNotified: Rule[DepartureNotified](
        by=(the_office("office"), _BOARD, _RESPONSIBLE), also=_departs
    ),
    HandoverGiven: Rule[HandoverGiven](
        by=(the_office("office", GRACE_DAYS), _BOARD, _RESPONSIBLE),
        settles=lambda case: _open(case, "handover"),
        also=_gives,
    ),
    HandoverAccepted: Rule[HandoverAccepted](
        by=(the_office("office"),),
        agrees={"office": "handover.office"},
        other_person_than=("handover",),
        settles=lambda case: _open(case, "handover_acceptance"),
        also=_accepts,
    ),
}
