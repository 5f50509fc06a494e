"""Facts about visits: as they stand after answers and corrections."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ledger.decision_model.created import Hand, hand_of
from ledger.decision_model.facts import Fact, Family, Look, is_own
from ledger.decision_model.journal import ZERO
from ledger.events.judgements import JudgementModerated
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

    `attested` is the event that confirmed it last, `confirmed` the days confirmed in all; once it
    is `moderated`, that is how it stays.
    """

    said: VisitMade
    made_on: date
    under: str | None
    days: Decimal
    claimed_by: Hand
    answered: bool
    attested: str | None
    confirmed: Decimal = ZERO
    moderated: bool = False


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


def _moderated(value: Visit | None, entry: Entry[JudgementModerated], _tag: str) -> Visit | None:
    if value is None or "visit" not in entry.data:
        return value
    days = entry.event.days or ZERO
    return value._replace(
        answered=True,
        moderated=True,
        attested=entry.id if days else value.attested,
        confirmed=value.confirmed + days,
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
        JudgementModerated: _moderated,
    },
)


def confirms_first(entry: Entry[Any]) -> bool:
    """Return whether an entry is the first by which days of a visit are confirmed."""
    return bool(entry.event.days) and entry.event.confirmed_before is None


class Counted(NamedTuple):
    """A confirmed visit under a year or a programme (`year:<id>`): who visited whom, on which day.

    It counts once, by the first answer.
    """

    under: str
    visitor: str
    host: str
    day: date


def _counted(value: tuple[Counted, ...], entry: Entry[Any], tag: str) -> tuple[Counted, ...]:
    said = entry.data
    kind = said.get("under", "").partition(":")[0]
    whose = {"year": ("visitor",), "programme": ("visitor", "host")}
    if tag not in (said.get(side) for side in whose.get(kind, ())) or not confirms_first(entry):
        return value
    day = entry.event.visited_on
    return (*value, Counted(said["under"], said["visitor"], said["host"], day))


#: The confirmed visits under years and programmes that a school made, and under programmes those
#: that it had, by its own tag.
COUNTED: Family[tuple[Counted, ...]] = Family(
    "visits that count", "school", (), {VisitAttested: _counted, JudgementModerated: _counted}
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
