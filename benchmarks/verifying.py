"""Verifying a whole record: a ledger's, a bundle's, and by `check`, on every core.

Beside it Ed25519 verification alone: PyNaCl's crypto_sign_open of the very messages that the
record's signatures are over, in as many processes, each with its share in its memory before the
clock starts. What verifying does beyond it: reading, JSON, models, canonical form, SHA-512,
SHA-256 for the tree, what each signer saw, authority, and every rule; it is measured without the
rules too.

    python benchmarks/verifying.py [--entries 20000] [--rounds 5] [--schools 200]

Engines take turns in every round; figures are of one entry, by the clock on the wall, and include
the start of the processes. 20,000 entries take some two minutes; with more, the start counts less.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from _events import Northwick, messages
from _timing import Figures, Work, in_turn, verdict
from nacl.bindings import crypto_sign_open

from ledger.audit.check import StoreSource, VaultTexts, check
from ledger.audit.in_order import Judge
from ledger.audit.processes import cores, inspecting
from ledger.audit.source import paired
from ledger.bundle import Export, Signing, write_bundle
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By, Ledger, Recorded
from ledger.recording.bulk import admitting
from ledger.recording.founding import new_log_key
from ledger.store import open_store
from ledger.verification.verify import verify_bundle, verify_store

_UNRULED = "the ledger's signatures, log and authority alone"
_VERIFIED = "verify, the ledger"
_BUNDLED = "verify, a whole bundle"
#: At least so many times as fast as Ed25519 alone.
AIMS = {_UNRULED: 0.8, _VERIFIED: 0.33, _BUNDLED: 0.33}
CORES = cores()

_share: list[tuple[bytes, bytes]] = []


def verify_share(number: int) -> int:
    share = _share[number::CORES]
    for point, signed in share:
        crypto_sign_open(signed, point)
    return len(share)


def alone() -> float:
    """Verify every message in forked processes, which have them all from the start."""
    started = time.perf_counter()
    with ProcessPoolExecutor(CORES, get_context("fork")) as pool:
        assert sum(pool.map(verify_share, range(CORES))) == len(_share)
    return (time.perf_counter() - started) / len(_share)


def recorded(folder: Path, entries: int, schools: int) -> tuple[Path, Path]:
    """Record made-up support, and export it; return the ledger and the bundle."""
    made = Northwick(schools, 1)
    seed = next_seed(made)
    registers = made.registers()
    support = made.support(entries - len(registers))
    path = folder / "northwick.db"
    with Ledger.open(str(path), create=True, clock=made.clock) as ledger:
        with admitting() as admit_chunks:
            # Nobody can have seen what is not recorded yet.
            for some in (registers[:1], registers[1:], support):
                for outcome in ledger.append_many(some, admit_chunks):
                    assert isinstance(outcome, Recorded), outcome
        _share.extend(messages([*registers, *support]))
        export_bundle(ledger, folder / "b.zip", made, seed)
    return path, folder / "b.zip"


def next_seed(made: Northwick) -> bytes:
    """Return the secret of the log key that the registers are about to be founded with."""
    source = made._random  # noqa: SLF001 - it keeps its secrets to itself, as it should
    state = source.getstate()
    seed = source.randbytes(32)
    source.setstate(state)
    return seed


def export_bundle(ledger: Ledger, path: Path, made: Northwick, seed: bytes) -> None:
    head = ledger.head()
    log_key = new_log_key(ledger.origin, seed)
    note = sign(Checkpoint(ledger.origin, head.size, head.root), log_key)
    registrar = made._registrar  # noqa: SLF001 - as above
    by = By(registrar.person, "registrar@ledger")
    write_bundle(path, ledger, Export(note), Signing(registrar.signer, by, datetime.now(UTC)))


def timed(work: Callable[[], bool]) -> Work:
    def once() -> float:
        started = time.perf_counter()
        assert work()
        return (time.perf_counter() - started) / len(_share)

    return once


def signatures_verified(path: Path) -> bool:
    """Verify all but what the rules say of each entry."""
    with inspecting(len(_share)) as inspect, open_store(str(path), read_only=True) as store:
        source = StoreSource(store)
        judge = Judge(source, VaultTexts(store))
        return not [
            finding
            for chunk, told in paired(source.chunks(), inspect)
            for finding in judge.take(chunk, told)
        ]


def ledger_verified(path: Path) -> bool:
    with inspecting(len(_share)) as inspect, open_store(str(path), read_only=True) as store:
        return verify_store(store, inspect_chunks=inspect).verified


def bundle_verified(path: Path) -> bool:
    with inspecting(len(_share)) as inspect:
        return verify_bundle(path, inspect_chunks=inspect).verified


def ledger_checked(path: Path) -> bool:
    with (
        inspecting(len(_share), with_tags=True) as inspect,
        Ledger.open(str(path), read_only=True) as ledger,
    ):
        return not check(ledger, inspect_chunks=inspect)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--schools", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ledger, bundle = recorded(Path(folder), asked.entries, asked.schools)
        works: dict[str, Work] = {
            "Ed25519 alone": alone,
            _UNRULED: timed(lambda: signatures_verified(ledger)),
            _VERIFIED: timed(lambda: ledger_verified(ledger)),
            _BUNDLED: timed(lambda: bundle_verified(bundle)),
            "check, tags, stored log and vault too": timed(lambda: ledger_checked(ledger)),
        }
        figures = in_turn(works, asked.rounds)
    print(f"\n{len(_share):,} entries, {CORES} processes, {asked.rounds} rounds, for one entry")
    print_ratios(figures)


def print_ratios(figures: dict[str, Figures]) -> None:
    limit = figures["Ed25519 alone"]
    for name, each in figures.items():
        print(each.line(name))
    ratios = {name: limit.median / figures[name].median for name in AIMS}
    for name, aim in AIMS.items():
        verdict(f"{name}, beside Ed25519 alone", ratios[name], aim, at_least=True)
    sys.exit(any(ratios[name] < aim for name, aim in AIMS.items()))


if __name__ == "__main__":
    main()
