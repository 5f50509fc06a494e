"""Values as people type them, and as the record writes them.

1 day is 1.0 and 5 pounds are 5.00; text is given as such, from a file or from stdin; the parts of a
list are pairs, `safeguarding=met`. What a reference names, only the record can tell.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import click
from pydantic import BaseModel, TypeAdapter, ValidationError

from cli.record.model_members import Member, is_day, members_of
from cli.terminal.failures import CommandError
from cli.terminal.options import day
from ledger.files import read as read_file
from ledger.format.invalid import FORMS, sentence
from ledger.texts import refuse_misgiven
from ledger.values import Public

_LONGEST = 4_000_000


class Value(click.ParamType[Any]):
    """A value as people write it, judged by the member's own type where that needs no record."""

    name = "value"

    def __init__(self, member: Member) -> None:
        self._member = member

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value as the record writes it, or fail with how to write it."""
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
    if is_day(member):
        return day(text)
    if member.part is not None:
        return _part(member.part, text)
    if member.named:
        return text
    # A listed code of a part bears nothing else.
    bare = not member.metadata
    annotated: Any = member.type if bare else Annotated[(member.type, *member.metadata)]
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
    public = next((item.what for item in member.metadata if isinstance(item, Public)), "")
    if public in FORMS and fault["type"] == "string_pattern_mismatch":
        return f"{text!r} is no {public}; write it as {FORMS[public]}"
    said = sentence(fault)
    return f"{text!r} {said.removeprefix('it ')}" if said.startswith("it ") else said


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
        return " ".join(_typed_in().split("\n")).strip()
    if value.startswith("@@"):
        return value[1:]
    if value.startswith("@"):
        return " ".join(read_text(value[1:]).splitlines()).strip()
    return value


def read_text(path: str) -> str:
    """Return the text of a file, or of stdin for `-`; raise LedgerError if it cannot be read."""
    if path == "-":
        return _typed_in()
    try:
        content = read_file(Path(path), _LONGEST)
        refuse_misgiven(content, path)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"the file {path} is not text", expected="UTF-8", todo="Save it as UTF-8 text."
        ) from error


def _typed_in() -> str:
    """Return the text of stdin, which may never end."""
    text = sys.stdin.read(_LONGEST + 1)
    if len(text) > _LONGEST:
        raise CommandError(
            "standard input is too long for what it should be",
            got=f"over {_LONGEST:,} characters",
        )
    refuse_misgiven(text.encode(errors="replace"), "standard input")
    return text


def _part(part: type[BaseModel], text: str) -> dict[str, Any]:
    """Return a part of a list from `first=second,…`; values go to required members first."""
    first, *others = members_of(part)
    if not any(member.required for member in others):
        key, _, rest = text.partition("=")
        values = rest.split(",") if rest else []
        if len(values) > len(others):
            raise ValueError(f"{text!r} is not of the form {part_form(part)}")
        said = {m.path[-1]: scalar(m, one) for m, one in zip(others, values, strict=False) if one}
        return {first.path[-1]: key, **said}
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


def part_form(part: type[BaseModel]) -> str:
    """Return how a part is written on the command line: `AREA=GRADE`, `MEASURE=[BEFORE,]AFTER`."""
    first, *others = members_of(part)
    if not any(member.required for member in others):
        optional = "[,".join(member.option.upper() for member in others)
        return f"{first.option.upper()}[={optional}{']' * len(others)}"
    words = []
    for member in others:
        word = member.option.upper()
        words.append(f"{word},…" if member.many else word if member.required else f"[{word},]")
    return f"{first.option.upper()}={','.join(words).replace(',],', ',]')}"
