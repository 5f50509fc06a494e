"""What the log costs: appending with it, beside appending without hashing or storing a node.

    python benchmarks/log_cost.py [--events 20000] [--rounds 5]

Without the log the same statements are judged against the same heads, told from a table instead of
a tree. Both write the same entries and sealed text, one chunk of 2,000 to a transaction.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1])]

from _events import Northwick  # noqa: E402 - found beside this script

from ledger.recording.admission import admit_lines  # noqa: E402
from ledger.recording.application import CHUNK, Ledger  # noqa: E402


class NoTree:
    """Stands in for the tree: counts leaves, knows the roots that signers saw, stores nothing."""

    def __init__(self, size: int, roots: dict[int, bytes]) -> None:
        self.size = size
        self._roots = roots

    def append(self, leaves: list[bytes]) -> None:
        """Count leaves."""
        self.size += len(leaves)

    def root(self, size: int | None = None) -> bytes:
        """Return a root from the table."""
        return self._roots.get(self.size if size is None else size, b"")

    def refresh(self) -> None:
        """Have nothing to read again."""


def run(folder: Path, made: Northwick, lines: list[list[bytes]], roots: dict[int, bytes]) -> Any:
    registers, support = lines
    ledger = Ledger.open(str(folder / "ledger.db"), create=True, clock=made.clock)
    for _ in ledger.append_many(registers[:1]):
        pass
    for _ in ledger.append_many(registers[1:]):
        pass
    chunks = [admit_lines(support[n : n + CHUNK]) for n in range(0, len(support), CHUNK)]
    if roots:
        ledger.record.tree = NoTree(ledger.store.head(), roots)  # type: ignore[assignment]
    begun = time.perf_counter()
    for chunk in chunks:
        ledger._writer.append_chunk(chunk)  # noqa: SLF001 - admission is the same with and without
    seconds = time.perf_counter() - begun
    if not roots:
        size = ledger.store.head()
        assert ledger.head().size == size
        roots = {n: ledger.head_at(n).root for n in range(1, size + 1)}
    ledger.close()
    return seconds / len(support) * 1e6, roots


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--events", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    made = Northwick(schools=100)
    lines = [made.registers(), made.support(options.events)]
    with_log: list[float] = []
    without: list[float] = []
    roots: dict[int, bytes] = {}
    for _ in range(max(5, options.rounds)):
        with tempfile.TemporaryDirectory() as folder:
            micros, roots = run(Path(folder), made, lines, {})
            with_log.append(micros)
        with tempfile.TemporaryDirectory() as folder:
            micros, _ = run(Path(folder), made, lines, roots)
            without.append(micros)
    shown = {"with the log": with_log, "without the log": without}
    for name, figures in shown.items():
        middle, low, high = statistics.median(figures), min(figures), max(figures)
        print(f"{name:16} {middle:7.1f} µs an entry  ({low:.1f} to {high:.1f})")
    ratio = statistics.median(with_log) / statistics.median(without)
    print(f"-> {ratio:.2f} times the time without (aim: at most 1.2)")


if __name__ == "__main__":
    main()
