"""The record again, event by event: each with what it changed in who owes what to whom.

Events come in the order of recording. What is counted is what `owes` counts at the moment asked
for, so that the balances after the last event are its answer. What happened after the day asked
for is told only where it changed what counts on that day.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.days import day_of
from ledger.selection import concerning
from ledger.store.base import EntryStore
from projections.reports.base import Heading, Report, heading
from projections.reports.columns import (
    AFTER,
    BEFORE,
    CHANGE,
    CREDITOR,
    CREDITOR_NAME,
    DEBTOR,
    DEBTOR_NAME,
    EFFECTIVE_ON,
    EVENT,
    EVENTS,
    GIVEN_BEYOND,
    KIND,
    KIND_TITLE,
    MARKS,
    OBLIGATION,
    OCCURRED_ON,
    OFFICE,
    POSITION,
    RECORDED_ON,
    SAID_BY,
    SIGNED_BY,
    SUMMARY,
    TYPE,
    UNIT,
    hidden,
)
from projections.reports.marks import Marks, explained
from projections.reports.names import Names, day_in_words
from projections.reports.owes import amount, titles
from projections.reports.part import asked_of
from projections.reports.said_by import SaidBy
from projections.tables.views import Moment, rows_of

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    DEBTOR_NAME,
    CREDITOR_NAME,
    KIND_TITLE,
    BEFORE,
    CHANGE,
    AFTER,
    UNIT,
    GIVEN_BEYOND,
    EFFECTIVE_ON,
    MARKS,
    *hidden(
        SAID_BY,
        POSITION,
        RECORDED_ON,
        OCCURRED_ON,
        SUMMARY,
        OBLIGATION,
        KIND,
        DEBTOR,
        CREDITOR,
        EVENT,
        TYPE,
        SIGNED_BY,
        OFFICE,
        EVENTS,
    ),
)
UNCHANGED = "nothing owed changed"
UNCHANGED_OF_IT = "none of its own changed"
_OF_A_SIDE = """
    SELECT obligation FROM postings WHERE debtor = ?2
    UNION SELECT obligation FROM postings WHERE creditor = ?2
"""


class Asked(NamedTuple):
    """Which events: those that concern a party or all, recorded from a day to a day inclusive."""

    about: str | None = None
    since: str | None = None
    until: str | None = None


def replay(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return the events that concern a party, by position, each with the balances it changed.

    A row is one balance that an event changed, before and after it; an event that changed none
    has one row without figures. Balances begin with the first event of the record, whatever day
    the events begin that are shown.
    """
    names, kinds = Names(connection, store, at), titles(connection)
    asked = asked._replace(about=asked_of(connection, names, asked.about) or asked.about)
    entries = _entries(connection, store, at, asked.about)
    marks = Marks(connection, at, entries)
    said = SaidBy(connection, at, (entry["event"] for entry in entries))
    changed = _changes(connection, at, asked.about)
    rows = []
    for entry in entries:
        recorded_on = day_of(entry["recorded_at"])
        if not (asked.since or "") <= recorded_on <= (asked.until or recorded_on):
            continue
        of_it = changed.get(entry["position"], ())
        if not of_it and entry["occurred_on"] > at.as_of:
            continue
        told = _told(entry, recorded_on, names, marks)
        told["said_by"] = said.of([entry["event"]])
        found = [told | _change(one, names, kinds) for one in of_it]
        rows += found or [told | {"kind_title": UNCHANGED_OF_IT if asked.about else UNCHANGED}]
    head = heading(connection, store, at)
    return Report(
        name="replay",
        title=f"Replay of {names.party(asked.about)}" if asked.about else "Replay",
        heading=head,
        columns=COLUMNS,
        rows=rows,
        empty=_nothing(head, asked),
        group="event_line",
        notes=explained(rows),
        asked=_words(asked, names),
        picture=partial(_picture, asked.about),
    )


def _nothing(head: Heading, asked: Asked) -> str:
    """Say why no event is told."""
    if min(asked.until or head.as_of, head.as_of) < head.begins_on:
        return f"Nothing was recorded by then: the record begins on {day_in_words(head.begins_on)}."
    return f"Nothing was recorded then that had happened by {day_in_words(head.as_of)}."


