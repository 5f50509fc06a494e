"""Calendars: what falls due and what changed of it, read back by other parsers."""

import io
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hostile_report import IDS, MADE, NAMES, written

from ledger.release import installing
from projections.errors import ProjectionError
from projections.exports.calendar import write
from projections.reports.owes import COLUMNS

pytest.importorskip("icalendar", reason="no icalendar to write calendars")


def owed(number=0, name="Elm", **more):
    """Return a row of who owes whom."""
    return {
        "obligation": f"{IDS[0]}/slot{number}",
        "kind_title": "days of support",
        "debtor": "school:900001",
        "creditor": "school:900002",
        "debtor_name": name,
        "creditor_name": "Fir School",
        "about": "agreement of 2026-01-20",
        "outstanding": "2.5",
        "unit": "day",
        "due_on": "2026-07-31",
        "marks": "",
        "events": [IDS[0]],
        "changed_at": "2026-03-29T00:30:00.123Z",
    } | more


def report(*rows):
    return replace(written(), columns=COLUMNS, rows=list(rows))


def calendar(*rows):
    file = io.BytesIO()
    write(report(*rows), MADE, file)
    return file.getvalue()


@pytest.fixture
def events():
    """Return the events of a calendar as vobject reads them."""
    vobject = pytest.importorskip("vobject", reason="no vobject to read it back")

    def read(*rows):
        return vobject.readOne(calendar(*rows).decode()).contents.get("vevent", [])

    return read


def test_every_value_is_read_back_whatever_is_in_it(events):
    names = [name for name in NAMES if "\t" not in name]
    found = events(*(owed(number, name) for number, name in enumerate(names)))
    assert [event.summary.value for event in found] == [
        f"days of support, 2.5 day: {name} to Fir School" for name in names
    ]
    assert {event.categories.value[0] for event in found} == {"days of support"}
    assert found[0].description.value.splitlines() == [
        "For: agreement of 2026-01-20",
        f"Obligation: {IDS[0]}/slot0",
        f"Events: {IDS[0]}",
    ]


def test_it_falls_on_the_whole_day_that_is_due(events):
    (event,) = events(owed())
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 7, 31), date(2026, 8, 1))
    assert event.transp.value == "TRANSPARENT"


def test_it_is_stamped_by_the_event_that_changed_it_last(events):
    (event,) = events(owed())
    stamp = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert (event.dtstamp.value, event.last_modified.value) == (stamp, stamp)


@pytest.mark.parametrize(
    ("more", "status", "sequence", "summary"),
    [
        ({}, "CONFIRMED", "0", "days of support, 2.5 day: Elm to Fir School"),
        (
            {"outstanding": "1.0", "events": IDS},
            "CONFIRMED",
            "1",
            "days of support, 1.0 day: Elm to Fir School",
        ),
        (
            {"outstanding": "0.0", "events": IDS},
            "CANCELLED",
            "1",
            "days of support: Elm to Fir School",
        ),
        ({"due_on": "2026-09-30", "events": IDS}, "CONFIRMED", "1", None),
        ({"unit": "item"}, "CONFIRMED", "0", "days of support: Elm to Fir School"),
    ],
)
def test_what_changed_has_the_uid_that_it_had_and_a_later_sequence(
    events, more, status, sequence, summary
):
    (first,), (now,) = events(owed()), events(owed(**more))
    assert now.uid.value == first.uid.value
    assert (now.status.value, now.sequence.value) == (status, sequence)
    assert summary in (None, now.summary.value)


def test_each_obligation_and_whoever_owes_it_has_a_uid():
    lines = calendar(owed(1), owed(2), owed(1, debtor="school:900009")).decode().split("\r\n")
    assert len({line for line in lines if line.startswith("UID:")}) == 3


def test_it_says_what_was_asked_what_it_rests_on_and_what_is_left_out():
    import icalendar  # noqa: PLC0415 - only where it is there

    read = icalendar.Calendar.from_ical(calendar(owed(), owed(1, due_on=None)))
    assert len(read.walk("VEVENT")) == 1
    assert read["NAME"] == read["X-WR-CALNAME"] == 'what "Elm" owes'
    assert read["DESCRIPTION"].splitlines() == [
        "Who owes what <to> whom",
        'Asked: what "Elm" owes',
        "Ledger: northwick.example/support",
        "As of: 2026-07-31",
        "Known at: position 9, 2026-07-10",
        "Size: 9 entries",
        "Root: " + "ab" * 32,
        "Made: 2026-08-01 09:30 UTC, by school-ledger 0.1.0",
        "Rows: 2",
        "Control total: days of support: 5.0 days",
        "Rows without a due day, which are not here: 1",
    ]


@pytest.mark.parametrize(
    "name", ["a\x1b[2J\x9b\ud800", "a\rEND:VCALENDAR", "a\r\nb\u2028c", "ŵ" * 99]
)
def test_no_name_breaks_a_line_or_steers_a_terminal(name):
    data = calendar(owed(name=name))
    lines = data.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line or b"\x1b" in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert data.count(b"END:VCALENDAR") == 1 + name.count("END:VCALENDAR")
    assert lines.count(b"END:VCALENDAR") == 1


def test_the_same_report_is_the_same_bytes():
    assert calendar(owed(), owed(1)) == calendar(owed(), owed(1))


def test_without_rows_it_is_a_calendar_all_the_same(events):
    assert events() == []


def test_what_never_falls_due_is_refused(hostile):
    with pytest.raises(ProjectionError) as refused:
        write(replace(hostile, name="history"), MADE, io.BytesIO())
    assert str(refused.value) == (
        "history makes no calendar, for it does not list what is owed and when it falls due:"
        " expected a report of what is owed, as `owes`. Write it as HTML or ODS."
    )


def test_without_icalendar_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ProjectionError) as refused:
        calendar(owed())
    assert str(refused.value) == (
        "A calendar needs icalendar, which is not installed."
        f" Run `{installing('calendar')}`, or write HTML or ODS."
    )
