"""Identifiers by which open data knows a party, of the lists of org-id.guide.

A school is `GB-EDU-` and the URN that it had on the day asked for; a body goes by its number at
Companies House or its UKPRN. Whoever has none of these is named after the ledger, which says so by
the prefix `360G-`.
"""

from __future__ import annotations

import re
import sqlite3

from projections.reports.names import urn_of
from projections.tables.views import Moment

#: Lists of org-id.guide, by the scheme that the registers call a number by; the first goes first.
_LISTS = {"company": "GB-COH", "ukprn": "GB-UKPRN"}
_SCHOOLS = "GB-EDU-"
_NO_LETTER = re.compile("[^a-z0-9]+")


def origin_of(connection: sqlite3.Connection) -> str:
    """Return the origin of the ledger that was folded; empty where none is founded yet."""
    row = connection.execute("SELECT value FROM facts WHERE name = 'origin'").fetchone()
    return str(row[0]) if row else ""


def own_id(origin: str, name: str) -> str:
    """Return an identifier of the ledger's own for something, by its name there."""
    return f"360G-{_NO_LETTER.sub('-', origin.lower()).strip('-')}-{name}"


def open_id(connection: sqlite3.Connection, at: Moment, party: str) -> str:
    """Return the identifier by which open data knows a party on the day asked for."""
    kind, _, key = party.partition(":")
    if kind == "school":
        return f"{_SCHOOLS}{urn_of(connection, party, at)}"
    sql = "SELECT scheme, value FROM numbered WHERE party = ? AND position <= ? ORDER BY position"
    numbers = dict(connection.execute(sql, (party, at.known_at)).fetchall())
    for scheme, name in _LISTS.items():
        if scheme in numbers:
            return f"{name}-{numbers[scheme]}"
    return own_id(origin_of(connection), key)


def plain(connection: sqlite3.Connection, text: str) -> str:
    """Return by what the ledger knows what an identifier of open data names; else the text itself.

    A school's becomes its URN, one of the ledger's own the name that it has there, and a number at
    Companies House or a UKPRN the party that has it.
    """
    if text.startswith(_SCHOOLS):
        return text.removeprefix(_SCHOOLS)
    for scheme, name in _LISTS.items():
        if text.startswith(f"{name}-"):
            sql = "SELECT party FROM numbered WHERE scheme = ? AND value = ? ORDER BY position"
            row = connection.execute(sql, (scheme, text.removeprefix(f"{name}-"))).fetchone()
            return str(row[0]) if row else text
    return (
        text.removeprefix(own_id(origin_of(connection), "")) if text.startswith("360G-") else text
    )
