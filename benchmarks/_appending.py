"""One append and bulk append, beside the engines and the signature check alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
from _events import Northwick, messages
from _peers import Noted, SQLiteApplication, postgres
from _timing import Figures, compare, in_turn, seconds, verdict
from nacl.bindings import crypto_sign_open

from ledger.format.entry import parse_submission, write_entry
from ledger.format.statement import write_time
from ledger.recording.admission import Admitted, admit
from ledger.recording.application import Ledger, Recorded
from ledger.recording.bulk import admitting

SINGLES = 100
_OURS = "ledger: signed, checked, log and vault, durable"
_LIBRARY = "eventsourcing SQLite application, its defaults"
_LIBRARY_FULL = "the same, synchronous=FULL said explicitly"
_POSTGRES = "PostgreSQL, conditional append"
_VERIFY = "Ed25519 verification alone, two processes"
_BULK = "bulk append, two processes"


def recorded(ledger: Ledger, lines: list[bytes]) -> None:
    """Append lines, all of which must be accepted."""
    for outcome in ledger.append_many(lines):
        assert isinstance(outcome, Recorded), outcome


def founded(path: Path | str, made: Northwick, registers: list[bytes]) -> Ledger:
    """Return a new ledger with its registers."""
    ledger = Ledger.open(str(path), create=True, clock=made.clock)
    recorded(ledger, registers[:1])
    recorded(ledger, registers[1:])
    return ledger


def _batches(lines: list[bytes]) -> Iterator[list[bytes]]:
    return (lines[n : n + SINGLES] for n in itertools.count(0, SINGLES))


def one(folder: Path, rounds: int) -> None:
    """Compare single appends."""
    made = Northwick(schools=50)
    ledger = founded(folder / "one.db", made, made.registers())
    lines = made.support(SINGLES * (rounds + 1))
    submissions = _batches(lines)
    said = [orjson.loads(parse_submission(line).statement)["data"] for line in lines]
    entries = [entry(line, made) for line in lines]
    works: dict[str, Any] = {}

    def ours() -> float:
        batch = [parse_submission(line) for line in next(submissions)]
        return seconds(lambda: [ledger.append(each) for each in batch]) / SINGLES

    def library(app: SQLiteApplication) -> Any:
        batches = itertools.count(0, SINGLES)

        def save() -> float:
            start = next(batches)
            aggregates = [Noted(each) for each in said[start : start + SINGLES]]
            return seconds(lambda: app.save(aggregates)) / SINGLES

        return save

    works[_OURS] = ours
    works[_LIBRARY] = library(SQLiteApplication(folder / "app.db"))
    works[_LIBRARY_FULL] = library(SQLiteApplication(folder / "app-full.db", explicit=True))
    with postgres(folder / "pg") as server:
        if server is not None:
            starts = itertools.count(0, SINGLES)

            def conditional() -> float:
                start = next(starts)
                items = entries[start : start + SINGLES]
                return seconds(lambda: server.append(items)) / SINGLES

            works[_POSTGRES] = conditional
        figures = in_turn(works, rounds)
    durable = "SQLite: WAL, synchronous=FULL (that is also the library's default)"
    told = f"; PostgreSQL: {server.settings}" if server else "; no PostgreSQL at hand"
    compare(f"One append ({durable}{told})", figures)
    mine = figures[_OURS].median
    verdict("rate beside the SQLite application", figures[_LIBRARY].median / mine, 0.45)
    verdict("the same, FULL said explicitly", figures[_LIBRARY_FULL].median / mine, 0.45)
    if server is not None:
        verdict("rate beside PostgreSQL", figures[_POSTGRES].median / mine, 1.0)
    _disk(folder, rounds, mine)
    ledger.close()


def entry(line: bytes, made: Northwick) -> tuple[str, bytes, Admitted]:
    """Return what the library appends for a line: type, entry, and what was told of it."""
    submission = parse_submission(line)
    admitted = admit(submission)
    data = write_entry(write_time(made.clock()), submission.signature, submission.statement)
    return orjson.loads(submission.statement)["type"].partition(".")[0], data, admitted


def _disk(folder: Path, rounds: int, mine: float) -> None:
    """Print the limit: a write of as many bytes as an append makes, and its fsync."""
    import os  # noqa: PLC0415

    path = folder / "limit"
    with path.open("wb", buffering=0) as file:

        def write() -> float:
            def each() -> None:
                file.write(b"x" * 8192)
                os.fdatasync(file.fileno())

            return seconds(lambda: [each() for _ in range(SINGLES)]) / SINGLES

        limit = in_turn({"8 KiB written and synced": write}, rounds)["8 KiB written and synced"]
    print(
        limit.line(
            "limit: 8 KiB written and synced", f"an append takes {mine / limit.median:.1f} x"
        )
    )


def growth(folder: Path, rounds: int, most: int) -> None:
    """Compare single appends by one key with few and with many entries."""
    made = Northwick(schools=2)
    ledger = founded(folder / "growth.db", made, made.registers())
    figures: dict[str, Figures] = {}
    have = 0
    for size in (1_000, most):
        recorded(ledger, made.visits_by_one(size - have))
        batches = _batches(made.visits_by_one(SINGLES * (rounds + 1)))
        have = size + SINGLES * (rounds + 1)

        def append(batches: Iterator[list[bytes]] = batches) -> float:
            batch = [parse_submission(line) for line in next(batches)]
            return seconds(lambda: [ledger.append(each) for each in batch]) / SINGLES

        name = f"one append, {size:,} entries by its key"
        figures |= in_turn({name: append}, rounds)
    compare("One key's entries grow", figures)
    few, many = figures.values()
    verdict("growth of one append", many.median / few.median, 1.25, at_least=False)
    ledger.close()


def bulk(folder: Path, rounds: int, count: int) -> None:
    """Compare bulk append with verification alone, both in two processes."""
    made = Northwick(schools=max(20, count // 200))
    registers = made.registers()
    lines = made.support(count)
    checks = messages(lines)
    # One process admits beside the one that decides: two in all, as for verification.
    numbers = itertools.count()

    with ProcessPoolExecutor(2, get_context("spawn")) as pool, admitting(1) as admit_chunks:
        halves = [checks[: count // 2], checks[count // 2 :]]
        for _ in admit_chunks([lines[:250]] * 8):
            pass  # warm

        def verified() -> float:
            return max(pool.map(_verify, halves)) / count

        def appended() -> float:
            path = folder / f"bulk{next(numbers)}.db"
            ledger = founded(path, made, registers)

            def append() -> None:
                for outcome in ledger.append_many(lines, admit_chunks):
                    assert isinstance(outcome, Recorded), outcome

            taken = seconds(append) / count
            ledger.close()
            path.unlink()
            return taken

        figures = in_turn({_VERIFY: verified, _BULK: appended}, rounds)
    compare(f"Bulk append of {count:,} signed statements, each", figures, _VERIFY)
    verdict("rate beside verification", figures[_VERIFY].median / figures[_BULK].median, 0.25)


def _verify(checks: list[tuple[bytes, bytes]]) -> float:
    def work() -> None:
        for point, message in checks:
            crypto_sign_open(message, point)

    return seconds(work)
