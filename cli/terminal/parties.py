"""Parties by what people type, for commands that do not load the vocabulary."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ledger.errors import NotFoundError
from ledger.store.base import EntryStore
from projections.reports.finding import find_party, named
from projections.reports.names import Names
from projections.tables.views import moment

#: The kinds of party that owe and are owed: no person does.
OWING = ("school", "body", "partnership")


def party_named(
    connection: sqlite3.Connection, store: EntryStore, text: str, kinds: Sequence[str] = ()
) -> str:
    """Return the reference of the party that was typed, of these kinds if any.

    Raises NotFoundError if there is none, with those that come near.
    """
    if not text.strip():
        raise NotFoundError(
            "no party is named",
            got="nothing",
            expected="a name, a URN, or a short name as northwick",
        )
    found = find_party(connection, store, text, kinds)
    if kinds and found.partition(":")[0] not in kinds:
        known_as = named(Names(connection, store, moment(connection)), found)
        raise NotFoundError(
            f"{known_as} is no {' or '.join(kinds)}",
            got=text,
            expected=" or ".join(f"a {kind}" for kind in kinds),
        )
    return found


def party_if_named(
    connection: sqlite3.Connection, store: EntryStore, text: str | None, kinds: Sequence[str] = ()
) -> str | None:
    """Return the reference of the party, of these kinds if any, that an option names, if given."""
    return None if text is None else party_named(connection, store, text, kinds)
