"""What membership makes owed: an answer to applicants, visits each year, ratification answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ledger.entry import Entry
from ledger.events.partnership import (
    MembershipDeclined,
    MembershipRatified,
    MembershipSought,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.facts import parties
from ledger.obligations.base import Sheet, kind_of
from ledger.obligations.rules import days_allowed
from ledger.values import event_id

_MONTHS = 12


def _months(first: date, last: date) -> int:
    """Return the months from a first to a last day inclusive, a begun month counting whole."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    return months + (1 if last.day >= first.day else 0)


def visits_owed(full: int, year: tuple[date, date], served: tuple[date, date]) -> Decimal:
    """Return the visits owed for the part of a year that a school serves, rounded up.

    `year` and `served` are first and last days, inclusive.
    """
    first, last = max(year[0], served[0]), min(year[1], served[1])
    if last < first or full <= 0:
        return Decimal(0)
    whole = max(1, _months(*year))
    part = min(whole, max(1, _months(first, last)))
    return Decimal(-(-full * part // whole))


def sought(entry: Entry[MembershipSought], sheet: Sheet) -> None:
    """Post that the partnership owes the school an answer."""
    said = entry.event
    allowed = days_allowed(sheet.look, "ratification_days", said.partnership)
    sheet.open(
        "admission_answer",
        debtor=said.partnership,
        creditor=said.school,
        due_on=sheet.due_after(allowed),
    )


def admitted(entry: Entry[SchoolAdmitted], sheet: Sheet) -> None:
    """Post that the answer was given, and the visits owed for the rest of the year."""
    said = entry.event
    _answered(entry, sheet)
    formed = sheet.look(parties.formed(said.partnership))
    year = sheet.look(parties.year(event_id(said.year))) if said.year else None
    if formed is None or year is None:
        return
    full = parties.ground_rules(formed).visits_per_year
    span = (year.starts, year.ends)
    sheet.open(
        "peer_visit",
        debtor=said.school,
        creditor=said.partnership,
        amount=visits_owed(full, span, (said.effective_on, year.ends)),
        unit="visit",
        due_on=year.ends,
        effective_on=max(said.effective_on, year.starts),
    )


def year_opened(entry: Entry[PartnershipYearOpened], sheet: Sheet) -> None:
    """Post the visits that each member owes in the year."""
    said = entry.event
    formed = sheet.look(parties.formed(said.partnership))
    if formed is None:
        return
    full = parties.ground_rules(formed).visits_per_year
    span = (said.starts, said.ends)
    for member in sheet.look(parties.members(said.partnership)):
        served = (member.first, member.last or said.ends)
        sheet.open(
            f"peer_visit/{member.school}",
            debtor=member.school,
            creditor=said.partnership,
            amount=visits_owed(full, span, served),
            unit="visit",
            due_on=said.ends,
            effective_on=max(said.starts, member.first),
        )


def _answered(
    entry: Entry[SchoolAdmitted] | Entry[MembershipRatified] | Entry[MembershipDeclined],
    sheet: Sheet,
) -> None:
    for obligation in entry.event.obligations:
        if kind_of(obligation) != "peer_visit":
            sheet.discharge(obligation)


def ratified(entry: Entry[MembershipRatified], sheet: Sheet) -> None:
    """Post that the head took on what the school owes."""
    _answered(entry, sheet)


def declined(entry: Entry[MembershipDeclined], sheet: Sheet) -> None:
    """Post that the head answered; who leaves owes only the visits of the months served."""
    said = entry.event
    _answered(entry, sheet)
    formed = sheet.look(parties.formed(said.partnership))
    if formed is None or said.leaves_on is None:
        return
    full = parties.ground_rules(formed).visits_per_year
    for obligation in said.obligations:
        opened = sheet.lines(obligation)[:1] if kind_of(obligation) == "peer_visit" else []
        for line in opened:
            year = _year_of(sheet, said.partnership, line.due_on)
            if year is None:
                continue
            span = (year.starts, year.ends)
            served = visits_owed(full, span, (line.effective_on, said.leaves_on))
            sheet.reduce(obligation, line.amount - served, day=said.leaves_on)


def _year_of(sheet: Sheet, partnership: str, ends: date | None) -> parties.Year | None:
    found = [year for year in sheet.look(parties.years(partnership)) if year.ends == ends]
    return found[-1] if found else None


RULES = {
    MembershipSought: sought,
    SchoolAdmitted: admitted,
    PartnershipYearOpened: year_opened,
    MembershipRatified: ratified,
    MembershipDeclined: declined,
}
