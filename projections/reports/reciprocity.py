"""Who judged whom: whether it was returned, by whom from outside, and what inspection found later.

Grades of different frameworks are never converted into one another: a later inspection is compared
only where it graded the same area of the same framework.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
    Area,
    From,
    Kind,
    La,
    Marked,
    Question,
    Region,
    To,
    in_words,
    known_area,
    known_code,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import EVENTS, LAST_POSITION, MARKS, SAID_BY, Column, hidden
from projections.reports.marks import explained
from projections.reports.moderations import CHANGING, Found, graded
from projections.reports.names import Names
from projections.reports.nearness import Nearness
from projections.reports.resting import Resting
from projections.reports.standing import LISTED, Bodies, among, memberships, rest_on
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    Column("judge_name", "Judge", "Who judged, as it was called on the day asked for."),
    Column("judged_name", "Judged", "Who was judged, as it was called on the day asked for."),
    Column("inspected_on", "Inspected", "The day of the visit that the judgement is of.", "date"),
    Column(
        "judgement_kind",
        "Kind of judgement",
        "Inspection, monitoring inspection, peer review or categorisation.",
    ),
    Column("area", "Area", "The evaluation area that the grade is in."),
    Column(
        "grade",
        "Grade",
        "The grade that counts in the area: as given, or as a moderator found it instead; empty"
        " where the judgement was set aside.",
    ),
    Column(
        "place",
        "Place on the scale",
        "The grade's place on the scale of its area, 1 for the best.",
        "number",
    ),
    Column(
        "meets",
        "Meets the standard",
        "Whether the grade meets the framework's own standard: yes or no; empty where it says"
        " neither.",
    ),
    Column(
        "moderated",
        "Moderated",
        "What a moderator of neither side found of it, where the judged party challenged it, and"
        " what the grade was before; or that nobody has moderated it yet.",
    ),
    Column(
        "external",
        "External",
        "Whether the judge was in no partnership or trust with the judged party on that day, and"
        " not responsible for it.",
        "yes_no",
    ),
    Column(
        "judged_back_on",
        "Judged back",
        "The latest day on which the judged party judged its judge; empty if it never did.",
        "date",
    ),
    Column(
        "next_inspected_on",
        "Next inspection",
        "The day of the first inspection of the judged party after it.",
        "date",
    ),
    Column("next_grade", "Next grade", "The grade that the next inspection gave in that area."),
    Column(
        "next_is",
        "Compared",
        "Whether the next inspection gave the same, a better or a worse grade, told of one"
        " framework only.",
    ),
    Column(
        "next_meets",
        "Next meets the standard",
        "Whether the grade of the next inspection meets the standard of its own framework: yes or"
        " no.",
    ),
    MARKS,
    *hidden(
        Column("judge", "Judge's reference", "What the record calls the judge.", "party"),
        Column("judged", "Judged party's reference", "What the record calls it.", "party"),
        Column("urn", "URN then", "The number that the school was judged under.", "code"),
        Column("given", "Grade given", "The grade that the judge gave in the area."),
        Column("category", "Category", "The category of concern that the judge placed it in."),
        Column("framework", "Framework", "The event that adopted the framework.", "event"),
        EVENTS,
        SAID_BY,
        LAST_POSITION,
    ),
)
_INSPECTIONS = frozenset({"inspection", "monitoring_inspection"})
#: On what grounds one party judges another.
BASES = (
    "inspection",
    "monitoring_inspection",
    "peer_review",
    "la_categorisation",
    "trust_categorisation",
)
_AFTER_ALL = "~"


class Asked(NamedTuple):
    """Which judgements: of or by a party, in an area, on a basis, within a time."""

    about: About = None
    la: La = None
    region: Region = None
    area: Area = None
    kind: Kind = None
    since: From = None
    to: To = None
    marked: Marked = False


def reciprocity(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> Report:
    """Return each grade that one party gave another by a moment, by the day of the inspection."""
    names = Names(connection, store, at)
    found = _graded(connection, at, asked)
    around = _Around(connection, at, found)
    resting = Resting(connection, at, (row["event"] for row in found))
    rows = [_row(row, around, names, resting) for row in found]
    rest_on(connection, rows)
    if asked.marked:
        rows = [row for row in rows if row["marks"]]
    said = in_words(asked, names)
    return Report(
        name="reciprocity",
        title=titled("Who judged whom", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No party is known to have judged another.", said),
        notes=explained(rows),
        asked=said,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture:
    from projections.reports.reciprocity_picture import picture  # noqa: PLC0415 - if it is drawn

    return picture(rows)


_NARROWED = {
    "about": f"judged IN {LISTED} OR judge IN {LISTED}",
    "la": "judged IN (SELECT school FROM areas WHERE la = :la AND position <= :known)",
    "area": "area = :area",
    "kind": "basis = :kind",
    "since": "inspected_on >= :since",
    "to": "inspected_on <= :to",
}


def _graded(connection: sqlite3.Connection, at: Moment, asked: Asked) -> list[dict[str, Any]]:
    """Return the grades that are asked for, by the day of the inspection."""
    told = asked._asdict()
    clauses = ["judge <> judged", *(said for name, said in _NARROWED.items() if told[name])]
    told |= {
        "chosen": json.dumps(_parties(connection, at, asked.about)),
        "area": known_area(connection, asked.area),
        "kind": asked.kind and known_code(asked.kind, BASES, "kind of judgement"),
    }
    where = " AND ".join(f"({clause})" for clause in clauses)
    rows = graded(connection, at, where, **told)
    if asked.region is not None:
        bodies = Bodies(connection, at)
        rows = [row for row in rows if bodies.is_in(row["judged"], None, asked.region)]
    return sorted(rows, key=lambda row: str(row["inspected_on"]))


def _parties(connection: sqlite3.Connection, at: Moment, about: str | None) -> list[str | None]:
    """Return the party that is asked about; of a partnership, whoever belonged to it too."""
    belonged = memberships(connection, at, "partnership = :it", it=about)
    return [about, *(member.school for member in belonged)]


class _Around:
    """What the judgements of these rows are compared with: all of those whom they name."""

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, rows: list[dict[str, Any]]
    ) -> None:
        parties = {row[side] for row in rows for side in ("judge", "judged")}
        judged = graded(connection, at, *among("judged", parties))
        self._returned: dict[tuple[str, str], str] = {}
        self._inspections: dict[str, list[tuple[str, str]]] = {}
        self._grades: dict[str, dict[str, dict[str, Any]]] = {}
        for row in judged:
            sides = row["judge"], row["judged"]
            self._returned[sides] = max(self._returned.get(sides, ""), row["inspected_on"])
            if row["basis"] in _INSPECTIONS:
                self._inspections.setdefault(row["judged"], []).append(
                    (row["inspected_on"], row["event"])
                )
                self._grades.setdefault(row["event"], {})[row["area"]] = row
        for inspections in self._inspections.values():
            inspections.sort()
        self._near = Nearness(connection, at, parties)
        scales = "SELECT framework, area, grade, place, meets FROM scales"
        self._scales = {tuple(row)[:3]: row for row in connection.execute(scales)}

    def place(self, row: dict[str, Any]) -> int | None:
        """Return the place of a grade on its scale; None where the scale has no such grade."""
        told = self._scale(row)
        return told["place"] if told else None

    def meets(self, row: dict[str, Any] | None) -> str | None:
        """Say whether a grade meets the standard of its framework; None where none says."""
        told = self._scale(row) if row else None
        if told is None or told["meets"] is None:
            return None
        return "yes" if told["meets"] else "no"

    def _scale(self, row: dict[str, Any]) -> sqlite3.Row | None:
        return self._scales.get((row["framework"], row["area"], row["grade"]))

    def returned(self, row: dict[str, Any]) -> str | None:
        """Return the latest day on which the judged party judged its judge."""
        return self._returned.get((row["judged"], row["judge"]))

    def external(self, row: dict[str, Any]) -> bool:
        """Whether judge and judged had neither partnership nor trust in common on that day."""
        day, sides = row["inspected_on"], (row["judge"], row["judged"])
        return not (
            self._near.share_partnership(*sides, day)
            or self._near.within_group(*sides, day)
            or self._near.bodies.responsible(row["judged"], day) == row["judge"]
        )

    def next_inspection(self, row: dict[str, Any]) -> str | None:
        """Return the event of the first inspection of the judged party after a judgement."""
        told = self._inspections.get(row["judged"], [])
        later = bisect_right(told, (row["inspected_on"], _AFTER_ALL))
        return told[later][1] if later < len(told) else None

    def compared(self, row: dict[str, Any], inspection: str | None) -> dict[str, Any]:
        """Return when the next inspection was, its grade in the area, and how it compares."""
        graded = self._grades.get(inspection or "", {})
        found = graded.get(row["area"])
        same = found is not None and found["framework"] == row["framework"]
        return {
            "next_inspected_on": next((one["inspected_on"] for one in graded.values()), None),
            "next_grade": words(found["grade"]) if found else None,
            "next_meets": self.meets(found),
            "next_is": self._against(row, found) if found and same else None,
        }

    def _against(self, row: dict[str, Any], later: dict[str, Any]) -> str | None:
        """Say how a later grade stands to one of the same scale; None if either is not on it."""
        was, became = self.place(row), self.place(later)
        if was is None or became is None:
            return None
        if was == became:
            return "the same"
        return "better" if became < was else "worse"


def _moderated(row: dict[str, Any]) -> str | None:
    """Say what a moderator found of a grade; None where nobody challenged it."""
    found: Found | None = row["found"]
    if found is None:
        return None
    if found.finding in CHANGING:
        is_changed = row["grade"] != row["given"]
        return f"{words(found.finding)}, was {words(row['given'])}" if is_changed else "upheld"
    return words(found.finding)


def _of_grade(marks: str, moderated: str | None) -> str:
    """Return a judgement's marks as they hold of one grade: it may stand while others changed."""
    if moderated != "upheld":
        return marks
    return ", ".join("upheld" if mark == "changed" else mark for mark in marks.split(", "))


