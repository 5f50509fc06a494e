"""A pack of one school out of few and of many events: written, verified, and asked.

The processor's time, that of all processes together: what others do on the machine is left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from _appending import founded, recorded
from _events import Northwick
from _timing import Work, compare, in_turn, verdict
from verifying import next_seed

from ledger.audit.processes import inspecting
from ledger.bundle import Export, Signing, write_bundle
from ledger.bundle.manifest import Selection
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By, Ledger
from ledger.recording.founding import new_log_key
from projections.pack.answers import choices
from projections.pack.verifying import verify_pack
from projections.pack.writing import Wanted, write_pack
from projections.reports.owes import Asked, owes
from projections.tables.extract import answering
from projections.tables.views import moment

_AIM = 5.0
_DAY = "2030-01-01"


def pack(folder: Path, rounds: int, sizes: tuple[int, int]) -> None:
    """Measure a pack of one school of ledgers with a school for every hundred events."""
    works: dict[str, Work] = {}
    for size in sizes:
        made = Northwick(schools=size // 100)
        seed = next_seed(made)
        ledger = founded(folder / f"pack{size}.db", made, made.registers())
        recorded(ledger, made.support(size))
        works |= _works(folder, ledger, made, seed)
    figures = in_turn(works, rounds)
    compare("A pack of one school, from the beginning, in the processor's time", figures)
    written = [each.median for name, each in figures.items() if name.startswith("pack written")]
    verdict("seconds to write the pack of the larger ledger", written[-1], _AIM, at_least=False)


def busy(work: Callable[[], object]) -> float:
    """Return how long some work keeps the processors busy, in other processes as well."""
    before = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - before


def _works(folder: Path, ledger: Ledger, made: Northwick, seed: bytes) -> dict[str, Work]:
    head = ledger.head()
    school = made.heads[0].school
    note = sign(Checkpoint(ledger.origin, head.size, head.root), new_log_key(ledger.origin, seed))
    registrar = made._registrar  # noqa: SLF001 - it keeps its secrets to itself, as it should
    by = By(registrar.person, "registrar@ledger")
    signing = Signing(registrar.signer, by, datetime.now(UTC))
    export = Export(note, Selection(party=school))
    wanted = Wanted(_DAY, choices(school))
    bundle, path = folder / f"b{head.size}.zip", folder / f"p{head.size}.zip"

    def written() -> None:
        write_pack(path, ledger, export, wanted, signing)

    def verified() -> None:
        entries = write.bundle.counts.entries
        with inspecting(entries) as inspect_chunks:
            assert verify_pack(path, inspect_chunks=inspect_chunks).verified

    def asked() -> None:
        with answering(bundle) as told:
            at = moment(told.connection, _DAY)
            assert list(owes(told.connection, told.store, at, Asked()).rows)

    write_bundle(bundle, ledger, export, signing)
    write = write_pack(path, ledger, export, wanted, signing)
    counts, rows = write.bundle.counts, f"of {head.size:,}"
    print(f"  {rows}: {counts.entries:,} entries, {path.stat().st_size / 1e6:.1f} MB")
    return {
        f"bundle written, {rows}": lambda: busy(
            lambda: write_bundle(bundle, ledger, export, signing)
        ),
        f"pack written, {rows}": lambda: busy(written),
        f"pack verified, {rows}": lambda: busy(verified),
        f"owes --bundle, {rows}": lambda: busy(asked),
    }
