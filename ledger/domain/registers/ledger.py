"""Facts about the ledger as a whole: how it was founded, and its default days."""

from __future__ import annotations

from ledger.decision_model.facts import Fact, Family, Look
from ledger.events.registers import LedgerFounded, LedgerRulesSet, LogKeyChanged
from ledger.format.entry import Entry
from ledger.values import REGISTRAR

# Both are signed by the registrar, whose office is therefore a tag of theirs.
_TAG = f"office:{REGISTRAR}"
#: Days allowed for every answer, and after which something counts as late, before either was set.
DEFAULT_DAYS = 20


def _founded(
    value: LedgerFounded | None, entry: Entry[LedgerFounded], _tag: str
) -> LedgerFounded | None:
    return value or entry.event


def _rules(
    _value: LedgerRulesSet | None, entry: Entry[LedgerRulesSet], _tag: str
) -> LedgerRulesSet | None:
    return entry.event


def _first_log_key(
    value: tuple[str, ...], entry: Entry[LedgerFounded], _tag: str
) -> tuple[str, ...]:
    return value or (entry.event.log_key,)


def _next_log_key(
    value: tuple[str, ...], entry: Entry[LogKeyChanged], _tag: str
) -> tuple[str, ...]:
    return (*value, entry.event.log_key)


def _log_key_change(
    value: tuple[str, ...], entry: Entry[LogKeyChanged], _tag: str
) -> tuple[str, ...]:
    return (*value, entry.id)


def _first_term(
    value: tuple[tuple[str, int], ...], entry: Entry[LedgerFounded], _tag: str
) -> tuple[tuple[str, int], ...]:
    return value or ((entry.event.log_key, entry.position),)


def _next_term(
    value: tuple[tuple[str, int], ...], entry: Entry[LogKeyChanged], _tag: str
) -> tuple[tuple[str, int], ...]:
    return (*value, (entry.event.log_key, entry.position))


LOG_KEY_TERMS: Family[tuple[tuple[str, int], ...]] = Family(
    "log key terms", "office", (), {LedgerFounded: _first_term, LogKeyChanged: _next_term}
)
LOG_KEY_CHANGES: Family[tuple[str, ...]] = Family(
    "log key changes", "office", (), {LogKeyChanged: _log_key_change}
)
LOG_KEYS: Family[tuple[str, ...]] = Family(
    "log keys", "office", (), {LedgerFounded: _first_log_key, LogKeyChanged: _next_log_key}
)
FOUNDED: Family[LedgerFounded | None] = Family("founded", "office", None, {LedgerFounded: _founded})
RULES: Family[LedgerRulesSet | None] = Family("rules", "office", None, {LedgerRulesSet: _rules})
_RULES_AT = RULES.at(_TAG)  # asked again and again


def founded() -> Fact[LedgerFounded | None]:
    """Return how the ledger was founded; None before it was."""
    return FOUNDED.at(_TAG)


def rules() -> Fact[LedgerRulesSet | None]:
    """Return the default days for every answer; None before they were set."""
    return _RULES_AT


def late_days(look: Look) -> int:
    """Return after how many days what is recorded counts as late."""
    rules_set = look(rules())
    return DEFAULT_DAYS if rules_set is None else rules_set.late_days or DEFAULT_DAYS


def log_keys() -> Fact[tuple[str, ...]]:
    """Return the verifier keys that the log was ever signed with, the one in use last."""
    return LOG_KEYS.at(_TAG)


def log_key_terms() -> Fact[tuple[tuple[str, int], ...]]:
    """Return the same, each with the position of the entry that named it."""
    return LOG_KEY_TERMS.at(_TAG)


def log_key_changes() -> Fact[tuple[str, ...]]:
    """Return the ids of the events by which the log took another key, in their order."""
    return LOG_KEY_CHANGES.at(_TAG)
