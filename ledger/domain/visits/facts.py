"""Facts about visits: as they stand after answers and corrections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

    They were claimed on `claimed_on`, the day on which it was made unless they were corrected.
    `confirmations` are the events that confirmed days of it, in order, `confirmed` the days
    confirmed in all; once it is `moderated`, that is how it stays.
    """

    said: VisitMade
    made_on: date
    under: str | None
    days: Decimal
    claimed_on: date
    claimed_by: Hand
    answered: bool
    confirmations: tuple[str, ...] = ()
    confirmed: Decimal = ZERO
    moderated: bool = False

    @property
    def attested(self) -> str | None:
        """The event that confirmed days of it last; None while none are confirmed."""
        return self.confirmations[-1] if self.confirmations else None


def _made(value: Visit | None, entry: Entry[VisitMade], tag: str) -> Visit | None:
    if not is_own(entry, tag):
        return value
    said = entry.event
    return Visit(
        said,
        entry.occurred_on,
        said.under,
        said.days,
        entry.occurred_on,
        hand_of(entry),
        answered=False,
    )


def _corrected(value: Visit | None, entry: Entry[VisitCorrected], _tag: str) -> Visit | None:
    said = entry.event
    return value and value._replace(
        under=said.under,
        days=said.days,
        claimed_on=entry.occurred_on,
        claimed_by=hand_of(entry),
        answered=said.days <= value.confirmed,
    )


def _disputed(value: Visit | None, _entry: Entry[VisitDisputed], _tag: str) -> Visit | None:
    return value and value._replace(answered=True)


def _attested(value: Visit | None, entry: Entry[VisitAttested], _tag: str) -> Visit | None:
    return value and value._replace(
        answered=True,
        confirmations=(*value.confirmations, entry.id),
        confirmed=value.confirmed + entry.event.days,
    )


def _moderated(value: Visit | None, entry: Entry[JudgementModerated], _tag: str) -> Visit | None:
    if value is None or "visit" not in entry.data:
        return value
    days = entry.event.days or ZERO
    return value._replace(
        answered=True,
        moderated=True,
        confirmations=(*value.confirmations, entry.id) if days else value.confirmations,
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

    It counts once, by the first answer, and for nothing once the `visit` is disowned.
    """

    visit: str
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
    visited = event_id(said["visit"]), said["under"], said["visitor"], said["host"], day
    return (*value, Counted(*visited))


#: The confirmed visits under years and programmes that a school made, and under programmes those
#: that it had, by its own tag.
COUNTED: Family[tuple[Counted, ...]] = Family(
    "visits that count", "school", (), {VisitAttested: _counted, JudgementModerated: _counted}
)


def counted(look: Look, school: str, is_meant: Callable[[Counted], bool]) -> Iterator[Counted]:
    """Go through the confirmed visits meant, of years and programmes, that a school made or had."""
    for one in look(COUNTED.at(school)):
        if is_meant(one) and look(visit(one.visit)) is not None:
            yield one


def of_year(look: Look, school: str, year: str) -> list[Counted]:
    """Return a school's confirmed visits of the year of this event id."""
    meant = school, f"year:{year}"
    return list(counted(look, school, lambda one: (one.visitor, one.under) == meant))


def visit(event: str) -> Fact[Visit | None]:
    """Return the visit of this event id, as it stands after answers and corrections."""
    return VISIT.at(f"event:{event}")


#: The members of an account one of which names what it is of.
IMPACT_OF = ("agreement", "year", "programme")


class Impact(NamedTuple):
    """An account of impact: its event, whose it is, of which school, and at which stage."""

    id: str
    reporter: str
    school: str | None
    stage: str


def _impact(
    value: tuple[Impact, ...], entry: Entry[ImpactReported], tag: str
) -> tuple[Impact, ...]:
    said = entry.data
    about = next((said[name] for name in IMPACT_OF if name in said), "")
    if f"event:{event_id(about)}" != tag:
        return value
    impact = Impact(entry.id, said["reporter"], said.get("school"), entry.event.stage)
    return (*value, impact)


#: The accounts of an agreement, a year or a programme, by the tag of what opened it.
IMPACTS: Family[tuple[Impact, ...]] = Family("impacts", "event", (), {ImpactReported: _impact})


def impacts(event: str) -> Fact[tuple[Impact, ...]]:
    """Return the accounts of what the event of this id agreed or opened."""
    return IMPACTS.at(f"event:{event}")
