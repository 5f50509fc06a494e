"""Facts about what asks for help: at which level it stands, what was decided, who closed it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.decision_model import created
from ledger.decision_model.created import FOR_OFFICE
from ledger.decision_model.facts import Fact, Family, Look, is_own
from ledger.events.judgements import InterventionRecorded, JudgementMade
from ledger.events.needs import (
    ConflictOfInterestDeclared,
    DecisionRecorded,
    NeedClosed,
    NeedEscalated,
    NeedIdentified,
)
from ledger.format.entry import Entry
from ledger.values import event_id, party_kind

#: The levels to which a need goes, each asked before the next.
LEVELS = ("school", "responsible_body", "partnership", "outside")


class Trigger(NamedTuple):
    """What asks for help with a school: the level at which it stands, and how it came there.

    `escalated` are the levels to which it was put; `responders` the partnerships that were asked
    for an answer. `decided_by` are those who decided about it since it came to its level,
    `closed_by` the offices that closed it.
    """

    school: str
    level: str
    in_category: bool = False
    escalated: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    closed_by: tuple[str, ...] = ()

    def stood_at(self, level: str) -> bool:
        """Return whether a level was asked for help."""
        return level == self.level or level in self.escalated


Standing = Trigger | None


def _identified(value: Standing, entry: Entry[NeedIdentified], tag: str) -> Standing:
    said = entry.event
    return Trigger(said.school, said.level) if is_own(entry, tag) else value


def _judged(value: Standing, entry: Entry[JudgementMade], tag: str) -> Standing:
    said = entry.event
    if not is_own(entry, tag) or party_kind(said.about) != "school":
        return value
    is_placed = said.category not in (None, "none")
    return Trigger(said.about, "school", is_placed, responders=said.responders)


def _intervened(value: Standing, entry: Entry[InterventionRecorded], tag: str) -> Standing:
    said = entry.event
    return (
        Trigger(said.school, "school", responders=said.responders) if is_own(entry, tag) else value
    )


def _of(entry: Entry[Any], member: str, tag: str) -> bool:
    named = entry.data.get(member)
    return named is not None and f"event:{event_id(named)}" == tag


def _escalated(value: Standing, entry: Entry[NeedEscalated], tag: str) -> Standing:
    if value is None or not _of(entry, "trigger", tag):
        return value
    said = entry.event
    return value._replace(
        level=said.to_level,
        escalated=(*value.escalated, said.to_level),
        responders=(*value.responders, *said.responders),
        decided_by=(),
    )


def _decided(value: Standing, entry: Entry[DecisionRecorded], tag: str) -> Standing:
    if value is None or not _of(entry, "trigger", tag):
        return value
    return value._replace(decided_by=(*value.decided_by, entry.data["decider"]))


def office_of_word(entry: Entry[Any]) -> str:
    """Return whose word an entry is: the office for which it was recorded, else its own."""
    office: str = entry.data.get(FOR_OFFICE, entry.office)
    return office


def _closed(value: Standing, entry: Entry[NeedClosed], tag: str) -> Standing:
    if value is None or not _of(entry, "need", tag):
        return value
    return value._replace(closed_by=(*value.closed_by, office_of_word(entry)))


TRIGGER: Family[Standing] = Family(
    "trigger",
    "event",
    None,
    {
        NeedIdentified: _identified,
        JudgementMade: _judged,
        InterventionRecorded: _intervened,
        NeedEscalated: _escalated,
        DecisionRecorded: _decided,
        NeedClosed: _closed,
    },
)


def trigger(reference: str) -> Fact[Standing]:
    """Return what the record says of what asks for help; None if there is no such thing."""
    return TRIGGER.at(f"event:{event_id(reference)}")


Deciders = tuple[str, ...]


def _decision(value: Deciders, entry: Entry[DecisionRecorded], tag: str) -> Deciders:
    about = any(_of(entry, member, tag) for member in ("offer", "plan", "conflict"))
    about = about or entry.data.get("provider") == tag
    return (*value, entry.data["decider"]) if about else value


DECISIONS: dict[str, Family[Deciders]] = {
    prefix: Family(f"decisions about {prefix}", prefix, (), {DecisionRecorded: _decision})
    for prefix in ("event", "school", "body", "partnership")
}


def _bearing(
    value: tuple[str, ...], entry: Entry[ConflictOfInterestDeclared], tag: str
) -> tuple[str, ...]:
    said = entry.data
    return (*value, entry.id) if said.get("school") == tag and "answerer" in said else value


#: The conflicts of interest that bear on a school and that somebody is to decide about.
CONFLICTS: Family[tuple[str, ...]] = Family(
    "conflicts", "school", (), {ConflictOfInterestDeclared: _bearing}
)


def conflicts(school: str) -> Fact[tuple[str, ...]]:
    """Return the events by which conflicts of interest about a school were declared."""
    return CONFLICTS.at(school)


def commissioner_of(look: Look, conflict: str) -> str | None:
    """Return who commissions what the conflict of this event id bears on; None if nobody."""
    declared = look(created.recorded(conflict))
    said = declared.data if declared else {}
    terms = look(created.thing(said.get("agreement") or said.get("offer", "")))
    return terms.data.get("commissioner") if terms else None


def decisions(reference: str) -> Fact[Deciders]:
    """Return who decided about an offer, a plan, a conflict of interest or a provider."""
    kind = party_kind(reference)
    if kind in DECISIONS:
        return DECISIONS[kind].at(reference)
    return DECISIONS["event"].at(f"event:{event_id(reference)}")
