"""The sheets of Ofsted's management information: which columns tell of which inspection.

Two are published: inspections of a year, one a row, and schools with their most recent inspections,
up to three a row. What a row may tell of an inspection is a `Part`; a sheet has those parts whose
columns it has, so that either sheet, and those of before November 2025, are read by the same table.
No column about a person is among those read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ledger.imports.files import Cells, Column, Layout, Publication, Published, clean, read

FOUR_POINT = "ofsted-2019"
REPORT_CARD = "ofsted-report-card-2025"
UNGRADED = "ofsted-ungraded"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AS_AT = re.compile(r"as[ _]at[ _](\d{1,2})[ _]([A-Za-z]{3,9})[ _](\d{4})", re.ASCII)


class Area(NamedTuple):
    """An evaluation area of a framework, its column, and the one with the day of its grade."""

    code: str
    column: str
    dated: str = ""


class Part(NamedTuple):
    """The columns in which a row tells of one inspection; "" where a sheet tells no such thing.

    Without a column for it, the school was inspected under the URN of the row.
    """

    framework: str
    started: str
    published: str
    urn: str
    category: str
    kinds: tuple[str, ...]
    areas: tuple[Area, ...]


_KINDS = ("Inspection type", "Inspection type grouping", "Event type grouping")
_OEIF = "latest OEIF graded inspection"


def _report_card(code: str, column: str, dated: str = "") -> Area:
    return Area(code, column, f"{dated or column} - date of grade")


PARTS = (
    Part(
        REPORT_CARD,
        "Inspection start date",
        "Publication date",
        "URN at time of latest full inspection",
        "Category of concern",
        _KINDS,
        (
            _report_card("safeguarding", "Safeguarding standards"),
            _report_card("inclusion", "Inclusion"),
            _report_card("curriculum-and-teaching", "Curriculum and teaching"),
            _report_card("achievement", "Achievement"),
            _report_card("attendance-and-behaviour", "Attendance and behaviour"),
            _report_card(
                "personal-development-and-wellbeing", "Personal development and wellbeing"
            ),
            _report_card("early-years", "Early years (where applicable)", "Early years"),
            _report_card(
                "post-16-provision", "Post-16 provision (where applicable)", "Post-16 provision"
            ),
            _report_card("leadership-and-governance", "Leadership and governance"),
        ),
    ),
    Part(
        FOUR_POINT,
        f"Inspection start date of {_OEIF}",
        f"Publication date of {_OEIF}",
        f"URN at time of {_OEIF}",
        "Latest OEIF category of concern",
        tuple(f"{kind} of {_OEIF}" for kind in _KINDS),
        (
            Area("overall-effectiveness", "Latest OEIF overall effectiveness"),
            Area("quality-of-education", "Latest OEIF quality of education"),
            Area("behaviour-and-attitudes", "Latest OEIF behaviour and attitudes"),
            Area("personal-development", "Latest OEIF personal development"),
            Area(
                "leadership-and-management",
                "Latest OEIF effectiveness of leadership and management",
            ),
            Area("safeguarding", "Latest OEIF safeguarding is effective?"),
            Area("early-years-provision", "Latest OEIF early years provision (where applicable)"),
            Area("sixth-form-provision", "Latest OEIF sixth form provision (where applicable)"),
        ),
    ),
    # As it was published until the report card came.
    Part(
        FOUR_POINT,
        "Inspection start date",
        "Publication date",
        "URN at time of latest graded inspection",
        "Category of concern",
        _KINDS,
        (
            Area("overall-effectiveness", "Overall effectiveness"),
            Area("quality-of-education", "Quality of education"),
            Area("behaviour-and-attitudes", "Behaviour and attitudes"),
            Area("personal-development", "Personal development"),
            Area("leadership-and-management", "Effectiveness of leadership and management"),
            Area("safeguarding", "Safeguarding is effective?"),
            Area("early-years-provision", "Early years provision (where applicable)"),
            Area("sixth-form-provision", "Sixth form provision (where applicable)"),
        ),
    ),
    Part(
        UNGRADED,
        "Date of latest ungraded inspection",
        "Ungraded inspection publication date",
        "URN at time of the ungraded inspection",
        "",
        (),
        (Area("", "Ungraded inspection overall outcome"),),
    ),
    Part(
        UNGRADED,
        "Inspection start date",
        "Publication date",
        "",
        "Category of concern",
        _KINDS,
        (Area("", "Outcomes for legacy monitoring inspections"),),
    ),
)
_NEWEST = "Most recent category of concern"
_ROW = ("URN", "School name", _NEWEST)
_NEEDED = frozenset({"URN", "Inspection start date", "Publication date"})


def _columns() -> Iterator[str]:
    """Go through all that is read, each once."""
    yield from dict.fromkeys(
        column
        for part in PARTS
        for column in (
            *(part.started, part.published, part.urn, part.category, *part.kinds),
            *(name for area in part.areas for name in (area.column, area.dated)),
        )
        if column
    )


def _as_at(name: str) -> date | None:
    """Return the day in a file's published name, as in `…_as_at_31_Jan_2026.csv`."""
    found = _AS_AT.search(name)
    if found is None or found[2][:3].casefold() not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2][:3].casefold()) + 1, int(found[1]))
    except ValueError:
        return None


