"""The index of entries by tag and type, and how far it goes.

What a decision asks for again and again, and of things that were not there before, are the entries
that name an event: their rows are written with each entry. The rest of an entry's rows are written
later, together with those of many others, for each by itself changes a page of its own. Until then
those entries are looked through; they are the last ones, and few. So each read is right at any
time and whoever reads, also in a file that cannot be written.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Final

AT_ONCE: Final = "event:"
"""How the tags begin whose rows are written with each entry."""

TOGETHER: Final = 512
"""So many entries are indexed together."""

INDEXED: Final = "ifnull((SELECT max(position) FROM indexed), 0)"
"""Up to which position everything is indexed."""

_TAGS: Final = "json_each(CASE WHEN json_valid(e.tags) THEN e.tags ELSE '[]' END)"

FILED: Final = f"SELECT j.value, e.type, e.position FROM events AS e, {_TAGS} AS j"  # noqa: S608
"""The rows that the entries tell; of tags that are damaged, which `check` finds, none."""

_INDEX: Final = (
    # In the order of the key: neighbours change the same pages.
    f"""
    INSERT OR IGNORE INTO tags {FILED}
    WHERE e.position > {INDEXED} AND j.value NOT GLOB '{AT_ONCE}*'
    ORDER BY j.value, e.type, e.position
    """,
    f"""
    INSERT OR IGNORE INTO types SELECT type, position FROM events
    WHERE position > {INDEXED} ORDER BY type, position
    """,  # noqa: S608 - a constant
    "DELETE FROM indexed",
    "INSERT INTO indexed SELECT ifnull(max(position), 0) FROM events",
)

_ROWS: Final = "SELECT tag, type, position FROM tags"
_OF_TYPES: Final = "SELECT type, position FROM types"
_TYPED: Final = f"SELECT type, position FROM events WHERE position <= {INDEXED}"  # noqa: S608
_DUE: Final = f"{FILED} WHERE e.position <= {INDEXED} OR j.value GLOB '{AT_ONCE}*'"
MISFILED: Final = " UNION ".join(
    f"SELECT position FROM ({one} EXCEPT {other})"  # noqa: S608 - constants
    for one, other in (
        (_DUE, _ROWS),
        (_ROWS, _DUE),
        (_TYPED, _OF_TYPES),
        (_OF_TYPES, _TYPED),
    )
)
"""The positions whose rows are not those that are due, in any order."""

BY_TYPES: Final = f"""
    SELECT t.position, CAST(e.data AS BLOB)
    FROM json_each(?1) AS type
    CROSS JOIN types AS t ON t.type = type.value
        AND t.position > ?2 AND t.position < ?3 AND t.position <= {INDEXED}
    CROSS JOIN events AS e ON e.position = t.position
    UNION ALL
    SELECT e.position, CAST(e.data AS BLOB) FROM events AS e
    WHERE e.position > max(?2, {INDEXED}) AND e.position < ?3
        AND e.type IN (SELECT value FROM json_each(?1))
    ORDER BY 1
"""  # noqa: S608 - a constant
"""The entries of some types, listed as JSON, after a position and before another."""

# The tags are kept by type first: the first entry of each type is looked up, not all sorted.
FIRST_BY_TAG: Final = """
WITH RECURSIVE kinds(type) AS (
    SELECT min(type) FROM tags WHERE tag = :tag
    UNION ALL
    SELECT (SELECT min(t.type) FROM tags AS t WHERE t.tag = :tag AND t.type > kinds.type)
    FROM kinds WHERE kinds.type IS NOT NULL
)
SELECT position, CAST(data AS BLOB) FROM events WHERE position = (
    SELECT min((SELECT min(t.position) FROM tags AS t WHERE t.tag = :tag AND t.type = kinds.type))
    FROM kinds
)"""
"""The first entry with a tag, of those that are indexed."""


def index(connection: sqlite3.Connection) -> None:
    """Write every row that is not written yet."""
    for statement in _INDEX:
        connection.execute(statement)


def is_due(first: int, last: int) -> bool:
    """Return whether enough entries have come together with those from a first to a last."""
    return (first - 1) // TOGETHER < last // TOGETHER


def is_at_once(tag: str) -> bool:
    """Return whether the rows of a tag are written with each entry."""
    return tag.startswith(AT_ONCE)


@cache
def by_tag(types: int, *, at_once: bool) -> str:
    """Return the statement that reads entries by a tag and so many types, or any.

    It takes the tag, the position to read after and that to read before, and the types.
    """
    # A statement for each number of types is prepared once and kept by the connection, and found
    # there by this very text: the fastest way there is, for what every decision does most.
    marks = ", ".join(f"?{number}" for number in range(4, 4 + types))
    found = f"""
        SELECT e.position, CAST(e.data AS BLOB) FROM tags AS t
        CROSS JOIN events AS e ON e.position = t.position
        WHERE t.tag = ?1 AND t.position > ?2 AND t.position < ?3
        {f"AND t.type IN ({marks})" if types else ""}
    """  # noqa: S608 - question marks only
    if at_once:
        return f"{found} ORDER BY t.position"
    return f"""
        {found} AND t.position <= {INDEXED}
        UNION ALL
        SELECT e.position, CAST(e.data AS BLOB) FROM events AS e
        WHERE e.position > max(?2, {INDEXED}) AND e.position < ?3
        {f"AND e.type IN ({marks})" if types else ""}
        AND EXISTS (SELECT 1 FROM {_TAGS} AS j WHERE j.value = ?1)
        ORDER BY 1
    """  # noqa: S608 - as above
