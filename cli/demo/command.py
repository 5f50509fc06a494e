"""`demo`: a fictional partnership recorded for real, then the questions asked of it."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import click

from cli.terminal.failures import CommandError
from cli.terminal.lazy import Command, Option
from cli.terminal.options import about_the_run
from cli.terminal.screen import flush
from cli.terminal.session import Session

_SETTINGS = """\
# Paths are relative to this file, so the folder can be moved.
ledger = "demo.db"
key = "keys/registrar"
as = "registrar@ledger"
# The story ends in September 2026; record on, although nothing was recorded since.
clock_confirmed = true
"""
_CARD = "trust-card.txt"
_KNOWN_EARLIER = "2025-07-31"


class Question(NamedTuple):
    """A question of the demo: in words, and the command that asks it."""

    words: str
    command: str


_QUESTIONS = (
    Question("Who owes what to whom, now?", "owes"),
    Question(
        "What was overdue at the end of 2025, as it was known then?",
        "owes --overdue --as-of 2025-12-31 --known-at 2025-12-31",
    ),
    Question("What happened at Cedar Bank, which became an academy?", "history 900003"),
    Question(
        "And what was known of it a year earlier?", f"history 900103 --known-at {_KNOWN_EARLIER}"
    ),
)


@click.command(
    cls=Command,
    examples=("school-ledger demo", "school-ledger demo --dir d --seed 7"),
)
@click.option(
    "--dir",
    "folder",
    cls=Option,
    metavar="DIR",
    default="school-ledger-demo",
    show_default=True,
    help="A new folder for the ledger, its trust card, keys and settings.",
)
@click.option(
    "--seed",
    cls=Option,
    type=int,
    default=1,
    show_default=True,
    help="The same seed gives the same events, but for keys.",
)
@about_the_run
@click.pass_obj
def demo(session: Session, folder: str, seed: int) -> None:
    """Record two years of a fictional partnership, and ask who owes what to whom.

    Ten schools of Northwick, which does not exist, visit and support each other from September
    2024 to July 2026, and six begin a third year. A need is disputed and met from outside, a head
    holds no key, a school leaves special measures, money is sent back, a school closes. Two schools
    become one, and their partnership ends with money left and nobody to stand in. Five bodies set
    one school targets, two of which cannot both be met; a judgement is challenged and moderated;
    one result is claimed by three; the county next door is split in two. Every event is signed with
    a real key and recorded as any other would be. Then the questions are asked, each with its
    command.
    """
    place = Path(folder)
    _refuse_taken(place)
    _record(place, seed, session)
    for question in _QUESTIONS:
        _ask(question, place / "demo.db", session)
    click.echo(_farewell(place))


def _refuse_taken(place: Path) -> None:
    """Refuse a place at which something is that the demo would stand among."""
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return
    raise CommandError(
        f"{_called(place)} holds other files" if place.is_dir() else f"{place} is a file",
        expected="a folder that is new or empty",
        todo="Name one: `school-ledger demo --dir NAME`.",
    )


def _called(place: Path) -> str:
    return "the current folder" if _is_current(place) else f"the folder {place}"


def _is_current(place: Path) -> bool:
    return place.resolve() == Path.cwd()


def _record(place: Path, seed: int, session: Session) -> None:
    from cli.demo.tell import tell  # noqa: PLC0415 - loads the vocabulary, only here
    from ledger.transparency.proofs import trust_card  # noqa: PLC0415 - as above

    was_there = place.exists()
    try:
        (place / "keys").mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise CommandError(
            f"the folder {place} cannot be made",
            got=error.strerror,
            todo="Name another with --dir, where you may write.",
        ) from error
    try:
        with tell(place, seed, lambda chapter: session.remark(f"  {chapter}.")) as ledger:
            head = ledger.head()
            (place / _CARD).write_text(trust_card(ledger).text())
        (place / "school-ledger.toml").write_text(_SETTINGS)
    except BaseException:
        _clear(place)
        if not was_there:
            place.rmdir()
        raise
    session.done = f"The ledger {place}/demo.db is recorded."
    click.echo(f"{place}/demo.db: {head.size} signed events, root {head.root.hex()}\n")


def _clear(place: Path) -> None:
    for each in place.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def _ask(question: Question, ledger: Path, session: Session) -> None:
    from cli.main import main  # noqa: PLC0415 - it lists this module

    click.echo(f"{question.words}\n\n$ school-ledger --ledger {ledger} {question.command}\n")
    flush()
    asked = Session(session.clock)
    asked.ledger, asked.quiet = str(ledger), True
    main.main(question.command.split(), prog_name="school-ledger", standalone_mode=False, obj=asked)
    click.echo()


def _farewell(place: Path) -> str:
    current = _is_current(place)
    where = f"All of this is in {_called(place)}, with everybody's keys."
    lines = (
        where if current else f"{where} Work in that folder:",
        "",
        *(() if current else (f"$ cd {shlex.quote(str(place))}",)),
        "$ school-ledger check",
        '$ school-ledger find "cedar bank"',
        "$ school-ledger show 900003",
        "$ school-ledger inbox --key keys/elm",
        "$ school-ledger answer 1 --key keys/elm",
        "",
    )
    return "\n".join(lines)
