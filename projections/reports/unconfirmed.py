"""What a reader should look at twice: recorded for others, late, or on a key unvouched or in doubt.

What was withdrawn counts for nothing any more, and is left out; what an office disowned is shown.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger.days import day_of
from ledger.selection import concerning
from ledger.store.base import EntryStore
from projections.reports.asking import About, From, Question, To, in_words, titled
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    DAYS_LATE,
    EVENT_START,
    EVENTS,
    LAST_POSITION,
    MARKS,
    OCCURRED_ON,
    OFFICE,
    RECORDED_AT,
    RECORDED_ON,
    SAID_BY,
    SIGNED_BY,
    SIGNED_BY_NAME,
    SUMMARY,
    TYPE,
    Column,
    hidden,
)
from projections.reports.marks import (
    RecordedFor,
    compromised,
    doubtful,
    explained,
    late,
    recorded_for,
    unvouched,
)
from projections.reports.names import Names
from projections.reports.resting import Resting
from projections.reports.short_ids import short_id
from projections.tables.views import Moment, rows_of

COLUMNS = (
    OCCURRED_ON,
    SUMMARY,
    SIGNED_BY_NAME,
    Column("recorded_for", "Recorded for", "The office for which another recorded it, in words."),
    Column("why", "Reasons", "Why it waits for a second look, each reason in words."),
    DAYS_LATE,
    Column(
        "waiting",
        "Days waiting",
        "For how many days, up to the day asked for, its office has not answered, or nobody has"
        " vouched for what it rests on.",
        "number",
    ),
    Column(
        "has_key",
        "Has a key",
        "Whether who holds that office on the day asked for has a key to answer with.",
        "yes_no",
    ),
    EVENT_START,
    *hidden(MARKS, OFFICE, RECORDED_ON, TYPE, RECORDED_AT, SIGNED_BY, SAID_BY, EVENTS),
    *hidden(
        LAST_POSITION,
        Column("for_office", "For", "The office for which it was recorded.", "code"),
        Column("authority", "Authority", "The event that lodged the document.", "event"),
        Column("disowned", "Disowned", "Whether that office never said so.", "yes_no"),
    ),
)
_ALWAYS_TOLD = ("late", "unvouched", "doubtful")
_KEY = "nobody else has vouched for the signer's key"
_OFFICE = "nobody else has vouched for the signer's appointment"
_WAITING = "its office has not confirmed it"
_NEVER_SAID = "its office disowned it"
_ON_DISOWNED = "it rests on what an office disowned"
_ONE_HAND = "one recorder wrote both halves"
_RESTING = "it rests on what was signed with a key that may have been in other hands"


class Asked(NamedTuple):
    """Which events: those that concern a party or all, that happened from a day to a day."""

    about: About = None
    since: From = None
    to: To = None


def unconfirmed(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> Report:
    """Return the events that wait for a second look, by the day that they happened."""
    names = Names(connection, store, at)
    doubts = _Doubts(connection, at)
    positions = None if asked.about is None else concerning(store, asked.about, at.known_at)
    found = [
        entry
        for entry in doubts.entries()
        if (positions is None or entry["position"] in positions) and _is_within(entry, asked)
    ]
    keys = _Keys(store, at)
    resting = Resting(connection, at, (entry["event"] for entry in found))
    rows = [
        _row(entry, doubts, at, names, keys)
        | resting.of([entry["event"]])
        | {"event_start": short_id(connection, entry["event"])}
        for entry in found
    ]
    words = in_words(asked, names)
    return Report(
        name="unconfirmed",
        title=titled("What waits for a second look", words),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked(
            "Nothing waits for an office that it was recorded for, nothing was recorded late,"
            " and nothing rests on a key unvouched or in doubt.",
            words,
        ),
        notes=[*_counted(rows), *explained(rows)],
        asked=words,
    )


def _is_within(entry: dict[str, Any], asked: Asked) -> bool:
    day = entry["occurred_on"]
    return bool((asked.since or "") <= day <= (asked.to or day))


def _counted(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Say how many rows there are for each reason; one row may have several."""
    counts = {
        mark: sum(mark in row["marks"].split(", ") for row in rows)
        for mark in (*_ALWAYS_TOLD, *RecordedFor._fields[:2])
    }
    if rows:
        told = ", ".join(
            f"{count} {mark}" for mark, count in counts.items() if count or mark in _ALWAYS_TOLD
        )
        yield f"Of {len(rows)}: {told}."


