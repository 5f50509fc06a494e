"""The start of an event's id by which it is told from every other that the ledger holds.

And `last`, which names what somebody recorded last.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import takewhile

__all__ = ["LAST", "last_id", "short_id"]

LAST = "last"

_SHORTEST = 13


def short_id(connection: sqlite3.Connection, event: str) -> str:
    """Return the shortest start of an event's id that no other has, at least 13 characters.

    Ids that begin alike stand beside each other in their order, so two of them are looked at.
    """
    before, after = connection.execute(
        "SELECT (SELECT max(event) FROM entries WHERE event < ?1),"
        " (SELECT min(event) FROM entries WHERE event > ?1)",
        (event,),
    ).fetchone()
    shared = max(_in_common(event, each) for each in (before or "", after or ""))
    length = max(_SHORTEST, shared + 1)
    return event[: length + (event[length - 1 : length] == "-")]


def last_id(connection: sqlite3.Connection, key: str, types: Sequence[str] = ()) -> str | None:
    """Return the id of the last event, of these types if any, that a key signed; None if none."""
    rows = connection.execute(
        "SELECT event, type FROM entries WHERE key = ? ORDER BY position DESC", (key,)
    )
    return next((event for event, name in rows if not types or name in types), None)


def _in_common(one: str, other: str) -> int:
    """Return with how many of the same characters two ids begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
