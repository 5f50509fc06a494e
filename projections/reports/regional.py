"""Needs and outcomes by evaluation area, authority and region: where some excel, others struggle.

A row is an area of evaluation in the area of an authority and its region: the needs that were
identified there, what became of them, the days of support, for a need or none, whose support is
confirmed to have changed something, and which schools excel.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from statistics import median_low
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from ledger.values import party_kind
from projections.reports.asking import (
    Area,
    From,
    La,
    Marked,
    Question,
    Region,
    To,
    in_words,
    known_area,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    AUTHORITY,
    EVENTS,
    LAST_POSITION,
    MARKS,
    REGION,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.excellence import Excellence, excellences
from projections.reports.gains import confirmed_gains
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.places import region_name
from projections.reports.resting import rested
from projections.reports.standing import Bodies, confirmed, standing
from projections.reports.statements import said_by_types
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    AUTHORITY,
    REGION,
    Column(
        "need_area",
        "Area",
        "The evaluation area of the needs and of the support; empty for support that names none.",
    ),
    Column("needs_found", "Needs", "How many needs were identified there.", "number"),
    Column("accepted", "Accepted", "How many of them a head took ownership of.", "number"),
    Column("gone_outside", "Outside", "For how many help was asked from outside.", "number"),
    Column("met", "Met", "How many were closed as met.", "number"),
    Column(
        "median_days",
        "Days to help",
        "The median of days from a need to the first day of help; of two, the lower.",
        "number",
    ),
    Column(
        "delivered",
        "Days delivered",
        "Days of visits confirmed under support agreed for these needs, or in the area for no"
        " need; what is agreed in several areas counts in each.",
        "amount",
    ),
    Column(
        "worked",
        "What worked",
        "Who supported schools there in the area, and whose impact the other side confirmed.",
    ),
    Column(
        "excel",
        "Who excels",
        "The schools there of which the latest judgement by another that speaks of the area names"
        " it an area of excellence.",
    ),
    MARKS,
    *hidden(
        Column("authority", "Authority's reference", "The local authority.", "party"),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Which needs: in the area of an authority, of an evaluation area, identified when."""

    la: La = None
    region: Region = None
    area: Area = None
    since: From = None
    to: To = None
    marked: Marked = False


class _Where(NamedTuple):
    """An evaluation area in a region and the area of an authority; empty where none is told."""

    region: str
    la: str
    area: str


@dataclass
class _Cell:
    """What is told of an evaluation area in a region and the area of an authority."""

    needs: int = 0
    accepted: int = 0
    outside: int = 0
    met: int = 0
    waited: list[int] = field(default_factory=list)
    days: int = 0
    worked: dict[str, None] = field(default_factory=dict)
    excel: dict[str, None] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)