def _row(row: dict[str, Any], around: _Around, names: Names, resting: Resting) -> dict[str, Any]:
    own = resting.of([row["event"]])
    moderated = _moderated(row)
    inspection = around.next_inspection(row)
    events = [
        row["event"],
        *([inspection] if inspection else []),
        *([row["found"].event] if row["found"] else []),
    ]
    return {
        "judge_name": names.party(row["judge"]),
        "judged_name": names.party(row["judged"]),
        "inspected_on": row["inspected_on"],
        "judgement_kind": words(row["basis"]),
        "area": words(row["area"]),
        "grade": row["grade"] and words(row["grade"]),
        "place": around.place(row),
        "meets": around.meets(row),
        "moderated": moderated,
        "external": around.external(row),
        "judged_back_on": around.returned(row),
        **around.compared(row, inspection),
        "marks": _of_grade(own["marks"], moderated),
        "said_by": own["said_by"],
        "judge": row["judge"],
        "judged": row["judged"],
        "urn": row["urn"] and row["urn"].removeprefix("urn:"),
        "given": words(row["given"]),
        "category": words(row["category"]),
        "framework": row["framework"].removeprefix("framework:"),
        "events": events,
    }


QUESTION = Question(
    name="reciprocity",
    tells="""Show who judged whom: each grade that one party gave another, whether the judge came
    from outside, whether it was judged back, and what the next inspection gave.

    What parties say of themselves is not in it. The next inspection is compared only where it
    graded the same area of the same framework: grades of different frameworks are never converted.
    """,
    asked=Asked,
    answer=reciprocity,
    examples=("", "--about estuary", '--area safeguarding --kind "peer review"'),
)
