"""A report as a calendar (iCalendar, RFC 5545 and 7986): what falls due, as events of whole days.

A calendar program that reads it again takes in what changed. Each event has a UID of its own, one
for what one party owes another under an obligation; its SEQUENCE is how many events of the record
changed it since it was opened, and where nothing is left of it, it is CANCELLED.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

from ledger.release import installing
from projections.errors import ProjectionError
from projections.exports.base import Made, facts, visible
from projections.reports.base import Report

_DAY = timedelta(days=1)
_NEEDED = frozenset({"obligation", "due_on", "outstanding", "changed_at"})


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a calendar; raise ProjectionError where its rows never fall due."""
    if not _NEEDED.issubset(column.name for column in report.columns):
        raise ProjectionError(
            f"{report.name} makes no calendar, for it does not list what is owed and when it falls"
            " due",
            expected="a report of what is owed, as `owes`",
            todo="Write it as HTML or ODS.",
        )
    icalendar = _icalendar()
    rows = list(report.rows)
    head = icalendar.Calendar()
    for name, text in _head(report, rows, made):
        head.add(name, icalendar.vText(_text(text)))
    # One by one, for a calendar in memory takes many times what it takes in a file.
    begin, _, end = head.to_ical().rpartition(b"END:VCALENDAR")
    file.write(begin)
    for row in rows:
        if row["due_on"]:
            file.write(_event(icalendar, report, row))
    file.write(b"END:VCALENDAR" + end)


def _icalendar() -> ModuleType:
    try:
        import icalendar  # noqa: PLC0415 - an extra, loaded only to use it
    except ImportError as error:
        raise ProjectionError(
            "A calendar needs icalendar, which is not installed",
            todo=f"Run `{installing('calendar')}`, or write HTML or ODS.",
        ) from error
    return icalendar


def _head(report: Report, rows: list[dict[str, Any]], made: Made) -> Iterator[tuple[str, str]]:
    name = report.asked or report.title
    undated = sum(not row["due_on"] for row in rows)
    told = [report.title, *(f"{title}: {value}" for title, value in facts(report, rows, made))]
    told.append(f"Rows without a due day, which are not here: {undated}")
    yield "prodid", f"-//school-ledger//{made.version}//EN"
    yield "version", "2.0"
    yield "method", "PUBLISH"
    yield "name", name
    yield "x-wr-calname", name
    yield "description", "\n".join(told)


def _event(icalendar: ModuleType, report: Report, row: Mapping[str, Any]) -> bytes:
    event = icalendar.Event()
    for name, value in _members(report, row):
        event.add(name, value)
    written: bytes = event.to_ical()
    return written


def _members(report: Report, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    due, changed = date.fromisoformat(row["due_on"]), datetime.fromisoformat(row["changed_at"])
    is_left = Decimal(row["outstanding"]) > 0
    yield "uid", _uid(report, row)
    yield "sequence", len(row["events"]) - 1
    yield "dtstamp", changed
    yield "last-modified", changed
    yield "dtstart", due
    yield "dtend", due + _DAY
    yield "transp", "TRANSPARENT"
    yield "status", "CONFIRMED" if is_left else "CANCELLED"
    yield "summary", _text(_summary(row, is_left=is_left))
    yield "categories", [_text(row["kind_title"])]
    yield "description", _text("\n".join(_description(row)))


def _uid(report: Report, row: Mapping[str, Any]) -> str:
    named = (report.heading.origin, row["obligation"], row["debtor"], row["creditor"])
    return str(uuid5(NAMESPACE_URL, "\n".join(named)))


def _summary(row: Mapping[str, Any], *, is_left: bool) -> str:
    counted = is_left and row["unit"] != "item"
    amount = f", {row['outstanding']} {row['unit']}" if counted else ""
    return f"{row['kind_title']}{amount}: {row['debtor_name']} to {row['creditor_name']}"


def _description(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"For: {row['about']}"
    if row["marks"]:
        yield f"Marks: {row['marks']}"
    yield f"Obligation: {row['obligation']}"
    yield f"Events: {' '.join(row['events'])}"


def _text(text: str) -> str:
    """Return a text as a calendar may hold it: with line ends of one kind, and no controls."""
    told = visible("\n".join(text.splitlines()))
    return told.encode("utf-8", "backslashreplace").decode("utf-8")
