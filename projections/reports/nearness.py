"""How near two parties stand: in one trust or federation, or in a partnership, on a day.

::

    near = Nearness(connection, at, ["school:900001", "school:900002"])
    near.share_partnership("school:900001", "school:900002", "2025-03-01")
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from projections.reports.standing import Bodies, Membership, among, memberships
from projections.tables.views import Moment


class Nearness:
    """Of some parties, what they had in common on a day."""

    def __init__(self, connection: sqlite3.Connection, at: Moment, parties: Iterable[str]) -> None:
        """Read where these parties belonged, and under which bodies schools were."""
        self.bodies = Bodies(connection, at)
        self._belongs: dict[str, list[Membership]] = {}
        for member in memberships(connection, at, *among("school", set(parties))):
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

    def _partnerships(self, party: str, day: str) -> set[str]:
        found = self._belongs.get(party, ())
        return {party} | {member.partnership for member in found if member.covers(day)}


def marks_of_support(
    one: Mapping[str, Any], agreed_on: str, said: Mapping[str, Any], near: Nearness, day: str
) -> str:
    """Return how near the sides of an agreement stand, as marks of its row.

    Who was near when it was agreed needs no need to help: that comes before any from outside.
    """
    sides = one["debtor"], one["creditor"]
    outside = not near.within_group(*sides, agreed_on) and not near.share_partnership(
        *sides, agreed_on
    )
    found = {
        "within group": near.within_group(*sides, day),
        "related party": bool(said.get("related_party")),
        "no need": outside and "trigger" not in said,
    }
    return ", ".join(mark for mark, is_so in found.items() if is_so)
