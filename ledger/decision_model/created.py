"""Facts about single events: the thing that one created, and the thread of what names it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from ledger.decision_model.facts import Fact, Family
from ledger.events import CATALOGUE, CREATORS, find
from ledger.format.entry import Entry
from ledger.values import event_id

_MOST_NAMED = 4_096
"""One entry asks of the same event several times, and the next ones mostly do."""

FOR_OFFICE = "for_office"
"""The member that names the office for which another office records what it says."""


class Hand(NamedTuple):
    """Whose hand wrote something: who signed it, and for which other office, if for one."""

    signedby: str
    for_office: str | None


def hand_of(entry: Entry[Any]) -> Hand:
    """Return whose hand wrote an entry."""
    return Hand(entry.signedby, entry.data.get(FOR_OFFICE))


def same_hand(one: Hand, other: Hand) -> bool:
    """Whether one person speaks for both sides; who records for two offices only writes for them.

    (What one recorder wrote for both is marked until one of them confirms it.)
    """
    if one.for_office is not None and other.for_office is not None:
        return one.for_office == other.for_office
    return one.signedby == other.signedby


class Thing(NamedTuple):
    """What an event brought into being: by which event, when, by whom, and what it said."""

    id: str
    name: str
    occurred_on: date
    signedby: str
    data: dict[str, Any]

    @property
    def hand(self) -> Hand:
        """Whose hand wrote it."""
        return Hand(self.signedby, self.data.get(FOR_OFFICE))


class Mention(NamedTuple):
    """One event of a thread."""

    id: str
    name: str
    position: int
    signedby: str
    office: str
    occurred_on: date
    recorded_on: date
    data: dict[str, Any]


def counts_from(event: Thing | Mention) -> date:
    """Return the day from which others may name an event: what has a first day counts from that."""
    member = find(event.name).counts_from
    since = date.fromisoformat(event.data[member]) if member else event.occurred_on
    return min(since, event.occurred_on)


def asks_from(event: Mention) -> date:
    """Return the day from which what an event asks for may be answered: when it took effect."""
    takes_effect = event.data.get("effective_on")
    since = date.fromisoformat(takes_effect) if takes_effect else event.occurred_on
    return min(since, event.occurred_on)


def _created(_value: Thing | None, entry: Entry[Any], _tag: str) -> Thing:
    return Thing(entry.id, entry.name, entry.occurred_on, entry.signedby, entry.data)


def _said(_value: Mention | None, entry: Entry[Any], _tag: str) -> Mention:
    return Mention(
        entry.id,
        entry.name,
        entry.position,
        entry.signedby,
        entry.office,
        entry.occurred_on,
        entry.recorded_on,
        entry.data,
    )


def _mention(value: tuple[Mention, ...], entry: Entry[Any], tag: str) -> tuple[Mention, ...]:
    return (*value, _said(None, entry, tag))


THING: Family[Thing | None] = Family(
    "thing", "event", None, dict.fromkeys(CREATORS.values(), _created), own=True
)
THREAD: Family[tuple[Mention, ...]] = Family(
    "thread", "event", (), dict.fromkeys(CATALOGUE, _mention)
)
RECORDED: Family[Mention | None] = Family(
    "recorded", "event", None, dict.fromkeys(CATALOGUE, _said), whole=True, own=True
)


@lru_cache(_MOST_NAMED)
def thing(reference: str) -> Fact[Thing | None]:
    """Return the event that created a thing (`visit:<id>`); None if it is not, or is withdrawn."""
    return THING.at(f"event:{event_id(reference)}")


def thread(event: str) -> Fact[tuple[Mention, ...]]:
    """Return every event that names the event of this id, itself first; without withdrawn ones."""
    return THREAD.at(f"event:{event}")


@lru_cache(_MOST_NAMED)
def recorded(event: str) -> Fact[Mention | None]:
    """Return what the event of this id said, even if it is withdrawn; None if there is none."""
    return RECORDED.at(f"event:{event}")


def creator(kind: str) -> str | None:
    """Return the name of the event that creates things of a kind; None if no event does yet."""
    event = CREATORS.get(kind)
    return event.__name__ if event else None
