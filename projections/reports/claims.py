"""Who claims which gain: several bodies, one result.

A claim is an account of impact: in which school and area what changed, by whom and in which role.
Beside each stand how much of the support that the school confirmed by then its claimant gave, and
how many claim a gain there in the same area.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
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
    EVENTS,
    LAST_POSITION,
    MARKS,
    SAID_BY,
    SCHOOL,
    SCHOOL_NAME,
    Column,
    hidden,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.resting import rested
from projections.reports.standing import Bodies, among, confirmed
from projections.reports.statements import said_about, said_by_types
from projections.tables.views import Moment

COLUMNS = (
    SCHOOL_NAME,
    Column("claimed_area", "Area", "The evaluation area in which something is said to change."),
    Column("claimed_measure", "Measure", "The measure that is said to change, if one is named."),
    Column("gain", "Change", "What the measure was before and is after, as the claimant says."),
    Column("claimant_name", "Claimant", "Who claims it, as called on the day asked for."),
    Column(
        "claimant_role",
        "Role",
        "In which role it claims it: provider, receiver, commissioner or another authority.",
    ),
    Column(
        "share",
        "Share of days",
        "The days of visits that the claimant gave, of all that the school had confirmed by then.",
    ),
    Column("answered", "Answered", "Whether whoever it is with confirmed or contested it, if so."),
    Column(
        "claimants",
        "Claimants",
        "How many parties claim a gain in that area of the school.",
        "number",
    ),
    MARKS,
    *hidden(
        Column("reported_on", "Reported on", "The day on which it was reported.", "date"),
        Column("tells_of", "Tells of", "Whether of the end, or of a year after it.", "code"),
        Column("period_from", "Time from", "The first day that it tells of, if said.", "date"),
        Column("period_to", "Time to", "The last day that it tells of, if said.", "date"),
        Column("claim", "Claim", "What is claimed, as far as it may be read."),
        Column("own_days", "Days given", "Days of visits that the claimant gave.", "amount"),
        Column("all_days", "Days in all", "Days of visits that the school confirmed.", "amount"),
        Column("claimant", "Claimant's reference", "Who claims it, as recorded.", "party"),
        Column(
            "under", "Under", "The agreement, partnership year or programme that it is of.", "code"
        ),
        SCHOOL,
        Column("impact", "Account", "The event that claims it.", "event"),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Which claims: about a party, in an area of the map or of evaluation, reported when."""

    about: About = None
    la: La = None
    region: Region = None
    area: Area = None
    since: From = None
    to: To = None
    marked: Marked = False


def claims(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return every claim of impact beside the others of its school and area, by school and area."""
    names = Names(connection, store, at)
    found = _Found(connection, store, at, asked.about)
    asked = asked._replace(area=known_area(connection, asked.area))
    bodies = Bodies(connection, at)
    chosen = [one for one in found.claims if _is_asked(one, asked, bodies)]
    rows = [row for one in chosen for row in found.rows(one, names)]
    rows = rested(connection, at, rows, marked=asked.marked)
    rows.sort(key=lambda row: (row["school"] or "", row["claimed_area"], row["position"]))
    told = in_words(asked, names)
    return Report(
        name="claims",
        title=titled("Who claims which gain", told),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("Nobody claims a gain.", told),
        notes=explained(rows),
        asked=told,
    )


def _is_asked(one: Said, asked: Asked, bodies: Bodies) -> bool:
    school = one.data.get("school")
    about = asked.about in (None, school, one.data["reporter"], one.data["other_side"])
    within = bodies.is_in(school or "", asked.la, asked.region)
    in_time = (asked.since or "") <= one.day <= (asked.to or one.day)
    return about and within and in_time and asked.area in (None, one.data["area"])


class _Found:
    """Claims of impact, those of the same schools beside them, with days and answers."""

    def __init__(
        self, connection: sqlite3.Connection, store: EntryStore, at: Moment, about: str | None
    ) -> None:
        types = ("ImpactReported",)
        own = {one.event: one for one in said_by_types(connection, store, at, types, about)}
        schools = {one.data["school"] for one in own.values() if "school" in one.data}
        # Who claims a gain in a school may name nobody else that is asked about.
        for school in () if about is None else sorted(schools):
            own |= {one.event: one for one in said_by_types(connection, store, at, types, school)}
        self.claims = sorted(own.values(), key=lambda one: one.position)
        self._claimants: dict[tuple[str | None, str], set[str]] = defaultdict(set)
        for one in self.claims:
            self._claimants[one.data.get("school"), one.data["area"]].add(one.data["reporter"])
        told = said_about(connection, store, at, ("ImpactAnswered",), own)
        self._answers = {one.data["impact"].partition(":")[2]: one for one in told}
        self._texts = store.vault.get_many(list(own))
        self._confirmed: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in confirmed(connection, at, *among("host", schools)):
            self._confirmed[row["host"]].append(row)

    def rows(self, one: Said, names: Names) -> Iterator[dict[str, Any]]:
        """Go through the rows of a claim: one for each measure, or one."""
        base = self._row(one, names)
        for measure in one.data.get("measures") or (None,):
            yield base | {
                "claimed_measure": measure and words(measure["measure"]),
                "gain": measure and _gain(measure),
            }

    def _row(self, one: Said, names: Names) -> dict[str, Any]:
        said, school = one.data, one.data.get("school")
        answer = self._answers.get(one.event)
        visits = [row for row in self._confirmed.get(school or "", ()) if row["first"] <= one.day]
        own = [row for row in visits if row["visitor"] == said["reporter"]]
        return {
            "school": school,
            "school_name": names.party(school) if school else None,
            "claimed_area": words(said["area"]),
            "claimant": said["reporter"],
            "claimant_name": names.party(said["reporter"]),
            "claimant_role": said.get("role"),
            "share": _share(own, visits) if said["reporter"] != school else None,
            "answered": answer and answer.data["answer"],
            "claimants": len(self._claimants[school, said["area"]]),
            "reported_on": one.day,
            "tells_of": said.get("stage", "at_the_end"),
            "period_from": said.get("period_from"),
            "period_to": said.get("period_to"),
            "claim": self._texts.get(one.event, {}).get("/data/claim", (b"", ""))[1],
            "own_days": _days(own),
            "all_days": _days(visits),
            "under": said.get("agreement") or said.get("year") or said.get("programme"),
            "impact": one.event,
            "events": [
                one.event,
                *([answer.event] if answer else ()),
                *(row["event"] for row in visits),
            ],
        }


def _gain(measure: dict[str, str]) -> str:
    """Say from what to what a measure went, and by how much."""
    after = measure["after"]
    if "before" not in measure:
        return after
    by = Decimal(after) - Decimal(measure["before"])
    return f"{measure['before']} to {after} ({by:+})"


def _days(visits: Sequence[dict[str, Any]]) -> str:
    return amount(sum(row["days"] for row in visits), "day")


def _share(own: Sequence[dict[str, Any]], visits: Sequence[dict[str, Any]]) -> str:
    return f"{_days(own)} of {_days(visits)}"


QUESTION = Question(
    name="claims",
    tells="""Show who claims which gain: several bodies, one result.

    Beside each claim stand the days of visits that its claimant gave, of all that the school
    confirmed by then, and how many claim a gain in the same area of the school.
    """,
    asked=Asked,
    answer=claims,
    examples=("", "--about 900003", "--la northwick --area inclusion -o claims.ods"),
)
