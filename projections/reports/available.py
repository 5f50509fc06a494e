"""What support is on offer: who could give it, in what, to whom, and how much of it is left."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    Area,
    ForRegion,
    ForSchool,
    Marked,
    Provider,
    Question,
    in_words,
    known_area,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    EASTING,
    EVENTS,
    LAST_POSITION,
    MARKS,
    NORTHING,
    PROVIDER,
    PROVIDER_NAME,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.excellence import Excellence, excellences
from projections.reports.gains import Gain, confirmed_gains
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.places import kilometres, on_the_grid, places, region_name
from projections.reports.resting import rested
from projections.reports.school_facts import schools
from projections.reports.standing import among, declared, open_offers
from projections.reports.statements import said_about, said_naming
from projections.reports.support import agreements
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    PROVIDER_NAME,
    Column("areas", "Areas", "The evaluation areas that it offers help in; empty for any."),
    Column("phases", "Phases", "The phases of education that it offers help to; empty for any."),
    Column("regions", "Regions", "The regions that it offers help in; empty for any."),
    Column(
        "distance_km",
        "Kilometres away",
        "How far it is, in a straight line, from the school that asks; empty where either has no"
        " place.",
        "amount",
    ),
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
    Column(
        "gains_confirmed",
        "Impact confirmed",
        "How many gains that it claims of its support the other side confirmed: in the area asked"
        " for, else in those that it offers.",
        "number",
        rests_on="gains",
    ),
    Column(
        "excels_in",
        "Excels in",
        "The area asked for, or those of the areas it offers, of which the latest judgement of it"
        " by another that speaks of the area names it an area of excellence.",
        rests_on="excelling",
    ),
    Column(
        "conflicts_declared",
        "Conflicts",
        "How many conflicts of interest are declared of it or of what it offered or agreed.",
        "number",
        rests_on="conflicts",
    ),
    MARKS,
    *hidden(
        PROVIDER,
        EASTING,
        NORTHING,
        Column("declaration", "Declaration", "The event that declared it.", "event"),
        Column("gains", "Gains", "The events that claim and confirm the gains.", "events"),
        Column("excelling", "Judgements", "The events that judged it so.", "events"),
        Column("conflicts", "Conflicts by event", "The events that declare them.", "events"),
        EVENTS,
        SAID_BY,
        LAST_POSITION,
    ),
)
_HUNDRED = 100


class Asked(NamedTuple):
    """What is on offer: for a school, in a region, of a provider, in an area, what bears a mark."""

    about: ForSchool = None
    region: ForRegion = None
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
    """Return what providers declared for times that are not past, those first that end first.

    For a school that asks, the nearest come first.
    """
    names = Names(connection, store, at)
    asked = asked._replace(area=known_area(connection, asked.area))
    around = _Around(connection, at, asked)
    rows = list(_rows(connection, store, at, around, names))
    rows = rested(connection, at, rows, marked=asked.marked)
    rows.sort(key=lambda row: (row["declared_to"], row["provider_name"], row["position"]))
    rows.sort(key=_away)
    said = in_words(asked, names)
    return Report(
        name="available",
        title=titled("Support that could be had", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("Nobody has declared that they could give any support.", said),
        notes=explained(rows),
        asked=said,
        picture=partial(_picture, around.asking(names)),
    )


def _picture(asking: Mapping[str, Any] | None, rows: Sequence[Mapping[str, Any]]) -> Picture | None:
    from projections.reports.available_picture import picture  # noqa: PLC0415 - if it is drawn

    return picture(rows, asking)


def _away(row: Mapping[str, Any]) -> Decimal:
    """Return how far a provider is, to sort by; who has no place comes last."""
    return Decimal(row["distance_km"] or "Infinity")


class _Around:
    """Where parties are, and the phase and region of the school that asks, if one does."""

    def __init__(self, connection: sqlite3.Connection, at: Moment, asked: Asked) -> None:
        self.asked = asked
        self.places = places(connection, at)
        found = [] if asked.about is None else schools(connection, at, chosen=[asked.about])
        school = found[0] if found else None
        # A school without a phase, as a pupil referral unit, asks whoever helps any.
        phase = school.phase if school and school.phase != "not_applicable" else None
        self._wanted = [
            (member, words(one.casefold()))
            for member, one in (
                ("areas", asked.area),
                ("regions", asked.region),
                ("regions", school and school.region),
                ("phases", phase),
            )
            if one
        ]

    def is_for(self, provider: str, said: Mapping[str, Any]) -> bool:
        """Whether a declaration offers what is asked for; where it names none, it offers any."""
        offered = all(_has(said.get(member, ()), one) for member, one in self._wanted)
        return offered and provider != self.asked.about

    def where(self, provider: str) -> dict[str, Any]:
        """Return what columns say of where a provider is."""
        place = self.places.get(provider)
        asking = self.places.get(self.asked.about or "")
        return {"distance_km": kilometres(asking, place), **on_the_grid(place)}

    def asking(self, names: Names) -> dict[str, Any] | None:
        """Return the school that asks, as a map shows it beside providers; None where none does."""
        about = self.asked.about
        if about is None:
            return None
        place = on_the_grid(self.places.get(about))
        return {"provider_name": names.party(about), "left_to_offer": None, **place}


class _Known:
    """What is known of providers beside what they declare: gains, excellence, conflicts."""

    def __init__(
        self, connection: sqlite3.Connection, store: EntryStore, at: Moment, providers: set[str]
    ) -> None:
        self._gains: dict[str, list[Gain]] = defaultdict(list)
        for gain in confirmed_gains(connection, store, at, providers):
            self._gains[gain.provider].append(gain)
        self._excellent: dict[str, list[Excellence]] = defaultdict(list)
        for found in excellences(connection, store, at, providers):
            self._excellent[found.party].append(found)
        self._conflicts: dict[str, set[str]] = defaultdict(set)
        types = ("ConflictOfInterestDeclared",)
        for one in said_naming(connection, store, at, types, providers):
            for party in providers & {one.data.get("provider"), one.data.get("party")}:
                self._conflicts[party].add(one.event)

    def of(self, row: Mapping[str, Any], areas: Sequence[str]) -> dict[str, Any]:
        """Return what columns say of who declared it, for these areas or for any."""
        own = self._gains[row["provider"]]
        gains = [gain for gain in own if _has(areas, words(gain.area))]
        excellent = [
            one for one in self._excellent[row["provider"]] if _has(areas, words(one.area))
        ]
        judgements = sorted({one.event for one in excellent})
        conflicts = sorted(self._conflicts[row["provider"]])
        told = [event for gain in gains for event in gain.events]
        return {
            "gains_confirmed": len(gains),
            "excels_in": ", ".join(sorted({words(one.area) for one in excellent})),
            "conflicts_declared": len(conflicts),
            "gains": told,
            "excelling": judgements,
            "conflicts": conflicts,
            "events": [row["event"], *told, *judgements, *conflicts],
        }


def _has(offered: Sequence[str], wanted: str) -> bool:
    return not offered or wanted in map(words, offered)


def _rows(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, around: _Around, names: Names
) -> Iterator[dict[str, Any]]:
    provider = around.asked.provider
    every = declared(connection, at, *among("provider", provider and [provider]))
    taken = _taken(connection, store, at, provider)
    events = [row["event"] for row in every]
    told = {
        one.event: one.data
        for one in said_about(connection, store, at, ("CapacityDeclared",), events)
    }
    of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in every:
        of[row["provider"]].append(row)
    known = _Known(connection, store, at, set(of))
    for provider, rows in of.items():
        times = list(_times(rows, taken[provider]))
        for row in rows:
            said = told.get(row["event"])
            if said is not None and row["ends"] >= at.as_of and around.is_for(provider, said):
                time = next(one for one in times if one.starts <= row["starts"] <= one.ends)
                areas = [around.asked.area] if around.asked.area else said.get("areas", ())
                own = around.where(provider) | known.of(row, areas)
                yield _row(row, said, time, names) | own


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
        "regions": ", ".join(region_name(one) or "" for one in said.get("regions", ())),
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
    which areas, and how many of them are left; for a school, how far away each is.
    """,
    asked=Asked,
    answer=available,
    examples=("", "--about 900003 --area inclusion", "--region north-east", "--provider 900001"),
    of_part="provider",
)
