"""`export`: the record, or a part of it, out of the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.log.command import KEY_OPTION, keeper_of, sign_head
from cli.terminal import streams
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Command, Lazy, LazyGroup, Option
from cli.terminal.options import about_the_run, optional_day, signing
from cli.terminal.progress import Progress
from cli.terminal.session import Session
from ledger.files import check_place

if TYPE_CHECKING:
    from ledger.bundle import Exported
    from ledger.bundle.manifest import Selection
    from ledger.recording.application import By, Ledger
    from ledger.store.base import EntryStore

_WHICH = "Which part; else the whole record"

COMMANDS = {
    "bundle": Lazy(
        "cli.share.export:bundle", "The record or a part of it, to be verified by anyone."
    ),
    "entries": Lazy(
        "cli.share.export:entries", "Every entry as a line, to load into another store."
    ),
}

export = LazyGroup(
    "export",
    COMMANDS,
    help="""Take the record, or a part of it, out of the ledger.""",
    examples=(
        "school-ledger export bundle --school 900003 -o b.zip",
        "school-ledger export entries -o entries.jsonl",
    ),
)


@click.command(
    cls=Command,
    examples=(
        "school-ledger export bundle -o whole.zip",
        "school-ledger export bundle --school 900003 --text without-contacts -o b.zip",
        "school-ledger export bundle --partnership estuary --from 2025-09-01 -o b.zip",
    ),
)
@click.option(
    "--school",
    cls=Option,
    section=_WHICH,
    metavar="URN",
    help="What concerns this school, by any URN that it ever had.",
)
@click.option(
    "--partnership",
    cls=Option,
    section=_WHICH,
    metavar="SLUG",
    help="What concerns this partnership: its years, and its members while they belong to it.",
)
@click.option(
    "--body",
    cls=Option,
    section=_WHICH,
    metavar="SLUG",
    help="What concerns this authority, trust or other body.",
)
@click.option(
    "--person",
    cls=Option,
    section=_WHICH,
    metavar="PERSON",
    help="What names or was signed by them.",
)
@click.option(
    "--from",
    "first",
    cls=Option,
    section=_WHICH,
    metavar="DATE",
    callback=optional_day,
    help="Only what happened on that day or later.",
)
@click.option(
    "--to",
    "last",
    cls=Option,
    section=_WHICH,
    metavar="DATE",
    callback=optional_day,
    help="Only what happened on that day or earlier.",
)
@click.option(
    "--text",
    type=click.Choice(["none", "without-contacts", "all"]),
    default="none",
    help="Which sealed text to show; what is withheld is listed. [default: none]",
)
@click.option(
    "--held",
    metavar="FILE",
    help="A checkpoint that the receiver holds: prove that the record goes on from it.",
)
@click.option("--checkpoint", metavar="FILE", help="Export up to this one; else sign a new one.")
@click.option(
    "--as",
    "office",
    cls=Option,
    section="Signing",
    metavar="OFFICE",
    help="The office to sign in, as head@900001; else the first that is yours today.",
)
@click.option("--output", "-o", "path", required=True, metavar="FILE", help="The bundle to write.")
@KEY_OPTION
@signing
@about_the_run
@click.pass_obj
def bundle(  # noqa: PLR0913 - one argument for each option
    session: Session,
    /,
    *,
    first: str | None,
    last: str | None,
    text: Any,
    held: str | None,
    checkpoint: str | None,
    office: str | None,
    path: str,
    log_key: Path | None,
    **party: str | None,
) -> None:
    """Write a bundle: entries, proofs, keys and a signed manifest in one file.

    Anyone can verify it offline, with `school-ledger verify` or by the recipe inside. The whole
    record proves that nothing is missing; a part, that what is in it stands in the record.

    A part holds what concerns a party, or happened within a time, and all that this rests on: what
    it names, and so on, with the partnerships named and their years. The registers are in every
    part, for they tell who was entitled to sign. How many entries are left out is said, and which.

    People's names, contacts and all other sealed text are withheld unless you choose otherwise:
    what was once shown cannot be taken back. A part shows no name of anybody who neither signed
    what was chosen, or what it rests on, nor is named there.
    """
    from ledger.bundle import Export, Signing, write_bundle  # noqa: PLC0415 - the vocabulary

    named = {kind: text for kind, text in party.items() if text is not None}
    if len(named) > 1:
        options = " and ".join(f"--{kind}" for kind in named)
        raise click.UsageError(f"{options}: choose one.", click.get_current_context())
    if path == "-":
        raise click.UsageError("--output: a bundle goes to a file.", click.get_current_context())
    if first is not None and last is not None and first > last:
        raise click.UsageError(f"--from {first} is after --to {last}.", click.get_current_context())
    check_place(Path(path))
    chosen = next((_party(session, text, kind) for kind, text in named.items()), None)
    # With a checkpoint given, nothing of the ledger is written: a copy on other media will do.
    with (
        streams.verifying(session),
        session.open(read_only=checkpoint is not None) as ledger,
    ):
        signer = session.signer()
        by = _by(session, ledger, f"key:{signer.public.fingerprint}", office)
        note = (
            sign_head(session, ledger, keeper_of(session, log_key), None, lost=False).note
            if checkpoint is None
            else streams.read_note(checkpoint)
        )
        last_seen = None if held is None else streams.read_note(held)
        asked = Export(note, _selection(chosen, first, last), text, last_seen)
        progress = Progress("Writing the bundle", quiet=session.quiet)
        now = ledger.clock()
        done = write_bundle(Path(path), ledger, asked, Signing(signer, by, now), progress)
    _tell(session, path, done)


def _party(session: Session, text: str, kind: str) -> str:
    from cli.terminal.parties import party_named  # noqa: PLC0415 - loads when it runs

    with session.tables() as (store, connection):
        found = party_named(connection, store, text)
    if not found.startswith(f"{kind}:"):
        named, _, slug = found.partition(":")
        raise CommandError(f"{text} is no {kind}", got=found, todo=f"Say --{named} {slug}.")
    return found


def _selection(party: str | None, first: str | None, last: str | None) -> Selection | None:
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
    from cli.record.references import Names  # noqa: PLC0415 - as above

    with session.views(ledger.store).open() as connection:
        return Names(ledger, connection).office(text)


def _tell(session: Session, path: str, done: Exported) -> None:
    manifest = done.manifest
    counts = manifest.counts
    whole = f"the whole record, {counts.entries:,} entries"
    part = f"a part of the record, {counts.entries:,} of its {manifest.size:,} entries"
    click.echo(f"Wrote {path}: {whole if manifest.kind == 'whole' else part}.")
    left_out = manifest.size - counts.entries
    if left_out:
        click.echo(f"Left out {left_out:,} entries: `school-ledger verify {path}` lists them.")
    click.echo(f"Texts shown {counts.disclosures:,}, withheld {counts.withheld:,}.")
    click.echo(f"SHA-256 {done.sha256}")
    session.remark(f"Next: school-ledger verify {path}")


@click.command(
    cls=Command,
    examples=(
        "school-ledger export entries -o entries.jsonl",
        "school-ledger export entries -o entries.jsonl --texts texts.jsonl",
    ),
)
@click.option("--output", "-o", "path", metavar="FILE", help="Where to; else stdout.")
@click.option(
    "--texts",
    metavar="FILE",
    help="Write the sealed text, which names people, to a file that only you may read.",
)
@about_the_run
@click.pass_obj
def entries(session: Session, *, path: str | None, texts: str | None) -> None:
    """Write every entry as a line, just as it was recorded; `load` makes a ledger of them.

    The lines are all that the record is. Sealed text is not in them: it goes to a file of its own,
    if you ask for it.
    """
    from ledger.bundle.entries_file import entry_lines, text_lines  # noqa: PLC0415 - loads when it runs

    if texts is not None:
        streams.apart(output=path, texts=texts)
    with session.store() as store, streams.out(path) as file:
        file.writelines(entry_lines(store))
        if texts is not None:
            with streams.out(texts, private=True) as other:
                other.writelines(text_lines(store))
        head = _head(store)
    session.remark(
        f"Size and root: {head}\nNext: school-ledger --ledger NEW load FILE --root {head}"
    )


def _head(store: EntryStore) -> str:
    from ledger.format.statement import tree_head  # noqa: PLC0415 - as above
    from ledger.log.merkle import Tree  # noqa: PLC0415 - as above

    tree = Tree(store.log)
    return tree_head(tree.size, tree.root())
