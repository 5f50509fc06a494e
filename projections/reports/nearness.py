"""How near two parties stand: in one trust or federation, or in a partnership, on a day.

::

    near = Nearness(connection, at, ["school:900001", "school:900002"])
    near.share_partnership("school:900001", "school:900002", "2025-03-01")
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from projections.reports.standing import Bodies, Membership, among, memberships
from projections.tables.views import Moment


class Nearness:
    """Of some parties, what they had in common on a day."""

    def __init__(self, connection: sqlite3.Connection, at: Moment, parties: Iterable[str]) -> None:
        """Read where these parties belonged, and under which bodies schools were."""
        asked = set(parties)
        self.bodies = Bodies(connection, at, asked)
        self._belongs: dict[str, list[Membership]] = {}
        for member in memberships(connection, at, *among("school", asked)):
            self._belongs.setdefault(member.school, []).append(member)

    def within_group(self, one: str, other: str, day: str) -> bool:
        """Return whether two are of one trust or federation, or one of them is the other's."""
        groups = [
            self.bodies.group(party, day) if party.startswith("school:") else party
            for party in (one, other)
        ]
        return groups[0] is not None and groups[0] == groups[1]

    def share_partnership(self, one: str, other: str, day: str) -> bool:
        """Return whether two were members of one partnership, or one of them of the other."""
        return not self._partnerships(one, day).isdisjoint(self._partnerships(other, day))

    def are_near(self, one: str, other: str, day: str) -> bool:
        """Return whether two were of one group or in one partnership."""
        return self.within_group(one, other, day) or self.share_partnership(one, other, day)

    def _partnerships(self, party: str, day: str) -> set[str]:
        found = self._belongs.get(party, ())
        return {party} | {member.partnership for member in found if member.covers(day)}


def marks_of_nearness(
    connection: sqlite3.Connection, at: Moment, events: Iterable[str]
) -> dict[str, set[str]]:
    """Return which of these events passed between parties near to each other that day, by mark.

    Who was near when support was agreed needs no need to help: that comes before any from outside.
    """
    sql = "SELECT p.* FROM json_each(?) e JOIN passed p ON p.event = e.value"
    rows = connection.execute(sql, (json.dumps(sorted(set(events))),)).fetchall()
    found: dict[str, set[str]] = {"within group": set(), "no need": set()}
    if not rows:
        return found
    near = Nearness(connection, at, (row[side] for row in rows for side in ("one", "other")))
    for row in rows:
        event, one, other, day = row["event"], row["one"], row["other"], row["occurred_on"]
        if one != other and near.within_group(one, other, day):
            found["within group"].add(event)
        if row["needless"] and not near.are_near(one, other, day):
            found["no need"].add(event)
    return found
