"""`record --id`: what was recorded under that id already, so that a script may simply try again."""

from __future__ import annotations

import re
from typing import Any

import click

from cli.record import defaults
from cli.record.drafting import Asked, Signing
from cli.record.model_members import COMPLETED, Member, events_members, given
from cli.record.references import Names
from cli.terminal.failures import CommandError
from ledger.domain import decide
from ledger.errors import NotFoundError
from ledger.format.entry import Entry
from ledger.format.statement import new_id
from ledger.recording.application import Ledger, Recorded, utc_now
from ledger.values import UUID7


def event_id_given(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return the id that an option gave; for its callback. One that is none is answered by one."""
    if value is None or re.fullmatch(UUID7, value.lower()):
        return value and value.lower()
    raise click.BadParameter(
        f"{value!r} is no UUID of version 7. Here is a new one: {new_id(utc_now())}", ctx, param
    )


def recorded_before(
    ledger: Ledger, names: Names, asked: Asked, who: Signing, *, day_given: bool
) -> Recorded | None:
    """Return where an event of the id and content asked for is recorded; None if that is free.

    Raises CommandError where the id is another event's. What the ledger filled in the first time
    is taken as it was: it might tell another thing by now.
    """
    try:
        entry = ledger.find(str(asked.event_id))
    except NotFoundError:
        return None
    differing = [*_envelope(entry, names, asked, who, day_given=day_given)]
    if entry.name == asked.event.__name__:
        differing += _members(ledger, entry, names, asked)
    if differing:
        raise CommandError(
            f"the id {entry.id} is of another event, recorded at position {entry.position}",
            got=f"other content: {', '.join(differing)}",
            todo="Nothing was recorded. Repeat an id only with what was said the first time, and"
            " give another event another id.",
        )
    head = ledger.head()
    return Recorded(entry.position, entry.id, head.size, head.root, again=True)


def _envelope(
    entry: Entry[Any], names: Names, asked: Asked, who: Signing, *, day_given: bool
) -> list[str]:
    """Return what of the event's kind, signer, office and day is not as asked for now."""
    differing = [] if entry.name == asked.event.__name__ else [f"it is {entry.name}"]
    if entry.signedby != who.person:
        differing.append(f"it is signed by {entry.signedby}")
    if who.office and entry.office != names.office(who.office):
        differing.append("--as")
    if day_given and entry.occurred_on != asked.occurred_on:
        differing.append("--occurred-on")
    return differing


def _members(ledger: Ledger, entry: Entry[Any], names: Names, asked: Asked) -> list[str]:
    members, data = events_members(asked.event), asked.data
    names.resolve(members, data, decide.RULES[entry.name].registers)
    texts = {pointer: text for pointer, (_, text) in ledger.store.vault.get(entry.id).items()}
    return [
        f"--{member.option}"
        for member in members
        if not _same(asked, member, given(data, member.path), _said(entry, member, texts))
    ]


def _said(entry: Entry[Any], member: Member, texts: dict[str, str]) -> Any:
    """Return what was recorded of a member, a sealed text opened; one that is erased stays shut."""
    found = given(entry.data, member.path)
    return texts.get(f"/data/{'/'.join(member.path)}", found) if member.sealed else found


def _same(asked: Asked, member: Member, now: Any, then: Any) -> bool:
    if now is None:
        is_told = member.path[0] in COMPLETED or defaults.filled(asked.event, member)
        return then is None or is_told
    if then is None:
        field = asked.event.model_fields[member.path[0]]
        return len(member.path) == 1 and bool(now == field.default)
    return bool(now == then) or (member.sealed and isinstance(then, dict))
