"""Where the money went: each funding, what was paid, spent and sent back of it, what is left."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
    From,
    Marked,
    Overdue,
    Question,
    To,
    in_words,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import EVENTS, LAST_POSITION, MARKS, SAID_BY, Column, hidden
from projections.reports.fundings import Funding, fundings
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.open_ids import open_id, origin_of, own_id
from projections.reports.owes import amount
from projections.reports.resting import Resting
from projections.reports.short_ids import short_id
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture


def _pounds(name: str, title: str, meaning: str) -> Column:
    return Column(name, title, meaning, "pounds", summed="GBP")


COLUMNS = (
    Column("fund", "Fund", "The fund or budget that the money comes from."),
    Column("commissioner_name", "From", "Who gives the money, as called on the day asked for."),
    Column("payee_name", "To", "To whom it was committed, as called on the day asked for."),
    Column("keeper_name", "Held by", "Who keeps the money and accounts for it."),
    _pounds("committed", "Committed", "Pounds that were committed, in all instalments."),
    _pounds("paid", "Paid", "Pounds that were sent, less what did not arrive."),
    _pounds("received", "Received", "Pounds that arrived, as whoever keeps them confirmed."),
    Column("spent_by_purpose", "Spent on", "What was spent, in pounds, by purpose."),
    _pounds("returned", "Returned", "Pounds that were sent back, and arrived there."),
    _pounds(
        *("waived", "Waived"),
        "Pounds received for which nobody is to account any more: waived, or owed to nobody else.",
    ),
    _pounds(
        *("unaccounted", "Unaccounted"),
        "Pounds received that were neither sent back, nor waived, nor taken for accounted for.",
    ),
    Column(
        *("account_by", "Account by"),
        *("The first day by which money of it is to be accounted for, as now owed.", "date"),
    ),
    Column(
        *("certified_by", "Certified by"),
        "The offices that took spending for accounted for, of who gave the money.",
    ),
    Column(
        *("certificates", "Spend certificate"),
        "The certificates that claims or spending rest on: when each was lodged, and its event.",
    ),
    Column("conditions_met", "Conditions met", "How many of its conditions are met, of how many."),
    MARKS,
    *hidden(
        Column("title", "Title", "What the money was given for, as it was published."),
        Column("committed_on", "Committed on", "The day on which it was committed.", "date"),
        _pounds("left_to_pay", "Left to pay", "Pounds that are committed and did not arrive yet."),
        _pounds(
            *("not_to_pay", "Not to pay"),
            "Pounds committed that are not to be paid any more: waived, or owed to nobody else.",
        ),
        _pounds("spent", "Spent", "Pounds of it that were recorded as spent."),
        _pounds("certified", "Certified", "Pounds of spending taken for accounted for."),
        _pounds("unspent", "Unspent", "Pounds received that are neither spent nor sent back."),
        Column(
            *("is_overdue", "Overdue", "Whether money is unaccounted for past its day.", "yes_no"),
        ),
        Column(
            *("related_party", "Related party"),
            *("Whether somebody who decided has an interest in who is paid.", "yes_no"),
        ),
        Column("for_agreement", "For agreement", "The agreement that it is for, if any.", "event"),
        Column("for_need", "For need", "The need that it is for, if any.", "event"),
        Column("commissioner", "Giver", "The reference of who gives the money.", "party"),
        Column("payee", "Payee", "The reference of whom it was committed to.", "party"),
        Column("keeper", "Keeper", "The reference of who keeps the money.", "party"),
        Column("commissioner_id", "Giver in open data", "Who gives it, in open data.", "code"),
        Column(
            *("keeper_id", "Keeper in open data"),
            *("Who keeps it, in open data: GB-EDU and the URN of a school.", "code"),
        ),
        Column("grant_id", "Grant in open data", "The funding, in open data.", "code"),
        Column("funding", "Funding", "The event in which it was committed.", "event"),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Which fundings: of a party, committed from a day to a day, with money overdue."""

    about: About = None
    since: From = None
    to: To = None
    overdue: Overdue = False
    marked: Marked = False


