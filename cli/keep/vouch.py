"""`vouch`: whose keys and appointments wait for somebody else to say that they are true."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import click

from cli.record.drafting import Signing, candidate, current, offices_of
from cli.record.receipt import append
from cli.record.references import Names as Typed
from cli.terminal import asking
from cli.terminal.lazy import Command
from cli.terminal.options import about_the_run, signing, unasked
from cli.terminal.parties import party_named
from cli.terminal.screen import printable
from cli.terminal.session import Session
from ledger.domain import decide
from ledger.format.statement import Draft
from ledger.keys import Signer
from ledger.recording.application import By, Ledger, sign
from projections.reports.names import Names
from projections.reports.vouching import Waits, unvouched_now


class _Vouching(NamedTuple):
    """Something that waits, and the statement by which the signer may vouch for it."""

    waits: Waits
    sentence: str
    draft: Draft | None


@click.command(
    cls=Command,
    examples=(
        "school-ledger vouch",
        'school-ledger vouch "Mx Elm" --key keys/deputy',
        "school-ledger vouch --key keys/deputy --yes",
    ),
)
@click.argument("people", metavar="[PERSON]...", nargs=-1)
@click.option("--as", "office", metavar="OFFICE", help="The office to vouch in; else any of yours.")
@signing
@unasked
@about_the_run
@click.pass_obj
def vouch(session: Session, *, people: tuple[str, ...], office: str | None) -> None:
    """List the keys and appointments that wait for somebody else to vouch for them, and vouch.

    Vouch only for what you know yourself: that this person holds that key, and was appointed. A
    PERSON is named by name or reference; without one you are asked about each on a terminal, and
    elsewhere they are listed only. `--yes` vouches without asking, for all that are listed.
    """
    signer = session.signer()
    key = f"key:{signer.public.fingerprint}"
    with session.open() as ledger:
        with session.views(ledger.store).open() as connection:
            found = _waiting(session, ledger, connection, key, office)
            chosen = _of(ledger, connection, found, people)
        mine = [one for one in chosen if one.draft is not None]
        _tell_of_others(session, len(chosen) - len(mine))
        if not chosen:
            click.echo("Nothing waits to be vouched for.")
        if not people and not session.yes and not asking.interactive():
            _list(session, mine)
            return
        for one in mine:
            session.done = None  # of several, what is done before is not all that was asked for
            _vouch(session, ledger, one, signer)


def _waiting(
    session: Session, ledger: Ledger, connection: sqlite3.Connection, key: str, office: str | None
) -> list[_Vouching]:
    at = session.moment(connection, None, None)
    names = Names(connection, ledger.store, at)
    given = session.office(office)
    person = ledger.person_of(key)
    who = Signing(key, person, Typed(ledger, connection).office(given) if given else None)
    held = [who.office] if who.office else current(ledger, person, offices_of(ledger, person))
    return [
        _Vouching(waits, _sentence(ledger, names, waits), _draft(ledger, waits, who, held))
        for waits in unvouched_now(connection, ledger.look, at)
    ]


def _draft(ledger: Ledger, waits: Waits, who: Signing, held: Sequence[str]) -> Draft | None:
    """Return the statement that vouches, in the first office that may; None if none may."""
    for office in held:
        said = {"subject": waits.subject}
        draft = ledger.draft("Vouched", said, By(who.person, office), ledger.today())
        if not decide.judge_authority(candidate(ledger, draft.statement, who.key), ledger.look):
            return draft
    return None


def _sentence(ledger: Ledger, names: Names, waits: Waits) -> str:
    """Return what waits in words: whose key or appointment, and who recorded it when."""
    entry = ledger.find(waits.subject.partition(":")[2])
    by = f"recorded by {names.person(entry.signedby)} on {entry.recorded_on}"
    if entry.name == "Appointed":
        office = names.office(entry.data["office"])
        return f"{names.person(waits.person)} is {office} from {entry.data['effective_on']} ({by})"
    if entry.name == "KeyEnrolled":
        key = entry.data["key"].removeprefix("key:")
        return f"{names.person(waits.person)} holds the key {key} ({by})"
    return f"the log's key was changed ({by})"


def _of(
    ledger: Ledger, connection: sqlite3.Connection, found: list[_Vouching], people: Sequence[str]
) -> list[_Vouching]:
    """Return what waits of the people named, of all if nobody is."""
    named = {party_named(connection, ledger.store, text, ("person",)) for text in people}
    return [one for one in found if not named or one.waits.person in named]


def _tell_of_others(session: Session, number: int) -> None:
    if number:
        session.remark(
            f"{number} more must be vouched for by somebody else: nobody vouches for themselves or"
            " for what they recorded, and who vouches is vouched for."
        )


def _list(session: Session, mine: Sequence[_Vouching]) -> None:
    for one in mine:
        click.echo(printable(one.sentence))
    if mine:
        session.remark(
            "Next, for what you know yourself: school-ledger vouch NAME; or --yes for all of it."
        )


def _vouch(session: Session, ledger: Ledger, one: _Vouching, signer: Signer) -> None:
    """Vouch for one thing, on a terminal after asking."""
    asks = asking.interactive() and not session.yes
    if asks and not asking.confirm(f"Do you know yourself that {one.sentence}?"):
        return
    if one.draft is not None:
        recorded = append(ledger, sign(one.draft, signer))
        session.done = f"Vouched for, at position {recorded.position}: {one.sentence}."
        click.echo(printable(session.done))
