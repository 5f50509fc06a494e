"""Facts about the categories of concern in which inspections placed a school."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ledger.decision_model.facts import Fact, Family
from ledger.domain.registers.schools import School
from ledger.events.judgements import InterventionLifted, InterventionRecorded, JudgementMade
from ledger.format.entry import Entry
from ledger.values import event_id


class Concern(NamedTuple):
    """A category of concern as one inspection set it, for the URN of the time.

    It counts from the day of its publication; what tells none was announced when it was made.
    `is_graded` tells whether it gave grades anew, as monitoring what was graded does not.
    """

    event: str
    urn: str | None
    category: str
    published_on: date
    is_graded: bool = False

    def is_of(self, urn: str | None) -> bool:
        """Return whether it was set for a URN; one that names none, for whichever there was."""
        return self.urn in (None, urn)


Concerns = tuple[Concern, ...]

INSPECTIONS = ("inspection", "monitoring_inspection")
"""The grounds of a judgement that places a school in a category of concern, or out of one."""


def published_on(entry: Entry[JudgementMade]) -> date:
    """Return the day from which a judgement is known; what tells none was told as it was made."""
    return entry.event.published_on or entry.occurred_on


def _judged(value: Concerns, entry: Entry[JudgementMade], tag: str) -> Concerns:
    said = entry.event
    if said.about != tag or said.basis not in INSPECTIONS:
        return value
    graded = said.basis == "inspection" and bool(said.grades)
    category = said.category or "none"  # what older inspections left unsaid
    return (*value, Concern(entry.id, said.urn, category, published_on(entry), graded))


CONCERN: Family[Concerns] = Family("concern", "school", (), {JudgementMade: _judged})


def concern(reference: str) -> Fact[Concerns]:
    """Return the categories of concern that inspections set for a school."""
    return CONCERN.at(reference)


def _intervened(
    value: tuple[str, ...], entry: Entry[InterventionRecorded], tag: str
) -> tuple[str, ...]:
    return (*value, entry.id) if entry.data["school"] == tag else value


INTERVENTIONS: Family[tuple[str, ...]] = Family(
    "interventions", "school", (), {InterventionRecorded: _intervened}
)


def interventions(school: str) -> Fact[tuple[str, ...]]:
    """Return the events by which bodies intervened in a school."""
    return INTERVENTIONS.at(school)


def _lifted(value: str | None, entry: Entry[InterventionLifted], tag: str) -> str | None:
    return entry.id if f"event:{event_id(entry.data['intervention'])}" == tag else value


LIFTED: Family[str | None] = Family("lifted", "event", None, {InterventionLifted: _lifted})


def lifted(reference: str) -> Fact[str | None]:
    """Return the event that lifted an intervention; None while it stands."""
    return LIFTED.at(f"event:{event_id(reference)}")


def latest(concerns: Concerns, urn: str | None, day: date) -> Concern | None:
    """Return what the inspection of a URN that was published last by a day set; None without one.

    Of two published on one day, the one recorded last.
    """
    own = [one for one in concerns if one.is_of(urn) and one.published_on <= day]
    return max(reversed(own), key=lambda one: one.published_on, default=None)


def in_category(school: School, concerns: Concerns, day: date) -> bool:
    """Return whether the inspection of the school's URN published last placed it in a category.

    A category does not pass to a new URN.
    """
    found = latest(concerns, school.urn_on(day), day)
    return found is not None and found.category != "none"
