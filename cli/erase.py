"""`erase`: sealed text leaves the ledger's files for good, with authority, and that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from cli import asking
from cli.failures import CommandError
from cli.lazy import Command, Option
from cli.options import about_the_run, dry_run, signing
from cli.session import Session

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from cli.saying import Signing
    from ledger.application import Ledger, Recorded
    from ledger.entry import Entry
    from ledger.keys import Signer
    from ledger.statement import Draft

_WHY = "Why it may be erased"
_STILL = (
    "Copies made before still hold it: backups, and bundles that disclosed it. `docs/how-to/"
    "erase.md` says what to do about them."
)


@click.command(
    cls=Command,
    examples=(
        "school-ledger erase 0193ab12 name --authority data_subject --reason consent_withdrawn",
        "school-ledger erase 0193ab12 --all --authority court --reason ordered --yes",
    ),
)
@click.argument("event")
@click.argument("pointer", required=False)
@click.option("--all", "every", is_flag=True, help="Every sealed text of the event.")
@click.option(
    "--authority",
    cls=Option,
    section=_WHY,
    required=True,
    type=click.Choice(["data_subject", "controller", "court", "retention_schedule"]),
    help="On whose authority: the person whom it is about, who answers for the data, a court.",
)
@click.option(
    "--reason",
    cls=Option,
    section=_WHY,
    required=True,
    type=click.Choice(["no_longer_needed", "consent_withdrawn", "unlawful", "ordered"]),
    help="For what reason.",
)
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
@signing
@dry_run
@about_the_run
@click.pass_obj
def erase(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    event: str,
    pointer: str | None,
    every: bool,
    authority: str,
    reason: str,
    yes: bool,
    dry_run: bool,
) -> None:
    """Erase sealed text of an EVENT for good, and record by whose authority.

    POINTER says which: /data/name, or just name; `school-ledger show EVENT` lists what it says.
    A registrar signs. Text and salt leave every file of the ledger; the commitment in the signed
    bytes stays and proves nothing without them, so the record still verifies. It cannot be undone.
    Where another process stood in the way, run the same command again.
    """
    if every == bool(pointer):
        raise click.UsageError(
            "say which text: a POINTER, or --all for every one.", click.get_current_context()
        )
    signer = session.signer()
    with session.open(read_only=dry_run) as ledger:
        found = _found(session, ledger, event, pointer)
        said = {"authority": authority, "reason": reason}
        if dry_run:
            _show_dry(session, ledger, found, said, signer)
            return
        if found.pointers and not yes:
            _confirm(found)
        for each in found.pointers:
            recorded = _erased(session, ledger, found, each, said, signer)
            _tell(found, each, recorded)
        for each in found.gone:
            _again(ledger, found, each)
    session.remark(_STILL)


class _Found(NamedTuple):
    """An event, the pointers of its texts to be erased, and of those that were erased before."""

    entry: Entry[object]  # type: ignore[type-var]
    pointers: tuple[str, ...]
    gone: tuple[str, ...]