def regional(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return needs and outcomes by authority and evaluation area."""
    names = Names(connection, store, at)
    asked = asked._replace(area=known_area(connection, asked.area))
    cells = _cells(connection, store, at, asked)
    rows = [
        _row(where, cell, names)
        for where, cell in sorted(cells.items())
        if asked.la in (None, where.la)
        and asked.region in (None, where.region)
        and asked.area in (None, where.area)
    ]
    rows = rested(connection, at, rows, marked=asked.marked)
    told = in_words(asked, names)
    return Report(
        name="regional",
        title=titled("Needs and outcomes by area and authority", told),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked(
            "No need is identified, no day of support and no gain is confirmed, and nobody is"
            " named excellent.",
            told,
        ),
        notes=explained(rows),
        asked=told,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.regional_picture import picture  # noqa: PLC0415 - only if it is drawn

    return picture(rows)


def _is_asked(day: str, asked: Asked) -> bool:
    return (asked.since or "") <= day <= (asked.to or day)


def _cells(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> dict[_Where, _Cell]:
    """Return what is told by place and area: of needs, of gains and of who excels."""
    bodies = Bodies(connection, at)

    def where(school: str, area: str) -> _Where:
        return _Where(bodies.region(school) or "", bodies.authority(school) or "", area)

    cells: dict[_Where, _Cell] = defaultdict(_Cell)
    course = _Course(connection, store, at)
    needs = standing(connection, at, "needs")
    for need in (row for row in needs if _is_asked(row["first"], asked)):
        cell = cells[where(need["school"], need["area"])]
        cell.needs += 1
        cell.events.append(need["event"])
        course.tell(need, cell)
    for agreed, areas in course.without_a_need():
        visits = [one for one in course.visits(agreed) if _is_asked(one["first"], asked)]
        for visit, area in product(visits, areas or ("",)):
            cell = cells[where(agreed.data["receiver"], area)]
            cell.days += visit["days"]
            cell.events += [agreed.event, visit["event"]]
    for gain in confirmed_gains(connection, store, at):
        place = where(gain.school, gain.area)
        # What came of a need is told whenever it came.
        if place in cells or _is_asked(gain.day, asked):
            cells[place].worked[gain.provider] = None
            cells[place].events += gain.events
    for found in _excelling(connection, store, at):
        place = where(found.party, found.area)
        if place in cells or _is_asked(found.day, asked):
            cells[place].excel[found.party] = None
            cells[place].events.append(found.event)
    return cells


def _excelling(
    connection: sqlite3.Connection, store: EntryStore, at: Moment
) -> Iterator[Excellence]:
    """Go through what schools excel in: other parties are in no place."""
    every = excellences(connection, store, at)
    return (found for found in every if party_kind(found.party) == "school")


class _Course:
    """What became of needs: who took them up, who was asked, and the days that came of it.

    And the support that was agreed for none.
    """

    def __init__(self, connection: sqlite3.Connection, store: EntryStore, at: Moment) -> None:
        self._answers: dict[str, list[Said]] = defaultdict(list)
        self._without: list[Said] = []
        self._areas: dict[str, Sequence[str]] = {}
        types = ("NeedAccepted", "NeedEscalated", "SupportOffered", "SupportAgreed")
        for one in said_by_types(connection, store, at, types):
            kind, _, about = (one.data.get("need") or one.data.get("trigger") or "").partition(":")
            if one.name == "SupportOffered":
                self._areas[f"offer:{one.event}"] = one.data.get("areas", ())
            elif one.name == "SupportAgreed" and kind != "need":
                self._without.append(one)
            else:
                self._answers[about].append(one)
        closed = standing(connection, at, "closed_needs")
        self._closed = {row["need"]: row for row in closed}
        self._visits: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in confirmed(connection, at):
            self._visits[row["under"] or ""].append(row)

    def without_a_need(self) -> Iterator[tuple[Said, Sequence[str]]]:
        """Go through the agreements that are for no need, each with the areas it was offered in."""
        for agreed in self._without:
            yield agreed, self._areas.get(agreed.data["offer"], ())

    def visits(self, agreed: Said) -> list[dict[str, Any]]:
        """Return the visits under an agreement that their host confirmed."""
        return self._visits[f"agreement:{agreed.event}"]

    def tell(self, need: dict[str, Any], cell: _Cell) -> None:
        """Add what became of a need to a cell."""
        answers, closed = self._answers[need["event"]], self._closed.get(need["event"])
        outside = [one for one in answers if one.data.get("to_level") == "outside"]
        cell.accepted += any(one.name == "NeedAccepted" for one in answers)
        cell.outside += bool(outside)
        cell.met += closed is not None and closed["outcome"] == "met"
        visits = [row for one in answers for row in self.visits(one)]
        cell.days += sum(row["days"] for row in visits)
        if visits:
            cell.waited.append(_days(need["first"], min(row["first"] for row in visits)))
        cell.events += [one.event for one in answers] + [row["event"] for row in visits]
        cell.events += [closed["event"]] if closed else []


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _row(where: _Where, cell: _Cell, names: Names) -> dict[str, Any]:
    return {
        "authority": where.la or None,
        "authority_name": names.party(where.la) if where.la else None,
        "region": region_name(where.region or None),
        "need_area": words(where.area) or None,
        "needs_found": cell.needs,
        "accepted": cell.accepted,
        "gone_outside": cell.outside,
        "met": cell.met,
        "median_days": median_low(cell.waited) if cell.waited else None,
        "delivered": amount(cell.days, "day"),
        "worked": _in_order(names.party(one) for one in cell.worked),
        "excel": _in_order(names.party(one) for one in cell.excel),
        "events": cell.events,
    }


def _in_order(told: Iterable[str]) -> str:
    return ", ".join(sorted(told))


QUESTION = Question(
    name="regional",
    tells="""Show needs and outcomes by evaluation area, local authority and region, what worked
    there and who excels.

    Days delivered are those of support for a need or for none. What worked is support whose impact
    the other side confirmed, where a need was identified or where none was.
    """,
    asked=Asked,
    answer=regional,
    examples=(
        "",
        "--la northwick --area inclusion",
        "--region north-east",
        "--from 2025-09-01 -o regional.html",
    ),
)
