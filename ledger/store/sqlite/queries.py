"""Queries of the library as SQL.

One fixed statement serves every query, whatever its mix and number of items: they travel as JSON,
for SQLite takes 500 compound terms at most. Each triple (`ledger.store.matching`) is looked up in
the tag table by its key, so that only matching rows are touched (an item of several tags touches
those of one); and among the rows of the last entries, which that table may not have yet.
"""

from __future__ import annotations

from typing import Final

from ledger.store.sqlite.indices import FILED, INDEXED

HEAD: Final = "SELECT ifnull(max(position), 0) FROM events"

_AFTER_INDEXED: Final = f"e.position > max(:after, {INDEXED}) AND e.position <= :last"

_WITH: Final = f"""
    WITH tail(tag, type, position) AS MATERIALIZED ({FILED} WHERE {_AFTER_INDEXED}) """


def _matching(rows: str) -> tuple[str, str]:
    """Return the statements that look for triples with types, and for those of any type."""
    within = f"t.position > :after AND t.position <= min(:last, {INDEXED})"
    others = f"""
    NOT EXISTS (
        SELECT 1 FROM json_each(item.value, '$[2]') AS other
        WHERE NOT EXISTS (
            SELECT 1 FROM {rows} AS also
            WHERE also.tag = other.value AND also.type = t.type AND also.position = t.position))
    """  # noqa: S608 - a constant
    bounds = f"AND {within}" if rows == "tags" else ""
    # CROSS JOIN keeps SQLite to this order: from the query to the rows, never the other way round.
    return (
        f"""
        SELECT t.position FROM json_each(:typed) AS item
        CROSS JOIN json_each(item.value, '$[0]') AS type
        CROSS JOIN json_each(item.value, '$[1]') AS tag
        CROSS JOIN {rows} AS t ON t.tag = tag.value AND t.type = type.value {bounds}
        WHERE {others}
        """,  # noqa: S608 - a constant
        f"""
        SELECT t.position FROM json_each(:untyped) AS item
        CROSS JOIN json_each(item.value, '$[1]') AS tag
        CROSS JOIN {rows} AS t ON t.tag = tag.value {bounds}
        WHERE {others}
        """,  # noqa: S608 - a constant
    )


_TERMS: Final = (
    *_matching("tags"),
    *_matching("tail"),
    f"""
    SELECT t.position FROM json_each(:types) AS type
    CROSS JOIN types AS t ON t.type = type.value
        AND t.position > :after AND t.position <= min(:last, {INDEXED})
    """,  # noqa: S608 - a constant
    f"""
    SELECT e.position FROM events AS e
    WHERE {_AFTER_INDEXED} AND e.type IN (SELECT value FROM json_each(:types))
    """,  # noqa: S608 - a constant
)

POSITIONS: Final = f"{_WITH}{' UNION '.join(_TERMS)} ORDER BY 1 LIMIT :limit"
"""Positions of matching entries, ascending; takes also :after, :last and :limit (-1 for all)."""

EXISTS: Final = f"{_WITH}SELECT {' OR '.join(f'EXISTS ({term})' for term in _TERMS)}"
"""Whether any entry matches; takes also :after and :last."""
