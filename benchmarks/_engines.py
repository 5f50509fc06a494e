"""One append on each engine beside the library's own there, by one writer and by sixteen at once.

The library appends on the condition that the event's id is new: unsigned, unchecked, without log
or vault. Each writer is a process of its own, and records visits of a school of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from _appending import entry, founded
from _events import Northwick
from _peers import append_each, on_postgres, on_umadb, postgres, umadb
from _timing import compare, in_turn, seconds, verdict

from ledger.format.entry import parse_submission
from ledger.recording.application import Ledger

WRITERS = 16
ALONE = 48
TOGETHER = 6
"""What one writer appends in a round, and what each of sixteen does."""


class Work(NamedTuple):
    """What writers append to: the ledger at a URL, or the library's recorder on a server."""

    name: str
    url: str
    is_ours: bool


def writers(folder: Path, rounds: int) -> None:
    """Compare engines and numbers of writers."""
    made = Northwick(schools=2 * WRITERS)
    registers = made.registers()
    lines = [
        made.visits_by(2 * number, (rounds + 1) * (TOGETHER + (0 if number else ALONE)))
        for number in range(WRITERS)
    ]
    with ExitStack() as stack:
        works, settings = _works(stack, folder)
        for work in works:
            if work.is_ours:
                founded(work.url, made, registers).close()
        everybody = stack.enter_context(_started(works, lines, made))
        asked: dict[str, Callable[[], float]] = {}
        for number, work in enumerate(works):
            asked[f"{work.name}, one writer"] = _asking(everybody[:1], number, ALONE)
            asked[f"{work.name}, {WRITERS} writers"] = _asking(everybody, number, TOGETHER)
        figures = in_turn(asked, rounds)
    compare(f"One append on each engine ({settings})", figures)
    medians = {name: figure.median for name, figure in figures.items()}
    rates = {
        work.name: medians[f"{work.name}, one writer"] / medians[f"{work.name}, {WRITERS} writers"]
        for work in works
    }
    for ours, library in zip(works[1::2], works[2::2], strict=True):
        one = ", one writer"
        ratio = medians[library.name + one] / medians[ours.name + one]
        verdict(f"rate beside {library.name}", ratio, 0.65)
        many = f", {WRITERS} writers"
        together = medians[library.name + many] / medians[ours.name + many]
        print(f"     the same, {WRITERS} writers beside {WRITERS}: {together:.2f}")
        verdict(f"{WRITERS} writers' rate beside one's, {ours.name}", rates[ours.name], 0.67)
        print(f"     the same of {library.name}: {rates[library.name]:.2f}")


def _works(stack: ExitStack, folder: Path) -> tuple[list[Work], str]:
    works = [Work("ledger on SQLite", str(folder / "a.db"), is_ours=True)]
    settings = ["SQLite: WAL, synchronous=FULL"]
    server = stack.enter_context(postgres(folder / "pg"))
    if server is not None:
        works += [
            Work("ledger on PostgreSQL", _database(server.url), is_ours=True),
            Work("library on PostgreSQL", server.url, is_ours=False),
        ]
        settings.append(f"PostgreSQL: {server.settings}")
    ours, library = (stack.enter_context(umadb(folder / name)) for name in ("ours", "library"))
    if ours is not None and library is not None:
        url = f"umadb://{urlsplit(ours.url).netloc}?side={folder / 'side.db'}"
        works += [
            Work("ledger on UmaDB, side in SQLite", url, is_ours=True),
            Work("library on UmaDB", library.url, is_ours=False),
        ]
        settings.append(f"UmaDB: {ours.settings}")
    return works, "; ".join(settings)


def _database(server: str) -> str:
    import psycopg  # noqa: PLC0415 - only where it is installed

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE ledger")
    return urlsplit(server)._replace(path="/ledger").geturl()


@contextmanager
def _started(
    works: list[Work], lines: list[list[bytes]], made: Northwick
) -> Iterator[list[Connection]]:
    """Start the writers, each with its own lines; lend what they are asked by."""
    spawning = get_context("spawn")
    asking, processes = [], []
    for mine in lines:
        here, there = spawning.Pipe()
        process = spawning.Process(target=_write, args=(there, works, mine, made), daemon=True)
        process.start()
        asking.append(here)
        processes.append(process)
    for here in asking:
        here.recv()
    try:
        yield asking
    finally:
        for here in asking:
            here.send(None)
        for process in processes:
            process.join()


def _asking(asked: list[Connection], work: int, count: int) -> Callable[[], float]:
    def go() -> None:
        for each in asked:
            each.send((work, count))
        for each in asked:
            each.recv()

    return lambda: seconds(go) / (count * len(asked))


def _write(asked: Connection, works: list[Work], lines: list[bytes], made: Northwick) -> None:
    """Append as often as asked, to what is asked, each line once to each."""
    with ExitStack() as stack:
        appending = [_appending(stack, work, lines, made) for work in works]
        asked.send(None)
        while (said := asked.recv()) is not None:
            work, count = said
            appending[work](count)
            asked.send(None)


def _appending(
    stack: ExitStack, work: Work, lines: list[bytes], made: Northwick
) -> Callable[[int], None]:
    rest: Iterator[Any]
    if work.is_ours:
        ledger = stack.enter_context(Ledger.open(work.url, clock=made.clock))
        rest = iter([parse_submission(line) for line in lines])

        def ours(count: int) -> None:
            for _ in range(count):
                ledger.append(next(rest))

        return ours
    rest = iter([entry(line, made) for line in lines])
    is_umadb = work.url.startswith("http")
    recorder = on_umadb(work.url) if is_umadb else stack.enter_context(on_postgres(work.url))
    return lambda count: append_each(recorder, [next(rest) for _ in range(count)])
