"""A report as a folder that Datasette serves: the database, and what its tables and columns mean.

Datasette shows what stands in `metadata.json` beside a database, above each table and on each
column::

    unzip owes.zip -d owes
    datasette owes
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import IO, Any

from projections.exports import database
from projections.exports.base import Made, facts
from projections.exports.ods import member
from projections.reports.base import Report

_EVENTS = "Which events each row rests on."
_COLUMNS = "What each column of the report means."
_ABOUT = "What was asked, of which ledger, as of when, and the control totals."
_ROW = "The number of the row, from the first."


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a zip of the two files."""
    filled = io.BytesIO()
    database.write(report, made, filled)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member(f"{report.name}.sqlite"), filled.getvalue())
        archive.writestr(member("metadata.json"), _metadata(report, made))


def _metadata(report: Report, made: Made) -> bytes:
    said = "\n".join(f"{name}: {value}" for name, value in facts(report, list(report.rows), made))
    several = any(column.type == "events" for column in report.columns)
    tables = {report.name: _table(report), **({"events": _events()} if several else {})}
    tables |= {"columns": {"description": _COLUMNS}, "about": {"description": _ABOUT}}
    told = {
        "title": report.title,
        "description": said,
        "source": report.heading.origin,
        "databases": {report.name: {"description": said, "tables": tables}},
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _table(report: Report) -> dict[str, Any]:
    single = (column for column in report.columns if column.type != "events")
    meant = {column.name: column.meaning for column in single}
    notes = {"description": "\n".join(report.notes)} if report.notes else {}
    return {"title": report.title, **notes, "columns": {"row": _ROW, **meant}}


def _events() -> dict[str, Any]:
    columns = {"row": "The row of the report.", "event": "The id of an event."}
    return {"description": _EVENTS, "columns": columns}
