"""From options to a statement: names looked up, gaps filled, the office found, bytes drafted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import click
import orjson

from cli.record import defaults
from cli.record.model_members import Member, events_members, given, put
from cli.record.model_options import LISTED, has_many_choices, option_of
from cli.record.parsing import scalar, text_of
from cli.record.references import Names
from cli.terminal import asking
from cli.terminal.failures import CommandError
from ledger.domain import decide
from ledger.domain.registers import offices
from ledger.domain.registers.delegations import delegations
from ledger.errors import StatementError
from ledger.events.base import Event
from ledger.format.entry import Entry
from ledger.format.statement import Draft, write_time
from ledger.recording.application import By, Ledger


class Signing(NamedTuple):
    """Who is to sign: the key and the person whose it is, and the office if one was named."""

    key: str
    person: str
    office: str | None


class Asked(NamedTuple):
    """What is to be said: the event, its data as written, the day that it happened, and its id.

    Without an id it gets a fresh one.
    """

    event: type[Event]
    data: dict[str, Any]
    occurred_on: date
    event_id: str | None = None


def drafted(
    ledger: Ledger, connection: sqlite3.Connection, asked: Asked, signing: Signing
) -> Draft:
    """Return the statement of what was asked; raise with all that is missing or not found.

    One way: what only a person can say is asked for, what is named is looked up, what the record
    tells is filled in, and the office is found in which that may be signed.
    """
    data, members = asked.data, events_members(asked.event)
    names = Names(ledger, connection, signing.key)
    missing = [m for m in _missing(members, data) if not defaults.filled(asked.event, m)]
    perhaps = [one for one in missing if defaults.sometimes(asked.event, one.path[0])]
    certain = [one for one in missing if one not in perhaps]
    if asking.interactive() or any(one.named for one in certain):
        # What the record tells of others hangs on whom these name.
        _ask(certain, data)
    names.resolve(members, data, decide.RULES[asked.event.__name__].registers)
    defaults.fill(
        members, data, defaults.Saying(asked.event, ledger, connection, asked.occurred_on)
    )
    told = decide.complete(so_far(ledger, asked), ledger.look) if perhaps else {}
    untold = [one for one in perhaps if one.path[0] not in told]
    _ask([one for one in (*certain, *untold) if given(data, one.path) is None], data)
    office = names.office(signing.office) if signing.office else None
    return _in_office(ledger, asked, signing._replace(office=office))


def so_far(ledger: Ledger, asked: Asked) -> Entry[Any]:
    """Return what is said so far, of which anything may be missing, as if it were recorded now."""
    now = write_time(ledger.clock())
    said = {
        **dict.fromkeys(("id", "signedby", "office", "seen"), ""),
        "type": asked.event.type_name(),
        "time": now,
        "occurredon": asked.occurred_on.isoformat(),
        "source": ledger.origin,
        "data": asked.data,
    }
    return Entry(ledger.head().size + 1, now, "", said)


def _missing(members: Sequence[Member], data: dict[str, Any]) -> list[Member]:
    """Return the members that must be said and are not."""
    return [member for member in members if member.required and given(data, member.path) is None]


def _ask(missing: Sequence[Member], data: dict[str, Any]) -> None:
    """Ask for what is missing on a terminal; elsewhere say all that is missing at once."""
    if missing and not asking.interactive():
        options = ", ".join(f"--{member.option}" for member in missing)
        plural = "s" if len(missing) > 1 else ""
        raise click.UsageError(f"missing option{plural}: {options}.", click.get_current_context())
    for member in missing:
        put(data, member.path, ask_for(member))


def ask_for(member: Member, proposal: Any = None) -> Any:
    """Ask for what a member says, with what is proposed if anything is."""
    option = option_of(member)
    kind = option.type
    prompt = f"{(option.help or member.option).rstrip('.')} (--{member.option})"
    if has_many_choices(member) and not member.many:
        said = prompt.partition(LISTED)[0]
        words = [str(choice) for choice in member.choices]
        return asking.one_of(f"{said} (--{member.option}), by word or number", words, proposal)
    if not member.many:
        return asking.value(prompt, kind, proposal)
    texts = str(asking.value(f"{prompt}, separated by blanks")).split()
    return [scalar(member, text) for text in texts] if not member.sealed else map(text_of, texts)


# -- the office ----------------------------------------------------------------------------------


def _in_office(ledger: Ledger, asked: Asked, signing: Signing) -> Draft:
    """Draft in the office named, else in the only one of the person's that may sign."""
    if signing.office is not None:
        return _draft(ledger, asked, signing.person, signing.office)
    held = offices_of(ledger, signing.person)
    drafts = [_draft(ledger, asked, signing.person, office) for office in held]
    may = [draft for draft in drafts if not _authority_faults(ledger, draft.statement, signing.key)]
    if len(may) == 1:
        return may[0]
    now = current(ledger, signing.person, held)
    if not may and len(now) == 1:
        # Refused when recorded, and the refusal says who may sign.
        return drafts[held.index(now[0])]
    raise _which_office(asked.event.__name__, signing.person, now, bool(may))


