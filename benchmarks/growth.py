"""What each command costs as the record grows, beside what one would pick instead.

    python benchmarks/growth.py [--events 100000] [--schools 400] [--cache FOLDER] [--seed 1]

Ledgers of 10,000 events and so on, ten times as many each time, are made once, of every theme
(`_copies`), and kept in the cache: of ten times as many parties, or with `--schools` of the same
ones, whose story goes on. Commands run as users run them, on a copy, each in a process of
its own; counted are the processor's time, that of their helpers included, and the most memory that
one process held. Others at work on the machine change these less than the wall's time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

from nacl.bindings import crypto_sign_open

sys.path[:0] = [str(Path(__file__).parents[1])]

from _compiled import environment  # noqa: E402 - the project is found beside this script
from _copies import FIRST_URN, Copies  # noqa: E402 - as above
from _events import messages_of  # noqa: E402
from _peers import Noted, SQLiteApplication  # noqa: E402
from _reading import typed  # noqa: E402
from _timing import verdict, work_seconds  # noqa: E402

from cli.demo.names import ORIGIN  # noqa: E402
from ledger.format.entry import Submission  # noqa: E402
from ledger.format.statement import Draft, new_id  # noqa: E402
from ledger.recording.application import By, Ledger, sign  # noqa: E402
from ledger.recording.founding import new_log_key, write_log_key  # noqa: E402
from ledger.transparency.last_signed import write_secret  # noqa: E402
from ledger.values import REGISTRAR  # noqa: E402

SMALLEST = 10_000
_SINGLES = 60
_CHECKED = 5_000
_ABOUT = str(FIRST_URN)
_KEY = "registrar"
_MEGABYTE = 1024
_SAVED = "eventsourcing: one event saved, unsigned, unchecked"
_DECODED = "eventsourcing: all events read and decoded"
_VERIFIED = "Ed25519 verification alone"
# Begun by a small process: what a process holds when it begins another counts as that one's too.
_COUNTING = """
import os, sys
silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
begun = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silent)
_, status, used = os.wait4(begun, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
#: What grows with the record, and is told for each entry; the rest ought not to.
_LINEAR = (
    "export bundle of everything",
    "owes, all",
    "check",
    "verify",
    "rebuild",
    _DECODED,
    _VERIFIED,
)
_ALIKE = {
    "one append by a head": _SAVED,
    "one append by a registrar": _SAVED,
    "rebuild": _DECODED,
    "check": _VERIFIED,
    "verify": _VERIFIED,
}
_FLAT = 1.3
_STEADY = 1.5


class Cost(NamedTuple):
    """What something took of the processor's time, and the most memory that a process held."""

    seconds: float
    kilobytes: int = 0


def main() -> None:
    """Measure every size up to the one that is asked for."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--events", type=int, default=100_000)
    arguments.add_argument("--schools", type=int, help="of so many schools, however many events")
    arguments.add_argument("--seed", type=int, default=1)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    arguments.add_argument("--cache", type=Path, default=cache / "school-ledger-growth")
    options = arguments.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory(prefix="school-ledger-growth-") as folder:
        copies = Copies(Path(folder) / "story", options.seed, options.schools)
        found: dict[int, dict[str, Cost]] = {}
        for size in _sizes(options.events):
            made = copies.ledger(options.cache, size, _told(size))
            count, costs = _measured(made, Path(folder) / f"{size}", copies)
            found[count] = costs
    _compare(found)


def _sizes(events: int) -> list[int]:
    sizes = [SMALLEST]
    while sizes[-1] * 10 <= events:
        sizes.append(sizes[-1] * 10)
    return sizes


def _told(size: int) -> Callable[[int], None]:
    def told(done: int) -> None:
        print(f"\rMaking a ledger of {size:,}: {done:,}   ", end="", file=sys.stderr, flush=True)

    return told


def _measured(made: Path, folder: Path, copies: Copies) -> tuple[int, dict[str, Cost]]:
    """Measure everything on a copy of one ledger; return its size, and the costs by name."""
    folder.mkdir()
    path = Path(shutil.copy(made, folder / "northwick.db"))
    key = new_log_key(ORIGIN, copies.log_seed)
    log_key = write_log_key(ORIGIN, key.key_hash, copies.log_seed)
    write_secret(path.with_name(f"{path.name}.log-key"), log_key)
    with Ledger.open(str(path), read_only=True) as ledger:
        size = ledger.head().size
        (founded,) = ledger.entries_of("LedgerFounded")
    copies.write_key(founded.signedby, path.with_name(_KEY))
    print(f"\n{size:,} entries, {path.stat().st_size / size:,.0f} bytes each")
    found: dict[str, Cost] = {}
    for name, cost in chain(_peers(path, folder), _commands(path), _recorded(path, copies)):
        print(_line(name, cost, size), flush=True)
        found[name] = cost
    return size, found


def _line(name: str, cost: Cost, size: int) -> str:
    each = f"{cost.seconds / size * 1e6:9,.1f} µs an entry" if name in _LINEAR else ""
    memory = f"{cost.kilobytes / _MEGABYTE:6,.0f} MB" if cost.kilobytes else ""
    return f"  {name:52} {cost.seconds * 1e3:12,.2f} ms {memory:10} {each}".rstrip()


# -- commands ------------------------------------------------------------------------------


def _commands(path: Path) -> Iterator[tuple[str, Cost]]:
    pack, key = str(path.with_name("pack.zip")), str(path.with_name(_KEY))
    packed = ("export", "pack", "-o", pack, "--force", "--key", key, "--as", REGISTRAR)
    whole = ("export", "bundle", "-o", pack, "--force", "--key", key, "--as", REGISTRAR)
    asked: dict[str, Sequence[str]] = {
        "rebuild": ("rebuild",),
        "owes --about one school": ("owes", "--about", _ABOUT),
        "history of one school": ("history", _ABOUT),
        "export pack of one school": (*packed, "--school", _ABOUT),
        "export bundle of everything": whole,
        "owes, all": ("owes", "--format", "jsonl"),
        "verify": ("verify",),
        "check": ("check",),
    }
    for name, words in asked.items():
        yield name, _run(path, *words)


def _run(path: Path, *words: str) -> Cost:
    """Run a command in a process of its own; 4 is its exit code where advice is all it found."""
    command = [str(Path(sys.executable).parent / "school-ledger"), "-q", "--ledger", str(path)]
    counting = [sys.executable, "-S", "-c", _COUNTING, *command, *words]
    began = subprocess.run(
        counting, check=True, stdout=subprocess.PIPE, text=True, env=environment()
    )
    told = began.stdout.split()
    assert told[0] in {"0", "4"}, (words, told)
    return Cost(float(told[1]), int(told[2]))


# -- recording -----------------------------------------------------------------------------


def _recorded(path: Path, copies: Copies) -> Iterator[tuple[str, Cost]]:
    """Measure single appends by a head and by a registrar, the first of a fresh process apart."""
    for who, said in (("a head", _visits), ("a registrar", _people)):
        with _opened(path) as ledger:
            person, drafts = said(ledger)
            first, *rest = [sign(draft, copies.signer(person)) for draft in drafts]
        with _opened(path) as ledger:
            cold = _appended(ledger, first)
            each = [_appended(ledger, one) for one in rest]
        yield f"one append by {who}", Cost(statistics.median(each))
        yield f"the first of a process, by {who}", Cost(cold)


def _opened(path: Path) -> Ledger:
    """Open a ledger, by a clock that stands a little after its last entry."""
    with Ledger.open(str(path), read_only=True) as ledger:
        (last,) = ledger.entries(ledger.store.head() - 1)
    now = datetime.fromisoformat(last.recorded_at) + timedelta(hours=1)
    return Ledger.open(str(path), clock=lambda: now, clock_confirmed=True)


def _appended(ledger: Ledger, submission: Submission) -> float:
    return work_seconds(lambda: ledger.append(submission))


def _visits(ledger: Ledger) -> tuple[str, list[Draft]]:
    """Draft visits that a head says were made, under nothing; return who signs them as well."""
    office = f"head@school:{_ABOUT}"
    person = next(
        entry.data["person"]
        for entry in ledger.entries_of("Appointed")
        if entry.data["office"] == office
    )
    said = {"visitor": f"school:{_ABOUT}", "host": f"school:{FIRST_URN + 1}", "days": "0.5"}
    said |= {"purpose": "support", "mode": "on_site", "under": "nothing"}
    by = By(person, office)
    drafts = [ledger.draft("VisitMade", said, by, ledger.today()) for _ in range(_SINGLES)]
    return person, drafts


def _people(ledger: Ledger) -> tuple[str, list[Draft]]:
    """Draft that a registrar enrols people; return who signs it as well."""
    (founded,) = ledger.entries_of("LedgerFounded")
    by = By(founded.signedby, REGISTRAR)
    ids = [new_id(ledger.clock(), ledger.random_bytes) for _ in range(_SINGLES)]
    said = [{"person": f"person:{one}", "name": "Mx Sorrel"} for one in ids]
    drafts = [ledger.draft("PersonEnrolled", one, by, ledger.today()) for one in said]
    return by.person, drafts


# -- what one would pick instead -----------------------------------------------------------


def _peers(path: Path, folder: Path) -> Iterator[tuple[str, Cost]]:
    """Measure the library's own append and reading, and the signatures alone."""
    with Ledger.open(str(path), read_only=True) as ledger:
        size = ledger.store.head()
        app = SQLiteApplication(folder / "app.db")
        app.fill([typed(entry) for entry in ledger.entries()])
        said = [entry.data for entry in ledger.entries(size - _SINGLES)]
        rows = [raw for _, raw in ledger.store.entries(size - min(size, _CHECKED))]
    saved = [work_seconds(lambda each=each: app.save([Noted(each)])) for each in said]  # type: ignore[misc]
    checked = messages_of(rows)
    verified = work_seconds(lambda: [crypto_sign_open(m, point) for point, m in checked])
    yield _SAVED, Cost(statistics.median(saved))
    yield _DECODED, Cost(work_seconds(app.read_all))
    yield _VERIFIED, Cost(verified * size / len(rows))


# -- growth --------------------------------------------------------------------------------


def _compare(found: Mapping[int, Mapping[str, Cost]]) -> None:
    """Print how each cost grew from size to size, and how it stands beside what is alike."""
    for few, many in pairwise(found):
        print(f"\nFrom {few:,} to {many:,} entries")
        for name in found[few]:
            growth = found[many][name].seconds / found[few][name].seconds
            if name in _LINEAR:
                verdict(f"{name}, each entry", growth * few / many, _STEADY, at_least=False)
            else:
                verdict(name, growth, _FLAT, at_least=False)
    for size, costs in found.items():
        print(f"\nAt {size:,} entries, as many times the cost of what is alike")
        for name, alike in _ALIKE.items():
            print(f"  {name}: {costs[name].seconds / costs[alike].seconds:.2f} x {alike}")


if __name__ == "__main__":
    main()
