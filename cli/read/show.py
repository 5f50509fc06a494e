"""`show`: one event, obligation, agreement or party in full; and an event's signed bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from cli.read.subject import page_of, refuse_unknown
from cli.terminal.failures import CommandError
from cli.terminal.formats import (
    GLOSSARY_NAMED,
    SCHEMA,
    dumps,
    heading_lines,
    ledger_members,
    target,
    write,
    write_to,
)
from cli.terminal.lazy import Command, Option
from cli.terminal.options import about_the_run, from_bundle, moments, output, whose_last
from cli.terminal.screen import printable
from cli.terminal.session import Session, public_half
from cli.terminal.table import screen_width, wrapped, written
from ledger.events import CREATORS
from ledger.files import appearing
from ledger.files import read as read_file
from projections.details.base import Page, Reading, Section
from projections.reports.base import Report
from projections.reports.columns import Column
from projections.reports.short_ids import LAST, my_last
from projections.reports.things import things

if TYPE_CHECKING:
    from ledger.store.base import EntryStore

_LONGEST = 10_000_000
#: A value beside its name has so much room at least.
_LEAST = 20
_FLAT = (
    Column("section", "Section", "Which part of what is shown."),
    Column("name", "Name", "What the value is."),
    Column("value", "Value", "The value."),
)


@click.command(
    cls=Command,
    examples=(
        "school-ledger show 0193ab12",
        "school-ledger show 900003 --as-of 2025-12-31",
        "school-ledger show 01939f10-7c1a-7d3e-9a55-0f2f4f0f9f11/attestation",
        "school-ledger show 0193ab12 --signed evidence",
    ),
)
@click.argument("ref")
@click.option(
    "--signed",
    cls=Option,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also write an event's exact bytes, signature and signer for `ssh-keygen -Y verify`.",
)
@moments
@output
@from_bundle
@whose_last
@about_the_run
@click.pass_obj
def show(  # noqa: PLR0913 - one argument for each option
    session: Session,
    *,
    ref: str,
    signed: Path | None,
    as_of: str | None,
    known_at: str | None,
    form: str,
    path: str | None,
) -> None:
    """Show one thing in full: an event, an agreement or a visit, an obligation, a party, an office.

    REF is the first characters of an event's id, `visit:<id>`, an obligation as
    `<event>/attestation`, a name or a part of one, a URN, a slug, an office as `head@900003`, the
    fingerprint of a key, or `last`: what you recorded last, with the key of your settings or --key;
    `visit:last` is your last visit. `need:`, `visit:` and so on, without an id, list every thing of
    the kind with its id. Of an event you see what was signed, whether the signature holds and who
    signed, the text that it sealed, what it changed in who owes what, and what refers to it.
    """
    if session.bundle is None:
        # Before any tables are built.
        with session.store() as store:
            refuse_unknown(store, ref)
    with session.tables() as (store, connection):
        at = session.moment(connection, as_of, known_at)
        kind = ref.removesuffix(":")
        if ref.endswith(":") and kind in CREATORS:
            write(things(connection, store, at, kind), form, path, session)
            return
        page = page_of(Reading(store, connection, at), _without_last(session, connection, ref))
        if signed is not None:
            _write_signed(session, store, page, signed)
        with target(path) as stream:
            _render(page, form, stream, session)


def _without_last(session: Session, connection: sqlite3.Connection, ref: str) -> str:
    """Return what was typed with the id of what I recorded last in the place of `last`."""
    start, slash, slot = ref.partition("/")
    kind, colon, word = start.rpartition(":")
    if word != LAST:
        return ref
    key = f"key:{public_half(session.key_path()).public.fingerprint}"
    types = [CREATORS[kind].__name__] if kind in CREATORS else []
    return f"{kind}{colon}{my_last(connection, key, types)}{slash}{slot}"


# -- writing a page ------------------------------------------------------------------------------


def _render(page: Page, form: str, stream: IO[str], session: Session) -> None:
    if form == "table":
        for line in _lines(page, screen_width(stream)):
            print(printable(line), file=stream)
    elif form == "json":
        stream.write(f"{dumps(_members(page))}\n")
    else:
        rows = list(_flat(page))
        write_to(Report("show", page.title, page.heading, _FLAT, rows, ""), form, stream, session)


def _lines(page: Page, width: int | None) -> Iterator[str]:
    yield from wrapped(printable(page.title), width)
    yield from heading_lines(page.heading, width)
    for section in page.sections:
        yield ""
        yield f"{section.title}:"
        if section.facts is not None:
            yield from _facts(section.facts, width)
        elif section.rows:
            yield from written(section.columns, section.rows, None, width)
        else:
            yield f"  {section.empty}"
    yield ""
    yield from wrapped(GLOSSARY_NAMED, width)


def _facts(facts: Any, width: int | None) -> Iterator[str]:
    names = [name.replace("_", " ") for name in facts]
    margin = max(map(len, names), default=0) + 4
    for name, value in zip(names, facts.values(), strict=True):
        text = printable(_words(value))
        first, *more = wrapped(text, max(width - margin, _LEAST) if width else None)
        yield f"  {name:<{margin - 4}}  {first}".rstrip()
        yield from (f"{'':<{margin}}{line}" for line in more)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _members(page: Page) -> dict[str, Any]:
    return {
        "schema": SCHEMA.format("show"),
        "ledger": ledger_members(page.heading),
        "kind": page.kind,
        **{section.name: _value(section) for section in page.sections},
    }


def _value(section: Section) -> Any:
    return dict(section.facts) if section.facts is not None else list(section.rows)


def _flat(page: Page) -> Iterator[dict[str, Any]]:
    """Return a page as rows of section, name and value, for CSV and JSON lines."""
    for section in page.sections:
        rows: Sequence[Any] = [section.facts] if section.facts is not None else section.rows
        for number, row in enumerate(rows, 1):
            prefix = "" if section.facts is not None else f"{number}."
            for name, value in row.items():
                yield {"section": section.name, "name": f"{prefix}{name}", "value": value}


# -- signed bytes --------------------------------------------------------------------------------


def _write_signed(session: Session, store: EntryStore, page: Page, folder: Path) -> None:
    from ledger import keys  # noqa: PLC0415 - only here
    from ledger.format import sshsig  # noqa: PLC0415 - only here
    from ledger.format.entry import parse_entry, parse_signature  # noqa: PLC0415 - as above

    facts = page.sections[0].facts
    if page.kind != "event" or facts is None:
        raise CommandError("only an event is signed", got=page.title, expected="an event's id")
    data = next(data for _, data in store.entries(facts["position"] - 1, 1))
    parts = parse_entry(data)
    blob = parse_signature(parts.signature)
    person = parts.statement.signedby
    line = keys.allowed_signers_line(person, sshsig.split(blob, sshsig.STATEMENT).key)
    name = f"{parts.statement.id}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _with_line(folder / "allowed_signers", line)
    except (OSError, ValueError) as error:
        raise CommandError(f"{folder} cannot be written to", got=str(error)) from error
    for file, content in (
        (name, parts.statement.raw),
        (f"{name}.sig", sshsig.armor(blob)),
        ("allowed_signers", known),
    ):
        # Named by the event: what is there is the same, or a list that is kept.
        with appearing(folder / file) as written_to:
            written_to.write(content)
    session.remark(
        f"Next, in {folder}: ssh-keygen -Y verify -f allowed_signers -I {person}"
        f" -n {sshsig.STATEMENT} -s {name}.sig < {name}"
    )


def _with_line(path: Path, line: str) -> bytes:
    """Return what a file of lines holds, with one more unless it is there already."""
    lines = read_file(path, _LONGEST).decode("ascii").splitlines() if path.exists() else []
    return "".join(f"{each}\n" for each in [*lines, *([] if line in lines else [line])]).encode()
