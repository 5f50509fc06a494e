"""`inbox` and `answer`: what waits for my office, and how it is answered without an id."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import click

from cli.record.answering import Answering, lacking
from cli.record.drafting import Asked, Signing, ask_for, current, drafted, offices_of
from cli.record.model_members import events_members, put
from cli.record.model_options import FOR_ANOTHER, form_of, option_of
from cli.record.preview import agree, foreseen
from cli.record.receipt import append, tell
from cli.record.references import SHORTEST, Names
from cli.terminal import asking
from cli.terminal.failures import CommandError
from cli.terminal.formats import write
from cli.terminal.lazy import Choice, Command, Option
from cli.terminal.options import about_the_run, own_output, signing, unasked
from cli.terminal.screen import printable
from cli.terminal.session import Session, public_half
from ledger.decision_model.kinds import Way
from ledger.errors import RefusedError
from ledger.events import CATALOGUE
from ledger.events.base import Event
from ledger.format.statement import Draft
from ledger.recording.application import Ledger, sign
from ledger.values import REGISTRAR, office_party
from projections.reports.inbox import Waiting
from projections.reports.inbox import inbox as report_of
from projections.reports.names import Names as Called
from projections.reports.short_ids import short_id
from projections.reports.vouching import unvouched_now
from projections.tables.views import Moment

_office = click.option(
    "--as",
    "office",
    cls=Option,
    section="Signing",
    metavar="OFFICE",
    help="The office that answers, as head@900001; else each that you hold today.",
)


_OPTION = re.compile(r"--([a-z][a-z.-]*[a-z])")
#: What `answer` has options for, of what an event says.
_OPTIONS = frozenset({"for", "authority"})


class _Desk(NamedTuple):
    """Whose inbox it is: where it is read, their key and person, and the offices."""

    ledger: Ledger
    connection: sqlite3.Connection
    signing: Signing
    offices: list[str]

    def waiting(self, session: Session) -> Waiting:
        """Return what waits between the parties of the offices and others."""
        at = session.moment(self.connection, None, None)
        parties = [office_party(office) for office in self.offices]
        known = list(dict.fromkeys(party for party in parties if party is not None))
        return Waiting(self.connection, self.ledger.store, at, known, self.ledger.look)

    def who(self, session: Session) -> str:
        """Return the offices in words."""
        at = session.moment(self.connection, None, None)
        called = Called(self.connection, self.ledger.store, at)
        return " and ".join(called.office(office) for office in self.offices)


def _desk(
    ledger: Ledger,
    connection: sqlite3.Connection,
    office: str | None,
    key: str | None,
) -> _Desk:
    """Return whose inbox it is: that of an office, else of whoever holds a key."""
    named = None if office is None else Names(ledger, connection).office(office)
    person = ledger.person_of(key) if key is not None else ""
    if named is not None:
        return _Desk(ledger, connection, Signing(key or "", person, named), [named])
    held = current(ledger, person, offices_of(ledger, person))
    if not held:
        raise CommandError(
            f"{person} holds no office today, so nothing waits for their answer",
            todo="A registrar records who holds which: `school-ledger record Appointed --help`.",
        )
    return _Desk(ledger, connection, Signing(key or "", person, None), held)


def _held_by_signer(desk: _Desk) -> None:
    """Refuse to answer from the inbox of an office that the signer does not hold."""
    person, office = desk.signing.person, desk.signing.office
    if office is None or current(desk.ledger, person, [office]):
        return
    held = current(desk.ledger, person, offices_of(desk.ledger, person))
    raise CommandError(
        f"{person} does not hold the office {office} today, so cannot answer in it",
        expected=" or ".join(held) or "an office held today",
        todo="Sign with its holder's key, --key FILE; to record its answer on its authority, say"
        f" --for {office} --authority EVIDENCE.",
    )


def _key(session: Session) -> str:
    """Return the reference of the key to sign with: its secret need not be unlocked."""
    return f"key:{public_half(session.key_path()).public.fingerprint}"


@click.command(
    cls=Command,
    examples=(
        "school-ledger inbox",
        "school-ledger inbox --key keys/elm",
        "school-ledger inbox --as head@900005 --format json",
    ),
)
@_office
@signing
@own_output
@about_the_run
@click.pass_obj
def inbox(session: Session, *, office: str | None, form: str, path: str | None) -> None:
    """Show what waits for an answer of your office, numbered, and what you are waiting for.

    Your offices are those that the holder of your key holds today; --as asks for any other's, as
    of a head without a key. Answer one with `school-ledger answer NUMBER`.
    """
    office = session.office(office)
    key = None if office is not None else _key(session)
    with (
        session.open(read_only=True) as ledger,
        session.views(ledger.store).open() as connection,
    ):
        desk = _desk(ledger, connection, office, key)
        at = session.moment(connection, None, None)
        waiting = desk.waiting(session)
        report = report_of(connection, ledger.store, at, desk.who(session), waiting)
        report = replace(report, notes=[*report.notes, *_to_vouch(desk, at)])
        write(report, form, path, session)


@click.command(
    cls=Command,
    examples=(
        "school-ledger answer 1",
        "school-ledger answer 1 --key keys/elm --yes",
        'school-ledger answer 2 --with VisitDisputed --say days=0.5 --say "wrong=Ended at noon"',
        "school-ledger answer 1 --for head@900002 --authority last",
    ),
)
@click.argument("number", metavar="NUMBER")
@click.option(
    "--with",
    "event",
    cls=Option,
    section="What to say",
    metavar="EVENT",
    help="The event that answers, where there are several; else the usual one.",
)
@click.option(
    "--say",
    "said",
    cls=Option,
    section="What to say",
    metavar="NAME=VALUE",
    multiple=True,
    help="What a member of that event says, as days=1.5. Repeat for several.",
)
@click.option(
    "--for",
    "for_office",
    cls=Option,
    section=FOR_ANOTHER,
    metavar="OFFICE",
    help="The office without a key for which you record its answer; NUMBER is of its inbox.",
)
@click.option(
    "--authority",
    cls=Option,
    section=FOR_ANOTHER,
    metavar="EVIDENCE",
    help="The document by which that office gave the authority to record it.",
)
@_office
@signing
@unasked
@about_the_run
@click.pass_obj
def answer(  # noqa: PLR0913 - these are the options
    session: Session,
    *,
    number: str,
    event: str | None,
    said: tuple[str, ...],
    office: str | None,
    for_office: str | None,
    authority: str | None,
) -> None:
    """Answer what waits under a NUMBER of your inbox.

    Numbers move up once one is answered. A script names what it answers instead: NUMBER may be the
    `obligation` that `school-ledger inbox -f json` tells, or the start of its id and of its slot,
    which answers that or nothing; an offer goes by its `opened_by`.

    What the record tells is filled in, and what the other side said is proposed; on a terminal you
    are asked for the rest, shown what you are about to say, and asked whether that is meant. Then
    it is signed and recorded.
    """
    signer = session.signer()
    key = f"key:{signer.public.fingerprint}"
    office = session.office(office)
    given = {"for_office": for_office, "authority": authority}
    of_any = {name: value for name, value in given.items() if value is not None}
    with session.open() as ledger:
        with session.views(ledger.store).open() as connection:
            desk = _desk(ledger, connection, for_office or office, key)
            if for_office is None:
                _held_by_signer(desk)
            if for_office is not None:
                desk = desk._replace(signing=desk.signing._replace(office=office))
            row = _numbered(desk.waiting(session).mine, number)
            draft = _drafted(session, desk, row, event, said, of_any=of_any)
            told = foreseen(session, ledger, connection, draft)
        agree(session, told.said, warned=told.warned)
        try:
            recorded = append(ledger, sign(draft, signer))
        except RefusedError as error:
            raise _by_saying(error) from error
        tell(session, ledger, recorded)


def _by_saying(error: RefusedError) -> RefusedError:
    """Return a refusal that names members as `answer` takes them: it has no option for each."""
    event = next(one for one in CATALOGUE if one.__name__ == error.event)
    members = {member.option for member in events_members(event)} - _OPTIONS

    def reworded(option: re.Match[str]) -> str:
        return f"`--say {option[1]}=…`" if option[1] in members else option[0]

    return RefusedError(error.event, [_OPTION.sub(reworded, reason) for reason in error.reasons])


def _to_vouch(desk: _Desk, at: Moment) -> list[str]:
    """Tell a registrar how much waits for somebody to vouch for it: that is their work too."""
    if REGISTRAR not in desk.offices:
        return []
    number = len(unvouched_now(desk.connection, desk.ledger.look, at))
    what = "1 key or appointment waits" if number == 1 else f"{number} keys or appointments wait"
    return [f"{what} to be vouched for: `school-ledger vouch`."] if number else []


def _numbered(rows: list[dict[str, Any]], number: str) -> dict[str, Any]:
    """Return what waits under a number, or by the reference of what is owed, which never moves."""
    if number.isdecimal() and number[0] != "0" and int(number) <= len(rows):
        return rows[int(number) - 1]
    exact = [row for row in rows if number == _reference(row)]
    named = exact or [row for row in rows if _begins(_reference(row), number)]
    if len(named) == 1:
        return named[0]
    if named:
        raise CommandError(
            f"{len(named)} that wait for your answer begin so",
            got=number,
            expected=" or ".join(map(_reference, named)),
        )
    raise CommandError(
        "nothing waits for your answer under that number",
        got=number,
        expected=f"1 to {len(rows)}" if rows else "nothing, for nothing waits",
        todo="`school-ledger inbox` lists what waits.",
    )


def _reference(row: dict[str, Any]) -> str:
    """Return what is owed, by its reference; of an offer, which nobody owes an answer, its id."""
    return str(row["obligation"] or row["opened_by"])


def _begins(reference: str, typed: str) -> bool:
    """Whether an id, and the slot behind it, begin as they were typed."""
    event, _, slot = reference.partition("/")
    start, _, begun = typed.partition("/")
    return len(start) >= SHORTEST and event.startswith(start) and slot.startswith(begun)


def _drafted(  # noqa: PLR0913 - as they were asked
    session: Session,
    desk: _Desk,
    row: dict[str, Any],
    event: str | None,
    said: Iterable[str],
    *,
    of_any: dict[str, Any],
) -> Draft:
    ledger, connection = desk.ledger, desk.connection
    answering = Answering(ledger, connection, row, desk.offices)
    elsewhere = answering.elsewhere()
    if elsewhere is not None:
        raise CommandError("this waits until a moderator is found, who is not you", todo=elsewhere)
    asks = asking.interactive() and not session.yes
    if asks:
        click.echo(printable(row["sentence"]), err=True)
    way = _chosen(answering.ways(), event, asks=asks)
    data = {**answering.told(way), **of_any}
    _say(way, data, said)
    for name, value in answering.proposed(way, data).items():
        member = next(one for one in events_members(way.event) if one.path == (name,))
        data[name] = ask_for(member, value) if asks else value
    still = [f"--say {member.option}={form_of(member)}" for member in lacking(way, data)]
    if still and not asking.interactive():
        start = short_id(connection, row["opened_by"])
        raise CommandError(
            f"{way.event.__name__} answers this, and only you can say the rest",
            todo=f"Run this on a terminal, which asks, or add `{' '.join(still)}`;"
            f" `school-ledger record {way.event.__name__} --help` explains each, and"
            f" `school-ledger show {start}` shows what is asked.",
        )
    return drafted(ledger, connection, Asked(way.event, data, ledger.today()), desk.signing)


def _chosen(ways: list[Way], event: str | None, *, asks: bool) -> Way:
    """Return the way to answer: as named, as chosen on a terminal, else the usual one."""
    by_name = {way.event.__name__: way for way in ways}
    if event is None and asks and len(by_name) > 1:
        for name, way in by_name.items():
            click.echo(f"  {name}: {_meaning(way.event)}", err=True)
        event = asking.value("What do you say", Choice(list(by_name)), next(iter(by_name)))
    if event is None and ways:
        return ways[0]
    if event not in by_name:
        raise CommandError(
            "that does not answer it", got=event, expected=" or ".join(by_name) or "nothing"
        )
    return by_name[event]


def _meaning(event: type[Event]) -> str:
    """Return what an event says, by the first sentence of its class."""
    return " ".join((event.__doc__ or "").partition("\n\n")[0].split())


def _say(way: Way, data: dict[str, Any], said: Iterable[str]) -> None:
    """Put into an event's data what options say of its members, a list by saying it again."""
    several: dict[str, list[Any]] = {}
    members = {member.option: member for member in events_members(way.event)}
    for each in said:
        name, equals, text = each.partition("=")
        member = members.get(name.replace("_", "-"))
        if member is None or not equals:
            raise CommandError(
                f"{way.event.__name__} says no such thing",
                got=each,
                expected=" or ".join(f"{option}=…" for option in members),
            )
        try:
            value = option_of(member).type.convert(text, None, None)
        except click.BadParameter as error:
            raise CommandError(f"{name}: {error.message}") from error
        if member.many:
            value = [*several.get(member.option, ()), value]
            several[member.option] = value
        put(data, member.path, value)
