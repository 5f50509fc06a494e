"""What exporting a bundle and a pack share: whom it is of, what is shown, and who signs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from cli.log.command import KEY_OPTION, keeper_of, sign_head
from cli.terminal import streams
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Choice, Option
from cli.terminal.options import signing
from cli.terminal.places import Kind, claimed
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.bundle import Export, Signing
    from ledger.bundle.manifest import Selection
    from ledger.recording.application import By, Ledger

F = TypeVar("F", bound=Callable[..., Any])
WHICH = "Which part; else the whole record"


class Exporting(NamedTuple):
    """What is exported, of which ledger, and who signs it."""

    ledger: Ledger
    export: Export
    signing: Signing


def which_party(function: F) -> F:
    """Add --school, --partnership, --body and --person."""
    options = (
        click.option(
            "--school",
            cls=Option,
            section=WHICH,
            metavar="URN",
            help="What concerns this school, by any URN that it ever had.",
        ),
        click.option(
            "--partnership",
            cls=Option,
            section=WHICH,
            metavar="SLUG",
            help="What concerns this partnership: its years, and its members while they belong"
            " to it.",
        ),
        click.option(
            "--body",
            cls=Option,
            section=WHICH,
            metavar="SLUG",
            help="What concerns this authority, trust or other body.",
        ),
        click.option(
            "--person",
            cls=Option,
            section=WHICH,
            metavar="PERSON",
            help="What names or was signed by them.",
        ),
    )
    return _with(options, function)


def how_exported(function: F) -> F:
    """Add --text, --held, --checkpoint, --as, --log-key, and what signing asks."""
    options = (
        click.option(
            "--text",
            type=Choice(["none", "without-contacts", "all"]),
            default="none",
            help="Which sealed text to show; what is withheld is listed. [default: none]",
        ),
        click.option(
            "--held",
            metavar="FILE",
            help="A checkpoint that the receiver holds: prove that the record goes on from it.",
        ),
        click.option(
            "--checkpoint",
            metavar="FILE",
            help="Export up to this one; else sign a new one.",
        ),
        click.option(
            "--as",
            "office",
            cls=Option,
            section="Signing",
            metavar="OFFICE",
            help="The office to sign in, as head@900001; else the first that is yours today.",
        ),
        KEY_OPTION,
        signing,
    )
    return _with(options, function)


def _with(options: tuple[Callable[[F], F], ...], function: F) -> F:
    for decorate in reversed(options):
        function = decorate(function)
    return function


def party_of(session: Session, given: Mapping[str, str | None]) -> str | None:
    """Return the reference of the only party that an option names, by the option's kind."""
    named = {kind: text for kind, text in given.items() if text is not None}
    if len(named) > 1:
        options = " and ".join(f"--{kind}" for kind in named)
        raise click.UsageError(f"{options}: choose one.", click.get_current_context())
    return next((_party(session, text, kind) for kind, text in named.items()), None)


def extent(kind: str, entries: int, size: int) -> str:
    """Say how much of a record a bundle holds."""
    if kind != "part":
        return f"the whole record, {entries:,} entries"
    if entries == size:
        return f"a part of the record, which is all of its {size:,} entries"
    return f"a part of the record, {entries:,} of its {size:,} entries"


def zip_file(path: str, what: str) -> Path:
    """Return where a bundle or a pack is to be written, before anything is done for it."""
    if path == "-":
        raise click.UsageError(f"--output: {what} goes to a file.", click.get_current_context())
    return claimed(path, kind=Kind(what, (".zip",)))


@contextmanager
def exporting(
    session: Session, selection: Selection | None, how: Mapping[str, Any]
) -> Iterator[Exporting]:
    """Open the ledger to export from it, as `how_exported` was answered."""
    from ledger.bundle import Export, Signing  # noqa: PLC0415 - the vocabulary

    checkpoint, held = how["checkpoint"], how["held"]
    # With a checkpoint given, nothing of the ledger is written: a copy on other media will do.
    with (
        streams.verifying(session),
        session.open(read_only=checkpoint is not None) as ledger,
    ):
        signer = session.signer()
        by = _by(session, ledger, f"key:{signer.public.fingerprint}", how["office"])
        note = (
            sign_head(session, ledger, keeper_of(session, how["log_key"]), None, lost=False).note
            if checkpoint is None
            else streams.read_note(checkpoint)
        )
        last_seen = None if held is None else streams.read_note(held)
        export = Export(note, selection, how["text"], last_seen, audience=how.get("audience"))
        yield Exporting(ledger, export, Signing(signer, by, ledger.clock()))


def _party(session: Session, text: str, kind: str) -> str:
    from cli.terminal.parties import party_named  # noqa: PLC0415 - loads when it runs
    from projections.reports.registered import registered  # noqa: PLC0415 - as above

    with session.store() as store:
        found = registered(store, text, kind)
    if found is None:
        with session.tables() as (store, connection):
            found = party_named(connection, store, text)
    if not found.startswith(f"{kind}:"):
        named, _, slug = found.partition(":")
        raise CommandError(f"{text} is no {kind}", got=found, todo=f"Say --{named} {slug}.")
    return found


def selection_of(party: str | None, first: str | None, last: str | None) -> Selection | None:
    """Return by what a part is chosen; none for the whole record."""
    from ledger.bundle.manifest import Selection  # noqa: PLC0415 - as above

    if party is None and first is None and last is None:
        return None
    return Selection.model_validate({"party": party, "first": first, "last": last})


def _by(session: Session, ledger: Ledger, key: str, office: str | None) -> By:
    """Return who signs the manifest, in the office named or the first that they hold today."""
    from cli.record.drafting import current, offices_of  # noqa: PLC0415 - as above
    from ledger.recording.application import By  # noqa: PLC0415 - as above

    person = ledger.person_of(key)
    held = current(ledger, person, offices_of(ledger, person))
    named = session.office(office)
    chosen = next(iter(held), None) if named is None else _office(session, ledger, named)
    if chosen is None or chosen not in held:
        raise CommandError(
            f"{person} holds no office to export in"
            if not held
            else f"{person} does not hold that office",
            got=chosen,
            expected=", ".join(held) or "an office held today",
            todo="Sign with another key: --key FILE.",
        )
    return By(person, chosen)


def _office(session: Session, ledger: Ledger, text: str) -> str:
    from ledger.values import OFFICE  # noqa: PLC0415 - as above

    if re.fullmatch(OFFICE, text):
        return text  # as settings have it: no name is to be looked up
    from cli.record.references import Names  # noqa: PLC0415 - as above

    with session.views(ledger.store).open() as connection:
        return Names(ledger, connection).office(text)
