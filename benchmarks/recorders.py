"""Recording and reading by tag, beside what a user would pick instead.

    python benchmarks/recorders.py [--entries 300000] [--rounds 7]

Engines take turns within each round, on files in one folder, all with SQLite's write-ahead log
and synchronous=FULL, with the same events and tags. Printed are the median, the spread (lowest to
highest round) and the ratio of medians to raw SQLite, which checks nothing:

- one event: a conditional append on the ledger's recorder; one event saved by the library's own
  SQLite application; BEGIN IMMEDIATE, inserts of event and tags, COMMIT on raw SQLite.
- a chunk of 2,000 entries, into an empty database and into one of `--entries`.
- one school's entries of two types, by tag.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from itertools import accumulate
from pathlib import Path
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.domain import Aggregate

from ledger.store import EntryStore, open_store

CHUNK = 2_000
SINGLES = 50
READS = 200
Measured = Callable[[], float]


class Entries:
    """Made-up entries, alike to those of an authority: few schools and types have most."""

    def __init__(self) -> None:
        self.random = random.Random(1)  # noqa: S311 - the same entries every time
        self.types = [f"Something{n:02}Happened" for n in range(60)]
        self.often = list(accumulate(1 / (n + 1) for n in range(60)))
        self.ids: list[str] = []

    def chunk(self, size: int) -> tuple[list[DCBEvent], list[str]]:
        """Return the next entries and their ids."""
        events = [self.one() for _ in range(size)]
        return events, self.ids[-size:]

    def one(self) -> DCBEvent:
        """Return the next entry."""
        pick = self.random.randrange
        self.ids.append(self.new_id())
        person = int(self.random.paretovariate(0.7)) % 3_000
        tags = {
            f"event:{self.ids[-1]}",
            f"key:SHA256:{person:043}",
            f"person:{UUID(int=person)}",
            f"office:head@school:{100_000 + person}",
            f"school:{100_000 + person}",
            f"school:{100_000 + pick(2_000)}",
            *(f"event:{self.ids[max(0, len(self.ids) - 1 - pick(5_000))]}" for _ in range(3)),
        }
        (name,) = self.random.choices(self.types, cum_weights=self.often)
        return DCBEvent(name, self.random.randbytes(450).hex().encode(), sorted(tags))

    def new_id(self) -> str:
        """Return a UUIDv7, one every 50 milliseconds."""
        moment = 1_790_000_000_000 + 50 * len(self.ids)
        return str(UUID(int=moment << 80 | 7 << 76 | 2 << 62 | self.random.getrandbits(62)))


class Raw:
    """SQLite without any of the recorder's checks: events, and their tags in an index."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA cache_size=-65536",
            "CREATE TABLE events (position INTEGER PRIMARY KEY, type TEXT, data BLOB)",
            """CREATE TABLE tags (
                tag TEXT, type TEXT, position INTEGER, PRIMARY KEY (tag, type, position)
            ) WITHOUT ROWID""",
        ):
            self.connection.execute(statement)
        self.head = 0

    def append(self, events: list[DCBEvent]) -> None:
        """Insert events and tags in one transaction."""
        numbered = list(enumerate(events, self.head + 1))
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(
            "INSERT INTO events VALUES (?, ?, ?)", [(n, e.type, e.data) for n, e in numbered]
        )
        self.connection.executemany(
            "INSERT INTO tags VALUES (?, ?, ?)",
            [(t, e.type, n) for n, e in numbered for t in e.tags],
        )
        self.connection.execute("COMMIT")
        self.head += len(events)

    def by_tag(self, tag: str, types: list[str]) -> list[tuple[int, bytes]]:
        """Select two types' events by tag."""
        return self.connection.execute(
            "SELECT e.position, e.data FROM tags t JOIN events e USING (position)"
            " WHERE t.tag = ? AND t.type IN (?, ?) ORDER BY e.position",
            (tag, *types),
        ).fetchall()


def append_chunk(store: EntryStore, events: list[DCBEvent], ids: list[str]) -> None:
    with store.writing():
        store.append_entries(events, ids)


