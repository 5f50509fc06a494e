"""What happened at a party, in time order, under whom and under which URN."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from ledger.selection import concerning
from ledger.store.base import EntryStore
from projections.reports.base import Report, heading
from projections.reports.columns import (
    EVENT,
    EVENT_START,
    HEAD,
    MARKS,
    OCCURRED_ON,
    OFFICE,
    POSITION,
    RECORDED_AT,
    SIGNED_BY,
    SIGNED_BY_NAME,
    SUMMARY,
    TENURE,
    TYPE,
    URN,
    WITHDRAWN_BY,
    hidden,
)
from projections.reports.marks import Marks, explained
from projections.reports.names import Names
from projections.reports.short_ids import short_id
from projections.tables.views import Moment, rows_of

COLUMNS = (
    OCCURRED_ON,
    SUMMARY,
    SIGNED_BY_NAME,
    OFFICE,
    EVENT_START,
    MARKS,
    *hidden(POSITION, EVENT, TYPE, RECORDED_AT, SIGNED_BY, URN, HEAD, TENURE, WITHDRAWN_BY),
)


def history(
    connection: sqlite3.Connection,
    store: EntryStore,
    party: str,
    at: Moment,
    under: str | None = None,
) -> Report:
    """Return everything that concerns a party up to a moment, by the day that it happened.

    What that is, `ledger.selection` tells. `under` narrows it to the tenure of a person.
    """
    names = Names(connection, store, at)
    entries = _entries(connection, concerning(store, party, at.known_at), at)
    around = _Around(
        connection,
        party,
        _tenures(connection, party, at),
        _urns(connection, party, at),
        names,
        Marks(connection, at, entries),
    )
    rows = [_row(row, around) for row in entries]
    if under is not None:
        rows = [row for row in rows if row["head"] == under]
    return Report(
        name="history",
        title=f"History of {names.party(party)}",
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty="Nothing is recorded about this party by then.",
        group="tenure" if around.urns else None,
        notes=explained(rows),
        asked=names.party(party) + (f", under {names.person(under)}" if under else ""),
    )


def _entries(
    connection: sqlite3.Connection, positions: Iterable[int], at: Moment
) -> list[dict[str, Any]]:
    return rows_of(
        connection,
        """
        SELECT e.position, e.event, e.type, e.occurred_on, e.recorded_at,
               e.signed_by, e.office, e.enrolment, e.appointment, e.summary,
               (SELECT by_event FROM withdrawals w
                WHERE w.event = e.event AND w.position <= ?2) AS withdrawn_by
        FROM json_each(?1) asked JOIN entries e ON e.position = asked.value
        WHERE e.occurred_on <= ?3
        ORDER BY e.occurred_on, e.position
        """,
        json.dumps(sorted(positions)),
        at.known_at,
        at.as_of,
    )


def _tenures(connection: sqlite3.Connection, party: str, at: Moment) -> list[dict[str, Any]]:
    """Return the heads of a school, by first day, each with a last day where one is known."""
    rows = rows_of(
        connection,
        "SELECT * FROM tenures WHERE office = ? AND position <= ? ORDER BY position",
        f"head@{party}",
        at.known_at,
    )
    begun = [row for row in rows if row["basis"] != "ended"]
    for ended in (row for row in rows if row["basis"] == "ended"):
        for tenure in begun:
            if tenure["person"] == ended["person"] and tenure["last"] is None:
                tenure["last"] = ended["last"]
    return sorted(begun, key=lambda row: str(row["first"]))


def _urns(connection: sqlite3.Connection, party: str, at: Moment) -> list[dict[str, Any]]:
    return rows_of(
        connection,
        "SELECT urn, first FROM urns WHERE school = ? AND position <= ? AND last IS NULL"
        " ORDER BY first IS NOT NULL, first, position",
        party,
        at.known_at,
    )


def _on(day: str, spans: list[dict[str, Any]]) -> dict[str, Any] | None:
    standing = [
        span
        for span in spans
        if (span["first"] is None or span["first"] <= day)
        and (span.get("last") is None or day <= span["last"])
    ]
    return standing[-1] if standing else None


class _Around(NamedTuple):
    """What a row draws on: the views, the party, its heads and URNs, names, what is in doubt."""

    connection: sqlite3.Connection
    party: str
    tenures: list[dict[str, Any]]
    urns: list[dict[str, Any]]
    names: Names
    marks: Marks


def _row(row: dict[str, Any], around: _Around) -> dict[str, Any]:
    day, party, names = row["occurred_on"], around.party, around.names
    head = _on(day, around.tenures)
    urn = _on(day, around.urns) or (around.urns[0] if around.urns else None)
    return {
        "position": row["position"],
        "event": row["event"],
        "event_start": short_id(around.connection, row["event"]),
        "type": row["type"],
        "occurred_on": day,
        "recorded_at": row["recorded_at"],
        "signed_by": row["signed_by"],
        "signed_by_name": names.person(row["signed_by"]),
        "office": row["office"].replace(f"@{party}", ""),
        "summary": names.sentence(row["summary"]),
        "urn": urn["urn"].partition(":")[2] if urn else None,
        "head": head["person"] if head else None,
        "tenure": _tenure(head, urn, names) if party.startswith("school:") else "",
        "withdrawn_by": row["withdrawn_by"],
        "marks": ", ".join(around.marks.of(row)),
    }


def _tenure(head: dict[str, Any] | None, urn: dict[str, Any] | None, names: Names) -> str:
    named = f"URN {urn['urn'].partition(':')[2]}" if urn else "no URN"
    if head is None:
        return f"{named}, no head in office"
    return f"{named}, head {names.person(head['person'])} ({head['basis']}) from {head['first']}"
