"""`export`: the record, or a part of it, out of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.share.exporting import (
    WHICH,
    exporting,
    extent,
    how_exported,
    party_of,
    selection_of,
    which_party,
    zip_file,
)
from cli.terminal import streams
from cli.terminal.lazy import Choice, Command, Lazy, LazyGroup, Option
from cli.terminal.options import AUDIENCES, about_the_run, forced, optional_day
from cli.terminal.places import Kind
from cli.terminal.progress import Progress
from cli.terminal.session import Session

if TYPE_CHECKING:
    from ledger.bundle import Exported
    from ledger.store.base import EntryStore

COMMANDS = {
    "bundle": Lazy(
        "cli.share.export:bundle", "The record or a part of it, to be verified by anyone."
    ),
    "pack": Lazy(
        "cli.share.pack:pack", "Chosen answers with the bundle that proves them, for an inspector."
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
        "school-ledger export pack --school 900003 -o cedar.zip",
        "school-ledger export entries -o entries.jsonl",
    ),
)


@click.command(
    cls=Command,
    examples=(
        "school-ledger export bundle -o whole.zip",
        "school-ledger export bundle --school 900003 --text without-contacts -o b.zip",
        "school-ledger export bundle --school 900003 --text all --audience parties -o b.zip",
        "school-ledger export bundle --partnership estuary --from 2025-09-01 -o b.zip",
    ),
)
@which_party
@click.option(
    "--from",
    "first",
    cls=Option,
    section=WHICH,
    metavar="DATE",
    callback=optional_day,
    help="Only what happened on that day or later.",
)
@click.option(
    "--to",
    "last",
    cls=Option,
    section=WHICH,
    metavar="DATE",
    callback=optional_day,
    help="Only what happened on that day or earlier.",
)
@click.option(
    "--audience",
    type=Choice(AUDIENCES),
    help="Of the text that --text shows, only what these may read.",
)
@how_exported
@click.option("--output", "-o", "path", required=True, metavar="FILE", help="The bundle to write.")
@forced
@about_the_run
@click.pass_obj
def bundle(
    session: Session, /, *, first: str | None, last: str | None, path: str, **asked: Any
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
    from ledger.bundle import write_bundle  # noqa: PLC0415 - the vocabulary

    party = {kind: asked.pop(kind) for kind in ("school", "partnership", "body", "person")}
    if first is not None and last is not None and first > last:
        raise click.UsageError(f"--from {first} is after --to {last}.", click.get_current_context())
    if asked["audience"] is not None and asked["text"] == "none":
        raise click.UsageError(
            "--audience narrows the text that is shown, and --text none shows none. Say --text all"
            " or --text without-contacts.",
            click.get_current_context(),
        )
    place = zip_file(path, "a bundle")
    selection = selection_of(party_of(session, party), first, last)
    with exporting(session, selection, asked) as made:
        progress = Progress("Writing the bundle", quiet=session.quiet)
        done = write_bundle(place, made.ledger, made.export, made.signing, progress)
    _tell(session, path, done)


def _tell(session: Session, path: str, done: Exported) -> None:
    manifest = done.manifest
    counts = manifest.counts
    click.echo(f"Wrote {path}: {extent(manifest.kind, counts.entries, manifest.size)}.")
    left_out = manifest.size - counts.entries
    if left_out:
        click.echo(f"Left out {left_out:,} entries: `school-ledger verify {path}` lists them.")
    click.echo(f"Texts shown {counts.disclosures:,}, withheld {counts.withheld:,}.")
    click.echo(f"SHA-256 {done.sha256}")
    session.remark(f"Next: school-ledger verify {path}")


_LINES = Kind("a file of lines", (".jsonl",))


@click.command(
    cls=Command,
    examples=(
        "school-ledger export entries -o entries.jsonl",
        "school-ledger export entries -o entries.jsonl --texts texts.jsonl",
    ),
)
@click.option("--output", "-o", "path", metavar="FILE", help="Where to; else stdout.")
@forced
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
    with session.store() as store, streams.out(path, kind=_LINES) as file:
        file.writelines(entry_lines(store))
        if texts is not None:
            with streams.out(texts, private=True, kind=_LINES) as other:
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
