"""Warnings: what is to be asked again before somebody signs, for it may not be meant.

::

    for sentence in warnings(reading, draft, today):
        print(sentence)

None is a refusal: a visit may be made twice on one day, and two people may bear one name.
`notes` are told and not asked about: what the rules will ask next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from ledger.days import years_after
from ledger.decision_model.facts import Look
from ledger.decision_model.rules import Case
from ledger.domain.another.facts import pending, rests_on_disowned
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.brokerage.kinds import SUPPORT
from ledger.domain.money.facts import bound_payer
from ledger.domain.money.prerequisites import waits_for
from ledger.domain.needs.levels import not_through, to_be_asked
from ledger.domain.partnership.facts import year
from ledger.domain.programmes.facts import programme
from ledger.domain.registers import ledger, schools
from ledger.domain.targets.kinds import TARGET
from ledger.domain.visits.facts import IMPACT_OF, counted
from ledger.events.another import RecordConfirmed
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.events.correction import EventWithdrawn
from ledger.events.money import FundingPaid
from ledger.events.needs import NeedIdentified
from ledger.events.partnership import PartnershipYearOpened
from ledger.events.registers import (
    Appointed,
    PersonEnrolled,
    PersonRenamed,
    SuccessionAttributed,
)
from ledger.events.targets import TargetSet
from ledger.events.visits import ImpactReported, VisitMade
from ledger.format.entry import Entry, read_entry
from ledger.format.statement import Draft
from ledger.store.base import EntryStore
from ledger.values import event_id
from projections.reports.leaving import visits_on_leaving
from projections.reports.names import Names, day_in_words, people
from projections.reports.owes import Asked, balances
from projections.reports.said_before import said_before
from projections.reports.short_ids import short_id
from projections.tables.spelling import folded
from projections.tables.views import moment

_LIFETIME = 50
"""Years within which somebody may have held an office, or a school gone on as another."""
_OF_LONG_AGO = {event.__name__ for event in (Appointed, SuccessionAttributed, EventWithdrawn)}
"""Events that speak of days long before they are recorded, as of whoever is in office by then."""


class Known(NamedTuple):
    """What the record says by now: its store and tables, and the facts."""

    store: EntryStore
    connection: sqlite3.Connection
    look: Look


def warnings(known: Known, draft: Draft, today: date) -> Iterator[str]:
    """Go through what speaks for asking again whether a statement is meant, a sentence each."""
    said = orjson.loads(draft.statement)
    name, _, _ = said["type"].partition(".")
    yield from _late(known, date.fromisoformat(said["occurredon"]), today)
    yield from _took_effect_long_ago(known, name, said, today)
    yield from said_before(known.connection, known.store, name, said["data"])
    if name == VisitMade.__name__:
        yield from _alike(known, said)
        yield from _not_named(known, said, today)
    elif name == ImpactReported.__name__:
        yield from _nothing_to_account_for(known, said)
    elif name == SupportAgreed.__name__:
        yield from _not_replaced(known, said["data"], today)
        yield from _paid_by_nobody(known, said)
    elif name == PartnershipYearOpened.__name__:
        yield from _over_already(said)
    elif name == FundingPaid.__name__:
        yield from _waits(known, said["data"])
    elif name == TargetSet.__name__:
        yield from _like_target(known, said["data"])
    elif name == SuccessionAttributed.__name__:
        yield from _moves_nothing(known, said["data"])
    elif name in (PersonEnrolled.__name__, PersonRenamed.__name__):
        yield from _same_name(known, said["data"]["person"], draft)


def _waits(known: Known, said: Mapping[str, Any]) -> Iterator[str]:
    """Say what the instalments wait for that a payment pays: no event but this says it is met."""
    if "returns" in said:
        return
    for one in waits_for(known.look, said["under"], Decimal(said["pounds"])):
        day = day_in_words(one.before.isoformat())
        yield f"the instalment of {day} waits for “{one.title}”: who pays it takes that for met"


def _moves_nothing(known: Known, said: Mapping[str, Any]) -> Iterator[str]:
    """Say that on a registrar's word alone nothing goes along from a line of this ledger."""
    if "predecessor" in said and "source" not in said:
        names = Names(known.connection, known.store, moment(known.connection))
        yield (
            f"no published source is named, so nothing that {names.party(said['predecessor'])} owes"
            " or is owed goes along, until it is said again with `--source.publisher` and"
            " `--source.title`"
        )


def _over_already(said: Mapping[str, Any]) -> Iterator[str]:
    """Say that a year is over when it is opened, so that nobody can keep what it asks for."""
    ended = said["data"]["ends"]
    if ended < said["occurredon"]:
        yield (
            f"the year ended on {day_in_words(ended)}, before it is opened: what its members owe"
            " in it would be overdue at once"
        )


