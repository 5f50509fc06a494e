"""The first page of a pack: what is in it, who made it, what was asked, and how to check it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ledger.bundle import Manifest
from ledger.store.base import EntryStore
from projections.exports.base import Made
from projections.reports.base import Report, heading
from projections.reports.names import Names
from projections.tables.views import Moment

__all__ = ["Answer", "index_page", "left_out"]

_SHOWN = {
    "none": "No name, contact or note is shown: whoever made the pack chose so.",
    "without-contacts": "Names and notes of what was chosen are shown, contacts are not: whoever"
    " made the pack chose so.",
    "all": "Names, contacts and notes of what was chosen are shown.",
}
_UNSEEN = (
    "Made for the audience {audience}: {rows} in the answers {rest} on what they may not read and"
    " {are} left out, as is sealed text that they may not read. The answers say how many each. The"
    " bundle holds the statements whose rows these are, without that text: a record with gaps would"
    " prove nothing."
)
_WHY = (
    "What was once shown cannot be taken back, so text that names people is kept apart from the"
    " record, and is in a pack only where its maker says so. Text that was erased is in no pack."
)


class Answer(NamedTuple):
    """A report of a pack, and the names of the files that it is written in."""

    report: Report
    files: Sequence[str]


def index_page(  # noqa: PLR0913, PLR0917 - what the page tells of
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    manifest: Manifest,
    answers: Sequence[Answer],
    made: Made,
) -> bytes:
    """Return the page, in UTF-8."""
    names = Names(connection, store, at)
    party, exporter = manifest.selection.party, manifest.exporter
    text = (
        _environment()
        .get_template("index.html.j2")
        .render(
            whose="The whole record" if party is None else names.party(party),
            heading=heading(connection, store, at),
            answers=answers,
            exporter=exporter.person,
            by=f"{names.person(exporter.person)}, {names.office(exporter.office)}",
            left_out=manifest.size - manifest.counts.entries,
            withheld=manifest.counts.withheld,
            shown=_SHOWN[manifest.text],
            why=_WHY,
            unseen=_unseen(manifest, answers),
            made=made,
        )
    )
    return text.encode("utf-8", "backslashreplace")


def left_out(manifest: Manifest, answers: Sequence[Answer]) -> int | None:
    """Return how many rows a pack's audience may not see; None where none is named."""
    if manifest.audience is None:
        return None
    return sum(answer.report.heading.left_out for answer in answers)


def _unseen(manifest: Manifest, answers: Sequence[Answer]) -> str:
    """Say for whom a pack was made and how many rows they may not see; "" where none is named."""
    count = left_out(manifest, answers)
    if count is None:
        return ""
    one = {"rows": "1 row", "rest": "rests", "are": "is"}
    told = one if count == 1 else {"rows": f"{count:,} rows", "rest": "rest", "are": "are"}
    return _UNSEEN.format(audience=manifest.audience, **told)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["ending"] = lambda name: name.rpartition(".")[2].upper()
    return environment
