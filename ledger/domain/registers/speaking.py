"""Who speaks: the office that signs, or the one for which another office records what it said.

What is recorded for another office is judged as that office's own words (docs/how-to/
record-for-a-school-without-a-key.md); who signed it is judged besides.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from ledger.decision_model.created import FOR_OFFICE
from ledger.decision_model.rules import Case
from ledger.domain.registers import offices


def spoken(case: Case[Any]) -> Case[Any]:
    """Return the case as if the office for which it is recorded had signed it itself."""
    office = case.entry.data.get(FOR_OFFICE)
    if office is None:
        return case
    entry = copy(case.entry)
    entry.office = office
    entry.signedby = offices.sole_holder(case.look, office, entry.occurred_on) or entry.signedby
    return Case(entry, case.look, hand=case.hand)