_SAME_TARGET = ("about", "setter", "regime", "measure", "due")


def _like_target(known: Known, target: Mapping[str, Any]) -> Iterator[str]:
    """Say which targets that are open the same party set before, of one measure and by one day."""
    sql = """
        SELECT e.position, e.event FROM mentions m JOIN entries e ON e.position = m.position
        WHERE m.party = ? AND e.type = ?
    """
    asked = (target["about"], TargetSet.__name__)
    for position, event in known.connection.execute(sql, asked).fetchall():
        other = read_entry(*next(known.store.entries(position - 1, 1))).data
        if any(other[member] != target[member] for member in _SAME_TARGET):
            continue
        is_open = TARGET.waiting(known.look, f"event:{event}")
        if is_open and target.get("replaces") != f"target:{event}":
            alike = (
                "it looks like a target that is set already, by the same party for the same measure"
                f" and day: `school-ledger show {event}`"
            )
            may_replace = other.get("agreed_with") == target.get("agreed_with")
            instead = f"; `--replaces target:{event}` puts this one in its place"
            yield alike + (instead if may_replace else "")


def notes(known: Known, draft: Draft) -> Iterator[str]:
    """Go through what a statement leaves open: what the rules ask next, and what stays owed."""
    said = orjson.loads(draft.statement)
    entry: Entry[Any] = Entry(known.store.head() + 1, said["time"], "", said)
    case: Case[Any] = Case(entry, known.look)
    if entry.name == NeedIdentified.__name__:
        levels = to_be_asked(case)
        if levels:
            yield (
                f"before help from outside is agreed, the need must have been put to {levels} and"
                " then outside, each by NeedEscalated; help from within needs none of it"
            )
    elif entry.name == SupportOffered.__name__ and "trigger" in said["data"]:
        for reason in not_through(case, said["data"]["trigger"], said["data"]["provider"]):
            yield f"this may be offered, and not be agreed yet: {reason}"
    yield from visits_on_leaving(known.look, entry)
    if entry.name == RecordConfirmed.__name__:
        yield from _left_unsure(known, said["data"])


def _left_unsure(known: Known, said: Mapping[str, Any]) -> Iterator[str]:
    """Say what is not confirmed with the rest: the office disowned what it rests on."""
    named = set(map(event_id, said["events"]))
    for event in known.look(pending(said["office"])).events():
        if event not in named and rests_on_disowned(known.look, event):
            start = short_id(known.connection, event)
            yield (
                f"{start} is left out, for it rests on what this office disowned; `school-ledger"
                f" record RecordDisowned --event {start}` disowns it too, and `school-ledger record"
                f" RecordConfirmed --event {start}` confirms it all the same"
            )


def _late(known: Known, day: date, today: date) -> Iterator[str]:
    days, allowed = (today - day).days, ledger.late_days(known.look)
    if days > allowed:
        yield (
            f"{day_in_words(day.isoformat())} is {days:,} days ago: what is recorded more than"
            f" {allowed} days after it happened is marked late"
        )


def _took_effect_long_ago(
    known: Known, name: str, said: Mapping[str, Any], today: date
) -> Iterator[str]:
    """Say that an event takes effect further back than is told late, or than anybody remembers."""
    text = said["data"].get("effective_on")
    if text is None or text >= said["occurredon"]:
        return
    day = date.fromisoformat(text)
    days = (today - day).days
    if name in _OF_LONG_AGO:
        is_long_ago = years_after(day, _LIFETIME) < today
    else:
        is_long_ago = days > ledger.late_days(known.look)
    if is_long_ago:
        yield f"it would take effect on {day_in_words(text)}, {days:,} days ago: check the year"


def _alike(known: Known, said: Mapping[str, Any]) -> Iterator[str]:
    """Say which visits by the same visitor to the same host, on that day, claim as many days."""
    sql = """
        SELECT e.position, e.event FROM mentions m JOIN entries e ON e.position = m.position
        WHERE m.party = ? AND e.type = ? AND e.occurred_on = ?
          AND e.event NOT IN (SELECT event FROM withdrawals)
    """
    asked = (said["data"]["visitor"], VisitMade.__name__, said["occurredon"])
    for position, event in known.connection.execute(sql, asked).fetchall():
        other = read_entry(*next(known.store.entries(position - 1, 1))).data
        if all(other[member] == said["data"][member] for member in ("visitor", "host", "days")):
            yield (
                "it looks like a visit that is recorded already, with the same sides, day and"
                f" days: `school-ledger show {event}`"
            )


