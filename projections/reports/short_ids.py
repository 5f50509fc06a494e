"""The start of an id by which an event or a person is told from every other in the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import takewhile

__all__ = ["short_id", "short_person"]

_SHORTEST = 13
_BESIDE_EVENT = (
    "SELECT (SELECT max(event) FROM entries WHERE event < ?1),"
    " (SELECT min(event) FROM entries WHERE event > ?1)"
)
_BESIDE_PERSON = (
    "SELECT (SELECT max(person) FROM people WHERE person < ?1),"
    " (SELECT min(person) FROM people WHERE person > ?1)"
)
_PERSON = "person:"


def short_id(connection: sqlite3.Connection, event: str) -> str:
    """Return the shortest start of an event's id that no other has, at least 13 characters.

    Ids that begin alike stand beside each other in their order, so two of them are looked at.
    """
    return _short(event, connection.execute(_BESIDE_EVENT, (event,)).fetchone())


def short_person(connection: sqlite3.Connection, person: str) -> str:
    """Return the shortest start of a person's id that no other enrolled has, as `short_id` does."""
    others = connection.execute(_BESIDE_PERSON, (person,)).fetchone()
    ids = [each.removeprefix(_PERSON) for each in others if each is not None]
    return _short(person.removeprefix(_PERSON), ids)


def _short(own: str, others: Iterable[str | None]) -> str:
    shared = max((_in_common(own, each) for each in others if each is not None), default=0)
    length = max(_SHORTEST, shared + 1)
    return own[: length + (own[length - 1 : length] == "-")]


def _in_common(one: str, other: str) -> int:
    """Return with how many of the same characters two ids begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
