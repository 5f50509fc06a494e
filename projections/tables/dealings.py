"""The fold behind reports of what passed between parties: judgements, memberships, support.

A row stands from its first day on, until its event is withdrawn; what follows from several of
them, as who belongs where on a day, is judged when somebody asks. The rules hold what is recorded
to make sense, but whoever runs a ledger can append past them: nothing here relies on it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ledger.events.another import RecordDisowned
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.events.correction import EventWithdrawn
from ledger.events.judgements import FrameworkAdopted, JudgementMade
from ledger.events.needs import (
    DecisionRecorded,
    NeedClosed,
    NeedIdentified,
)
from ledger.events.partnership import (
    MembershipDeclined,
    PartnershipFormed,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.registers import SchoolClosed, SuccessionAttributed
from ledger.events.visits import VisitAttested
from ledger.format.entry import Entry
from ledger.values import event_id
from ledger.withdrawals import taken_back
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import DEALINGS

_HUNDRED = 100
_EVER = date.min.isoformat()
_LAST_DAY = date.max.isoformat()


def _apply(entry: Entry[Any], tables: Tables) -> None:
    record = _RECORDS.get(entry.name)
    if record is not None:
        record(entry, tables)


def _insert(entry: Entry[Any], tables: Tables, table: str, first: str, *values: Any) -> None:
    marks = ", ".join("?" * (3 + len(values)))
    row = (entry.position, entry.id, first, *values)
    tables.insert(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608 - a name of our own


def _day_after(day: str) -> str:
    if day == _LAST_DAY:
        return day
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _adopted(entry: Entry[FrameworkAdopted], tables: Tables) -> None:
    rows = [
        (f"framework:{entry.id}", area["area"], grade, place)
        for area in entry.data["areas"]
        for place, grade in enumerate(area["grades"], start=1)
    ]
    tables.insert_all("INSERT OR IGNORE INTO scales VALUES (?, ?, ?, ?)", rows)


def _judged(entry: Entry[JudgementMade], tables: Tables) -> None:
    said = entry.data
    sides = said["judge"], said["about"]
    ground = said["framework"], said["basis"], said["inspected_on"], said.get("urn")
    for grade in said["grades"]:
        given = said.get("category", "none"), grade["area"], grade["grade"]
        _insert(entry, tables, "grades", entry.occurredon, *sides, *ground, *given)


def _admitted(entry: Entry[SchoolAdmitted], tables: Tables) -> None:
    said = entry.data
    sides = said["school"], said["partnership"]
    _insert(entry, tables, "admissions", said["effective_on"], *sides)


def _declined(entry: Entry[MembershipDeclined], tables: Tables) -> None:
    said = entry.data
    last = said.get("leaves_on")
    if last is None:
        return
    sides = said["school"], said["partnership"]
    _insert(entry, tables, "departures", _day_after(last), *sides, last)


def _formed(entry: Entry[PartnershipFormed], tables: Tables) -> None:
    named = entry.data["ground_rules"]["contingency"]
    parties = entry.data["partnership"], named["on_closure"], named["on_dissolution"]
    _insert(entry, tables, "contingencies", entry.occurredon, *parties)


def _year_opened(entry: Entry[PartnershipYearOpened], tables: Tables) -> None:
    said = entry.data
    year = said["partnership"], said["name"], said["starts"], said["ends"]
    _insert(entry, tables, "years", entry.occurredon, *year)


def _needed(entry: Entry[NeedIdentified], tables: Tables) -> None:
    said = entry.data
    _insert(entry, tables, "needs", entry.occurredon, said["school"], said["area"])


def _need_closed(entry: Entry[NeedClosed], tables: Tables) -> None:
    said = entry.data
    _insert(
        entry, tables, "closed_needs", entry.occurredon, event_id(said["need"]), said["outcome"]
    )


def _decided(entry: Entry[DecisionRecorded], tables: Tables) -> None:
    said = entry.data
    if "trigger" not in said:
        return
    about = event_id(said["trigger"]), said["school"], said["decision"]
    _insert(entry, tables, "decisions", entry.occurredon, said["decider"], *about)


def _offered(entry: Entry[SupportOffered], tables: Tables) -> None:
    said = entry.data
    offer = said["provider"], said["receiver"], said["valid_until"]
    _insert(entry, tables, "offers", entry.occurredon, *offer)


def _agreed(entry: Entry[SupportAgreed], tables: Tables) -> None:
    said = entry.data
    agreement = said["provider"], said["receiver"], event_id(said["offer"]), said["ends"]
    _insert(entry, tables, "agreements", entry.occurredon, *agreement)


def _confirmed(entry: Entry[VisitAttested], tables: Tables) -> None:
    said = entry.data
    days = int(Decimal(said["days"]) * _HUNDRED)
    visit = said["visitor"], said["host"], said.get("under"), days
    _insert(entry, tables, "confirmed", said["visited_on"], *visit)


def _closed(entry: Entry[SchoolClosed], tables: Tables) -> None:
    school, last = entry.data["school"], entry.data["effective_on"]
    _insert(entry, tables, "closures", _day_after(last), school, last, None)


def _gone_on(entry: Entry[SuccessionAttributed], tables: Tables) -> None:
    said = entry.data
    former = said.get("predecessor")
    if former is None:
        return
    last = said["former_urn_closes_on"]
    _insert(entry, tables, "closures", _day_after(last), former, last, said["school"])


def _withdrawn(entry: Entry[EventWithdrawn], tables: Tables) -> None:
    said = entry.data
    row = (entry.position, event_id(said["event"]), said["effective_on"])
    tables.insert("INSERT INTO disregarded VALUES (?, ?, ?)", row)


def _disowned(entry: Entry[RecordDisowned], tables: Tables) -> None:
    events = taken_back(entry.name, entry.data)
    rows = [(entry.position, event, _EVER) for event in events]
    tables.insert_all("INSERT INTO disregarded VALUES (?, ?, ?)", rows)


_RECORDS: dict[str, Callable[[Entry[Any], Tables], None]] = {
    FrameworkAdopted.__name__: _adopted,
    JudgementMade.__name__: _judged,
    SchoolAdmitted.__name__: _admitted,
    MembershipDeclined.__name__: _declined,
    PartnershipFormed.__name__: _formed,
    PartnershipYearOpened.__name__: _year_opened,
    NeedIdentified.__name__: _needed,
    NeedClosed.__name__: _need_closed,
    DecisionRecorded.__name__: _decided,
    SupportOffered.__name__: _offered,
    SupportAgreed.__name__: _agreed,
    VisitAttested.__name__: _confirmed,
    SchoolClosed.__name__: _closed,
    SuccessionAttributed.__name__: _gone_on,
    EventWithdrawn.__name__: _withdrawn,
    RecordDisowned.__name__: _disowned,
}

PROJECTION = Projection(DEALINGS, (), _apply)
