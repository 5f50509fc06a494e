"""What differs between two answers to who owes what to whom, and which event made the difference.

Apart from what happened between the two moments stands what was learnt late: what had happened by
the first of them, and was recorded after it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.base import Report, heading
from projections.reports.columns import (
    CREDITOR,
    CREDITOR_NAME,
    DEBTOR,
    DEBTOR_NAME,
    DUE_ON,
    EVENTS,
    KIND,
    KIND_TITLE,
    LAST_POSITION,
    MARKS,
    OBLIGATION,
    SAID_BY,
    UNIT,
    Column,
    hidden,
)
from projections.reports.marks import Marks, explained
from projections.reports.names import Names
from projections.reports.owes import Asked, amount, balances, is_overdue, titles
from projections.reports.part import asked_of
from projections.reports.said_by import SaidBy
from projections.tables.views import Moment, rows_of

COLUMNS = (
    DEBTOR_NAME,
    CREDITOR_NAME,
    KIND_TITLE,
    Column("at_a", "At A", "How much of it is left at the first moment.", "amount"),
    Column("at_b", "At B", "How much of it is left at the second moment.", "amount"),
    Column("beyond_a", "Beyond at A", "What was given beyond it at the first moment.", "amount"),
    Column("beyond_b", "Beyond at B", "What was given beyond it at the second moment.", "amount"),
    UNIT,
    DUE_ON,
    Column("because", "Because", "The events that made the difference, in sentences."),
    MARKS,
    *hidden(
        Column(
            "cause", "Cause", "Whether it happened between the two, was learnt late, or fell due."
        ),
        Column(
            "overdue_a", "Overdue at A", "Whether it was overdue at the first moment.", "yes_no"
        ),
        Column(
            "overdue_b", "Overdue at B", "Whether it was overdue at the second moment.", "yes_no"
        ),
        OBLIGATION,
        KIND,
        DEBTOR,
        CREDITOR,
        LAST_POSITION,
        EVENTS,
        SAID_BY,
    ),
)
PASSED = "Due between the two, and the day passed"
BETWEEN = "Happened or took effect between the two"
LATE = "Had happened by the first, and was learnt late"
BOTH = "Happened between the two, and was in part learnt late"
"""What made a difference, in the order shown; the first without any event."""
_CAUSES = (BETWEEN, LATE, BOTH, PASSED)

Key = tuple[str, str, str]


class Posted(NamedTuple):
    """An event that one of two answers counts of an obligation, and the other does not."""

    event: str
    position: int
    is_late: bool


class Stand(NamedTuple):
    """How an obligation stands at a moment: amounts in hundredths, and whether it is overdue.

    `due_on` is the day on which what is left falls due.
    """

    left: int = 0
    beyond: int = 0
    is_overdue: bool = False
    due_on: str | None = None


class _Difference(NamedTuple):
    """An obligation that stands differently at two moments, with the events that made it so."""

    of: dict[str, Any]
    a: Stand
    b: Stand
    because: list[Posted]


def diff(
    connection: sqlite3.Connection,
    store: EntryStore,
    first: Moment,
    second: Moment,
    about: str | None = None,
) -> Report:
    """Return the obligations that stand differently at two moments, with the events why.

    Of a party those that it ever owed or was owed, else all. A row differs in what is left, in
    what was given beyond, in when it falls due, or in that its day passed.
    """
    names = Names(connection, store, second)
    about = asked_of(connection, names, about) or about
    found = _differences(connection, first, second, about)
    entries = _entries(connection, second, found)
    words = _Words(
        names,
        titles(connection),
        entries,
        Marks(connection, second, entries.values()),
        SaidBy(connection, second, entries),
    )
    rows = [_row(one, words) for one in found]
    rows.sort(key=lambda row: (_CAUSES.index(row["cause"]), row["position"], row["obligation"]))
    whose = f" of {words.names.party(about)}" if about else ""
    return Report(
        name="diff",
        title=f"What differs{whose} between {_moment(first)} (A) and {_moment(second)} (B)",
        heading=heading(connection, store, second),
        columns=COLUMNS,
        rows=rows,
        empty="Nothing differs.",
        group="cause",
        notes=explained(rows),
        asked=f"what {words.names.party(about)} owes and is owed" if about else "",
    )


def _differences(
    connection: sqlite3.Connection, first: Moment, second: Moment, about: str | None
) -> list[_Difference]:
    asked = Asked(about=about, settled=True)
    at_a = {_key(row): row for row in balances(connection, first, asked)}
    at_b = {_key(row): row for row in balances(connection, second, asked)}
    because = _because(connection, first, second)
    return [
        _Difference(at_b.get(key) or at_a[key], a, b, because.get(key, []))
        for key in at_a | at_b
        for a, b in [(_stand(at_a.get(key), first), _stand(at_b.get(key), second))]
        if a != b
    ]


def _key(row: Mapping[str, Any]) -> Key:
    return row["obligation"], row["debtor"], row["creditor"]


def _stand(row: Mapping[str, Any] | None, at: Moment) -> Stand:
    if row is None:
        return Stand()
    due_on = row["due_on"] if row["outstanding"] else None
    return Stand(row["outstanding"], row["beyond"], is_overdue(row, at), due_on)


def _because(
    connection: sqlite3.Connection, first: Moment, second: Moment
) -> dict[Key, list[Posted]]:
    """Return by obligation the events that one of two moments counts and the other does not."""
    sql = """
        SELECT obligation, debtor, creditor, event, position,
               min(position > :known_a AND effective_on <= :as_of_a) AS is_late
        FROM postings
        WHERE (position <= :known_a AND effective_on <= :as_of_a)
           <> (position <= :known_b AND effective_on <= :as_of_b)
        GROUP BY obligation, debtor, creditor, position ORDER BY position
    """
    asked = {"known_a": first.known_at, "as_of_a": first.as_of}
    asked |= {"known_b": second.known_at, "as_of_b": second.as_of}
    found: dict[Key, list[Posted]] = {}
    for row in connection.execute(sql, asked):
        posted = Posted(row["event"], row["position"], bool(row["is_late"]))
        found.setdefault(_key(row), []).append(posted)
    return found


def _entries(
    connection: sqlite3.Connection, at: Moment, found: Sequence[_Difference]
) -> dict[str, dict[str, Any]]:
    events = sorted({posted.event for one in found for posted in one.because})
    sql = """
        SELECT e.event, e.summary, e.enrolment, e.appointment,
               (SELECT by_event FROM withdrawals w
                WHERE w.event = e.event AND w.position <= ?2) AS withdrawn_by
        FROM json_each(?1) c JOIN entries e ON e.event = c.value
    """
    return {row["event"]: row for row in rows_of(connection, sql, json.dumps(events), at.known_at)}


class _Words(NamedTuple):
    """What rows are told with: names, titles of kinds, the events that are cited, their marks.

    And who has said them.
    """

    names: Names
    kinds: dict[str, str]
    entries: dict[str, dict[str, Any]]
    marks: Marks
    said: SaidBy


def _row(one: _Difference, words: _Words) -> dict[str, Any]:
    of, unit, names = one.of, one.of["unit"], words.names
    events = [posted.event for posted in one.because]
    cited = [words.entries[event] for event in events]
    marks = dict.fromkeys(mark for entry in cited for mark in words.marks.of(entry))
    return {
        "debtor_name": names.party(of["debtor"]),
        "creditor_name": names.party(of["creditor"]),
        "kind_title": words.kinds[of["kind"]],
        "at_a": amount(one.a.left, unit),
        "at_b": amount(one.b.left, unit),
        "unit": unit,
        "due_on": of["due_on"],
        "because": " ".join(names.sentence(entry["summary"]) for entry in cited),
        "marks": ", ".join(marks),
        "cause": _cause(one.because),
        "beyond_a": amount(one.a.beyond, unit) if one.a.beyond else "",
        "beyond_b": amount(one.b.beyond, unit) if one.b.beyond else "",
        "overdue_a": one.a.is_overdue,
        "overdue_b": one.b.is_overdue,
        "obligation": of["obligation"],
        "kind": of["kind"],
        "debtor": of["debtor"],
        "creditor": of["creditor"],
        "position": max((posted.position for posted in one.because), default=0),
        "events": events,
        "said_by": words.said.of(events),
    }


def _cause(because: Sequence[Posted]) -> str:
    if not because:
        return PASSED
    late = [posted.is_late for posted in because]
    if all(late):
        return LATE
    return BOTH if any(late) else BETWEEN


def _moment(at: Moment) -> str:
    return f"{at.as_of} as known at {at.known_at}"
