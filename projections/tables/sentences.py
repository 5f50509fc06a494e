"""Sentences of events in parts: text, and what has a name, a day or an amount until it is shown.

An event's class says its sentence in clauses; what kind of part a member is, its annotation tells.
Nothing ever looks for a name inside finished text::

    >>> parts(SupportOffered, data)
    [['party', 'school:900001'], ' offered ', ['party', 'school:900002'], ' ', ['days', '6.0'], …]

`projections.reports.names` shows them, and needs no vocabulary for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from string import Formatter
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import orjson

from ledger.errors import StatementError
from ledger.events import CREATORS, find
from ledger.events.base import Event
from ledger.values import Days, Money, Named, Public, Value

Part = str | list[str]
"""Text as it stands; or what kind of thing stands there, and its value: `['party', 'school:1']`."""

_PARTIES = frozenset({"school", "body", "partnership"})
_PLAIN_KINDS = frozenset({"person", "office", "urn", "event"})


class _Field(NamedTuple):
    """What stands in a clause: the text before a member, its name, and what kind of part it is.

    `of` is a member of what the member names, told where the sentence is shown.
    """

    before: str
    member: str
    kind: str
    of: str = ""


def written(name: str, data: Mapping[str, Any]) -> str:
    """Return the sentence of an event, by its name, as JSON of its parts.

    Events of later versions, which have no sentence here, are named only.
    """
    try:
        event = find(name)
    except StatementError:
        return orjson.dumps([name]).decode()
    return orjson.dumps(parts(event, data)).decode()


def parts(event: type[Event], data: Mapping[str, Any]) -> list[Part]:
    """Return the sentence of an event in parts; a clause with a member left out is left out."""
    found: list[Part] = []
    for clause in _clauses(event):
        found += _clause(clause, data)
    return found


def _clause(fields: Sequence[_Field], data: Mapping[str, Any]) -> list[Part]:
    found: list[Part] = []
    for before, member, kind, of in fields:
        if before:
            found.append(before)
        if not member:
            continue
        value = data.get(member)
        if value is None or value == []:
            return []
        if of:
            found.append(["member", value, of, kind])
        elif isinstance(value, list):
            found += _listed(value, kind)
        else:
            found.append(_part(value, kind))
    return found


def _listed(values: Sequence[Any], kind: str) -> Iterator[Part]:
    for number, value in enumerate(values):
        if number:
            yield ", "
        yield _part(value, kind)


def _part(value: Any, kind: str) -> Part:
    if isinstance(value, dict):
        return ": ".join(str(each).replace("-", " ") for each in value.values())
    return str(value) if kind == "text" else [kind, str(value)]


# -- what kind of part a member is ---------------------------------------------------------------


@cache
def _clauses(event: type[Event]) -> list[list[_Field]]:
    said = event.sentence
    clauses = (said,) if isinstance(said, str) else said
    return [
        [_field(event, before, name or "") for before, name, _, _ in Formatter().parse(clause)]
        for clause in clauses
    ]


def _field(event: type[Event], before: str, name: str) -> _Field:
    member, _, of = name.partition(".")
    if not member:
        return _Field(before, "", "")
    hint = get_type_hints(event, include_extras=True)[member]
    if of:
        return _Field(before, member, _kind(_member_of_named(hint, of)), of)
    return _Field(before, member, _kind(hint))


def _member_of_named(hint: Any, of: str) -> Any:
    """Return the annotation of a member of the event that creates what a member names."""
    (named,) = (mark for mark in _marks(hint) if isinstance(mark, Named))
    return get_type_hints(CREATORS[named.kinds[0]], include_extras=True)[of]


def _kind(hint: Any) -> str:
    return next(filter(None, (_kind_of(each) for each in _within(hint))), "text")


def _within(hint: Any) -> Iterator[Any]:
    """Go through an annotation and what stands in it: one of several, or each of a list."""
    yield hint
    if get_origin(hint) in (Union, UnionType, tuple):
        for inner in get_args(hint):
            if inner not in (NoneType, ...):
                yield from _within(inner)


def _marks(hint: Any) -> Iterator[Any]:
    for each in _within(hint):
        if get_origin(each) is Annotated:
            yield from get_args(each)[1:]


def _kind_of(hint: Any) -> str:
    if hint == Days:
        return "days"
    if hint == Money:
        return "pounds"
    if get_origin(hint) is Literal:
        return "code"
    if isinstance(hint, type) and issubclass(hint, Value):
        return "text"
    if get_origin(hint) is not Annotated:
        return ""
    base, *marks = get_args(hint)
    return "day" if base is date else next(filter(None, map(_kind_marked, marks)), "")


def _kind_marked(mark: Any) -> str:
    if isinstance(mark, Public):
        return "code" if mark.what == "listed code" else "text"
    if not isinstance(mark, Named):
        return ""
    if _PARTIES.intersection(mark.kinds):
        return "party"
    return mark.kinds[0] if mark.kinds[0] in _PLAIN_KINDS else "thing"
