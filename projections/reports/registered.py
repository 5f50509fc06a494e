"""Parties by URN, short name or whole reference, from the record alone: no table is needed.

What they are called only the tables tell; so where views would first be built, what is named
otherwise waits for them, and what is not there is refused at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ledger.decision_model.facts import Fact
from ledger.domain.partnership import facts as partnerships
from ledger.domain.registers import bodies, schools
from ledger.store.base import EntryStore
from ledger.values import SLUG, URN, UUID7
from projections.reports.finding import no_such_urn
from projections.reports.keyholders import look_at

_URN = re.compile(rf"(?:school:|urn:)?({URN})")
_EVENT = re.compile(UUID7)
_REGISTERS: dict[str, Callable[[str], Fact[Any]]] = {
    "body": bodies.body,
    "partnership": partnerships.formed,
}


def registered(store: EntryStore, text: str, kind: str) -> str | None:
    """Return the party of a kind that is named so; None where only the tables can tell.

    Raises NotFoundError for a URN that no school has or had.
    """
    look = look_at(store, store.head())
    urn = _URN.fullmatch(text)
    if text.startswith("school:") and look(schools.school(text)) is not None:
        return text
    if urn is not None:
        found = look(schools.urn(f"urn:{urn[1]}"))
        if found is None:
            raise no_such_urn(text)
        return found
    reference = f"{kind}:{text.removeprefix(f'{kind}:')}"
    if not re.fullmatch(f"{kind}:{SLUG}", reference):
        return None
    register = _REGISTERS.get(kind)
    return None if register is None or look(register(reference)) is None else reference


def is_unknown(store: EntryStore, text: str) -> bool:
    """Whether the record alone tells that there is no such event; raises NotFoundError for a URN.

    An event is named by its whole id, alone or behind its kind or before the slot of what it
    opened.
    """
    if _URN.fullmatch(text):
        registered(store, text, "school")
    start = text.partition("/")[0].rpartition(":")[2]
    is_event = _EVENT.fullmatch(start) is not None and not text.startswith("person:")
    return is_event and not any(map(store.first_by_tag, (f"event:{start}", f"person:{start}")))
