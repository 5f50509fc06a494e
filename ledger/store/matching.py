"""Queries of the library as what databases look up: triples of types, tags and other tags.

An item becomes `[types, tags, others]`, which matches entries of any of the types that have any of
the tags and all of the others; items of one tag and the same types share a single such triple.
Triples travel as JSON, so that one fixed statement serves every query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import orjson

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

_Triple = tuple[list[str], list[str], list[str]]


class Matcher(NamedTuple):
    """A query's part of the parameters of a statement that looks for entries."""

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
    return replace(item, types=types)


def storable(texts: Iterable[str]) -> bool:
    """Tell whether every database can hold the texts, and find them again, as they are.

    None can with NUL, where SQLite's JSON functions end a text, nor with half a surrogate pair.
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
