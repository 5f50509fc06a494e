"""Facts about the categories of concern in which inspections placed a school."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family
from ledger.domain.registers.schools import School
from ledger.events.judgements import InterventionLifted, JudgementMade
from ledger.format.entry import Entry
from ledger.values import event_id


class Concern(NamedTuple):
    """A category of concern as one inspection set it, for the URN of the time."""

    about: str
    urn: str | None
    category: str
    inspected_on: date


def _judged(
    value: tuple[Concern, ...], entry: Entry[JudgementMade], tag: str
) -> tuple[Concern, ...]:
    said = entry.event
    if said.about != tag or said.basis not in ("inspection", "monitoring_inspection"):
        return value
    return (*value, Concern(said.about, said.urn, said.category, said.inspected_on))


CONCERN: Family[tuple[Concern, ...]] = Family("concern", "school", (), {JudgementMade: _judged})


def concern(reference: str) -> Fact[tuple[Concern, ...]]:
    """Return the categories of concern that inspections set for a school."""
    return CONCERN.at(reference)


def _lifted(value: str | None, entry: Entry[InterventionLifted], tag: str) -> str | None:
    return entry.id if f"event:{event_id(entry.data['intervention'])}" == tag else value


LIFTED: Family[str | None] = Family("lifted", "event", None, {InterventionLifted: _lifted})


def lifted(reference: str) -> Fact[str | None]:
    """Return the event that lifted an intervention; None while it stands."""
    return LIFTED.at(f"event:{event_id(reference)}")


def in_category(school: School, concerns: tuple[Concern, ...], day: date) -> bool:
    """Return whether the latest inspection of the school's URN placed it in a category.

    A category does not pass to a new URN.
    """
    urn_now = school.urn_on(day)
    own = [c for c in concerns if c.urn in (None, urn_now) and c.inspected_on <= day]
    return bool(own) and max(own, key=lambda c: c.inspected_on).category != "none"
