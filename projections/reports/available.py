"""What support is on offer: who could give it, in what, to whom, and how much of it is left."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    Area,
    Marked,
    Provider,
    Question,
    in_words,
    known_area,
    titled,
    words,
)
from projections.reports.base import Report, heading
from projections.reports.columns import (
    EVENTS,
    LAST_POSITION,
    MARKS,
    PROVIDER,
    PROVIDER_NAME,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.resting import Resting
from projections.reports.standing import among, declared, open_offers
from projections.reports.statements import said_about
from projections.reports.support import agreements
from projections.tables.views import Moment

COLUMNS = (
    PROVIDER_NAME,
    Column("areas", "Areas", "The evaluation areas that it offers help in; empty for any."),
    Column("phases", "Phases", "The phases of education that it offers help to; empty for any."),
    Column("regions", "Regions", "The regions that it offers help in; empty for any."),
    Column("by_route", "By route", "By which route it is to be had; empty for any."),
    Column(
        "declared_from", "First day", "The first day of the time that was declared for.", "date"
    ),
    Column("declared_to", "Last day", "The last day of it, inclusive.", "date"),
    Column(
        "declared_days", "Declared", "Days that it declared for that time.", "amount", summed="day"
    ),
    Column(
        "left_to_offer",
        "Left to offer",
        "Days left of all that it declared for times that overlap this one, once what is offered,"
        " left to give and confirmed is taken off.",
        "amount",
    ),
    Column("price", "Price", "Pounds for a day, if it asks for any.", "amount"),
    MARKS,
    *hidden(
        PROVIDER,
        Column("declaration", "Declaration", "The event that declared it.", "event"),
        EVENTS,
        SAID_BY,
        LAST_POSITION,
    ),
)
_HUNDRED = 100


class Asked(NamedTuple):
    """What is on offer: in all, of a provider, in an area, only what bears a mark."""

    provider: Provider = None
    area: Area = None
    marked: Marked = False


class _Time(NamedTuple):
    """Times that overlap one another, taken together: the days declared, and those taken."""

    starts: str
    ends: str
    days: int
    taken: int

    @property
    def free(self) -> int:
        return max(0, self.days - self.taken)


def available(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> Report:
    """Return what providers declared for times that are not past, those first that end first."""
    names = Names(connection, store, at)
    asked = asked._replace(area=known_area(connection, asked.area))
    rows = list(_rows(connection, store, at, asked, names))
    resting = Resting(connection, at, (row["declaration"] for row in rows))
    rows = [row | resting.of([row["declaration"]]) for row in rows]
    rows = [row for row in rows if row["marks"] or not asked.marked]
    rows.sort(key=lambda row: (row["declared_to"], row["provider_name"], row["position"]))
    said = in_words(asked, names)
    return Report(
        name="available",
        title=titled("Support that could be had", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty="Nobody has declared that they could give any such support.",
        notes=explained(rows),
        asked=said,
    )


def _rows(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked, names: Names
) -> Iterator[dict[str, Any]]:
    every = declared(connection, at, *among("provider", asked.provider and [asked.provider]))
    taken = _taken(connection, store, at, asked.provider)
    events = [row["event"] for row in every]
    told = {
        one.event: one.data
        for one in said_about(connection, store, at, ("CapacityDeclared",), events)
    }
    of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in every:
        of[row["provider"]].append(row)
    for provider, rows in of.items():
        times = list(_times(rows, taken[provider]))
        for row in rows:
            said = told.get(row["event"])
            if said is not None and row["ends"] >= at.as_of and _is_in(said, asked.area):
                time = next(one for one in times if one.starts <= row["starts"] <= one.ends)
                yield _row(row, said, time, names)


def _is_in(said: dict[str, Any], area: str | None) -> bool:
    areas = said.get("areas", ())
    return area is None or not areas or area in areas


def _taken(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, provider: str | None
) -> dict[str, list[tuple[str, int]]]:
    """Return the days that providers gave, owe and offer, each with the day on which they end."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in agreements(connection, at, provider):
        found[row["debtor"]].append((row["due_on"], row["confirmed"] + row["outstanding"]))
    rows = open_offers(connection, at, *among("provider", provider and [provider]))
    events = [row["event"] for row in rows]
    for one in said_about(connection, store, at, ("SupportOffered",), events):
        if one.event in events:
            ends = one.data.get("ends", one.data["valid_until"])
            days = int(Decimal(one.data["days"]) * _HUNDRED)
            found[one.data["provider"]].append((ends, days))
    return found


def _times(rows: Iterable[dict[str, Any]], taken: Iterable[tuple[str, int]]) -> Iterator[_Time]:
    """Go through the times that declarations of a provider make together."""
    together: list[tuple[str, str, int]] = []
    for row in sorted(rows, key=lambda row: str(row["starts"])):
        if together and row["starts"] <= together[-1][1]:
            starts, ends, days = together.pop()
            together.append((starts, max(ends, row["ends"]), days + row["days"]))
        else:
            together.append((row["starts"], row["ends"], row["days"]))
    taken = list(taken)
    for starts, ends, days in together:
        within = sum(many for day, many in taken if starts <= day <= ends)
        yield _Time(starts, ends, days, within)


def _row(row: dict[str, Any], said: dict[str, Any], time: _Time, names: Names) -> dict[str, Any]:
    return {
        "provider_name": names.party(row["provider"]),
        "areas": ", ".join(map(words, said.get("areas", ()))),
        "phases": ", ".join(map(words, said.get("phases", ()))),
        "regions": ", ".join(map(words, said.get("regions", ()))),
        "by_route": words(said.get("route", "")),
        "declared_from": row["starts"],
        "declared_to": row["ends"],
        "declared_days": amount(row["days"], "day"),
        "left_to_offer": amount(time.free, "day"),
        "price": said.get("price"),
        "provider": row["provider"],
        "declaration": row["event"],
    }


QUESTION = Question(
    name="available",
    tells="""Show what support could be had: who declared that they could give how many days, in
    which areas, and how many of them are left.
    """,
    asked=Asked,
    answer=available,
    examples=("", "--area inclusion", "--provider 900001"),
)
