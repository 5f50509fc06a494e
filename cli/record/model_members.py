"""The members of events' models, and what is said of them, by their paths.

A member of a part has the part's name before its own; a list is one member, said several times::

    >>> members = members_of(VisitMade)
    >>> data = assembled(members, {"said__host": "900002", "said__days": "1"}, {})
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ledger.events.base import Event
from ledger.values import Named, Sealed

#: Members that the ledger completes; they can be given, and help does not show them.
COMPLETED = frozenset({"obligations", "references"})
#: Options of `record` and `draft` themselves; a member so named has `event-` before it.
_TAKEN = frozenset(
    [
        "as",
        "clock-confirmed",
        "data",
        "debug",
        "dry-run",
        "force",
        "format",
        "from",
        "help",
        "id",
        "key",
        "ledger",
        "occurred-on",
        "output",
        "quiet",
        "shipped",
        "signer",
        "template",
        "yes",
    ]
)
_SINGULAR = {"people": "person"}
#: What any event may say, and the option that says it; an event's own member may be called so too.
OF_ANY = {"for_office": "for", "authority": "authority"}


@dataclass(frozen=True)
class Member:
    """One member of an event, or of a part of it, as an option says it."""

    path: tuple[str, ...]
    type: Any
    metadata: tuple[Any, ...]
    many: bool
    required: bool
    help: str

    @property
    def of_any(self) -> bool:
        """Whether any event may say it: for whom it is recorded, and on what authority."""
        return len(self.path) == 1 and self.path[0] in OF_ANY and not self.required

    @property
    def option(self) -> str:
        """The option's name without the dashes: `source.title`, `review-date`."""
        *parents, last = self.path
        if self.of_any:
            return OF_ANY[last]
        # What the ledger completes is no word that anybody types, and may stand in another's way.
        typed = self.many and last not in COMPLETED
        name = ".".join((*parents, _singular(last) if typed else last)).replace("_", "-")
        return f"event-{name}" if name in _TAKEN else name

    @property
    def name(self) -> str:
        """The name under which click keeps the value."""
        return "said__" + "__".join(self.path)

    @property
    def named(self) -> tuple[str, ...]:
        """The kinds of things that a reference here may name."""
        return next((item.kinds for item in self.metadata if isinstance(item, Named)), ())

    @property
    def sealed(self) -> bool:
        """Whether it is text that will be sealed."""
        return self.type is Sealed

    @property
    def part(self) -> type[BaseModel] | None:
        """The model of the parts that a list holds."""
        is_part = isinstance(self.type, type) and issubclass(self.type, BaseModel)
        return self.type if is_part and not self.sealed else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()


def members_of(model: type[BaseModel], parents: tuple[str, ...] = ()) -> list[Member]:
    """Return the members of an event's model, those of its parts among them."""
    found: list[Member] = []
    for name, field in model.model_fields.items():
        found += _member((*parents, name), field, required=field.is_required())
    return found


def _member(path: tuple[str, ...], field: FieldInfo, *, required: bool) -> Iterator[Member]:
    core, metadata, many = _unwrapped(field.annotation, tuple(field.metadata))
    is_part = isinstance(core, type) and issubclass(core, BaseModel) and core is not Sealed
    if is_part and not many:
        for member in members_of(core, path):
            yield member if required else _optional(member)
        return
    yield Member(path, core, metadata, many, required, field.description or "")


def _optional(member: Member) -> Member:
    return Member(member.path, member.type, member.metadata, member.many, False, member.help)  # noqa: FBT003 - a field


def _unwrapped(annotation: Any, metadata: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...], bool]:
    """Return the type within Annotated, optional and tuple, what is noted of it, and if a list."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _unwrapped(args[0], (*args[1:], *metadata))
    if origin in (Union, UnionType):
        (one,) = (arg for arg in args if arg is not NoneType)
        return _unwrapped(one, metadata)
    if origin is tuple:
        core, inner, _ = _unwrapped(args[0], ())
        return core, inner, True
    return annotation, metadata, False


def _singular(name: str) -> str:
    if name in _SINGULAR:
        return _SINGULAR[name]
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def is_day(member: Member) -> bool:
    """Whether it is a day of the calendar."""
    return getattr(member.type, "__name__", "") == "date"


# -- what was said -----------------------------------------------------------------------------


def assembled(
    members: Sequence[Member], values: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an event's data: what a file said, and over it what options said."""
    found: dict[str, Any] = _copied(data)
    for member in members:
        value = values.get(member.name)
        if value is None or value == ():
            continue
        target = found
        for parent in member.path[:-1]:
            target = target.setdefault(parent, {})
        target[member.path[-1]] = list(value) if member.many else value
    return found


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(item) for name, item in value.items()}
    return value


def given(data: Mapping[str, Any], path: Sequence[str]) -> Any:
    """Return what data says at a path, None if it says nothing there."""
    value: Any = data
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value


def put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Say a value at a path."""
    *parents, last = path
    for parent in parents:
        data = data.setdefault(parent, {})
    data[last] = value


def events_members(event: type[Event]) -> list[Member]:
    """Return the members of an event in the order of help: required first, of any event last."""
    return sorted(members_of(event), key=lambda member: (not member.required, member.of_any))
