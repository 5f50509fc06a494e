r"""What an entry of each known event looks like in bytes, as one regular expression.

Whoever verifies a whole record reads every line of it. For events whose model can be written as a
pattern, one match tells that a line is an entry in canonical form but for its signature, that its
statement has the members and values of this format, and that its model reads and writes back
exactly these bytes::

    >>> grammar = grammar_of(b"VisitMade.v1")
    >>> grammar.pattern.fullmatch(line)["office"]
    b'head@school:900001'

A pattern accepts less than the strict reader, never more: text beyond printable ASCII, 29
February, long numbers and the like are left to it, and so is every model in
which anything is not understood here. A pattern is made from the model's own fields, so no event
has to be added here. (Tests hold both sides together: what a pattern can generate the strict
reader takes, and what it takes of altered lines as well.)
"""

from __future__ import annotations

import re
import types
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import Strict, StringConstraints
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ledger import values
from ledger.errors import StatementError
from ledger.events import find
from ledger.events.base import Event
from ledger.format.sshsig import blob_from_raw
from ledger.format.statement import DEEPEST, NAMESPACE
from ledger.values import (
    OFFICE,
    PARTY,
    ROOT,
    SLUG,
    URN,
    UUID7,
    Named,
    Public,
    Reference,
    Sealed,
    Value,
)

__all__ = ["LONGEST_FAST", "SIGNATURE_CHARS", "Grammar", "grammar_of"]

SIGNATURE_CHARS = len(b64encode(blob_from_raw(bytes(32), bytes(64), NAMESPACE)))
"""Of a plain key's signature; that it is base64 is for whoever decodes it to tell."""

LONGEST_FAST = 50_000
"""A longer line is left to the strict reader, which says what is wrong with it."""

