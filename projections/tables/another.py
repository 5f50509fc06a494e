"""The fold behind what was recorded for others: for which office, and how that office answered."""

from __future__ import annotations

from typing import Any

from ledger.decision_model.created import FOR_OFFICE
from ledger.domain.another.facts import ANSWERS, answered_by
from ledger.format.entry import Entry
from ledger.values import event_id
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import ANOTHER

_RECORDED = "INSERT OR IGNORE INTO recorded_for VALUES (?, ?, ?)"
_ANSWERED = "INSERT OR IGNORE INTO answered VALUES (?, ?, ?, ?)"
_READERS = "INSERT OR IGNORE INTO readers VALUES (?, ?)"


def _apply(entry: Entry[Any], tables: Tables) -> None:
    said = entry.data
    office = said.get(FOR_OFFICE)
    if office is not None:
        tables.insert(_RECORDED, (entry.id, office, event_id(said.get("authority", ""))))
    how = ANSWERS.get(entry.name)
    if how is not None:
        rows = [(event, how, entry.id, entry.position) for event in answered_by(entry)]
        tables.insert_all(_ANSWERED, rows)
    if "readers" in said:
        tables.insert(_READERS, (entry.id, said["readers"]))


PROJECTION = Projection(ANOTHER, (), _apply)
