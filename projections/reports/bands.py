"""What a school had from day to day: its heads, URNs and responsible bodies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from projections.reports.names import Names
from projections.tables.views import Moment, rows_of

_ONE_DAY = timedelta(days=1)


class Bands(NamedTuple):
    """Heads, URNs and responsible bodies, each with its first and last day where one is known."""

    heads: list[dict[str, Any]]
    urns: list[dict[str, Any]]
    bodies: list[dict[str, Any]]


def bands(connection: sqlite3.Connection, party: str, at: Moment) -> Bands:
    """Return what a school had; of any other party, nothing."""
    return Bands(
        _heads(connection, party, at), _urns(connection, party, at), _bodies(connection, party, at)
    )


def _heads(connection: sqlite3.Connection, party: str, at: Moment) -> list[dict[str, Any]]:
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


def _bodies(connection: sqlite3.Connection, party: str, at: Moment) -> list[dict[str, Any]]:
    return rows_of(
        connection,
        "SELECT body, first FROM bodies WHERE school = ? AND position <= ?"
        " ORDER BY first IS NOT NULL, first, position",
        party,
        at.known_at,
    )


def on(day: str, spans: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return which of them stood on a day; of several, the one that began last."""
    standing = [
        span
        for span in spans
        if (span["first"] is None or span["first"] <= day)
        and (span.get("last") is None or day <= span["last"])
    ]
    return standing[-1] if standing else None


class Band(NamedTuple):
    """What a school had from a day to another, these included, in words and under a heading."""

    heading: str
    name: str
    first: str | None
    last: str | None


def told(found: Bands, names: Names) -> list[Band]:
    """Return what a school had, by name; each until the next began, if it did not end before."""
    held = _ended(found.heads)
    heads = [(f"{names.person(row['person'])}, {row['basis']}", row) for row in held]
    urns = [(row["urn"].partition(":")[2], row) for row in _ended(found.urns)]
    bodies = [(_body(row, names), row) for row in _ended(found.bodies)]
    kinds = (("Head", heads), ("URN", urns), ("Responsible body", bodies))
    return [
        Band(heading, name, row["first"], row["last"])
        for heading, rows in kinds
        for name, row in rows
    ]


def _body(row: dict[str, Any], names: Names) -> str:
    return names.party(row["body"]) if row["body"] else "not stated"


def _ended(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows that follow one another, each until the day before the next at the latest."""
    firsts = [row["first"] for row in rows[1:]]
    latest = [str(date.fromisoformat(first) - _ONE_DAY) if first else None for first in firsts]
    lasts = zip(rows, [*latest, None], strict=False)
    return [row | {"last": _earlier(row.get("last"), last)} for row, last in lasts]


def _earlier(one: str | None, other: str | None) -> str | None:
    return min(one, other) if one and other else one or other
