"""What each event makes owed: posting rules, one table by event, no storage.

`postings` is a pure function of an entry and of what the record said before it::

    >>> [(p.kind, p.debtor, p.amount) for p in postings(entry, lookup)]
    [('support', 'school:900002', Decimal('6.0'))]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.entry import Entry
from ledger.facts.base import Family
from ledger.facts.ledgers import RULES as LEDGER_RULES
from ledger.facts.parties import FORMED, MEMBERS, YEAR, YEARS
from ledger.facts.schools import SCHOOL
from ledger.facts.support import COMMISSIONER, MADE_ON
from ledger.obligations import brokerage, correction, handover, partnership, registers, visits
from ledger.obligations.base import Kind, Lookup, Posting, Sheet

__all__ = ["FAMILIES", "KINDS", "POSTING_RULES", "Kind", "Lookup", "Posting", "postings"]

PostingRule = Callable[[Entry[Any], Sheet], None]

POSTING_RULES: dict[str, PostingRule] = {
    event.__name__: rule
    for module in (registers, partnership, brokerage, visits, handover, correction)
    for event, rule in module.RULES.items()
}

#: The facts that posting rules ask for.
FAMILIES: tuple[Family[Any], ...] = (
    LEDGER_RULES,
    FORMED,
    MEMBERS,
    YEAR,
    YEARS,
    SCHOOL,
    COMMISSIONER,
    MADE_ON,
)

KINDS: tuple[Kind, ...] = (
    Kind("support", "days of support"),
    Kind("peer_visit", "visits of the year"),
    Kind("attestation", "answer to a visit"),
    Kind("dispute_answer", "answer to a dispute"),
    Kind("impact_account", "account of impact"),
    Kind("ratification", "ratification by the head"),
    Kind("admission_answer", "answer to an application"),
    Kind("handover", "handover"),
    Kind("handover_acceptance", "acceptance of a handover"),
)


def postings(entry: Entry[Any], lookup: Lookup) -> list[Posting]:
    """Return what an entry changes in who owes what to whom; nothing for most registers."""
    rule = POSTING_RULES.get(entry.name)
    if rule is None:
        return []
    sheet = Sheet(entry, lookup)
    rule(entry, sheet)
    return sheet.made
