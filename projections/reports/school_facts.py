"""What is known of schools on a day: that they exist, where, under whom, and how they fare."""

from __future__ import annotations

import calendar
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, Protocol

from projections.reports.asking import words
from projections.reports.names import Names
from projections.reports.places import region_name
from projections.reports.standing import Bodies, among, ended_lines, standing
from projections.tables.views import Moment

MONTHS = 12
"""Of a year."""
_REGISTERED = """
    SELECT r.party, (
        SELECT k.kind FROM registered k WHERE k.party = r.party AND k.kind IS NOT NULL
            AND k.position <= :known AND coalesce(k.first, '') <= :as_of
        ORDER BY coalesce(k.first, '') DESC, k.position DESC LIMIT 1
    ), e.event
    FROM registered r JOIN entries e ON e.position = r.position
    WHERE r.position <= :known AND r.first IS NULL AND r.party >= 'school:' AND r.party < 'school;'
      AND (:chosen IS NULL OR r.party IN (SELECT value FROM json_each(:chosen)))
      -- opened by the day, or on a day that no register tells
      AND EXISTS (SELECT 1 FROM urns u WHERE u.school = r.party AND u.position <= :known
                  AND coalesce(u.first, '') <= :as_of)
    ORDER BY r.party
"""
_RECEIVED = """
    SELECT x.host, sum(x.days) AS days, json_group_array(x.event) AS events FROM confirmed x
    WHERE x.position <= :known AND x.first <= :as_of
      AND x.first > :after AND (:last IS NULL OR x.first <= :last) {}
      AND NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = x.event
                      AND d.position <= :known AND d.first <= :as_of)
    GROUP BY x.host
"""


class School(NamedTuple):
    """A school that exists on the day: its phase; its authority, region and body where told."""

    reference: str
    phase: str
    authority: str | None
    region: str | None
    body: str | None
    event: str


class Received(NamedTuple):
    """How many days of visits hosts confirmed, in hundredths, and by which events."""

    days: int
    events: list[str]


class _Around(Protocol):
    """Where schools are that a report is asked about, and under whom."""

    @property
    def la(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...
    @property
    def body(self) -> str | None: ...


class _Narrowed(_Around, Protocol):
    """What a report about schools may be narrowed by."""

    @property
    def about(self) -> str | None: ...


def chosen_schools(
    connection: sqlite3.Connection, at: Moment, asked: _Narrowed
) -> list[str] | None:
    """Return the schools that are asked for, by reference; None for all."""
    about = None if asked.about is None else [asked.about]
    if asked.la is None and asked.region is None and asked.body is None:
        return about
    found = schools(connection, at, asked, chosen=about)
    return [school.reference for school in found]


def schools(
    connection: sqlite3.Connection,
    at: Moment,
    narrowed: _Around | None = None,
    *,
    chosen: list[str] | None = None,
) -> list[School]:
    """Return the schools that exist on the day: of those chosen, in an area, under a body."""
    bodies, ended = Bodies(connection, at), ended_lines(connection, at)
    named = None if chosen is None else json.dumps(chosen)
    asked = {"known": at.known_at, "as_of": at.as_of, "chosen": named}
    found = []
    for reference, phase, event in connection.execute(_REGISTERED, asked):
        school = School(
            reference,
            phase,
            bodies.authority(reference),
            bodies.region(reference),
            bodies.responsible(reference, at.as_of),
            event,
        )
        is_asked = narrowed is None or (
            narrowed.la in (None, school.authority)
            and narrowed.region in (None, school.region)
            and narrowed.body in (None, school.body)
        )
        if is_asked and reference not in ended:
            found.append(school)
    return found


def in_words_of(school: School, names: Names) -> dict[str, Any]:
    """Return what columns of schools say of one."""
    return {
        "school": school.reference,
        "school_name": names.party(school.reference),
        "phase": words(school.phase),
        "authority_name": names.party(school.authority) if school.authority else None,
        "region": region_name(school.region),
        "body_name": names.party(school.body) if school.body else None,
    }


def needs(
    connection: sqlite3.Connection, at: Moment, chosen: Iterable[str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Return the needs that were identified and that nobody has closed, by school."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    closed = {row["need"] for row in standing(connection, at, "closed_needs")}
    for row in standing(connection, at, "needs", *among("school", chosen)):
        if row["event"] not in closed:
            found[row["school"]].append(row)
    return found


def received(
    connection: sqlite3.Connection,
    at: Moment,
    chosen: Iterable[str] | None = None,
    after: str = "",
    last: str | None = None,
) -> dict[str, Received]:
    """Return what schools received after a day, up to another inclusive, by school.

    That is every day of a visit that the school confirmed as its host, or a moderator found,
    whatever the visit was under; each counts on the day of the visit.
    """
    within = among("host", chosen)
    when = {"known": at.known_at, "as_of": at.as_of, "after": after, "last": last}
    sql = _RECEIVED.format(f"AND {within.where}" if within.where else "")
    return {
        row["host"]: Received(row["days"], json.loads(row["events"]))
        for row in connection.execute(sql, {**when, "chosen": within.chosen})
    }


def months_before(day: str, months: int) -> str:
    """Return the day so many months before another; the month's last where it has no such day."""
    on = date.fromisoformat(day)
    count = on.year * MONTHS + on.month - 1 - months
    if count < MONTHS:
        return ""
    year, month = count // MONTHS, count % MONTHS + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(on.day, last)).isoformat()
