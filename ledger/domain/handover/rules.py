"""Rules for handover: who may announce, give and accept it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ledger.decision_model.postings import Unit
from ledger.decision_model.rules import UNTOLD, Case, Rule, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.handover.facts import GRACE_DAYS, held_lately, is_own_to_give, leaving
from ledger.domain.handover.standing import Sides, left, may_assume, releases, sides
from ledger.domain.registers import offices
from ledger.domain.registers.who import (
    as_it_stands,
    office_of,
    officer_responsible_for,
    role_of,
    the_holder,
    the_office,
)
from ledger.events.handover import (
    DepartureNotified,
    HandoverAccepted,
    HandoverGiven,
    ObligationAssumed,
    ObligationWaived,
)
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


def _owed(case: Case[Any]) -> Sides | None:
    obligation = case.entry.data.get("obligation")
    return sides(case.look, obligation) if obligation else None


def _as_it_stands(case: Case[Any], member: str, side: str, other: str) -> str:
    return as_it_stands(case, member, case.entry.data["obligation"], side, other)


def _debtor(case: Case[Any]) -> Any:
    owed = _owed(case)
    return _as_it_stands(case, "debtor", owed.debtor, owed.creditor) if owed else UNTOLD


def _creditor(case: Case[Any]) -> Any:
    owed = _owed(case)
    return _as_it_stands(case, "creditor", owed.creditor, owed.debtor) if owed else UNTOLD


def _may_waive(case: Case[Any]) -> Any:
    """Return who may release an obligation, or stands in the place of who may."""
    owed = _owed(case)
    if owed is None:
        return UNTOLD
    return _as_it_stands(case, "waiver", releases(case.look, owed), owed.debtor)


def _about(case: Case[Any]) -> Any:
    """Return the event that an obligation is about, if that is neither a party nor its opener."""
    owed, obligation = _owed(case), case.entry.data.get("obligation", "")
    found = left(case.look, owed, obligation) if owed else None
    if found is None or found.about == f"event:{event_id(obligation)}":
        return None
    return found.about if found.about.startswith("event:") else None


def _waived(case: Case[ObligationWaived]) -> Iterator[str]:
    said, owed = case.said, _owed(case)
    if owed is None:
        yield f"{said.obligation} is nothing that anybody owes"
        return
    if said.amount is not None and said.amount <= 0:
        yield "it releases nothing"
    elif said.amount is not None:
        yield from RELEASE_0_1.refuses(_in_no_steps(said.amount, owed.kind.unit))
    found = left(case.look, owed, said.obligation)
    if found is None:
        return
    if not found.left:
        yield f"nothing is left of {said.obligation} to release"
    elif said.amount is not None and said.amount > found.left:
        yield f"it releases {said.amount}; {found.left.normalize():f} is left"
    elif said.amount is not None and owed.kind.unit == "item" and 0 < said.amount < 1:
        yield f"{said.obligation} is one thing, released whole or not at all: leave out amount"


#: In which steps a unit is counted, and how that is said.
_STEPS: dict[Unit, tuple[Decimal, str]] = {
    "day": (Decimal("0.5"), "days are counted in halves"),
    "visit": (Decimal(1), "visits are counted whole"),
    "GBP": (Decimal("0.01"), "pounds are counted to the penny"),
}


def _in_no_steps(amount: Decimal, unit: Unit) -> Iterator[str]:
    step, words = _STEPS.get(unit, (amount, ""))
    if amount % step:
        below = amount - amount % step
        near = (f"{one.normalize():f}" for one in (below, below + step))
        yield f"{words}: got {amount}, expected {' or '.join(near)}"


def _in_whose_place(case: Case[Any]) -> Any:
    said = case.entry.data
    if not {"obligation", "party"} <= said.keys():
        return UNTOLD
    return may_assume(case.look, said["obligation"], said["party"]) or UNTOLD


def _assumes(case: Case[ObligationAssumed]) -> Iterator[str]:
    said = case.said
    if may_assume(case.look, said.obligation, said.party) is None:
        yield (
            f"{said.obligation} is not for {said.party} to take over: only who stands in by the"
            " ground rules takes over from who is gone, one of several bodies in the place of one"
            " that ended, or a former body what a conversion left with it"
        )


RULES = {
    ObligationWaived: Rule[ObligationWaived](
        by=(office_of("waiver", "party that waives"),),
        agrees={
            "debtor": Told("who owes it by now", _debtor),
            "creditor": Told("who is owed it by now", _creditor),
            "waiver": Told("the creditor, or who commissions and pays for it", _may_waive),
            "about": Told("what it is about, if not its opener", _about),
        },
        also=_waived,
    ),
    ObligationAssumed: Rule[ObligationAssumed](
        by=(office_of("party"),),
        agrees={"instead_of": Told("the side whose place it may take", _in_whose_place)},
        also=_assumes,
        lasting="the creditor may release what should not be owed",
    ),
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
