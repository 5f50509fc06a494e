"""Partnerships: who belongs, whether they are alive, what visits of the year were owed and made."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
    La,
    Marked,
    Partnership,
    Question,
    Region,
    in_words,
    titled,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    EVENTS,
    LAST_POSITION,
    MARKS,
    MEMBERS,
    PARTNERSHIP,
    PARTNERSHIP_NAME,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.declined import Declined, declined
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import Asked as WhatIsOwed
from projections.reports.owes import balances
from projections.reports.resting import rested
from projections.reports.school_facts import months_before
from projections.reports.standing import (
    LISTED,
    Bodies,
    Membership,
    among,
    confirmed,
    contingencies,
    ended_lines,
    memberships,
    rest_on,
    standing,
)
from projections.reports.visits import Between, counted
from projections.tables.views import Moment

_HUNDRED = 100
DORMANT_MONTHS = 15
"""For so long nothing has happened in a partnership that is called dormant."""

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    PARTNERSHIP_NAME,
    Column(
        "state",
        "State",
        "Alive, dormant where nothing has happened in it for fifteen months, or dissolved.",
    ),
    Column("last_act_on", "Last act", "The latest day on which something happened in it.", "date"),
    MEMBERS,
    Column("year", "Year", "Its latest year that had begun by that day."),
    Column(
        "visits_owed",
        "Visits owed",
        "How many visits its members came to owe in that year, made or not.",
        "number",
        summed="visit",
    ),
    Column(
        "visits_made",
        "Visits made",
        "How many visits under that year the hosts have confirmed.",
        "number",
        summed="visit",
    ),
    Column(
        "visits_left",
        "Visits left",
        "How many of the visits owed are left; a second visit to one host may not count.",
        "number",
        summed="visit",
    ),
    Column(
        "outside",
        "Outside",
        "How many of the visits made were to schools that did not belong to it on that day.",
        "number",
        summed="visit",
    ),
    Column(
        "not_ratified",
        "Not ratified",
        "How many of its members have yet to ratify under their head, or as they now are.",
        "number",
    ),
    Column(
        "declined",
        "Declined",
        "Members whose head declined to ratify: by which version each is bound, who declined and"
        " on what day.",
    ),
    Column("authorities", "Authorities", "The local authorities in whose areas members are."),
    Column(
        "overlap",
        "Shared with",
        "Other partnerships to which members belong, each with how many of them.",
    ),
    Column("takes_over", "Takes over", "Who takes over, by its ground rules, if a member closes."),
    Column(
        "stand_in",
        "Agreed to",
        "Whether those agreed to take over, by the ground rules in force, and are still there.",
    ),
    MARKS,
    *hidden(
        Column(
            "takes_over_all",
            "Takes over all",
            "Who takes over, by its ground rules, when it is dissolved.",
        ),
        PARTNERSHIP,
        Column("schools", "Schools", "The references of the schools that belong to it.", "code"),
        Column(
            "visits_between",
            "Who visited whom",
            "Who visited whom under that year, each with how often.",
        ),
        EVENTS,
        SAID_BY,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Which partnerships: one, those of a party, or those with members in an area."""

    partnership: Partnership = None
    about: About = None
    la: La = None
    region: Region = None
    marked: Marked = False


