"""Options generated from the models of events: a new event needs no new command.

Each member of a model becomes an option, `--days`; a member of a part, a dotted one,
`--source.title`; a list, an option to be repeated, `--review-date`; a list of parts, one whose
value joins the part's members, `--grade safeguarding=met`. What an option says is kept under the
member's path, until references are looked up and the event is built::

    >>> members = members_of(VisitMade)
    >>> data = assembled(members, {"host": "900002", "days": "1"})
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import click
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from cli.failures import CommandError
from cli.lazy import Option
from cli.options import day
from ledger.events.base import Event
from ledger.files import opened
from ledger.values import Named, Public, Sealed

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
        "format",
        "from",
        "help",
        "key",
        "ledger",
        "occurred-on",
        "output",
        "quiet",
        "shipped",
        "signer",
    ]
)
_SINGULAR = {"people": "person"}
NEEDED = "What the event says"
OPTIONAL = "What it may say besides"
FILLED = "Found by itself where left out"


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
    def option(self) -> str:
        """The option's name without the dashes: `source.title`, `review-date`."""
        *parents, last = self.path
        name = ".".join((*parents, _singular(last) if self.many else last)).replace("_", "-")
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


# -- options -----------------------------------------------------------------------------------


def option_of(member: Member, *, filled: bool = False) -> Option:
    """Return the option that says a member; `filled` where it is found if it is left out."""
    names = [f"--{member.option}", member.name]
    kind: Any = _Value(member)
    metavar = None if member.choices else _metavar(member)
    if member.type is bool:
        names[0] += f"/--no-{member.option}"
        kind, metavar = click.BOOL, None
    elif member.choices:
        kind = click.Choice([str(choice) for choice in member.choices])
    return Option(
        names,
        type=kind,
        default=None,
        metavar=metavar,
        multiple=member.many,
        help=_help(member),
        hidden=member.path[-1] in COMPLETED,
        section=FILLED if filled else NEEDED if member.required else OPTIONAL,
    )


def _help(member: Member) -> str:
    said = member.help or _kinds(member) or member.path[-1].replace("_", " ")
    if member.sealed:
        said += "; sealed, so that it can be erased later"
    text = f"{said[:1].upper()}{said[1:]}".rstrip(".") + ("" if said.endswith("…") else ".")
    return f"{text} Repeat for several." if member.many else text


def _kinds(member: Member) -> str:
    if _is_any_party(member):
        return "a school by URN, a body or partnership by its slug"
    return " or ".join(
        _WORDS.get(kind, f"{kind}: its id, or the start of it") for kind in member.named
    )


_WORDS = {
    "school": "a school by URN, present or former",
    "body": "a body by its slug, as northwick",
    "partnership": "a partnership by its slug, as estuary",
    "person": "a person's reference, or the start of it",
    "office": "an office, as head@900001 or officer@northwick",
    "urn": "a URN",
    "key": "a key, as SHA256:…",
    "event": "an event's id, or the start of it",
    "year": "partnership year: its id, or the start of it",
    "obligation": "an obligation, as <event>/attestation",
}


def _is_any_party(member: Member) -> bool:
    return {"school", "body", "partnership"} <= set(member.named)


def _metavar(member: Member) -> str:
    if member.part is not None:
        return part_form(member.part)
    if member.named:
        return "PARTY" if _is_any_party(member) else "|".join(map(str.upper, member.named))
    if member.sealed:
        return "TEXT|@FILE|-"
    if _is_day(member):
        return "DATE"
    if member.type is int:
        return "NUMBER"
    return member.path[-1].upper().replace("_", "-")


def part_form(part: type[BaseModel]) -> str:
    """Return how a part is written on the command line: `AREA=GRADE`, `MEASURE=[BEFORE,]AFTER`."""
    first, *others = members_of(part)
    words = []
    for member in others:
        word = member.option.upper()
        words.append(f"{word},…" if member.many else word if member.required else f"[{word},]")
    return f"{first.option.upper()}={','.join(words).replace(',],', ',]')}"


def _is_day(member: Member) -> bool:
    return getattr(member.type, "__name__", "") == "date"