def funding(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return the fundings, each with what became of the money, in the order of committing."""
    names = Names(connection, store, at)
    found = [
        one
        for one in fundings(connection, store, at, asked.about)
        if (asked.since or "") <= one.said.day <= (asked.to or one.said.day)
    ]
    resting = Resting(connection, at, (event for one in found for event in one.events))
    rows = [
        _row(connection, one, at, names)
        | _in_open_data(connection, at, one)
        | resting.of(one.events)
        for one in found
    ]
    rows = [row for row in rows if row["is_overdue"] or not asked.overdue]
    rows = [row for row in rows if row["marks"] or not asked.marked]
    told = in_words(asked, names)
    return Report(
        name="funding",
        title=titled("Where the money went", told),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No money was committed.", told),
        notes=explained(rows),
        asked=told,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture:
    from projections.reports.funding_picture import picture  # noqa: PLC0415 - only where drawn

    return picture(rows)


def _row(connection: sqlite3.Connection, one: Funding, at: Moment, names: Names) -> dict[str, Any]:
    said, received = one.data, one.balance("spend_account", "opened")
    unaccounted, returned = one.left("spend_account"), one.returned
    certified = -one.balance("spend_account", "FulfilmentAnswered")
    promised, arrived = (
        one.balance("payment", "opened"),
        -one.balance("payment", "FundingReceived"),
    )
    spent = sum(one.spent.values())
    conditions = one.balance("condition", "opened")
    met = -one.balance("condition", "FulfilmentAnswered")
    certificates = (f"{c.day} ({short_id(connection, c.event)})" for c in one.certificates)
    by_purpose = (f"{words(name)} {_told_pounds(of)}" for name, of in one.spent.items() if of)
    return {
        "fund": said["fund"],
        "commissioner_name": names.party(said["commissioner"]),
        "payee_name": names.party(said["payee"]),
        "keeper_name": names.party(one.keeper),
        "committed": said["pounds"],
        "paid": _told_pounds(one.paid),
        "received": _told_pounds(received),
        "spent_by_purpose": ", ".join(by_purpose),
        "returned": _told_pounds(returned),
        "waived": _told_pounds(max(0, received - returned - certified - unaccounted)),
        "unaccounted": _told_pounds(unaccounted),
        "account_by": one.account_by,
        "certified_by": ", ".join(names.office(office) for office in one.certified_by),
        "certificates": ", ".join(certificates),
        "conditions_met": f"{met // 100} of {conditions // 100}" if conditions else "",
        "title": said["title"],
        "committed_on": one.said.day,
        "left_to_pay": _told_pounds(one.left("payment")),
        "not_to_pay": _told_pounds(promised - arrived - one.left("payment")),
        "spent": _told_pounds(spent),
        "certified": _told_pounds(certified),
        "unspent": _told_pounds(received - returned - spent),
        "is_overdue": unaccounted > 0 and one.account_by < at.as_of,
        "related_party": said["related_party"],
        "for_agreement": said.get("agreement", "").partition(":")[2],
        "for_need": said.get("need", "").partition(":")[2],
        "commissioner": said["commissioner"],
        "payee": said["payee"],
        "keeper": one.keeper,
        "funding": one.said.event,
    }


def _in_open_data(connection: sqlite3.Connection, at: Moment, one: Funding) -> dict[str, Any]:
    return {
        "commissioner_id": open_id(connection, at, one.data["commissioner"]),
        "keeper_id": open_id(connection, at, one.keeper),
        "grant_id": own_id(origin_of(connection), one.said.event),
    }


def _told_pounds(hundredths: int) -> str:
    return amount(hundredths, "GBP")


QUESTION = Question(
    name="funding",
    tells="Show where the money went: what was paid, spent, sent back, and is unaccounted for.",
    asked=Asked,
    answer=funding,
    examples=("--about estuary", "--overdue", "-o funding.ods"),
    of_part="about",
)
