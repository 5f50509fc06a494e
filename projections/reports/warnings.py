"""Warnings: what is to be asked again before somebody signs, for it may not be meant.

::

    for sentence in warnings(reading, draft, today):
        print(sentence)

None is a refusal: a visit may be made twice on one day, and two people may bear one name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson

from ledger.decision_model.facts import Look
from ledger.domain.brokerage.kinds import SUPPORT
from ledger.domain.registers import ledger
from ledger.events.registers import PersonEnrolled
from ledger.events.visits import VisitMade
from ledger.format.entry import read_entry
from ledger.format.statement import Draft
from ledger.store.base import EntryStore
from projections.reports.names import Names, day_in_words, people
from projections.reports.owes import Asked, balances
from projections.tables.spelling import folded
from projections.tables.views import moment


class Known(NamedTuple):
    """What the record says by now: its store and tables, and the facts."""

    store: EntryStore
    connection: sqlite3.Connection
    look: Look


def warnings(known: Known, draft: Draft, today: date) -> Iterator[str]:
    """Go through what speaks for asking again whether a statement is meant, a sentence each."""
    said = orjson.loads(draft.statement)
    name, _, _ = said["type"].partition(".")
    yield from _late(known, date.fromisoformat(said["occurredon"]), today)
    if name == VisitMade.__name__:
        yield from _alike(known, said)
        yield from _not_named(known, said["data"], today)
    elif name == PersonEnrolled.__name__:
        yield from _same_name(known, said["data"]["person"], draft)


def _late(known: Known, day: date, today: date) -> Iterator[str]:
    days, allowed = (today - day).days, ledger.late_days(known.look)
    if days > allowed:
        yield (
            f"{day_in_words(day.isoformat())} is {days:,} days ago: what is recorded more than"
            f" {allowed} days after it happened is marked late"
        )


def _alike(known: Known, said: Mapping[str, Any]) -> Iterator[str]:
    """Say which visits by the same visitor to the same host, on that day, claim as many days."""
    sql = """
        SELECT e.position, e.event FROM mentions m JOIN entries e ON e.position = m.position
        WHERE m.party = ? AND e.type = ? AND e.occurred_on = ?
          AND e.event NOT IN (SELECT event FROM withdrawals)
    """
    asked = (said["data"]["visitor"], VisitMade.__name__, said["occurredon"])
    for position, event in known.connection.execute(sql, asked).fetchall():
        other = read_entry(*next(known.store.entries(position - 1, 1))).data
        if all(other[member] == said["data"][member] for member in ("visitor", "host", "days")):
            yield (
                "it looks like a visit that is recorded already, with the same sides, day and"
                f" days: `school-ledger show {event}`"
            )


def _not_named(known: Known, visit: Mapping[str, Any], today: date) -> Iterator[str]:
    """Say which agreement between the two is open, where a visit of support names none."""
    if visit["purpose"] != "support" or visit.get("under", "").startswith("agreement:"):
        return
    at = moment(known.connection, today.isoformat())
    sides = visit["visitor"], visit["host"]
    for by, to in (sides, sides[::-1]):
        for row in balances(known.connection, at, Asked(by=by, to=to, kind=SUPPORT.name)):
            if row["outstanding"] > 0:
                agreement = row["obligation"].partition("/")[0]
                yield (
                    "the two have an open agreement, and the visit is not under it:"
                    f" `--under agreement:{agreement}`"
                )


def _same_name(known: Known, person: str, draft: Draft) -> Iterator[str]:
    """Say who is enrolled already under the name of somebody who is to be."""
    at = moment(known.connection)
    wanted = {folded(one.value) for one in draft.disclosures if one.pointer == "/data/name"}
    for other, name in people(known.connection, known.store, at).items():
        if other != person and folded(name) in wanted:
            called = Names(known.connection, known.store, at).person(other)
            yield f"{called} is enrolled already, as {other}; nobody is enrolled twice"