class _Value(click.ParamType[Any]):
    """A value as people write it, judged by the member's own type where that needs no record."""

    name = "value"

    def __init__(self, member: Member) -> None:
        self._member = member

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        member = self._member
        if not isinstance(value, str):
            return value
        if member.sealed:
            return text_of(value)
        try:
            return scalar(member, value)
        except (click.BadParameter, ValueError) as error:
            said = error.message if isinstance(error, click.BadParameter) else str(error)
            self.fail(said, param, ctx)


def scalar(member: Member, text: str) -> Any:
    """Return the JSON value of what is written for a member; raise ValueError for what is none.

    References are taken as they are: only the record can tell what they name.
    """
    if _is_day(member):
        return day(text)
    if member.part is not None:
        return _part(member.part, text)
    if member.named:
        return text
    annotated: Any = Annotated[(member.type, *member.metadata)]
    adapter: TypeAdapter[Any] = TypeAdapter(annotated)
    faults: list[str] = []
    for form in _forms(member, text):
        try:
            adapter.validate_python(form)
        except ValidationError as error:
            faults.append(_fault(member, text, error))
        else:
            return form
    raise ValueError(faults[0])


def _fault(member: Member, text: str, error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    public = next((item.what for item in member.metadata if isinstance(item, Public)), None)
    if fault["type"] == "string_pattern_mismatch" and public:
        form = _EXAMPLES.get(public)
        how = f"write it as {form}" if form else f"it has the form {fault['ctx']['pattern']}"
        return f"{text!r} is no {public}; {how}"
    return fault["msg"].removeprefix("Value error, ")


#: How to write what a pattern alone would tell to programmers only, by what values are called.
_EXAMPLES = {
    "moment in UTC": "2026-03-02T09:00:00Z",
    "year": "2026-27",
    "LA code": "three digits, as 340",
    "LAESTAB": "340/2001",
    "UKPRN": "eight digits, as 10001234",
    "Companies House number": "eight digits or capital letters, as 07012345",
    "GIAS group UID": "up to six digits, as 2044",
    "GIAS group ID": "TR00123",
    "GIAS type of establishment": "two digits, as 01",
    "listed code": "small letters, digits and hyphens, as harbour-trust",
    "place in history": "SIZE:ROOT, as `school-ledger show EVENT` shows it",
}


def _forms(member: Member, text: str) -> Iterator[Any]:
    """Return a value as written, and as the record writes it: 1 day is 1.0, 5 pounds are 5.00."""
    if member.type is int:
        yield int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text
        return
    yield text
    if getattr(member.type, "__name__", "") == "Decimal" and re.fullmatch(
        r"[0-9]+(\.[0-9])?", text
    ):
        yield text + ("0" if "." in text else ".0")
        yield text + ("0" if "." in text else ".00")


def text_of(value: str) -> str:
    """Return text given as such, or from a file, `@FILE`, or from stdin, `-`.

    Line ends become spaces, for the record holds no control characters; `@@` begins text that
    itself begins with @.
    """
    if value == "-":
        return " ".join(sys.stdin.read().split("\n")).strip()
    if value.startswith("@@"):
        return value[1:]
    if value.startswith("@"):
        return " ".join(read_text(value[1:]).splitlines()).strip()
    return value


def read_text(path: str) -> str:
    """Return the text of a file, or of stdin for `-`; raise LedgerError if it cannot be read."""
    if path == "-":
        return sys.stdin.read()
    try:
        with opened(Path(path)) as file:
            return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"the file {path} is not text", expected="UTF-8", todo="Save it as UTF-8 text."
        ) from error


def _part(part: type[BaseModel], text: str) -> dict[str, Any]:
    """Return a part of a list from `first=second,…`; values go to required members first."""
    first, *others = members_of(part)
    key, equals, rest = text.rpartition("=")
    if not equals:
        raise ValueError(f"{text!r} is not of the form {part_form(part)}")
    if others[-1].many:
        return {first.path[-1]: key, others[-1].path[-1]: rest.split(",")}
    values = rest.split(",")
    wanted = others if len(values) == len(others) else [m for m in others if m.required]
    if len(values) != len(wanted):
        raise ValueError(f"{text!r} is not of the form {part_form(part)}")
    return {
        first.path[-1]: key,
        **{m.path[-1]: scalar(m, value) for m, value in zip(wanted, values, strict=True)},
    }


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
    """Return the members of an event in the order of help: required first."""
    return sorted(members_of(event), key=lambda member: not member.required)
