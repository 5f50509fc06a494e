"""What is about to be said looks like what is recorded already, told before it is signed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ledger.events.judgements import FrameworkAdopted, JudgementMade
from ledger.store.base import EntryStore
from projections.reports.statements import said_by_types
from projections.tables.views import moment


class _Alike(NamedTuple):
    """By which members two events of a type look alike, what they are called, of which party."""

    members: tuple[str, ...]
    words: str
    party: str | None = None


_ALIKE = {
    JudgementMade.__name__: _Alike(
        ("judge", "about", "framework", "basis", "inspected_on"),
        "a judgement that is recorded already, with the same sides, framework, basis and day of"
        " inspection",
        "about",
    ),
    FrameworkAdopted.__name__: _Alike(
        ("slug",), "a framework that is adopted already, by the same short name"
    ),
}


def said_before(
    connection: sqlite3.Connection, store: EntryStore, name: str, data: Mapping[str, Any]
) -> Iterator[str]:
    """Say which events that stand look like one of this name that is about to be said."""
    alike = _ALIKE.get(name)
    if alike is None:
        return
    party = None if alike.party is None else data[alike.party]
    for other in said_by_types(connection, store, moment(connection), (name,), party):
        if all(other.data[member] == data[member] for member in alike.members):
            yield f"it looks like {alike.words}: `school-ledger show {other.event}`"
