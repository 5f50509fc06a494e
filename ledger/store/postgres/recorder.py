"""The library's recorder on PostgreSQL.

The library has one of its own, `eventsourcing.dcb.postgres_tt`, which this one does not inherit
from: an append that is undone leaves a gap in its positions, its tag table has no type, so that a
rare event under a crowded tag costs as much as the crowd, and it refuses queries without tags or
of mixed items.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eventsourcing.dcb.api import DCBEvent

from ledger.store.base import LAST
from ledger.store.postgres.database import Connection
from ledger.store.recorder import Recorder, Statements

_OTHERS: Final = """
    NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(item -> 2) AS other
        WHERE NOT EXISTS (
            SELECT 1 FROM tags AS also
            WHERE also.tag = other AND also.type = t.type AND also.position = t.position))
"""

_TERMS: Final = (
    f"""
    SELECT t.position FROM jsonb_array_elements(%(typed)s::jsonb) AS item
    CROSS JOIN jsonb_array_elements_text(item -> 0) AS name
    CROSS JOIN jsonb_array_elements_text(item -> 1) AS named
    JOIN tags AS t ON t.tag = named AND t.type = name
        AND t.position > %(after)s AND t.position <= %(last)s
    WHERE {_OTHERS}
    """,  # noqa: S608 - a constant
    f"""
    SELECT t.position FROM jsonb_array_elements(%(untyped)s::jsonb) AS item
    CROSS JOIN jsonb_array_elements_text(item -> 1) AS named
    JOIN tags AS t ON t.tag = named AND t.position > %(after)s AND t.position <= %(last)s
    WHERE {_OTHERS}
    """,  # noqa: S608 - a constant
    """
    SELECT e.position FROM jsonb_array_elements_text(%(types)s::jsonb) AS name
    JOIN events AS e ON e.type = name AND e.position > %(after)s AND e.position <= %(last)s
    """,
)

_POSITIONS: Final = " UNION ".join(_TERMS) + " ORDER BY 1 LIMIT %(limit)s"
_EXISTS: Final = "SELECT " + " OR ".join(f"EXISTS ({term})" for term in _TERMS)
_ONE: Final = (
    "WITH e AS (INSERT INTO events (position, type, data, tags) VALUES (%s, %s, %s, %s))"
    " INSERT INTO tags (tag, type, position) SELECT tag, %s, %s FROM unnest(%s::text[]) AS tag"
)


_ROW: Final = "SELECT position, type, data, tags FROM events"


class PostgresDCBRecorder(Recorder):
    """The recorder in PostgreSQL's words: many rows travel by COPY."""

    unlimited = LAST
    statements = Statements(
        head="SELECT coalesce(max(position), 0) FROM events",
        last_of_next="SELECT coalesce(max(position), 0) FROM"
        " (SELECT position FROM events WHERE position > %s ORDER BY position LIMIT %s) AS next",
        between=f"{_ROW} WHERE position > %s AND position <= %s ORDER BY position LIMIT %s",
        at=f"{_ROW} WHERE position = ANY(%s) ORDER BY position",
        positions=_POSITIONS,
        exists=_EXISTS,
    )

    def listed(self, positions: Sequence[int]) -> list[int]:
        """Return positions as an array."""
        return list(positions)

    def tags(self, kept: list[str]) -> list[str]:
        """Return the tags of an array."""
        return kept

    def insert(self, connection: Connection, numbered: Sequence[tuple[int, DCBEvent]]) -> None:
        """Insert events, each at a position."""
        if len(numbered) == 1:
            ((position, event),) = numbered
            tags = sorted(set(event.tags))
            row = (position, event.type, event.data, event.tags, event.type, position, tags)
            connection.execute(_ONE, row)
            return
        cursor = connection.cursor()
        with cursor.copy(
            "COPY events (position, type, data, tags) FROM STDIN (FORMAT BINARY)"
        ) as to:
            to.set_types(["int8", "text", "bytea", "text[]"])
            for position, event in numbered:
                to.write_row((position, event.type, event.data, event.tags))
        with cursor.copy("COPY tags (tag, type, position) FROM STDIN (FORMAT BINARY)") as to:
            to.set_types(["text", "text", "int8"])
            for filed in sorted((tag, e.type, n) for n, e in numbered for tag in set(e.tags)):
                to.write_row(filed)