def _picture(about: str | None, rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.replay_picture import picture  # noqa: PLC0415 - only where it is drawn

    return picture(about, rows)


def _words(asked: Asked, names: Names) -> str:
    """Return in words what is asked for."""
    said = [
        asked.about and f"what concerns {names.party(asked.about)}",
        asked.since and f"recorded on {asked.since} or later",
        asked.until and f"recorded on {asked.until} or before",
    ]
    return ", ".join(word for word in said if word)


def _entries(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, about: str | None
) -> list[dict[str, Any]]:
    """Return the events known that concern a party, or all, as `ledger.selection` tells."""
    concerned = "" if about is None else "JOIN json_each(?2) asked ON asked.value = e.position"
    positions = [] if about is None else [json.dumps([*concerning(store, about, at.known_at)])]
    sql = f"""
        SELECT e.position, e.event, e.type, e.occurred_on, e.recorded_at, e.signed_by, e.office,
               e.enrolment, e.appointment, e.summary,
               (SELECT by_event FROM withdrawals w
                WHERE w.event = e.event AND w.position <= ?1) AS withdrawn_by
        FROM entries e {concerned} WHERE e.position <= ?1 ORDER BY e.position
    """  # noqa: S608 - `concerned` is a constant
    return rows_of(connection, sql, at.known_at, *positions)


class Change(NamedTuple):
    """What an event changed in one balance, in hundredths of its unit, from a day on."""

    posting: dict[str, Any]
    before: int
    change: int = 0
    beyond: int = 0

    def and_by(self, row: dict[str, Any]) -> Change:
        """Return the change with that by one more posting of the event."""
        return self._replace(change=self.change + row["amount"], beyond=self.beyond + row["beyond"])


def _changes(
    connection: sqlite3.Connection, at: Moment, about: str | None
) -> dict[int, list[Change]]:
    """Return by position what changed in each balance that counts at a moment, gone through once.

    A balance is what one party owes another under one obligation. What one event changes of it
    on several days is one change, from the first of them.
    """
    balances: dict[tuple[str, str, str], int] = defaultdict(int)
    found: dict[int, list[Change]] = {}
    for position, postings in groupby(
        _postings(connection, at, about), lambda row: row["position"]
    ):
        changes: dict[tuple[str, str, str], Change] = {}
        for row in postings:
            key = (row["obligation"], row["debtor"], row["creditor"])
            so_far = changes.get(key) or Change(row, balances[key])
            changes[key] = so_far.and_by(row)
            balances[key] += row["amount"]
        found[position] = [one for one in changes.values() if one.change or one.beyond]
    return found


def _postings(
    connection: sqlite3.Connection, at: Moment, about: str | None
) -> Iterator[dict[str, Any]]:
    sql = f"""
        SELECT position, obligation, kind, debtor, creditor, amount, beyond, unit,
               effective_on
        FROM postings WHERE position <= ?1 AND effective_on <= ?3
        {f"AND obligation IN ({_OF_A_SIDE})" if about else ""}
        ORDER BY position, effective_on, rowid
    """  # noqa: S608 - a constant
    for row in connection.execute(sql, (at.known_at, about, at.as_of)):
        yield dict(row)


def _told(entry: dict[str, Any], recorded_on: str, names: Names, marks: Marks) -> dict[str, Any]:
    summary = names.sentence(entry["summary"])
    position, day = entry["position"], entry["occurred_on"]
    late = "" if recorded_on == day else f", recorded {recorded_on}"
    return {
        "event_line": f"{position}  {day}{late}  {summary.rstrip('.')}",
        "position": position,
        "recorded_on": recorded_on,
        "occurred_on": day,
        "summary": summary,
        "event": entry["event"],
        "events": [entry["event"]],
        "type": entry["type"],
        "signed_by": entry["signed_by"],
        "office": entry["office"],
        "marks": ", ".join(marks.of(entry)),
    }


def _change(change: Change, names: Names, kinds: dict[str, str]) -> dict[str, Any]:
    posting, unit = change.posting, change.posting["unit"]
    return {
        "debtor_name": names.party(posting["debtor"]),
        "creditor_name": names.party(posting["creditor"]),
        "kind_title": kinds[posting["kind"]],
        "before": amount(change.before, unit),
        "change": amount(change.change, unit),
        "after": amount(change.before + change.change, unit),
        "unit": unit,
        "given_beyond": amount(change.beyond, unit) if change.beyond else "",
        "effective_on": posting["effective_on"],
        "obligation": posting["obligation"],
        "kind": posting["kind"],
        "debtor": posting["debtor"],
        "creditor": posting["creditor"],
    }