def partnerships(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> Report:
    """Return every partnership formed by a moment, by name."""
    names = Names(connection, store, at)
    around = _Around(connection, store, at, _chosen(connection, at, asked))
    formed = [one for one in around.formed if around.is_in(one, asked)]
    between = {one: around.between(one, names) for one in formed}
    told = [_row(one, around, names) | {"visits_between": _told(between[one])} for one in formed]
    rows = sorted(told, key=lambda row: str(row["partnership_name"]))
    rest_on(connection, rows)
    rows = rested(connection, at, rows, marked=asked.marked)
    said = in_words(asked, names)
    return Report(
        name="partnerships",
        title=titled("Partnerships", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No partnership is known.", said),
        notes=explained(rows),
        asked=said,
        picture=partial(_picture, between),
    )


def _told(between: Sequence[Between]) -> str:
    return "; ".join(one.words for one in between)


def _picture(
    between: Mapping[str, Sequence[Between]], rows: Sequence[dict[str, Any]]
) -> Picture | None:
    from projections.reports.partnerships_picture import picture  # noqa: PLC0415 - only if drawn

    return picture(between, rows)


def _chosen(connection: sqlite3.Connection, at: Moment, asked: Asked) -> list[str] | None:
    """Return the partnerships that are asked for; None for all."""
    chosen = None if asked.partnership is None else {asked.partnership}
    if asked.about is not None:
        found = memberships(connection, at, "school = :it", it=asked.about)
        about = {asked.about} | {one.partnership for one in found if one.covers(at.as_of)}
        chosen = about if chosen is None else chosen & about
    return None if chosen is None else sorted(chosen)


class _Around:
    """What the rows draw on, of the partnerships chosen; each table is read once."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        store: EntryStore,
        at: Moment,
        chosen: list[str] | None,
    ) -> None:
        self._at = at
        self._bodies = Bodies(connection, at)
        self._ended = ended_lines(connection, at)
        within = among("partnership", chosen)
        self.formed = contingencies(connection, at, *within)
        self.members: dict[str, list[Membership]] = {one: [] for one in self.formed}
        for member in self._current(memberships(connection, at, *within)):
            self.members.setdefault(member.partnership, []).append(member)
        self.years: dict[str, dict[str, Any]] = {}
        for row in standing(connection, at, "years", *within):
            self._take_year(row)
        self._read_visits(connection)
        self._read_belonging(connection)
        self._declined = declined(connection, store, at, self.formed)
        self.last_acts = _last_acts(connection, at, self.formed)
        self.ratifications: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in balances(connection, at, WhatIsOwed(kind="ratification")):
            if row["outstanding"] > 0:
                self.ratifications[row["creditor"]].append(row)

    def _current(self, told: Iterable[Membership]) -> Iterator[Membership]:
        for member in told:
            if member.covers(self._at.as_of) and member.school not in self._ended:
                yield member

    def _take_year(self, row: dict[str, Any]) -> None:
        """Keep the latest year that had begun; one that begins later where none had."""
        known = self.years.get(row["partnership"])
        if known is None or self._begun(row) >= self._begun(known):
            self.years[row["partnership"]] = row

    def _begun(self, row: dict[str, Any]) -> tuple[bool, str]:
        return row["starts"] <= self._at.as_of, row["starts"]

    def _read_visits(self, connection: sqlite3.Connection) -> None:
        years = [row["event"] for row in self.years.values()]
        under = among("under", [f"year:{event}" for event in years])
        self._visits: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in confirmed(connection, self._at, *under):
            self._visits[row["under"]].append(row)
        moment = {"known": self._at.known_at, "as_of": self._at.as_of}
        about = json.dumps([f"event:{event}" for event in years])
        owed = connection.execute(_OWED, {"chosen": about, **moment})
        self._owed = {row["about"]: row for row in owed}

    def _read_belonging(self, connection: sqlite3.Connection) -> None:
        """Read every membership of the members, and of the hosts of their visits."""
        schools = {member.school for members in self.members.values() for member in members}
        schools |= {row["host"] for visits in self._visits.values() for row in visits}
        self._belongs: dict[str, list[Membership]] = defaultdict(list)
        for member in memberships(connection, self._at, *among("school", schools)):
            self._belongs[member.school].append(member)

    def is_in(self, partnership: str, asked: Asked) -> bool:
        """Whether a member is in the area and region asked for; any where none is."""
        if asked.la is None and asked.region is None:
            return True
        members = self.members[partnership]
        return any(self._bodies.is_in(one.school, asked.la, asked.region) for one in members)

    def declined(self, partnership: str) -> dict[str, Declined]:
        """Return the members whose head declined to ratify, each with what is told of it."""
        schools = [member.school for member in self.members[partnership]]
        told = ((one, self._declined.get((one, partnership))) for one in schools)
        return {one: each for one, each in told if each is not None}

    def authorities(self, partnership: str) -> list[str]:
        """Return the local authorities in whose areas members are."""
        found = (self._bodies.authority(one.school) for one in self.members[partnership])
        return sorted({authority for authority in found if authority is not None})

    def overlap(self, partnership: str) -> Counter[str]:
        """Return the other partnerships of members, each with how many of them."""
        found: Counter[str] = Counter()
        for one in self.members[partnership]:
            others = self._current(self._belongs[one.school])
            found.update({other.partnership for other in others} - {partnership})
        return found

    def _is_outside(self, partnership: str, visit: dict[str, Any]) -> bool:
        """Whether the host of a visit did not belong to a partnership on its day."""
        belonged = (one for one in self._belongs[visit["host"]] if one.covers(visit["first"]))
        return partnership not in {one.partnership for one in belonged}

    def confirmations(self, partnership: str) -> list[dict[str, Any]]:
        """Return what was confirmed of visits under the latest year of a partnership."""
        year = self.years.get(partnership)
        return self._visits[f"year:{year['event']}"] if year else []

    def visits_of(self, partnership: str) -> list[dict[str, Any]]:
        """Return the visits of which days were confirmed, each by the first that was of it."""
        first: dict[str, dict[str, Any]] = {}
        for row in self.confirmations(partnership):
            first.setdefault(row["visit"], row)
        return list(first.values())

    def between(self, partnership: str, names: Names) -> list[Between]:
        """Return who visited whom under the latest year, by name; apart where it was outside."""
        visits = self.visits_of(partnership)
        outside = (self._is_outside(partnership, visit) for visit in visits)
        return counted(zip(visits, outside, strict=True), names)

    def of_the_year(self, partnership: str, visits: list[dict[str, Any]]) -> dict[str, Any]:
        """Return what was owed and made in the latest year; nothing where there is no year."""
        year = self.years.get(partnership)
        if year is None:
            nothing = ("visits_owed", "visits_made", "visits_left", "outside")
            return {"year": None, **dict.fromkeys(nothing)}
        owed = self._owed.get(f"event:{year['event']}", {"owed": 0, "left": 0})
        return {
            "year": year["name"],
            "visits_owed": owed["owed"] // _HUNDRED,
            "visits_made": len(visits),
            "visits_left": owed["left"] // _HUNDRED,
            "outside": sum(self._is_outside(partnership, visit) for visit in visits),
        }

    def state(self, partnership: str, last_act_on: str) -> str:
        """Return whether a partnership is alive, by the latest day on which something happened."""
        if partnership in self._ended:
            return "dissolved"
        return (
            "alive" if last_act_on >= months_before(self._at.as_of, DORMANT_MONTHS) else "dormant"
        )

    def named(self, party: str, names: Names) -> str:
        """Return who takes over, by name, and whether they have ended."""
        return f"{names.party(party)}{', which has ended' if party in self._ended else ''}"

    def stand_in(self, formed: dict[str, Any], names: Names) -> str:
        """Return whether those named to take over agreed to it and are still there, in words."""
        parties = {formed["on_closure"], formed["on_dissolution"]}
        lacking = sorted(names.party(one) for one in parties - formed["agreed"])
        if lacking:
            return f"not by {' and '.join(lacking)}"
        return "no longer there" if parties & self._ended.keys() else "yes"


#: Of each year, what came to be owed in it and what is left, in hundredths; a withdrawal of what
#: opened a debt takes it back, one of a visit does not.
_OWED = f"""
    SELECT about, sum(amount) AS left,
           sum(CASE WHEN reason IN ('opened', 'moved', 'raised', 'reduced', 'voided', 'restored')
                      OR (reason = 'reversed' AND claim = event)
                    THEN amount ELSE 0 END) AS owed
    FROM postings
    WHERE about IN {LISTED} AND kind = 'peer_visit'
      AND position <= :known AND effective_on <= :as_of
    GROUP BY about
"""  # noqa: S608 - a condition of our own
#: What happened in each partnership: what names it, and what was done of what is owed to it.
_ACTS = f"""
    WITH acts (partnership, position) AS (
        SELECT party, position FROM mentions WHERE party IN {LISTED}
        UNION
        SELECT creditor, position FROM postings
        WHERE creditor IN {LISTED} AND reason = 'discharged'
    )
    SELECT partnership, e.event, max(e.occurred_on) AS occurred_on
    FROM acts JOIN entries e ON e.position = acts.position
    WHERE e.position <= :known AND e.occurred_on <= :as_of
      AND NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = e.event
                      AND d.position <= :known AND d.first <= :as_of)
    GROUP BY partnership
"""  # noqa: S608 - as above


def _last_acts(
    connection: sqlite3.Connection, at: Moment, chosen: Iterable[str]
) -> dict[str, sqlite3.Row]:
    asked = {"chosen": json.dumps(list(chosen)), "known": at.known_at, "as_of": at.as_of}
    return {row["partnership"]: row for row in connection.execute(_ACTS, asked)}


def _row(partnership: str, around: _Around, names: Names) -> dict[str, Any]:
    formed, members = around.formed[partnership], around.members[partnership]
    act = around.last_acts.get(partnership)
    ratifications = around.ratifications[partnership]
    visits = around.visits_of(partnership)
    overlap, declining = around.overlap(partnership), around.declined(partnership)
    return {
        "partnership_name": names.party(partnership),
        "state": around.state(partnership, act["occurred_on"] if act else ""),
        "last_act_on": act["occurred_on"] if act else None,
        "members": len(members),
        **around.of_the_year(partnership, visits),
        "not_ratified": len(ratifications),
        "declined": "; ".join(one.in_words(school, names) for school, one in declining.items()),
        "authorities": ", ".join(map(names.party, around.authorities(partnership))),
        "overlap": ", ".join(f"{names.party(one)}: {overlap[one]}" for one in sorted(overlap)),
        "takes_over": around.named(formed["on_closure"], names),
        "takes_over_all": around.named(formed["on_dissolution"], names),
        "stand_in": around.stand_in(formed, names),
        "partnership": partnership,
        "schools": sorted(member.school for member in members),
        "events": [
            formed["event"],
            *formed["agreements"],
            *(event for member in members for event in member.events),
            *(one.event for one in declining.values()),
            *([act["event"]] if act else ()),
            *([around.years[partnership]["event"]] if partnership in around.years else ()),
            *(one["event"] for one in around.confirmations(partnership)),
            *(event for row in ratifications for event in json.loads(row["events"])),
        ],
    }


QUESTION = Question(
    name="partnerships",
    tells="""Show every partnership: who belongs to it, whether it is alive, the visits of its
    latest year, which heads have yet to ratify or declined, and with which others it shares
    members.

    It is dormant where nothing has happened in it for fifteen months.
    """,
    asked=Asked,
    answer=partnerships,
    examples=("", "--la northwick", "--about 900003 --as-of 2025-12-31"),
)
