"""Targets that are still owed and of which somebody said that not all can be met."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.asking import words
from projections.reports.names import Names
from projections.reports.owes import Asked, balances
from projections.reports.statements import said_about
from projections.tables.views import Moment

_NOT_ANSWERED = "no answer yet"


def in_conflict(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, debtor: str, names: Names
) -> Iterator[str]:
    """Go through what is said to conflict of what a party is to reach, a sentence for each time.

    Each target is told with whom it is owed to, and with what they answered. Where fewer than two
    of them are left, nothing conflicts any more.
    """
    owed = balances(connection, at, Asked(by=debtor, kind="target"))
    owed_to = {row["obligation"][:36]: row["creditor"] for row in owed}
    about = partial(said_about, connection, store, at)
    said = {one.event: one for one in about(("TargetSet", "TargetConflictRaised"), owed_to)}
    raised = [one for one in said.values() if one.name == "TargetConflictRaised"]
    answers = {
        (one.data["target_conflict"].partition(":")[2], one.data["setter"]): one.data["answer"]
        for one in about(("TargetConflictAnswered",), (one.event for one in raised))
    }
    for conflict in sorted(raised, key=lambda one: one.position):
        targets = [said.get(one.partition(":")[2]) for one in conflict.data["targets"]]
        left = [one for one in targets if one is not None and one.event in owed_to]
        told = [
            _told(one, owed_to[one.event], names, _answer(answers, conflict, one, owed_to))
            for one in left
        ]
        if len(told) > 1:
            yield f"It said that not all of these targets can be met: {'; '.join(told)}."


def _answer(
    answers: dict[tuple[str, str], str], conflict: Said, target: Said, owed_to: dict[str, str]
) -> str:
    """Return what was answered for a target, by whoever it was or is owed to."""
    own = (target.data.get("agreed_with", ""), target.data["setter"], owed_to[target.event])
    found = (answers[conflict.event, one] for one in own if (conflict.event, one) in answers)
    return next(found, _NOT_ANSWERED)


def _told(target: Said, owed_to: str, names: Names, answer: str) -> str:
    said = target.data
    goal = f"{words(said['measure'])} {said['value']} by {said['due']}"
    return f"{goal}, for {names.party(owed_to)} ({answer})"
