"""When an answer is due: days after something, by a partnership's ground rules or the ledger's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from ledger.days import working_days_after
from ledger.decision_model.facts import Look
from ledger.decision_model.postings import Sheet
from ledger.decision_model.rows import Due, Open
from ledger.domain.partnership import facts as parties
from ledger.domain.registers import ledger
from ledger.domain.registers.offices import HEADS, heads, is_head, lasting_from
from ledger.format.entry import Entry
from ledger.values import event_id

Days = Literal[
    "attestation_days",
    "impact_days",
    "ratification_days",
    "handover_days",
    "response_days",
    "brokerage_days",
]
#: The families that tell how many days are allowed, and from when.
ASKS = (ledger.RULES, parties.VERSIONS, parties.BELONGS, parties.YEAR, HEADS)
_PARTNERSHIP = "partnership:"
_SCHOOL = "school:"


def partnership_of(look: Look, under: str | None) -> str | None:
    """Return the partnership of the year that something is under; None if it is under none."""
    if under is None or not under.startswith("year:"):
        return None
    year = look(parties.year(event_id(under)))
    return year.partnership if year else None


def days_allowed(
    look: Look,
    name: Days,
    day: date,
    partnership: str | None = None,
    parties_bound: Iterable[str] = (),
) -> int:
    """Return the days allowed on a day, by a partnership's ground rules if any, else the ledger's.

    Of the parties, the first that is a member tells which version of them binds.
    """
    if partnership is not None:
        schools = [one for one in parties_bound if one.startswith(_SCHOOL)]
        agreed = parties.rules_for(look, partnership, schools, day)
        if agreed is not None:
            return int(getattr(agreed, name))
    rules = look(ledger.rules())
    return ledger.DEFAULT_DAYS if rules is None else int(getattr(rules, name))


def _allowed(days: Days, entry: Entry[Any], item: Open, sheet: Sheet) -> int:
    """Return the days allowed by the partnership that is a side, or whose year it is under."""
    sides = (item.debtor, item.creditor)
    side = next((party for party in sides if party.startswith(_PARTNERSHIP)), None)
    whose = side or partnership_of(sheet.look, entry.data.get("under"))
    return days_allowed(sheet.look, days, max(sheet.day, item.since), whose, sides)


def within(days: Days, since: str | None = None) -> Due:
    """Due so many days after happening, or a day that is said, and recording."""

    def due(entry: Entry[Any], item: Open, sheet: Sheet) -> date:
        from_day = getattr(entry.event, since) if since else None
        return sheet.due_after(_allowed(days, entry, item, sheet), from_day=from_day)

    return due


def once_owed(days: Days) -> Due:
    """Due so many days after it is owed, and recorded."""

    def due(entry: Entry[Any], item: Open, sheet: Sheet) -> date:
        return sheet.due_after(_allowed(days, entry, item, sheet), from_day=item.since)

    return due


def once_lasting(days: Days) -> Due:
    """Due so many days after it is owed and a head who may take it on is in office.

    On no day while nobody is appointed so.
    """

    def due(entry: Entry[Any], item: Open, sheet: Sheet) -> date | None:
        first = item.since
        if not is_head(entry):
            tenures = sheet.look(heads(item.debtor))
            since = lasting_from(tenures, item.since)
            if since is None:
                return None
            first = since
        return sheet.due_after(_allowed(days, entry, item, sheet), from_day=first)

    return due


def on(member: str) -> Due:
    """Due on the day that a member says."""

    def due(entry: Entry[Any], _item: Open, _sheet: Sheet) -> date:
        day: date = getattr(entry.event, member)
        return day

    return due


def after_day(day: date, days: Days, entry: Entry[Any], item: Open, sheet: Sheet) -> date:
    """Return so many days after a day, or after happening and recording if those are later."""
    return sheet.due_after(_allowed(days, entry, item, sheet), from_day=day)


def within_days(days: int) -> Due:
    """Due so many days after happening and recording, whatever rules bind the two."""

    def due(_entry: Entry[Any], _item: Open, sheet: Sheet) -> date:
        return sheet.due_after(days)

    return due


def within_working_days(days: int) -> Due:
    """Due so many working days after happening and recording, by the holidays of the ledger."""

    def due(entry: Entry[Any], _item: Open, sheet: Sheet) -> date:
        return working_days_from(sheet, max(entry.occurred_on, entry.recorded_on), days)

    return due


def working_days_from(sheet: Sheet, day: date, days: int) -> date:
    """Return the day so many working days after one, by the holidays of the ledger."""
    rules = sheet.look(ledger.rules())
    holidays = frozenset(rules.holidays) if rules is not None else frozenset()
    return working_days_after(day, days, holidays)