# From 1870 to 2199; any month has 28 days, and some have more.
_DAY = (
    r"(?:18[7-9]|19[0-9]|2[01][0-9])[0-9]-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_TIME = rf"{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_THING = rf"[a-z][a-z_]*:{UUID7}"
_PLAIN = r"[ !#-\[\]-~]"
_SLUG_LIMIT = r'(?=[a-z0-9-]{1,64}")'
_SLUGGED = rf"{_SLUG_LIMIT}{SLUG}"
_SEALED = r'\{"sealed":"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"\}'
_MEMBER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TYPE = re.compile(rb"([A-Z][A-Za-z]{0,59})\.v([1-9][0-9]{0,2})")
# Between two members a comma, and none before the closing brace, where any may be left out.
_NEXT = r"(?:,|(?=\}))"
_MOST_DIGITS = 15

#: Annotated values with a validator of their own, by what is written beside their type.
_KNOWN: tuple[tuple[Any, str], ...] = (
    (values.BodyRef, f'"body:{_SLUGGED}"'),
    (values.PartnershipRef, f'"partnership:{_SLUGGED}"'),
    (values.PartyRef, f'"(?:school:{URN}|(?:body|partnership):{_SLUGGED})"'),
    (values.Days, r'"(?:0|[1-9][0-9]{0,5})\.[05]"'),
    (values.Money, r'"(?:0|[1-9][0-9]{0,9})\.[0-9]{2}"'),
    (
        values.Number,
        r'"(?!-0(?:\.0+)?")-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,4})?"',
    ),
    (values.Day, f'"{_DAY}"'),
    (values.Moment, f'"{_TIME}"'),
    (values.Url, r'"https?://[!#-\[\]-~]{1,900}"'),
    (
        Reference,
        rf'"(?=[^"]{{1,200}}")(?:{OFFICE}|{PARTY}|urn:{URN}|{_THING}|{UUID7}/{values.SLOT})"',
    ),
)


class Grammar(NamedTuple):
    """The pattern of a type's entries, and in which of its groups something stands.

    `members` are members of the data that name a party or an office, by name; `sealed` the sealed
    members by pointer. With `deep`, sealed text stands in lists or parts too, without a group.
    """

    pattern: re.Pattern[bytes]
    members: dict[str, int]
    sealed: tuple[tuple[str, int], ...]
    deep: bool


class _NotPlainError(Exception):
    """Something in a model cannot be written as a pattern, or is not understood here."""


@cache
def grammar_of(type_name: bytes) -> Grammar | None:
    """Return the grammar of a type's entries; None where only the strict reader can tell."""
    match = _TYPE.fullmatch(type_name)
    if match is None:
        return None
    try:
        return _grammar(find(match[1].decode(), int(match[2])))
    except (StatementError, _NotPlainError):
        return None


def _grammar(model: type[Event]) -> Grammar:
    if model.as_json is not Event.as_json:
        raise _NotPlainError
    members = _fields(model)
    named = {name: f"d_{name}" for name, field in members.items() if _names_party(field.value)}
    sealed = {name: f"s_{name}" for name, field in members.items() if field.value == _SEALED}
    data = _object(members, {**named, **sealed}, 2)
    pattern = re.compile(_entry(model.type_name(), data).encode("ascii"))
    at = pattern.groupindex
    return Grammar(
        pattern,
        {name: at[group] for name, group in named.items()},
        tuple(sorted((f"/data/{name}", at[group]) for name, group in sealed.items())),
        data.count('"sealed"') > len(sealed),
    )


def _entry(type_name: str, data: str) -> str:
    return (
        rf'\{{"recorded_at":"(?P<recorded_at>{_TIME})",'
        rf'"signature":"(?P<signature>[^"]{{{SIGNATURE_CHARS}}})","statement":'
        rf'(?P<statement>\{{"data":{data},"id":"(?P<id>{UUID7})","occurredon":"(?P<occurredon>{_DAY})"'
        rf',"office":"(?P<office>{OFFICE})","seen":"(?P<seen>(?:0|[1-9][0-9]{{0,15}}):{ROOT})"'
        rf',"signedby":"(?P<signedby>person:{UUID7})"'
        r',"source":"(?P<source>(?=[^"]{1,100}")[a-z0-9.-]+(?:/[a-z0-9._-]+)*)"'
        rf',"specversion":"1\.0","time":"(?P<time>{_TIME})","type":"{re.escape(type_name)}"\}})\}}'
    )


def _names_party(value: str) -> bool:
    return value.startswith(('"(?:school:', '"body:', '"partnership:')) or value in _PARTIES


class _Field(NamedTuple):
    value: str
    required: bool


def _fields(model: type[Value], depth: int = 2) -> dict[str, _Field]:
    if depth > DEEPEST or _has_validators(model):
        raise _NotPlainError
    return {name: _field(name, field, depth) for name, field in model.model_fields.items()}


def _has_validators(model: type[Value]) -> bool:
    own = model.__pydantic_decorators__
    groups = (
        own.validators,
        own.field_validators,
        own.root_validators,
        own.field_serializers,
        own.model_serializers,
        own.model_validators,
        own.computed_fields,
    )
    return any(groups) or model.model_config != Value.model_config


def _field(name: str, field: FieldInfo, depth: int) -> _Field:
    plain_default = field.default in (PydanticUndefined, None, ()) or isinstance(field.default, str)
    renamed = field.alias or field.validation_alias or field.serialization_alias
    if _MEMBER.fullmatch(name) is None or not plain_default or field.default_factory or renamed:
        raise _NotPlainError
    return _Field(
        _value(field.annotation, tuple(field.metadata), field.default, depth), field.is_required()
    )


def _value(annotation: Any, beside: tuple[Any, ...], default: Any, depth: int) -> str:
    """Return the pattern of a value by its type and what is written beside it."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _value(inner, (*more, *beside), default, depth)
    for known, pattern in _KNOWN:
        inner, *marks = get_args(known)
        if annotation is inner and list(beside) == marks and not isinstance(default, str):
            return pattern
    if get_origin(annotation) in (Union, types.UnionType):
        return _optional(annotation, beside, default, depth)
    constraints = list(_constraints(beside))
    for makes, maker in _MAKERS:
        if makes(annotation):
            return maker(annotation, constraints, default, depth)
    raise _NotPlainError


def _optional(annotation: Any, beside: tuple[Any, ...], default: Any, depth: int) -> str:
    inner = [one for one in get_args(annotation) if one is not type(None)]
    if len(inner) != 1 or list(_constraints(beside)):
        raise _NotPlainError
    return _value(inner[0], (), default, depth)


def _constraints(beside: Iterable[Any]) -> Iterable[Any]:
    """Flatten what is written beside a type, leaving out what only marks it."""
    for one in beside:
        if isinstance(one, FieldInfo):
            yield from _constraints(one.metadata)
        elif not isinstance(one, (Named, Public, Strict)):
            yield one


def _is_bound(one: Any, name: str) -> bool:
    """Whether this bounds a value so, and in no other way (annotated-types)."""
    return [field.name for field in fields(one)] == [name] if is_dataclass(one) else False


def _literal(annotation: Any, constraints: list[Any], default: Any, _depth: int) -> str:
    said = [one for one in get_args(annotation) if one != default]
    if constraints or not said:
        raise _NotPlainError
    if all(type(one) is int for one in said):
        return f"(?:{'|'.join(map(str, said))})"
    if not all(isinstance(one, str) and re.fullmatch(f"{_PLAIN}+", one) for one in said):
        raise _NotPlainError
    return f'"(?:{"|".join(map(re.escape, said))})"'


def _integer(_annotation: Any, constraints: list[Any], default: Any, _depth: int) -> str:
    low, high = None, 10**_MOST_DIGITS
    for one in constraints:
        if _is_bound(one, "ge"):
            low = one.ge
        elif _is_bound(one, "le"):
            high = one.le
        else:
            raise _NotPlainError
    digits = len(str(high)) - 1
    if low not in (0, 1) or digits < 1 or default not in (PydanticUndefined, None):
        raise _NotPlainError
    return ("(?:0|{})" if low == 0 else "{}").format(rf"[1-9][0-9]{{0,{digits - 1}}}")


def _string(_annotation: Any, constraints: list[Any], default: Any, _depth: int) -> str:
    if isinstance(default, str) or not all(isinstance(c, StringConstraints) for c in constraints):
        raise _NotPlainError
    pattern, low, high = None, 0, LONGEST_FAST
    for one in constraints:
        if one != StringConstraints(
            pattern=one.pattern, min_length=one.min_length, max_length=one.max_length
        ):
            raise _NotPlainError
        pattern = one.pattern or pattern
        low, high = max(low, one.min_length or 0), min(high, one.max_length or high)
    if len([one for one in constraints if one.pattern]) > 1:
        raise _NotPlainError
    if pattern is None:
        # What is blank is for the strict reader, which knows whether it may be recorded.
        return f'"(?! *"){_PLAIN}{{{low},{high}}}"'
    limit = "" if (low, high) == (0, LONGEST_FAST) else rf'(?=[^"]{{{low},{high}}}")'
    return f'"{limit}(?:{_whole(pattern)})"'


def _whole(pattern: str | re.Pattern[str]) -> str:
    """Return what a pattern for a whole string matches, if it can match no quote or backslash."""
    text = pattern if isinstance(pattern, str) else pattern.pattern
    inner = text[1:-1]
    if not text.startswith("^") or not text.endswith("$") or text.endswith(r"\$"):
        raise _NotPlainError
    # Classes by themselves, then what is left: letters, and marks that repeat or group.
    for one in re.findall(r"\[[^\]]*\]", inner):
        if one.startswith("[^") or "\\" in one or re.search(one, '"\\'):
            raise _NotPlainError
    rest = re.sub(r"\[[^\]]*\]", "", inner).replace(r"\.", "")
    if not re.fullmatch(r"(?:[A-Za-z0-9_:@/ =|*+?(){},-]|\(\?:)*", rest):
        raise _NotPlainError
    return inner


def _list(annotation: Any, constraints: list[Any], default: Any, depth: int) -> str:
    item, *more = get_args(annotation)
    if more != [Ellipsis] or depth + 1 > DEEPEST:
        raise _NotPlainError
    low, high = 1, ""
    for one in constraints:
        if _is_bound(one, "min_length"):
            low = max(1, one.min_length)
        elif _is_bound(one, "max_length"):
            high = str(one.max_length - 1)
        else:
            raise _NotPlainError
    inner = _value(item, (), PydanticUndefined, depth + 1)
    del default  # always (): an empty list is left to the strict reader
    return rf"\[{inner}(?:,{inner}){{{low - 1},{high}}}\]"


def _part(annotation: Any, constraints: list[Any], default: Any, depth: int) -> str:
    if constraints or isinstance(default, str):
        raise _NotPlainError
    if annotation is Sealed:
        return _SEALED
    return _object(_fields(annotation, depth + 1), {}, depth + 1)


def _object(members: dict[str, _Field], groups: dict[str, str], depth: int) -> str:
    if depth > DEEPEST:
        raise _NotPlainError
    names = sorted(members)
    last = max((at for at, name in enumerate(names) if members[name].required), default=None)
    written = []
    for at, name in enumerate(names):
        value, required = members[name]
        if name in groups:
            value = _captured(value, groups[name])
        member = f'"{name}":{value}'
        if last is None:
            written.append(f"(?:{member}{_NEXT})?")
        elif at > last:
            written.append(f"(?:,{member})?")
        elif at == last:
            written.append(member)
        else:
            # A comma for certain: the last member that must be there is still to come.
            written.append(f"{member}," if required else f"(?:{member},)?")
    return r"\{" + "".join(written) + (r"(?<!,)\}" if last is None else r"\}")


def _captured(value: str, group: str) -> str:
    """Put what stands between the quotes, the last ones of the value, into a group."""
    start, end = (value.rindex(':"') + 2, -3) if value == _SEALED else (1, -1)
    return f"{value[:start]}(?P<{group}>{value[start:end]}){value[end:]}"


def _is(kind: Any) -> Callable[[Any], bool]:
    return lambda annotation: annotation is kind


_Maker = Callable[[Any, list[Any], Any, int], str]
_MAKERS: tuple[tuple[Callable[[Any], bool], _Maker], ...] = (
    (_is(str), _string),
    (_is(int), _integer),
    (lambda annotation: get_origin(annotation) is Literal, _literal),
    (lambda annotation: get_origin(annotation) is tuple, _list),
    (lambda annotation: isinstance(annotation, type) and issubclass(annotation, Value), _part),
)
_PARTIES = frozenset(
    f'"(?:{_whole(pattern)})"'
    for pattern in (rf"^school:{URN}$", f"^{OFFICE}$", f"^person:{UUID7}$")
)
