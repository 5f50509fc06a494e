"""Parties by what people type, for commands that do not load the vocabulary."""

from __future__ import annotations

import sqlite3

from ledger.errors import NotFoundError
from projections.reports.names import find_party


def party_named(connection: sqlite3.Connection, text: str) -> str:
    """Return the reference of the party that was typed; raise NotFoundError if there is none."""
    if not text.strip():
        raise NotFoundError(
            "no party is named",
            got="nothing",
            expected="a URN, a slug such as northwick, or the start of a person's reference",
        )
    return find_party(connection, text)
