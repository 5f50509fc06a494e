"""`enrol`: a newcomer's person, key and office in one previewed go, from what they sent."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import click

from cli.record.drafting import Asked, Signing, drafted
from cli.record.parsing import read_text
from cli.record.preview import agree, in_words, warned_of
from cli.record.receipt import append
from cli.record.references import Names
from cli.terminal.failures import REFUSED, CommandError, say
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, signing, unasked
from cli.terminal.parties import party_named
from cli.terminal.screen import printable
from cli.terminal.session import Session
from ledger.domain.registers import offices
from ledger.errors import LedgerError, RefusedError
from ledger.events.registers import Appointed, KeyEnrolled, PersonEnrolled
from ledger.format.statement import Draft
from ledger.keys import Signer
from ledger.recording.application import Ledger, sign
from projections.reports.names import Names as Called
from projections.tables.spelling import folded
from projections.tables.views import moment

_KEY = ("person", "key", "public_key", "proof")
_MEMBERS = (*_KEY, "name", "office", "basis", "effective_on")


class _Newcomer(NamedTuple):
    """What a newcomer sent, and what of it is still to be recorded."""

    person: str
    name: str
    office: str
    drafts: list[Draft]
    says: list[str]


#: What of a newcomer an event records, apart from their office.
_RECORDED = {PersonEnrolled.__name__: "their name", KeyEnrolled.__name__: "their key"}


@click.command(
    cls=Command,
    examples=(
        "school-ledger enrol me.json",
        "school-ledger enrol elm.json fern.json --yes",
        "school-ledger enrol lime.json --succeeds 'Mx Elm'",
    ),
)
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--succeeds",
    metavar="PERSON",
    help="Whom the newcomer succeeds, where somebody holds the office that they come to.",
)
@signing
@unasked
@about_the_run
@click.pass_obj
def enrol(session: Session, *, files: tuple[str, ...], succeeds: str | None) -> int:
    """Enrol people with what they sent: who they are, the key that they hold, and their office.

    Each ME.JSON is what `school-ledger key prove KEY --name NAME --office OFFICE -o ME.JSON`
    wrote. All that is to be said is shown first. Whoever is refused holds nobody else up, and is
    named with what is recorded of them. Run it again where it was stopped: what is recorded
    already is not recorded twice. Then somebody else vouches: `school-ledger vouch`.
    """
    signer = session.signer()
    key = f"key:{signer.public.fingerprint}"
    with session.open() as ledger:
        who = Signing(key, ledger.person_of(key), session.office(None))
        with session.views(ledger.store).open() as connection:
            sent = [_sent(file) for file in files]
            if succeeds is not None:
                before = party_named(connection, ledger.store, succeeds, ("person",))
                sent = [one | {"succeeds": before} for one in sent]
            found, unclear = _newcomers(ledger, connection, sent, who)
            said = [
                in_words(session, ledger, connection, *one.drafts) for one in found if one.drafts
            ]
            drafts = [draft for one in found for draft in one.drafts]
            warned = [line for one in drafts for line in warned_of(ledger, connection, one)]
        if said:
            twice = map(printable, _twice(found))
            agree(session, said, "Sign and record all of it?", [*warned, *twice])
        enrolled, refused = _record_all(session, ledger, signer, found)
        refused = [*unclear, *refused]
        session.done = None if refused else " ".join(enrolled)
        for line in enrolled:
            click.echo(printable(line))
    for line in refused:
        say(f"Error: {line}")
    if refused:
        session.remark("Next: run it again once that is put right; nothing is recorded twice.")
        return REFUSED
    session.remark("Next, by somebody else who knows them: school-ledger vouch")
    return 0


def _record_all(
    session: Session, ledger: Ledger, signer: Signer, found: Sequence[_Newcomer]
) -> tuple[list[str], list[str]]:
    """Record what is to be said of each, whoever is refused; return who is enrolled, and who not.

    Whatever else stops it half way, everybody is told of first.
    """
    enrolled: list[str] = []
    refused: list[str] = []
    try:
        for one in found:
            fault = _record(session, ledger, signer, one)
            how = "is enrolled" if one.drafts else "was enrolled already"
            if fault is None:
                enrolled.append(f"{one.name} {how}: {one.office}.")
            else:
                refused.append(fault)
    except BaseException:
        for line in (*enrolled, *refused):
            say(line)
        for one in found[len(enrolled) + len(refused) :]:
            say(f"{one.name} is not enrolled, or only in part: run it again.")
        raise
    return enrolled, refused


def _record(session: Session, ledger: Ledger, signer: Signer, one: _Newcomer) -> str | None:
    """Record what is to be said of one; return what is not recorded, and why, if that is refused.

    What was drafted for others may have changed what stands.
    """
    for number, draft in enumerate(one.drafts):
        try:
            append(ledger, sign(draft, signer))
        except RefusedError as error:
            session.put_in_words(error, ledger.store)
            lacking = "enrolled" if one.says[number] in _RECORDED else one.office
            kept = " and ".join(_RECORDED[what] for what in one.says[:number])
            stays = f" ({kept} recorded)" if kept else ""
            return f"{one.name} is not {lacking}{stays}: {error}"
    return None


def _twice(found: Iterable[_Newcomer]) -> Iterator[str]:
    """Say which name several people have who are to be enrolled at once."""
    names = {one.person: one.name for one in found if one.drafts}
    counted = Counter(map(folded, names.values()))
    for name in dict.fromkeys(name for name in names.values() if counted[folded(name)] > 1):
        yield f"Warning: {name} is the name of several people here; nobody is enrolled twice."


def _sent(file: str) -> dict[str, str]:
    """Return what a newcomer sent; raise CommandError for anything else."""
    wanted = "what `school-ledger key prove KEY --name NAME --office OFFICE -o ME.JSON` writes"
    try:
        said = json.loads(read_text(file))
    except ValueError as error:
        raise CommandError(f"{file} is not JSON: {error}", expected=wanted) from error
    lacking = [name for name in _MEMBERS[:6] if not isinstance(said, dict) or name not in said]
    if lacking:
        raise CommandError(f"{file} does not say {', '.join(lacking)}", expected=wanted)
    strange = sorted({*said} - {*_MEMBERS})
    if strange or not all(isinstance(value, str) for value in said.values()):
        raise CommandError(
            f"{file} is not what it should be", got=", ".join(strange) or None, expected=wanted
        )
    return dict(said)


def _newcomers(
    ledger: Ledger, connection: sqlite3.Connection, sent: Sequence[dict[str, str]], who: Signing
) -> tuple[list[_Newcomer], list[str]]:
    """Return what is to be recorded of each, and of whom nothing can be, with the reason.

    Raise LedgerError where nothing can be of a newcomer who comes alone.
    """
    found: list[_Newcomer] = []
    unclear: list[str] = []
    for one in sent:
        try:
            found.append(_newcomer(ledger, connection, one, who))
        except LedgerError as error:
            if len(sent) == 1:
                raise
            unclear.append(f"{one['name']} is not enrolled: {error}")
    return found, unclear


def _newcomer(
    ledger: Ledger, connection: sqlite3.Connection, sent: dict[str, str], who: Signing
) -> _Newcomer:
    office = Names(ledger, connection).office(sent["office"])
    today = ledger.today()
    called = Called(connection, ledger.store, moment(connection))
    known = called.person(sent["person"])
    if known not in (sent["person"], sent["name"]):
        raise CommandError(
            f"{sent['person']} is enrolled already, as {known}",
            got=sent["name"],
            todo="`school-ledger key prove KEY --person` proves a further key of theirs.",
        )
    asked = [Asked(event, data, today) for event, data in _to_say(ledger, sent, office)]
    drafts = [drafted(ledger, connection, one, who) for one in asked]
    says = [one.event.__name__ for one in asked]
    return _Newcomer(sent["person"], sent["name"], called.office(office), drafts, says)


def _to_say(
    ledger: Ledger, sent: dict[str, str], office: str
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Go through what of it the record does not hold yet."""
    person, day = sent["person"], sent.get("effective_on") or ledger.today().isoformat()
    if not ledger.look(offices.named(person)):
        yield PersonEnrolled, {"person": person, "name": sent["name"]}
    if ledger.look(offices.key(sent["key"])) is None:
        yield KeyEnrolled, {name: sent[name] for name in _KEY}
    if not any(ledger.look(offices.office(office)).of(person)):
        basis = sent.get("basis", "substantive")
        said = {"person": person, "office": office, "basis": basis, "effective_on": day}
        yield Appointed, said | {name: sent[name] for name in ("succeeds",) if name in sent}