class _Doubts:
    """Which events are late, unvouched or doubtful at a moment, and why."""

    def __init__(self, connection: sqlite3.Connection, at: Moment) -> None:
        self._connection, self._at = connection, at
        self._doubtful = doubtful(connection, at)
        self._since = compromised(connection, at)
        sql = "SELECT enrolment, appointment FROM entries WHERE position <= ? GROUP BY 1, 2"
        grounds = {
            ground for pair in connection.execute(sql, (at.known_at,)) for ground in tuple(pair)
        }
        self._unvouched = unvouched(connection, at, grounds, self._doubtful)
        self._late: dict[str, int] = {}
        sql = "SELECT event FROM recorded_for"
        recorded = [row[0] for row in connection.execute(sql)]
        self._recorded = recorded_for(connection, at, recorded)

    def entries(self) -> list[dict[str, Any]]:
        """Return the entries of these events, by the day that they happened."""
        sql = """
            SELECT e.position, e.event, e.type, e.occurred_on, e.recorded_at, e.signed_by,
                   e.office, e.key, e.enrolment, e.appointment, e.summary,
                   r.office AS for_office, r.authority
            FROM entries e LEFT JOIN recorded_for r ON r.event = e.event
            WHERE e.position <= ?1 AND e.occurred_on <= ?2
              AND (e.enrolment IN (SELECT value FROM json_each(?3))
                   OR e.appointment IN (SELECT value FROM json_each(?3))
                   OR e.event IN (SELECT value FROM json_each(?4))
                   OR EXISTS (SELECT 1 FROM late l WHERE l.event = e.event))
              AND (e.event IN (SELECT value FROM json_each(?5))
                   OR NOT EXISTS (SELECT 1 FROM withdrawals w
                                  WHERE w.event = e.event AND w.position <= ?1))
            ORDER BY e.occurred_on, e.position
        """
        told = self._doubtful.union(*self._recorded)
        disowned = self._recorded.disowned
        lists = [json.dumps(sorted(each)) for each in (self._unvouched, told, disowned)]
        found = rows_of(self._connection, sql, self._at.known_at, self._at.as_of, *lists)
        self._late = late(self._connection, (entry["event"] for entry in found))
        return found

    def days_late(self, entry: dict[str, Any]) -> int | None:
        return self._late.get(entry["event"])

    def is_disowned(self, entry: dict[str, Any]) -> bool:
        return entry["event"] in self._recorded.disowned

    def is_waiting(self, entry: dict[str, Any]) -> bool:
        """Whether somebody's answer is waited for: the office's, or whoever vouches."""
        return entry["event"] in self._recorded.unconfirmed or self.is_unvouched(entry)

    def is_unvouched(self, entry: dict[str, Any]) -> bool:
        return not self._unvouched.isdisjoint((entry["enrolment"], entry["appointment"]))

    def why(self, entry: dict[str, Any]) -> Iterator[str]:
        """Go through the reasons why an event waits for a second look."""
        reasons = (_WAITING, _NEVER_SAID, _ON_DISOWNED, _ONE_HAND)
        for reason, events in zip(reasons, self._recorded, strict=True):
            if entry["event"] in events:
                yield reason
        days = self.days_late(entry)
        if days is not None:
            yield f"recorded {days} days after it happened"
        if entry["enrolment"] in self._unvouched:
            yield _KEY
        if entry["appointment"] in self._unvouched:
            yield _OFFICE
        if entry["event"] in self._doubtful:
            yield self._why_doubtful(entry)

    def _why_doubtful(self, entry: dict[str, Any]) -> str:
        since = self._since.get(entry["key"])
        if since is None or entry["recorded_at"] < since:
            return _RESTING
        return f"its key may have been in other hands since {since}"


class _Keys:
    """Whether who holds an office at a moment has a key to answer with; each asked once."""

    def __init__(self, store: EntryStore, at: Moment) -> None:
        self._store, self._at = store, at
        self._told: dict[str, bool] = {}

    def has(self, office: str) -> bool:
        """Return whether a holder of an office has a live key."""
        if office not in self._told:
            self._told[office] = self._has(office)
        return self._told[office]

    def _has(self, office: str) -> bool:
        # With the vocabulary: in most ledgers every office speaks for itself.
        from ledger.decision_model.facts import Book  # noqa: PLC0415
        from ledger.domain.registers import offices  # noqa: PLC0415
        from ledger.format.entry import read_entry  # noqa: PLC0415

        def read(tag: str, types: Sequence[str], before: int | None) -> list[Any]:
            rows = self._store.by_tag(tag, types, before=before)
            return [read_entry(*row) for row in rows]

        look = Book(read, self._at.known_at).look
        tenures = look(offices.office(office))
        holding = offices.holders(office, tenures, date.fromisoformat(self._at.as_of))
        return any(offices.has_live_key(look, one.person) for one in holding)


def _row(
    entry: dict[str, Any], doubts: _Doubts, at: Moment, names: Names, keys: _Keys
) -> dict[str, Any]:
    recorded_on = day_of(entry["recorded_at"])
    waiting = (date.fromisoformat(at.as_of) - date.fromisoformat(recorded_on)).days
    return {
        "occurred_on": entry["occurred_on"],
        "summary": names.sentence(entry["summary"]),
        "signed_by_name": names.person(entry["signed_by"]),
        "why": "; ".join(doubts.why(entry)),
        "days_late": doubts.days_late(entry),
        "waiting": max(0, waiting) if doubts.is_waiting(entry) else None,
        "recorded_for": names.office(entry["for_office"]) if entry["for_office"] else None,
        "for_office": entry["for_office"],
        "has_key": keys.has(entry["for_office"]) if entry["for_office"] else None,
        "authority": entry["authority"],
        "disowned": doubts.is_disowned(entry) if entry["for_office"] else None,
        "office": entry["office"],
        "recorded_on": recorded_on,
        "type": entry["type"],
        "recorded_at": entry["recorded_at"],
        "signed_by": entry["signed_by"],
    }


QUESTION = Question(
    name="unconfirmed",
    tells="Show what was recorded for others and not confirmed, or late, or on a key in doubt.",
    asked=Asked,
    answer=unconfirmed,
    examples=("", "--about 900003 --as-of 2025-12-31", "--from 2025-09-01 -o second-look.html"),
    of_part="about",
)