def _not_named(known: Known, said: Mapping[str, Any], today: date) -> Iterator[str]:
    """Say which agreement between the two is open, where a visit of support names none.

    None is that only started after the visit.
    """
    visit, day = said["data"], date.fromisoformat(said["occurredon"])
    if visit["purpose"] != "support" or visit.get("under", "").startswith("agreement:"):
        return
    visitor, host = visit["visitor"], visit["host"]
    for agreement in _under_way(known, visitor, host, day, today):
        yield (
            f"the two have an open agreement, and the visit is not under it: `--under {agreement}`"
        )
    for agreement in _under_way(known, host, visitor, day, today):
        yield (
            "the two have an open agreement, by which the host supports the visitor, and this visit"
            " goes the other way: see that visitor and host are not exchanged,"
            f" `school-ledger show {agreement}`"
        )


def _under_way(known: Known, provider: str, receiver: str, day: date, today: date) -> Iterator[str]:
    """Go through the open agreements that had started by a day."""
    for agreement in _open_between(known, provider, receiver, today):
        agreed = known.look(brokerage.agreement(event_id(agreement)))
        if agreed is not None and agreed.starts <= day:
            yield agreement


def _nothing_to_account_for(known: Known, said: Mapping[str, Any]) -> Iterator[str]:
    """Say that an account comes before anything that it could tell of: while visits may be made."""
    account, day = said["data"], date.fromisoformat(said["occurredon"])
    member = next((one for one in IMPACT_OF if one in account), None)
    if member is None:
        return  # it is refused: it is of nothing
    ends = _last_day(known, member, account[member])
    if ends is not None and day <= ends and not _anything_given(known, member, account):
        yield (
            f"there is nothing to account for yet: no visit under the {member} is confirmed, and it"
            f" goes on until {day_in_words(ends.isoformat())}; one account is given of it, at its"
            " end"
        )


def _last_day(known: Known, member: str, reference: str) -> date | None:
    """Return the last day of an agreement, year or programme; None if there is no such thing."""
    event = event_id(reference)
    if member == "agreement":
        standing = known.look(brokerage.arrangement(event))
        return standing.last if standing else None
    opened = known.look(year(event)) if member == "year" else None
    asked = known.look(programme(reference)) if member == "programme" else None
    return opened.ends if opened else asked.said.ends if asked else None


def _anything_given(known: Known, member: str, account: Mapping[str, Any]) -> bool:
    """Return whether a visit is confirmed under what an account is of: any, or of its school."""
    if member == "agreement":
        return brokerage.given(known.look, event_id(account[member])) > 0
    lines = schools.lines(known.look, account["school"]) if "school" in account else ()
    return any(
        any(counted(known.look, line, lambda one: one.under == account[member])) for line in lines
    )


def _not_replaced(known: Known, agreed: Mapping[str, Any], today: date) -> Iterator[str]:
    """Say which agreement of the same two is open, where another is agreed beside it."""
    for agreement in _open_between(known, agreed["provider"], agreed["receiver"], today):
        if agreement != agreed.get("replaces"):
            yield (
                "the two have an open agreement already, and this one is agreed beside it:"
                f" `--replaces {agreement}` ends that one"
            )


def _paid_by_nobody(known: Known, said: dict[str, Any]) -> Iterator[str]:
    """Say that nobody will owe the price, where whoever is named as payer did not approve it."""
    agreed = said["data"]
    entry: Entry[Any] = Entry(known.store.head() + 1, said["time"], "", said)
    if agreed.get("price") is None or bound_payer(entry) is not None:
        return
    payer = Names(known.connection, known.store, moment(known.connection)).party(agreed["payer"])
    yield (
        f"nobody will owe the price of {agreed['price']} pounds: {payer} is named as paying it and"
        " has not approved the offer; before this is recorded, it approves by"
        f" `school-ledger record DecisionRecorded --offer {agreed['offer']} --decision approve"
        " --why TEXT`"
    )


def _open_between(known: Known, provider: str, receiver: str, today: date) -> Iterator[str]:
    """Go through the agreements under which one still owes the other days of support."""
    at = moment(known.connection, today.isoformat())
    for row in balances(known.connection, at, Asked(by=provider, to=receiver, kind=SUPPORT.name)):
        if row["outstanding"] > 0:
            yield f"agreement:{row['obligation'].partition('/')[0]}"


def _same_name(known: Known, person: str, draft: Draft) -> Iterator[str]:
    """Say who is enrolled already under the name of somebody who is to be."""
    at = moment(known.connection)
    wanted = {folded(one.value) for one in draft.disclosures if one.pointer == "/data/name"}
    for other, name in people(known.connection, known.store, at).items():
        if other != person and folded(name) in wanted:
            called = Names(known.connection, known.store, at).person(other)
            yield f"{called} is enrolled already, as {other}; nobody is enrolled twice"
