"""Facts about the ledger as a whole: how it was founded, and its default days."""

from __future__ import annotations

from ledger.entry import Entry
from ledger.events.registers import LedgerFounded, LedgerRulesSet
from ledger.facts.base import Fact, Family
from ledger.values import REGISTRAR

# Both are signed by the registrar, whose office is therefore a tag of theirs.
_TAG = f"office:{REGISTRAR}"


def _founded(
    value: LedgerFounded | None, entry: Entry[LedgerFounded], _tag: str
) -> LedgerFounded | None:
    return value or entry.event


def _rules(
    _value: LedgerRulesSet | None, entry: Entry[LedgerRulesSet], _tag: str
) -> LedgerRulesSet | None:
    return entry.event


FOUNDED: Family[LedgerFounded | None] = Family("founded", "office", None, {LedgerFounded: _founded})
RULES: Family[LedgerRulesSet | None] = Family("rules", "office", None, {LedgerRulesSet: _rules})


def founded() -> Fact[LedgerFounded | None]:
    """Return how the ledger was founded; None before it was."""
    return FOUNDED.at(_TAG)


def rules() -> Fact[LedgerRulesSet | None]:
    """Return the default days for every answer; None before they were set."""
    return RULES.at(_TAG)
