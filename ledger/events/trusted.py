"""Events that were validated before, read only where they are asked: nothing is validated again.

Rules and folds ask a few members of each event; most of what it cost would go into judging what
was judged before. A stand-in has the members of its event, which are the strings themselves or are
read from them when they are asked for::

    >>> said = standing_in(VisitMade)(data)
    >>> said.host, said.days, said == VisitMade.model_validate(data)
    ('school:900002', Decimal('1.5'), True)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

M = TypeVar("M", bound=BaseModel)
Read = Callable[[Any], Any]

_AS_THEY_STAND = (str, int, bool)
_READ: dict[Any, Read] = {date: date.fromisoformat, Decimal: Decimal}


class _StandIn:
    """An object whose attributes are the members of some JSON."""

    stands_for: type[BaseModel]

    def __init__(self, data: dict[str, Any]) -> None:
        self.__dict__ = data

    def __eq__(self, other: object) -> bool:
        """Tell whether every member is the same, be the other an event or what stands in for one.

        Neither is ever a key or in a set.
        """
        kind = other.stands_for if isinstance(other, _StandIn) else type(other)
        names = self.stands_for.model_fields
        return kind is self.stands_for and all(
            getattr(self, name) == getattr(other, name) for name in names
        )

    __hash__ = None  # type: ignore[assignment]


@cache
def standing_in(model: type[M]) -> Callable[[dict[str, Any]], M]:
    """Return what makes an event, or a part of one, of recorded data without validating it.

    Of data that was never valid, anything may be made, or fail when it is asked for.
    """
    members: dict[str, Any] = {"stands_for": model}
    for name, field in model.model_fields.items():
        read = _read(field.annotation)
        if read is not None:
            members[name] = _member(name, field, read)
        elif not field.is_required():
            members[name] = field.default
    return cast("Callable[[dict[str, Any]], M]", type(model.__name__, (_StandIn,), members))


def _member(name: str, field: FieldInfo, read: Read) -> property:
    """Return a member that is read from its JSON; properties come before attributes."""

    def get(stand_in: _StandIn) -> Any:
        value = stand_in.__dict__.get(name)
        if value is None and not field.is_required():
            return field.default
        return read(value)

    return property(get)


def _read(annotation: Any) -> Read | None:
    """Return what makes a member of its JSON; None where that stands as it is."""
    kind, inner = get_origin(annotation), get_args(annotation)
    if kind is Annotated:
        return _read(inner[0])
    if kind in (Union, UnionType):
        (only,) = (one for one in inner if one is not NoneType)
        return _read(only)
    if kind is tuple:
        read = _read(inner[0])
        return tuple if read is None else partial(_tuple, read)
    if kind is Literal or annotation in _AS_THEY_STAND:
        return None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return standing_in(annotation)
    return _READ[annotation]


def _tuple(read: Read, values: list[Any]) -> tuple[Any, ...]:
    return tuple(map(read, values))
