"""Every figure that the ledger promises, beside what it is measured by, in one run.

    python benchmarks/run.py [--events 100000] [--rounds 5] [--only append,growth,...]

Engines take turns on files in one temporary folder; printed are the median and the spread, lowest
to highest round, and the ratios of medians beside what is aimed at. It never fails: a slow or
busy machine is not an error.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

import _appending  # noqa: E402 - the project is found beside this script
import _bounds  # noqa: E402
import _browsing  # noqa: E402
import _commands  # noqa: E402
import _engines  # noqa: E402
import _exporting  # noqa: E402
import _finding  # noqa: E402
import _importing  # noqa: E402
import _packing  # noqa: E402
import _reading  # noqa: E402

EVERYTHING = (
    "append,growth,bulk,rebuild,history,help,vouching,compromises,agreement,finding,rules,"
    "importing,pack,formats,answering,browsing,engines"
)


def main() -> None:
    """Measure what is asked for, everything unless told."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--events", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only", default=EVERYTHING)
    options = arguments.parse_args()
    events, rounds = options.events, max(5, options.rounds)
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before"
    )
    print(f"{events:,} events, {rounds} rounds: median (lowest to highest)")
    parts: dict[str, Callable[[Path], None]] = {
        "append": lambda folder: _appending.one(folder, rounds),
        "engines": lambda folder: _engines.writers(folder, rounds),
        "growth": lambda folder: _appending.growth(folder, rounds, events),
        "bulk": lambda folder: _appending.bulk(folder, rounds, min(events, 50_000)),
        "rebuild": lambda folder: _reading.rebuild(folder, rounds, events),
        "history": lambda folder: _reading.one_school(folder, rounds, (events // 10, events)),
        "help": lambda _folder: _commands.cold_start(rounds),
        "vouching": lambda folder: _bounds.vouching(folder, (events // 10, events)),
        "compromises": lambda folder: _bounds.compromises(folder, (events // 10, events)),
        "agreement": lambda folder: _bounds.agreement(folder, (events // 10, events)),
        "finding": lambda _folder: _finding.finding(rounds),
        "pack": lambda folder: _packing.pack(folder, rounds, (events // 10, events)),
        "formats": lambda _folder: _exporting.formats(rounds, (events // 10, events)),
        "answering": lambda folder: _exporting.answering(folder, rounds, (events // 10, events)),
        "browsing": lambda folder: _browsing.browsing(folder, events // 10),
        "rules": lambda folder: _bounds.rules(folder, (events // 10, events)),
        "importing": lambda _folder: _importing.importing(rounds),
    }
    for name in options.only.split(","):
        with tempfile.TemporaryDirectory(prefix="school-ledger-benchmark-") as folder:
            parts[name](Path(folder))


if __name__ == "__main__":
    main()
