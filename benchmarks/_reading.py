"""Rebuilding views, and one school's history, out of few and many events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
from _appending import founded, recorded
from _events import Northwick
from _peers import SQLiteApplication
from _timing import Work, compare, in_turn, seconds, verdict

from ledger.format.entry import Entry
from ledger.recording.application import Ledger
from projections.reports.history import history
from projections.tables import catalogue
from projections.tables import journal as obligations
from projections.tables.fold import fold_with
from projections.tables.views import Views, moment

_LIBRARY = "eventsourcing: notifications read and decoded"
_PLAIN = "the same, its events holding strings only"
_JOURNAL = "obligations view rebuilt"
_ALL = "all views rebuilt"
_SCAN = "limit: entries scanned, parsed by orjson"
_READS = 20


def rebuild(folder: Path, rounds: int, count: int) -> None:
    """Compare rebuilding views with the library's own reading of as many events."""
    made = Northwick(schools=max(20, count // 200))
    ledger = founded(folder / "rebuild.db", made, made.registers())
    recorded(ledger, made.support(count))
    count = ledger.head().size
    app = SQLiteApplication(folder / "notifications.db")
    app.fill([typed(entry) for entry in ledger.entries()])
    plain = SQLiteApplication(folder / "plain.db")
    plain.fill([entry.data for entry in ledger.entries()])
    journal = Views(
        ledger.store,
        folder / "journal.views",
        (obligations.PROJECTION.layout,),
        fold_with((obligations.PROJECTION,)),
    )
    whole = catalogue.views(ledger.store, folder / "all.views")

    def scan() -> float:
        return seconds(lambda: [orjson.loads(row[1]) for row in ledger.store.entries()]) / count

    def decoded(peer: SQLiteApplication) -> float:
        def work() -> None:
            assert peer.read_all() == count

        return seconds(work) / count

    works: dict[str, Work] = {
        _SCAN: scan,
        _LIBRARY: lambda: decoded(app),
        _PLAIN: lambda: decoded(plain),
        _JOURNAL: lambda: seconds(journal.rebuild) / count,
        _ALL: lambda: seconds(whole.rebuild) / count,
    }
    figures = in_turn(works, rounds)
    compare(f"Rebuild from {count:,} events, each", figures, _SCAN)
    library = figures[_LIBRARY].median
    verdict("rate of the obligations view", library / figures[_JOURNAL].median, 0.4)
    verdict("rate of all views", library / figures[_ALL].median, 0.4)
    plainly = figures[_PLAIN].median
    verdict("obligations view, beside strings only", plainly / figures[_JOURNAL].median, 0.4)
    ledger.close()


def typed(entry: Entry[Any]) -> dict[str, Any]:
    """Return what an entry says with the types that its event has: Decimal, days, references."""
    said = entry.event.model_dump(exclude_defaults=True)
    moment = datetime.fromisoformat(entry.time)
    return _with_moments({**said, "signed_by": entry.signedby, "signed_at": moment})


def _with_moments(value: Any) -> Any:
    # The library stores no days of its own accord, but moments.
    if isinstance(value, dict):
        return {name: _with_moments(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_moments(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def one_school(folder: Path, rounds: int, sizes: tuple[int, int]) -> None:
    """Compare one school's history out of few and out of many events."""
    works: dict[str, Work] = {}
    for size in sizes:
        made = Northwick(schools=size // 100)
        ledger = founded(folder / f"history{size}.db", made, made.registers())
        recorded(ledger, [*made.conversions(), *made.support(size)])
        schools = [head.school for head in made.heads[:_READS]]
        works[f"one school's history out of {size:,}"] = _histories(
            ledger, folder / f"history{size}.views", schools
        )
    figures = in_turn(works, rounds)
    compare("One school's history, catching up included", figures)
    few, many = figures.values()
    verdict("many over few", many.median / few.median, 1.5, at_least=False)


def _histories(ledger: Ledger, folder: Path, schools: list[str]) -> Work:
    views = catalogue.views(ledger.store, folder)
    with views.open() as connection:
        at = moment(connection)
        rows = sum(len(history(connection, ledger.store, school, at).rows) for school in schools)

    def work() -> float:
        def read() -> None:
            for school in schools:
                with views.open() as connection:
                    history(connection, ledger.store, school, moment(connection))

        return seconds(read) / rows

    return work
