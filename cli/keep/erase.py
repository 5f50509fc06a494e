"""`erase`: sealed text leaves the ledger's files for good, with authority, and that is recorded."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli.terminal import asking
from cli.terminal.failures import CommandError
from cli.terminal.lazy import Choice, Command, Option
from cli.terminal.options import about_the_run, dry_run, signing
from cli.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.format.entry import Entry
    from ledger.format.statement import Draft
    from ledger.keys import Signer
    from ledger.recording.application import Ledger

_WHY = "Why it may be erased"
_STILL = (
    "Copies made before still hold it: backups, exports, and bundles that disclosed it. The guide"
    " `docs/how-to/erase.md` says what to do about them."
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
    type=Choice(["data_subject", "controller", "court", "retention_schedule"]),
    help="On whose authority: the person whom it is about, who answers for the data, a court.",
)
@click.option(
    "--reason",
    cls=Option,
    section=_WHY,
    required=True,
    type=Choice(["no_longer_needed", "consent_withdrawn", "unlawful", "ordered"]),
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
        eraser = _Eraser(session, ledger, signer, {"authority": authority, "reason": reason})
        if dry_run:
            eraser.show_dry(found)
            return
        if found.pointers and not yes:
            _confirm(found)
        lines: list[str] = []
        try:
            for each in found.pointers:
                lines += eraser.erase(found, each)
            for each in found.gone:
                lines += eraser.again(found, each)
            session.done = "All of that is erased, and recorded."
        finally:
            for line in lines:
                click.echo(line)
        remains = ledger.store.erased_remains
    session.remark(_STILL if remains is None else f"{_STILL}\n{remains}")


class _Found(NamedTuple):
    """An event, the pointers of its texts to be erased, and of those that were erased before."""

    entry: Entry[Any]
    pointers: tuple[str, ...]
    gone: tuple[str, ...]

    def name(self, pointer: str) -> str:
        """Return what a text is called: `/data/name of PersonEnrolled 0193ab12-…`."""
        return f"{pointer} of {self.entry.name} {self.entry.id}"


def _found(session: Session, ledger: Ledger, event: str, pointer: str | None) -> _Found:
    """Return what is to be erased; raise CommandError if the event seals no such text."""
    from cli.record.references import Names  # noqa: PLC0415 - loads the vocabulary
    from ledger.format.sealed import sealed_in  # noqa: PLC0415 - as above

    with session.views(ledger.store).open() as connection:
        entry = ledger.find(Names(ledger, connection).event(event.rpartition(":")[2]))
    sealed = [pointer for pointer, _ in sealed_in(entry.data, "/data")]
    wanted = sealed if pointer is None else [_whole(pointer)]
    if not wanted or not set(wanted) <= set(sealed):
        raise CommandError(
            f"{entry.name} {entry.id} seals no {'such ' if sealed else ''}text",
            got=pointer if sealed else None,
            expected=" or ".join(sealed) or "an event that seals text",
            todo=f"`school-ledger show {entry.id}` shows what it says.",
        )
    gone = tuple(each for each in wanted if _is_erased(ledger, entry.id, each))
    return _Found(entry, tuple(each for each in wanted if each not in gone), gone)


def _whole(pointer: str) -> str:
    """Return a pointer from the statement's root: `name` and `/name` are `/data/name`."""
    return pointer if pointer.startswith("/data/") else f"/data/{pointer.lstrip('/')}"


def _is_erased(ledger: Ledger, event: str, pointer: str) -> bool:
    from ledger.format.entry import read_entry  # noqa: PLC0415 - as above

    rows = ledger.store.by_tag(f"event:{event}", ("DetailErased",))
    said = (read_entry(*row).data for row in rows)
    return any(one["event"] == f"event:{event}" and one["pointer"] == pointer for one in said)


def _confirm(found: _Found) -> None:
    """Ask on a terminal whether to go on; elsewhere only --yes will do."""
    if not asking.interactive():
        raise CommandError(
            "nothing was erased: there is nobody to ask whether to go on",
            todo="It cannot be undone. If you are sure, say --yes.",
        )
    names = ", ".join(found.name(each) for each in found.pointers)
    if not asking.confirm(f"Erase {names} for good? It cannot be undone."):
        raise CommandError("nothing was erased")


class _Eraser(NamedTuple):
    """Who erases in which ledger, and why."""

    session: Session
    ledger: Ledger
    signer: Signer
    why: dict[str, str]

    def draft(self, found: _Found, pointer: str) -> Draft:
        """Return the statement that a text is erased."""
        from cli.record.drafting import Asked, Signing, drafted  # noqa: PLC0415 - as above
        from ledger.events.correction import DetailErased  # noqa: PLC0415 - as above

        data = {"event": f"event:{found.entry.id}", "pointer": pointer, **self.why}
        key = f"key:{self.signer.public.fingerprint}"
        office = self.session.office(None)
        who = Signing(key, self.ledger.person_of(key), office)
        asked = Asked(DetailErased, data, self.ledger.today())
        with self.session.views(self.ledger.store).open() as connection:
            return drafted(self.ledger, connection, asked, who)

    def erase(self, found: _Found, pointer: str) -> list[str]:
        """Record that a text is erased, and so erase it; return lines that tell where it stands."""
        from cli.record.receipt import appended  # noqa: PLC0415 - as above
        from ledger.recording.application import sign  # noqa: PLC0415 - as above

        with self._telling_what_stands(found, pointer):
            recorded = appended(self.ledger, sign(self.draft(found, pointer), self.signer))
        return [
            f"{found.name(pointer)} is erased.",
            f"event     {recorded.event}, at position {recorded.position}",
            f"record    {recorded.size} entries, root {recorded.root.hex()}",
        ]

    def again(self, found: _Found, pointer: str) -> list[str]:
        """Erase what was said to be erased before, where somebody stood in the way."""
        with self._telling_what_stands(found, pointer):
            self.ledger.store.vault.erase(found.entry.id, pointer)
        return [f"{found.name(pointer)} was erased already; no file of the ledger holds it."]

    @contextmanager
    def _telling_what_stands(self, found: _Found, pointer: str) -> Iterator[None]:
        from ledger.errors import StoreError  # noqa: PLC0415 - as above

        try:
            yield
        except StoreError as error:
            if not _is_erased(self.ledger, found.entry.id, pointer):
                raise
            raise CommandError(
                f"it is recorded that {found.name(pointer)} is erased, and nobody can read it"
                " through the ledger; but another process is using the ledger, so its files still"
                " hold it",
                got=str(error.what),
                todo="End that process, then run the same command again.",
            ) from error

    def show_dry(self, found: _Found) -> None:
        """Print the statements that would be signed."""
        for pointer in found.pointers:
            click.echo(self.draft(found, pointer).statement)
        self.session.remark(
            "Nothing was erased or recorded. These are the bytes that would be signed."
        )
