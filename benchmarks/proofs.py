"""Inclusion and consistency proofs in a log of a million entries: made and verified.

Beside them sha256 alone, over as many inputs of the same lengths as one verification hashes,
which is the limit; and pymerkle where it is installed (for comparison only: its licence is not
ours). Trees are in memory: what a database adds is measured with the stores.

    python benchmarks/proofs.py [--leaves 1000000] [--rounds 7] [--proofs 400]

Every line is the median over the rounds, with the smallest and largest, in µs for one proof. In
each round all of them take their turn with the same random indices and sizes. Exits with 1 when
in any round a proof of ours takes longer than 1 ms on average.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from importlib.util import find_spec
from statistics import median

from ledger.log.merkle import (
    MemoryNodes,
    Tree,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

LIMIT_US = 1000.0
BATCH = 2000

Work = tuple[str, Callable[[int], object]]
"""What is measured, and how it is done for one random number below the size of the tree."""


def entries(count: int) -> Iterable[bytes]:
    return (b"entry %d" % number for number in range(count))


def build(leaves: int) -> Tree:
    """Append in batches, and say what one leaf costs."""
    hashes = [leaf_hash(entry) for entry in entries(leaves)]
    tree = Tree(MemoryNodes())
    start = time.perf_counter()
    for first in range(0, leaves, BATCH):
        tree.append(hashes[first : first + BATCH])
    each = (time.perf_counter() - start) / leaves * 1e6
    print(f"{'append, a leaf, in batches of ' + str(BATCH):42} {each:8.2f} µs")
    return tree


def ours(tree: Tree) -> list[Work]:
    """List our work; proofs to verify were made and kept before, so verifying alone is timed."""
    size, root = tree.size, tree.root()
    inclusions: dict[int, list[bytes]] = {}
    consistencies: dict[int, tuple[list[bytes], bytes]] = {}

    def inclusion(number: int) -> None:
        inclusions[number] = tree.inclusion_proof(number, size)

    def consistency(number: int) -> None:
        older = number + 1
        consistencies[number] = tree.consistency_proof(older, size), tree.root(older)

    def check_inclusion(number: int) -> None:
        verify_inclusion(number, size, leaf_hash(b"entry %d" % number), inclusions[number], root)

    def check_consistency(number: int) -> None:
        proof, older_root = consistencies[number]
        verify_consistency(number + 1, size, proof, older_root, root)

    return [
        ("inclusion made", inclusion),
        ("inclusion verified", check_inclusion),
        ("consistency made, with the older root", consistency),
        ("consistency verified", check_consistency),
        ("inclusion made at any size", lambda n: tree.inclusion_proof(n // 2, n + 1)),
    ]


def limit(tree: Tree) -> list[Work]:
    """Hash what verifying one inclusion proof hashes: a leaf, then a node for each level."""
    levels = len(tree.inclusion_proof(0, tree.size))
    node = b"\x01" + bytes(64)

    def hashing(number: int) -> None:
        sha256(b"\x00entry %d" % number).digest()
        for _ in range(levels):
            sha256(node).digest()

    return [(f"sha256 alone, {levels + 1} times", hashing)]


def pymerkles(leaves: int) -> list[Work]:
    if find_spec("pymerkle") is None:
        print("pymerkle: not installed")
        return []
    import pymerkle  # noqa: PLC0415 - optional: the benchmark runs without it

    tree = pymerkle.InmemoryTree(algorithm="sha256")
    start = time.perf_counter()
    for entry in entries(leaves):
        tree.append_entry(entry)
    each = (time.perf_counter() - start) / leaves * 1e6
    print(f"{'pymerkle: append, an entry':42} {each:8.2f} µs")
    root = tree.get_root()
    inclusions = {}
    consistencies = {}

    def inclusion(number: int) -> None:
        inclusions[number] = tree.prove_inclusion(number + 1, leaves)

    def consistency(number: int) -> None:
        older = number + 1
        consistencies[number] = tree.prove_consistency(older, leaves), tree.get_root(older)

    def check_inclusion(number: int) -> None:
        leaf = tree.hash_buff(b"entry %d" % number)
        pymerkle.verify_inclusion(leaf, root, inclusions[number], index=number + 1, size=leaves)

    def check_consistency(number: int) -> None:
        proof, older_root = consistencies[number]
        pymerkle.verify_consistency(
            older_root, root, proof, prior_size=number + 1, later_size=leaves
        )

    return [
        ("pymerkle: inclusion made", inclusion),
        ("pymerkle: inclusion verified", check_inclusion),
        ("pymerkle: consistency made, with older root", consistency),
        ("pymerkle: consistency verified", check_consistency),
    ]


def measure(work: list[Work], leaves: int, rounds: int, proofs: int) -> dict[str, list[float]]:
    """Time everything in turn, round by round, on the same numbers; the first round warms up."""
    chosen = random.Random(7)  # noqa: S311 - reproducible choice, nothing secret
    figures: dict[str, list[float]] = {name: [] for name, _ in work}
    for round_number in range(rounds + 1):
        numbers = [chosen.randrange(leaves) for _ in range(proofs)]
        for name, do in work:
            start = time.perf_counter()
            for number in numbers:
                do(number)
            if round_number:
                figures[name].append((time.perf_counter() - start) / proofs * 1e6)
    return figures


def report(figures: dict[str, list[float]]) -> bool:
    """Print every line with its ratio to sha256 alone; return whether ours keep the limit."""
    alone = next(median(each) for name, each in figures.items() if name.startswith("sha256"))
    kept = True
    for name, each in figures.items():
        middle = median(each)
        spread = f"{min(each):.1f} to {max(each):.1f}"
        print(f"{name:42} {middle:8.1f} µs  ({spread}), {middle / alone:.1f} x sha256 alone")
        kept = kept and (name.startswith("pymerkle") or max(each) <= LIMIT_US)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description="Time proofs in a large log.")
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--proofs", type=int, default=400)
    options = parser.parse_args()
    tree = build(options.leaves)
    work = [*limit(tree), *ours(tree), *pymerkles(options.leaves)]
    kept = report(measure(work, options.leaves, options.rounds, options.proofs))
    print(f"ours within {LIMIT_US:.0f} µs in every round: {'yes' if kept else 'NO'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
