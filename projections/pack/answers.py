"""The answers of a pack: chosen reports, told from the bundle in it and from nothing else.

::

    told = answers(Path("bundle.zip"), manifest, Asked(as_of, ("owes", "history"), made))
    told.files["index.html"]

Whoever writes a pack and whoever verifies it ask this, so an answer that differs was changed.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ledger.bundle import Manifest
from ledger.bundle.pack import COPY, DATA, INDEX
from ledger.store.base import EntryStore
from ledger.verification import check_page
from projections.exports import ods, page
from projections.exports.base import Made
from projections.exports.csv_table import lines
from projections.pack.index import Answer, index_page, left_out
from projections.reports import history, keyholders, owes, replay
from projections.reports.asking_parts import narrowed
from projections.reports.audience import seen_by
from projections.reports.base import Report
from projections.reports.catalogue import QUESTIONS, question
from projections.reports.names import Names
from projections.tables.extract import tables_of
from projections.tables.views import Moment, moment

__all__ = ["Answers", "Asked", "answers", "choices", "usual"]


class Asked(NamedTuple):
    """What a pack tells: as of which day, which reports, and when and by what it was made."""

    as_of: str
    reports: Sequence[str]
    made: Made


class Answers(NamedTuple):
    """The files of a pack's answers, and how many rows its audience may not see; None for all."""

    files: dict[str, bytes]
    left_out: int | None


class _Told(NamedTuple):
    """What reports are told from."""

    connection: sqlite3.Connection
    store: EntryStore
    at: Moment
    party: str | None


def _history(told: _Told) -> Report:
    if told.party is None:
        raise ValueError("internal error: a history is of a party")
    return history.history(told.connection, told.store, told.party, told.at)


_REPORTS: Mapping[str, Callable[[_Told], Report]] = {
    "owes": lambda told: owes.owes(
        told.connection, told.store, told.at, owes.Asked(about=told.party)
    ),
    "history": _history,
    "replay": lambda told: replay.replay(
        told.connection, told.store, told.at, replay.Asked(told.party)
    ),
    "keys": lambda told: keyholders.keyholders(told.connection, told.store, told.at, told.party),
}
_OF_A_PARTY = ("owes", "history", "replay", "keys")
_OF_A_PERSON = ("history", "keys")
_OF_ALL = ("owes", "replay", "keys", "parties")


def usual(party: str | None) -> tuple[str, ...]:
    """Return the names of the reports that a pack of a party has where none is chosen.

    None is of everything.
    """
    if party is None:
        return _OF_ALL
    return _OF_A_PERSON if party.startswith("person:") else _OF_A_PARTY


def choices(party: str | None) -> tuple[str, ...]:
    """Return the names of the reports that a pack of a party can have.

    One of everything can have whatever is asked as a question, one of a school what its part tells.
    """
    return tuple(dict.fromkeys((*usual(party), *_asked_of(party))))


def _asked_of(party: str | None) -> Iterable[str]:
    if party is None:
        return QUESTIONS
    if not party.startswith("school:"):
        return ()
    return (name for name in QUESTIONS if question(name).of_part in {"about", "provider"})


def _told(name: str, told: _Told) -> Report:
    own = _REPORTS.get(name)
    if own is not None:
        return own(told)
    asks, names = question(name), Names(told.connection, told.store, told.at)
    asked = narrowed(told.connection, names, told.at, asks, asks.asked())
    return asks.answer(told.connection, told.store, told.at, asked)


def answers(bundle: Path, manifest: Manifest, asked: Asked) -> Answers:
    """Return every answer of a pack and its contents page, by name, from its bundle.

    The bundle was verified, or is our own. Where it was made for an audience, rows that these may
    not see are left out, and counted.
    """
    with tables_of(bundle, manifest) as (store, connection):
        at = moment(connection, asked.as_of)
        told = _Told(connection, store, at, manifest.selection.party)
        files: dict[str, bytes] = {}
        listed = []
        for name in asked.reports:
            report = _told(name, told)
            report = replace(report, rows=list(report.rows))
            if manifest.audience is not None:
                report = seen_by(connection, report, manifest.audience)
            written = {f"{name}.{ending}": data for ending, data in _written(report, asked.made)}
            files |= {f"{DATA}{each}": data for each, data in written.items()}
            listed.append(Answer(report, tuple(written)))
        files[COPY] = check_page.page()
        files[INDEX] = index_page(connection, store, at, manifest, listed, asked.made)
    return Answers(files, left_out(manifest, listed))


def _written(report: Report, made: Made) -> Iterator[tuple[str, bytes]]:
    """Go through the formats of an answer; a page only where a browser lays it out well."""
    if len(list(report.rows)) <= page.MOST_ROWS:
        yield "html", _bytes(page.write, report, made)
    yield "csv", "".join(lines(report.columns, report.rows)).encode("utf-8", "backslashreplace")
    yield "ods", _bytes(ods.write, report, made)


def _bytes(write: Callable[[Report, Made, io.BytesIO], None], report: Report, made: Made) -> bytes:
    file = io.BytesIO()
    write(report, made, file)
    return file.getvalue()
