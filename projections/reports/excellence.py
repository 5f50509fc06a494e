"""Areas of excellence: in what a party is an example to others, by whoever judged it last.

::

    for found in excellences(connection, store, at):
        print(found.party, found.area)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.moderations import moderations
from projections.reports.statements import said_by_types, said_naming
from projections.tables.views import Moment

_TYPES = ("JudgementMade",)


class Excellence(NamedTuple):
    """That a party is an example to others in an area: since which day, by which judgement."""

    party: str
    area: str
    day: str
    event: str


def excellences(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    parties: Iterable[str] | None = None,
) -> Iterator[Excellence]:
    """Go through what these parties, or all, excel in at a moment, in the order of recording.

    Of an area tells the judgement by another that graded or named it and was published last; one
    that a moderator set aside tells nothing, and a grade found instead takes its naming back.
    """
    if parties is None:
        told = said_by_types(connection, store, at, _TYPES)
    else:
        told = said_naming(connection, store, at, _TYPES, parties)
    judged = [one for one in told if one.data["basis"] != "self" and _known_on(one) <= at.as_of]
    found = moderations(connection, at, {one.event for one in judged})
    latest: dict[tuple[str, str], Said] = {}
    for one in sorted(judged, key=_known_on):
        moderated = found.get(one.event)
        if moderated is None or moderated.finding != "set_aside":
            latest |= dict.fromkeys(((one.data["about"], area) for area in _areas(one)), one)
    for (party, area), one in latest.items():
        instead = found[one.event].grades if one.event in found else {}
        if area in one.data.get("areas_of_excellence", ()) and area not in instead:
            yield Excellence(party, area, _known_on(one), one.event)


def _known_on(one: Said) -> str:
    """Return the day from which a judgement is known: as published, else as it was made."""
    day: str = one.data.get("published_on", one.day)
    return day


def _areas(one: Said) -> Iterator[str]:
    """Go through the areas of which a judgement speaks."""
    yield from (grade["area"] for grade in one.data["grades"])
    yield from one.data.get("areas_of_excellence", ())
