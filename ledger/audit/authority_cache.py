"""Verdicts about who may sign in which office, kept for as long as what they rest on stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from ledger.audit.by_entry import Actor, Register
from ledger.decision_model.facts import Fact, Family
from ledger.domain.registers import ledger, offices
from ledger.withdrawals import TAKING_BACK

__all__ = ["Memo"]

#: The families whose answers change with the day only where a tenure begins or ends.
_BY_TENURE = frozenset(
    {ledger.FOUNDED, offices.KEY, offices.OFFICE, offices.REGISTRAR_SINCE, offices.STANDINGS}
)
#: Events after which a key may rest on a compromised one that did not, or no longer.
_TURNING = frozenset({"KeyCompromised", "Vouched", *TAKING_BACK})
_EVER = ("", "~")
_MOST_VERDICTS = 200_000
_Who = tuple[str, str, str, str]


class Memo:
    """Verdicts that hold: who may sign in which office, and between which days.

    A verdict is a function of the facts that were looked at; when one of those is another, it is
    forgotten.
    """

    def __init__(self) -> None:
        self._days: dict[_Who, tuple[str, str]] = {}
        self._resting: dict[str, dict[Family[Any], tuple[Any, set[_Who]]]] = defaultdict(dict)

    def stands(self, actor: Actor) -> bool:
        """Whether this was found to hold on such a day."""
        days = self._days.get(actor[:4])
        return days is not None and days[0] <= actor[4] <= days[1]

    def keep(
        self, actor: Actor, looked: Iterable[Fact[Any]], look: Callable[[Fact[Any]], Any]
    ) -> bool:
        """Keep a verdict that rests on some facts; tell whether any other was forgotten for it."""
        changed = len(self._days) >= _MOST_VERDICTS
        if changed:
            self._days.clear()
            self._resting.clear()
        who = actor[:4]
        values = {fact: look(fact) for fact in looked}
        self._days[who] = _days(actor[4], values)
        for (family, tag), value in values.items():
            kept, resting = self._resting[tag].setdefault(family, (value, set()))
            if kept != value:
                self._drop(resting)
                self._resting[tag][family] = value, {who}
                changed = True
            else:
                resting.add(who)
        return changed

    def forget(self, register: Register, look: Callable[[Fact[Any]], Any]) -> bool:
        """Forget every verdict that rests on a fact which an entry, just applied, changed.

        Tell whether there was any.
        """
        changed = register.name in _TURNING and self._drop_what_rests_on_others()
        for tag in register.tags:
            families = self._resting.get(tag)
            if not families:
                continue
            for family, (value, resting) in list(families.items()):
                told = register.name in TAKING_BACK or register.name in family.folds
                if told and look(family.at(tag)) != value:
                    self._drop(resting)
                    del families[family]
                    changed = True
        return changed

    def _drop_what_rests_on_others(self) -> bool:
        """Forget what rests on the standings of all keys together."""
        families = self._resting.pop("", {})
        for _, resting in families.values():
            self._drop(resting)
        return bool(families)

    def _drop(self, resting: Iterable[_Who]) -> None:
        for who in resting:
            self._days.pop(who, None)


def _days(day: str, values: Mapping[Fact[Any], Any]) -> tuple[str, str]:
    """Return the first and last day on which a verdict of one day cannot be another."""
    if not all(family in _BY_TENURE for family, _ in values):
        return day, day
    # A turn is a first day on which something is different.
    on = date.fromisoformat(day)
    around = [
        value.turns_around(on) for (family, _), value in values.items() if family is offices.OFFICE
    ]
    before = max((turn for turn, _ in around if turn is not None), default=None)
    after = min((turn for _, turn in around if turn is not None), default=None)
    return (
        _EVER[0] if before is None else before.isoformat(),
        _EVER[1] if after is None else (after - timedelta(days=1)).isoformat(),
    )
