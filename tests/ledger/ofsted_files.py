"""Small sheets of inspections for tests of the import, as published, of made-up schools."""

from __future__ import annotations

import csv
from datetime import date
from itertools import count

from ledger.domain.judgements.frameworks import SHIPPED
from ledger.events.judgements import FrameworkAdopted
from ledger.events.registers import BodyRegistered, SchoolClosed, SchoolConverted, SchoolRegistered
from ledger.imports.ofsted import FOUR_POINT, REPORT_CARD, Ground, Known

FULL, OEIF = "latest full inspection", "latest OEIF graded inspection"
REPORT_CARD_AREAS = (
    "Safeguarding standards",
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Early years (where applicable)",
    "Post-16 provision (where applicable)",
    "Leadership and governance",
)
OEIF_AREAS = tuple(
    f"Latest OEIF {area}"
    for area in (
        "overall effectiveness",
        "quality of education",
        "behaviour and attitudes",
        "personal development",
        "effectiveness of leadership and management",
        " safeguarding is effective?",
        "early years provision (where applicable)",
        "sixth form provision (where applicable)",
    )
)
_INSPECTION = ("Inspection type", "Event type grouping", "Inspection start date")
#: Inspections of a year, one a row.
IN_YEAR = (
    *("URN", "School name", *_INSPECTION, "Publication date"),
    *("Outcomes for legacy monitoring inspections", "Category of concern"),
    *REPORT_CARD_AREAS,
)
#: Schools, each with its most recent inspections.
RECENT = (
    *("URN", "School name", *_INSPECTION, "Publication date"),
    *(f"URN at time of {FULL}", "Category of concern"),
    *(
        name
        for area in REPORT_CARD_AREAS
        for name in (area, f"{area.removesuffix(' (where applicable)')} - date of grade")
    ),
    *(f"{column} of {OEIF}" for column in ("Inspection start date", "Publication date")),
    *(f"URN at time of {OEIF}", "Latest OEIF category of concern", *OEIF_AREAS),
    *("Date of latest ungraded inspection", "Ungraded inspection publication date"),
    *("URN at time of the ungraded inspection", "Ungraded inspection overall outcome"),
    "Most recent category of concern",
)
#: The same as it was published before November 2025.
FORMER = (
    *("URN", "School name", *_INSPECTION, "Publication date"),
    *("URN at time of latest graded inspection", "Overall effectiveness", "Category of concern"),
    *("Quality of education", "Behaviour and attitudes", "Personal development"),
    *("Effectiveness of leadership and management", "Safeguarding is effective?"),
    *("Early years provision (where applicable)", "Sixth form provision (where applicable)"),
)
#: The latest inspection, on a report card.
CARD = {
    "Inspection start date": "10/02/2026",
    "Publication date": "20/03/2026",
    "Safeguarding standards": "Met",
    "Inclusion": "Expected standard",
    "Achievement": "Needs attention",
    "Early years (where applicable)": "Not applicable",
}
#: The one before it, on the four-point scale.
GRADED = {
    f"Inspection start date of {OEIF}": "12/03/2023",
    f"Publication date of {OEIF}": "28/04/2023",
    "Latest OEIF overall effectiveness": "3",
    "Latest OEIF quality of education": "2",
    "Latest OEIF  safeguarding is effective?": "Yes",
    "Latest OEIF early years provision (where applicable)": "9",
}
UNGRADED = {
    "Date of latest ungraded inspection": "14/05/2024",
    "Ungraded inspection publication date": "17/06/2024",
    "Ungraded inspection overall outcome": "School remains Good (Concerns) - S5 Next",
}


def row(urn, *told, **cells):
    """Return a row about a school: what is told of inspections, and cells by other names."""
    named = {name.replace("_", " "): value for name, value in cells.items()}
    merged = {"URN": str(urn), "School name": f"School {urn}"}
    for each in (*told, named):
        merged |= each
    return merged


def write(path, rows, header=RECENT, *, above=(), encoding="cp1252"):
    """Write a sheet; what a row does not say is NULL in it."""
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerows([*([line] for line in above), header])
        lines.writerows([[each.get(name, "NULL") for name in header] for each in rows])
    return path


def shipped(slug):
    framework = SHIPPED[slug]
    return FrameworkAdopted(
        slug=slug,
        title=framework.title,
        areas=[{"area": area, "grades": grades} for area, grades in framework.areas],
        in_force_from=framework.in_force_from,
    )


def ids():
    """Return what gives one id after the other."""
    numbers = count(1)
    return lambda: f"0191b1f0-0000-7000-8000-{next(numbers):012d}"


def ground(**more):
    return Ground({slug: shipped(slug) for slug in (FOUR_POINT, REPORT_CARD)}, ids(), **more)


def school(urn):
    return SchoolRegistered(
        school=f"school:{urn}",
        urn=f"urn:{urn}",
        name=f"School {urn}",
        phase="primary",
        la="body:northwick",
    )


def converted(old, new):
    return SchoolConverted(
        school=f"school:{old}",
        old_urn=f"urn:{old}",
        old_urn_closes_on=date(2025, 8, 31),
        new_urn=f"urn:{new}",
        new_urn_opens_on=date(2025, 9, 1),
        effective_on=date(2025, 9, 1),
        name=f"School {new}",
        establishment_type="34",
    )


def closed(urn, on):
    return SchoolClosed(school=f"school:{urn}", effective_on=on)


def inspectorate(ref="body:ofsted"):
    return BodyRegistered(body=ref, kind="inspectorate", name="Ofsted")


def known(*events, before=None):
    """Return what a ledger knows that holds these events."""
    new_id = ids()
    return (before or Known()).after((new_id(), event) for event in events)


def after(plan, before):
    """Return what the ledger knows once a plan is recorded."""
    new_id = ids()
    return before.after((plan.ids.get(event, new_id()), event) for event in plan.events)