INSPECTIONS = Layout(
    Publication("Ofsted", "State-funded schools, management information", _as_at),
    "inspections",
    "Management_information_-_state-funded_schools*.csv",
    tuple(Column((name,), name in _NEEDED) for name in (*_ROW, *_columns())),
)


class Graded(NamedTuple):
    """A cell with a grade: in which area and column, and the day of the grade if a sheet tells."""

    area: str
    column: str
    grade: str
    dated: str


class Told(NamedTuple):
    """What a row tells of one inspection, as the cells say it; days beside their columns."""

    framework: str
    urn: str
    started: tuple[str, str]
    published: tuple[str, str]
    category: str
    monitoring: bool
    graded: tuple[Graded, ...]


class SchoolRow(NamedTuple):
    """A row: the school as it is numbered today, and the inspections that are told of it.

    `latest_category` is None where a sheet tells none.
    """

    row: int
    urn: str
    name: str
    category: str
    started: str
    latest_category: str | None
    told: tuple[Told, ...]


def schools(
    published: Published, tick: Callable[[int], None] = lambda _: None
) -> Iterator[SchoolRow]:
    """Go through the rows of a sheet, in the order of the file.

    Raises ImportFileError at once for a file that is no such sheet, later for a row that is none.
    """
    found, rows = read(published, INSPECTIONS, tick=tick)
    places = {column.names[0]: place for place, column in enumerate(INSPECTIONS.columns)}
    parts = [part for part in PARTS if _has(part, found)]
    newest = _NEWEST in found
    return (_school(row, cells, places, parts, newest=newest) for row, cells in rows)


def _has(part: Part, found: frozenset[str]) -> bool:
    return part.started in found and any(area.column in found for area in part.areas)


def _school(
    row: int, cells: Cells, places: Mapping[str, int], parts: list[Part], *, newest: bool
) -> SchoolRow:
    def cell(column: str) -> str:
        return cells[places[column]] if column else ""

    urn = cell("URN")
    told = (_told(part, urn, cell) for part in parts)
    return SchoolRow(
        row=row,
        urn=urn,
        name=clean(cell("School name")),
        category=cell("Category of concern"),
        started=cell("Inspection start date"),
        latest_category=cell(_NEWEST) if newest else None,
        told=tuple(each for each in told if each is not None),
    )


def _told(part: Part, urn: str, cell: Callable[[str], str]) -> Told | None:
    graded = tuple(
        Graded(area.code, area.column, cell(area.column), cell(area.dated))
        for area in part.areas
        if is_graded(cell(area.column))
    )
    if not graded:
        return None
    return Told(
        framework=part.framework,
        urn=cell(part.urn) or urn,
        started=(part.started, cell(part.started)),
        published=(part.published, cell(part.published)),
        category=cell(part.category),
        monitoring=any("monitoring" in cell(kind).casefold() for kind in part.kinds),
        graded=graded,
    )


#: What stands where nothing was graded: codes of the four-point scale, and words.
_NOT_GRADED = frozenset({"", "0", "9", "not applicable", "not judged", "n/a"})


def is_graded(text: str) -> bool:
    """Return whether a cell holds a grade, or what should be one."""
    return text.casefold() not in _NOT_GRADED
