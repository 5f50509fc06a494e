"""Rules for handover: who may announce, give and accept it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model.rules import Case, Rule, Told
from ledger.domain.handover.facts import GRACE_DAYS, held_lately, is_own_to_give, leaving
from ledger.domain.registers import offices
from ledger.domain.registers.who import officer_responsible_for, role_of, the_holder, the_office
from ledger.events.handover import DepartureNotified, HandoverAccepted, HandoverGiven
from ledger.values import event_id, office_party, office_role

_BOARD = role_of("board_chair", "office")
_RESPONSIBLE = officer_responsible_for("office")


def _departs(case: Case[DepartureNotified]) -> Iterator[str]:
    said = case.said
    tenures = case.look(offices.office(said.office))
    if not any(offices.held_by(said.office, tenures, said.holder, said.effective_on)):
        yield f"{said.holder} does not hold {said.office} on {said.effective_on}"
    if case.entry.office == said.office and case.entry.signedby != said.holder:
        yield (
            f"whoever signs as {said.office} announces their own departure: got {said.holder},"
            f" expected {case.entry.signedby}"
        )
    party = office_party(said.office)
    if party and said.holder in case.look(leaving(party)).leaving:
        yield f"the departure of {said.holder} is notified already"


def _gives(case: Case[HandoverGiven]) -> Iterator[str]:
    said, day = case.said, case.entry.occurred_on
    tenures = case.look(offices.office(said.office))
    if not any(tenures.of(said.outgoing)):
        yield f"{said.outgoing} never held {said.office}"
    elif not is_own_to_give(case.entry):
        yield (
            f"whoever signs as {said.office} hands over for themselves: {said.outgoing} signs, or"
            " the board chair or the responsible body for them"
        )
    elif not held_lately(said.office, tenures, said.outgoing, day) and not _waits(case):
        yield (
            f"{said.outgoing} did not hold {said.office} on {day} nor leave it in the {GRACE_DAYS}"
            " days before, and no handover of theirs waits: name who hands over"
        )
    if said.incoming == said.outgoing:
        yield "nobody hands over to themselves"


def _waits(case: Case[HandoverGiven]) -> bool:
    """Return whether the departure of whoever hands over as a head still asks for it."""
    party = office_party(case.said.office)
    is_heads = office_role(case.said.office) == "head"
    return bool(party and is_heads and case.look(leaving(party)).waits_for(case.said.outgoing))


def _accepts(case: Case[HandoverAccepted]) -> Iterator[str]:
    said = case.said
    thing = case.thing("handover")
    if thing is not None and thing.data["outgoing"] == said.incoming:
        yield "nobody accepts a handover of their own"
    party = office_party(said.office)
    latest = case.look(leaving(party)).given if party else None
    if latest is not None and latest.asked_by and latest.id != event_id(said.handover):
        yield f"the handover to accept is the latest, handover:{latest.id}"


def _outgoing(case: Case[Any]) -> str | None:
    """Return who hands an office over: the signer if it is theirs, else who leaves or holds it."""
    office = case.entry.data.get("office", "")
    if case.entry.office == office:
        return case.entry.signedby
    party = office_party(office)
    if party and office_role(office) == "head":
        departures = case.look(leaving(party)).departures
        waiting = [one.person for one in departures if not one.handed_over]
        if waiting:
            return waiting[-1]
    return the_holder(case)


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