def _draft(ledger: Ledger, asked: Asked, person: str, office: str) -> Draft:
    name = asked.event.__name__
    try:
        by = By(person, office)
        return ledger.draft(name, asked.data, by, asked.occurred_on, event=asked.event_id)
    except StatementError as error:
        untold = [m for m in _missing(events_members(asked.event), asked.data) if _lacks(error, m)]
        if untold:
            raise _to_be_said(name, untold, office) from error
        error.todo = error.todo or f"`school-ledger record {name} --help` explains its options."
        raise


def _lacks(error: StatementError, member: Member) -> bool:
    return f"{'.'.join(member.path)}: it is missing" in error.what


def _to_be_said(name: str, untold: Sequence[Member], office: str) -> CommandError:
    """Return the error that nothing tells what may be left out where another office signs."""
    options = [option_of(member) for member in untold]
    wanted = [f"--{m.option}: {one.help}" for m, one in zip(untold, options, strict=True)]
    return CommandError(
        f"{name} leaves out {', '.join(f'--{one.option}' for one in untold)}, and neither what it"
        f" names nor the office that signs, {office}, tells it",
        expected="; ".join(wanted).rstrip("."),
        todo="Say them, or sign in another office of yours with --as OFFICE;"
        f" `school-ledger record {name} --help` explains its options.",
    )


def _which_office(name: str, person: str, held: list[str], several: bool) -> CommandError:  # noqa: FBT001 - a detail of the sentence
    if not held:
        return CommandError(
            f"{person} holds no office today, so cannot sign",
            todo="A registrar records who holds which: `school-ledger record Appointed --help`.",
        )
    what = "several offices of yours may sign" if several else "none of your offices may sign"
    return CommandError(
        f"{what} {name}",
        got=", ".join(held),
        todo="Say which with --as OFFICE." if several else "Ask whose office it is to sign it.",
    )


def offices_of(ledger: Ledger, person: str) -> list[str]:
    """Return every office that a person ever held or was let sign in, in the order recorded."""
    rows = ledger.store.by_tag(person, ("LedgerFounded", "Appointed", "AuthorityDelegated"))
    found: dict[str, None] = {}
    for _, data in rows:
        said = orjson.loads(data)["statement"]
        if said["type"].startswith("LedgerFounded"):
            if any(item["person"] == person for item in said["data"]["registrars"]):
                found["registrar@ledger"] = None
        elif said["data"]["person"] == person:
            found[said["data"]["office"]] = None
    return list(found)


def current(ledger: Ledger, person: str, held: Iterable[str]) -> list[str]:
    """Return the offices, of those, that a person holds, or may sign in, today."""
    return [office for office in held if _holds(ledger, person, office)]


def _holds(ledger: Ledger, person: str, office: str) -> bool:
    tenures, day = ledger.look(offices.office(office)), ledger.today()
    given = (one for one in ledger.look(delegations(office)) if one.person == person)
    return any(offices.held_by(office, tenures, person, day)) or any(
        one.stands(office, ledger.look, day) for one in given
    )


def candidate(ledger: Ledger, statement: bytes, key: str) -> Entry[Any]:
    """Return a statement as the entry that it would be if it were recorded now."""
    now = write_time(ledger.clock())
    entry: Entry[Any] = Entry(ledger.head().size + 1, now, "", orjson.loads(statement))
    entry.take(key, {*entry.tags, key})
    return entry


def key_of(ledger: Ledger, person: str) -> str:
    """Return a key with which a person can sign; else their last one, empty if they have none."""
    held = ledger.look(offices.keys(person))
    return next(
        (one for one in held if offices.is_live(ledger.look, one)), held[-1] if held else ""
    )


def _authority_faults(ledger: Ledger, statement: bytes, key: str) -> list[str]:
    return decide.judge_authority(candidate(ledger, statement, key), ledger.look)


def refusals(ledger: Ledger, statement: bytes, key: str) -> list[str]:
    """Return why a statement would be refused if it were recorded now; none if it would not."""
    return decide.decide(candidate(ledger, statement, key), ledger.look)
