"""What stood at a moment of what passed between parties: known by then, and not withdrawn."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from projections.tables.views import Moment

_GROUPS = frozenset({"trust", "federation"})


def standing(
    connection: sqlite3.Connection, at: Moment, table: str, where: str = "", **asked: Any
) -> list[dict[str, Any]]:
    """Return the rows of a table of dealings that stood at a moment, in the order of recording.

    `where` narrows them, by parameters that are named.
    """
    narrowed = where and f"AND ({where})"
    sql = f"""
        SELECT x.* FROM {table} x
        WHERE x.position <= :known AND x.first <= :as_of {narrowed}
          AND NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = x.event
                          AND d.position <= :known AND d.first <= :as_of)
        ORDER BY x.position, x.rowid
    """  # noqa: S608 - names and conditions of our own
    parameters = {"known": at.known_at, "as_of": at.as_of, **asked}
    return [dict(row) for row in connection.execute(sql, parameters)]


@dataclass
class Membership:
    """A school's time in a partnership: days inclusive, last None while it goes on."""

    school: str
    partnership: str
    first: str
    last: str | None
    events: list[str]

    def covers(self, day: str) -> bool:
        """Whether the school belonged to the partnership on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


def memberships(
    connection: sqlite3.Connection, at: Moment, where: str = "", **asked: Any
) -> list[Membership]:
    """Return every membership that had begun by a moment, in the order of admission.

    Where a school says when it will leave, that is known from the day after its last.
    """
    begun = standing(connection, at, "admissions", where, **asked)
    ended = standing(connection, at, "departures", where, **asked)
    found: list[Membership] = []
    open_ones: dict[tuple[str, str], list[Membership]] = {}
    for row in sorted([*begun, *ended], key=lambda row: int(row["position"])):
        sides = row["school"], row["partnership"]
        if "last" not in row:
            member = Membership(*sides, row["first"], None, [row["event"]])
            open_ones.setdefault(sides, []).append(member)
            found.append(member)
            continue
        for member in open_ones.pop(sides, ()):
            member.last = row["last"]
            member.events.append(row["event"])
    return found


def ended_lines(connection: sqlite3.Connection, at: Moment) -> dict[str, dict[str, Any]]:
    """Return the school lines that had ended by a moment: closed, or gone on as another."""
    return {row["school"]: row for row in standing(connection, at, "closures")}


class Bodies:
    """Under which body and in whose area schools were on a day, as known at a moment."""

    def __init__(self, connection: sqlite3.Connection, at: Moment) -> None:
        """Read what is told of every school."""
        self._rows: dict[str, list[sqlite3.Row]] = {}
        sql = "SELECT * FROM bodies WHERE position <= ? ORDER BY coalesce(first, ''), position"
        for row in connection.execute(sql, (at.known_at,)):
            self._rows.setdefault(row["school"], []).append(row)
        kinds = "SELECT party, kind FROM registered WHERE position <= ?"
        self._kinds = dict(connection.execute(kinds, (at.known_at,)).fetchall())

    def responsible(self, school: str, day: str) -> str | None:
        """Return the body responsible for a school on a day; None where no register tells."""
        begun = [row["body"] for row in self._rows.get(school, ()) if (row["first"] or "") <= day]
        return begun[-1] if begun else None

    def authority(self, school: str) -> str | None:
        """Return the local authority in whose area a school is."""
        told = [row["la"] for row in self._rows.get(school, ()) if row["la"]]
        return told[-1] if told else None

    def group(self, school: str, day: str) -> str | None:
        """Return the trust or federation of a school on a day: an authority is no group."""
        body = self.responsible(school, day)
        return body if body and self._kinds.get(body) in _GROUPS else None
