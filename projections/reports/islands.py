"""Schools in no partnership, those in trouble or with needs first: who may be on their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    AboutSchool,
    Body,
    La,
    Marked,
    Question,
    Region,
    in_words,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    AUTHORITY,
    BODY,
    CATEGORY,
    EASTING,
    EVENTS,
    LAST_POSITION,
    MARKS,
    NEEDS,
    NORTHING,
    PHASE,
    REGION,
    SAID_BY,
    SCHOOL,
    SCHOOL_NAME,
    Column,
    hidden,
)
from projections.reports.in_category import now_in_category
from projections.reports.marks import explained
from projections.reports.names import Names, day_in_words
from projections.reports.owes import amount
from projections.reports.places import on_the_grid, places
from projections.reports.resting import rested
from projections.reports.school_facts import (
    MONTHS,
    School,
    in_words_of,
    months_before,
    needs,
    received,
    schools,
)
from projections.reports.standing import Membership, among, memberships, rest_on, standing
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    SCHOOL_NAME,
    PHASE,
    AUTHORITY,
    REGION,
    BODY,
    CATEGORY,
    NEEDS,
    Column(
        "days_received",
        "Days received",
        "How many days of visits the school confirmed in the twelve months up to the day.",
        "amount",
        summed="day",
    ),
    Column("last_partnership", "Last in", "The last partnership that it belonged to."),
    Column("left_on", "Until", "Its last day in that partnership.", "date"),
    Column("why_left", "Why it left", "Why its last membership ended."),
    Column(
        "refused_by",
        "Refused by",
        "The partnerships that refused it membership, each with the day.",
    ),
    MARKS,
    *hidden(SCHOOL, EASTING, NORTHING, EVENTS, SAID_BY, LAST_POSITION),
)


_WHY = {
    "declined": "its head declined to ratify",
    "left": "it left, with notice",
    "excluded": "the partnership excluded it",
    "dissolved": "the partnership was dissolved",
    "merged": "it merged into another school",
}


class Asked(NamedTuple):
    """Which schools: one, those in an area or under a body, or what is marked."""

    about: AboutSchool = None
    la: La = None
    region: Region = None
    body: Body = None
    marked: Marked = False


def islands(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return the schools in no partnership on a day: in a category first, then with needs."""
    names = Names(connection, store, at)
    chosen = None if asked.about is None else [asked.about]
    around = _Around(connection, at, chosen)
    existing = schools(connection, at, asked, chosen=chosen)
    found = [school for school in existing if not around.belongs(school)]
    rows = [_row(school, around, names) for school in found]
    rows.sort(key=_order)
    rest_on(connection, rows)
    rows = rested(connection, at, rows, marked=asked.marked)
    said = in_words(asked, names)
    return Report(
        name="islands",
        title=titled("In no partnership", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No school is known that belongs to no partnership.", said),
        notes=explained(rows),
        asked=said,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.islands_picture import picture  # noqa: PLC0415 - only if it is drawn

    return picture(rows)


def _order(row: dict[str, Any]) -> tuple[bool, bool, str, str]:
    return (
        not row["category"],
        not row["needs"],
        row["authority_name"] or "",
        row["school_name"],
    )


class _Around:
    """What the rows draw on: memberships, categories, needs and days received; each read once."""

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, chosen: list[str] | None
    ) -> None:
        self._as_of = at.as_of
        self._memberships: dict[str, list[Membership]] = {}
        for member in memberships(connection, at, *among("school", chosen)):
            self._memberships.setdefault(member.school, []).append(member)
        self.refusals: dict[str, list[dict[str, Any]]] = {}
        for row in standing(connection, at, "refusals", *among("school", chosen)):
            self.refusals.setdefault(row["school"], []).append(row)
        self.categories = now_in_category(connection, at, chosen)
        self.needs = needs(connection, at, chosen)
        self.received = received(connection, at, chosen, after=months_before(at.as_of, MONTHS))
        self.places = places(connection, at)

    def belongs(self, school: School) -> bool:
        """Whether a school is in a partnership on the day."""
        told = self._memberships.get(school.reference, ())
        return any(member.covers(self._as_of) for member in told)

    def last_membership(self, school: School) -> Membership | None:
        """Return the membership of a school that ended last."""
        told = self._memberships.get(school.reference, ())
        return max(told, key=lambda member: member.last or "", default=None)


def _row(school: School, around: _Around, names: Names) -> dict[str, Any]:
    category = around.categories.get(school.reference)
    identified = around.needs.get(school.reference, [])
    got = around.received.get(school.reference)
    left = around.last_membership(school)
    refusals = around.refusals.get(school.reference, [])
    return {
        **in_words_of(school, names),
        **on_the_grid(around.places.get(school.reference)),
        "category": words(category.category) if category else None,
        "needs": ", ".join(sorted({words(need["area"]) for need in identified})),
        "days_received": amount(got.days if got else 0, "day"),
        "last_partnership": names.party(left.partnership) if left else None,
        "left_on": left.last if left else None,
        "why_left": _WHY.get(left.why or "") if left else None,
        "refused_by": "; ".join(
            f"{names.party(one['partnership'])}, {day_in_words(one['first'])}" for one in refusals
        ),
        "events": [
            school.event,
            *(category.events if category else ()),
            *(need["event"] for need in identified),
            *(got.events if got else ()),
            *(left.events if left else ()),
            *(one["event"] for one in refusals),
        ],
    }


QUESTION = Question(
    name="islands",
    tells="""Show which schools belong to no partnership, those in a category of concern or with
    needs first, and how much help has reached them in twelve months.
    """,
    asked=Asked,
    answer=islands,
    examples=("", "--la northwick", "--body harbour-trust --as-of 2025-12-31"),
    of_part="about",
)
