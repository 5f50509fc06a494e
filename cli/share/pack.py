"""`export pack`: chosen answers as files, with the bundle that proves them, signed as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.share.exporting import (
    exporting,
    extent,
    how_exported,
    party_of,
    selection_of,
    which_party,
    zip_file,
)
from cli.terminal.lazy import Choice, Command, Option
from cli.terminal.options import AUDIENCES, about_the_run, forced, optional_day
from cli.terminal.progress import Progress
from cli.terminal.session import Session
from ledger.near import did_you_mean

if TYPE_CHECKING:
    from projections.pack.writing import Packed

_WHAT = "What to tell"


@click.command(
    cls=Command,
    examples=(
        "school-ledger export pack --school 900003 -o cedar.zip",
        "school-ledger export pack --school 900003 --report owes --report history -o cedar.zip",
        "school-ledger export pack --school 900003 --text all --audience parties -o cedar.zip",
        "school-ledger export pack --partnership estuary --as-of 2026-07-31 -o estuary.zip",
        "school-ledger export pack --report reciprocity --report funding -o northwick.zip",
    ),
)
@which_party
@click.option(
    "--report",
    "reports",
    cls=Option,
    section=_WHAT,
    multiple=True,
    metavar="NAME",
    help="A report to put in; again for another. A pack of everything can have any that is told of"
    " all. [default: owes, history, replay and keys; of everything owes, replay, keys and parties]",
)
@click.option(
    "--as-of",
    cls=Option,
    section=_WHAT,
    metavar="DATE",
    callback=optional_day,
    help="As it stood on that day, inclusive; else today.",
)
@click.option(
    "--audience",
    cls=Option,
    section=_WHAT,
    type=Choice(AUDIENCES),
    help="For whom: rows and sealed text that these may not see are left out, and counted.",
)
@how_exported
@click.option("--output", "-o", "path", required=True, metavar="FILE", help="The pack to write.")
@forced
@about_the_run
@click.pass_obj
def pack(
    session: Session,
    /,
    *,
    reports: tuple[str, ...],
    as_of: str | None,
    path: str,
    **asked: Any,
) -> None:
    """Write a pack: answers that anyone can open, and the bundle that proves them, in one zip.

    Inside are a page of contents, each report as a page, as CSV and as a spreadsheet, and the
    bundle. All can be read without this software, in a browser and a spreadsheet, and checked
    without it, by `sha256sum` and `ssh-keygen`. `school-ledger verify` judges the bundle again,
    tells every answer anew from it, and names what differs.

    People's names, contacts and all other sealed text are withheld unless you choose otherwise:
    what was once shown cannot be taken back. --audience leaves out of the answers what these may
    not read; the statements stay in the bundle, for a record with gaps would prove nothing.
    """
    from projections.pack.writing import Wanted, write_pack  # noqa: PLC0415 - the vocabulary

    given = {kind: asked.pop(kind) for kind in ("school", "partnership", "body", "person")}
    place = zip_file(path, "a pack")
    party = party_of(session, given)
    wanted = Wanted(as_of or session.today().isoformat(), _chosen(reports, party))
    with exporting(session, selection_of(party, None, None), asked) as made:
        progress = Progress("Writing the pack", quiet=session.quiet)
        done = write_pack(place, made.ledger, made.export, wanted, made.signing, progress)
    _tell(session, path, done)


def _chosen(reports: tuple[str, ...], party: str | None) -> tuple[str, ...]:
    """Return the reports asked for, in the order of the catalogue; the usual ones if none."""
    from projections.pack.answers import choices, usual  # noqa: PLC0415 - as above

    known = choices(party)
    unknown = [name for name in reports if name not in known]
    if unknown:
        whose = "of everything" if party is None else f"of {party}"
        raise click.UsageError(
            f"--report {unknown[0]}: a pack {whose} can have {', '.join(known)}."
            f" {_instead(unknown[0], known)}".rstrip(),
            click.get_current_context(),
        )
    return tuple(name for name in known if name in reports) or usual(party)


def _instead(name: str, known: tuple[str, ...]) -> str:
    """Say what to ask for in the place of a report that a pack cannot have."""
    from projections.pack.answers import choices  # noqa: PLC0415 - as above

    if name in choices(None):
        return f"Only the whole record tells {name}: leave the party out."
    return did_you_mean(name, known)


def _tell(session: Session, path: str, done: Packed) -> None:
    counts, size = done.bundle.counts, done.manifest.size
    click.echo(f"Wrote {path}: {extent(done.bundle.kind, counts.entries, size)}.")
    click.echo(f"Answers {', '.join(done.manifest.reports)}, as of {done.manifest.as_of}.")
    if done.left_out is not None:
        rows = f"{done.left_out:,} row{'s' * (done.left_out != 1)}"
        click.echo(f"Audience {done.bundle.audience}: {rows} of the answers left out.")
    click.echo(f"Texts shown {counts.disclosures:,}, withheld {counts.withheld:,}.")
    click.echo(f"SHA-256 {done.sha256}")
    session.remark(f"Next: school-ledger verify {path}")
