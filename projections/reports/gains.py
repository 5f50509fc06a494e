"""Gains that supporting organisations claim and the other side confirmed: what worked.

::

    for gain in confirmed_gains(connection, store, at):
        print(gain.provider, gain.school, gain.area)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.store.base import EntryStore
from projections.reports.statements import said_about, said_by_types, said_naming
from projections.tables.views import Moment

_TYPES = ("ImpactReported",)


class Gain(NamedTuple):
    """A gain in an area of a school: who claims it, on which day, and the claim and its answer."""

    provider: str
    school: str
    area: str
    day: str
    events: tuple[str, str]


def confirmed_gains(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    providers: Iterable[str] | None = None,
) -> Iterator[Gain]:
    """Go through the gains of these providers, or of all, that stand confirmed at a moment."""
    if providers is None:
        told = said_by_types(connection, store, at, _TYPES)
    else:
        told = said_naming(connection, store, at, _TYPES, providers)
    claims = {one.event: one for one in told if one.data.get("role") == "provider"}
    for answer in said_about(connection, store, at, ("ImpactAnswered",), sorted(claims)):
        claim = claims[answer.data["impact"].partition(":")[2]]
        if answer.data["answer"] == "confirmed" and "school" in claim.data:
            sides = claim.data["reporter"], claim.data["school"], claim.data["area"]
            yield Gain(*sides, claim.day, (claim.event, answer.event))
