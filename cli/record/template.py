"""A commented file to fill in, for events with more members than anybody types; and reading it.

It is TOML: a member a line, `name = value`, with dots for the members of a part::

    # Visits that each school owes in a full year. A whole number, as 3.
    ground_rules.visits_per_year = ""

What is left empty is left out.
"""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from cli.record import defaults
from cli.record.model_members import COMPLETED, Member, events_members, given, members_of, put
from cli.record.model_options import option_of
from cli.record.parsing import scalar
from cli.terminal.failures import CommandError
from ledger.domain import decide
from ledger.events.base import Event

_WIDTH = 96


def template(event: type[Event], filled_in: Mapping[str, Any] | None = None) -> str:
    """Return the file of an event, empty or with data filled in."""
    blocks = [_head(event)]
    for member in events_members(event):
        value = None if filled_in is None else given(filled_in, member.path)
        if value is not None or (filled_in is None and member.path[-1] not in COMPLETED):
            blocks.append(_block(event, member, value))
    return "\n\n".join(blocks) + "\n"


def _head(event: type[Event]) -> str:
    name = event.__name__
    says = (event.__doc__ or "").partition("\n\n")[0]
    signers = "; or ".join(by.words for by in decide.RULES[name].by)
    return "\n".join(
        (
            *_comment(f"{name}: {says}"),
            *_comment(f"To be signed by {signers}."),
            "#",
            *_comment(
                "Fill in what stands after each =. What is left empty is left out, and a line that"
                " begins with # is not read: take the # away where you want to say it. Then:"
            ),
            f"#   school-ledger record {name} --from FILE",
        )
    )


def _block(event: type[Event], member: Member, value: Any) -> str:
    filled = defaults.filled(event, member)
    empty = "[]" if member.many else '""'
    said = f"{'.'.join(member.path)} = {empty if value is None else _toml(value)}"
    if value is None and (filled or not member.required):
        said = f"# {said}"
    example = given(event.example, member.path)
    shown = [] if example is None else [f"# For example: {_toml(example)}"]
    return "\n".join((*_comment(" ".join(_about(member, filled=filled))), *shown, said))


def _about(member: Member, *, filled: bool) -> Iterator[str]:
    """Go through what is to be known of a member: meaning, form, choices."""
    told = str(option_of(member).help).removesuffix(" Repeat for several.")
    name = member.path[-1].replace("_", " ")
    yield (
        told if member.help or told.casefold().startswith(name) else f"{name.capitalize()}: {told}"
    )
    if member.choices and "one of " not in told:
        yield f"One of {', '.join(map(str, member.choices))}."
    if member.part is not None:
        yield f"Each with {', '.join(_parts(member.part))}."
    if member.type is bool:
        yield "true or false."
    if member.many:
        yield "In brackets, with commas between several."
    if filled:
        yield "(Found by itself where it is left out.)"
    elif not member.required:
        yield "(May be left out.)"


def _parts(part: type[BaseModel]) -> Iterator[str]:
    for member in members_of(part):
        yield ".".join(member.path) + ("" if member.required else " (may be left out)")


def _comment(text: str) -> list[str]:
    return textwrap.wrap(
        " ".join(text.split()),
        _WIDTH,
        initial_indent="# ",
        subsequent_indent="# ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _toml(value: Any) -> str:
    """Return a value as TOML writes it, on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # A string of JSON is one of TOML, but for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


# -- reading it ----------------------------------------------------------------------------------


def read_template(text: str, members: list[Member]) -> dict[str, Any]:
    """Return the data that a filled-in file says; raise ValueError if it cannot be read."""
    said: dict[str, Any] = _without_empty(tomllib.loads(text, parse_float=str))
    for member in members:
        value = given(said, member.path)
        if value is not None:
            put(said, member.path, _written(member, value))
    return said


def _without_empty(value: Any) -> Any:
    """Return what was filled in, dates as the record writes them."""
    if isinstance(value, dict):
        kept = {name: _without_empty(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one not in ("", {}, [])}
    if isinstance(value, list):
        return [one for one in map(_without_empty, value) if one not in ("", {})]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _written(member: Member, value: Any) -> Any:
    """Return a value as the record writes it: 1 day is 1.0, however it was filled in."""
    if member.many:
        if not isinstance(value, list):
            value = [value]
        return [_written_part(member.part, one) if member.part else one for one in value]
    if member.type is bool:
        return {"true": True, "false": False}.get(str(value), value)
    if member.type not in (Decimal, int) or isinstance(value, (bool, dict, list)):
        return value
    try:
        return scalar(member, str(value))
    except ValueError as error:
        raise CommandError(f"{'.'.join(member.path)}: {error}") from error


def _written_part(part: type[BaseModel], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for member in members_of(part):
        said = given(value, member.path)
        if said is not None:
            put(value, member.path, _written(member, said))
    return value
