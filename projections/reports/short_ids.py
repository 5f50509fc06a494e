"""The start of an id by which an event or a person is told from every other in the ledger.

And `last`, which names what somebody recorded last.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import takewhile

from ledger.errors import NotFoundError

__all__ = ["LAST", "my_last", "short_id", "short_person"]

LAST = "last"

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


def my_last(connection: sqlite3.Connection, key: str, types: Sequence[str] = ()) -> str:
    """Return the id of the last event, of these types if any, that a key signed.

    Raises NotFoundError where it has signed none yet.
    """
    rows = connection.execute(
        "SELECT event, type FROM entries WHERE key = ? ORDER BY position DESC", (key,)
    )
    found = next((event for event, name in rows if not types or name in types), None)
    if found is None:
        raise NotFoundError(
            f"no {' or '.join(types) or 'event'} was recorded with your key yet, so none is your"
            f" {LAST} one",
            got=key,
            todo="Another's key is named with --key FILE.",
        )
    return str(found)


def _in_common(one: str, other: str) -> int:
    """Return with how many of the same characters two ids begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
