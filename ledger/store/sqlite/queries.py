"""Queries of the library as SQL.

One fixed statement serves every query, whatever its mix and number of items: they travel as JSON,
for SQLite takes 500 compound terms at most. Each triple (`ledger.store.matching`) is looked up in
the tag table by its key, so that only matching rows are touched (an item of several tags touches
those of one).
"""

from __future__ import annotations

from typing import Final

_OTHERS: Final = """
    NOT EXISTS (
        SELECT 1 FROM json_each(item.value, '$[2]') AS other
        WHERE NOT EXISTS (
            SELECT 1 FROM tags AS also
            WHERE also.tag = other.value AND also.type = t.type AND also.position = t.position))
"""

# CROSS JOIN keeps SQLite to this order: from the query to the rows, never the other way round.
_TERMS: Final = (
    f"""
    SELECT t.position FROM json_each(:typed) AS item
    CROSS JOIN json_each(item.value, '$[0]') AS type
    CROSS JOIN json_each(item.value, '$[1]') AS tag
    CROSS JOIN tags AS t ON t.tag = tag.value AND t.type = type.value
        AND t.position > :after AND t.position <= :last
    WHERE {_OTHERS}
    """,  # noqa: S608 - a constant
    f"""
    SELECT t.position FROM json_each(:untyped) AS item
    CROSS JOIN json_each(item.value, '$[1]') AS tag
    CROSS JOIN tags AS t ON t.tag = tag.value AND t.position > :after AND t.position <= :last
    WHERE {_OTHERS}
    """,  # noqa: S608 - a constant
    """
    SELECT e.position FROM json_each(:types) AS type
    CROSS JOIN events AS e ON e.type = type.value
        AND e.position > :after AND e.position <= :last
    """,
)

POSITIONS: Final = " UNION ".join(_TERMS) + " ORDER BY 1 LIMIT :limit"
"""Positions of matching entries, ascending; takes also :after, :last and :limit (-1 for all)."""

EXISTS: Final = "SELECT " + " OR ".join(f"EXISTS ({term})" for term in _TERMS)
"""Whether any entry matches; takes also :after and :last."""