def append_one(store: EntryStore, event: DCBEvent, event_id: str) -> None:
    query = DCBQuery([DCBQueryItem([], [f"event:{event_id}"])])
    store.recorder.append([event], DCBAppendCondition(query))


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(
    title: str, rounds: int, unit: str, per_round: int, engines: Mapping[str, Measured]
) -> None:
    """Let engines take turns; print microseconds or operations a second, raw SQLite's last."""
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for measure in engines.values():
        measure()  # a warm-up round, not counted
    for _ in range(rounds):
        for name, measure in engines.items():
            taken[name].append(measure() / per_round)
    raw = statistics.median(taken["raw SQLite"])
    print(f"\n{title}")
    for name, each in taken.items():
        figures = sorted(1e6 * one if unit == "µs" else 1 / one for one in each)
        low, high = figures[0], figures[-1]
        ratio = statistics.median(each) / raw
        print(
            f"  {name:32} {statistics.median(figures):9,.0f} {unit}"
            f"  ({low:,.0f} to {high:,.0f})  {ratio:.2f} x raw"
        )


def singles(
    store: EntryStore, raw: Raw, app: Application[UUID], entries: Entries
) -> dict[str, Measured]:
    def ours() -> float:
        events, ids = entries.chunk(SINGLES)
        started = time.perf_counter()
        for event, event_id in zip(events, ids, strict=True):
            append_one(store, event, event_id)
        return time.perf_counter() - started

    def library() -> float:
        aggregates = [Aggregate() for _ in range(SINGLES)]
        started = time.perf_counter()
        for aggregate in aggregates:
            app.save(aggregate)
        return time.perf_counter() - started

    def plain() -> float:
        events, _ = entries.chunk(SINGLES)
        started = time.perf_counter()
        for event in events:
            raw.append([event])
        return time.perf_counter() - started

    return {
        "ledger, conditional": ours,
        "eventsourcing SQLite application": library,
        "raw SQLite": plain,
    }


def chunks(store: EntryStore, raw: Raw, entries: Entries) -> dict[str, Measured]:
    def ours() -> float:
        chunk = entries.chunk(CHUNK)
        return seconds(lambda: append_chunk(store, *chunk))

    def plain() -> float:
        events, _ = entries.chunk(CHUNK)
        return seconds(lambda: raw.append(events))

    return {"ledger": ours, "raw SQLite": plain}


def reads(store: EntryStore, raw: Raw, entries: Entries) -> dict[str, Measured]:
    types = entries.types[20:22]
    tags = [f"school:{100_000 + number}" for number in range(READS)]
    query = [DCBQuery([DCBQueryItem(types, [tag])]) for tag in tags]
    return {
        "ledger, by_tag": lambda: seconds(lambda: [store.by_tag(tag, types) for tag in tags]),
        "ledger, recorder.read": lambda: seconds(
            lambda: [list(store.recorder.read(one)) for one in query]
        ),
        "raw SQLite": lambda: seconds(lambda: [raw.by_tag(tag, types) for tag in tags]),
    }


def fill(store: EntryStore, raw: Raw, entries: Entries, size: int) -> None:
    while raw.head < size:
        events, ids = entries.chunk(CHUNK)
        append_chunk(store, events, ids)
        raw.append(events)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--entries", type=int, default=300_000)
    arguments.add_argument("--rounds", type=int, default=7)
    options = arguments.parse_args()
    entries = Entries()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        env = {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": str(place / "application"),
        }
        raw = Raw(place / "raw")
        with open_store(str(place / "ledger"), create=True) as store, Application[UUID](env) as app:
            rounds = options.rounds
            compare("one event", rounds, "µs", SINGLES, singles(store, raw, app, entries))
            for size in (0, options.entries):
                fill(store, raw, entries, size)
                title = f"a chunk of {CHUNK:,}, after {raw.head:,} entries"
                compare(title, rounds, "entries/s", CHUNK, chunks(store, raw, entries))
            title = f"one school's entries of two types out of {raw.head:,}"
            compare(title, rounds, "µs", READS, reads(store, raw, entries))


if __name__ == "__main__":
    main()
