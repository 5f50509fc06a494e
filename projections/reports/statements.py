"""What events of some types say, of those that stand at a moment: known, happened, not withdrawn.

Told from bytes alone, without the vocabulary: what was admitted is not judged again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from ledger.selection import Said, read_said
from ledger.store.base import EntryStore, Row
from projections.tables.views import Moment


def said_by_types(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    types: Sequence[str],
    party: str | None = None,
) -> Iterator[Said]:
    """Go through the events of these types that stand at a moment, in the order of recording.

    Of a party those that name it, else all.
    """
    before = at.known_at + 1
    if party is None:
        rows = store.by_types(types, before=before)
    else:
        rows = store.by_tag(party, types, before=before)
    yield from _standing(connection, at, rows)


def said_about(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    types: Sequence[str],
    events: Iterable[str],
) -> Iterator[Said]:
    """Go through the events of these types that stand, and that are or name one of `events`."""
    yield from said_naming(connection, store, at, types, (f"event:{event}" for event in events))


def said_naming(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    types: Sequence[str],
    tags: Iterable[str],
) -> Iterator[Said]:
    """Go through the events of these types that stand, and that name one of these, in its order.

    What names several of them comes as often.
    """
    selectors = [(tag, types) for tag in dict.fromkeys(tags)]
    found = store.by_tags(selectors, before=at.known_at + 1)
    yield from _standing(connection, at, chain.from_iterable(found))


def _standing(connection: sqlite3.Connection, at: Moment, rows: Iterable[Row]) -> Iterator[Said]:
    sql = "SELECT event FROM withdrawals WHERE position <= ?"
    withdrawn = {row[0] for row in connection.execute(sql, (at.known_at,))}
    for position, data in rows:
        said = read_said(position, data)
        if said.day <= at.as_of and said.event not in withdrawn:
            yield said
