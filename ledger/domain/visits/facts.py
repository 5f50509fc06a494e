"""Facts about visits: as they stand after answers and corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ledger.decision_model.created import Hand, hand_of
from ledger.decision_model.facts import Fact, Family, Look, is_own
from ledger.events.visits import VisitAttested, VisitCorrected, VisitDisputed, VisitMade
from ledger.format.entry import Entry


class Visit(NamedTuple):
    """A visit as it stands: the figures last given, and whether the host has answered them."""

    said: VisitMade
    made_on: date
    days: Decimal
    claimed_by: Hand
    answered: bool
    attested: str | None


def _made(value: Visit | None, entry: Entry[VisitMade], tag: str) -> Visit | None:
    if not is_own(entry, tag):
        return value
    said = entry.event
    return Visit(said, entry.occurred_on, said.days, hand_of(entry), answered=False, attested=None)


def _corrected(value: Visit | None, entry: Entry[VisitCorrected], _tag: str) -> Visit | None:
    return value and value._replace(
        days=entry.event.days, claimed_by=hand_of(entry), answered=False
    )


def _disputed(value: Visit | None, _entry: Entry[VisitDisputed], _tag: str) -> Visit | None:
    return value and value._replace(answered=True)


def _attested(value: Visit | None, entry: Entry[VisitAttested], _tag: str) -> Visit | None:
    return value and value._replace(answered=True, attested=entry.id)


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
    """A confirmed visit of a partnership's year (`year:<id>`), by its host."""

    year: str
    host: str


def _of_year(
    value: tuple[OfYear, ...], entry: Entry[VisitAttested], tag: str
) -> tuple[OfYear, ...]:
    said = entry.data
    if said["visitor"] != tag or not said.get("under", "").startswith("year:"):
        return value
    return (*value, OfYear(said["under"], said["host"]))


#: The confirmed visits of years that a school made, by its own tag.
OF_YEARS: Family[tuple[OfYear, ...]] = Family(
    "visits of years", "school", (), {VisitAttested: _of_year}
)


def hosts_of_year(look: Look, school: str, year: str) -> list[str]:
    """Return the hosts that confirmed a school's visits of the year of this event id."""
    made = look(OF_YEARS.at(school))
    return [one.host for one in made if one.year == f"year:{year}"]


def visit(event: str) -> Fact[Visit | None]:
    """Return the visit of this event id, as it stands after answers and corrections."""
    return VISIT.at(f"event:{event}")
