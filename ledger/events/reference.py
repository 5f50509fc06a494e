"""The reference page of events, written from the models' own docstrings and fields.

::

    python -m ledger.events.reference > docs/reference/events.md
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ledger.events import CATALOGUE
from ledger.events.base import FOR_ANOTHER, Audience, Event
from ledger.values import Day, Days, Money, Named, Number, Public, Sealed, Value

__all__ = ["described", "reference_page"]

_INTRODUCTION = """\
# Events

Everything that can be said in this ledger, by theme.

<!-- Written by `python -m ledger.events.reference > docs/reference/events.md`. -->

A statement's `type` is the name of its event and the version of its schema.
Its `data` has exactly the members listed here; what is optional is left out rather than empty.
A reference is `kind:key`: a party, as `school:900001`, or a thing, as `visit:` and the id of the \
event that made it.
Sealed text can be erased: the record holds only a commitment to it.
"""
_FOR_ANOTHER = """\
What an office without a key says is recorded by the registrar, by a clerk of a partnership that it
belongs to or that the event names, or by an officer of the body responsible for it.
Any event may say so, unless registers or corrections stand on it, with these two members.
"""
_QUANTITIES: tuple[tuple[Any, str], ...] = (
    (Day, "date, as 2026-09-01"),
    (Days, "days in halves, as 1.0"),
    (Money, "pounds, as 1200.00"),
    (Number, "number in quotes, as -0.25"),
)
_READERS: dict[Audience, str] = {
    "public": "anyone",
    "parties": "the parties that it names, those who answer for them, commissioners, inspectors",
    "commissioner": "whoever commissions, inspectors",
    "inspectorate": "inspectors",
    "all": "only who is given everything",
}
_AUDIENCES = """\
A report that is made for an audience (`--audience`) shows only the sealed text of events for it,
and only rows that rest on such events; it counts the rows that it leaves out.
From the widest audience to the narrowest these are `public`, `parties`, `commissioner`,
`inspectorate` and `all`; each may read what those before it may.
"""
_SENTENCE_END = re.compile(r"(?<=[.?!]) (?=[A-Z])")


def reference_page() -> str:
    """Return the page: each theme, its events, their members; then the parts that they share."""
    parts: dict[type[Value], None] = {}
    lines = [_INTRODUCTION]
    theme = ""
    lines += [*_for_another(), *_audiences()]
    for event in CATALOGUE:
        if event.__module__ != theme:
            theme = event.__module__
            lines += _theme(theme)
        lines += [*_event(event), *_table(event)]
        parts |= dict.fromkeys(_parts(event))
    lines += ["## Parts", "", "Objects that stand inside events.", ""]
    for part in sorted(parts, key=lambda part: part.__name__):
        lines += [f"### {part.__name__}", "", *_prose(part), *_table(part)]
    return "\n".join(lines).rstrip("\n") + "\n"


#: What any event may say, told once for all.
_OF_ANY = {name: get_type_hints(Event, include_extras=True)[name] for name in FOR_ANOTHER}


def _for_another() -> Iterator[str]:
    """Go through the members that any event may have."""
    yield from ("## For another office", "", *_SENTENCE_END.split(" ".join(_FOR_ANOTHER.split())))
    yield ""
    yield from _table(Event)


def _audiences() -> Iterator[str]:
    """Go through the table of who may read what an event seals, and rows that rest on it."""
    yield from ("## Who may read what", "", *_SENTENCE_END.split(" ".join(_AUDIENCES.split())), "")
    yield "| event | for | what it seals |"
    yield "|---|---|---|"
    for event in CATALOGUE:
        sealed = ", ".join(f"`{name}`" for name in _sealed(event))
        yield f"| [{event.__name__}](#{event.__name__.lower()}) | {event.audience} | {sealed} |"
    yield ""


def _sealed(event: type[Event]) -> list[str]:
    fields = event.model_fields.items()
    return [name for name, field in fields if "Sealed" in str(field.annotation)]


def _theme(module: str) -> Iterator[str]:
    title, _, about = _docstring(sys.modules[module]).partition(": ")
    yield from (f"## {title}", "", f"{about[:1].upper()}{about[1:]}", "")


def _event(event: type[Event]) -> Iterator[str]:
    yield from (f"### {event.__name__}", "", *_prose(event))
    made = f" It creates `{event.creates}:<id>`." if event.creates else ""
    yield from (f"Type `{event.type_name()}`.{made}".replace(". It", ".\nIt"), "")
    said = event.sentence if isinstance(event.sentence, str) else "".join(event.sentence)
    yield from (f"In a history: {said}", "")
    if event.affirms is not None:
        yield (f"With it both sides have said what `{event.affirms}` names.")
        yield ""
    if _sealed(event):
        yield from (f"Who may read what it seals: {_READERS[event.audience]}.", "")


def _prose(documented: type) -> list[str]:
    paragraphs = _docstring(documented).split("\n\n")
    return [
        line
        for paragraph in paragraphs
        for line in (*_SENTENCE_END.split(" ".join(paragraph.split())), "")
    ]


def _docstring(documented: Any) -> str:
    return inspect.cleandoc(documented.__doc__ or "")


def _table(model: type[Value]) -> Iterator[str]:
    yield "| member | what it is | needed | meaning |"
    yield "|---|---|---|---|"
    hints = get_type_hints(model, include_extras=True)
    told_once = {} if model is Event else _OF_ANY
    inherited = set(getattr(model.__base__, "model_fields", ())).difference(FOR_ANOTHER)
    for name, field in sorted(model.model_fields.items(), key=lambda item: item[0] in inherited):
        if told_once.get(name) == hints[name]:
            continue
        meaning = field.description or ""
        yield f"| `{name}` | {described(hints[name])} | {_needed(field)} | {meaning} |"
    yield ""


def _needed(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.default
    return "optional" if default in (None, (), PydanticUndefined) else f"else {default}"


def described(hint: Any) -> str:
    """Return in words what a member's annotation lets it hold."""
    for quantity, words in _QUANTITIES:
        if hint == quantity:
            return words
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        return _either([described(one) for one in arguments if one is not NoneType])
    if origin is tuple:
        return f"list: {described(arguments[0])}"
    if origin is Literal:
        return _listed(arguments)
    return _plain(hint)


