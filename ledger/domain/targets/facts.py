"""Facts about targets: when one is due, what is said to conflict with it, who commissions."""

from __future__ import annotations

from datetime import date

from ledger.decision_model.facts import Fact, Family, is_own
from ledger.events.money import FundingReceived
from ledger.events.targets import TargetConflictRaised, TargetSet
from ledger.format.entry import Entry
from ledger.values import event_id


def _set(value: date | None, entry: Entry[TargetSet], tag: str) -> date | None:
    return entry.event.due if is_own(entry, tag) else value


DUE: Family[date | None] = Family("target_due", "event", None, {TargetSet: _set}, own=True)

Conflicts = tuple[tuple[str, frozenset[str]], ...]


def _raised(value: Conflicts, entry: Entry[TargetConflictRaised], tag: str) -> Conflicts:
    named = frozenset(entry.data["targets"])
    ours = any(f"event:{event_id(one)}" == tag for one in named)
    return (*value, (entry.id, named)) if ours else value


CONFLICTS: Family[Conflicts] = Family(
    "target_conflicts", "event", (), {TargetConflictRaised: _raised}
)


def conflicts(target: str) -> Fact[Conflicts]:
    """Return what was said to conflict with a target: by which event, and which targets."""
    return CONFLICTS.at(f"event:{event_id(target)}")


Funders = tuple[tuple[str, str], ...]


def _funded(value: Funders, entry: Entry[FundingReceived], tag: str) -> Funders:
    said = entry.data
    arrived = said["under"].startswith("funding:") and "returns" not in said
    if not arrived or said["payee"] != tag:
        return value
    pair = (said["sender"], said["under"])
    return value if pair in value else (*value, pair)


def _funders(prefix: str) -> Family[Funders]:
    return Family(f"funders of a {prefix}", prefix, (), {FundingReceived: _funded})


OF_SCHOOL = _funders("school")
OF_PARTNERSHIP = _funders("partnership")
_OF = {family.prefix: family for family in (OF_SCHOOL, OF_PARTNERSHIP)}


def funders(payee: str) -> Fact[Funders]:
    """Return whose money a school or partnership received, each with the funding that it is of."""
    return _OF[payee.partition(":")[0]].at(payee)
