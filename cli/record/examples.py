"""The example of an event as somebody would type it, from the example on its class.

::

    >>> example_of(SupportAgreed)
    '--offer 0193a1b2 --starts 2024-10-07 --ends 2025-03-31 --days 6.0'
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from cli.record import defaults
from cli.record.model_members import COMPLETED, Member, events_members, given, members_of
from ledger.events.base import Event
from ledger.values import REGISTRAR

_FROM_A_FILE = "--from event.json"
_LONGEST = 80
_MOST = 12
_ID_SHOWN = 8


def example_of(event: type[Event]) -> str:
    """Return the options of an event's example, but for what is found by itself.

    Text and parts that may be left out are, and of very many options all that may. What is too much
    to be typed even so is given from a file.
    """
    said = list(_options(event))
    if len(said) > _MOST:
        said = list(_options(event, needed=True))
    too_much = len(said) > _MOST or any(len(value) > _LONGEST for _, value in said)
    return (
        _FROM_A_FILE if too_much else " ".join(f"{name} {value}".rstrip() for name, value in said)
    )


def _options(event: type[Event], *, needed: bool = False) -> Iterator[tuple[str, str]]:
    for member in events_members(event):
        value = given(event.example, member.path)
        untold = member.sealed and not _is_denied(event)
        aside = not member.required and (needed or untold or len(member.path) > 1)
        if value is None or aside or member.path[-1] in COMPLETED:
            continue
        if not defaults.filled(event, member):
            yield from _typed(member, value)


def _is_denied(event: type[Event]) -> bool:
    """Return whether an event's example says no to something, which it then says why."""
    member, denied = event.denies or ("", "")
    return bool(denied) and event.example.get(member) == denied


def _typed(member: Member, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield f"--{'' if value else 'no-'}{member.option}", ""
        return
    for one in value if isinstance(value, list) else [value]:
        text = _part(member, one) if isinstance(one, Mapping) else _short(member, one)
        yield f"--{member.option}", shlex.quote(text)


def _short(member: Member, value: Any) -> str:
    """Return a value as people write it: a URN, a slug, the first characters of an id."""
    text = str(value)
    if not member.named:
        return text
    if "@" in text:
        return text if text == REGISTRAR else text.replace("school:", "").replace("body:", "")
    if ":" not in text:
        event, slash, slot = text.partition("/")
        return f"{event[:_ID_SHOWN]}{slash}{slot}"
    kind, _, key = text.partition(":")
    is_id = kind not in ("school", "body", "partnership", "urn", "key")
    return key[:_ID_SHOWN] if is_id else key


def _part(member: Member, value: Mapping[str, Any]) -> str:
    """Return a part of a list as its pairs are written: `reading=secure`."""
    assert member.part is not None  # noqa: S101 - only parts are objects
    first, *others = members_of(member.part)
    values = [given(value, other.path) for other in others]
    words = [",".join(one) if isinstance(one, list) else str(one) for one in values if one]
    return f"{value[first.path[-1]]}={','.join(words)}"
