"""What whoever leaves a partnership still owes of its year, told before that is signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model.facts import Look
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.kinds import PEER_VISIT, years_cut
from ledger.domain.programmes.kinds import months_served, visits_owed
from ledger.format.entry import Entry


def visits_on_leaving(look: Look, entry: Entry[Any]) -> Iterator[str]:
    """Say how many visits of each year that goes on a school owes that leaves, and by what sum."""
    for ending in parties.endings(entry):
        for year, member in years_cut(look, ending):
            full, span = PEER_VISIT.full(look, year, member), (year.starts, year.ends)
            served = member.first, ending.last
            part, whole = months_served(span, served)
            owed = visits_owed(full, span, served)
            if owed:
                yield (
                    f"of the year {year.name} {ending.school} owes {owed} of {full} visits, those"
                    f" made included: it belongs for {part} of {whole} months, a begun month counts"
                    f" whole, and {full} x {part} / {whole} is rounded up"
                )
