"""Everything about one obligation: who owes whom what, and how it came to that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from projections.details.base import Page, Reading, Section
from projections.reports.columns import (
    CREDITOR,
    CREDITOR_NAME,
    DEBTOR,
    DEBTOR_NAME,
    EFFECTIVE_ON,
    EVENT,
    MARKS,
    POSITION,
    SUMMARY,
    Column,
    hidden,
)
from projections.reports.marks import NOTES, left_with_former_body
from projections.reports.names import names_of
from projections.reports.owes import amount, titles
from projections.reports.part import refuse_untold
from projections.reports.slots import find_obligation
from projections.tables.views import rows_of

_POSTED = (
    replace(EFFECTIVE_ON, title="From"),
    Column(
        "reason", "Why", "In which way it changed: opened, discharged, reversed and so on.", "code"
    ),
    Column("amount", "Change", "By how much it changed.", "amount"),
    Column("left", "Left", "How much was left of it then.", "amount"),
    DEBTOR_NAME,
    CREDITOR_NAME,
    replace(SUMMARY, title="By what"),
    MARKS,
    replace(EVENT, title="Event", shown=False),
    *hidden(POSITION, DEBTOR, CREDITOR),
)


def obligation_page(reading: Reading, event: str, slot: str) -> Page:
    """Return an obligation: who owes whom what, and each posting with what was left after it.

    It is one that an event opened, by its slot or the start of that; raises NotFoundError if none,
    and ProjectionError where a part of the record does not tell it.
    """
    refuse_untold(reading.connection, reading.names, event, slot)
    obligation = find_obligation(reading.connection, event, slot, reading.at.known_at)
    rows = rows_of(
        reading.connection,
        """
        SELECT p.*, e.summary, e.enrolment, e.appointment,
               (SELECT by_event FROM withdrawals w
                WHERE w.event = e.event AND w.position <= ?2) AS withdrawn_by
        FROM postings p JOIN entries e ON e.position = p.position
        WHERE p.obligation = ?1 AND p.position <= ?2 ORDER BY p.position, p.rowid
        """,
        obligation,
        reading.at.known_at,
    )
    title = titles(reading.connection)[rows[0]["kind"]]
    # What is owed from a later day on, or by somebody else, is told under how it came to that.
    stands = [row for row in rows if row["effective_on"] <= reading.at.as_of]
    facts = {
        "obligation": obligation,
        "kind": rows[0]["kind"],
        "debtor": reading.called((stands or rows)[-1]["debtor"]),
        "creditor": reading.called((stands or rows)[-1]["creditor"]),
        "left": amount(sum(row["amount"] for row in stands), rows[0]["unit"]),
        "unit": rows[0]["unit"],
        "due_on": _falls_due(stands or rows),
        "opened_by": obligation[:36],
    }
    if not stands:
        facts["owed_from"] = min(row["effective_on"] for row in rows)
    if obligation in left_with_former_body(reading.connection, reading.store, reading.at, rows):
        facts["marks"] = f"left with former body: {NOTES['left with former body']}"
    return Page(
        "obligation",
        f"Obligation: {title}",
        reading.heading,
        (
            Section("obligation", "As it stands", facts),
            Section("postings", "How it came to that", None, _POSTED, _posted(reading, rows)),
        ),
    )


def _falls_due(rows: Iterable[dict[str, Any]]) -> str | None:
    """Return the day that the last posting says, by the day from which that counts."""
    told = [row for row in rows if row["due_on"]]
    last = max(told, key=lambda row: (row["effective_on"], row["position"]), default=None)
    return last["due_on"] if last else None


def _posted(reading: Reading, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    parties_named = [row[side] for row in rows for side in ("debtor", "creditor")]
    names = names_of(reading.connection, parties_named, reading.at)
    marks = reading.marks(rows)
    left, found = Decimal(0), []
    for row in rows:
        left += row["amount"]
        found.append(
            {
                "effective_on": row["effective_on"],
                "reason": row["reason"],
                "amount": amount(row["amount"], row["unit"]),
                "left": amount(int(left), row["unit"]),
                "debtor": row["debtor"],
                "debtor_name": names[row["debtor"]],
                "creditor": row["creditor"],
                "creditor_name": names[row["creditor"]],
                "summary": reading.names.sentence(row["summary"]),
                "marks": ", ".join(marks.of(row)),
                "event": row["event"],
                "position": row["position"],
            }
        )
    return found
