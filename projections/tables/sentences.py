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
from ledger.values import EVENT_NAME, NOTHING, Days, Money, Named, Public, Value

Part = str | list[str]
"""Text as it stands; or what kind of thing stands there, and its value: `['party', 'school:1']`.

Of a party to which the event gives another name also the day from which it has that one, for the
sentence calls it by the name that it had until then: `['party', 'school:1', '2026-04-01']`.
"""

_PARTIES = frozenset({"school", "body", "partnership"})
#: The member that says from which day a name holds that an event gives.
_FROM = "effective_on"
#: What a public text is, by what its annotation calls it; others stand as they are.
_KIND_OF_PUBLIC = {"slug": "code", EVENT_NAME: "type"}
_PLAIN_KINDS = frozenset({"person", "office", "urn", "event", "obligation"})


class _Field(NamedTuple):
    """What stands in a clause: the text before a member, its name, and what kind of part it is.

    `of` is a member of what the member names, told where the sentence is shown. `until` is the
    member that says until when the party had the name by which it is called here.
    """

    before: str
    member: str
    kind: str
    of: str = ""
    until: str = ""


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
    for field in fields:
        if field.before:
            found.append(field.before)
        if not field.member:
            continue
        value = data.get(field.member)
        if value in (None, [], NOTHING):
            return []
        found += _said(field, value, data)
    return found


def _said(field: _Field, value: Any, data: Mapping[str, Any]) -> Iterator[Part]:
    """Go through the parts that a member with a value is said in."""
    if field.of:
        yield ["member", value, field.of, field.kind]
    elif isinstance(value, list):
        yield from _listed(value, field.kind)
    elif field.until:
        yield [field.kind, value, data[field.until]]
    else:
        yield _part(value, field.kind)


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
    hint = _hints(event)[member]
    if of:
        return _Field(before, member, _kind(_member_of_named(hint, of)), of)
    renamed = member == event.names and _FROM in event.model_fields
    return _Field(before, member, _kind(hint), until=_FROM if renamed else "")


def _member_of_named(hint: Any, of: str) -> Any:
    """Return the annotation of a member of the event that creates what a member names."""
    (named,) = (mark for mark in _marks(hint) if isinstance(mark, Named))
    return _hints(CREATORS[named.kinds[0]])[of]


@cache
def _hints(event: type[Event]) -> dict[str, Any]:
    """Return the annotations of an event's members; to resolve them takes longer than all else."""
    return get_type_hints(event, include_extras=True)


def _kind(hint: Any) -> str:
    return next(filter(None, (_kind_of(each) for each in _within(hint))), "text")


def _within(hint: Any) -> Iterator[Any]:
    """Go through an annotation and what stands in it: one of several, or each of a list."""
    yield hint
    if get_origin(hint) is Annotated and get_origin(get_args(hint)[0]) is tuple:
        hint = get_args(hint)[0]
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
        return _KIND_OF_PUBLIC.get(mark.what, "text")
    if not isinstance(mark, Named):
        return ""
    if _PARTIES.intersection(mark.kinds):
        return "party"
    return mark.kinds[0] if mark.kinds[0] in _PLAIN_KINDS else "thing"
