"""Facts about visits: as they stand after answers and corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ledger.decision_model.created import Hand, hand_of
from ledger.decision_model.facts import Fact, Family, Look, is_own
from ledger.decision_model.journal import ZERO
from ledger.events.visits import (
    ImpactAnswered,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitMade,
)
from ledger.format.entry import Entry


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


class Counted(NamedTuple):
    """A confirmed visit under a year or a programme (`year:<id>`): who visited whom, on which day.

    It counts once, by the first answer.
    """

    under: str
    visitor: str
    host: str
    day: date


def _counted(
    value: tuple[Counted, ...], entry: Entry[VisitAttested], tag: str
) -> tuple[Counted, ...]:
    said = entry.data
    kind = said.get("under", "").partition(":")[0]
    whose = {"year": (said["visitor"],), "programme": (said["visitor"], said["host"])}
    if tag not in whose.get(kind, ()) or "confirmed_before" in said:
        return value
    day = entry.event.visited_on
    return (*value, Counted(said["under"], said["visitor"], said["host"], day))


#: The confirmed visits under years and programmes that a school made, and under programmes those
#: that it had, by its own tag.
COUNTED: Family[tuple[Counted, ...]] = Family(
    "visits that count", "school", (), {VisitAttested: _counted}
)


def counted(look: Look, school: str) -> tuple[Counted, ...]:
    """Return the confirmed visits under years and programmes that a school made, or had."""
    return look(COUNTED.at(school))


def of_year(look: Look, school: str, year: str) -> list[Counted]:
    """Return a school's confirmed visits of the year of this event id."""
    own = (one for one in counted(look, school) if one.visitor == school)
    return [one for one in own if one.under == f"year:{year}"]


def visit(event: str) -> Fact[Visit | None]:
    """Return the visit of this event id, as it stands after answers and corrections."""
    return VISIT.at(f"event:{event}")


def _impact(value: str | None, entry: Entry[ImpactAnswered], _tag: str) -> str | None:
    return value or entry.id


#: The event that answered an account of impact, by the account's own tag.
IMPACT_ANSWER: Family[str | None] = Family(
    "impact answer", "event", None, {ImpactAnswered: _impact}
)


def impact_answer(event: str) -> Fact[str | None]:
    """Return the event that answered the account of impact of this id; None before it is."""
    return IMPACT_ANSWER.at(f"event:{event}")