def _plain(hint: Any) -> str:
    if hint is Sealed:
        return "sealed text"
    if hint is bool:
        return "true or false"
    if isinstance(hint, type) and issubclass(hint, Value):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    raise TypeError(f"internal error: no words for {hint}")


def _annotated(base: Any, marks: Iterable[Any]) -> str:
    for mark in marks:
        if isinstance(mark, Named):
            return "reference: " + _either(mark.kinds)
        if isinstance(mark, Public):
            return mark.what
    least, most = _limits(marks)
    if base is int:
        return f"whole number, {least} to {most}" if most else f"whole number from {least}"
    return described(base).replace("list: ", f"list of {least} to {most}: ", 1)


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _limits(marks: Iterable[Any]) -> tuple[int | None, int | None]:
    """Return the least and the most that a number, or a list's length, may be."""
    least = most = None
    for mark in marks:
        for limit in mark.metadata if isinstance(mark, FieldInfo) else (mark,):
            least = getattr(limit, "ge", getattr(limit, "min_length", least))
            most = getattr(limit, "le", getattr(limit, "max_length", most))
    return least, most


def _listed(codes: tuple[Any, ...]) -> str:
    if all(isinstance(code, str) for code in codes):
        return "listed code: " + ", ".join(f"`{code}`" for code in codes)
    return ", ".join(f"`{code}`" for code in codes)


def _parts(model: type[Value]) -> Iterator[type[Value]]:
    """Go through the objects that stand inside a model, at any depth."""
    for hint in get_type_hints(model, include_extras=True).values():
        for part in _models(hint):
            yield part
            yield from _parts(part)


def _models(hint: Any) -> Iterator[type[Value]]:
    if isinstance(hint, type) and issubclass(hint, Value) and hint is not Sealed:
        yield hint
    for argument in get_args(hint):
        yield from _models(argument)


if __name__ == "__main__":
    print(reference_page(), end="")  # noqa: T201 - the page is what this command gives
