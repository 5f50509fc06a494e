"""What happened at a party, in time order, under whom and under which URN."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.selection import concerning
from ledger.store.base import EntryStore
from projections.reports.bands import Band, Bands, bands, on, told
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    DAYS_LATE,
    EVENT,
    EVENT_START,
    EVENTS,
    HEAD,
    MARKS,
    OCCURRED_ON,
    OFFICE,
    OFFICE_NAME,
    POSITION,
    RECORDED_AT,
    RESPONSIBLE_BODY,
    SAID_BY,
    SIGNED_BY,
    SIGNED_BY_NAME,
    SUMMARY,
    TENURE,
    TYPE,
    URN,
    WITHDRAWN_BY,
    hidden,
)
from projections.reports.in_category import InCategory, ended_by
from projections.reports.marks import Marks, explained, late
from projections.reports.names import Names
from projections.reports.part import remarks
from projections.reports.said_by import SaidBy
from projections.reports.short_ids import short_id
from projections.tables.views import Moment, rows_of

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    OCCURRED_ON,
    SUMMARY,
    SIGNED_BY_NAME,
    OFFICE_NAME,
    EVENT_START,
    MARKS,
    *hidden(SAID_BY, POSITION, EVENT, TYPE, RECORDED_AT, DAYS_LATE, SIGNED_BY, URN, HEAD),
    *hidden(
        RESPONSIBLE_BODY,
        replace(OFFICE, title="Office, by reference"),
        TENURE,
        WITHDRAWN_BY,
        EVENTS,
    ),
)


class Narrowed(NamedTuple):
    """What of a history is asked for: that of a person's tenure, from a day to a day."""

    under: str | None = None
    since: str | None = None
    to: str | None = None

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is asked for."""
        day = row["occurred_on"]
        of_tenure = self.under in (None, row["head"])
        return of_tenure and (self.since or "") <= day <= (self.to or day)

    def in_words(self, names: Names) -> str:
        """Return in words what narrows it."""
        said = [
            self.under and f", under {names.person(self.under)}",
            self.since and f", from {self.since}",
            self.to and f", to {self.to}",
        ]
        return "".join(word for word in said if word)


def history(
    connection: sqlite3.Connection,
    store: EntryStore,
    party: str,
    at: Moment,
    narrowed: Narrowed = Narrowed(),  # noqa: B008 - it never changes
) -> Report:
    """Return everything that concerns a party up to a moment, by the day that it happened.

    What that is, `ledger.selection` tells.
    """
    names = Names(connection, store, at)
    entries = _entries(connection, concerning(store, party, at.known_at), at)
    around = _Around(
        connection,
        party,
        bands(connection, party, at),
        names,
        Marks(connection, at, entries),
        SaidBy(connection, at, (row["event"] for row in entries)),
        late(connection, (row["event"] for row in entries)),
        ended_by(connection, party, at),
    )
    rows = [row for row in (_row(row, around) for row in entries) if narrowed.takes(row)]
    further = narrowed.in_words(names)
    return Report(
        name="history",
        title=f"History of {names.party(party)}",
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked(
            "Nothing is recorded about this party by then.", further.removeprefix(", ")
        ),
        group="tenure" if around.bands.urns else None,
        notes=[*remarks(connection, names, party), *explained(rows)],
        asked=names.party(party) + further,
        picture=partial(_picture, told(around.bands, names), at.as_of),
    )


def _entries(
    connection: sqlite3.Connection, positions: Iterable[int], at: Moment
) -> list[dict[str, Any]]:
    return rows_of(
        connection,
        """
        SELECT e.position, e.event, e.type, e.occurred_on, e.recorded_at,
               e.signed_by, e.office, e.enrolment, e.appointment, e.summary,
               EXISTS (SELECT 1 FROM entries by WHERE by.event = e.appointment
                       AND by.type = 'AuthorityDelegated') AS is_delegated,
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


def _picture(had: Sequence[Band], as_of: str, rows: Sequence[dict[str, Any]]) -> Picture:
    from projections.reports.history_picture import picture  # noqa: PLC0415 - only where it is drawn

    return picture(had, as_of, rows)


class _Around(NamedTuple):
    """What a row draws on: the views, the party, what it had, names, doubts, who said it, late.

    `ended` are times in a category of concern, each by the event that ended it.
    """

    connection: sqlite3.Connection
    party: str
    bands: Bands
    names: Names
    marks: Marks
    said: SaidBy
    late: dict[str, int]
    ended: Mapping[str, InCategory]


def _row(row: dict[str, Any], around: _Around) -> dict[str, Any]:
    day, party, names = row["occurred_on"], around.party, around.names
    had = around.bands
    head, body = on(day, had.heads), on(day, had.bodies)
    over = around.ended.get(row["event"])
    ended = [over.end_in_words()] if over else []
    urn = on(day, had.urns) or (had.urns[0] if had.urns else None)
    return {
        "position": row["position"],
        "event": row["event"],
        "event_start": short_id(around.connection, row["event"]),
        "type": row["type"],
        "occurred_on": day,
        "recorded_at": row["recorded_at"],
        "days_late": around.late.get(row["event"]),
        "signed_by": row["signed_by"],
        "signed_by_name": names.person(row["signed_by"]),
        "office": row["office"].replace(f"@{party}", ""),
        "office_name": _office(row, party, names),
        "summary": " ".join((names.sentence(row["summary"]), *ended)),
        "urn": urn["urn"].partition(":")[2] if urn else None,
        "head": head["person"] if head else None,
        "responsible_body": names.party(body["body"]) if body and body["body"] else None,
        "tenure": _tenure(head, urn, names) if party.startswith("school:") else "",
        "withdrawn_by": row["withdrawn_by"],
        "marks": ", ".join(around.marks.of(row)),
        "said_by": around.said.of([row["event"]]),
        "events": [row["event"], *(over.events[:1] if over else ())],
    }


def _office(row: Mapping[str, Any], party: str, names: Names) -> str:
    """Return an office in words, and whether its delegate signed; the party's own by its role."""
    role, _, whose = row["office"].partition("@")
    office = role.replace("_", " ") if whose == party else names.office(row["office"])
    return f"delegate of the {office}" if row["is_delegated"] else office


def _tenure(head: dict[str, Any] | None, urn: dict[str, Any] | None, names: Names) -> str:
    named = f"URN {urn['urn'].partition(':')[2]}" if urn else "no URN"
    if head is None:
        return f"{named}, no head in office"
    return f"{named}, head {names.person(head['person'])} ({head['basis']}) from {head['first']}"
