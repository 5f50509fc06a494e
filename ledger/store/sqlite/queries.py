"""Queries of the library as SQL.

One fixed statement serves every query, whatever its mix and number of items: items travel as
JSON, for SQLite takes 500 compound terms at most. An item becomes `[types, tags, others]`, which
matches entries of any of the types that have any of the tags and all of the others; items of one
tag and the same types share a single such triple. Each triple is looked up in the tag table by
its key, so that only matching rows are touched (an item of several tags touches those of one).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

import orjson
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

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

_Triple = tuple[list[str], list[str], list[str]]


class Matcher(NamedTuple):
    """A query's part of the parameters of POSITIONS and EXISTS."""

    typed: list[_Triple]
    untyped: list[_Triple]
    types: list[str]

    def parameters(self, **others: int) -> dict[str, object]:
        """Return the parameters, together with the others that the statement takes."""
        return {
            "typed": _json(self.typed),
            "untyped": _json(self.untyped),
            "types": _json(self.types),
            **others,
        }


def matcher(query: DCBQuery | None) -> Matcher | None:
    """Return the query for SQL, None if it matches every entry."""
    if query is None or not query.items:
        return None
    if any(not item.types and not item.tags for item in query.items):
        return None
    items = [possible for item in query.items if (possible := _possible(item)) is not None]
    return Matcher(
        typed=_triples(item for item in items if item.types and item.tags),
        untyped=_triples(item for item in items if not item.types),
        types=sorted({name for item in items if not item.tags for name in item.types}),
    )


def _possible(item: DCBQueryItem) -> DCBQueryItem | None:
    """Return the item without types that no entry has, None if no entry has what is left."""
    types = [name for name in item.types if storable([name])]
    if not storable(item.tags) or (item.types and not types):
        return None
    return DCBQueryItem(types, item.tags)


def storable(texts: Iterable[str]) -> bool:
    """Tell whether SQLite can hold the texts, and find them again, as they are.

    It can not with NUL, where SQLite's JSON functions end a text, nor with half a surrogate pair.
    """
    try:
        return b"\0" not in "".join(texts).encode()
    except UnicodeEncodeError:
        return False


def _triples(items: Iterable[DCBQueryItem]) -> list[_Triple]:
    triples: list[_Triple] = []
    tags_by_types: dict[frozenset[str], set[str]] = defaultdict(set)
    for item in items:
        first, *others = sorted(set(item.tags))
        if others:
            triples.append((sorted(set(item.types)), [first], others))
        else:
            tags_by_types[frozenset(item.types)].add(first)
    triples += [(sorted(types), sorted(tags), []) for types, tags in tags_by_types.items()]
    return triples


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
