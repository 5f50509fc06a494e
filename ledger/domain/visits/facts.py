"""Facts about visits: as they stand after answers and corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ledger.decision_model.created import Hand, hand_of
from ledger.decision_model.facts import Fact, Family, Look, is_own
from ledger.decision_model.journal import ZERO
from ledger.events.visits import (
    ImpactReported,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitMade,
)
from ledger.format.entry import Entry
from ledger.values import event_id


class Visit(NamedTuple):
    """A visit as it stands: the figures last given, and whether the host has answered them.

    `attested` is the event that confirmed it last, `confirmed` the days confirmed in all.
    """

    said: VisitMade
    made_on: date
    under: str | None
    days: Decimal
    claimed_by: Hand
    answered: bool
    attested: str | None
    confirmed: Decimal = ZERO


def _made(value: Visit | None, entry: Entry[VisitMade], tag: str) -> Visit | None:
    if not is_own(entry, tag):
        return value
    said = entry.event
    return Visit(
        said,
        entry.occurred_on,
        said.under,
        said.days,
        hand_of(entry),
        answered=False,
        attested=None,
    )


def _corrected(value: Visit | None, entry: Entry[VisitCorrected], _tag: str) -> Visit | None:
    said = entry.event
    return value and value._replace(
        under=said.under,
        days=said.days,
        claimed_by=hand_of(entry),
        answered=said.days <= value.confirmed,
    )


def _disputed(value: Visit | None, _entry: Entry[VisitDisputed], _tag: str) -> Visit | None:
    return value and value._replace(answered=True)


def _attested(value: Visit | None, entry: Entry[VisitAttested], _tag: str) -> Visit | None:
    return value and value._replace(
        answered=True, attested=entry.id, confirmed=value.confirmed + entry.event.days
    )


VISIT: Family[Visit | None] = Family(
    "visit",
    "event",
    None,
    {
        VisitMade: _made,
        VisitCorrected: _corrected,
        VisitDisputed: _disputed,
        VisitAttested: _attested,
    },
)


class OfYear(NamedTuple):
    """A confirmed visit of a partnership's year (`year:<id>`), by its host and its day."""

    year: str
    host: str
    day: date


def _of_year(
    value: tuple[OfYear, ...], entry: Entry[VisitAttested], tag: str
) -> tuple[OfYear, ...]:
    said = entry.data
    of_a_year = said.get("under", "").startswith("year:")
    if said["visitor"] != tag or not of_a_year or "confirmed_before" in said:
        return value
    return (*value, OfYear(said["under"], said["host"], entry.event.visited_on))


#: The confirmed visits of years that a school made, by its own tag.
OF_YEARS: Family[tuple[OfYear, ...]] = Family(
    "visits of years", "school", (), {VisitAttested: _of_year}
)


def of_year(look: Look, school: str, year: str) -> list[OfYear]:
    """Return a school's confirmed visits of the year of this event id."""
    return [one for one in look(OF_YEARS.at(school)) if one.year == f"year:{year}"]


def visit(event: str) -> Fact[Visit | None]:
    """Return the visit of this event id, as it stands after answers and corrections."""
    return VISIT.at(f"event:{event}")


class Impact(NamedTuple):
    """An account of impact: its event, whose it is, and whether it tells of a year later."""

    id: str
    reporter: str
    stage: str


def _impact(
    value: tuple[Impact, ...], entry: Entry[ImpactReported], tag: str
) -> tuple[Impact, ...]:
    said = entry.data
    about = event_id(said.get("agreement") or said.get("year") or "")
    if f"event:{about}" != tag:
        return value
    return (*value, Impact(entry.id, said["reporter"], entry.event.stage))


#: The accounts of an agreement or a year, by the tag of what opened it.
IMPACTS: Family[tuple[Impact, ...]] = Family("impacts", "event", (), {ImpactReported: _impact})


def impacts(event: str) -> Fact[tuple[Impact, ...]]:
    """Return the accounts of what the event of this id agreed or opened."""
    return IMPACTS.at(f"event:{event}")
