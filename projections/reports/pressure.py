"""What is demanded of schools, and how they are helped: one thing after another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain
from typing import Any, Literal, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import words
from projections.reports.owes import titles
from projections.reports.standing import Within, among, confirmed, standing
from projections.reports.statements import said_about, said_by_types
from projections.tables.views import Moment

Sort = Literal["judgements", "targets", "interventions", "other_demands"]
_Made = tuple[Sort, str, str]
#: What confirms days: the host, or who moderates.
_NEAR = frozenset({"classrooms", "pupils"})


class Thing(NamedTuple):
    """Something that happened to a school on a day, by an event.

    A demand has its `sort`, its `kind` in words, and who made it; days that were agreed or
    confirmed are whole hundredths, `near` the classroom or not, the last of them on `until`.
    """

    school: str
    day: str
    event: str
    sort: Sort | None = None
    kind: str = ""
    by: str = ""
    agreed: int = 0
    confirmed: int = 0
    near: bool = False
    until: str = ""


def things(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, chosen: list[str] | None
) -> Iterator[Thing]:
    """Go through what was demanded of schools, and agreed and given to them: of those chosen."""
    return chain(
        _judgements(connection, at, chosen),
        _interventions(connection, store, at, chosen),
        _asked_for(connection, at, chosen),
        _agreed(connection, at, chosen),
        _confirmed(connection, store, at, chosen),
    )


def _narrowed(condition: str, within: Within) -> str:
    return " AND ".join(filter(None, (condition, within.where)))


def _judgements(
    connection: sqlite3.Connection, at: Moment, chosen: list[str] | None
) -> Iterator[Thing]:
    """Go through judgements by others; one that grades many areas is one demand."""
    within = among("judged", chosen)
    where = _narrowed("judge <> judged AND judged >= 'school:'", within)
    rows = {row["event"]: row for row in standing(connection, at, "grades", where, within.chosen)}
    for event, row in rows.items():
        made: _Made = ("judgements", "judgement", row["judge"])
        yield Thing(row["judged"], row["first"], event, *made)


def _interventions(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, chosen: list[str] | None
) -> Iterator[Thing]:
    for one in said_by_types(connection, store, at, ("InterventionRecorded",)):
        said = one.data
        if chosen is None or said["school"] in chosen:
            made: _Made = ("interventions", words(said["kind"]), said["issuer"])
            yield Thing(said["school"], one.day, one.event, *made)


#: What opens a demand besides: that a school is to reach something, or do something for a body.
#: That an intervention is complied with is no other demand than the intervention.
_DEMANDED = """
    SELECT DISTINCT debtor, creditor, kind, event, effective_on AS day FROM postings p
    WHERE reason = 'opened' AND (creditor LIKE 'body:%' OR kind = 'target') AND kind <> 'compliance'
      AND position <= :known AND effective_on <= :as_of AND {}
      AND NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = p.event
                      AND d.position <= :known AND d.first <= :as_of)
    ORDER BY position
"""
_SUPPORTED = """
    SELECT creditor AS school, effective_on AS day, sum(amount) AS days, event FROM postings
    WHERE kind = 'support'
      AND (reason IN ('opened', 'raised', 'reduced') OR (reason = 'reversed' AND claim = event))
      AND position <= :known AND effective_on <= :as_of AND {}
    GROUP BY creditor, effective_on, event ORDER BY position
"""


def _of_schools(
    connection: sqlite3.Connection, at: Moment, sql: str, side: str, chosen: list[str] | None
) -> Iterator[dict[str, Any]]:
    """Go through the rows of a query about a side of postings that is a school, of those chosen."""
    within = among(side, chosen)
    where = _narrowed(f"{side} >= 'school:' AND {side} < 'school;'", within)
    asked = {"known": at.known_at, "as_of": at.as_of, "chosen": within.chosen}
    yield from map(dict, connection.execute(sql.format(where), asked))


def _asked_for(
    connection: sqlite3.Connection, at: Moment, chosen: list[str] | None
) -> Iterator[Thing]:
    called = titles(connection)
    for row in _of_schools(connection, at, _DEMANDED, "debtor", chosen):
        sort: Sort = "targets" if row["kind"] == "target" else "other_demands"
        made: _Made = (sort, called[row["kind"]], row["creditor"])
        yield Thing(row["debtor"], row["day"], row["event"], *made)


def _agreed(
    connection: sqlite3.Connection, at: Moment, chosen: list[str] | None
) -> Iterator[Thing]:
    """Go through days of support as they were agreed, and raised or lowered."""
    for row in _of_schools(connection, at, _SUPPORTED, "creditor", chosen):
        yield Thing(row["school"], row["day"], row["event"], agreed=row["days"])


def _confirmed(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, chosen: list[str] | None
) -> Iterator[Thing]:
    """Go through the days on which somebody came, as the school confirmed them."""
    within = among("host", chosen)
    where = _narrowed("host >= 'school:' AND host < 'school;'", within)
    rows = confirmed(connection, at, where, within.chosen)
    visits = {row["visit"] for row in rows}
    worked: dict[str, list[str]] = {}
    until: dict[str, str] = {}
    for one in said_about(connection, store, at, ("VisitMade", "VisitCorrected"), visits):
        visit = one.data.get("visit", f":{one.event}").partition(":")[2]
        worked[visit] = one.data.get("worked_with", worked.get(visit, []))
        until[visit] = one.data.get("until", until.get(visit, ""))
    for row in rows:
        near = not _NEAR.isdisjoint(worked.get(row["visit"], ()))
        came = row["host"], row["first"], row["event"]
        last = until.get(row["visit"], "")
        yield Thing(*came, confirmed=row["days"], near=near, until=last)
