"""Who stands in an obligation by now: its sides as opened, and whoever has taken their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ledger.decision_model import created
from ledger.decision_model.created import Mention
from ledger.decision_model.facts import Look
from ledger.decision_model.kinds import Kind, Standing, kind_named
from ledger.decision_model.postings import kind_of
from ledger.domain.handover.facts import left_with
from ledger.domain.money.facts import pays_for
from ledger.domain.partnership.contingency import ITS_OWN, agreed, taken_over
from ledger.domain.registers import bodies, schools
from ledger.domain.registers.places import assumed, in_place_for
from ledger.values import event_id


class Sides(NamedTuple):
    """Who owes an obligation and to whom by now, and the event that opened it."""

    debtor: str
    creditor: str
    kind: Kind
    opener: Mention


def sides(look: Look, obligation: str) -> Sides | None:
    """Return who stands in an obligation by now; None if nobody ever owed it."""
    kind = kind_named(kind_of(obligation))
    opener = look(created.recorded(event_id(obligation)))
    if kind is None or opener is None:
        return None
    pair = [_line(look, side, obligation) for side in kind.sides(look, opener, obligation)]
    for one in look(assumed(event_id(obligation))):
        if one.obligation == obligation:
            pair = [one.party if side == one.instead_of else side for side in pair]
    if not pair:
        return None
    debtor, creditor = pair
    if kind.name not in ITS_OWN:
        debtor, creditor = (_after(look, side, pair, opener) for side in pair)
    return Sides(debtor, creditor, kind, opener)


def left(look: Look, owed: Sides, obligation: str) -> Standing | None:
    """Return what an obligation is about and how much is left; None where no fact tells."""
    return owed.kind.standing(look, owed.opener, obligation)


def releases(look: Look, owed: Sides) -> str:
    """Return who may release an obligation: the creditor; of days, a commissioner who pays."""
    commissioner = owed.opener.data.get("commissioner") if owed.kind.unit == "day" else None
    if commissioner is None or commissioner not in pays_for(look, owed.opener.id):
        return owed.creditor
    return str(commissioner)


def may_assume(look: Look, obligation: str, party: str) -> str | None:
    """Return the side whose place a party may take; None if it may take none."""
    owed = sides(look, obligation)
    if owed is None or owed.kind.name in ITS_OWN:
        return None
    pair = (owed.debtor, owed.creditor)
    for side, other in (pair, pair[::-1]):
        found = taken_over(look, side, pair, owed.opener)
        now = in_place_for(look, obligation, side, other, date.max)
        if party in bodies.left_over(look, now, obligation, other):
            return now
        named = found is not None and found[1].party == party
        if named or (obligation, party) in look(left_with(side)):
            return side
    return None


def _line(look: Look, side: str, obligation: str) -> str:
    """Return the school line to which a side handed an obligation on; other sides as they are."""
    return schools.line_of(look, side, obligation) if side.startswith("school:") else side


def _after(look: Look, side: str, pair: Sequence[str], opener: Mention) -> str:
    found = taken_over(look, side, pair, opener)
    return found[1].party if found is not None and agreed(look, *found) else side
