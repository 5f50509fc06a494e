"""Which members a partnership's terms do not bind, for their heads declined to ratify them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.names import Names, day_in_words
from projections.reports.statements import said_naming
from projections.tables.views import Moment

_DECLINED = "MembershipDeclined"
_PASSING = ("SchoolsMerged", "SuccessionAttributed")
_BINDING = ("MembershipSought", "MembershipRatified", *_PASSING)
_Sides = tuple[str, str]


class Declined(NamedTuple):
    """A school whose head declined: which version, when and who, and by which it is bound.

    `leaves_on` is its last day where it leaves for that.
    """

    event: str
    version: int
    day: str
    person: str
    leaves_on: str | None
    bound: int | None

    def in_words(self, school: str, names: Names) -> str:
        """Return it as a sentence part: who declined what and when, and what binds the school."""
        bound = f", bound by version {self.bound}" if self.bound else ""
        who, day = names.person(self.person), day_in_words(self.day)
        leaves = f", and it leaves after {day_in_words(self.leaves_on)}" if self.leaves_on else ""
        told = f"{who} declined version {self.version} on {day}{leaves}"
        return f"{names.party(school)}{bound}: {told}"


def declined(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, partnerships: Iterable[str]
) -> dict[_Sides, Declined]:
    """Return, by school and partnership, what its head declined and nobody ratified since."""
    bound: dict[_Sides, int] = {}
    said: dict[_Sides, Said] = {}
    every = said_naming(connection, store, at, (_DECLINED, *_BINDING), partnerships)
    for one in sorted({one.event: one for one in every}.values(), key=lambda one: one.position):
        if one.name == _DECLINED:
            said[one.data["school"], one.data["partnership"]] = one
            continue
        for sides, version in _binds(one):
            bound[sides] = version
            said.pop(sides, None)
    signed = _signed(connection, (one.event for one in said.values()))
    return {
        sides: Declined(
            one.event,
            one.data["version"],
            one.day,
            signed[one.event],
            one.data.get("leaves_on"),
            bound.get(sides),
        )
        for sides, one in said.items()
    }


def _binds(one: Said) -> Iterator[tuple[_Sides, int]]:
    """Go through the members that an event binds, each by which version; of two, by the later."""
    if one.name not in _PASSING:
        yield (one.data["school"], one.data["partnership"]), one.data["version"]
        return
    carried = one.data.get("memberships", ())
    for each in sorted(carried, key=lambda each: int(each["version"])):
        yield (one.data["school"], each["partnership"]), each["version"]


def _signed(connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, str]:
    sql = """
        SELECT e.event, e.signed_by FROM json_each(?) asked JOIN entries e ON e.event = asked.value
    """
    return dict(connection.execute(sql, (json.dumps(list(events)),)).fetchall())
